/* Kernels of the other layers, for lua/tenor/nn/. */
#include "../num/batchnorm.h"
#include "../num/dense.h"
#include "../num/embedding.h"
#include "../num/orthogonal.h"
#include "core.h"
#include "ragged.h"
#include "rng.h"

static const char *const activations[] = {"linear", "relu", "tanh", "sigmoid", NULL};

/* dense_forward(y, x, w, b, activation) */
static int dense_forward(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 2, "dense: x", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *w = tn_expect(L, 3, "dense: w", TN_REAL, 2, TN_ANY, x->shape[1]);
  const tn_tensor *b = tn_expect(L, 4, "dense: b", TN_REAL, 1, w->shape[0]);
  const tn_tensor *y = tn_expect(L, 1, "dense: y", TN_REAL, 2, x->shape[0], w->shape[0]);
  const int f = luaL_checkoption(L, 5, "linear", activations);
  tn_dense_forward(tn_as_mat(y), tn_as_mat(x), tn_as_mat(w), tn_reals(b), (tn_activation)f);
  return 0;
}

/* dense_backward(dx|nil, dw, db, dy, x, w, y, dz, activation) */
static int dense_backward(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 5, "dense: x", TN_REAL, 2, TN_ANY, TN_ANY);
  const size_t rows = x->shape[0], in = x->shape[1];
  const tn_tensor *w = tn_expect(L, 6, "dense: w", TN_REAL, 2, TN_ANY, in);
  const size_t out = w->shape[0];
  const tn_tensor *dx = tn_expect_opt(L, 1, "dense: dx", TN_REAL, 2, rows, in);
  const tn_tensor *dw = tn_expect(L, 2, "dense: dw", TN_REAL, 2, out, in);
  const tn_tensor *db = tn_expect(L, 3, "dense: db", TN_REAL, 1, out);
  const tn_tensor *dy = tn_expect(L, 4, "dense: dy", TN_REAL, 2, rows, out);
  const tn_tensor *y = tn_expect(L, 7, "dense: y", TN_REAL, 2, rows, out);
  const tn_tensor *dz = tn_expect(L, 8, "dense: dz", TN_REAL, 2, rows, out);
  const int f = luaL_checkoption(L, 9, "linear", activations);
  tn_dense_backward(tn_as_mat_opt(dx), tn_as_mat(dw), tn_reals(db), tn_as_mat(dy), tn_as_mat(x), tn_as_mat(w),
                    tn_as_mat(y), tn_as_mat(dz), (tn_activation)f);
  return 0;
}

/* From `at` on: gamma, beta, running_mean, running_var, mean, inv_std, momentum, eps */
static tn_batchnorm check_batchnorm(lua_State *L, int at, size_t features) {
  static const char *const names[] = {"batchnorm: gamma",       "batchnorm: beta", "batchnorm: running_mean",
                                      "batchnorm: running_var", "batchnorm: mean", "batchnorm: inv_std"};
  tn_real *v[6];
  for (int i = 0; i < 6; i++) v[i] = tn_reals(tn_expect(L, at + i, names[i], TN_REAL, 1, features));
  return (tn_batchnorm){v[0], v[1], v[2], v[3], v[4], v[5], luaL_checknumber(L, at + 6), luaL_checknumber(L, at + 7)};
}

/* batchnorm_forward(y, x, train, gamma, ...) */
static int batchnorm_forward(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 2, "batchnorm: x", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *y = tn_expect(L, 1, "batchnorm: y", TN_REAL, 2, x->shape[0], x->shape[1]);
  const tn_batchnorm bn = check_batchnorm(L, 4, x->shape[1]);
  if (lua_toboolean(L, 3)) {
    if (x->shape[0] < 1) return luaL_error(L, "BatchNorm:forward: training needs at least 1 row, got none");
    tn_batchnorm_train(tn_as_mat(y), tn_as_mat(x), bn);
  } else {
    tn_batchnorm_eval(tn_as_mat(y), tn_as_mat(x), bn);
  }
  return 0;
}

