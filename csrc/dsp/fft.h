/* Fourier transforms of n real numbers, planned once for each n and shared.
**
** FFTW's planner is not thread safe and runs under a mutex here; executing a
** plan on new arrays is. Plans are FFTW_ESTIMATE: chosen by rule, not by the
** clock, so that every run of a machine gives the same bits.
** Arrays come from tn_fft_alloc, aligned as the plan expects.
*/
#ifndef TN_DSP_FFT_H
#define TN_DSP_FFT_H

#include <stddef.h>

typedef struct tn_fft tn_fft;

/* NULL when memory is short. Every share is given back by one drop. */
tn_fft *tn_fft_share(size_t n);
void tn_fft_drop(tn_fft *fft);

/* out: n/2 + 1 complex numbers as (re, im) pairs; in is kept. */
void tn_fft_run(const tn_fft *fft, double *out, double *in);

double *tn_fft_alloc(size_t doubles); /* zeros, or NULL */
void tn_fft_release(double *p);

#endif
