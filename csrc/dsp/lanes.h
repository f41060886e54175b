/* Eight doubles at a time, the same on every machine and with every compiler.
**
** A compiler may not reorder a sum of doubles, so a plain loop runs at the
** latency of one addition. A tn_v8 is eight sums side by side: of eight frames
** (spectrum.c), or of the elements l, l+8, l+16, ... of one (waveform.c). What
** is added to what is written down here and not left to the width of the
** machine's registers: one AVX-512 register, two of AVX2 or four of SSE2 and
** NEON hold a tn_v8, and give the same bits.
** A tn_v8 stays inside one function: how it is passed depends on the target.
*/
#ifndef TN_DSP_LANES_H
#define TN_DSP_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TN_LANES 8
#define TN_LANES_PAD(n) (((n) + TN_LANES - 1) / TN_LANES * TN_LANES)

/* A loop over lanes is compiled for several instruction sets and chosen once
** at load: by a function that the thread sanitizer is not ready for. */
#ifndef TN_SIMD
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__)
#define TN_SIMD __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TN_SIMD
#endif
#endif

typedef double tn_v8 __attribute__((vector_size(64)));
typedef int64_t tn_m8 __attribute__((vector_size(64))); /* of a comparison: -1 where it holds, else 0 */
typedef double tn_v8_at __attribute__((vector_size(64), aligned(8), may_alias));

/* the eight doubles at p, to be read or written; p need not be aligned */
#define TN_V8(p) (*(tn_v8_at *)(p))
/* where mask ? b : a */
#define TN_SELECT(a, mask, b) ((tn_v8)(((mask) & (tn_m8)(b)) | (~(mask) & (tn_m8)(a))))

static inline double tn_lanes_sum(const double s[TN_LANES]) {
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

#endif
