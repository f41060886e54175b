/*** Constructors: sizes, Lua tables, ranges, random numbers; and back to tables.
@module tenor */
#include <math.h>
#include <string.h>

#include "../num/map.h"
#include "../num/rng.h"
#include "rng.h"
#include "tensor_args.h"

/* zeros and ones: sizes, then maybe a kind. */
static tn_tensor *sized(lua_State *L, const char *call) {
  size_t shape[TN_MAX_RANK];
  int last = lua_gettop(L);
  tn_kind kind = TN_REAL;
  if (last > 0 && lua_type(L, last) == LUA_TSTRING) kind = tn_arg_kind(L, last--, call, TN_REAL);
  return tn_new(L, kind, tn_arg_sizes(L, 1, last, call, shape, NULL), shape);
}

static void fill_one(const tn_tensor *t, double real, int32_t integer) {
  if (t->kind == TN_REAL)
    tn_fill_reals(tn_reals(t), (tn_real)real, t->size);
  else
    tn_fill_ints(tn_ints(t), integer, t->size);
}

/*** A tensor of zeros, or with `ones` of ones: `tenor.zeros(2, 3)`, `tenor.zeros({2, 3}, "int32")`.
@function zeros
@also ones
@param sizes integers, or one table of them
@string[opt="real"] dtype "int32" or "real"
@treturn Tensor
@raise when a size is not an integer of at least 0, or there are none */
static int make_zeros(lua_State *L) {
  fill_one(sized(L, "tenor.zeros"), 0, 0);
  return 1;
}

static int make_ones(lua_State *L) {
  fill_one(sized(L, "tenor.ones"), 1, 1);
  return 1;
}

/*** A tensor of one number: `tenor.full({2, 3}, 0.5)`.
@function full
@param shape a table of sizes, or one integer
@number value
@string[opt="real"] dtype "int32" or "real"
@treturn Tensor */
static int make_full(lua_State *L) {
  size_t shape[TN_MAX_RANK];
  const int rank = tn_arg_sizes(L, 1, 1, "tenor.full", shape, NULL);
  const tn_kind kind = tn_arg_kind(L, 3, "tenor.full", TN_REAL);
  const lua_Number value = tn_arg_number(L, 2, "tenor.full", "value");
  const int32_t integer = kind == TN_INT ? tn_arg_int32(L, 2, "tenor.full", "value") : 0;
  fill_one(tn_new(L, kind, rank, shape), value, integer);
  return 1;
}

/*** Numbers from start up to but not including stop, as NumPy's:
`tenor.arange(stop)`, `tenor.arange(start, stop, step)`; a dtype may end them.
@function arange
@number start 0 where there is one argument alone
@number[opt] stop
@number[opt=1] step
@string[opt="real"] dtype "int32" or "real"
@treturn Tensor (n)
@raise where step is 0 or there are more numbers than memory has */
static int make_arange(lua_State *L) {
  const char *call = "tenor.arange";
  static const char *const names[] = {"start", "stop", "step"};
  int last = lua_gettop(L);
  tn_kind kind = TN_REAL;
  if (last > 0 && lua_type(L, last) == LUA_TSTRING) kind = tn_arg_kind(L, last--, call, TN_REAL);
  if (last < 1 || last > 3) return luaL_error(L, "%s: expected 1 to 3 numbers, got %d", call, last);
  double number[3] = {0, 0, 1};
  int32_t integer[3] = {0, 0, 1};
  for (int i = 0; i < last; i++) {
    const int slot = last == 1 ? 1 : i;
    number[slot] = tn_arg_number(L, i + 1, call, names[slot]);
    if (!isfinite(number[slot]))
      return luaL_error(L, "%s: %s must be finite, got %s", call, names[slot], tn_got(L, i + 1));
    if (kind == TN_INT) integer[slot] = tn_arg_int32(L, i + 1, call, names[slot]);
  }
  if (number[2] == 0) return luaL_error(L, "%s: step must not be 0, got 0", call);
  const double count = ceil((number[1] - number[0]) / number[2]);
  if (count > 9e15) return luaL_error(L, "%s: expected at most 9e15 numbers, got %f", call, count);
  tn_tensor *t = tn_new1(L, kind, count > 0 ? (size_t)count : 0);
  if (kind == TN_REAL)
    tn_range_reals(tn_reals(t), number[0], number[2], t->size);
  else
    tn_range_ints(tn_ints(t), integer[0], integer[2], t->size);
  return 1;
}

static tn_tensor *random_sized(lua_State *L, const char *call, tn_rng **rng) {
  size_t shape[TN_MAX_RANK];
  const int last = lua_gettop(L);
  *rng = last > 0 ? (tn_rng *)luaL_testudata(L, last, TN_RNG) : NULL;
  if (*rng == NULL)
    luaL_error(L, "%s: the last argument must be a generator, as tenor.rng(seed), got %s", call,
               last > 0 ? tn_got(L, last) : "nothing");
  return tn_new(L, TN_REAL, tn_arg_sizes(L, 1, last - 1, call, shape, NULL), shape);
}

/*** Random numbers, `rand` uniform in [0, 1), `randn` normal of mean 0 and variance 1:
`tenor.rand(2, 3, rng)`, `tenor.rand({2, 3}, rng)`.
@function rand
@also randn
@param sizes integers, or one table of them
@tparam Rng rng from `tenor.rng(seed)`
@treturn Tensor
@raise when the generator is missing */
static int make_rand(lua_State *L) {
  tn_rng *rng;
  tn_tensor *t = random_sized(L, "tenor.rand", &rng);
  tn_rng_fill_uniform(tn_reals(t), rng, t->size);
  return 1;
}

