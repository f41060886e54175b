/* A fully connected layer: y = f(x Wᵀ + b), f one of linear, relu, tanh, sigmoid.
** Backward: with dz = dy f'(z), written through y since all four derivatives
** are functions of y:  dx = dz W,  dW += dzᵀ x,  db += column sums of dz.
*/
#ifndef TN_DENSE_H
#define TN_DENSE_H

#include "mat.h"

typedef enum tn_activation { TN_LINEAR, TN_RELU, TN_TANH, TN_SIGMOID } tn_activation;

/* y (N, O)  x (N, I)  w (O, I)  b (O) */
void tn_dense_forward(tn_mat y, tn_mat x, tn_mat w, const tn_real *b, tn_activation f);

/* dx (N, I) set, or .at NULL; dw, db accumulated; dz (N, O) is workspace */
void tn_dense_backward(tn_mat dx, tn_mat dw, tn_real *db, tn_mat dy, tn_mat x, tn_mat w, tn_mat y, tn_mat dz,
                       tn_activation f);

#endif
