/* The mean and the peak of a signal, in one pass.
**
** pAA's signal is (s - mean) / (max |s - mean| + 1e-10). Rounding is monotone,
** so the largest |s - mean| is found at the largest or the smallest s, and the
** mean need not be known first. The sum is compensated (Neumaier): exact to
** the last bit or so, and a constant signal has its constant as mean.
** Lanes go by a sample's index, so that block boundaries leave no trace.
*/
#ifndef TN_DSP_LEVEL_H
#define TN_DSP_LEVEL_H

#include <stddef.h>

#include "lanes.h"

typedef struct tn_level {
  double sum[TN_LANES], lost[TN_LANES]; /* lost: what rounding took from sum */
  double low, high;
  size_t count;
} tn_level;

void tn_level_init(tn_level *l);
void tn_level_add(tn_level *l, const double *x, size_t n);
double tn_level_mean(const tn_level *l);
double tn_level_peak(const tn_level *l, double mean);

/* x = (x - mean) * scale */
void tn_normalise(double *x, size_t n, double mean, double scale);

#endif