static int make_randn(lua_State *L) {
  tn_rng *rng;
  tn_tensor *t = random_sized(L, "tenor.randn", &rng);
  tn_rng_fill_normal(tn_reals(t), rng, t->size);
  return 1;
}

/* Where a nested table is being read. The table of depth d is at stack slot
** base + d; `path` counts from 1, for messages. */
typedef struct nest {
  int base, rank;
  size_t shape[TN_MAX_RANK], path[TN_MAX_RANK];
  tn_kind kind;
  tn_tensor *out; /* NULL while checking */
  size_t at;
} nest;

static const char *push_path(lua_State *L, const nest *n, int depth) {
  lua_pushliteral(L, "t");
  for (int i = 0; i < depth; i++) {
    lua_pushfstring(L, "[%I]", (LUAI_UACINT)n->path[i]);
    lua_concat(L, 2);
  }
  return lua_tostring(L, -1);
}

static void read_leaf(lua_State *L, nest *n) {
  const char *call = "tenor.tensor";
  if (n->out == NULL) {
    const int type = lua_type(L, -1);
    int fits = type == LUA_TNUMBER;
    if (fits && n->kind == TN_INT) {
      const lua_Integer value = lua_tointegerx(L, -1, &fits);
      fits = fits && value >= INT32_MIN && value <= INT32_MAX;
    }
    if (fits) return;
    const char *want = n->kind == TN_INT ? "an integer that fits int32" : "a number";
    const int value = lua_gettop(L);
    const char *path = push_path(L, n, n->rank);
    luaL_error(L, "%s: %s must be %s, got %s", call, path, want, tn_got(L, value));
  }
  if (n->kind == TN_INT)
    tn_ints(n->out)[n->at++] = (int32_t)lua_tointeger(L, -1);
  else
    tn_reals(n->out)[n->at++] = (tn_real)lua_tonumber(L, -1);
}

/* Reads the table on top of the stack, which lies `depth` tables deep. */
static void read_table(lua_State *L, nest *n, int depth) {
  const int table = lua_gettop(L);
  for (size_t i = 0; i < n->shape[depth]; i++) {
    n->path[depth] = i + 1;
    lua_rawgeti(L, table, (lua_Integer)i + 1);
    if (depth + 1 == n->rank) {
      read_leaf(L, n);
    } else {
      /* also while filling: a finalizer may have run since the check */
      if (lua_type(L, -1) != LUA_TTABLE || lua_rawlen(L, -1) != n->shape[depth + 1]) {
        const char *got = lua_type(L, -1) == LUA_TTABLE ? lua_pushfstring(L, "%I", (LUAI_UACINT)lua_rawlen(L, -1))
                                                        : tn_got(L, lua_gettop(L));
        luaL_error(L, "tenor.tensor: %s must be a table of %I like those before it, got %s",
                   push_path(L, n, depth + 1), (LUAI_UACINT)n->shape[depth + 1], got);
      }
      read_table(L, n, depth + 1);
    }
    lua_settop(L, table);
  }
}

/*** A tensor from a nested table of numbers: `tenor.tensor{{1, 2}, {3, 4}}`.
@function tensor
@tparam table t every table of one depth has the same length
@string[opt="real"] dtype "int32" or "real"
@treturn Tensor
@raise where t is ragged or holds something else, with its place */
static int make_tensor(lua_State *L) {
  nest n = {0};
  if (lua_type(L, 1) != LUA_TTABLE)
    return luaL_error(L, "tenor.tensor: t must be a table of numbers, got %s", tn_got(L, 1));
  n.kind = tn_arg_kind(L, 2, "tenor.tensor", TN_REAL);
  lua_settop(L, 1);
  luaL_checkstack(L, 4 * TN_MAX_RANK, "tenor.tensor");
  while (lua_type(L, -1) == LUA_TTABLE) { /* the first of each depth tells the shape */
    if (n.rank == TN_MAX_RANK)
      return luaL_error(L, "tenor.tensor: t may nest %d tables deep, got more", TN_MAX_RANK);
    n.shape[n.rank++] = (size_t)lua_rawlen(L, -1);
    lua_rawgeti(L, -1, 1);
  }
  lua_settop(L, 1);
  read_table(L, &n, 0);
  n.out = tn_new(L, n.kind, n.rank, n.shape);
  lua_pushvalue(L, 1);
  read_table(L, &n, 0);
  lua_pop(L, 1);
  return 1;
}

static void push_nested(lua_State *L, const tn_tensor *t, int axis, size_t *at) {
  lua_createtable(L, t->shape[axis] < INT32_MAX ? (int)t->shape[axis] : 0, 0);
  for (size_t i = 0; i < t->shape[axis]; i++) {
    if (axis + 1 < t->rank)
      push_nested(L, t, axis + 1, at);
    else if (t->kind == TN_INT)
      lua_pushinteger(L, tn_ints(t)[(*at)++]);
    else
      lua_pushnumber(L, (lua_Number)tn_reals(t)[(*at)++]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/*** The numbers as a nested Lua table; the inverse of @{tensor}.
@function Tensor:totable
@treturn table */
static int tensor_totable(lua_State *L) {
  const tn_tensor *t = tn_arg_tensor(L, 1, "tensor:totable", "x");
  size_t at = 0;
  luaL_checkstack(L, 2 * TN_MAX_RANK, "tensor:totable");
  push_nested(L, t, 0, &at);
  return 1;
}

const luaL_Reg tn_tensor_constructors[] = {
    {"zeros", make_zeros}, {"ones", make_ones},   {"full", make_full},     {"arange", make_arange},
    {"rand", make_rand},   {"randn", make_randn}, {"tensor", make_tensor}, {NULL, NULL},
};

const luaL_Reg tn_tensor_table_methods[] = {{"totable", tensor_totable}, {NULL, NULL}};
