/* Moving elements about, whatever they are: sizes in bytes. Places never
** overlap.
*/
#ifndef TN_LAYOUT_H
#define TN_LAYOUT_H

#include "real.h"

/* `count` blocks of `bytes`, each so many bytes after the last. */
void tn_copy_blocks(void *out, size_t out_step, const void *in, size_t in_step, size_t bytes, size_t count);

/* out (cols, rows) = in (rows, cols) turned. */
void tn_transpose(void *out, const void *in, size_t rows, size_t cols, size_t element);

/* out[i] = x[rows[i]], rows counted from 0 and in range. */
void tn_gather_rows(void *out, const void *x, const int32_t *rows, size_t count, size_t row_bytes);

#endif
