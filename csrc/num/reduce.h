/* Reductions. A tensor is seen as (outer, n, inner), row-major, and the middle
** axis goes: outer = 1 is the first axis, inner = 1 the last, both the whole.
** Sums run in double (int64 for whole numbers), in an order that depends on the
** shape alone.
*/
#ifndef TN_REDUCE_H
#define TN_REDUCE_H

#include "real.h"

typedef enum tn_moment { TN_SUM, TN_MEAN, TN_VAR, TN_STD } tn_moment;

/* Moments of n numbers; var and std divide by n, as NumPy's do, and take the
** mean first: two passes do not cancel. Of nothing: 0 for the sum, else NaN. */
double tn_moment_all(const tn_real *x, tn_moment m, size_t n);
void tn_moment_axis(tn_real *out, const tn_real *x, tn_moment m, size_t outer, size_t n, size_t inner);

int64_t tn_sum_ints(const int32_t *x, size_t n);
/* Answers 0 when a sum does not fit an int32. */
int tn_sum_ints_axis(int32_t *out, const int32_t *x, size_t outer, size_t n, size_t inner);

/* Where the largest (sign 1) or smallest (sign -1) number is, counted from 0,
** the first of equals; a NaN beats every number, as in NumPy. n > 0. */
size_t tn_argbest_reals(const tn_real *x, int sign, size_t n);
size_t tn_argbest_ints(const int32_t *x, int sign, size_t n);
void tn_argbest_reals_axis(int32_t *at, const tn_real *x, int sign, size_t outer, size_t n, size_t inner);
void tn_argbest_ints_axis(int32_t *at, const int32_t *x, int sign, size_t outer, size_t n, size_t inner);

/* out[o][j] = x[o][at[o][j]][j] */
void tn_take_reals(tn_real *out, const tn_real *x, const int32_t *at, size_t outer, size_t n, size_t inner);
void tn_take_ints(int32_t *out, const int32_t *x, const int32_t *at, size_t outer, size_t n, size_t inner);

/* Whether no number is a NaN or an infinity. */
int tn_all_finite(const tn_real *x, size_t n);

#endif
