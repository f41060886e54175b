#include "embedding.h"

#include <string.h>

void tn_token_lengths(int32_t *lengths, const int32_t *ids, int batch, int steps, int length, int masked) {
  for (int n = 0; n < batch; n++) {
    const int32_t *row = ids + (size_t)n * (size_t)steps;
    int count = 0, t = 0;
    if (masked) {
      for (; t < steps; t++) count += row[t] != 0;
    } else {
      while (t < steps && row[t] == 0) t++;
      count = steps - t;
    }
    lengths[n] = length > 0 && count > length ? length : count;
  }
}

void tn_token_pack(int32_t *packed, const int32_t *ids, int steps, int masked, const tn_layout *lay) {
  for (int n = 0; n < lay->batch; n++) {
    const int32_t *row = ids + (size_t)lay->order[n] * (size_t)steps;
    int t = steps; /* from the end, so that a row cut to `length` keeps its last tokens */
    for (int j = lay->lengths[n] - 1; j >= 0; j--) {
      do {
        t--;
      } while (masked && row[t] == 0);
      packed[lay->offset[j] + n] = row[t];
    }
  }
}

void tn_embedding_forward(tn_mat y, tn_mat table, const int32_t *ids) {
  for (size_t r = 0; r < y.rows; r++)
    memcpy(tn_row(y, r), tn_row(table, (size_t)ids[r]), y.cols * sizeof(tn_real));
}

void tn_embedding_backward(tn_mat d_table, tn_mat dy, const int32_t *ids) {
  for (size_t r = 0; r < dy.rows; r++) {
    tn_real *to = tn_row(d_table, (size_t)ids[r]);
    const tn_real *from = tn_row(dy, r);
    for (size_t e = 0; e < dy.cols; e++) to[e] += from[e];
  }
}
