/* Optimiser steps over one parameter array of n numbers, as Keras 2.3 writes
** them (paper.md, section 6). g is the gradient; m, v are the optimiser's own.
*/
#ifndef TN_OPTIM_H
#define TN_OPTIM_H

#include "real.h"

/* m = momentum m - lr g;  p += m, or momentum m - lr g further on (Nesterov) */
void tn_sgd(tn_real *p, tn_real *m, const tn_real *g, double lr, double momentum, int nesterov, size_t n);

/* v = rho v + (1 - rho) g²;  p -= lr g / (sqrt(v) + eps)  (Tieleman & Hinton 2012) */
void tn_rmsprop(tn_real *p, tn_real *v, const tn_real *g, double lr, double rho, double eps, size_t n);

/* m, v as below;  p -= step m / (sqrt(v) + eps), step = lr sqrt(1 - beta2^t) / (1 - beta1^t)
** (Kingma & Ba 2015, with eps as Keras places it) */
void tn_adam(tn_real *p, tn_real *m, tn_real *v, const tn_real *g, double step, double beta1, double beta2,
             double eps, size_t n);

/* m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g²
** p -= lr (g_part g + m_part m) / (sqrt(v v_part) + eps)
** (Dozat 2016; the three parts carry the momentum schedule of step t) */
void tn_nadam(tn_real *p, tn_real *m, tn_real *v, const tn_real *g, double lr, double beta1, double beta2,
              double eps, double g_part, double m_part, double v_part, size_t n);

/* Σ g², in double, in blocks so that a long array loses nothing. */
double tn_sum_squares(const tn_real *g, size_t n);
void tn_scale(tn_real *g, double by, size_t n);

/* Whether every number is zero, of either sign. */
int tn_all_zero(const tn_real *g, size_t n);

#endif
