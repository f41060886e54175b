/* The chain of index operations, worked out once into a list of cells. */
#include "chroma.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The position that note c names in an array of K, or -1. */
static long position(long note, long K) {
  if (note < 0) note += K;
  return note >= 0 && note < K ? note : -1;
}

/* notes[k], and in `shared` how many bins have the note of bin k: notes rise
** with k, so equal ones lie side by side */
static void count_notes(long *notes, long *shared, long K, double rate) {
  for (long k = 0; k < K; k++) {
    const double f = (double)(k + 1) * rate / (double)(2 * K);
    notes[k] = lrint(12 * log2(f / 27.5));
  }
  for (long k = 0, end; k < K; k = end) {
    for (end = k; end < K && notes[end] == notes[k];) end++;
    for (long i = k; i < end; i++) shared[i] = end - k;
  }
}

int tn_chroma_init(tn_chroma *c, size_t bins, double rate) {
  const long K = (long)bins;
  memset(c, 0, sizeof *c);
  long *scratch = (long *)malloc(3 * bins * sizeof *scratch);
  c->cells = (tn_chroma_cell *)malloc(bins * sizeof *c->cells);
  if (scratch == NULL || c->cells == NULL) {
    free(scratch);
    tn_chroma_free(c);
    return -1;
  }
  long *notes = scratch, *shared = scratch + K, *winner = scratch + 2 * K;
  count_notes(notes, shared, K, rate);
  for (long k = 0; k < K; k++) winner[k] = -1;
  for (long k = 0; k < K; k++) {
    const long at = position(notes[k], K);
    if (at >= 0) winner[at] = k;
  }
  for (long k = 0; k < K; k++) {
    if (winner[k] < 0) continue;
    const long divisor = position(notes[k], K);
    tn_chroma_cell *cell = &c->cells[c->count++];
    cell->bin = (uint32_t)winner[k];
    cell->pitch = (uint32_t)(k % TN_CHROMA);
    cell->weight = divisor >= 0 ? 1 / (double)shared[divisor] : 1;
  }
  free(scratch);
  return 0;
}

void tn_chroma_free(tn_chroma *c) {
  free(c->cells);
  c->cells = NULL;
  c->count = 0;
}

void tn_chroma_frame(const tn_chroma *c, double *out, const double *X, double total, double eps) {
  double sum[TN_CHROMA] = {0}, mean = 0, square = 0;
  for (size_t i = 0; i < c->count; i++) {
    const double x = X[c->cells[i].bin];
    sum[c->cells[i].pitch] += x * x * c->cells[i].weight;
  }
  const double divisor = total == 0 ? eps : total;
  for (int i = 0; i < TN_CHROMA; i++) {
    out[i] = sum[i] / divisor;
    mean += out[i];
  }
  mean /= TN_CHROMA;
  for (int i = 0; i < TN_CHROMA; i++) square += (out[i] - mean) * (out[i] - mean);
  out[TN_CHROMA] = sqrt(square / TN_CHROMA);
}
