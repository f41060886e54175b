#include "dense.h"

#include <string.h>

#include "activation.h"
#include "gemm.h"

TN_SIMD static void activate(tn_real *restrict y, const tn_real *restrict b, size_t n, tn_activation f) {
  switch (f) {
  case TN_LINEAR:
    for (size_t i = 0; i < n; i++) y[i] += b[i];
    break;
  case TN_RELU: /* a NaN stays one */
    for (size_t i = 0; i < n; i++) {
      const tn_real z = y[i] + b[i];
      y[i] = z < 0 ? 0 : z;
    }
    break;
  case TN_TANH:
    for (size_t i = 0; i < n; i++) y[i] = tn_tanh(y[i] + b[i]);
    break;
  case TN_SIGMOID:
    for (size_t i = 0; i < n; i++) y[i] = tn_sigmoid(y[i] + b[i]);
    break;
  }
}

void tn_dense_forward(tn_mat y, tn_mat x, tn_mat w, const tn_real *b, tn_activation f) {
  tn_gemm_nt(y, 0, x, w);
  for (size_t r = 0; r < y.rows; r++) activate(tn_row(y, r), b, y.cols, f);
}

static void slope(tn_real *restrict dz, const tn_real *restrict dy, const tn_real *restrict y, size_t n,
                  tn_activation f) {
  switch (f) {
  case TN_LINEAR:
    memcpy(dz, dy, n * sizeof *dz);
    break;
  case TN_RELU:
    for (size_t i = 0; i < n; i++) dz[i] = y[i] > 0 ? dy[i] : 0;
    break;
  case TN_TANH:
    for (size_t i = 0; i < n; i++) dz[i] = dy[i] * (1 - y[i] * y[i]);
    break;
  case TN_SIGMOID:
    for (size_t i = 0; i < n; i++) dz[i] = dy[i] * y[i] * (1 - y[i]);
    break;
  }
}

void tn_dense_backward(tn_mat dx, tn_mat dw, tn_real *db, tn_mat dy, tn_mat x, tn_mat w, tn_mat y, tn_mat dz,
                       tn_activation f) {
  for (size_t r = 0; r < dz.rows; r++) {
    slope(tn_row(dz, r), tn_row(dy, r), tn_row(y, r), dz.cols, f);
    const tn_real *z = tn_row(dz, r);
    for (size_t i = 0; i < dz.cols; i++) db[i] += z[i];
  }
  tn_gemm_tn(dw, 1, dz, x);
  if (dx.at != NULL) tn_gemm_nn(dx, 0, dz, w);
}
