/* Products of matrices. A vector is a matrix with one row or column, for which
** gemv is the faster call. */
#include "matmul.h"

#include <cblas.h>
#include <string.h>

void tn_matmul(tn_real *out, const tn_real *a, const tn_real *b, size_t m, size_t k, size_t n) {
  const int rows = (int)m, inner = (int)k, cols = (int)n;
  if (m == 0 || n == 0) return;
  memset(out, 0, m * n * sizeof *out); /* beta = 0 need not clear a NaN in every BLAS */
  if (k == 0) return;
  if (n == 1)
    TN_(cblas_sgemv, cblas_dgemv)(CblasRowMajor, CblasNoTrans, rows, inner, 1, a, inner, b, 1, 0, out, 1);
  else if (m == 1)
    TN_(cblas_sgemv, cblas_dgemv)(CblasRowMajor, CblasTrans, inner, cols, 1, b, cols, a, 1, 0, out, 1);
  else
    TN_(cblas_sgemm, cblas_dgemm)(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, cols, inner, 1, a, inner, b,
                                  cols, 0, out, cols);
}
