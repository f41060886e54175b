/* Descriptors of a magnitude spectrum. */
#include "spectrum.h"

#include <math.h>

#include "lanes.h"

/* Squares below this may have lost bits to underflow. */
#define TN_QUIET 1e-130

static const tn_lanes first_ramp = {{{1, 2}, {3, 4}, {5, 6}, {7, 8}}};

static double largest(const double *X, size_t K) {
  tn_lanes m = {{{0}}};
  for (size_t k = 0; k < K; k += TN_LANES)
    for (int q = 0; q < TN_VECTORS; q++) {
      const tn_v2 u = tn_load(X + k + 2 * q);
      m.v[q] = tn_select(m.v[q], u > m.v[q], u);
    }
  double max = 0;
  for (int l = 0; l < TN_LANES; l++) max = m.v[l / 2][l % 2] > max ? m.v[l / 2][l % 2] : max;
  return max;
}

tn_moments tn_magnitudes(double *X, const double *z, size_t K) {
  const double scale = 1 / (double)K;
  for (size_t k = 0; k < K; k++) X[k] = sqrt(z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1]) * scale;
  double peak = largest(X, K);
  if (peak < TN_QUIET) {
    for (size_t k = 0; k < K; k++) X[k] = hypot(z[2 * k], z[2 * k + 1]) * scale;
    peak = largest(X, K);
  }
  tn_lanes sum = {{{0}}}, ramp = {{{0}}}, f = first_ramp;
  for (size_t k = 0; k < K; k += TN_LANES)
    for (int q = 0; q < TN_VECTORS; q++) {
      const tn_v2 u = tn_load(X + k + 2 * q);
      sum.v[q] += u;
      ramp.v[q] += f.v[q] * u;
      f.v[q] += 8.0;
    }
  return (tn_moments){tn_lanes_sum(&sum), peak, tn_lanes_sum(&ramp)};
}

void tn_centroid_spread(double *centroid, double *spread, const double *X, tn_moments m, size_t K, double eps) {
  const double unit = m.max == 0 ? eps : m.max; /* weights are X over this */
  const double divisor = m.sum / unit + eps;
  const double c = m.ramp / unit / divisor;
  /* about the centroid, not from moments about zero: a narrow spectrum's
  ** spread would be the small difference of two large numbers */
  tn_lanes sum = {{{0}}}, f = first_ramp;
  for (size_t k = 0; k < K; k += TN_LANES)
    for (int q = 0; q < TN_VECTORS; q++) {
      const tn_v2 off = f.v[q] - c;
      sum.v[q] += off * off * tn_load(X + k + 2 * q);
      f.v[q] += 8.0;
    }
  *centroid = c / (double)K;
  *spread = sqrt(tn_lanes_sum(&sum) / unit / divisor) / (double)K;
}

double tn_flux(const double *X, double sum_X, const double *Y, double sum_Y, size_t K) {
  const double a = 1 / sum_X, b = 1 / sum_Y;
  tn_lanes sum = {{{0}}};
  for (size_t k = 0; k < K; k += TN_LANES)
    for (int q = 0; q < TN_VECTORS; q++) {
      const tn_v2 off = tn_load(X + k + 2 * q) * a - tn_load(Y + k + 2 * q) * b;
      sum.v[q] += off * off;
    }
  return tn_lanes_sum(&sum);
}

double tn_rolloff(const double *X, double energy, size_t K, double eps) {
  const double threshold = 0.90 * energy;
  double sum = 0;
  for (size_t k = 0; k < K; k++) {
    sum += X[k] * X[k];
    if (sum + eps > threshold) return (double)k / (double)K;
  }
  return 0;
}
