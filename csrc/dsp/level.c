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

void tn_level_add(tn_level *l, const double *x, size_t n) {
  while (n > 0 && l->count % TN_LANES != 0) {
    add_one(l, *x++);
    n--;
  }
  tn_lanes sum, lost, low, high;
  memcpy(&sum, l->sum, sizeof sum);
  memcpy(&lost, l->lost, sizeof lost);
  for (int q = 0; q < TN_VECTORS; q++) {
    low.v[q] = (tn_v2){l->low, l->low};
    high.v[q] = (tn_v2){l->high, l->high};
  }
  size_t i = 0;
  for (; i + TN_LANES <= n; i += TN_LANES)
    for (int q = 0; q < TN_VECTORS; q++) {
      const tn_v2 v = tn_load(x + i + 2 * q), s = sum.v[q] + v, of_v = s - sum.v[q];
      lost.v[q] += (sum.v[q] - (s - of_v)) + (v - of_v);
      sum.v[q] = s;
      low.v[q] = tn_select(low.v[q], v < low.v[q], v);
      high.v[q] = tn_select(high.v[q], v > high.v[q], v);
    }
  memcpy(l->sum, &sum, sizeof sum);
  memcpy(l->lost, &lost, sizeof lost);
  for (int lane = 0; lane < TN_LANES; lane++) {
    const double least = low.v[lane / 2][lane % 2], most = high.v[lane / 2][lane % 2];
    l->low = least < l->low ? least : l->low;
    l->high = most > l->high ? most : l->high;
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
