/* The bootstrap of CCC, and of the difference of two, over units that are drawn
** with replacement (Efron and Tibshirani 1993; Davison and Hinkley 1997).
**
** A unit is an utterance, or all utterances of a speaker. CCC is a function of
** sums over utterances, so a unit is kept as its sums, and a resample costs one
** addition of them a unit drawn, however many utterances it holds:
**
**   n, Σy, Σy², Σa, Σa², Σay, Σb, Σb², Σby
**
** of labels y and predictions a, b of one or two systems, taken from a common
** origin near the labels' mean, since CCC does not see a common shift.
** With P = Σay - ΣaΣy/n and D = Σa² + Σy² - 2ΣaΣy/n it is CCC = 2P/D.
*/
#ifndef TN_BOOTSTRAP_H
#define TN_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "real.h"

#define TN_SUMS 9

typedef struct tn_bootstrap {
  const double *units; /* (count, TN_SUMS) */
  size_t count;
  int pair;   /* CCC of b less that of a; otherwise atanh of the CCC of a where `fisher` is set, or the CCC */
  int fisher;
  uint64_t seed;
  size_t replicates;
} tn_bootstrap;

/* Adds n utterances to the sums of their units (from 1; NULL: each its own). b may be NULL. */
void tn_bootstrap_sums(double *units, const tn_real *a, const tn_real *b, const tn_real *y, const int32_t *unit_of,
                       size_t n, size_t stride, double origin);

/* The statistic of all units, NaN where it is undefined; *error its standard
** error, to first order over the units (the infinitesimal jackknife). */
double tn_bootstrap_estimate(double *error, const tn_bootstrap *b);

/* The statistic without each unit in turn. */
void tn_bootstrap_jackknife(double *out, const tn_bootstrap *b);

/* The statistic of each replicate, and its standard error unless `errors` is
** NULL. Each replicate has a stream of its own: threads do not show. */
void tn_bootstrap_run(double *out, double *errors, const tn_bootstrap *b);

#endif
