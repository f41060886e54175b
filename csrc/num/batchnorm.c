#include "batchnorm.h"

#include <math.h>

static void normalise(tn_mat y, tn_mat x, tn_batchnorm bn) {
  for (size_t r = 0; r < x.rows; r++) {
    const tn_real *in = tn_row(x, r);
    tn_real *out = tn_row(y, r);
    for (size_t f = 0; f < x.cols; f++)
      out[f] = bn.gamma[f] * ((in[f] - bn.mean[f]) * bn.inv_std[f]) + bn.beta[f];
  }
}

void tn_batchnorm_train(tn_mat y, tn_mat x, tn_batchnorm bn) {
  const double n = (double)x.rows;
  /* One row has no unbiased variance. Keras multiplies its variance, 0, by n/(n - 1 - eps): 0 it stays. */
  const double unbiased = x.rows > 1 ? n - 1 : 1;
  for (size_t f = 0; f < x.cols; f++) {
    double sum = 0, squares = 0;
    for (size_t r = 0; r < x.rows; r++) sum += (double)tn_row(x, r)[f];
    const double mean = sum / n;
    for (size_t r = 0; r < x.rows; r++) {
      const double d = (double)tn_row(x, r)[f] - mean;
      squares += d * d;
    }
    bn.mean[f] = (tn_real)mean;
    bn.inv_std[f] = (tn_real)(1 / sqrt(squares / n + bn.eps));
    bn.running_mean[f] = (tn_real)(bn.momentum * (double)bn.running_mean[f] + (1 - bn.momentum) * mean);
    bn.running_var[f] =
        (tn_real)(bn.momentum * (double)bn.running_var[f] + (1 - bn.momentum) * squares / unbiased);
  }
  normalise(y, x, bn);
}

void tn_batchnorm_eval(tn_mat y, tn_mat x, tn_batchnorm bn) {
  for (size_t f = 0; f < x.cols; f++) {
    bn.mean[f] = bn.running_mean[f];
    bn.inv_std[f] = (tn_real)(1 / sqrt((double)bn.running_var[f] + bn.eps));
  }
  normalise(y, x, bn);
}

void tn_batchnorm_backward(tn_mat dx, tn_real *dgamma, tn_real *dbeta, tn_mat dy, tn_mat x, tn_batchnorm bn,
                           int trained) {
  const double n = (double)x.rows;
  for (size_t f = 0; f < x.cols; f++) {
    double sum = 0, along = 0; /* Σ dy and Σ dy xhat */
    const double mean = (double)bn.mean[f], inv = (double)bn.inv_std[f];
    for (size_t r = 0; r < x.rows; r++) {
      const double d = (double)tn_row(dy, r)[f];
      sum += d;
      along += d * (((double)tn_row(x, r)[f] - mean) * inv);
    }
    dgamma[f] += (tn_real)along;
    dbeta[f] += (tn_real)sum;
    if (dx.at == NULL) continue;
    const double scale = (double)bn.gamma[f] * inv;
    const double mean_dy = trained ? sum / n : 0, mean_along = trained ? along / n : 0;
    for (size_t r = 0; r < x.rows; r++) {
      const double xhat = ((double)tn_row(x, r)[f] - mean) * inv;
      tn_row(dx, r)[f] = (tn_real)(scale * ((double)tn_row(dy, r)[f] - mean_dy - xhat * mean_along));
    }
  }
}
