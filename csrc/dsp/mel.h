/* Mel frequency cepstral coefficients of pyAudioAnalysis.
**
** 40 triangular filters over 42 points p (Slaney's Auditory Toolbox): 13 from
** 133.33 Hz in steps of 200/3 Hz, then 29 by the ratio 1.0711703. Filter i
** rises on (p[i], p[i+1]], falls on (p[i+1], p[i+2]], height 2/(p[i+2]-p[i]).
** Bin n stands for n fs/K Hz: pAA passes K, half the frame, where the FFT's
** length is meant, so that the filters sit at half the frequency they name.
** A filter that reaches past bin K-1 is cut there (pAA fails).
** c = DCT-II, orthonormal, of log10(X . filters + eps); the first 13.
*/
#ifndef TN_DSP_MEL_H
#define TN_DSP_MEL_H

#include <stddef.h>
#include <stdint.h>

enum { TN_MEL_FILTERS = 40, TN_MFCC = 13 };

typedef struct tn_mel {
  size_t first[TN_MEL_FILTERS]; /* bin of the first weight */
  size_t count[TN_MEL_FILTERS];
  size_t offset[TN_MEL_FILTERS]; /* of its weights in `weights` */
  double *weights;
  double dct[TN_MFCC][TN_MEL_FILTERS / 2]; /* its first half, times log10(2) */
} tn_mel;

int tn_mel_init(tn_mel *m, size_t bins, double rate);
void tn_mel_free(tn_mel *m);

/* For eight frames side by side: energies (40, 8) of magnitude spectra X
** (bins, TN_ROW; spectrum.h), and mfcc (13, 8) from log2 of the energies. */
void tn_mel_energies(const tn_mel *m, double *energies, const double *X);
void tn_mel_cepstrum(const tn_mel *m, double *mfcc, const double *logs);

#endif
