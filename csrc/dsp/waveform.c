/* Descriptors of a frame's samples. */
#include "waveform.h"

#include "lanes.h"

typedef uint64_t v8u __attribute__((vector_size(64)));

/* |sign a - sign b| counts two questions that a and b answer differently:
** is it positive, is it negative? Where no sample is 0 the answers differ
** together, as the bits of the signs do. */
TN_SIMD double tn_zero_crossings(const double *x, size_t n) {
  const tn_m8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
  /* the last vector ends with the last sample: its first lanes are counted already */
  const size_t tail = n - TN_LANES, whole = 1 + (n - 1) / TN_LANES * TN_LANES;
  const tn_m8 fresh = lane >= (int64_t)(whole - tail);
  tn_m8 signs = {0}, zeros = {0};
  for (size_t i = 1; i < whole; i += TN_LANES) {
    const tn_v8 a = TN_V8(x + i), b = TN_V8(x + i - 1);
    signs += (tn_m8)(((v8u)a ^ (v8u)b) >> 63);
    zeros |= b == 0.0;
  }
  const tn_v8 last = TN_V8(x + tail), before = TN_V8(x + tail - 1);
  signs += (tn_m8)(((v8u)last ^ (v8u)before) >> 63) & fresh;
  zeros |= (last == 0.0) | (before == 0.0);
  int64_t twice = 0, zero = 0;
  for (int l = 0; l < TN_LANES; l++) {
    twice += 2 * signs[l];
    zero |= zeros[l];
  }
  if (zero != 0) {
    tn_m8 both = {0};
    for (size_t i = 1; i < whole; i += TN_LANES) {
      const tn_v8 a = TN_V8(x + i), b = TN_V8(x + i - 1);
      both -= ((a > 0.0) ^ (b > 0.0)) + ((a < 0.0) ^ (b < 0.0));
    }
    both -= (((last > 0.0) ^ (before > 0.0)) + ((last < 0.0) ^ (before < 0.0))) & fresh;
    twice = 0;
    for (int l = 0; l < TN_LANES; l++) twice += both[l];
  }
  return 0.5 * (double)twice / (double)(n - 1);
}

static inline double sum_squares(const double *x, size_t n) {
  tn_v8 s = {0};
  size_t i = 0;
  for (; i + TN_LANES <= n; i += TN_LANES) s += TN_V8(x + i) * TN_V8(x + i);
  double lanes[TN_LANES];
  TN_V8(lanes) = s;
  double sum = tn_lanes_sum(lanes);
  for (; i < n; i++) sum += x[i] * x[i];
  return sum;
}

TN_SIMD double tn_energy_shares(double *p, size_t stride, const double *x, size_t n, double eps) {
  const size_t block = n / TN_BLOCKS;
  double total = 0;
  for (size_t j = 0; j < TN_BLOCKS; j++) {
    p[j * stride] = sum_squares(x + j * block, block);
    total += p[j * stride];
  }
  total += sum_squares(x + TN_BLOCKS * block, n - TN_BLOCKS * block);
  const double scale = 1 / (total + eps);
  for (size_t j = 0; j < TN_BLOCKS; j++) p[j * stride] *= scale;
  return total;
}
