/* One pass a parameter, bound by memory; the pool shares long arrays. */
#include "optim.h"

#include "activation.h"
#include "pool.h"

#include <math.h>

#ifdef TN_REAL_DOUBLE
#define root sqrt
#else
#define root sqrtf
#endif

/* 1 - beta comes as a number of its own: 1 - 0.999f is 1e-5 off, relatively. */
typedef struct update {
  tn_real *p, *m, *v;
  const tn_real *g;
  tn_real lr, a, b, rest_a, rest_b, eps, g_part, m_part, v_part;
  int nesterov;
  size_t n;
  void (*rule)(const struct update *u, size_t first, size_t last);
} update;

static void share(void *ctx, int id, int count) {
  const update *u = ctx;
  const size_t lines = (u->n + 15) / 16;
  const size_t first = lines * (size_t)id / (size_t)count * 16, last = lines * (size_t)(id + 1) / (size_t)count * 16;
  u->rule(u, first, last < u->n ? last : u->n);
}

static void apply(update u) {
  if (u.n < 65536)
    u.rule(&u, 0, u.n);
  else
    tn_parallel(share, &u);
}

TN_SIMD static void sgd_rule(const update *u, size_t first, size_t last) {
  tn_real *restrict p = u->p, *restrict m = u->m;
  const tn_real *restrict g = u->g;
  const tn_real lr = u->lr, momentum = u->a;
  for (size_t i = first; i < last; i++) {
    const tn_real step = momentum * m[i] - lr * g[i];
    m[i] = step;
    p[i] += u->nesterov ? momentum * step - lr * g[i] : step;
  }
}

void tn_sgd(tn_real *p, tn_real *m, const tn_real *g, double lr, double momentum, int nesterov, size_t n) {
  apply((update){.p = p, .m = m, .g = g, .lr = (tn_real)lr, .a = (tn_real)momentum, .nesterov = nesterov, .n = n,
                 .rule = sgd_rule});
}

TN_SIMD static void rmsprop_rule(const update *u, size_t first, size_t last) {
  tn_real *restrict p = u->p, *restrict v = u->v;
  const tn_real *restrict g = u->g;
  const tn_real lr = u->lr, rho = u->a, rest = u->rest_a, eps = u->eps;
  for (size_t i = first; i < last; i++) {
    const tn_real now = rho * v[i] + rest * g[i] * g[i];
    v[i] = now;
    p[i] -= lr * g[i] / (root(now) + eps);
  }
}

void tn_rmsprop(tn_real *p, tn_real *v, const tn_real *g, double lr, double rho, double eps, size_t n) {
  apply((update){.p = p, .v = v, .g = g, .lr = (tn_real)lr, .a = (tn_real)rho, .rest_a = (tn_real)(1 - rho),
                 .eps = (tn_real)eps, .n = n, .rule = rmsprop_rule});
}

/* Adam is Nadam's rule without its own gradient part: both come here. */
TN_SIMD static void nadam_rule(const update *u, size_t first, size_t last) {
  tn_real *restrict p = u->p, *restrict m = u->m, *restrict v = u->v;
  const tn_real *restrict g = u->g;
  const tn_real lr = u->lr, b1 = u->a, b2 = u->b, rest1 = u->rest_a, rest2 = u->rest_b, eps = u->eps;
  const tn_real g_part = u->g_part, m_part = u->m_part, v_part = u->v_part;
  for (size_t i = first; i < last; i++) {
    const tn_real mean = b1 * m[i] + rest1 * g[i];
    const tn_real square = b2 * v[i] + rest2 * g[i] * g[i];
    m[i] = mean;
    v[i] = square;
    p[i] -= lr * (g_part * g[i] + m_part * mean) / (root(square * v_part) + eps);
  }
}

void tn_nadam(tn_real *p, tn_real *m, tn_real *v, const tn_real *g, double lr, double beta1, double beta2,
              double eps, double g_part, double m_part, double v_part, size_t n) {
  apply((update){.p = p, .m = m, .v = v, .g = g, .lr = (tn_real)lr, .a = (tn_real)beta1, .b = (tn_real)beta2,
                 .rest_a = (tn_real)(1 - beta1), .rest_b = (tn_real)(1 - beta2),
                 .eps = (tn_real)eps, .g_part = (tn_real)g_part, .m_part = (tn_real)m_part,
                 .v_part = (tn_real)v_part, .n = n, .rule = nadam_rule});
}

void tn_adam(tn_real *p, tn_real *m, tn_real *v, const tn_real *g, double step, double beta1, double beta2,
             double eps, size_t n) {
  tn_nadam(p, m, v, g, step, beta1, beta2, eps, 0, 1, 1, n);
}

double tn_sum_squares(const tn_real *g, size_t n) {
  double part[8] = {0};
  size_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (size_t j = 0; j < 8; j++) part[j] += (double)g[i + j] * (double)g[i + j];
  for (; i < n; i++) part[0] += (double)g[i] * (double)g[i];
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

void tn_scale(tn_real *g, double by, size_t n) {
  const tn_real factor = (tn_real)by;
  for (size_t i = 0; i < n; i++) g[i] *= factor;
}

/* A block at a time: no branch inside, yet an end at the first block that is not. */
TN_SIMD static int any_other(const tn_real *restrict g, size_t n) {
  int other = 0;
  for (size_t i = 0; i < n; i++) other |= g[i] != 0;
  return other;
}

int tn_all_zero(const tn_real *g, size_t n) {
  for (; n > 1024; g += 1024, n -= 1024)
    if (any_other(g, 1024)) return 0;
  return !any_other(g, n);
}
