/* The descriptors of the magnitude spectra X of eight frames (pyAudioAnalysis).
**
** X: |FFT(frame)| / K of bins 0 .. K-1.
** centroid and spread: f_k = (k+1) fs/(2K), weights X/max X (X/eps where max X
** is 0), their sum + eps; both divided by fs/2. With f in units of fs/(2K) the
** rate falls out and what is left is divided by K.
** flux = sum (X/sum(X+eps) - Y/sum(Y+eps))^2, Y the spectrum of the frame before.
** roll-off: the first bin where cumsum(X^2) + eps exceeds 0.90 sum X^2, divided
** by K; 0 where there is none.
**
** Eight frames lie side by side and every formula is written once, for all of
** them: a row of TN_ROW doubles is one bin, the frames from TN_FIRST on. Just
** before them stands the frame before the first, so that "the frame before" is
** the same row one place to the left.
*/
#ifndef TN_DSP_SPECTRUM_H
#define TN_DSP_SPECTRUM_H

#include <stddef.h>

#include "lanes.h"
#include "waveform.h"

enum { TN_ROW = 2 * TN_LANES, TN_FIRST = TN_LANES };

typedef struct tn_moments {
  double sum[TN_ROW];     /* of X, a row as those of X */
  double max[TN_LANES];   /* of X */
  double ramp[TN_LANES];  /* of (k+1) X */
  double total[TN_LANES]; /* of X^2 */
} tn_moments;

/* X (K, TN_ROW) holds powers and gets scale (8) times their roots; m gets its
** moments, and p (10, 8) the shares of X^2 of its ten blocks (waveform.h). */
void tn_magnitudes(double *X, tn_moments *m, double *p, const double *scale, size_t K, double eps);

/* centroid, spread, flux and roll-off (8) each. The last of the `count` frames
** that X holds then stands before the next. */
void tn_spectral_shape(double *centroid, double *spread, double *flux, double *rolloff, double *X, tn_moments *m,
                       size_t count, size_t K, double eps);

#endif
