/* The chain of index operations, worked out once into a list of cells. */
#define TN_SELF "chroma.c"
#include "chroma.h"

#include "spectrum.h"
#include "widths.h"

#ifdef TN_WIDTH

/* `out` gets the variance in the deviation's place. */
TN_KERNEL static void TN_NAME(tn_chroma_sums)(const tn_chroma *c, double *out, const double *X, const double *total,
                                              double eps) {
  for (int lane = 0; lane < TN_LANES; lane += TN_WIDTH, X += TN_WIDTH, out += TN_WIDTH) {
    const tn_vec all = TN_AT(total + lane), scale = 1.0 / TN_SELECT(all, all == 0.0, TN_ALL(eps));
    tn_vec mean = {0}, square = {0};
    for (int pitch = 0; pitch < TN_CHROMA; pitch++) {
      tn_vec sum = {0};
      for (size_t i = c->first[pitch]; i < c->first[pitch + 1]; i++) {
        const tn_vec x = TN_AT(X + TN_ROW * c->cells[i].bin + TN_FIRST);
        sum += c->cells[i].weight * (x * x);
      }
      sum *= scale;
      TN_AT(out + TN_LANES * pitch) = sum;
      mean += sum;
    }
    mean /= (double)TN_CHROMA;
    for (int pitch = 0; pitch < TN_CHROMA; pitch++) {
      const tn_vec off = TN_AT(out + TN_LANES * pitch) - mean;
      square += off * off;
    }
    TN_AT(out + TN_LANES * TN_CHROMA) = square / (double)TN_CHROMA;
  }
}

#else

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
  size_t count = 0;
  for (long pitch = 0; pitch < TN_CHROMA; pitch++) {
    c->first[pitch] = count;
    for (long k = pitch; k < K; k += TN_CHROMA) {
      if (winner[k] < 0) continue;
      const long divisor = position(notes[k], K);
      c->cells[count].bin = (size_t)winner[k];
      c->cells[count++].weight = divisor >= 0 ? 1 / (double)shared[divisor] : 1;
    }
  }
  c->first[TN_CHROMA] = count;
  free(scratch);
  return 0;
}

void tn_chroma_free(tn_chroma *c) {
  free(c->cells);
  memset(c, 0, sizeof *c);
}

void tn_chroma_frames(const tn_chroma *c, double *out, const double *X, const double *total, double eps) {
  TN_PICK(tn_chroma_sums)(c, out, X, total, eps);
  for (int l = 0; l < TN_LANES; l++) out[TN_LANES * TN_CHROMA + l] = sqrt(out[TN_LANES * TN_CHROMA + l]);
}

#endif
