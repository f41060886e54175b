#include "ragged.h"

#include <string.h>

#include "pool.h"

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

typedef struct transfer {
  tn_mat packed;
  tn_real *dense;
  const tn_layout *lay;
  int to_dense;
} transfer;

/* A thread takes some of the sequences. */
static void carry(void *ctx, int id, int count) {
  const transfer *t = ctx;
  const size_t d = t->packed.cols, steps = (size_t)t->lay->steps, batch = (size_t)t->lay->batch;
  const tn_span mine = tn_share((int)batch, 1, id, count);
  for (size_t n = (size_t)mine.first; n < (size_t)(mine.first + mine.count); n++)
    for (size_t j = 0; j < steps; j++) {
      tn_real *row = tn_row(t->packed, j * batch + n), *step = t->dense + ((size_t)t->lay->order[n] * steps + j) * d;
      memcpy(t->to_dense ? step : row, t->to_dense ? row : step, d * sizeof(tn_real));
    }
}

static void transfer_all(transfer t) {
  if (t.packed.rows * t.packed.cols < 65536)
    carry(&t, 0, 1);
  else
    tn_parallel(carry, &t);
}

void tn_layout_pack(tn_mat packed, const tn_real *dense, const tn_layout *lay) {
  transfer_all((transfer){packed, (tn_real *)(uintptr_t)dense, lay, 0});
}

void tn_layout_unpack(tn_real *dense, tn_mat packed, const tn_layout *lay) {
  transfer_all((transfer){packed, dense, lay, 1});
}

void tn_layout_unsort(tn_mat out, tn_mat sorted, const tn_layout *lay) {
  for (size_t n = 0; n < (size_t)lay->batch; n++)
    memcpy(tn_row(out, (size_t)lay->order[n]), tn_row(sorted, n), out.cols * sizeof(tn_real));
}

void tn_layout_sort(tn_mat sorted, tn_mat in, const tn_layout *lay) {
  for (size_t n = 0; n < (size_t)lay->batch; n++)
    memcpy(tn_row(sorted, n), tn_row(in, (size_t)lay->order[n]), in.cols * sizeof(tn_real));
}
