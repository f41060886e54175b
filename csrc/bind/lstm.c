/* The LSTM kernels for lua/tenor/nn/lstm.lua, which owns all the buffers. */
#include "../num/lstm.h"
#include "../num/panel.h"

#include "core.h"
#include "ragged.h"

/* The arguments that both directions share, from stack index `at` on:
** x, w_ih, w_hh, bias, gates, h_before, c_before, tanh_c, packed */
static tn_lstm check_net(lua_State *L, const tn_layout *lay, int at, tn_mat *x) {
  const size_t rows = (size_t)lay->rows, chain = (size_t)lay->chain, all = rows + chain;
  const tn_tensor *in = tn_expect(L, at, "lstm: x", TN_REAL, 2, TN_ANY, TN_ANY);
  if (in->shape[0] != all && !(chain > 0 && in->shape[0] == rows + 1))
    luaL_error(L, "lstm: x must have %I rows, got %I", (lua_Integer)all, (lua_Integer)in->shape[0]);
  const tn_tensor *w_hh = tn_expect(L, at + 2, "lstm: w_hh", TN_REAL, 2, TN_ANY, TN_ANY);
  const size_t hidden = w_hh->shape[1];
  if (hidden == 0 || hidden > INT32_MAX / 16 || w_hh->shape[0] != 4 * hidden)
    luaL_error(L, "lstm: w_hh must be (4H, H), got (%I, %I)", (lua_Integer)w_hh->shape[0], (lua_Integer)hidden);
  tn_lstm net = {
      .w_ih = tn_as_mat(tn_expect(L, at + 1, "lstm: w_ih", TN_REAL, 2, 4 * hidden, in->shape[1])),
      .w_hh = tn_as_mat(w_hh),
      .bias = tn_reals(tn_expect(L, at + 3, "lstm: bias", TN_REAL, 1, 4 * hidden)),
      .gates = tn_as_mat(tn_expect(L, at + 4, "lstm: gates", TN_REAL, 2, all, 4 * hidden)),
      .h_before = tn_as_mat(tn_expect(L, at + 5, "lstm: h_before", TN_REAL, 2, all + 1, hidden)),
      .c_before = tn_as_mat(tn_expect(L, at + 6, "lstm: c_before", TN_REAL, 2, all + 1, hidden)),
      .tanh_c = tn_as_mat(tn_expect(L, at + 7, "lstm: tanh_c", TN_REAL, 2, all, hidden)),
      .packed = tn_reals(tn_expect(L, at + 8, "lstm: packed", TN_REAL, 1, TN_ANY)),
      .layout = lay,
  };
  if (tn_to(L, at + 8)->size < tn_lstm_packed_room(hidden)) luaL_error(L, "lstm: packed is too small");
  *x = tn_as_mat(in);
  return net;
}

/* lstm_forward(layout, y, h_last, c_last, x, w_ih, w_hh, bias, gates, h_before, c_before, tanh_c,
**              packed, h_first, c_first, packed_ready): sorted (N, H) or nil */
static int lstm_forward(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 1);
  tn_mat x;
  tn_lstm net = check_net(L, lay, 5, &x);
  const size_t batch = (size_t)lay->batch, hidden = net.w_hh.cols;
  const tn_mat y = tn_as_mat(tn_expect(L, 2, "lstm: y", TN_REAL, 2, net.gates.rows, hidden));
  const tn_mat h_last = tn_as_mat(tn_expect(L, 3, "lstm: h_last", TN_REAL, 2, batch, hidden));
  const tn_mat c_last = tn_as_mat(tn_expect(L, 4, "lstm: c_last", TN_REAL, 2, batch, hidden));
  const tn_tensor *h_first = tn_expect_opt(L, 14, "lstm: h_first", TN_REAL, 2, batch, hidden);
  const tn_tensor *c_first = tn_expect_opt(L, 15, "lstm: c_first", TN_REAL, 2, batch, hidden);
  if (lay->chain > 0 && (h_first != NULL || c_first != NULL))
    return luaL_error(L, "lstm: sequences that share a front-padding chain start from zero");
  net.zero_start = lay->chain == 0 && h_first == NULL;
  net.packed_ready = lua_toboolean(L, 16);
  tn_lstm_forward(y, h_last, c_last, x, tn_as_mat_opt(h_first), tn_as_mat_opt(c_first), net);
  return 0;
}

/* lstm_backward(layout, dx|nil, dw_ih, dw_hh, dbias, dh, dc, dy|nil, x, w_ih, w_hh, bias, gates,
**               h_before, c_before, tanh_c, packed, work, zero_start) */
static int lstm_backward(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 1);
  tn_mat x;
  tn_lstm net = check_net(L, lay, 9, &x);
  const size_t batch = (size_t)lay->batch, hidden = net.w_hh.cols;
  const tn_lstm_grads grads = {
      .x = tn_as_mat_opt(tn_expect_opt(L, 2, "lstm: dx", TN_REAL, 2, x.rows, x.cols)),
      .w_ih = tn_as_mat(tn_expect(L, 3, "lstm: dw_ih", TN_REAL, 2, 4 * hidden, x.cols)),
      .w_hh = tn_as_mat(tn_expect(L, 4, "lstm: dw_hh", TN_REAL, 2, 4 * hidden, hidden)),
      .bias = tn_reals(tn_expect(L, 5, "lstm: dbias", TN_REAL, 1, 4 * hidden)),
      .h = tn_as_mat(tn_expect(L, 6, "lstm: dh", TN_REAL, 2, batch, hidden)),
      .c = tn_as_mat(tn_expect(L, 7, "lstm: dc", TN_REAL, 2, batch, hidden)),
  };
  const tn_mat dy = tn_as_mat_opt(tn_expect_opt(L, 8, "lstm: dy", TN_REAL, 2, net.gates.rows, hidden));
  tn_real *work = tn_reals(tn_expect(L, 18, "lstm: work", TN_REAL, 1, tn_lstm_work(hidden)));
  net.zero_start = lua_toboolean(L, 19) && lay->chain == 0;
  tn_lstm_backward(grads, dy, x, net, work);
  return 0;
}

/* packed_room(hidden) -> numbers that `packed` takes */
static int lstm_packed_room(lua_State *L) {
  const lua_Integer hidden = luaL_checkinteger(L, 1);
  luaL_argcheck(L, hidden >= 1 && hidden <= INT32_MAX / 16, 1, "not a number of units");
  lua_pushinteger(L, (lua_Integer)tn_lstm_packed_room((size_t)hidden));
  return 1;
}

/* panels([bytes]) -> panel width, 0 where BLAS does the recurrent products. `bytes` limits the
** vectors of the kernels of panel.h: 64 for what there is, 32, or 0 for none. */
static int lstm_panels(lua_State *L) {
  if (!lua_isnoneornil(L, 1)) {
    const lua_Integer bytes = luaL_checkinteger(L, 1);
    luaL_argcheck(L, bytes == 0 || bytes == 32 || bytes == 64, 1, "must be 64, 32 or 0");
    tn_panel_limit((int)bytes);
  }
  lua_pushinteger(L, tn_panel_width());
  return 1;
}

int tn_open_lstm(lua_State *L) {
  static const luaL_Reg functions[] = {{"forward", lstm_forward}, {"backward", lstm_backward},
                                       {"packed_room", lstm_packed_room}, {"panels", lstm_panels}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
