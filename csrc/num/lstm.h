/* An LSTM layer over a packed batch (ragged.h), forward and backward.
**
**   z_t = W_ih x_t + W_hh h_{t-1} + b        gates i f g o as in gates.h
**
** (Hochreiter & Schmidhuber 1997 with forget gates, as Keras and cuDNN: one
** bias, no peepholes.) The input projection is one product over all steps;
** only W_hh h_{t-1} is sequential. The chain of shared front padding runs at
** batch size 1 and its states are handed to the sequences where they branch
** off; backward, their state gradients join the chain at the same points.
** Threads share the hidden units of every step: the recurrent weights that a
** thread reads are its own half, and with the kernels of panel.h no number
** depends on how many threads there are.
**
** Rows: R = M + P, the chain after the sequences. X = M + Q rows of input:
** Q = P, or 1 when the chain's input is constant (an embedding's padding row).
**
** Saved for the backward pass (all written by tn_lstm_forward):
**   gates    (R, 4H)     activations; the backward pass leaves dz in it
**   h_before (R + 1, H)  h_{t-1} of every row; rows M .. R are the chain's
**   c_before (R + 1, H)  states 0 .. P
**   tanh_c   (R, H)
*/
#ifndef TN_LSTM_H
#define TN_LSTM_H

#include "ragged.h"

typedef struct tn_lstm {
  tn_mat w_ih;         /* (4H, D) */
  tn_mat w_hh;         /* (4H, H) */
  const tn_real *bias; /* (4H) */
  tn_mat gates, h_before, c_before, tanh_c;
  tn_real *packed; /* room for w_hh in panels (panel.h): tn_lstm_packed_room(H) */
  int packed_ready; /* an earlier forward pass with these weights has filled it */
  const tn_layout *layout;
  int zero_start; /* sequences begin at zero: no chain and no initial state, so
                  ** the first step has no recurrent product, forward or backward */
} tn_lstm;

/* y (R, H) all outputs; h_last, c_last (N, H) sorted, each sequence's state
** after its last step. x (X, D). h_first, c_first (N, H) sorted, or .at NULL
** for zeros; a chain starts from zeros always. */
void tn_lstm_forward(tn_mat y, tn_mat h_last, tn_mat c_last, tn_mat x, tn_mat h_first, tn_mat c_first,
                     tn_lstm net);

typedef struct tn_lstm_grads {
  tn_mat w_ih, w_hh; /* accumulated into */
  tn_real *bias;
  tn_mat x;    /* (X, D) set; .at NULL where not wanted */
  tn_mat h, c; /* (N, H) sorted. In: dL/d(h_last, c_last). Out: dL/d(h_first, c_first),
               ** unless they are constant zeros */
} tn_lstm_grads;

/* dy (R, H) or .at NULL where only the last states matter. `work` holds
** tn_lstm_work(H) numbers. */
void tn_lstm_backward(tn_lstm_grads grads, tn_mat dy, tn_mat x, tn_lstm net, tn_real *work);
size_t tn_lstm_work(size_t hidden);
size_t tn_lstm_packed_room(size_t hidden);

#endif
