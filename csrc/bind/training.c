/* Loss, agreement statistics, optimiser steps and the thread count. */
#include <cblas.h>

#include "../num/ccc.h"
#include "../num/fingerprint.h"
#include "../num/optim.h"
#include "../num/pool.h"
#include "core.h"
#include "ragged.h"

/* ccc_loss(pred (N, K), gold (N, K), weights {K}, eps, dpred (N, K)|nil) -> loss, {ccc} */
static int ccc_loss(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 1, "loss.ccc: predictions", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *y = tn_expect(L, 2, "loss.ccc: labels", TN_REAL, 2, x->shape[0], x->shape[1]);
  luaL_checktype(L, 3, LUA_TTABLE);
  const double eps = luaL_checknumber(L, 4);
  const tn_tensor *dx = tn_expect_opt(L, 5, "loss.ccc: gradient", TN_REAL, 2, x->shape[0], x->shape[1]);
  const size_t columns = x->shape[1];
  if (lua_rawlen(L, 3) != columns)
    return luaL_error(L, "loss.ccc: one weight an output is needed: %I outputs, %I weights", (lua_Integer)columns,
                      (lua_Integer)lua_rawlen(L, 3));
  double *numbers = (double *)lua_newuserdatauv(L, 2 * columns * sizeof(double) + 1, 0);
  for (size_t k = 0; k < columns; k++) {
    lua_rawgeti(L, 3, (lua_Integer)k + 1);
    numbers[k] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  lua_createtable(L, (int)columns, 0);
  const double loss = tn_ccc_loss(tn_as_mat_opt(dx), numbers + columns, tn_as_mat(x), tn_as_mat(y), numbers, eps);
  for (size_t k = 0; k < columns; k++) {
    lua_pushnumber(L, numbers[columns + k]);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lua_pushnumber(L, loss);
  lua_insert(L, -2);
  return 2;
}

/* agreement(x (N, K), y (N, K), column) -> mean x, mean y, var x, var y, cov, population moments; the mean of |x - y| */
static int agreement(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 1, "metrics: predictions", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *y = tn_expect(L, 2, "metrics: labels", TN_REAL, 2, x->shape[0], x->shape[1]);
  const lua_Integer k = luaL_checkinteger(L, 3);
  luaL_argcheck(L, k >= 1 && (size_t)k <= x->shape[1], 3, "no such column");
  luaL_argcheck(L, x->shape[0] > 0, 1, "no rows");
  const tn_real *const a = tn_reals(x) + k - 1, *const b = tn_reals(y) + k - 1;
  const size_t n = x->shape[0], stride = x->shape[1];
  const tn_moments m = tn_moments_of(a, b, n, stride, stride);
  const double numbers[] = {m.mean_x, m.mean_y, m.var_x, m.var_y, m.cov, tn_mean_distance(a, b, n, stride, stride)};
  for (int i = 0; i < 6; i++) lua_pushnumber(L, numbers[i]);
  return 6;
}

/* The tensors p, and up to three of the same size, as arrays; returns their size. */
static size_t check_arrays(lua_State *L, int count, tn_real **to) {
  const tn_tensor *first = tn_check(L, 1);
  for (int i = 0; i < count; i++) {
    const tn_tensor *t = tn_check(L, i + 1);
    luaL_argcheck(L, t->kind == TN_REAL && t->size == first->size, i + 1, "must be real and of the parameter's size");
    to[i] = tn_reals(t);
  }
  return first->size;
}

/* sgd(p, m, g, lr, momentum, nesterov) */
static int optim_sgd(lua_State *L) {
  tn_real *a[3];
  const size_t n = check_arrays(L, 3, a);
  tn_sgd(a[0], a[1], a[2], luaL_checknumber(L, 4), luaL_checknumber(L, 5), lua_toboolean(L, 6), n);
  return 0;
}

/* rmsprop(p, v, g, lr, rho, eps) */
static int optim_rmsprop(lua_State *L) {
  tn_real *a[3];
  const size_t n = check_arrays(L, 3, a);
  tn_rmsprop(a[0], a[1], a[2], luaL_checknumber(L, 4), luaL_checknumber(L, 5), luaL_checknumber(L, 6), n);
  return 0;
}

/* adam(p, m, v, g, step, beta1, beta2, eps) */
static int optim_adam(lua_State *L) {
  tn_real *a[4];
  const size_t n = check_arrays(L, 4, a);
  tn_adam(a[0], a[1], a[2], a[3], luaL_checknumber(L, 5), luaL_checknumber(L, 6), luaL_checknumber(L, 7),
          luaL_checknumber(L, 8), n);
  return 0;
}

/* nadam(p, m, v, g, lr, beta1, beta2, eps, g_part, m_part, v_part) */
static int optim_nadam(lua_State *L) {
  tn_real *a[4];
  const size_t n = check_arrays(L, 4, a);
  tn_nadam(a[0], a[1], a[2], a[3], luaL_checknumber(L, 5), luaL_checknumber(L, 6), luaL_checknumber(L, 7),
           luaL_checknumber(L, 8), luaL_checknumber(L, 9), luaL_checknumber(L, 10), luaL_checknumber(L, 11), n);
  return 0;
}

/* sum_squares(g); scale(g, by) */
static int optim_sum_squares(lua_State *L) {
  tn_real *g;
  const size_t n = check_arrays(L, 1, &g);
  lua_pushnumber(L, tn_sum_squares(g, n));
  return 1;
}

/* all_zero(g) -> boolean */
static int optim_all_zero(lua_State *L) {
  tn_real *g;
  const size_t n = check_arrays(L, 1, &g);
  lua_pushboolean(L, tn_all_zero(g, n));
  return 1;
}

static int optim_scale(lua_State *L) {
  tn_real *g;
  const size_t n = check_arrays(L, 1, &g);
  tn_scale(g, luaL_checknumber(L, 2), n);
  return 0;
}

/* fingerprint(key, tensor, ...) -> integer: changes with any bit of the tensors or of the key */
static int fingerprint(lua_State *L) {
  uint64_t print = (uint64_t)luaL_checkinteger(L, 1);
  const int last = lua_gettop(L);
  for (int i = 2; i <= last; i++) {
    const tn_tensor *t = tn_check(L, i);
    print = tn_fingerprint(print, t->data, t->size * tn_kind_size(t->kind));
  }
  lua_pushinteger(L, (lua_Integer)print);
  return 1;
}

/* threads() -> count; threads(n) sets it and returns it */
static int threads(lua_State *L) {
  if (!lua_isnoneornil(L, 1)) {
    const lua_Integer n = luaL_checkinteger(L, 1);
    if (n < 1 || n > TN_MAX_THREADS)
      return luaL_error(L, "threads: count must be 1 to %d, got %I", TN_MAX_THREADS, n);
    tn_set_threads((int)n);
  }
  lua_pushinteger(L, tn_threads());
  return 1;
}

/* blas() -> the library, its version and the kernels it has chosen */
static int blas(lua_State *L) {
  lua_pushfstring(L, "%s; kernels %s", openblas_get_config(), openblas_get_corename());
  return 1;
}

int tn_open_training(lua_State *L) {
  static const luaL_Reg functions[] = {{"ccc_loss", ccc_loss},
                                       {"agreement", agreement},
                                       {"sgd", optim_sgd},
                                       {"rmsprop", optim_rmsprop},
                                       {"adam", optim_adam},
                                       {"nadam", optim_nadam},
                                       {"sum_squares", optim_sum_squares},
                                       {"all_zero", optim_all_zero},
                                       {"scale", optim_scale},
                                       {"fingerprint", fingerprint},
                                       {"threads", threads},
                                       {"blas", blas},
                                       {NULL, NULL}};
  tn_threads(); /* OpenBLAS is put under the pool's rule before its first product */
  luaL_newlib(L, functions);
  lua_pushinteger(L, TN_MAX_THREADS);
  lua_setfield(L, -2, "most_threads");
  return 1;
}
