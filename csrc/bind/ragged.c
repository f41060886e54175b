/* Layouts of batches (num/ragged.h) as immutable Lua values. */
#include "ragged.h"

#include <string.h>

#include "../num/embedding.h"
#include "core.h"

const tn_layout *tn_check_layout(lua_State *L, int arg) { return (const tn_layout *)luaL_checkudata(L, arg, TN_LAYOUT); }

tn_mat tn_as_mat(const tn_tensor *t) {
  const size_t cols = t->shape[t->rank - 1];
  return tn_mat_of(tn_reals(t), cols > 0 ? t->size / cols : 0, cols);
}

tn_mat tn_as_mat_opt(const tn_tensor *t) {
  static const tn_mat none;
  return t != NULL ? tn_as_mat(t) : none;
}

static tn_layout *push(lua_State *L, const int32_t *lengths, int batch, int padded) {
  int longest = 0;
  lua_Integer rows = padded; /* packed steps and chain: counted in int, by BLAS too */
  for (int n = 0; n < batch; n++) {
    if (lengths[n] > longest) longest = lengths[n];
    rows += lengths[n];
  }
  if (rows > INT32_MAX / 2)
    luaL_error(L, "the batch has too many steps: %I, where %d is the most", rows, INT32_MAX / 2);
  const size_t room = tn_layout_room(batch, longest) * sizeof(int32_t);
  tn_layout *lay = (tn_layout *)lua_newuserdatauv(L, sizeof *lay + room, 0);
  tn_layout_fill(lay, (int32_t *)(lay + 1), lengths, batch, padded);
  luaL_setmetatable(L, TN_LAYOUT);
  return lay;
}

static int checked_dim(lua_State *L, int arg, const char *what) {
  const lua_Integer n = luaL_checkinteger(L, arg);
  if (n < 0 || n > INT32_MAX / 8) luaL_error(L, "%s must be 0 to %d, got %I", what, INT32_MAX / 8, n);
  return (int)n;
}

/* uniform(batch, steps) -> layout of N sequences of T real steps each */
static int layout_uniform(lua_State *L) {
  const int batch = checked_dim(L, 1, "layout.uniform: batch"), steps = checked_dim(L, 2, "layout.uniform: steps");
  int32_t *lengths = (int32_t *)lua_newuserdatauv(L, (size_t)batch * sizeof(int32_t) + 1, 0);
  for (int n = 0; n < batch; n++) lengths[n] = steps;
  push(L, lengths, batch, 0);
  return 1;
}

/* tokens(ids (N, T), vocabulary, length, masked, known) -> layout, packed ids (M, or M + 1 with
** the chain's padding id). length: steps of the padded sequence, 0 for T. known: the states
** along the chain are known already: it is left out of the rows, only `starts` tells of it. */
static int layout_tokens(lua_State *L) {
  const tn_tensor *given = tn_expect(L, 1, "embedding:forward: ids", TN_INT, 2, TN_ANY, TN_ANY);
  const lua_Integer vocabulary = checked_dim(L, 2, "embedding:forward: vocabulary");
  int length = checked_dim(L, 3, "embedding:forward: length");
  const int masked = lua_toboolean(L, 4);
  if (given->shape[0] > INT32_MAX / 8 || given->shape[1] > INT32_MAX / 8)
    return luaL_error(L, "embedding:forward: the batch is too large");
  /* what is checked here is what is packed below, whatever a finaliser does to the caller's ids */
  const tn_tensor *ids = tn_new(L, TN_INT, 2, given->shape);
  memcpy(ids->data, given->data, ids->size * sizeof(int32_t));
  const int batch = (int)ids->shape[0], steps = (int)ids->shape[1];
  for (size_t i = 0; i < ids->size; i++) {
    const lua_Integer id = tn_ints(ids)[i];
    if (id < 0 || id >= vocabulary)
      return luaL_error(L, "embedding:forward: id %I in row %I, column %I is outside the vocabulary: ids are 0 to %I",
                        id, (lua_Integer)(i / (size_t)steps + 1), (lua_Integer)(i % (size_t)steps + 1),
                        vocabulary - 1);
  }
  if (length == 0) length = steps;
  int32_t *lengths = (int32_t *)lua_newuserdatauv(L, (size_t)batch * sizeof(int32_t) + 1, 0);
  tn_token_lengths(lengths, tn_ints(ids), batch, steps, length, masked);
  tn_layout *lay = push(L, lengths, batch, masked ? 0 : length);
  if (lua_toboolean(L, 5)) lay->chain = 0;
  tn_tensor *packed = tn_new1(L, TN_INT, (size_t)lay->rows + (lay->chain > 0));
  tn_token_pack(tn_ints(packed), tn_ints(ids), steps, masked, lay);
  if (lay->chain > 0) tn_ints(packed)[lay->rows] = 0;
  return 2;
}

