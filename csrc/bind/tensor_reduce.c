/*** Reductions: over all numbers to a Lua number, along an axis to a tensor. An
axis of a rank 1 tensor gives a number too, unless it is kept.
@classmod Tensor */
#include <string.h>

#include "../num/reduce.h"
#include "tensor_args.h"

typedef struct reduction {
  const tn_tensor *x;
  int whole; /* over everything */
  int keep;
  int axis;
  tn_around around;
} reduction;

/* The option table has one name, so it is read here: { keepdims = true }. */
static int read_keepdims(lua_State *L, int arg, const char *call) {
  if (lua_isnoneornil(L, arg)) return 0;
  if (lua_type(L, arg) != LUA_TTABLE)
    luaL_error(L, "%s: options must be a table, got %s", call, tn_got(L, arg));
  int keep = 0;
  lua_pushnil(L);
  while (lua_next(L, arg) != 0) {
    if (lua_type(L, -2) != LUA_TSTRING || strcmp(lua_tostring(L, -2), "keepdims") != 0)
      luaL_error(L, "%s: unknown option %s (options: keepdims)", call, tn_got(L, lua_gettop(L) - 1));
    if (lua_type(L, -1) != LUA_TBOOLEAN)
      luaL_error(L, "%s: keepdims must be a boolean, got %s", call, tn_got(L, lua_gettop(L)));
    keep = lua_toboolean(L, -1);
    lua_pop(L, 1);
  }
  return keep;
}

static reduction read_reduction(lua_State *L, const char *call) {
  reduction r = {.x = tn_arg_tensor(L, 1, call, "x")};
  r.keep = read_keepdims(L, 3, call);
  if (lua_isnoneornil(L, 2)) {
    if (r.keep) luaL_error(L, "%s: axis must be an integer with keepdims, got %s", call, tn_got(L, 2));
    r.whole = 1;
  } else {
    r.axis = tn_arg_axis(L, 2, call, r.x->rank);
    r.around = tn_around_axis(r.x, r.axis);
    r.whole = r.x->rank == 1 && !r.keep;
  }
  return r;
}

static tn_tensor *push_result(lua_State *L, const reduction *r, tn_kind kind) {
  size_t shape[TN_MAX_RANK];
  int rank = 0;
  for (int i = 0; i < r->x->rank; i++)
    if (i != r->axis)
      shape[rank++] = r->x->shape[i];
    else if (r->keep)
      shape[rank++] = 1;
  return tn_new(L, kind, rank, shape);
}

static int moment(lua_State *L, const char *call, tn_moment m) {
  const reduction r = read_reduction(L, call);
  const tn_tensor *x = r.x;
  const tn_around a = r.around;
  if (x->kind == TN_INT && m == TN_SUM) {
    if (r.whole)
      lua_pushinteger(L, tn_sum_ints(tn_ints(x), x->size));
    else if (!tn_sum_ints_axis(tn_ints(push_result(L, &r, TN_INT)), tn_ints(x), a.outer, a.n, a.inner))
      return luaL_error(L, "%s: int32 sums must fit int32, got a larger one (sum x:to('real'))", call);
    return 1;
  }
  if (x->kind == TN_INT) x = tn_push_reals(L, x);
  if (r.whole)
    lua_pushnumber(L, tn_moment_all(tn_reals(x), m, x->size));
  else
    tn_moment_axis(tn_reals(push_result(L, &r, TN_REAL)), tn_reals(x), m, a.outer, a.n, a.inner);
  return 1;
}

/*** A reduction. Without an axis it gives a Lua number; with one, a tensor without
that axis. `var` and `std` divide by
n. `argmax` and `argmin` give 1-based places (of the flat tensor without an axis).
@function sum
@also mean std var min max argmax argmin
@int[opt] axis
@tparam[opt] table options `keepdims = true` keeps the axis with size 1
@treturn number|Tensor
@raise when an axis is out of range, or `min max argmax argmin` have no numbers */
static int tensor_sum(lua_State *L) { return moment(L, "tensor:sum", TN_SUM); }
static int tensor_mean(lua_State *L) { return moment(L, "tensor:mean", TN_MEAN); }
static int tensor_var(lua_State *L) { return moment(L, "tensor:var", TN_VAR); }
static int tensor_std(lua_State *L) { return moment(L, "tensor:std", TN_STD); }

static int best(lua_State *L, const char *call, int sign, int want_place) {
  const reduction r = read_reduction(L, call);
  const tn_tensor *x = r.x;
  const tn_around a = r.around;
  const size_t n = r.whole ? x->size : a.n;
  if (n == 0) return luaL_error(L, "%s: x must hold numbers to choose from, got %s", call, tn_got(L, 1));
  if (r.whole) {
    const size_t at = x->kind == TN_INT ? tn_argbest_ints(tn_ints(x), sign, n) : tn_argbest_reals(tn_reals(x), sign, n);
    if (want_place)
      lua_pushinteger(L, (lua_Integer)at + 1);
    else if (x->kind == TN_INT)
      lua_pushinteger(L, tn_ints(x)[at]);
    else
      lua_pushnumber(L, (lua_Number)tn_reals(x)[at]);
    return 1;
  }
  if (n >= INT32_MAX) return luaL_error(L, "%s: axis must be shorter than 2^31 - 1, got %s", call, tn_got(L, 1));
  tn_tensor *out = want_place ? NULL : push_result(L, &r, x->kind);
  tn_tensor *at = push_result(L, &r, TN_INT);
  if (x->kind == TN_INT)
    tn_argbest_ints_axis(tn_ints(at), tn_ints(x), sign, a.outer, a.n, a.inner);
  else
    tn_argbest_reals_axis(tn_ints(at), tn_reals(x), sign, a.outer, a.n, a.inner);
  if (want_place) {
    for (size_t i = 0; i < at->size; i++) tn_ints(at)[i]++;
    return 1;
  }
  if (x->kind == TN_INT)
    tn_take_ints(tn_ints(out), tn_ints(x), tn_ints(at), a.outer, a.n, a.inner);
  else
    tn_take_reals(tn_reals(out), tn_reals(x), tn_ints(at), a.outer, a.n, a.inner);
  lua_pop(L, 1);
  return 1;
}

static int tensor_max(lua_State *L) { return best(L, "tensor:max", 1, 0); }
static int tensor_min(lua_State *L) { return best(L, "tensor:min", -1, 0); }
static int tensor_argmax(lua_State *L) { return best(L, "tensor:argmax", 1, 1); }
static int tensor_argmin(lua_State *L) { return best(L, "tensor:argmin", -1, 1); }

/*** Whether every number is finite: no NaN, no infinity.
@function isfinite
@treturn boolean */
static int tensor_isfinite(lua_State *L) {
  const tn_tensor *x = tn_arg_tensor(L, 1, "tensor:isfinite", "x");
  lua_pushboolean(L, x->kind == TN_INT || tn_all_finite(tn_reals(x), x->size));
  return 1;
}

const luaL_Reg tn_tensor_reduce_methods[] = {
    {"sum", tensor_sum}, {"mean", tensor_mean}, {"var", tensor_var},       {"std", tensor_std},
    {"max", tensor_max}, {"min", tensor_min},   {"argmax", tensor_argmax}, {"argmin", tensor_argmin},
    {"isfinite", tensor_isfinite}, {NULL, NULL},
};
