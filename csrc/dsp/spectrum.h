/* The descriptors of a magnitude spectrum X of K bins (pyAudioAnalysis).
**
** X: |FFT(frame)| / K of bins 0 .. K-1.
** centroid and spread: f_k = (k+1) fs/(2K), weights X/max X (X/eps where max X
** is 0), their sum + eps; both divided by fs/2. With f in units of fs/(2K) the
** rate falls out and what is left is divided by K.
** flux = sum (X/sum(X+eps) - Y/sum(Y+eps))^2, Y the spectrum of the frame before.
** roll-off: the first bin where cumsum(X^2) + eps exceeds 0.90 sum X^2, divided
** by K; 0 where there is none.
** Arrays of bins are padded with zeros to a multiple of TN_LANES (lanes.h).
*/
#ifndef TN_DSP_SPECTRUM_H
#define TN_DSP_SPECTRUM_H

#include <stddef.h>

typedef struct tn_moments {
  double sum;    /* of X */
  double max;    /* of X */
  double ramp;   /* of (k+1) X */
} tn_moments;

/* X (K, padded) and its moments from the complex spectrum z (re, im). */
tn_moments tn_magnitudes(double *X, const double *z, size_t K);

void tn_centroid_spread(double *centroid, double *spread, const double *X, tn_moments m, size_t K, double eps);
/* sum_X and sum_Y have eps added a bin */
double tn_flux(const double *X, double sum_X, const double *Y, double sum_Y, size_t K);
double tn_rolloff(const double *X, double energy, size_t K, double eps);

#endif