/* pack(packed (M, D), dense (N, T, D), layout); unpack(dense, packed, layout) */
static const tn_layout *check_dense(lua_State *L, const char *what, int dense_arg, int packed_arg) {
  const tn_layout *lay = tn_check_layout(L, 3);
  const tn_tensor *packed = tn_expect(L, packed_arg, what, TN_REAL, 2, (size_t)lay->rows, TN_ANY);
  if (lay->chain > 0 || lay->rows != lay->batch * lay->steps)
    luaL_error(L, "%s: the sequences must be of one length", what);
  tn_expect(L, dense_arg, what, TN_REAL, 3, (size_t)lay->batch, (size_t)lay->steps, packed->shape[1]);
  return lay;
}

static int layout_pack(lua_State *L) {
  const tn_layout *lay = check_dense(L, "layout.pack", 2, 1);
  tn_layout_pack(tn_as_mat(tn_to(L, 1)), tn_reals(tn_to(L, 2)), lay);
  return 0;
}

static int layout_unpack(lua_State *L) {
  const tn_layout *lay = check_dense(L, "layout.unpack", 1, 2);
  tn_layout_unpack(tn_reals(tn_to(L, 1)), tn_as_mat(tn_to(L, 2)), lay);
  return 0;
}

/* sort(sorted (N, D), in (N, D), layout); unsort(out, sorted, layout) */
static int layout_sort(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 3);
  const tn_tensor *to = tn_expect(L, 1, "layout.sort: sorted", TN_REAL, 2, (size_t)lay->batch, TN_ANY);
  const tn_tensor *from = tn_expect(L, 2, "layout.sort: in", TN_REAL, 2, (size_t)lay->batch, to->shape[1]);
  tn_layout_sort(tn_as_mat(to), tn_as_mat(from), lay);
  return 0;
}

static int layout_unsort(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 3);
  const tn_tensor *to = tn_expect(L, 1, "layout.unsort: out", TN_REAL, 2, (size_t)lay->batch, TN_ANY);
  const tn_tensor *from = tn_expect(L, 2, "layout.unsort: sorted", TN_REAL, 2, (size_t)lay->batch, to->shape[1]);
  tn_layout_unsort(tn_as_mat(to), tn_as_mat(from), lay);
  return 0;
}

/* layout:info() -> batch, steps, chain, rows, padded length */
static int layout_info(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 1);
  const int numbers[] = {lay->batch, lay->steps, lay->chain, lay->rows, lay->length};
  for (int i = 0; i < 5; i++) lua_pushinteger(L, numbers[i]);
  return 5;
}

/* layout:lengths() -> int32 (N), in batch order */
static int layout_lengths(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 1);
  tn_tensor *out = tn_new1(L, TN_INT, (size_t)lay->batch);
  for (int n = 0; n < lay->batch; n++) tn_ints(out)[lay->order[n]] = lay->lengths[n];
  return 1;
}

/* layout:starts() -> int32 (N), sorted: padding steps before each sequence's first real one,
** counted from 1, as rows of a table of states; the most of them, from 0 */
static int layout_starts(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 1);
  tn_tensor *out = tn_new1(L, TN_INT, (size_t)lay->batch);
  for (int n = 0; n < lay->batch; n++) tn_ints(out)[n] = lay->branch[n] + 1;
  lua_pushinteger(L, lay->batch > 0 ? lay->branch[lay->batch - 1] : 0);
  return 2;
}

/* layout:index() -> int32 (N, 3): for each sequence in batch order its sorted
** place from 1, its real steps, its padding steps; int32 (steps + 1) offsets */
static int layout_index(lua_State *L) {
  const tn_layout *lay = tn_check_layout(L, 1);
  tn_tensor *out = tn_new2(L, TN_INT, (size_t)lay->batch, 3);
  for (int n = 0; n < lay->batch; n++) {
    int32_t *row = tn_ints(out) + 3 * (size_t)lay->order[n];
    row[0] = n + 1;
    row[1] = lay->lengths[n];
    row[2] = lay->branch[n];
  }
  tn_tensor *offsets = tn_new1(L, TN_INT, (size_t)lay->steps + 1);
  memcpy(tn_ints(offsets), lay->offset, ((size_t)lay->steps + 1) * sizeof(int32_t));
  return 2;
}

int tn_open_layout(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"info", layout_info}, {"lengths", layout_lengths}, {"index", layout_index}, {"starts", layout_starts}, {NULL, NULL}};
  static const luaL_Reg functions[] = {{"uniform", layout_uniform}, {"tokens", layout_tokens},
                                       {"pack", layout_pack},       {"unpack", layout_unpack},
                                       {"sort", layout_sort},       {"unsort", layout_unsort},
                                       {NULL, NULL}};
  luaL_newmetatable(L, TN_LAYOUT);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
