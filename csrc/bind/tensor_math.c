/*** Arithmetic, comparison and functions that make a new tensor. A number takes
part as a tensor of one element that lives on the C stack. Two int32 give int32
for + - * and comparisons' inputs; all else is real.
@classmod Tensor */
#include <math.h>
#include <string.h>

#include "../num/elementwise.h"
#include "../num/map.h"
#include "../num/matmul.h"
#include "tensor_args.h"

typedef struct operand {
  tn_tensor one; /* used for a number */
  tn_real real;
  int32_t integer;
  const tn_tensor *t;
} operand;

static void check_operand(lua_State *L, int arg, const char *call, const char *name) {
  if (tn_to(L, arg) == NULL && lua_type(L, arg) != LUA_TNUMBER)
    luaL_error(L, "%s: %s must be a tensor or a number, got %s", call, name, tn_got(L, arg));
}

static int is_whole(lua_State *L, int arg) {
  const tn_tensor *t = tn_to(L, arg);
  return t != NULL ? t->kind == TN_INT : lua_isinteger(L, arg);
}

/* Fills `o` from a checked argument, in the wanted kind; may push a tensor. */
static void take_operand(lua_State *L, operand *o, int arg, tn_kind kind, const char *call, const char *name) {
  o->t = tn_to(L, arg);
  if (o->t != NULL) {
    if (o->t->kind != kind) o->t = tn_push_reals(L, o->t);
    return;
  }
  memset(&o->one, 0, sizeof o->one);
  if (kind == TN_INT) {
    o->integer = tn_arg_int32(L, arg, call, name);
    o->one.data = &o->integer;
  } else {
    o->real = (tn_real)lua_tonumber(L, arg);
    o->one.data = &o->real;
  }
  o->one.kind = kind;
  o->one.size = o->one.shape[0] = 1;
  o->one.rank = 1;
  o->t = &o->one;
}

/* The joint shape, or an error. */
static int joint_shape(lua_State *L, size_t *shape, int rank, const tn_tensor *b, const char *call) {
  const int joint = tn_broadcast(shape, rank, b->shape, b->rank);
  if (joint == 0) {
    tn_tensor a = {.rank = rank};
    char left[TN_SHAPE_TEXT], right[TN_SHAPE_TEXT];
    memcpy(a.shape, shape, (size_t)rank * sizeof *shape);
    luaL_error(L, "%s: shapes must broadcast, got %s and %s", call, tn_shape_text(&a, left), tn_shape_text(b, right));
  }
  return joint;
}

/* Takes arguments 1 and 2, and plans the walk over their joint shape. */
static int plan(lua_State *L, operand *a, operand *b, tn_kind kind, size_t *shape, tn_walk *w, const char *call) {
  take_operand(L, a, 1, kind, call, "a");
  take_operand(L, b, 2, kind, call, "b");
  memcpy(shape, a->t->shape, sizeof a->t->shape);
  const int rank = joint_shape(L, shape, a->t->rank, b->t, call);
  tn_walk_start(w, rank, shape);
  tn_walk_input(w, a->t->rank, a->t->shape);
  tn_walk_input(w, b->t->rank, b->t->shape);
  return rank;
}

static tn_kind common_kind(lua_State *L, const char *call) {
  check_operand(L, 1, call, "a");
  check_operand(L, 2, call, "b");
  if (tn_to(L, 1) == NULL && tn_to(L, 2) == NULL)
    luaL_error(L, "%s: a must be a tensor, got %s", call, tn_got(L, 1));
  return is_whole(L, 1) && is_whole(L, 2) ? TN_INT : TN_REAL;
}

