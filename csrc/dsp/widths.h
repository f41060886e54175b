/* Compiles a file once for each width of vectors. The file begins with
**     #define TN_SELF "its name"
**     #include "widths.h"
** and has its kernels under #ifdef TN_WIDTH, TN_NAME(tn_this) for each, and
** what is compiled once, with TN_PICK(tn_this) to call them, under #else.
** A kernel takes the eight lanes in TN_PARTS parts of TN_WIDTH.
*/
#ifndef TN_WIDTH

/* NOLINTBEGIN(bugprone-suspicious-include): the file itself, once more */
#ifdef TN_WIDER_WIDTHS
#define TN_WIDTH 8
#define TN_KERNEL __attribute__((target("avx512f")))
#include TN_SELF
#undef TN_WIDTH
#undef TN_KERNEL
#define TN_WIDTH 4
#define TN_KERNEL __attribute__((target("avx2")))
#include TN_SELF
#undef TN_WIDTH
#undef TN_KERNEL
#endif
#define TN_WIDTH 2
#define TN_KERNEL
#include TN_SELF
#undef TN_WIDTH
#undef TN_KERNEL
/* NOLINTEND(bugprone-suspicious-include) */

#elif !defined(TN_DSP_WIDTHS_H)
#define TN_DSP_WIDTHS_H

#include "lanes.h"

#define TN_JOIN_(name, width) name##_##width
#define TN_JOIN(name, width) TN_JOIN_(name, width)
#define TN_NAME(name) TN_JOIN(name, TN_WIDTH)
#define TN_PARTS (TN_LANES / TN_WIDTH)

/* vectors, masks (-1 where a comparison holds, else 0), bits, and a vector at
** any address */
#define TN_TYPES(w)                                                    \
  typedef double tn_vec_##w __attribute__((vector_size(8 * (w))));     \
  typedef int64_t tn_mask_##w __attribute__((vector_size(8 * (w))));   \
  typedef uint64_t tn_bits_##w __attribute__((vector_size(8 * (w))));  \
  typedef double tn_at_##w __attribute__((vector_size(8 * (w)), aligned(8), may_alias))
TN_TYPES(8);
TN_TYPES(4);
TN_TYPES(2);

#define tn_vec TN_NAME(tn_vec)
#define tn_mask TN_NAME(tn_mask)
#define tn_bits TN_NAME(tn_bits)
/* the TN_WIDTH doubles at p, to be read or written */
#define TN_AT(p) (*(TN_NAME(tn_at) *)(p))
#define TN_ALL(x) ((tn_vec){0} + (x))
/* where mask ? b : a */
#define TN_SELECT(a, mask, b) ((tn_vec)(((mask) & (tn_mask)(b)) | (~(mask) & (tn_mask)(a))))

#endif
