/* Descriptors of a frame's samples. */
#define TN_SELF "waveform.c"
#include "waveform.h"

#include "widths.h"

#ifdef TN_WIDTH

/* |sign a - sign b| counts two questions that a and b answer differently:
** is it positive, is it negative? */
TN_KERNEL static int64_t TN_NAME(answers)(const double *x, size_t n) {
  tn_mask count = {0};
  int64_t twice = 0;
  size_t i = 1;
  for (; i + TN_WIDTH <= n; i += TN_WIDTH) {
    const tn_vec a = TN_AT(x + i), b = TN_AT(x + i - 1);
    count -= ((a > 0.0) ^ (b > 0.0)) + ((a < 0.0) ^ (b < 0.0));
  }
  for (int l = 0; l < TN_WIDTH; l++) twice += count[l];
  for (; i < n; i++) twice += ((x[i] > 0) != (x[i - 1] > 0)) + ((x[i] < 0) != (x[i - 1] < 0));
  return twice;
}

/* Sum of |sign x[i] - sign x[i-1]|. Where no sample is 0 both answers differ
** together, as the bits of the signs do; that is quicker to count. */
TN_KERNEL static int64_t TN_NAME(tn_sign_changes)(const double *x, size_t n) {
  tn_bits signs = {0};
  tn_mask zeros = {0};
  int64_t twice = 0, zero = 0;
  size_t i = 1;
  for (; i + TN_WIDTH <= n; i += TN_WIDTH) {
    const tn_vec a = TN_AT(x + i), b = TN_AT(x + i - 1);
    signs += ((tn_bits)a ^ (tn_bits)b) >> 63;
    zeros |= b == 0.0;
  }
  for (int l = 0; l < TN_WIDTH; l++) {
    twice += 2 * (int64_t)signs[l];
    zero |= zeros[l];
  }
  for (size_t k = i - 1; k < n; k++) zero |= x[k] == 0;
  for (; i < n; i++) twice += 2 * ((x[i] > 0) != (x[i - 1] > 0));
  return zero == 0 ? twice : TN_NAME(answers)(x, n);
}

TN_KERNEL static inline double TN_NAME(sum_squares)(const double *x, size_t n) {
  tn_vec s[TN_PARTS] = {{0}};
  double lanes[TN_LANES];
  size_t i = 0;
  for (; i + TN_LANES <= n; i += TN_LANES)
    for (int q = 0; q < TN_PARTS; q++) {
      const tn_vec v = TN_AT(x + i + TN_WIDTH * q);
      s[q] += v * v;
    }
  for (int q = 0; q < TN_PARTS; q++) TN_AT(lanes + TN_WIDTH * q) = s[q];
  double sum = tn_lanes_sum(lanes);
  for (; i < n; i++) sum += x[i] * x[i];
  return sum;
}

TN_KERNEL static double TN_NAME(tn_energy_shares)(double *p, size_t stride, const double *x, size_t n, double eps) {
  const size_t block = n / TN_BLOCKS;
  double total = 0;
  for (size_t j = 0; j < TN_BLOCKS; j++) {
    p[j * stride] = TN_NAME(sum_squares)(x + j * block, block);
    total += p[j * stride];
  }
  total += TN_NAME(sum_squares)(x + TN_BLOCKS * block, n - TN_BLOCKS * block);
  const double scale = 1 / (total + eps);
  for (size_t j = 0; j < TN_BLOCKS; j++) p[j * stride] *= scale;
  return total;
}

#else

double tn_zero_crossings(const double *x, size_t n) {
  return 0.5 * (double)TN_PICK(tn_sign_changes)(x, n) / (double)(n - 1);
}

double tn_energy_shares(double *p, size_t stride, const double *x, size_t n, double eps) {
  return TN_PICK(tn_energy_shares)(p, stride, x, n, eps);
}

#endif
