/* Broadcasting as NumPy does it: shapes are lined up at their last axis, and an
** axis of size 1 (or a missing one) repeats. A walk cuts the output into runs
** in which every input either moves by one element or stands still, as long as
** the shapes allow: one run for equal shapes or a scalar, one a row for a row or
** a column. Kernels then need only simple loops.
**
**   for (int more = tn_walk_begin(&w); more; more = tn_walk_next(&w))
**     kernel(out + w.out, a + w.at[0], w.step[0], b + w.at[1], w.step[1], w.run);
*/
#ifndef TN_BROADCAST_H
#define TN_BROADCAST_H

#include "real.h"

#define TN_WALK_AXES 8
#define TN_WALK_INPUTS 3

typedef struct tn_walk {
  size_t out, at[TN_WALK_INPUTS]; /* where the present run begins, in elements */
  size_t run;                     /* its length */
  size_t step[TN_WALK_INPUTS];    /* 1, or 0 where the input stands still */
  int axes, inputs;
  size_t size[TN_WALK_AXES], count[TN_WALK_AXES];
  size_t stride[TN_WALK_INPUTS][TN_WALK_AXES];
} tn_walk;

/* Widens `shape` (room for TN_WALK_AXES) by another shape; answers the joint
** rank, or 0 when the two do not go together. */
int tn_broadcast(size_t *shape, int rank, const size_t *other, int other_rank);

/* A walk over an output of this shape; then each input, which must broadcast to
** it. tn_walk_begin answers 0 when there is nothing to do. */
void tn_walk_start(tn_walk *w, int rank, const size_t *shape);
void tn_walk_input(tn_walk *w, int rank, const size_t *shape);
int tn_walk_begin(tn_walk *w);
int tn_walk_next(tn_walk *w);

/* Repeats input 0 of the walk into `out`; `element` in bytes. The two must be
** apart, or the same place and shape. */
void tn_broadcast_copy(void *out, const void *in, size_t element, tn_walk *w);

#endif
