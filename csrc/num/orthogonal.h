/* A matrix with orthonormal columns, uniform over all such: Q of the QR
** decomposition of a Gaussian matrix, each column's sign that of R's diagonal
** (Mezzadri 2007), by LAPACK's Householder reflections in double.
*/
#ifndef TN_ORTHOGONAL_H
#define TN_ORTHOGONAL_H

#include "mat.h"
#include "rng.h"

/* q (rows, cols), rows >= cols. `work` holds tn_orthogonal_work(rows, cols)
** doubles. Returns 0, or LAPACK's complaint. */
int tn_orthogonal(tn_mat q, tn_rng *rng, double *work);
size_t tn_orthogonal_work(size_t rows, size_t cols);

#endif
