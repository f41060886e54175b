/*** x[i], x[i] = v, #x, and rows by number. A row is a view, so x[i][j] = v sets a
number of x itself.
@classmod Tensor */
#include <string.h>

#include "../num/layout.h"
#include "tensor_args.h"

int tn_tensor_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)tn_arg_tensor(L, 1, "#", "x")->shape[0]);
  return 1;
}

/* Upvalue 1 holds the methods. */
int tn_tensor_index(lua_State *L) {
  const tn_tensor *t = tn_arg_tensor(L, 1, "tensor", "x");
  if (lua_type(L, 2) != LUA_TNUMBER) {
    lua_settop(L, 2);
    lua_rawget(L, lua_upvalueindex(1)); /* nil for an unknown name: Lua then names it */
    return 1;
  }
  const size_t at = tn_place(L, tn_arg_integer(L, 2, "tensor", "index"), "tensor", 0, t->shape[0]);
  if (t->rank > 1)
    tn_view(L, 1, at * (t->size / t->shape[0]), t->rank - 1, t->shape + 1);
  else if (t->kind == TN_INT)
    lua_pushinteger(L, tn_ints(t)[at]);
  else
    lua_pushnumber(L, (lua_Number)tn_reals(t)[at]);
  return 1;
}

int tn_tensor_newindex(lua_State *L) {
  const tn_tensor *t = tn_arg_tensor(L, 1, "tensor", "x");
  if (lua_type(L, 2) != LUA_TNUMBER)
    return luaL_error(L, "tensor: only rows can be set, with an integer index, got %s", tn_got(L, 2));
  const size_t at = tn_place(L, tn_arg_integer(L, 2, "tensor", "index"), "tensor", 0, t->shape[0]);
  tn_tensor row = *t; /* the part that is set, for this call only */
  row.size = t->size / t->shape[0];
  row.data = (char *)t->data + at * row.size * tn_kind_size(t->kind);
  if (t->rank > 1) {
    row.rank = t->rank - 1;
    memmove(row.shape, t->shape + 1, (size_t)row.rank * sizeof *row.shape);
  } else {
    row.shape[0] = 1;
  }
  const tn_tensor *value = tn_to(L, 3);
  if (value != NULL && t->rank > 1)
    tn_assign(L, &row, value, "tensor: x[i] = value");
  else if (lua_type(L, 3) == LUA_TNUMBER)
    tn_fill_from(L, &row, 3, "tensor", "value");
  else
    return luaL_error(L, "tensor: value must be a number%s, got %s", t->rank > 1 ? " or a tensor" : "", tn_got(L, 3));
  return 0;
}

/* Pushes the rows that argument 2 names as an int32 tensor counted from 0. It
** has the argument's shape. */
static tn_tensor *push_places(lua_State *L, const char *call, size_t size) {
  const tn_tensor *given = tn_to(L, 2);
  tn_tensor *places;
  if (size > INT32_MAX) luaL_error(L, "%s: x must have at most %d rows, got %I", call, INT32_MAX, (LUAI_UACINT)size);
  if (given != NULL && given->kind == TN_INT) {
    places = tn_new_like(L, given);
    for (size_t i = 0; i < given->size; i++)
      tn_ints(places)[i] = (int32_t)tn_place(L, tn_ints(given)[i], call, 0, size);
  } else if (lua_type(L, 2) == LUA_TTABLE) {
    places = tn_new1(L, TN_INT, (size_t)lua_rawlen(L, 2));
    for (size_t i = 0; i < places->size; i++) {
      lua_rawgeti(L, 2, (lua_Integer)i + 1);
      int whole = 0;
      const lua_Integer row = lua_type(L, -1) == LUA_TNUMBER ? lua_tointegerx(L, -1, &whole) : 0;
      if (!whole)
        luaL_error(L, "%s: rows[%I] must be an integer, got %s", call, (LUAI_UACINT)(i + 1), tn_got(L, lua_gettop(L)));
      tn_ints(places)[i] = (int32_t)tn_place(L, row, call, 0, size);
      lua_pop(L, 1);
    }
  } else {
    luaL_error(L, "%s: rows must be a table of integers or an int32 tensor, got %s", call, tn_got(L, 2));
    return NULL;
  }
  return places;
}

/*** The rows of these numbers, in this order, as a new tensor.
@function index
@param rows a table of 1-based (or negative) numbers, or an int32 tensor; rows of
shape (N, T) from x of (V, D) give (N, T, D)
@treturn Tensor
@raise when a row is out of range */
static int tensor_index_rows(lua_State *L) {
  const char *call = "tensor:index";
  const tn_tensor *x = tn_arg_tensor(L, 1, call, "x");
  const tn_tensor *places = push_places(L, call, x->shape[0]);
  size_t shape[2 * TN_MAX_RANK];
  const int rank = places->rank + x->rank - 1;
  if (rank > TN_MAX_RANK)
    return luaL_error(L, "%s: the result must have rank at most %d, got %d", call, TN_MAX_RANK, rank);
  memcpy(shape, places->shape, (size_t)places->rank * sizeof *shape);
  memcpy(shape + places->rank, x->shape + 1, (size_t)(x->rank - 1) * sizeof *shape);
  tn_tensor *out = tn_new(L, x->kind, rank, shape);
  const tn_around a = tn_around_axis(x, 0);
  tn_gather_rows(out->data, x->data, tn_ints(places), places->size, a.inner * tn_kind_size(x->kind));
  return 1;
}

const luaL_Reg tn_tensor_index_methods[] = {{"index", tensor_index_rows}, {NULL, NULL}};
