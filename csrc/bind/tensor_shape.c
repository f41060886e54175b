/*** Shapes: asking, reshaping, cutting, joining. Along the first axis a cut is a
view; along the others it is a copy, since tensors are contiguous.
@classmod Tensor */
#include <string.h>

#include "../num/layout.h"
#include "tensor_args.h"

/*** The sizes as a table: `{207, 34}`.
@function shape
@treturn table list of integers */
static int tensor_shape(lua_State *L) {
  const tn_tensor *t = tn_arg_tensor(L, 1, "tensor:shape", "x");
  lua_createtable(L, t->rank, 0);
  for (int i = 0; i < t->rank; i++) {
    lua_pushinteger(L, (lua_Integer)t->shape[i]);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/*** How many numbers, in all or along one axis.
@function size
@int[opt] axis
@treturn integer
@raise where there is no such axis */
static int tensor_size(lua_State *L) {
  const tn_tensor *t = tn_arg_tensor(L, 1, "tensor:size", "x");
  if (lua_isnoneornil(L, 2))
    lua_pushinteger(L, (lua_Integer)t->size);
  else
    lua_pushinteger(L, (lua_Integer)t->shape[tn_arg_axis(L, 2, "tensor:size", t->rank)]);
  return 1;
}

/*** The number of axes.
@function rank
@treturn integer */
static int tensor_rank(lua_State *L) {
  lua_pushinteger(L, tn_arg_tensor(L, 1, "tensor:rank", "x")->rank);
  return 1;
}

/*** "float32", "float64" or "int32".
@function dtype
@treturn string */
static int tensor_dtype(lua_State *L) {
  lua_pushstring(L, tn_kind_name(tn_arg_tensor(L, 1, "tensor:dtype", "x")->kind));
  return 1;
}

/*** A view of the same numbers in another shape; one size may be -1.
@function reshape
@param sizes integers, or one table of them
@treturn Tensor a view
@raise when the number of elements would change */
static int tensor_reshape(lua_State *L) {
  const char *call = "tensor:reshape";
  const tn_tensor *t = tn_arg_tensor(L, 1, call, "x");
  size_t shape[TN_MAX_RANK];
  int infer;
  const int rank = tn_arg_sizes(L, 2, lua_gettop(L), call, shape, &infer);
  size_t size = 1;
  int fits = 1;
  for (int i = 0; i < rank; i++) {
    if (i == infer) continue;
    if (shape[i] != 0 && size > SIZE_MAX / 2 / shape[i]) fits = 0; /* zero or not, no tensor is that large */
    size = fits ? size * shape[i] : size;
  }
  if (fits && infer >= 0) {
    fits = size != 0 && t->size % size == 0;
    if (fits) shape[infer] = t->size / size;
  } else if (fits) {
    fits = size == t->size;
  }
  if (!fits) {
    tn_tensor wanted = {.rank = rank};
    char from[TN_SHAPE_TEXT], to[TN_SHAPE_TEXT];
    memcpy(wanted.shape, shape, (size_t)rank * sizeof *shape);
    if (infer >= 0) wanted.shape[infer] = 0;
    tn_shape_text(&wanted, to);
    return luaL_error(L, "%s: sizes must hold the %I numbers of %s, got %s%s", call, (LUAI_UACINT)t->size,
                      tn_shape_text(t, from), to, infer >= 0 ? " with 0 for -1" : "");
  }
  tn_view(L, 1, 0, rank, shape);
  return 1;
}

/*** The matrix turned: (N, D) becomes (D, N), a copy.
@function t
@treturn Tensor
@raise when the rank is not 2 */
static int tensor_t(lua_State *L) {
  const tn_tensor *x = tn_arg_tensor(L, 1, "tensor:t", "x");
  if (x->rank != 2) return luaL_error(L, "tensor:t: x must have rank 2, got %s", tn_got(L, 1));
  tn_tensor *out = tn_new2(L, x->kind, x->shape[1], x->shape[0]);
  tn_transpose(out->data, x->data, x->shape[0], x->shape[1], tn_kind_size(x->kind));
  return 1;
}

/* `length` places from `start` of an axis: a view of the first, a copy of others. */
static tn_tensor *cut(lua_State *L, const tn_tensor *x, int axis, size_t start, size_t length) {
  const tn_around a = tn_around_axis(x, axis);
  size_t shape[TN_MAX_RANK];
  memcpy(shape, x->shape, sizeof shape);
  shape[axis] = length;
  if (axis == 0) return tn_view(L, 1, start * a.inner, x->rank, shape);
  const size_t element = tn_kind_size(x->kind), bytes = length * a.inner * element;
  tn_tensor *out = tn_new(L, x->kind, x->rank, shape);
  tn_copy_blocks(out->data, bytes, (const char *)x->data + start * a.inner * element, a.n * a.inner * element,
                 bytes, a.outer);
  return out;
}

/*** `length` places of an axis from `start`; a view along axis 1, else a copy.
@function narrow
@int axis
@int start 1-based, or negative from the end
@int length how many
@treturn Tensor
@raise when the places are out of range */
static int tensor_narrow(lua_State *L) {
  const char *call = "tensor:narrow";
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x");
  const int axis = tn_arg_axis(L, 2, call, x->rank);
  const lua_Integer given = tn_arg_integer(L, 3, call, "start"), length = tn_arg_integer(L, 4, call, "length");
  const lua_Integer size = (lua_Integer)x->shape[axis];
  const lua_Integer start = given < 0 && given >= -size ? given + size + 1 : given;
  if (length < 0) return luaL_error(L, "%s: length must be at least 0, got %I", call, (LUAI_UACINT)length);
  if (start < 1 || start > size + 1 || length > size - start + 1)
    return luaL_error(L, "%s: start %I and length %I are out of range for axis %d of size %I", call,
                      (LUAI_UACINT)given, (LUAI_UACINT)length, axis + 1, (LUAI_UACINT)size);
  cut(L, x, axis, (size_t)start - 1, (size_t)length);
  return 1;
}

/*** One place of an axis, which goes; a view along axis 1, else a copy. A number
when the rank is 1.
@function select
@int axis
@int index 1-based, or negative from the end
@treturn Tensor|number */
static int tensor_select(lua_State *L) {
  const char *call = "tensor:select";
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x");
  const int axis = tn_arg_axis(L, 2, call, x->rank);
  const size_t at = tn_place(L, tn_arg_integer(L, 3, call, "index"), call, axis, x->shape[axis]);
  if (x->rank == 1) {
    if (x->kind == TN_INT)
      lua_pushinteger(L, tn_ints(x)[at]);
    else
      lua_pushnumber(L, (lua_Number)tn_reals(x)[at]);
    return 1;
  }
  tn_tensor *out = cut(L, x, axis, at, 1);
  memmove(out->shape + axis, out->shape + axis + 1, (size_t)(out->rank - axis - 1) * sizeof *out->shape);
  out->rank--;
  return 1;
}

/* Puts a copy of the table at 1 in its place, which nobody else can change, and
** checks that it holds tensors; answers how many. */
static int checked_list(lua_State *L, const char *call) {
  if (lua_type(L, 1) != LUA_TTABLE)
    luaL_error(L, "%s: tensors must be a table of tensors, got %s", call, tn_got(L, 1));
  const lua_Unsigned count = lua_rawlen(L, 1);
  if (count == 0 || count > INT32_MAX)
    luaL_error(L, "%s: tensors must hold at least one tensor, got %I", call, (LUAI_UACINT)count);
  lua_createtable(L, (int)count, 0);
  for (int i = 1; i <= (int)count; i++) {
    lua_rawgeti(L, 1, i);
    lua_rawseti(L, -2, i);
  }
  lua_replace(L, 1);
  for (int i = 1; i <= (int)count; i++) {
    lua_rawgeti(L, 1, i);
    if (tn_to(L, -1) == NULL)
      luaL_error(L, "%s: tensors[%d] must be a tensor, got %s", call, i, tn_got(L, lua_gettop(L)));
    lua_pop(L, 1);
  }
  return (int)count;
}

/* Element `i` of the list; the list keeps it alive. */
static const tn_tensor *item(lua_State *L, int i) {
  lua_rawgeti(L, 1, i);
  const tn_tensor *t = tn_to(L, -1);
  lua_pop(L, 1);
  return t;
}

/* All must look like the first, but for the size of `axis` (-1: no exception). */
static void check_alike(lua_State *L, const char *call, int count, int axis) {
  const tn_tensor *first = item(L, 1);
  for (int i = 2; i <= count; i++) {
    const tn_tensor *t = item(L, i);
    int alike = t->kind == first->kind && t->rank == first->rank;
    for (int k = 0; alike && k < t->rank; k++) alike = k == axis || t->shape[k] == first->shape[k];
    if (alike) continue;
    char want[TN_SHAPE_TEXT], got[TN_SHAPE_TEXT];
    const char *end = lua_pushfstring(L, axis < 0 ? "" : " but for axis %d", axis + 1);
    luaL_error(L, "%s: tensors[%d] must be %s %s%s, got %s %s", call, i, tn_kind_name(first->kind),
               tn_shape_text(first, want), end, tn_kind_name(t->kind), tn_shape_text(t, got));
  }
}

/*** Joins tensors along an axis they have: (N, D) and (M, D) to (N + M, D).
@function tenor.cat
@tparam table tensors alike in dtype and all other sizes
@int[opt=1] axis
@treturn Tensor
@raise where the tensors do not fit together */
static int tensor_cat(lua_State *L) {
  const char *call = "tenor.cat";
  const int count = checked_list(L, call);
  const tn_tensor *first = item(L, 1);
  const int axis = lua_isnoneornil(L, 2) ? 0 : tn_arg_axis(L, 2, call, first->rank);
  check_alike(L, call, count, axis);
  size_t shape[TN_MAX_RANK], total = 0;
  memcpy(shape, first->shape, sizeof shape);
  for (int i = 1; i <= count; i++)
    if (__builtin_add_overflow(total, item(L, i)->shape[axis], &total)) return luaL_error(L, "%s: the shape is too large", call);
  shape[axis] = total;
  tn_tensor *out = tn_new(L, first->kind, first->rank, shape);
  const tn_around a = tn_around_axis(out, axis);
  const size_t row = a.inner * tn_kind_size(out->kind);
  char *to = (char *)out->data;
  for (int i = 1; i <= count; i++) {
    const tn_tensor *t = item(L, i);
    const size_t bytes = t->shape[axis] * row;
    tn_copy_blocks(to, total * row, t->data, bytes, bytes, a.outer);
    to += bytes;
  }
  return 1;
}

/*** Joins tensors of one shape along a new axis: k of (D) to (k, D).
@function tenor.stack
@tparam table tensors
@int[opt=1] axis where the new axis stands in the result
@treturn Tensor
@raise where the shapes differ */
static int tensor_stack(lua_State *L) {
  const char *call = "tenor.stack";
  const int count = checked_list(L, call);
  const tn_tensor *first = item(L, 1);
  const int axis = lua_isnoneornil(L, 2) ? 0 : tn_arg_axis(L, 2, call, first->rank + 1);
  check_alike(L, call, count, -1);
  if (first->rank == TN_MAX_RANK)
    return luaL_error(L, "%s: tensors must have rank below %d, got %d", call, TN_MAX_RANK, first->rank);
  size_t shape[TN_MAX_RANK];
  memcpy(shape, first->shape, (size_t)axis * sizeof *shape);
  shape[axis] = (size_t)count;
  memcpy(shape + axis + 1, first->shape + axis, (size_t)(first->rank - axis) * sizeof *shape);
  tn_tensor *out = tn_new(L, first->kind, first->rank + 1, shape);
  const tn_around a = tn_around_axis(out, axis);
  const size_t bytes = a.inner * tn_kind_size(out->kind);
  for (int i = 1; i <= count; i++)
    tn_copy_blocks((char *)out->data + (size_t)(i - 1) * bytes, (size_t)count * bytes, item(L, i)->data, bytes,
                   bytes, a.outer);
  return 1;
}

const luaL_Reg tn_tensor_shape_functions[] = {{"cat", tensor_cat}, {"stack", tensor_stack}, {NULL, NULL}};

const luaL_Reg tn_tensor_shape_methods[] = {
    {"shape", tensor_shape},     {"size", tensor_size}, {"rank", tensor_rank},     {"dtype", tensor_dtype},
    {"reshape", tensor_reshape}, {"t", tensor_t},       {"narrow", tensor_narrow}, {"select", tensor_select},
    {NULL, NULL},
};
