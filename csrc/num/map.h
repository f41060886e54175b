/* Functions of one tensor, element by element, and conversions between kinds.
** `out` may be `x`.
*/
#ifndef TN_MAP_H
#define TN_MAP_H

#include "real.h"

typedef enum tn_map { TN_MAP_EXP, TN_MAP_LOG, TN_MAP_SQRT, TN_MAP_TANH, TN_MAP_SIGMOID, TN_MAP_ABS, TN_MAP_NEG } tn_map;

void tn_map_reals(tn_real *out, const tn_real *x, tn_map op, size_t n);
void tn_map_ints(int32_t *out, const int32_t *x, tn_map op, size_t n); /* TN_MAP_ABS, TN_MAP_NEG */

/* min(max(x, low), high); a NaN in x stays. */
void tn_clamp_reals(tn_real *out, const tn_real *x, tn_real low, tn_real high, size_t n);
void tn_clamp_ints(int32_t *out, const int32_t *x, int32_t low, int32_t high, size_t n);

void tn_fill_reals(tn_real *out, tn_real value, size_t n);
void tn_fill_ints(int32_t *out, int32_t value, size_t n);

/* start + i * step, computed in double. */
void tn_range_reals(tn_real *out, double start, double step, size_t n);
void tn_range_ints(int32_t *out, int64_t start, int64_t step, size_t n);

void tn_ints_to_reals(tn_real *out, const int32_t *x, size_t n);
/* Truncates toward zero; answers n, or the place of the first number that an
** int32 cannot hold, where it stops. */
size_t tn_reals_to_ints(int32_t *out, const tn_real *x, size_t n);

#endif
