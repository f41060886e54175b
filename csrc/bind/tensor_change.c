/*** Methods that change a tensor in place and answer it, and its copies.
@classmod Tensor */
#include <string.h>

#include "../num/elementwise.h"
#include "../num/map.h"
#include "tensor_args.h"

static int answer_self(lua_State *L) {
  lua_settop(L, 1);
  return 1;
}

static int in_place(lua_State *L, const char *call, tn_binary op) {
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x"), *b = tn_to(L, 2);
  size_t joint[TN_MAX_RANK];
  tn_real real = 0;
  int32_t integer = 0;
  tn_tensor one = {.kind = x->kind, .size = 1, .rank = 1, .shape = {1}};
  if (x->kind == TN_INT && op == TN_DIV)
    return luaL_error(L, "%s: x must be %s, as a quotient is, got %s", call, TN_REAL_NAME, tn_got(L, 1));
  if (b == NULL) {
    if (lua_type(L, 2) != LUA_TNUMBER)
      return luaL_error(L, "%s: b must be a tensor or a number, got %s", call, tn_got(L, 2));
    if (x->kind == TN_INT)
      integer = tn_arg_int32(L, 2, call, "b");
    else
      real = (tn_real)lua_tonumber(L, 2);
    one.data = x->kind == TN_INT ? (void *)&integer : (void *)&real;
    b = &one;
  }
  memcpy(joint, x->shape, sizeof joint);
  if (tn_broadcast(joint, x->rank, b->shape, b->rank) != x->rank ||
      memcmp(joint, x->shape, (size_t)x->rank * sizeof *joint) != 0) {
    /* a one-element tensor of rank 1 fits everything: b is an argument here */
    char shape[TN_SHAPE_TEXT];
    return luaL_error(L, "%s: b must broadcast to %s, got %s", call, tn_shape_text(x, shape), tn_got(L, 2));
  }
  if (x->kind == TN_INT && b->kind == TN_REAL)
    return luaL_error(L, "%s: b must be int32 like x, got %s", call, tn_got(L, 2));
  if (b->kind != x->kind) {
    b = tn_push_reals(L, b);
  } else if (b->data != x->data || b->size != x->size) {
    if (tn_overlap(x, b)) { /* a row of x itself would change under way */
      tn_tensor *apart = tn_new_like(L, b);
      memcpy(apart->data, b->data, b->size * tn_kind_size(b->kind));
      b = apart;
    }
  }
  tn_walk w;
  tn_walk_start(&w, x->rank, x->shape);
  tn_walk_input(&w, x->rank, x->shape);
  tn_walk_input(&w, b->rank, b->shape);
  if (x->kind == TN_INT)
    tn_binary_ints(tn_ints(x), tn_ints(x), tn_ints(b), op, &w);
  else
    tn_binary_reals(tn_reals(x), tn_reals(x), tn_reals(b), op, &w);
  return answer_self(L);
}

/*** In-place arithmetic, `x:add(b)`: b broadcasts to x.
An int32 x takes int32 and whole numbers only, and no `div`.
@function add
@also sub mul div
@tparam number|Tensor b
@treturn Tensor x itself
@raise where b does not broadcast to x or is of another dtype */
static int tensor_add(lua_State *L) { return in_place(L, "tensor:add", TN_ADD); }
static int tensor_sub(lua_State *L) { return in_place(L, "tensor:sub", TN_SUB); }
static int tensor_mul(lua_State *L) { return in_place(L, "tensor:mul", TN_MUL); }
static int tensor_div(lua_State *L) { return in_place(L, "tensor:div", TN_DIV); }

/*** Sets every number.
@function fill
@number value
@treturn Tensor x itself */
static int tensor_fill(lua_State *L) {
  tn_fill_from(L, tn_arg_tensor(L, 1, "tensor:fill", "x"), 2, "tensor:fill", "value");
  return answer_self(L);
}

/*** Sets every number to 0.
@function zero
@treturn Tensor x itself */
static int tensor_zero(lua_State *L) {
  const tn_tensor *x = tn_arg_tensor(L, 1, "tensor:zero", "x");
  memset(x->data, 0, x->size * tn_kind_size(x->kind));
  return answer_self(L);
}

/*** Copies another tensor's numbers into x, broadcast.
@function copy_from
@tparam Tensor source
@treturn Tensor x itself */
static int tensor_copy_from(lua_State *L) {
  const tn_tensor *x = tn_arg_tensor(L, 1, "tensor:copy_from", "x");
  tn_assign(L, x, tn_arg_tensor(L, 2, "tensor:copy_from", "source"), "tensor:copy_from");
  return answer_self(L);
}

/*** A tensor of its own with the same numbers.
@function copy
@treturn Tensor */
static int tensor_copy(lua_State *L) {
  const tn_tensor *x = tn_arg_tensor(L, 1, "tensor:copy", "x");
  memcpy(tn_new_like(L, x)->data, x->data, x->size * tn_kind_size(x->kind));
  return 1;
}

/*** A copy in another dtype; to int32 it cuts toward zero.
@function to
@string dtype "int32" or "real"
@treturn Tensor
@raise when a number does not fit */
static int tensor_to(lua_State *L) {
  const char *call = "tensor:to";
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x");
  if (lua_isnoneornil(L, 2))
    return luaL_error(L, "%s: dtype must be 'int32', 'real' or '%s', got %s", call, TN_REAL_NAME, tn_got(L, 2));
  const tn_kind kind = tn_arg_kind(L, 2, call, TN_REAL);
  if (kind == x->kind) return tensor_copy(L);
  if (kind == TN_REAL) {
    tn_push_reals(L, x);
    return 1;
  }
  const size_t bad = tn_reals_to_ints(tn_ints(tn_new(L, TN_INT, x->rank, x->shape)), tn_reals(x), x->size);
  if (bad < x->size)
    return luaL_error(L, "%s: numbers must fit int32, got %f", call, (LUAI_UACNUMBER)tn_reals(x)[bad]);
  return 1;
}

const luaL_Reg tn_tensor_change_methods[] = {
    {"add", tensor_add},   {"sub", tensor_sub}, {"mul", tensor_mul}, {"div", tensor_div},
    {"fill", tensor_fill}, {"zero", tensor_zero}, {"copy_from", tensor_copy_from}, {"copy", tensor_copy},
    {"to", tensor_to},     {NULL, NULL},
};
