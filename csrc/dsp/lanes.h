/* Sums in eight lanes, the same on every machine and with every compiler.
**
** A compiler may not reorder a sum of doubles, so a plain loop runs at the
** latency of one addition. Here lane l holds the elements l, l+8, l+16, ...,
** as two vectors of four; the lanes are added pairwise at the end. Vectors
** are the compilers' own (gcc, clang), lowered to what the processor has.
** Arrays are padded with zeros to a multiple of TN_LANES, so there is no tail.
*/
#ifndef TN_DSP_LANES_H
#define TN_DSP_LANES_H

#include <stddef.h>
#include <string.h>

#define TN_LANES 8
#define TN_LANES_PAD(n) (((n) + TN_LANES - 1) / TN_LANES * TN_LANES)

typedef double tn_v4 __attribute__((vector_size(32)));

#define TN_LOAD(v, p) memcpy(&(v), (p), sizeof(v))

#define TN_LANES_SUM(a, b) \
  ((((a)[0] + (b)[0]) + ((a)[1] + (b)[1])) + (((a)[2] + (b)[2]) + ((a)[3] + (b)[3])))

/* Sum of x[i]^2 over any n. */
static inline double tn_sum_squares(const double *x, size_t n) {
  tn_v4 a = {0}, b = {0}, u, v;
  size_t i = 0;
  for (; i + TN_LANES <= n; i += TN_LANES) {
    TN_LOAD(u, x + i);
    TN_LOAD(v, x + i + 4);
    a += u * u;
    b += v * v;
  }
  double sum = TN_LANES_SUM(a, b);
  for (; i < n; i++) sum += x[i] * x[i];
  return sum;
}

#endif
