#include "gemm.h"

#include <cblas.h>

#include "pool.h"

#define cblas_gemm TN_(cblas_sgemm, cblas_dgemm)
#define SPLIT_FLOPS 400000.0 /* below this a second thread costs more than it brings */

typedef struct product {
  tn_mat c, a, b;
  tn_real beta;
  CBLAS_TRANSPOSE ta, tb;
} product;

static void call(product p) {
  const size_t k = p.ta == CblasTrans ? p.a.rows : p.a.cols;
  if (p.c.rows == 0 || p.c.cols == 0) return;
  if (k == 0) {
    if (p.beta == 0)
      for (size_t i = 0; i < p.c.rows; i++)
        for (size_t j = 0; j < p.c.cols; j++) tn_row(p.c, i)[j] = 0;
    return;
  }
  cblas_gemm(CblasRowMajor, p.ta, p.tb, (int)p.c.rows, (int)p.c.cols, (int)k, 1, p.a.at, (int)p.a.stride,
             p.b.at, (int)p.b.stride, p.beta, p.c.at, (int)p.c.stride);
}

static void part(void *ctx, int id, int count) {
  product p = *(const product *)ctx;
  if (p.c.rows >= p.c.cols) {
    const tn_span s = tn_share((int)p.c.rows, 16, id, count);
    p.c = tn_rows(p.c, (size_t)s.first, (size_t)s.count);
    p.a = p.ta == CblasTrans ? tn_cols(p.a, (size_t)s.first, (size_t)s.count)
                             : tn_rows(p.a, (size_t)s.first, (size_t)s.count);
  } else {
    const tn_span s = tn_share((int)p.c.cols, 16, id, count);
    p.c = tn_cols(p.c, (size_t)s.first, (size_t)s.count);
    p.b = p.tb == CblasTrans ? tn_rows(p.b, (size_t)s.first, (size_t)s.count)
                             : tn_cols(p.b, (size_t)s.first, (size_t)s.count);
  }
  call(p);
}

static void split(product p) {
  const double k = (double)(p.ta == CblasTrans ? p.a.rows : p.a.cols);
  if (2.0 * (double)p.c.rows * (double)p.c.cols * k < SPLIT_FLOPS)
    call(p);
  else
    tn_parallel(part, &p);
}

void tn_gemm_nn(tn_mat c, tn_real beta, tn_mat a, tn_mat b) {
  split((product){c, a, b, beta, CblasNoTrans, CblasNoTrans});
}

void tn_gemm_nt(tn_mat c, tn_real beta, tn_mat a, tn_mat b) {
  split((product){c, a, b, beta, CblasNoTrans, CblasTrans});
}

void tn_gemm_tn(tn_mat c, tn_real beta, tn_mat a, tn_mat b) {
  split((product){c, a, b, beta, CblasTrans, CblasNoTrans});
}

void tn_gemm_nn_here(tn_mat c, tn_real beta, tn_mat a, tn_mat b) {
  call((product){c, a, b, beta, CblasNoTrans, CblasNoTrans});
}

void tn_gemm_nt_here(tn_mat c, tn_real beta, tn_mat a, tn_mat b) {
  call((product){c, a, b, beta, CblasNoTrans, CblasTrans});
}
