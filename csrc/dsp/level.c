/* Compensated sums in lanes. */
#define TN_SELF "level.c"
#include "level.h"

#include "widths.h"

#ifdef TN_WIDTH

/* n: a multiple of TN_LANES. Knuth's two-sum, as below. */
TN_KERNEL static void TN_NAME(tn_level_run)(tn_level *l, const double *x, size_t n) {
  tn_vec sum[TN_PARTS], lost[TN_PARTS], low[TN_PARTS], high[TN_PARTS];
  for (int q = 0; q < TN_PARTS; q++) {
    sum[q] = TN_AT(l->sum + TN_WIDTH * q);
    lost[q] = TN_AT(l->lost + TN_WIDTH * q);
    low[q] = TN_ALL(l->low);
    high[q] = TN_ALL(l->high);
  }
  for (size_t i = 0; i < n; i += TN_LANES)
    for (int q = 0; q < TN_PARTS; q++) {
      const tn_vec v = TN_AT(x + i + TN_WIDTH * q), s = sum[q] + v, of_v = s - sum[q];
      lost[q] += (sum[q] - (s - of_v)) + (v - of_v);
      sum[q] = s;
      low[q] = TN_SELECT(low[q], v < low[q], v);
      high[q] = TN_SELECT(high[q], v > high[q], v);
    }
  for (int q = 0; q < TN_PARTS; q++) {
    TN_AT(l->sum + TN_WIDTH * q) = sum[q];
    TN_AT(l->lost + TN_WIDTH * q) = lost[q];
    for (int k = 0; k < TN_WIDTH; k++) {
      l->low = low[q][k] < l->low ? low[q][k] : l->low;
      l->high = high[q][k] > l->high ? high[q][k] : l->high;
    }
  }
  l->count += n;
}

#else

#include <math.h>

void tn_level_init(tn_level *l) {
  *l = (tn_level){.low = INFINITY, .high = -INFINITY};
}

/* Knuth's two-sum: sum + x = s + (what s lost), exactly, without a branch. */
static inline void add(double *sum, double *lost, double x) {
  const double s = *sum + x, of_x = s - *sum;
  *lost += (*sum - (s - of_x)) + (x - of_x);
  *sum = s;
}

static void add_one(tn_level *l, double x) {
  const size_t lane = l->count++ % TN_LANES;
  add(&l->sum[lane], &l->lost[lane], x);
  l->low = x < l->low ? x : l->low;
  l->high = x > l->high ? x : l->high;
}

void tn_level_add(tn_level *l, const double *x, size_t n) {
  while (n > 0 && l->count % TN_LANES != 0) {
    add_one(l, *x++);
    n--;
  }
  const size_t whole = n / TN_LANES * TN_LANES;
  TN_PICK(tn_level_run)(l, x, whole);
  for (size_t i = whole; i < n; i++) add_one(l, x[i]);
}

double tn_level_mean(const tn_level *l) {
  double sum = 0, lost = 0;
  for (int lane = 0; lane < TN_LANES; lane++) {
    add(&sum, &lost, l->sum[lane]);
    lost += l->lost[lane];
  }
  return (sum + lost) / (double)l->count;
}

double tn_level_peak(const tn_level *l, double mean) {
  const double above = l->high - mean, below = mean - l->low;
  return above > below ? above : below;
}

TN_SIMD static void normalise(double *x, size_t n, double mean, double scale) {
  for (size_t i = 0; i < n; i++) x[i] = (x[i] - mean) * scale;
}

void tn_normalise(double *x, size_t n, double mean, double scale) { normalise(x, n, mean, scale); }

#endif
