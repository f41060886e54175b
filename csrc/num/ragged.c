#include "ragged.h"

#include <string.h>

size_t tn_layout_room(int batch, int longest) { return 3 * (size_t)batch + 2 * (size_t)longest + 2; }

void tn_layout_fill(tn_layout *out, int32_t *room, const int32_t *lengths, int batch, int padded) {
  int longest = 0, shortest = batch > 0 ? lengths[0] : 0;
  for (int n = 0; n < batch; n++) {
    if (lengths[n] > longest) longest = lengths[n];
    if (lengths[n] < shortest) shortest = lengths[n];
  }
  int32_t *order = room, *sorted = order + batch, *branch = sorted + batch;
  int32_t *active = branch + batch, *offset = active + longest;
  /* stable, so that equal lengths keep the batch's order */
  memset(active, 0, (size_t)longest * sizeof *active);
  for (int n = 0; n < batch; n++)
    if (lengths[n] > 0) active[lengths[n] - 1]++;
  for (int j = longest - 2; j >= 0; j--) active[j] += active[j + 1]; /* sequences longer than j */
  offset[0] = 0;
  for (int j = 0; j < longest; j++) offset[j + 1] = offset[j] + active[j];
  int place = 0;
  for (int length = longest; length >= 0; length--) {
    const int longer_or_equal = length > 0 ? active[length - 1] : batch;
    for (int n = 0; n < batch && place < longer_or_equal; n++)
      if (lengths[n] == length) order[place++] = n;
  }
  for (int n = 0; n < batch; n++) {
    sorted[n] = lengths[order[n]];
    branch[n] = padded > 0 ? padded - sorted[n] : 0;
  }
  *out = (tn_layout){.batch = batch,
                     .steps = longest,
                     .chain = padded > 0 && batch > 0 ? padded - shortest : 0,
                     .rows = offset[longest],
                     .length = padded > 0 ? padded : longest,
                     .order = order,
                     .lengths = sorted,
                     .branch = branch,
                     .active = active,
                     .offset = offset};
}

void tn_layout_pack(tn_mat packed, const tn_real *dense, const tn_layout *lay) {
  const size_t d = packed.cols, steps = (size_t)lay->steps;
  for (size_t t = 0; t < steps; t++)
    for (size_t n = 0; n < (size_t)lay->batch; n++)
      memcpy(tn_row(packed, t * (size_t)lay->batch + n), dense + ((size_t)lay->order[n] * steps + t) * d,
             d * sizeof(tn_real));
}

void tn_layout_unpack(tn_real *dense, tn_mat packed, const tn_layout *lay) {
  const size_t d = packed.cols, steps = (size_t)lay->steps;
  for (size_t t = 0; t < steps; t++)
    for (size_t n = 0; n < (size_t)lay->batch; n++)
      memcpy(dense + ((size_t)lay->order[n] * steps + t) * d, tn_row(packed, t * (size_t)lay->batch + n),
             d * sizeof(tn_real));
}

void tn_layout_unsort(tn_mat out, tn_mat sorted, const tn_layout *lay) {
  for (size_t n = 0; n < (size_t)lay->batch; n++)
    memcpy(tn_row(out, (size_t)lay->order[n]), tn_row(sorted, n), out.cols * sizeof(tn_real));
}

void tn_layout_sort(tn_mat sorted, tn_mat in, const tn_layout *lay) {
  for (size_t n = 0; n < (size_t)lay->batch; n++)
    memcpy(tn_row(sorted, n), tn_row(in, (size_t)lay->order[n]), in.cols * sizeof(tn_real));
}
