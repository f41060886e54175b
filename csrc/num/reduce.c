/* Sums, moments and extremes along an axis.
**
** Along the last axis eight partial sums run side by side: a compiler may not
** reorder a single one. Along another axis a block of columns is summed
** together, its accumulators on the C stack, so no workspace is needed.
*/
#include "reduce.h"

#include <math.h>

#define LANES 8
#define BLOCK 128

static double fold(const double *lane) {
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

static double sum(const tn_real *x, size_t n) {
  double lane[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t k = 0; k < LANES; k++) lane[k] += (double)x[i + k];
  for (size_t k = 0; i < n; i++, k++) lane[k] += (double)x[i];
  return fold(lane);
}

static double squares_about(const tn_real *x, double mean, size_t n) {
  double lane[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t k = 0; k < LANES; k++) {
      const double d = (double)x[i + k] - mean;
      lane[k] += d * d;
    }
  for (size_t k = 0; i < n; i++, k++) {
    const double d = (double)x[i] - mean;
    lane[k] += d * d;
  }
  return fold(lane);
}

double tn_moment_all(const tn_real *x, tn_moment m, size_t n) {
  const double total = sum(x, n);
  if (m == TN_SUM) return total;
  if (n == 0) return (double)NAN;
  const double mean = total / (double)n;
  if (m == TN_MEAN) return mean;
  const double variance = squares_about(x, mean, n) / (double)n;
  return m == TN_STD ? sqrt(variance) : variance;
}

/* `width` columns, at most BLOCK, of a matrix with rows of `inner` */
static void moment_columns(tn_real *out, const tn_real *x, tn_moment m, size_t n, size_t inner, size_t width) {
  double acc[BLOCK] = {0}, mean[BLOCK];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < width; j++) acc[j] += (double)x[i * inner + j];
  if (m != TN_SUM)
    for (size_t j = 0; j < width; j++) acc[j] = n > 0 ? acc[j] / (double)n : (double)NAN;
  if (n > 0 && (m == TN_VAR || m == TN_STD)) {
    for (size_t j = 0; j < width; j++) {
      mean[j] = acc[j];
      acc[j] = 0;
    }
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < width; j++) {
        const double d = (double)x[i * inner + j] - mean[j];
        acc[j] += d * d;
      }
    for (size_t j = 0; j < width; j++) acc[j] /= (double)n;
    if (m == TN_STD)
      for (size_t j = 0; j < width; j++) acc[j] = sqrt(acc[j]);
  }
  for (size_t j = 0; j < width; j++) out[j] = (tn_real)acc[j];
}

void tn_moment_axis(tn_real *out, const tn_real *x, tn_moment m, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; o++) {
    const tn_real *from = x + o * n * inner;
    if (inner == 1)
      out[o] = (tn_real)tn_moment_all(from, m, n);
    else
      for (size_t j = 0; j < inner; j += BLOCK)
        moment_columns(out + o * inner + j, from + j, m, n, inner, inner - j < BLOCK ? inner - j : BLOCK);
  }
}

int64_t tn_sum_ints(const int32_t *x, size_t n) {
  int64_t total = 0;
  for (size_t i = 0; i < n; i++) total += x[i];
  return total;
}

int tn_sum_ints_axis(int32_t *out, const int32_t *x, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; o++)
    for (size_t j = 0; j < inner; j++) {
      int64_t total = 0;
      for (size_t i = 0; i < n; i++) total += x[(o * n + i) * inner + j];
      if (total < INT32_MIN || total > INT32_MAX) return 0;
      out[o * inner + j] = (int32_t)total;
    }
  return 1;
}

static int real_beats(tn_real v, tn_real best, int sign) {
  return (sign > 0 ? v > best : v < best) || (v != v && best == best);
}

static int int_beats(int32_t v, int32_t best, int sign) { return sign > 0 ? v > best : v < best; }

size_t tn_argbest_reals(const tn_real *x, int sign, size_t n) {
  size_t at = 0;
  for (size_t i = 1; i < n; i++)
    if (real_beats(x[i], x[at], sign)) at = i;
  return at;
}

size_t tn_argbest_ints(const int32_t *x, int sign, size_t n) {
  size_t at = 0;
  for (size_t i = 1; i < n; i++)
    if (int_beats(x[i], x[at], sign)) at = i;
  return at;
}

/* the loops run along memory, with `at` as their own running best */
void tn_argbest_reals_axis(int32_t *at, const tn_real *x, int sign, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; o++, at += inner, x += n * inner) {
    for (size_t j = 0; j < inner; j++) at[j] = 0;
    for (size_t i = 1; i < n; i++)
      for (size_t j = 0; j < inner; j++)
        if (real_beats(x[i * inner + j], x[(size_t)at[j] * inner + j], sign)) at[j] = (int32_t)i;
  }
}

void tn_argbest_ints_axis(int32_t *at, const int32_t *x, int sign, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; o++, at += inner, x += n * inner) {
    for (size_t j = 0; j < inner; j++) at[j] = 0;
    for (size_t i = 1; i < n; i++)
      for (size_t j = 0; j < inner; j++)
        if (int_beats(x[i * inner + j], x[(size_t)at[j] * inner + j], sign)) at[j] = (int32_t)i;
  }
}

void tn_take_reals(tn_real *out, const tn_real *x, const int32_t *at, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; o++)
    for (size_t j = 0; j < inner; j++)
      out[o * inner + j] = x[(o * n + (size_t)at[o * inner + j]) * inner + j];
}

void tn_take_ints(int32_t *out, const int32_t *x, const int32_t *at, size_t outer, size_t n, size_t inner) {
  for (size_t o = 0; o < outer; o++)
    for (size_t j = 0; j < inner; j++)
      out[o * inner + j] = x[(o * n + (size_t)at[o * inner + j]) * inner + j];
}

int tn_all_finite(const tn_real *x, size_t n) {
  while (n > 0) { /* in chunks: each vectorises, and a bad one ends the search */
    const size_t chunk = n < 4096 ? n : 4096;
    int bad = 0;
    for (size_t i = 0; i < chunk; i++) bad |= !(x[i] - x[i] == 0);
    if (bad) return 0;
    x += chunk;
    n -= chunk;
  }
  return 1;
}
