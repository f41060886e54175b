/* Welford's recurrence, by columns. */
#include "hsf.h"

#include <math.h>
#include <string.h>

#include "lanes.h"

void tn_hsf_init(tn_hsf *h, size_t columns, int drop_zeros, double *memory) {
  memset(memory, 0, 3 * columns * sizeof *memory);
  *h = (tn_hsf){columns, 0, drop_zeros, memory, memory + columns, memory + 2 * columns};
}

static void add_present(tn_hsf *h, const double *row) {
  double *count = h->count, *mean = h->mean, *square = h->square;
  for (size_t c = 0; c < h->columns; c++) {
    if (row[c] == 0) continue;
    const double off = row[c] - mean[c];
    mean[c] += off / ++count[c];
    square[c] += off * (row[c] - mean[c]);
  }
}

TN_SIMD static void add_all(double *restrict mean, double *restrict square, const double *restrict row, double n,
                            size_t columns) {
  for (size_t c = 0; c < columns; c++) {
    const double off = row[c] - mean[c];
    mean[c] += off / n;
    square[c] += off * (row[c] - mean[c]);
  }
}

void tn_hsf_add(tn_hsf *h, const double *row) {
  h->rows++;
  if (h->drop_zeros)
    add_present(h, row);
  else
    add_all(h->mean, h->square, row, (double)h->rows, h->columns);
}

void tn_hsf_finish(const tn_hsf *h, double *out) {
  for (size_t c = 0; c < h->columns; c++) {
    const double n = h->drop_zeros ? h->count[c] : (double)h->rows;
    out[c] = h->mean[c];
    out[h->columns + c] = n > 0 ? sqrt(h->square[c] / n) : 0;
  }
}
