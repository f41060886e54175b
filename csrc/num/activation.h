/* exp, sigmoid and tanh that a compiler turns into vector code.
**
** Float: exp by Cody–Waite reduction to |r| <= ln2/2 and a polynomial of
** degree 6 (Cephes' coefficients); tanh by an odd polynomial below 0.625 and
** 1 - 2/(e^2x + 1) above. Against the exact value: exp 2e-7 relative over
** [-87, 88], sigmoid 2e-7 relative down to -87, tanh 3e-7 relative; the spec
** of the activations measures it. Double: libm.
*/
#ifndef TN_ACTIVATION_H
#define TN_ACTIVATION_H

#include "real.h"

/* A loop over these is compiled for several instruction sets and chosen once
** at load. */
#if defined(__x86_64__) && defined(__gnu_linux__)
#define TN_SIMD __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TN_SIMD
#endif

#ifdef TN_REAL_DOUBLE
#include <math.h>

static inline double tn_exp(double x) { return exp(x); }
static inline double tn_sigmoid(double x) { return 1 / (1 + exp(-x)); }
static inline double tn_tanh(double x) { return tanh(x); }

#else
#include <string.h>

static inline float tn_exp(float x) {
  const float low = -87.0f, high = 88.0f, magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds */
  x = x < low ? low : x;
  x = x > high ? high : x;
  const float rounded = x * 1.44269504088896341f + magic;
  const float n = rounded - magic;
  const float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  uint32_t bits; /* n stands in the low bits of `rounded`: 2^n without a conversion */
  memcpy(&bits, &rounded, sizeof bits);
  bits = (bits - 0x4b400000u + 127u) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

static inline float tn_sigmoid(float x) { return 1.0f / (1.0f + tn_exp(-x)); }

static inline float tn_tanh(float x) {
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = x + x * z * p;
  const float big = 1.0f - 2.0f / (tn_exp(2.0f * x) + 1.0f);
  return z < 0.390625f ? small : big;
}
#endif

#endif
