/* Moving elements about. */
#include "layout.h"

#include <string.h>

void tn_copy_blocks(void *out, size_t out_step, const void *in, size_t in_step, size_t bytes, size_t count) {
  if (bytes == 0) return;
  for (size_t i = 0; i < count; i++)
    memcpy((char *)out + i * out_step, (const char *)in + i * in_step, bytes);
}

/* tiles keep the columns of a tall matrix in cache while they are read */
#define TILE 16

static inline __attribute__((always_inline)) void turn(char *out, const char *in, size_t rows, size_t cols,
                                                       size_t element) {
  for (size_t r = 0; r < rows; r += TILE)
    for (size_t c = 0; c < cols; c += TILE)
      for (size_t i = r; i < rows && i < r + TILE; i++)
        for (size_t j = c; j < cols && j < c + TILE; j++)
          memcpy(out + (j * rows + i) * element, in + (i * cols + j) * element, element);
}

void tn_transpose(void *out, const void *in, size_t rows, size_t cols, size_t element) {
  if (element == 4)
    turn(out, in, rows, cols, 4);
  else if (element == 8)
    turn(out, in, rows, cols, 8);
}

void tn_gather_rows(void *out, const void *x, const int32_t *rows, size_t count, size_t row_bytes) {
  if (row_bytes == 0) return;
  for (size_t i = 0; i < count; i++)
    memcpy((char *)out + i * row_bytes, (const char *)x + (size_t)rows[i] * row_bytes, row_bytes);
}
