/* Two passes over the bins: what sums alone give, then what needs those sums. */
#include "spectrum.h"

#include <math.h>

#include "waveform.h"

typedef uint64_t v8u __attribute__((vector_size(64)));

/* A first guess at 1/sqrt p, 4 % off, by halving the exponent (and roughly the
** mantissa) of p. Two of Newton's steps, each of which doubles the digits, and
** a last one that trebles them, on the root itself, bring it within 2 units in
** the last place, and to 0 for 0; the processor's own square root takes twice
** the time, as it works on the numbers of a vector one after the other. */
#define TN_GUESS(p) ((tn_v8)(UINT64_C(0x5fe6eb50c7b537a9) - ((v8u)(p) >> 1)))

TN_SIMD void tn_magnitudes(double *restrict X, tn_moments *restrict m, double *restrict p,
                           const double *restrict scale, size_t K, double eps) {
  const size_t block = K / TN_BLOCKS;
  const tn_v8 unit = TN_V8(scale);
  tn_v8 sum = {0}, max = {0}, ramp = {0}, total = {0}, f = {0}; /* f: k + 1 */
  size_t k = 0;
  /* the eleventh block is what the ten leave over: it counts in the whole only */
  for (size_t j = 0; j <= TN_BLOCKS; j++) {
    const size_t end = j < TN_BLOCKS ? k + block : K;
    tn_v8 energy = {0};
    for (; k < end; k++) {
      double *row = X + TN_ROW * k + TN_FIRST;
      const tn_v8 power = TN_V8(row), half = 0.5 * power;
      tn_v8 r = TN_GUESS(power);
      r *= 1.5 - half * r * r;
      r *= 1.5 - half * r * r;
      const tn_v8 root = power * r, off = 1.0 - root * r;
      const tn_v8 x = (root + root * (off * (0.5 + 0.375 * off))) * unit;
      TN_V8(row) = x;
      f += 1.0;
      sum += x;
      ramp += f * x;
      max = TN_SELECT(max, x > max, x);
      energy += x * x;
    }
    if (j < TN_BLOCKS) TN_V8(p + TN_LANES * j) = energy;
    total += energy;
  }
  const tn_v8 share = 1.0 / (total + eps);
  for (size_t j = 0; j < TN_BLOCKS; j++) TN_V8(p + TN_LANES * j) *= share;
  TN_V8(m->sum + TN_FIRST) = sum;
  TN_V8(m->max) = max;
  TN_V8(m->ramp) = ramp;
  TN_V8(m->total) = total;
}

TN_SIMD void tn_spectral_shape(double *centroid, double *spread, double *flux, double *rolloff, double *X,
                               tn_moments *m, size_t count, size_t K, double eps) {
  const double padding = (double)K * eps, bins = (double)K;
  const tn_v8 max = TN_V8(m->max), unit = TN_SELECT(max, max == 0.0, (tn_v8){0} + eps);
  const tn_v8 weights = TN_V8(m->sum + TN_FIRST) / unit + eps;
  const tn_v8 center = TN_V8(m->ramp) / unit / weights;
  const tn_v8 a = 1.0 / (TN_V8(m->sum + TN_FIRST) + padding), b = 1.0 / (TN_V8(m->sum + TN_FIRST - 1) + padding);
  const tn_v8 threshold = 0.90 * TN_V8(m->total);
  tn_v8 square = {0}, change = {0}, energy = {0}, f = {0};
  tn_m8 below = {0};
  for (size_t k = 0; k < K; k++) {
    double *before = X + TN_ROW * k + TN_FIRST - 1;
    const tn_v8 x = TN_V8(before + 1), y = TN_V8(before);
    before[0] = before[count];
    f += 1.0;
    /* about the centroid, not from moments about zero: a narrow spectrum's
    ** spread would be the small difference of two large numbers */
    const tn_v8 off = f - center, moved = x * a - y * b;
    square += off * off * x;
    change += moved * moved;
    /* the sum never falls: the bins below the threshold are those before the first above it */
    energy += x * x;
    below -= ~(energy + eps > threshold);
  }
  m->sum[TN_FIRST - 1] = m->sum[TN_FIRST - 1 + count];
  const tn_v8 variance = square / unit / weights;
  TN_V8(centroid) = center / bins;
  TN_V8(flux) = change;
  for (int l = 0; l < TN_LANES; l++) {
    spread[l] = sqrt(variance[l]) / bins;
    rolloff[l] = below[l] < (int64_t)K ? (double)below[l] / bins : 0;
  }
}
