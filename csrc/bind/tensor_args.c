/* Reading arguments for the tensor bindings. */
#include "tensor_args.h"

#include <string.h>

#include "../num/broadcast.h"
#include "../num/map.h"

const char *tn_got(lua_State *L, int arg) {
  const tn_tensor *t = tn_to(L, arg);
  char shape[TN_SHAPE_TEXT];
  if (t != NULL) return lua_pushfstring(L, "%s %s", tn_kind_name(t->kind), tn_shape_text(t, shape));
  switch (lua_type(L, arg)) {
    case LUA_TNONE:
      return lua_pushliteral(L, "nothing");
    case LUA_TNUMBER:
      lua_pushvalue(L, arg); /* converting a copy keeps the argument a number */
      return lua_tostring(L, -1);
    case LUA_TSTRING:
      return lua_pushfstring(L, "'%s'", lua_tostring(L, arg));
    default:
      if (luaL_getmetafield(L, arg, "__name") == LUA_TSTRING) return lua_tostring(L, -1);
      return lua_pushstring(L, luaL_typename(L, arg));
  }
}

tn_tensor *tn_arg_tensor(lua_State *L, int arg, const char *call, const char *name) {
  tn_tensor *t = tn_to(L, arg);
  if (t == NULL) luaL_error(L, "%s: %s must be a tensor, got %s", call, name, tn_got(L, arg));
  return t;
}

lua_Integer tn_arg_integer(lua_State *L, int arg, const char *call, const char *name) {
  int whole = 0;
  lua_Integer value = 0;
  if (lua_type(L, arg) == LUA_TNUMBER) value = lua_tointegerx(L, arg, &whole);
  if (!whole) luaL_error(L, "%s: %s must be an integer, got %s", call, name, tn_got(L, arg));
  return value;
}

lua_Number tn_arg_number(lua_State *L, int arg, const char *call, const char *name) {
  if (lua_type(L, arg) != LUA_TNUMBER)
    luaL_error(L, "%s: %s must be a number, got %s", call, name, tn_got(L, arg));
  return lua_tonumber(L, arg);
}

int32_t tn_arg_int32(lua_State *L, int arg, const char *call, const char *name) {
  int whole = 0;
  lua_Integer value = 0;
  if (lua_type(L, arg) == LUA_TNUMBER) value = lua_tointegerx(L, arg, &whole);
  if (!whole || value < INT32_MIN || value > INT32_MAX)
    luaL_error(L, "%s: %s must be an integer that fits int32, got %s", call, name, tn_got(L, arg));
  return (int32_t)value;
}

tn_kind tn_arg_kind(lua_State *L, int arg, const char *call, tn_kind otherwise) {
  if (lua_isnoneornil(L, arg)) return otherwise;
  if (lua_type(L, arg) == LUA_TSTRING) {
    const char *name = lua_tostring(L, arg);
    if (strcmp(name, "int32") == 0) return TN_INT;
    if (strcmp(name, "real") == 0 || strcmp(name, TN_REAL_NAME) == 0) return TN_REAL;
  }
  luaL_error(L, "%s: dtype must be 'int32', 'real' or '%s', got %s", call, TN_REAL_NAME, tn_got(L, arg));
  return TN_REAL;
}

int tn_arg_axis(lua_State *L, int arg, const char *call, int rank) {
  const lua_Integer given = tn_arg_integer(L, arg, call, "axis");
  const lua_Integer axis = given < 0 ? given + rank : given - 1;
  if (given == 0 || axis < 0 || axis >= rank)
    luaL_error(L, "%s: axis must be 1 to %d, or negative from the end, got %I", call, rank, (LUAI_UACINT)given);
  return (int)axis;
}

size_t tn_place(lua_State *L, lua_Integer index, const char *call, int axis, size_t size) {
  const lua_Integer most = (lua_Integer)size;
  if (index >= 1 && index <= most) return (size_t)index - 1;
  if (index < 0 && index >= -most) return (size_t)(index + most);
  luaL_error(L, "%s: index %I is out of range for axis %d of size %I", call, (LUAI_UACINT)index, axis + 1,
             (LUAI_UACINT)most);
  return 0;
}

