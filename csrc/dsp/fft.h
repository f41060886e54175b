/* Power spectra of eight frames, side by side.
**
** Frames are transformed one by one, each into its lane of Z, and made powers of
** all at once (unpack.h). A frame of an even number n of samples is transformed
** as n/2 complex numbers, which costs half as much.
**
** Plans are made once for each n and shared. FFTW's planner is not thread safe
** and runs under a mutex here; executing a plan on new arrays is. Plans are
** FFTW_ESTIMATE: chosen by rule, not by the clock, so that every run of a
** machine gives the same bits.
*/
#ifndef TN_DSP_FFT_H
#define TN_DSP_FFT_H

#include <stddef.h>

typedef struct tn_fft tn_fft;

/* NULL when memory is short. Every share is given back by one drop. */
tn_fft *tn_fft_share(size_t n);
void tn_fft_drop(tn_fft *fft);

/* The doubles in Z. */
size_t tn_fft_size(size_t n);
/* The transform of the frame `in` (n), aligned and kept, into lane 0 .. 7 of Z. */
void tn_fft_lane(const tn_fft *fft, double *Z, int lane, const double *in);
/* 4 |X[k]|^2 of bins k = 0 .. K-1, K = n/2, of all lanes, at P + stride k. */
void tn_fft_powers(const tn_fft *fft, double *P, size_t stride, const double *Z);
/* May this frame be transformed where it is, or must it be copied into an
** array of tn_fft_alloc first? */
int tn_fft_aligned(const double *in);

/* Arrays for these calls, aligned as the plans expect: zeros, or NULL. */
double *tn_fft_alloc(size_t doubles);
void tn_fft_release(double *p);

#endif
