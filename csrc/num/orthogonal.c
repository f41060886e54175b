#include "orthogonal.h"

#define BLOCK 32 /* LAPACK's panel: its workspace is `cols` times this */

void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau, double *work, const int *lwork,
             int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau, double *work,
             const int *lwork, int *info);

size_t tn_orthogonal_work(size_t rows, size_t cols) { return rows * cols + (2 + BLOCK) * cols; }

int tn_orthogonal(tn_mat q, tn_rng *rng, double *work) {
  const int m = (int)q.rows, n = (int)q.cols, room = n * BLOCK;
  double *a = work, *tau = a + q.rows * q.cols, *sign = tau + n, *scratch = sign + n;
  int info = 0;
  for (size_t i = 0; i < q.rows * q.cols; i++) a[i] = tn_rng_normal(rng); /* column-major */
  dgeqrf_(&m, &n, a, &m, tau, scratch, &room, &info);
  if (info != 0) return info;
  for (size_t j = 0; j < q.cols; j++) sign[j] = a[j * q.rows + j] < 0 ? -1 : 1;
  dorgqr_(&m, &n, &n, a, &m, tau, scratch, &room, &info);
  if (info != 0) return info;
  for (size_t i = 0; i < q.rows; i++)
    for (size_t j = 0; j < q.cols; j++) tn_row(q, i)[j] = (tn_real)(sign[j] * a[j * q.rows + i]);
  return 0;
}
