/* Two passes over the bins: what sums alone give, then what needs those sums. */
#define TN_SELF "spectrum.c"
#include "spectrum.h"
#include "widths.h"

#ifdef TN_WIDTH

/* A first guess at 1/sqrt p, 4 % off, by halving the exponent (and roughly the
** mantissa) of p. Two of Newton's steps, each of which doubles the digits, and
** a last one that trebles them, on the root itself, bring it within 2 units in
** the last place, and to 0 for 0; the processor's own square root takes twice
** the time, as it works on the numbers of a vector one after the other. */
#undef TN_GUESS
#define TN_GUESS(p) ((tn_vec)(UINT64_C(0x5fe6eb50c7b537a9) - ((tn_bits)(p) >> 1)))

TN_KERNEL static void TN_NAME(magnitudes)(double *restrict X, tn_moments *restrict m, double *restrict p,
                                          const double *restrict scale, size_t K, double eps, int lane) {
  const size_t block = K / TN_BLOCKS;
  const tn_vec unit = TN_AT(scale + lane);
  tn_vec sum = {0}, max = {0}, ramp = {0}, total = {0}, f = {0}; /* f: k + 1 */
  double *row = X + TN_FIRST + lane;
  size_t k = 0;
  p += lane;
  /* the eleventh block is what the ten leave over: it counts in the whole only */
  for (size_t j = 0; j <= TN_BLOCKS; j++) {
    const size_t end = j < TN_BLOCKS ? k + block : K;
    tn_vec energy = {0};
    for (; k < end; k++, row += TN_ROW) {
      const tn_vec power = TN_AT(row), half = 0.5 * power;
      tn_vec r = TN_GUESS(power);
      r *= 1.5 - half * r * r;
      r *= 1.5 - half * r * r;
      const tn_vec root = power * r, off = 1.0 - root * r;
      const tn_vec x = (root + root * (off * (0.5 + 0.375 * off))) * unit;
      TN_AT(row) = x;
      f += 1.0;
      sum += x;
      ramp += f * x;
      max = TN_SELECT(max, x > max, x);
      energy += x * x;
    }
    if (j < TN_BLOCKS) TN_AT(p + TN_LANES * j) = energy;
    total += energy;
  }
  const tn_vec share = 1.0 / (total + eps);
  for (size_t j = 0; j < TN_BLOCKS; j++) TN_AT(p + TN_LANES * j) *= share;
  TN_AT(m->sum + TN_FIRST + lane) = sum;
  TN_AT(m->max + lane) = max;
  TN_AT(m->ramp + lane) = ramp;
  TN_AT(m->total + lane) = total;
}

TN_KERNEL static void TN_NAME(tn_magnitudes)(double *X, tn_moments *m, double *p, const double *scale, size_t K,
                                             double eps) {
  for (int lane = 0; lane < TN_LANES; lane += TN_WIDTH) TN_NAME(magnitudes)(X, m, p, scale, K, eps, lane);
}

/* The centroid and the variance about it in bins, the flux, and how many bins
** come before the roll-off (K: all). */
TN_KERNEL static void TN_NAME(tn_spectral_sums)(double *center, double *variance, double *flux, double *below,
                                                const double *X, const tn_moments *m, size_t K, double eps) {
  const double padding = (double)K * eps;
  for (int lane = 0; lane < TN_LANES; lane += TN_WIDTH) {
    const double *sums = m->sum + TN_FIRST + lane;
    const tn_vec max = TN_AT(m->max + lane), unit = TN_SELECT(max, max == 0.0, TN_ALL(eps));
    const tn_vec weights = TN_AT(sums) / unit + eps, c = TN_AT(m->ramp + lane) / unit / weights;
    const tn_vec a = 1.0 / (TN_AT(sums) + padding), b = 1.0 / (TN_AT(sums - 1) + padding);
    const tn_vec threshold = 0.90 * TN_AT(m->total + lane);
    tn_vec square = {0}, change = {0}, energy = {0}, f = {0}, count = {0};
    const double *row = X + TN_FIRST + lane;
    for (size_t k = 0; k < K; k++, row += TN_ROW) {
      const tn_vec x = TN_AT(row), y = TN_AT(row - 1);
      f += 1.0;
      /* about the centroid, not from moments about zero: a narrow spectrum's
      ** spread would be the small difference of two large numbers */
      const tn_vec off = f - c, moved = x * a - y * b;
      square += off * off * x;
      change += moved * moved;
      /* the sum never falls: the bins not above the threshold come before the first above it */
      energy += x * x;
      count = TN_SELECT(f, energy + eps > threshold, count);
    }
    TN_AT(center + lane) = c;
    TN_AT(variance + lane) = square / unit / weights;
    TN_AT(flux + lane) = change;
    TN_AT(below + lane) = count;
  }
}

#else

#include <math.h>

void tn_magnitudes(double *X, tn_moments *m, double *p, const double *scale, size_t K, double eps) {
  TN_PICK(tn_magnitudes)(X, m, p, scale, K, eps);
}

void tn_spectral_shape(double *centroid, double *spread, double *flux, double *rolloff, double *X, tn_moments *m,
                       size_t count, size_t K, double eps) {
  const double bins = (double)K;
  TN_PICK(tn_spectral_sums)(centroid, spread, flux, rolloff, X, m, K, eps);
  for (int l = 0; l < TN_LANES; l++) {
    centroid[l] /= bins;
    spread[l] = sqrt(spread[l]) / bins;
    rolloff[l] = rolloff[l] < bins ? rolloff[l] / bins : 0;
  }
  for (size_t k = 0; k < K; k++) X[TN_ROW * k + TN_FIRST - 1] = X[TN_ROW * k + TN_FIRST - 1 + count];
  m->sum[TN_FIRST - 1] = m->sum[TN_FIRST - 1 + count];
}

#endif
