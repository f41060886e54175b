/* A matrix view: rows of `cols` numbers, `stride` numbers apart. It owns nothing. */
#ifndef TN_MAT_H
#define TN_MAT_H

#include "real.h"

typedef struct tn_mat {
  tn_real *at;
  size_t rows, cols, stride;
} tn_mat;

static inline tn_mat tn_mat_of(const tn_real *at, size_t rows, size_t cols) {
  /* one view type for input and output: const is the caller's promise */
  return (tn_mat){(tn_real *)(uintptr_t)at, rows, cols, cols};
}

static inline tn_real *tn_row(tn_mat m, size_t row) { return m.at + row * m.stride; }

static inline tn_mat tn_rows(tn_mat m, size_t first, size_t count) {
  return (tn_mat){m.at + first * m.stride, count, m.cols, m.stride};
}

static inline tn_mat tn_cols(tn_mat m, size_t first, size_t count) {
  return (tn_mat){m.at + first, m.rows, count, m.stride};
}

#endif
