/* Descriptors of a frame's samples. */
#include "waveform.h"

#include "lanes.h"

/* |sign a - sign b| counts two questions that a and b answer differently:
** is it positive, is it negative? Counting needs no arithmetic on signs. */
double tn_zero_crossings(const double *x, size_t n) {
  tn_m2 count[2] = {{0}, {0}};
  size_t i = 1;
  for (; i + 4 <= n; i += 4)
    for (int q = 0; q < 2; q++) {
      const tn_v2 a = tn_load(x + i + 2 * q), b = tn_load(x + i + 2 * q - 1);
      count[q] += ((a > 0.0) ^ (b > 0.0)) + ((a < 0.0) ^ (b < 0.0));
    }
  int64_t twice = -(count[0][0] + count[0][1] + count[1][0] + count[1][1]);
  for (; i < n; i++) twice += ((x[i] > 0) != (x[i - 1] > 0)) + ((x[i] < 0) != (x[i - 1] < 0));
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
