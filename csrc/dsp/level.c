/* Compensated sums in lanes. */
#include "level.h"

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

TN_SIMD void tn_level_add(tn_level *l, const double *x, size_t n) {
  while (n > 0 && l->count % TN_LANES != 0) {
    add_one(l, *x++);
    n--;
  }
  tn_v8 sum = TN_V8(l->sum), lost = TN_V8(l->lost);
  tn_v8 low = (tn_v8){0} + l->low, high = (tn_v8){0} + l->high;
  size_t i = 0;
  for (; i + TN_LANES <= n; i += TN_LANES) {
    const tn_v8 v = TN_V8(x + i), s = sum + v, of_v = s - sum;
    lost += (sum - (s - of_v)) + (v - of_v);
    sum = s;
    low = TN_SELECT(low, v < low, v);
    high = TN_SELECT(high, v > high, v);
  }
  TN_V8(l->sum) = sum;
  TN_V8(l->lost) = lost;
  for (int lane = 0; lane < TN_LANES; lane++) {
    l->low = low[lane] < l->low ? low[lane] : l->low;
    l->high = high[lane] > l->high ? high[lane] : l->high;
  }
  l->count += i;
  for (; i < n; i++) add_one(l, x[i]);
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

TN_SIMD void tn_normalise(double *x, size_t n, double mean, double scale) {
  for (size_t i = 0; i < n; i++) x[i] = (x[i] - mean) * scale;
}
