/* From the transforms of eight frames, side by side, to their powers.
**
** Z: complex numbers as (re, im) pairs, the k-th of lane l is number 8k + l.
** Of n = 2K real numbers, taken as K complex ones z[j] = x[2j] + i x[2j+1],
** the spectrum is, with w = exp(-i pi k/K),
**     E = Z[k] + conj Z[K-k],   T = -i w (Z[k] - conj Z[K-k])
**     2 X[k] = E + T,           2 conj X[K-k] = E - T
*/
#ifndef TN_DSP_UNPACK_H
#define TN_DSP_UNPACK_H

#include <stddef.h>

/* 4 |X[k]|^2, k = 0 .. K-1, of all lanes, at P + stride k. Twiddles: (K/2 + 1)
** pairs, cos and sin of pi k/K; NULL where Z is the spectrum already. */
void tn_unpack(double *P, size_t stride, const double *Z, const double *twiddles, size_t K);

#endif
