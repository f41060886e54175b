/* Products with a matrix that is used again and again, packed once.
**
** The recurrent products of an LSTM are small and meet the same weights at
** every step, so a general product spends much of its time packing them.
** Here they are packed once a pass into panels, and each kernel below runs
** straight through a panel. Kernels exist for AVX-512 and AVX2 with FMA, chosen
** at run time; elsewhere tn_panel_width() is 0 and the callers use BLAS.
**
** A number of the result is the sum over k in order, in blocks of TN_PANEL_K,
** whatever the number of rows and threads: its bits depend on neither.
*/
#ifndef TN_PANEL_H
#define TN_PANEL_H

#include "mat.h"
#include "pool.h"

#define TN_PANEL_K 256

/* Columns of a panel, two vector registers; 0 without a kernel. Spans of units
** and columns below begin at multiples of it. */
int tn_panel_width(void);

/* The widest vectors to use, in bytes: 64 for all there is, 32 for AVX2, 0 to let
** BLAS do the work. For specs and measurements: one machine tries every kernel. */
void tn_panel_limit(int bytes);

/* Numbers that the packed form of w_hh (4H, H) takes, in either direction. */
size_t tn_panel_room(size_t hidden);

/* For z += h w_hhᵀ: a panel holds the four gates of a quarter of its width of
** units. Packs, and multiplies, only the units of the span. */
void tn_panel_pack_gates(tn_real *packed, tn_mat w_hh, tn_span units);
void tn_panel_gates(tn_mat z, tn_mat h, const tn_real *packed, tn_span units);

/* For out = dz w_hh, only the columns of the span. */
void tn_panel_pack_plain(tn_real *packed, tn_mat w_hh, tn_span columns);
void tn_panel_plain(tn_mat out, tn_mat dz, const tn_real *packed, tn_span columns);

#endif
