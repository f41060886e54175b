/* Matrix products by OpenBLAS: c = a·b + beta·c, with b or a transposed.
** The plain ones split large products over the pool by rows or columns of c;
** the `here` ones run in the calling thread, for use inside a region.
*/
#ifndef TN_GEMM_H
#define TN_GEMM_H

#include "mat.h"

void tn_gemm_nn(tn_mat c, tn_real beta, tn_mat a, tn_mat b); /* a (m,k)  b (k,n) */
void tn_gemm_nt(tn_mat c, tn_real beta, tn_mat a, tn_mat b); /* a (m,k)  b (n,k) */
void tn_gemm_tn(tn_mat c, tn_real beta, tn_mat a, tn_mat b); /* a (k,m)  b (k,n) */

void tn_gemm_nn_here(tn_mat c, tn_real beta, tn_mat a, tn_mat b);
void tn_gemm_nt_here(tn_mat c, tn_real beta, tn_mat a, tn_mat b);

#endif
