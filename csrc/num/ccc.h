/* The concordance correlation coefficient (Lin 1989; paper.md, section 1):
**
**   CCC = 2 cov(x,y) / (var x + var y + (mean x - mean y)² + eps)
**
** population moments, in double whatever tn_real is. As the loss, eps = 1e-7
** and L = Σ_k w_k (1 - CCC_k) over the K columns (eq. 4).
*/
#ifndef TN_CCC_H
#define TN_CCC_H

#include "mat.h"

typedef struct tn_moments {
  double mean_x, mean_y, var_x, var_y, cov;
} tn_moments;

tn_moments tn_moments_of(const tn_real *x, const tn_real *y, size_t n, size_t stride_x, size_t stride_y);
double tn_mean_distance(const tn_real *x, const tn_real *y, size_t n, size_t stride_x, size_t stride_y); /* of |x - y| */
double tn_ccc(tn_moments m, double eps);
double tn_pcc(tn_moments m); /* Pearson's; NaN where a side is constant */

/* Returns L; dx (N, K) set to dL/dx unless .at is NULL; ccc (K) set. */
double tn_ccc_loss(tn_mat dx, double *ccc, tn_mat x, tn_mat y, const double *weights, double eps);

#endif
