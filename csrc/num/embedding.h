/* An embedding: rows of a (V, E) table picked by token ids, 0 being padding.
**
** Token ids come as (N, T), zeros standing for padding. They are packed as a
** batch of sequences (ragged.h) in one of two ways: front padding that the
** network runs over, as in the paper, or none, where every zero is left out.
*/
#ifndef TN_EMBEDDING_H
#define TN_EMBEDDING_H

#include "ragged.h"

/* lengths (N): the tokens after the leading zeros of each row, at most `length`
** where that is not 0 (the last ones count); masked: all tokens that are not 0. */
void tn_token_lengths(int32_t *lengths, const int32_t *ids, int batch, int steps, int length, int masked);

/* packed (M): the ids in the layout's rows. */
void tn_token_pack(int32_t *packed, const int32_t *ids, int steps, int masked, const tn_layout *lay);

/* y (rows, E) = table rows. Backward: d_table rows += dy. */
void tn_embedding_forward(tn_mat y, tn_mat table, const int32_t *ids);
void tn_embedding_backward(tn_mat d_table, tn_mat dy, const int32_t *ids);

#endif
