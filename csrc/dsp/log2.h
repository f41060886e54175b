/* y[i] = log2(x[i]) for many positive normal numbers at once. */
#ifndef TN_DSP_LOG2_H
#define TN_DSP_LOG2_H

#include <stddef.h>

/* n is a multiple of TN_LANES (lanes.h). */
void tn_log2_many(double *y, const double *x, size_t n);

#endif
