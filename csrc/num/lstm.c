#include "lstm.h"

#include <string.h>

#include "gates.h"
#include "gemm.h"
#include "panel.h"
#include "pool.h"

typedef struct steps {
  const tn_lstm *net;
  tn_mat y, h_last, c_last; /* forward */
  tn_mat dy, dh, dc;        /* backward: state gradients (N, H) */
  tn_real *chain_dh, *chain_dc;
} steps;

static const tn_mat none;

/* A thread's hidden units: whole panels, and whole cache lines. */
static tn_span my_units(const tn_lstm *net, int id, int count) {
  const int width = tn_panel_width();
  return tn_share((int)net->w_hh.cols, width > 16 ? width : 16, id, count);
}

/* z[:, units] += h · W_hh[units]ᵀ */
static void recur(tn_mat z, tn_mat h, const tn_lstm *net, tn_span units) {
  const tn_mat w_hh = net->w_hh;
  const size_t hidden = w_hh.cols, first = (size_t)units.first, count = (size_t)units.count;
  if (tn_panel_width() > 0) {
    tn_panel_gates(z, h, net->packed, units);
    return;
  }
  if (count == hidden) { /* the whole row: one product does for four */
    tn_gemm_nt_here(z, 1, h, w_hh);
    return;
  }
  for (size_t gate = 0; gate < 4; gate++)
    tn_gemm_nt_here(tn_cols(z, gate * hidden + first, count), 1, h,
                    tn_rows(w_hh, gate * hidden + first, count));
}

static void copy_units(tn_mat to, tn_mat from, tn_span units) {
  for (size_t r = 0; r < to.rows; r++)
    memcpy(tn_row(to, r) + units.first, tn_row(from, r) + units.first,
           (size_t)units.count * sizeof(tn_real));
}

/* Where sorted sequence n begins: state branch[n] of the chain. */
static void branch_off(const steps *s, tn_span units) {
  const tn_lstm *net = s->net;
  const tn_layout *lay = net->layout;
  const size_t going = lay->steps > 0 ? (size_t)lay->active[0] : 0, rows = (size_t)lay->rows;
  for (size_t n = 0; n < (size_t)lay->batch; n++) {
    const size_t from = rows + (size_t)lay->branch[n];
    copy_units(n < going ? tn_rows(net->h_before, n, 1) : tn_rows(s->h_last, n, 1),
               tn_rows(net->h_before, from, 1), units);
    copy_units(n < going ? tn_rows(net->c_before, n, 1) : tn_rows(s->c_last, n, 1),
               tn_rows(net->c_before, from, 1), units);
  }
}

/* Whether any step has a recurrent product. */
static int recurs(const tn_lstm *net) { return net->layout->chain > 0 || net->layout->steps > 1 || !net->zero_start; }

static int worthwhile(const tn_lstm *net) { return net->w_hh.cols >= 64; }

static void forward_steps(void *ctx, int id, int count) {
  const steps *s = ctx;
  const tn_lstm *net = s->net;
  const tn_layout *lay = net->layout;
  const size_t rows = (size_t)lay->rows;
  const tn_span units = my_units(net, id, count);
  int sense = 0;

  if (tn_panel_width() > 0 && recurs(net) && !net->packed_ready)
    tn_panel_pack_gates(net->packed, net->w_hh, units);
  for (size_t p = 0; p < (size_t)lay->chain; p++) {
    const size_t row = rows + p;
    if (p > 0) recur(tn_rows(net->gates, row, 1), tn_rows(net->h_before, row, 1), net, units);
    const tn_gates_out out = {.h = tn_rows(s->y, row, 1),
                              .h_next = tn_rows(net->h_before, row + 1, 1),
                              .c_next = tn_rows(net->c_before, row + 1, 1),
                              .next_rows = 1};
    tn_gates_forward(out, tn_rows(net->gates, row, 1), net->bias, tn_rows(net->c_before, row, 1),
                     tn_rows(net->tanh_c, row, 1), units);
    if (count > 1) tn_barrier(&sense);
  }
  if (lay->chain > 0) {
    branch_off(s, units);
    if (count > 1) tn_barrier(&sense);
  }
  for (int j = 0; j < lay->steps; j++) {
    const size_t at = (size_t)lay->offset[j], n = (size_t)lay->active[j], next = (size_t)lay->offset[j + 1];
    const size_t going = j + 1 < lay->steps ? (size_t)lay->active[j + 1] : 0;
    if (j > 0 || !net->zero_start)
      recur(tn_rows(net->gates, at, n), tn_rows(net->h_before, at, n), net, units);
    const tn_gates_out out = {.h = tn_rows(s->y, at, n),
                              .h_next = tn_rows(net->h_before, next, going),
                              .c_next = tn_rows(net->c_before, next, going),
                              .h_final = s->h_last,
                              .c_final = s->c_last,
                              .next_rows = going};
    tn_gates_forward(out, tn_rows(net->gates, at, n), net->bias, tn_rows(net->c_before, at, n),
                     tn_rows(net->tanh_c, at, n), units);
    if (count > 1) tn_barrier(&sense);
  }
}