static int arithmetic(lua_State *L, const char *call, tn_binary op) {
  operand a, b;
  size_t shape[TN_MAX_RANK];
  tn_walk w;
  const tn_kind common = common_kind(L, call);
  const tn_kind kind = op == TN_DIV || op == TN_POW ? TN_REAL : common;
  const int rank = plan(L, &a, &b, kind, shape, &w, call);
  tn_tensor *out = tn_new(L, kind, rank, shape);
  if (kind == TN_INT)
    tn_binary_ints(tn_ints(out), tn_ints(a.t), tn_ints(b.t), op, &w);
  else
    tn_binary_reals(tn_reals(out), tn_reals(a.t), tn_reals(b.t), op, &w);
  return 1;
}

static int operator_add(lua_State *L) { return arithmetic(L, "tensor +", TN_ADD); }
static int operator_sub(lua_State *L) { return arithmetic(L, "tensor -", TN_SUB); }
static int operator_mul(lua_State *L) { return arithmetic(L, "tensor *", TN_MUL); }
static int operator_div(lua_State *L) { return arithmetic(L, "tensor /", TN_DIV); }
static int operator_pow(lua_State *L) { return arithmetic(L, "tensor ^", TN_POW); }

/*** x to a power, as `x ^ b`: a real tensor.
@function pow
@tparam number|Tensor b broadcasts with x
@treturn Tensor real */
static int tensor_pow(lua_State *L) { return arithmetic(L, "tensor:pow", TN_POW); }

static int relation(lua_State *L, const char *call, tn_relation op) {
  operand a, b;
  size_t shape[TN_MAX_RANK];
  tn_walk w;
  const tn_kind kind = common_kind(L, call);
  const int rank = plan(L, &a, &b, kind, shape, &w, call);
  tn_tensor *out = tn_new(L, TN_INT, rank, shape);
  if (kind == TN_INT)
    tn_relate_ints(tn_ints(out), tn_ints(a.t), tn_ints(b.t), op, &w);
  else
    tn_relate_reals(tn_ints(out), tn_reals(a.t), tn_reals(b.t), op, &w);
  return 1;
}

/*** Comparisons give int32 masks of 0 and 1: `x:gt(0)`.
@function eq
@also ne lt le gt ge
@tparam number|Tensor b broadcasts with x
@treturn Tensor int32 */
static int tensor_eq(lua_State *L) { return relation(L, "tensor:eq", TN_EQ); }
static int tensor_ne(lua_State *L) { return relation(L, "tensor:ne", TN_NE); }
static int tensor_lt(lua_State *L) { return relation(L, "tensor:lt", TN_LT); }
static int tensor_le(lua_State *L) { return relation(L, "tensor:le", TN_LE); }
static int tensor_gt(lua_State *L) { return relation(L, "tensor:gt", TN_GT); }
static int tensor_ge(lua_State *L) { return relation(L, "tensor:ge", TN_GE); }

int tn_tensor_equal(lua_State *L) {
  const tn_tensor *a = tn_to(L, 1), *b = tn_to(L, 2);
  int same = a != NULL && b != NULL && a->rank == b->rank &&
             memcmp(a->shape, b->shape, (size_t)a->rank * sizeof *a->shape) == 0;
  for (size_t i = 0; same && i < a->size; i++) { /* a double holds both kinds exactly */
    const double x = a->kind == TN_INT ? (double)tn_ints(a)[i] : (double)tn_reals(a)[i];
    const double y = b->kind == TN_INT ? (double)tn_ints(b)[i] : (double)tn_reals(b)[i];
    same = x == y;
  }
  lua_pushboolean(L, same);
  return 1;
}

