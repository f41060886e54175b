/* Chroma of pyAudioAnalysis: the energy of the twelve pitch classes.
**
** Bin k has note c[k] = round_half_even(12 log2((k+1) fs/(2K) / 27.5)), and
** n[k] bins share the note of bin k. pAA writes, with NumPy's indexing,
**     C = zeros(K);  C[c] = X^2;  C /= n[c]
** The assignment lets the last bin of a note win, and a negative note counts
** from the end. The division goes position by position: C[k] by n[c[k]], the
** number of bins that share the note of *bin* c[k]. (The textbook divides the
** energy of a note by the number of its bins.) Then C is summed modulo 12
** and divided by the sum of X^2, or by eps where that is 0.
** Where a note lies outside -K .. K-1 pAA fails; here that bin is left out of
** the assignment and that position of the division.
** All of it is linear in X^2, so a frame costs one product for each position
** that some bin fills. The positions stand sorted by their pitch class.
*/
#ifndef TN_DSP_CHROMA_H
#define TN_DSP_CHROMA_H

#include <stddef.h>

enum { TN_CHROMA = 12 };

typedef struct tn_chroma_cell {
  size_t bin;
  double weight;
} tn_chroma_cell;

typedef struct tn_chroma {
  size_t first[TN_CHROMA + 1]; /* the cells of pitch class i begin at first[i] */
  tn_chroma_cell *cells;
} tn_chroma;

int tn_chroma_init(tn_chroma *c, size_t bins, double rate);
void tn_chroma_free(tn_chroma *c);

/* For eight frames side by side: chroma (12, 8) and, after them, their
** population standard deviation (8); of magnitude spectra X (bins, TN_ROW;
** spectrum.h), total (8) their sums of X^2. */
void tn_chroma_frames(const tn_chroma *c, double *out, const double *X, const double *total, double eps);

#endif
