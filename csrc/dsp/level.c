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

void tn_level_add(tn_level *l, const double *x, size_t n) {
  double low = l->low, high = l->high;
  for (size_t i = 0; i < n; i++) {
    low = x[i] < low ? x[i] : low;
    high = x[i] > high ? x[i] : high;
  }
  l->low = low;
  l->high = high;

  size_t i = 0;
  for (; i < n && (l->count + i) % TN_LANES != 0; i++) {
    const size_t lane = (l->count + i) % TN_LANES;
    add(&l->sum[lane], &l->lost[lane], x[i]);
  }
  tn_v4 sum[2], lost[2];
  memcpy(sum, l->sum, sizeof sum);
  memcpy(lost, l->lost, sizeof lost);
  for (; i + TN_LANES <= n; i += TN_LANES)
    for (int half = 0; half < 2; half++) {
      tn_v4 v;
      TN_LOAD(v, x + i + 4 * half);
      const tn_v4 s = sum[half] + v, of_v = s - sum[half];
      lost[half] += (sum[half] - (s - of_v)) + (v - of_v);
      sum[half] = s;
    }
  memcpy(l->sum, sum, sizeof sum);
  memcpy(l->lost, lost, sizeof lost);
  for (size_t lane = 0; i < n; i++, lane++) add(&l->sum[lane], &l->lost[lane], x[i]);
  l->count += n;
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
