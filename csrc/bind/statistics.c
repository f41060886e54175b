/* tenor.core.statistics: the bootstrap of CCC and the normal distribution. */
#include <math.h>
#include <string.h>

#include "../num/bootstrap.h"
#include "../num/ccc.h"
#include "../num/normal.h"
#include "core.h"
#include "tensor.h"

static double *scratch(lua_State *L, size_t n) {
  double *numbers = (double *)lua_newuserdatauv(L, n * sizeof *numbers + 1, 0);
  memset(numbers, 0, n * sizeof *numbers);
  return numbers;
}

static void push_list(lua_State *L, const double *numbers, size_t n) {
  lua_createtable(L, (int)n, 0);
  for (size_t i = 0; i < n; i++) {
    lua_pushnumber(L, numbers[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* bootstrap(a (N, K), b (N, K)|nil, gold (N, K), column, units int32 (N)|nil, count, replicates, seed, studentize)
**   -> estimate, error, {replicates}, {errors}|nil, {jackknife}
** of the CCC of a (its atanh when studentized), or of the CCC of b less that of a */
static int bootstrap(lua_State *L) {
  const tn_tensor *a = tn_expect(L, 1, "bootstrap: predictions", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *b = tn_expect_opt(L, 2, "bootstrap: predictions", TN_REAL, 2, a->shape[0], a->shape[1]);
  const tn_tensor *gold = tn_expect(L, 3, "bootstrap: labels", TN_REAL, 2, a->shape[0], a->shape[1]);
  const lua_Integer column = luaL_checkinteger(L, 4);
  const tn_tensor *units = tn_expect_opt(L, 5, "bootstrap: units", TN_INT, 1, a->shape[0]);
  const lua_Integer count = luaL_checkinteger(L, 6), replicates = luaL_checkinteger(L, 7);
  const lua_Integer seed = luaL_checkinteger(L, 8);
  const int studentize = lua_toboolean(L, 9);
  const size_t n = a->shape[0], stride = a->shape[1];
  luaL_argcheck(L, column >= 1 && (size_t)column <= stride, 4, "no such column");
  luaL_argcheck(L, count >= 2 && (size_t)count <= n && (units != NULL || (size_t)count == n), 6, "out of range");
  luaL_argcheck(L, replicates >= 1 && replicates <= 1000000, 7, "out of range");
  double *sums = scratch(L, (size_t)count * TN_SUMS);
  double *out = scratch(L, (size_t)replicates), *errors = scratch(L, studentize ? (size_t)replicates : 0);
  double *without = scratch(L, (size_t)count);
  /* when all memory is there: a finaliser may change the units */
  for (size_t i = 0; units != NULL && i < n; i++)
    luaL_argcheck(L, tn_ints(units)[i] >= 1 && tn_ints(units)[i] <= count, 5, "must be 1 to the count");
  const size_t first = (size_t)column - 1;
  const tn_real *y = tn_reals(gold) + first;
  const double origin = tn_moments_of(y, y, n, stride, stride).mean_x;
  tn_bootstrap_sums(sums, tn_reals(a) + first, b != NULL ? tn_reals(b) + first : NULL, y,
                    units != NULL ? tn_ints(units) : NULL, n, stride, origin);
  const tn_bootstrap job = {.units = sums, .count = (size_t)count, .pair = b != NULL,
                            .fisher = studentize && b == NULL, .seed = (uint64_t)seed,
                            .replicates = (size_t)replicates};
  double error;
  const double estimate = tn_bootstrap_estimate(&error, &job);
  tn_bootstrap_jackknife(without, &job);
  tn_bootstrap_run(out, studentize ? errors : NULL, &job);
  lua_pushnumber(L, estimate);
  lua_pushnumber(L, error);
  push_list(L, out, job.replicates);
  if (studentize)
    push_list(L, errors, job.replicates);
  else
    lua_pushnil(L);
  push_list(L, without, job.count);
  return 5;
}

static int normal_cdf(lua_State *L) {
  lua_pushnumber(L, tn_normal_cdf(luaL_checknumber(L, 1)));
  return 1;
}

static int normal_quantile(lua_State *L) {
  lua_pushnumber(L, tn_normal_quantile(luaL_checknumber(L, 1)));
  return 1;
}

int tn_open_statistics(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"bootstrap", bootstrap}, {"normal_cdf", normal_cdf}, {"normal_quantile", normal_quantile}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
