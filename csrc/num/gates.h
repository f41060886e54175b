/* The element-wise half of an LSTM step, forward and backward.
**
**   i, f, o = sigmoid(z_i, z_f, z_o)    g = tanh(z_g)      z = pre-activations + bias
**   c = f c_before + i g                h = o tanh(c)
**
** A row of `gates` holds the four blocks i f g o of H numbers each, z going
** in, activations coming out; the backward pass turns activations into dz in
** place. Only units first .. first+count of each block are touched, so that
** threads can share a row.
*/
#ifndef TN_GATES_H
#define TN_GATES_H

#include "mat.h"
#include "pool.h"

/* (rows, 4H) gates, (4H) bias, (rows, H) c_before -> tanh(c); h and c go to
** (rows, H) each; `h` of this step and, for rows < next_rows, `h_next` and
** `c_next`, the next step's "before"; the rest goes to h_final, c_final. */
typedef struct tn_gates_out {
  tn_mat h, h_next, c_next, h_final, c_final;
  size_t next_rows;
} tn_gates_out;

void tn_gates_forward(tn_gates_out out, tn_mat gates, const tn_real *bias, tn_mat c_before, tn_mat tanh_c,
                      tn_span units);

/* gates: activations -> dz. dc (rows, H): dL/dc from the step after -> to the
** step before. dh (rows, H): from the step after; dy (rows, H) or .at = NULL:
** from the layer above. */
void tn_gates_backward(tn_mat gates, tn_mat dc, tn_mat dh, tn_mat dy, tn_mat c_before, tn_mat tanh_c,
                       tn_span units);

#endif