/*** a where the mask is not 0, else b; all three broadcast.
@function where
@also tenor.where
@tparam Tensor mask int32, as comparisons give
@tparam number|Tensor a
@tparam number|Tensor b
@treturn Tensor of the joint shape
@raise where the shapes do not broadcast */
static int tensor_where(lua_State *L) {
  const char *call = "tenor.where";
  const tn_tensor *mask = tn_arg_tensor(L, 1, call, "mask");
  operand a, b;
  size_t shape[TN_MAX_RANK];
  tn_walk w;
  if (mask->kind != TN_INT) return luaL_error(L, "%s: mask must be int32, got %s", call, tn_got(L, 1));
  check_operand(L, 2, call, "a");
  check_operand(L, 3, call, "b");
  const tn_kind kind = is_whole(L, 2) && is_whole(L, 3) && (tn_to(L, 2) || tn_to(L, 3)) ? TN_INT : TN_REAL;
  take_operand(L, &a, 2, kind, call, "a");
  take_operand(L, &b, 3, kind, call, "b");
  memcpy(shape, mask->shape, sizeof mask->shape);
  int rank = joint_shape(L, shape, mask->rank, a.t, call);
  rank = joint_shape(L, shape, rank, b.t, call);
  tn_walk_start(&w, rank, shape);
  tn_walk_input(&w, mask->rank, mask->shape);
  tn_walk_input(&w, a.t->rank, a.t->shape);
  tn_walk_input(&w, b.t->rank, b.t->shape);
  tn_tensor *out = tn_new(L, kind, rank, shape);
  if (kind == TN_INT)
    tn_where_ints(tn_ints(out), tn_ints(mask), tn_ints(a.t), tn_ints(b.t), &w);
  else
    tn_where_reals(tn_reals(out), tn_ints(mask), tn_reals(a.t), tn_reals(b.t), &w);
  return 1;
}

/* allclose(a, b, rtol, atol, equal_nan); the option table is read in Lua. */
static int tensor_allclose(lua_State *L) {
  const char *call = "allclose";
  operand a, b;
  size_t shape[TN_MAX_RANK];
  tn_walk w;
  common_kind(L, call);
  const lua_Number rtol = tn_arg_number(L, 3, call, "rtol"), atol = tn_arg_number(L, 4, call, "atol");
  plan(L, &a, &b, TN_REAL, shape, &w, call);
  lua_pushboolean(L, tn_all_close(tn_reals(a.t), tn_reals(b.t), rtol, atol, lua_toboolean(L, 5), &w));
  return 1;
}

static int map(lua_State *L, const char *call, tn_map op) {
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x");
  if (x->kind == TN_INT && (op == TN_MAP_ABS || op == TN_MAP_NEG)) {
    tn_map_ints(tn_ints(tn_new_like(L, x)), tn_ints(x), op, x->size);
  } else if (x->kind == TN_INT) {
    const tn_tensor *out = tn_push_reals(L, x);
    tn_map_reals(tn_reals(out), tn_reals(out), op, out->size);
  } else {
    tn_map_reals(tn_reals(tn_new_like(L, x)), tn_reals(x), op, x->size);
  }
  return 1;
}

/*** A function of each number, giving a new tensor: `exp`, `log`, `sqrt`, `tanh` and `sigmoid` are real, `abs` has the
dtype of x, as `-x` has.
@function exp
@also log sqrt tanh sigmoid abs
@treturn Tensor of the shape of x */
static int tensor_exp(lua_State *L) { return map(L, "tensor:exp", TN_MAP_EXP); }
static int tensor_log(lua_State *L) { return map(L, "tensor:log", TN_MAP_LOG); }
static int tensor_sqrt(lua_State *L) { return map(L, "tensor:sqrt", TN_MAP_SQRT); }
static int tensor_tanh(lua_State *L) { return map(L, "tensor:tanh", TN_MAP_TANH); }
static int tensor_sigmoid(lua_State *L) { return map(L, "tensor:sigmoid", TN_MAP_SIGMOID); }
static int tensor_abs(lua_State *L) { return map(L, "tensor:abs", TN_MAP_ABS); }
static int operator_unm(lua_State *L) { return map(L, "tensor -", TN_MAP_NEG); }

