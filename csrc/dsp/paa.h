/* The 34 low-level descriptors of frames, as pyAudioAnalysis computes them.
**
** tn_paa holds what depends only on (rate, window, step, eps): tables and the
** shared FFT plan. It is constant after tn_paa_init, so that threads can share
** one; each brings its own tn_paa_work. Both are freed by calls that may come
** twice and on structs of zeros.
**
** Frames are worked on eight at a time, side by side (spectrum.h). Nothing of
** a frame depends on which lane it is in or on what is in the others.
*/
#ifndef TN_DSP_PAA_H
#define TN_DSP_PAA_H

#include <stddef.h>

#include "chroma.h"
#include "fft.h"
#include "mel.h"
#include "spectrum.h"
#include "waveform.h"

enum {
  TN_LLD = 34,
  TN_LLD_DELTAS = 2 * TN_LLD,
  TN_MIN_WINDOW = 2 * TN_BLOCKS, /* floor(K/10) >= 1 bin a block, K = int(W/2) */
  TN_MAX_WINDOW = 1 << 18 /* a rate that no sound has must not decide how much memory is taken: 40 MB */
};

typedef struct tn_paa {
  size_t window, step, bins; /* W, S, K */
  double eps;
  tn_fft *fft;
  tn_mel mel;
  tn_chroma chroma;
} tn_paa;

typedef struct tn_paa_work {
  double *memory;
  double *frame;      /* (W), where a frame cannot be used where it is */
  double *Z, *X;      /* spectra of eight frames: fft.h, spectrum.h */
  tn_moments moments; /* of X */
  int begun;          /* a frame has come */
} tn_paa_work;

/* window from TN_MIN_WINDOW to TN_MAX_WINDOW, step >= 1, eps > 0. -1 when memory is short. */
int tn_paa_init(tn_paa *p, double rate, size_t window, size_t step, double eps);
void tn_paa_free(tn_paa *p);

int tn_paa_work_init(tn_paa_work *w, const tn_paa *p);
void tn_paa_work_free(tn_paa_work *w);

/* How many frames begin at 0, S, 2S, ... and end within n samples. */
size_t tn_paa_frames(const tn_paa *p, size_t n);

/* rows (count, 34) of the frames at x, x + S, ..., 1 to 8 of them; frames come
** in their order. */
void tn_paa_rows(const tn_paa *p, tn_paa_work *w, double *rows, const double *x, size_t count);

#endif
