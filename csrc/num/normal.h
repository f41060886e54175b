/* The normal distribution: its distribution function and the inverse. */
#ifndef TN_NORMAL_H
#define TN_NORMAL_H

double tn_normal_cdf(double x);

/* For 0 < p < 1, to 16 digits or so (Wichura 1988, AS 241); ±infinity at the ends, NaN beyond. */
double tn_normal_quantile(double p);

#endif