static void one_size(lua_State *L, int arg, int i, const char *call, size_t *shape, int *infer) {
  int whole = 0;
  lua_Integer size = -2;
  if (lua_type(L, arg) == LUA_TNUMBER) size = lua_tointegerx(L, arg, &whole);
  if (whole && size == -1 && infer != NULL) {
    if (*infer >= 0) luaL_error(L, "%s: only one size may be -1, got sizes %d and %d", call, *infer + 1, i + 1);
    *infer = i;
  } else if (!whole || size < 0) {
    luaL_error(L, "%s: size %d must be an integer of at least 0, got %s", call, i + 1, tn_got(L, arg));
  }
  shape[i] = (size_t)size;
}

int tn_arg_sizes(lua_State *L, int first, int last, const char *call, size_t *shape, int *infer) {
  if (infer != NULL) *infer = -1;
  const int listed = first <= last && lua_type(L, first) == LUA_TTABLE;
  const lua_Unsigned rank = listed ? lua_rawlen(L, first) : (lua_Unsigned)(last < first ? 0 : last - first + 1);
  if (listed && first != last)
    luaL_error(L, "%s: nothing may follow the table of sizes here, got %s", call, tn_got(L, first + 1));
  if (rank < 1 || rank > TN_MAX_RANK)
    luaL_error(L, "%s: expected 1 to %d sizes, got %I", call, TN_MAX_RANK, (LUAI_UACINT)rank);
  for (int i = 0; i < (int)rank; i++) {
    if (listed) {
      lua_rawgeti(L, first, i + 1);
      one_size(L, lua_gettop(L), i, call, shape, infer);
      lua_pop(L, 1);
    } else {
      one_size(L, first + i, i, call, shape, infer);
    }
  }
  return (int)rank;
}

tn_around tn_around_axis(const tn_tensor *t, int axis) {
  tn_around a = {1, t->shape[axis], 1};
  for (int i = 0; i < axis; i++) a.outer *= t->shape[i];
  for (int i = axis + 1; i < t->rank; i++) a.inner *= t->shape[i];
  return a;
}

tn_tensor *tn_push_reals(lua_State *L, const tn_tensor *t) {
  tn_tensor *out = tn_new(L, TN_REAL, t->rank, t->shape);
  if (t->kind == TN_INT)
    tn_ints_to_reals(tn_reals(out), tn_ints(t), t->size);
  else
    memcpy(out->data, t->data, t->size * sizeof(tn_real));
  return out;
}

int tn_overlap(const tn_tensor *a, const tn_tensor *b) {
  const char *a0 = (const char *)a->data, *b0 = (const char *)b->data;
  return a0 < b0 + b->size * tn_kind_size(b->kind) && b0 < a0 + a->size * tn_kind_size(a->kind);
}

void tn_assign(lua_State *L, const tn_tensor *dst, const tn_tensor *src, const char *call) {
  size_t joint[TN_MAX_RANK];
  memcpy(joint, dst->shape, sizeof joint);
  const int rank = tn_broadcast(joint, dst->rank, src->shape, src->rank);
  if (rank != dst->rank || memcmp(joint, dst->shape, (size_t)rank * sizeof *joint) != 0) {
    char to[TN_SHAPE_TEXT], from[TN_SHAPE_TEXT];
    luaL_error(L, "%s: the source must broadcast to %s, got %s", call, tn_shape_text(dst, to),
               tn_shape_text(src, from));
  }
  if (dst->kind == TN_INT && src->kind == TN_REAL)
    luaL_error(L, "%s: the source must be int32, got %s (convert it with x:to('int32'))", call, TN_REAL_NAME);
  if (dst->kind == TN_REAL && src->kind == TN_INT) {
    src = tn_push_reals(L, src);
  } else if (tn_overlap(dst, src)) { /* a walk that repeats rows would read what it wrote */
    tn_tensor *apart = tn_new_like(L, src);
    memcpy(apart->data, src->data, src->size * tn_kind_size(src->kind));
    src = apart;
  }
  tn_walk w;
  tn_walk_start(&w, dst->rank, dst->shape);
  tn_walk_input(&w, src->rank, src->shape);
  tn_broadcast_copy(dst->data, src->data, tn_kind_size(dst->kind), &w);
}

void tn_fill_from(lua_State *L, const tn_tensor *t, int arg, const char *call, const char *name) {
  if (t->kind == TN_INT)
    tn_fill_ints(tn_ints(t), tn_arg_int32(L, arg, call, name), t->size);
  else
    tn_fill_reals(tn_reals(t), (tn_real)tn_arg_number(L, arg, call, name), t->size);
}
