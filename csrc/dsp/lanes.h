/* Sums in eight lanes, the same on every machine and with every compiler.
**
** A compiler may not reorder a sum of doubles, so a plain loop runs at the
** latency of one addition. Here lane l holds the elements l, l+8, l+16, ...,
** as four vectors of two; the lanes are added pairwise at the end. Vectors
** are the compilers' own (gcc, clang), of the width that every x86-64 and
** arm64 has: gcc lowers wider ones through memory.
** Arrays are padded with zeros to a multiple of TN_LANES, so there is no tail.
*/
#ifndef TN_DSP_LANES_H
#define TN_DSP_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TN_LANES 8
#define TN_LANES_PAD(n) (((n) + TN_LANES - 1) / TN_LANES * TN_LANES)
#define TN_VECTORS 4 /* in the eight lanes */

typedef double tn_v2 __attribute__((vector_size(16)));
typedef int64_t tn_m2 __attribute__((vector_size(16))); /* of a comparison: -1 where it holds, else 0 */
typedef struct tn_lanes {
  tn_v2 v[TN_VECTORS];
} tn_lanes;

static inline tn_v2 tn_load(const double *p) {
  tn_v2 v;
  memcpy(&v, p, sizeof v);
  return v;
}

/* where mask ? b : a */
static inline tn_v2 tn_select(tn_v2 a, tn_m2 mask, tn_v2 b) {
  return (tn_v2)((mask & (tn_m2)b) | (~mask & (tn_m2)a));
}

static inline double tn_lanes_sum(const tn_lanes *l) {
  return ((l->v[0][0] + l->v[0][1]) + (l->v[1][0] + l->v[1][1])) +
         ((l->v[2][0] + l->v[2][1]) + (l->v[3][0] + l->v[3][1]));
}

/* Sum of x[i]^2 over any n. */
static inline double tn_sum_squares(const double *x, size_t n) {
  tn_lanes s = {{{0}}};
  size_t i = 0;
  for (; i + TN_LANES <= n; i += TN_LANES)
    for (int q = 0; q < TN_VECTORS; q++) {
      const tn_v2 u = tn_load(x + i + 2 * q);
      s.v[q] += u * u;
    }
  double sum = tn_lanes_sum(&s);
  for (; i < n; i++) sum += x[i] * x[i];
  return sum;
}

#endif