static void start(tn_mat before, tn_mat last, tn_mat first, const tn_layout *lay) {
  const size_t going = lay->steps > 0 ? (size_t)lay->active[0] : 0;
  for (size_t n = 0; n < (size_t)lay->batch; n++) {
    tn_real *to = n < going ? tn_row(before, n) : tn_row(last, n);
    if (first.at != NULL)
      memcpy(to, tn_row(first, n), before.cols * sizeof(tn_real));
    else
      memset(to, 0, before.cols * sizeof(tn_real));
  }
}

void tn_lstm_forward(tn_mat y, tn_mat h_last, tn_mat c_last, tn_mat x, tn_mat h_first, tn_mat c_first,
                     tn_lstm net) {
  const tn_layout *lay = net.layout;
  const size_t rows = (size_t)lay->rows, chain = (size_t)lay->chain, hidden = net.w_hh.cols;
  steps s = {.net = &net, .y = y, .h_last = h_last, .c_last = c_last};

  tn_gemm_nt(tn_rows(net.gates, 0, x.rows), 0, x, net.w_ih);
  for (size_t p = x.rows - rows; p < chain; p++) /* a constant input was projected once */
    memcpy(tn_row(net.gates, rows + p), tn_row(net.gates, rows), 4 * hidden * sizeof(tn_real));
  if (chain > 0) {
    memset(tn_row(net.h_before, rows), 0, hidden * sizeof(tn_real));
    memset(tn_row(net.c_before, rows), 0, hidden * sizeof(tn_real));
  } else {
    start(net.h_before, h_last, h_first, lay);
    start(net.c_before, c_last, c_first, lay);
  }
  if (worthwhile(&net))
    tn_parallel(forward_steps, &s);
  else
    forward_steps(&s, 0, 1);
}

/* dh[:, units] = dz · W_hh[:, units] */
static void recur_back(tn_mat dh, tn_mat dz, const tn_lstm *net, tn_span units) {
  const size_t first = (size_t)units.first, count = (size_t)units.count;
  const tn_mat w_hh = net->w_hh;
  if (tn_panel_width() > 0) {
    tn_panel_plain(dh, dz, net->packed, units);
    return;
  }
  tn_gemm_nn_here(tn_cols(dh, first, count), 0, dz, tn_cols(w_hh, first, count));
}

static void add_units(tn_real *to, const tn_real *from, tn_span units) {
  for (int u = units.first; u < units.first + units.count; u++) to[u] += from[u];
}

