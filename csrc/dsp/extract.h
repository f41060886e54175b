/* From a source of samples to rows of descriptors, in two passes.
**
** The passes run in the default floating-point environment whatever the
** caller's, so that a thread that flushes denormals gives the same bits.
*/
#ifndef TN_DSP_EXTRACT_H
#define TN_DSP_EXTRACT_H

#include "paa.h"
#include "source.h"

/* Takes one row of 34 descriptors, or of 68 with deltas. */
typedef void (*tn_row_sink)(void *context, const double *row);

/* A signal whose samples are all one value, or differ from their mean by less than what
** its normalisation adds to the peak (level.h), is silent: it has features, but of nothing. */
#define TN_SILENCE 1e-10

/* Feeds `sink` one row a frame. Deltas are differences to the row before,
** zeros in the first. -1 and a reason where reading fails, a sample is not
** finite or memory is short; a source shorter than one frame gives no rows. Sets `silent` where it is not NULL. */
int tn_extract(const tn_paa *p, tn_source *source, int deltas, tn_row_sink sink, void *context, int *silent,
               char why[TN_WHY]);

#endif
