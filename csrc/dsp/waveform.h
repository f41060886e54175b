/* The three descriptors of a frame's samples (pyAudioAnalysis).
**
** zcr = 1/2 sum |sign x[i] - sign x[i-1]| / (W-1), sign 0 = 0
** energy = sum x^2 / W
** entropy of energy: ten blocks of floor(W/10) samples, the remainder dropped,
** p_j = block energy / (energy of the whole frame + eps); - sum p log2(p+eps).
** The logarithms are taken later, for eight frames at once (paa.c).
*/
#ifndef TN_DSP_WAVEFORM_H
#define TN_DSP_WAVEFORM_H

#include <stddef.h>

#include "lanes.h"

enum { TN_BLOCKS = 10 };

double tn_zero_crossings(const double *x, size_t n);

/* Sum of x^2 over all n; p[stride * j]: the ten shares of it. */
double tn_energy_shares(double *p, size_t stride, const double *x, size_t n, double eps);

#endif
