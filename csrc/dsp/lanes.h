/* Eight doubles at a time, the same on every machine and with every compiler.
**
** A compiler may not reorder a sum of doubles, so a plain loop runs at the
** latency of one addition. Here eight sums run side by side: of eight frames
** (spectrum.c), or of the elements l, l+8, l+16, ... of one (waveform.c). What
** is added to what is written down and not left to the width of the machine's
** registers: one of AVX-512, two of AVX2 or four of SSE2 and NEON hold the
** eight, and give the same bits.
**
** Compilers have vectors of any width, but gcc passes those wider than the
** machine's through memory, at a third of the speed. So a file of kernels is
** compiled once for each width (widths.h), and TN_PICK chooses.
*/
#ifndef TN_DSP_LANES_H
#define TN_DSP_LANES_H

#include <stddef.h>
#include <stdint.h>

#define TN_LANES 8
#define TN_LANES_PAD(n) (((n) + TN_LANES - 1) / TN_LANES * TN_LANES)

#if defined(__x86_64__) && defined(__GNUC__)
#define TN_WIDER_WIDTHS
#define TN_PICK(name) \
  (__builtin_cpu_supports("avx512f") ? name##_8 : __builtin_cpu_supports("avx2") ? name##_4 : name##_2)
#else
#define TN_PICK(name) name##_2
#endif

/* A plain loop over independent elements the compiler itself makes vectors of,
** for several instruction sets; one is chosen at load, by a function that the
** thread sanitizer is not ready for. For static functions only: clang 14 gives
** others a name that no other file finds. */
#ifndef TN_SIMD
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_THREAD__)
#define TN_SIMD __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TN_SIMD
#endif
#endif

static inline double tn_lanes_sum(const double s[TN_LANES]) {
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

#endif