static void backward_steps(void *ctx, int id, int count) {
  const steps *s = ctx;
  const tn_lstm *net = s->net;
  const tn_layout *lay = net->layout;
  const size_t rows = (size_t)lay->rows;
  const tn_span units = my_units(net, id, count);
  int sense = 0;

  if (tn_panel_width() > 0 && recurs(net)) tn_panel_pack_plain(net->packed, net->w_hh, units);
  for (int j = lay->steps - 1; j >= 0; j--) {
    const size_t at = (size_t)lay->offset[j], n = (size_t)lay->active[j];
    const tn_mat dz = tn_rows(net->gates, at, n);
    tn_gates_backward(dz, tn_rows(s->dc, 0, n), tn_rows(s->dh, 0, n), s->dy.at ? tn_rows(s->dy, at, n) : none,
                      tn_rows(net->c_before, at, n), tn_rows(net->tanh_c, at, n), units);
    if (count > 1) tn_barrier(&sense);
    if (j > 0 || !net->zero_start) recur_back(tn_rows(s->dh, 0, n), dz, net, units);
  }
  if (lay->chain == 0) return;

  const tn_mat dh = tn_mat_of(s->chain_dh, 1, net->w_hh.cols), dc = tn_mat_of(s->chain_dc, 1, net->w_hh.cols);
  memset(dh.at + units.first, 0, (size_t)units.count * sizeof(tn_real));
  memset(dc.at + units.first, 0, (size_t)units.count * sizeof(tn_real));
  int n = lay->batch - 1;
  for (int p = lay->chain - 1; p >= 0; p--) {
    const size_t row = rows + (size_t)p;
    const tn_mat dz = tn_rows(net->gates, row, 1);
    for (; n >= 0 && lay->branch[n] == p + 1; n--) {
      add_units(dh.at, tn_row(s->dh, (size_t)n), units);
      add_units(dc.at, tn_row(s->dc, (size_t)n), units);
    }
    tn_gates_backward(dz, dc, dh, s->dy.at ? tn_rows(s->dy, row, 1) : none, tn_rows(net->c_before, row, 1),
                      tn_rows(net->tanh_c, row, 1), units);
    if (count > 1) tn_barrier(&sense);
    if (p > 0) recur_back(dh, dz, net, units);
  }
}

typedef struct column_sum {
  tn_real *to;
  tn_mat from;
} column_sum;

/* Four rows at a time: fewer passes over `to`, and a shorter chain of additions. */
static void add_columns(void *ctx, int id, int count) {
  const column_sum *sum = ctx;
  const tn_span s = tn_share((int)sum->from.cols, 16, id, count);
  tn_real *to = sum->to + s.first;
  size_t r = 0;
  for (; r + 4 <= sum->from.rows; r += 4) {
    const tn_real *a = tn_row(sum->from, r) + s.first, *b = tn_row(sum->from, r + 1) + s.first;
    const tn_real *c = tn_row(sum->from, r + 2) + s.first, *d = tn_row(sum->from, r + 3) + s.first;
    for (int u = 0; u < s.count; u++) to[u] += (a[u] + b[u]) + (c[u] + d[u]);
  }
  for (; r < sum->from.rows; r++) add_units(sum->to, tn_row(sum->from, r), s);
}

size_t tn_lstm_work(size_t hidden) { return 2 * hidden; }

size_t tn_lstm_packed_room(size_t hidden) { return tn_panel_room(hidden); }

void tn_lstm_backward(tn_lstm_grads grads, tn_mat dy, tn_mat x, tn_lstm net, tn_real *work) {
  const tn_layout *lay = net.layout;
  const size_t rows = (size_t)lay->rows, chain = (size_t)lay->chain, hidden = net.w_hh.cols;
  steps s = {.net = &net, .dy = dy, .dh = grads.h, .dc = grads.c, .chain_dh = work, .chain_dc = work + hidden};
  if (worthwhile(&net))
    tn_parallel(backward_steps, &s);
  else
    backward_steps(&s, 0, 1);

  const tn_mat dz = tn_rows(net.gates, 0, rows + chain);
  column_sum bias = {grads.bias, dz};
  if (worthwhile(&net))
    tn_parallel(add_columns, &bias);
  else
    add_columns(&bias, 0, 1);
  if (!net.zero_start || lay->steps > 1) tn_gemm_tn(grads.w_hh, 1, dz, tn_rows(net.h_before, 0, rows + chain));
  if (chain > x.rows - rows) { /* a constant input: its dz, summed over the chain, meets it once */
    for (size_t p = 1; p < chain; p++)
      add_units(tn_row(dz, rows), tn_row(dz, rows + p), (tn_span){0, (int)(4 * hidden)});
  }
  const tn_mat met = tn_rows(net.gates, 0, x.rows);
  tn_gemm_tn(grads.w_ih, 1, met, x);
  if (grads.x.at != NULL) tn_gemm_nn(grads.x, 0, met, net.w_ih);
}
