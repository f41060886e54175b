#include "ccc.h"

#include <math.h>

/* Two passes: the mean first, so that the moments do not cancel; the mean as
** a distance from the first value, so that a constant has variance 0 exactly. */
tn_moments tn_moments_of(const tn_real *x, const tn_real *y, size_t n, size_t stride_x, size_t stride_y) {
  tn_moments m = {0, 0, 0, 0, 0};
  const double count = (double)n, x0 = n > 0 ? (double)x[0] : 0, y0 = n > 0 ? (double)y[0] : 0;
  for (size_t i = 0; i < n; i++) {
    m.mean_x += (double)x[i * stride_x] - x0;
    m.mean_y += (double)y[i * stride_y] - y0;
  }
  m.mean_x = x0 + m.mean_x / count;
  m.mean_y = y0 + m.mean_y / count;
  for (size_t i = 0; i < n; i++) {
    const double a = (double)x[i * stride_x] - m.mean_x, b = (double)y[i * stride_y] - m.mean_y;
    m.var_x += a * a;
    m.var_y += b * b;
    m.cov += a * b;
  }
  m.var_x /= count;
  m.var_y /= count;
  m.cov /= count;
  return m;
}

double tn_mean_distance(const tn_real *x, const tn_real *y, size_t n, size_t stride_x, size_t stride_y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += fabs((double)x[i * stride_x] - (double)y[i * stride_y]);
  return sum / (double)n;
}

static double denominator(tn_moments m, double eps) {
  const double apart = m.mean_x - m.mean_y;
  return m.var_x + m.var_y + apart * apart + eps;
}

double tn_ccc(tn_moments m, double eps) { return 2 * m.cov / denominator(m, eps); }

double tn_pcc(tn_moments m) { return m.cov / sqrt(m.var_x * m.var_y); }

double tn_ccc_loss(tn_mat dx, double *ccc, tn_mat x, tn_mat y, const double *weights, double eps) {
  const double n = (double)x.rows;
  double loss = 0;
  for (size_t k = 0; k < x.cols; k++) {
    const tn_moments m = tn_moments_of(x.at + k, y.at + k, x.rows, x.stride, y.stride);
    const double below = denominator(m, eps);
    ccc[k] = 2 * m.cov / below;
    loss += weights[k] * (1 - ccc[k]);
    if (dx.at == NULL) continue;
    /* d cov/dx_i = (y_i - mean y)/n, d below/dx_i = 2 (x_i - mean x + mean x - mean y)/n */
    const double scale = -weights[k] * 2 / (n * below);
    for (size_t i = 0; i < x.rows; i++)
      tn_row(dx, i)[k] = (tn_real)(scale * (((double)tn_row(y, i)[k] - m.mean_y) -
                                            ccc[k] * ((double)tn_row(x, i)[k] - m.mean_y)));
  }
  return loss;
}
