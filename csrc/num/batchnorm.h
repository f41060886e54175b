/* Batch normalisation over the rows of (N, F) (Ioffe & Szegedy 2015), as Keras
** 2.3: y = gamma (x - mean) / sqrt(var + eps) + beta.
** Training takes mean and biased variance of the batch and moves the running
** ones: r = momentum r + (1 - momentum) batch, the running variance by the
** unbiased estimate, N/(N-1). Inference takes the running ones.
** Saved: mean (F), inv_std (F). Sums in double.
*/
#ifndef TN_BATCHNORM_H
#define TN_BATCHNORM_H

#include "mat.h"

typedef struct tn_batchnorm {
  const tn_real *gamma, *beta;
  tn_real *running_mean, *running_var;
  tn_real *mean, *inv_std; /* of the last forward pass */
  double momentum, eps;
} tn_batchnorm;

void tn_batchnorm_train(tn_mat y, tn_mat x, tn_batchnorm bn); /* N >= 1 */
void tn_batchnorm_eval(tn_mat y, tn_mat x, tn_batchnorm bn);

/* dx set or .at NULL; dgamma, dbeta accumulated. `trained`: whether the pass
** was tn_batchnorm_train, through whose mean and variance gradients flow too. */
void tn_batchnorm_backward(tn_mat dx, tn_real *dgamma, tn_real *dbeta, tn_mat dy, tn_mat x, tn_batchnorm bn,
                           int trained);

#endif
