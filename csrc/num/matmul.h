/* Products of matrices by BLAS, row-major. Dimensions fit an int. */
#ifndef TN_MATMUL_H
#define TN_MATMUL_H

#include "real.h"

/* out (m, n) = a (m, k) b (k, n); with k = 0 all zeros. */
void tn_matmul(tn_real *out, const tn_real *a, const tn_real *b, size_t m, size_t k, size_t n);

#endif
