/* Descriptors of a frame's samples. */
#include "waveform.h"

#include "lanes.h"

double tn_zero_crossings(const double *x, size_t n) {
  long twice = 0;
  for (size_t i = 1; i < n; i++) {
    const int now = (x[i] > 0) - (x[i] < 0), before = (x[i - 1] > 0) - (x[i - 1] < 0);
    twice += now > before ? now - before : before - now;
  }
  return 0.5 * (double)twice / (double)(n - 1);
}

double tn_energy_shares(double p[TN_BLOCKS], const double *x, size_t n, double eps) {
  const size_t block = n / TN_BLOCKS;
  double total = 0;
  for (size_t j = 0; j < TN_BLOCKS; j++) {
    p[j] = tn_sum_squares(x + j * block, block);
    total += p[j];
  }
  total += tn_sum_squares(x + TN_BLOCKS * block, n - TN_BLOCKS * block);
  for (size_t j = 0; j < TN_BLOCKS; j++) p[j] /= total + eps;
  return total;
}