/*** Each number moved into [low, high]; a nil bound is none.
@function clamp
@number[opt] low
@number[opt] high
@treturn Tensor of the shape and dtype of x */
static int tensor_clamp(lua_State *L) {
  const char *call = "tensor:clamp";
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x");
  const int no_low = lua_isnoneornil(L, 2), no_high = lua_isnoneornil(L, 3);
  if (x->kind == TN_INT) {
    const int32_t low = no_low ? INT32_MIN : tn_arg_int32(L, 2, call, "low");
    const int32_t high = no_high ? INT32_MAX : tn_arg_int32(L, 3, call, "high");
    tn_clamp_ints(tn_ints(tn_new_like(L, x)), tn_ints(x), low, high, x->size);
  } else {
    const lua_Number low = no_low ? -HUGE_VAL : tn_arg_number(L, 2, call, "low");
    const lua_Number high = no_high ? HUGE_VAL : tn_arg_number(L, 3, call, "high");
    tn_clamp_reals(tn_reals(tn_new_like(L, x)), tn_reals(x), (tn_real)low, (tn_real)high, x->size);
  }
  return 1;
}

/*** The matrix product: (m, k) by (k, n), (m, k) by (k), (k) by (k, n), or
(k) by (k), which is a number.
@function matmul
@tparam Tensor b
@treturn Tensor|number
@raise when a rank is above 2, a dtype is int32 or the inner sizes differ */
static int tensor_matmul(lua_State *L) {
  const char *call = "tensor:matmul";
  const tn_tensor *a = tn_arg_tensor(L, 1, call, "a"), *b = tn_arg_tensor(L, 2, call, "b");
  char left[TN_SHAPE_TEXT], right[TN_SHAPE_TEXT];
  if (a->kind != TN_REAL || b->kind != TN_REAL || a->rank > 2 || b->rank > 2)
    return luaL_error(L, "%s: a and b must be %s of rank 1 or 2, got %s and %s", call, TN_REAL_NAME, tn_got(L, 1),
                      tn_got(L, 2));
  if (a->shape[a->rank - 1] != b->shape[0])
    return luaL_error(L, "%s: inner dimensions must agree, got %s and %s", call, tn_shape_text(a, left),
                      tn_shape_text(b, right));
  const size_t m = a->rank == 2 ? a->shape[0] : 1, k = b->shape[0], n = b->rank == 2 ? b->shape[1] : 1;
  if (m > INT32_MAX || k > INT32_MAX || n > INT32_MAX)
    return luaL_error(L, "%s: sizes must be below 2^31, got %s and %s", call, tn_shape_text(a, left),
                      tn_shape_text(b, right));
  tn_real number;
  tn_tensor *out = NULL;
  if (a->rank == 2 && b->rank == 2)
    out = tn_new2(L, TN_REAL, m, n);
  else if (a->rank == 2 || b->rank == 2)
    out = tn_new1(L, TN_REAL, a->rank == 2 ? m : n);
  tn_matmul(out != NULL ? tn_reals(out) : &number, tn_reals(a), tn_reals(b), m, k, n);
  if (out == NULL) lua_pushnumber(L, (lua_Number)number);
  return 1;
}

const luaL_Reg tn_tensor_math_methods[] = {
    {"pow", tensor_pow},           {"eq", tensor_eq},       {"ne", tensor_ne},         {"lt", tensor_lt},
    {"le", tensor_le},             {"gt", tensor_gt},       {"ge", tensor_ge},         {"where", tensor_where},
    {"allclose", tensor_allclose}, {"exp", tensor_exp},     {"log", tensor_log},       {"sqrt", tensor_sqrt},
    {"tanh", tensor_tanh},         {"abs", tensor_abs},     {"sigmoid", tensor_sigmoid}, {"clamp", tensor_clamp},
    {"matmul", tensor_matmul},     {NULL, NULL},
};

const luaL_Reg tn_tensor_math_operators[] = {
    {"__add", operator_add}, {"__sub", operator_sub}, {"__mul", operator_mul}, {"__div", operator_div},
    {"__pow", operator_pow}, {"__unm", operator_unm}, {NULL, NULL},
};
