/* Two bins from each pair of numbers. */
#define TN_SELF "unpack.c"
#include "unpack.h"

#include "lanes.h"
#include "widths.h"

#ifdef TN_WIDTH

/* re and im of the numbers in two vectors that follow each other */
#undef TN_RE
#undef TN_IM
#if TN_WIDTH == 8
#define TN_RE(a, b) ((tn_vec){(a)[0], (a)[2], (a)[4], (a)[6], (b)[0], (b)[2], (b)[4], (b)[6]})
#define TN_IM(a, b) ((tn_vec){(a)[1], (a)[3], (a)[5], (a)[7], (b)[1], (b)[3], (b)[5], (b)[7]})
#elif TN_WIDTH == 4
#define TN_RE(a, b) ((tn_vec){(a)[0], (a)[2], (b)[0], (b)[2]})
#define TN_IM(a, b) ((tn_vec){(a)[1], (a)[3], (b)[1], (b)[3]})
#else
#define TN_RE(a, b) ((tn_vec){(a)[0], (b)[0]})
#define TN_IM(a, b) ((tn_vec){(a)[1], (b)[1]})
#endif
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector) && TN_WIDTH == 8
#undef TN_RE
#undef TN_IM
#define TN_RE(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define TN_IM(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#endif
#endif

TN_KERNEL static void TN_NAME(powers)(double *P, size_t stride, const double *Z, size_t K) {
  for (size_t k = 0; k < K; k++, Z += 2 * TN_LANES, P += stride) {
    const tn_vec first = TN_AT(Z), second = TN_AT(Z + TN_WIDTH);
    const tn_vec re = TN_RE(first, second), im = TN_IM(first, second);
    TN_AT(P) = 4.0 * (re * re + im * im);
  }
}

TN_KERNEL static void TN_NAME(pairs)(double *P, size_t stride, const double *Z, const double *twiddles, size_t K) {
  for (size_t k = 0; k <= K / 2; k++) {
    const size_t mirror = k == 0 ? 0 : K - k;
    const double *z = Z + 2 * TN_LANES * k, *y = Z + 2 * TN_LANES * mirror;
    const double c = twiddles[2 * k], s = twiddles[2 * k + 1];
    const tn_vec z1 = TN_AT(z), z2 = TN_AT(z + TN_WIDTH), y1 = TN_AT(y), y2 = TN_AT(y + TN_WIDTH);
    const tn_vec a = TN_RE(z1, z2), b = TN_IM(z1, z2), d = TN_RE(y1, y2), e = TN_IM(y1, y2);
    const tn_vec er = a + d, ei = b - e, dr = a - d, di = b + e;
    /* T = -i (c - i s)(dr + i di) */
    const tn_vec tr = c * di - s * dr, ti = -(c * dr + s * di);
    const tn_vec xr = er + tr, xi = ei + ti, yr = er - tr, yi = ei - ti;
    TN_AT(P + stride * k) = xr * xr + xi * xi;
    /* of bin 0 the mirror is bin K, which is not wanted */
    if (k > 0) TN_AT(P + stride * mirror) = yr * yr + yi * yi;
  }
}

TN_KERNEL static void TN_NAME(tn_unpack)(double *P, size_t stride, const double *Z, const double *twiddles, size_t K) {
  for (int lane = 0; lane < TN_LANES; lane += TN_WIDTH, P += TN_WIDTH, Z += 2 * TN_WIDTH) {
    if (twiddles == NULL)
      TN_NAME(powers)(P, stride, Z, K);
    else
      TN_NAME(pairs)(P, stride, Z, twiddles, K);
  }
}

#else

void tn_unpack(double *P, size_t stride, const double *Z, const double *twiddles, size_t K) {
  TN_PICK(tn_unpack)(P, stride, Z, twiddles, K);
}

#endif
