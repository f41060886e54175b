#include "bootstrap.h"

#include <math.h>
#include <string.h>

#include "pool.h"
#include "rng.h"

enum { N, Y, YY, A, AA, AY, B };

void tn_bootstrap_sums(double *units, const tn_real *a, const tn_real *b, const tn_real *y, const int32_t *unit_of,
                       size_t n, size_t stride, double origin) {
  for (size_t i = 0; i < n; i++) {
    double *s = units + TN_SUMS * (unit_of != NULL ? (size_t)unit_of[i] - 1 : i);
    const double gold = (double)y[i * stride] - origin;
    s[N] += 1;
    s[Y] += gold;
    s[YY] += gold * gold;
    for (int k = 0; k < (b != NULL ? 2 : 1); k++) {
      const double x = (double)(k > 0 ? b : a)[i * stride] - origin;
      double *t = s + 3 * k;
      t[A] += x;
      t[AA] += x * x;
      t[AY] += x * gold;
    }
  }
}

/* CCC of system k (0: a, 1: b); its gradient by the sums is added to g, times `sign`. */
static double ccc_of(double *g, const double *s, int k, double sign) {
  const double *t = s + 3 * k;
  const double shared = t[A] * s[Y] / s[N], below = t[AA] + s[YY] - 2 * shared;
  if (!(below > 1e-12 * (t[AA] + s[YY]))) return NAN; /* all values alike */
  const double ccc = 2 * (t[AY] - shared) / below;
  /* d CCC = 2/D (dΣay - (1 - CCC) d(ΣaΣy/n) - CCC/2 (dΣa² + dΣy²)) */
  const double scale = sign * 2 / below;
  g[N] += scale * (1 - ccc) * shared / s[N];
  g[Y] -= scale * (1 - ccc) * t[A] / s[N];
  g[YY] -= scale * ccc / 2;
  g[3 * k + A] = -scale * (1 - ccc) * s[Y] / s[N];
  g[3 * k + AA] = -scale * ccc / 2;
  g[3 * k + AY] = scale;
  return ccc;
}

static double statistic(double *g, const tn_bootstrap *b, const double *sums) {
  memset(g, 0, TN_SUMS * sizeof *g);
  if (b->pair) {
    const double first = ccc_of(g, sums, 0, -1);
    return ccc_of(g, sums, 1, 1) - first;
  }
  const double ccc = ccc_of(g, sums, 0, 1);
  if (!b->fisher) return ccc;
  if (!(fabs(ccc) < 1)) return NAN;
  for (int i = 0; i < B; i++) g[i] /= 1 - ccc * ccc;
  return atanh(ccc);
}

static double along(const double *g, const double *s) {
  double sum = 0;
  for (int i = 0; i < TN_SUMS; i++) sum += g[i] * s[i];
  return sum;
}

static void add(double *to, const double *s) {
  for (int i = 0; i < TN_SUMS; i++) to[i] += s[i];
}

/* of the sum of squares of what each unit adds */
static double standard_error(double squares, size_t count) {
  return sqrt(squares * (double)count / ((double)count - 1));
}

double tn_bootstrap_estimate(double *error, const tn_bootstrap *b) {
  double sums[TN_SUMS] = {0}, g[TN_SUMS], squares = 0;
  for (size_t u = 0; u < b->count; u++) add(sums, b->units + TN_SUMS * u);
  const double value = statistic(g, b, sums);
  for (size_t u = 0; u < b->count; u++) {
    const double d = along(g, b->units + TN_SUMS * u);
    squares += d * d;
  }
  *error = standard_error(squares, b->count);
  return value;
}

void tn_bootstrap_jackknife(double *out, const tn_bootstrap *b) {
  double all[TN_SUMS] = {0}, sums[TN_SUMS], g[TN_SUMS];
  for (size_t u = 0; u < b->count; u++) add(all, b->units + TN_SUMS * u);
  for (size_t u = 0; u < b->count; u++) {
    for (int i = 0; i < TN_SUMS; i++) sums[i] = all[i] - b->units[TN_SUMS * u + (size_t)i];
    out[u] = statistic(g, b, sums);
  }
}

typedef struct tn_run {
  const tn_bootstrap *b;
  double *out, *errors;
  uint64_t key;
} tn_run;

static void run(void *context, int id, int count) {
  const tn_run *r = (const tn_run *)context;
  const tn_bootstrap *b = r->b;
  for (size_t i = (size_t)id; i < b->replicates; i += (size_t)count) {
    tn_rng rng;
    tn_rng_seed(&rng, r->key + i);
    const tn_rng begun = rng;
    double sums[TN_SUMS] = {0}, g[TN_SUMS], squares = 0;
    for (size_t u = 0; u < b->count; u++) add(sums, b->units + TN_SUMS * tn_rng_below(&rng, b->count));
    r->out[i] = statistic(g, b, sums);
    if (r->errors == NULL) continue;
    rng = begun; /* the same draws again cost less than room to keep them */
    for (size_t u = 0; u < b->count; u++) {
      const double d = along(g, b->units + TN_SUMS * tn_rng_below(&rng, b->count));
      squares += d * d;
    }
    r->errors[i] = standard_error(squares, b->count);
  }
}

void tn_bootstrap_run(double *out, double *errors, const tn_bootstrap *b) {
  tn_rng rng;
  tn_rng_seed(&rng, b->seed);
  tn_run r = {b, out, errors, tn_rng_next(&rng)};
  tn_parallel(run, &r);
}
