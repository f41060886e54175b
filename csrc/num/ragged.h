/* How a batch of sequences of unequal length lies in memory.
**
** The real steps of N sequences are packed time-major: sequences are sorted by
** falling length, step j holds the `active[j]` sequences longer than j in rows
** offset[j] .. offset[j] + active[j], so that every step is one contiguous
** block and no row is padding. M = offset[steps] rows in all.
**
** Front padding without masking gives all sequences the same beginning
** (paper.md, section 8). That common beginning is the *chain*: P further rows
** M .. M+P, run once at batch size 1; sorted sequence n leaves it after
** branch[n] steps. P is 0 where there is no padding or it is masked.
*/
#ifndef TN_RAGGED_H
#define TN_RAGGED_H

#include "mat.h"

typedef struct tn_layout {
  int batch;  /* N */
  int steps;  /* the longest sequence */
  int chain;  /* P */
  int rows;   /* M */
  int length; /* steps of the padded sequence, or the longest where nothing is padded */
  const int32_t *order;   /* (N) place in the batch, from 0, of sorted sequence n */
  const int32_t *lengths; /* (N) real steps, falling */
  const int32_t *branch;  /* (N) padding steps before them, rising */
  const int32_t *active;  /* (steps) */
  const int32_t *offset;  /* (steps + 1) */
} tn_layout;

/* Room that tn_layout_fill needs, in int32_t. */
size_t tn_layout_room(int batch, int longest);

/* Fills `out` from `lengths` (N, each 0 .. longest); its arrays lie in `room`.
** `padded`: steps of the front-padded sequence, or 0 for none or masked. */
void tn_layout_fill(tn_layout *out, int32_t *room, const int32_t *lengths, int batch, int padded);

/* packed (M, D) <- dense (N, T, D) for sequences that all have T steps, and back. */
void tn_layout_pack(tn_mat packed, const tn_real *dense, const tn_layout *lay);
void tn_layout_unpack(tn_real *dense, tn_mat packed, const tn_layout *lay);

/* out (N, D) in batch order <- sorted (N, D), and back. */
void tn_layout_unsort(tn_mat out, tn_mat sorted, const tn_layout *lay);
void tn_layout_sort(tn_mat sorted, tn_mat in, const tn_layout *lay);

#endif