/* batchnorm_backward(dx|nil, dgamma, dbeta, dy, x, trained, gamma, ...) */
static int batchnorm_backward(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 5, "batchnorm: x", TN_REAL, 2, TN_ANY, TN_ANY);
  const size_t rows = x->shape[0], features = x->shape[1];
  const tn_tensor *dx = tn_expect_opt(L, 1, "batchnorm: dx", TN_REAL, 2, rows, features);
  const tn_tensor *dgamma = tn_expect(L, 2, "batchnorm: dgamma", TN_REAL, 1, features);
  const tn_tensor *dbeta = tn_expect(L, 3, "batchnorm: dbeta", TN_REAL, 1, features);
  const tn_tensor *dy = tn_expect(L, 4, "batchnorm: dy", TN_REAL, 2, rows, features);
  const tn_batchnorm bn = check_batchnorm(L, 7, features);
  tn_batchnorm_backward(tn_as_mat_opt(dx), tn_reals(dgamma), tn_reals(dbeta), tn_as_mat(dy), tn_as_mat(x), bn,
                        lua_toboolean(L, 6));
  return 0;
}

static const tn_tensor *check_ids(lua_State *L, int arg, size_t rows, size_t vocabulary) {
  const tn_tensor *ids = tn_expect(L, arg, "embedding: ids", TN_INT, 1, rows);
  for (size_t i = 0; i < rows; i++)
    if (tn_ints(ids)[i] < 0 || (size_t)tn_ints(ids)[i] >= vocabulary)
      luaL_error(L, "embedding: id %d is outside the vocabulary of %I", (int)tn_ints(ids)[i],
                 (lua_Integer)vocabulary);
  return ids;
}

/* embedding_forward(y (rows, E), table (V, E), ids (rows)) */
static int embedding_forward(lua_State *L) {
  const tn_tensor *table = tn_expect(L, 2, "embedding: table", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *y = tn_expect(L, 1, "embedding: y", TN_REAL, 2, TN_ANY, table->shape[1]);
  const tn_tensor *ids = check_ids(L, 3, y->shape[0], table->shape[0]);
  tn_embedding_forward(tn_as_mat(y), tn_as_mat(table), tn_ints(ids));
  return 0;
}

/* embedding_backward(d_table (V, E), dy (rows, E), ids (rows)) */
static int embedding_backward(lua_State *L) {
  const tn_tensor *table = tn_expect(L, 1, "embedding: d_table", TN_REAL, 2, TN_ANY, TN_ANY);
  const tn_tensor *dy = tn_expect(L, 2, "embedding: dy", TN_REAL, 2, TN_ANY, table->shape[1]);
  const tn_tensor *ids = check_ids(L, 3, dy->shape[0], table->shape[0]);
  tn_embedding_backward(tn_as_mat(table), tn_as_mat(dy), tn_ints(ids));
  return 0;
}

/* dropout_mask(mask, rng, p) */
static int dropout_mask(lua_State *L) {
  const tn_tensor *mask = tn_check(L, 1);
  tn_rng *rng = tn_check_rng(L, 2);
  const double p = luaL_checknumber(L, 3);
  luaL_argcheck(L, mask->kind == TN_REAL, 1, "must be real");
  luaL_argcheck(L, p >= 0 && p < 1, 3, "must be at least 0 and less than 1");
  tn_rng_fill_dropout(tn_reals(mask), rng, p, mask->size);
  return 0;
}

/* orthogonal(q (rows, cols), rng), rows >= cols */
static int orthogonal(lua_State *L) {
  const tn_tensor *q = tn_expect(L, 1, "orthogonal: q", TN_REAL, 2, TN_ANY, TN_ANY);
  tn_rng *rng = tn_check_rng(L, 2);
  const size_t rows = q->shape[0], cols = q->shape[1];
  luaL_argcheck(L, rows >= cols && rows <= INT32_MAX / 64, 1, "must have at least as many rows as columns");
  if (q->size == 0) return 0;
  double *work = (double *)lua_newuserdatauv(L, tn_orthogonal_work(rows, cols) * sizeof(double), 0);
  const int info = tn_orthogonal(tn_as_mat(q), rng, work);
  if (info != 0) return luaL_error(L, "orthogonal: LAPACK's QR decomposition failed with %d", info);
  return 0;
}

int tn_open_layers(lua_State *L) {
  static const luaL_Reg functions[] = {{"dense_forward", dense_forward},
                                       {"dense_backward", dense_backward},
                                       {"batchnorm_forward", batchnorm_forward},
                                       {"batchnorm_backward", batchnorm_backward},
                                       {"embedding_forward", embedding_forward},
                                       {"embedding_backward", embedding_backward},
                                       {"dropout_mask", dropout_mask},
                                       {"orthogonal", orthogonal},
                                       {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
