/* Arithmetic, comparison and choice, element by element over a broadcast walk.
** `out` may be the very place of an input of the same shape, else it must lie
** apart from the inputs. Whole numbers wrap around as two's complement does;
** they are never divided.
*/
#ifndef TN_ELEMENTWISE_H
#define TN_ELEMENTWISE_H

#include "broadcast.h"

typedef enum tn_binary { TN_ADD, TN_SUB, TN_MUL, TN_DIV, TN_POW } tn_binary;
typedef enum tn_relation { TN_EQ, TN_NE, TN_LT, TN_LE, TN_GT, TN_GE } tn_relation;

/* Walks have inputs a, b. TN_DIV and TN_POW are for reals alone. */
void tn_binary_reals(tn_real *out, const tn_real *a, const tn_real *b, tn_binary op, tn_walk *w);
void tn_binary_ints(int32_t *out, const int32_t *a, const int32_t *b, tn_binary op, tn_walk *w);

/* Writes 1 where the relation holds, else 0; a NaN is only ever TN_NE. */
void tn_relate_reals(int32_t *out, const tn_real *a, const tn_real *b, tn_relation op, tn_walk *w);
void tn_relate_ints(int32_t *out, const int32_t *a, const int32_t *b, tn_relation op, tn_walk *w);

/* out = mask != 0 ? a : b; walk inputs mask, a, b. */
void tn_where_reals(tn_real *out, const int32_t *mask, const tn_real *a, const tn_real *b, tn_walk *w);
void tn_where_ints(int32_t *out, const int32_t *mask, const int32_t *a, const int32_t *b, tn_walk *w);

/* Whether |a - b| <= atol + rtol |b| throughout; equal infinities are close,
** two NaNs only if `equal_nan`. Walk inputs a, b. */
int tn_all_close(const tn_real *a, const tn_real *b, double rtol, double atol, int equal_nan, tn_walk *w);

#endif
