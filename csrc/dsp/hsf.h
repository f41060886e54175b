/* High-level statistics: mean and population standard deviation of columns.
**
** Rows come one at a time (Welford 1962), so that a file of any length needs
** three numbers a column. With drop_zeros exact zeros count as missing, as in
** the paper's published code; a column of nothing but zeros gives 0 and 0.
*/
#ifndef TN_DSP_HSF_H
#define TN_DSP_HSF_H

#include <stddef.h>

typedef struct tn_hsf {
  size_t columns, rows;
  int drop_zeros;
  double *count, *mean, *square; /* (columns) each, the caller's */
} tn_hsf;

/* memory: 3 * columns doubles */
void tn_hsf_init(tn_hsf *h, size_t columns, int drop_zeros, double *memory);
void tn_hsf_add(tn_hsf *h, const double *row);
/* out (2 * columns): means, then deviations */
void tn_hsf_finish(const tn_hsf *h, double *out);

#endif
