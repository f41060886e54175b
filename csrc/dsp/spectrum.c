/* Descriptors of a magnitude spectrum. */
#include "spectrum.h"

#include <math.h>

#include "lanes.h"

/* Squares below this may have lost bits to underflow. */
#define TN_QUIET 1e-130

static const tn_v4 ramp_low = {1, 2, 3, 4}, ramp_high = {5, 6, 7, 8};

tn_moments tn_magnitudes(double *X, const double *z, size_t K) {
  const double scale = 1 / (double)K;
  double peak = 0;
  for (size_t k = 0; k < K; k++) {
    X[k] = sqrt(z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1]) * scale;
    peak = X[k] > peak ? X[k] : peak;
  }
  if (peak < TN_QUIET) {
    peak = 0;
    for (size_t k = 0; k < K; k++) {
      X[k] = hypot(z[2 * k], z[2 * k + 1]) * scale;
      peak = X[k] > peak ? X[k] : peak;
    }
  }
  tn_v4 s0 = {0}, s1 = {0}, r0 = {0}, r1 = {0}, u, v, f0 = ramp_low, f1 = ramp_high;
  for (size_t k = 0; k < K; k += TN_LANES) {
    TN_LOAD(u, X + k);
    TN_LOAD(v, X + k + 4);
    s0 += u;
    s1 += v;
    r0 += f0 * u;
    r1 += f1 * v;
    f0 += 8.0;
    f1 += 8.0;
  }
  return (tn_moments){TN_LANES_SUM(s0, s1), peak, TN_LANES_SUM(r0, r1)};
}

void tn_centroid_spread(double *centroid, double *spread, const double *X, tn_moments m, size_t K, double eps) {
  const double unit = m.max == 0 ? eps : m.max; /* weights are X over this */
  const double divisor = m.sum / unit + eps;
  const double c = m.ramp / unit / divisor;
  /* about the centroid, not from moments about zero: a narrow spectrum's
  ** spread would be the small difference of two large numbers */
  tn_v4 s0 = {0}, s1 = {0}, u, v, d0 = ramp_low - c, d1 = ramp_high - c;
  for (size_t k = 0; k < K; k += TN_LANES) {
    TN_LOAD(u, X + k);
    TN_LOAD(v, X + k + 4);
    s0 += d0 * d0 * u;
    s1 += d1 * d1 * v;
    d0 += 8.0;
    d1 += 8.0;
  }
  *centroid = c / (double)K;
  *spread = sqrt(TN_LANES_SUM(s0, s1) / unit / divisor) / (double)K;
}

double tn_flux(const double *X, double sum_X, const double *Y, double sum_Y, size_t K) {
  const double a = 1 / sum_X, b = 1 / sum_Y;
  tn_v4 s0 = {0}, s1 = {0}, x, y;
  for (size_t k = 0; k < K; k += TN_LANES) {
    TN_LOAD(x, X + k);
    TN_LOAD(y, Y + k);
    x = x * a - y * b;
    s0 += x * x;
    TN_LOAD(x, X + k + 4);
    TN_LOAD(y, Y + k + 4);
    x = x * a - y * b;
    s1 += x * x;
  }
  return TN_LANES_SUM(s0, s1);
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
