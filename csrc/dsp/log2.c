/* Logarithms to base 2, many at once, within about one unit in the last place.
**
** x = 2^e m with m in [sqrt(1/2), sqrt(2)). With f = m - 1, s = f/(2 + f), z = s^2
**     ln m = 2 atanh s = 2 s + s R,   R = 2 z/3 + 2 z^2/5 + 2 z^3/7 + ...
** and since 2 s = f - s f, adding up f - (f^2/2 - s (f^2/2 + R)) rounds only
** small terms before the large one. R/z is its interpolating polynomial of
** degree 6 at Chebyshev's nodes of 0 <= z <= 0.02944, off by less than 1e-16
** of ln m. No branch and no table: every step is one operation on a vector.
*/
#define TN_SELF "log2.c"
#include "log2.h"

#include "lanes.h"
#include "widths.h"

#ifdef TN_WIDTH

TN_KERNEL static void TN_NAME(tn_log2_many)(double *y, const double *x, size_t n) {
  const uint64_t half = 0x3fe6a09e667f3bcd; /* the bits of sqrt(1/2): above them begins the next e */
  const double log2e = 1.44269504088896338700, log2e_low = 2.03552737409310331e-17;
  for (size_t i = 0; i < n; i += TN_WIDTH) {
    const tn_bits bits = (tn_bits)TN_AT(x + i);
    /* e + 1024 lies in the low bits of 2^52: a double by one subtraction,
    ** where SSE2 has no conversion from 64-bit integers */
    tn_bits exponent = (bits - half + (UINT64_C(1024) << 52)) >> 52;
    const tn_bits mantissa = bits - ((exponent - 1024) << 52);
    exponent |= UINT64_C(0x4330000000000000);
    const tn_vec m = (tn_vec)mantissa, e = (tn_vec)exponent - (4503599627370496.0 + 1024);
    const tn_vec f = m - 1.0, s = f / (f + 2.0), z = s * s, z2 = z * z, h = 0.5 * f * f;
    const tn_vec low = 0.666666666666667 + z * 0.3999999999989945 +
                      z2 * (0.28571428626001427 + z * 0.22222211130560726);
    const tn_vec high = 0.18182889433757515 + z * 0.15331711346672997 + z2 * 0.14616576421644387;
    const tn_vec R = z * (low + z2 * z2 * high);
    const tn_vec ln = f - (h - s * (h + R));
    TN_AT(y + i) = ln * log2e + (ln * log2e_low + e);
  }
}

#else

void tn_log2_many(double *y, const double *x, size_t n) { TN_PICK(tn_log2_many)(y, x, n); }

#endif
