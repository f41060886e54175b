/* Making, viewing and checking tensors: the border that every binding crosses. */
#include "tensor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static size_t checked_size(lua_State *L, int rank, const size_t *shape, size_t element) {
  size_t size = 1;
  if (rank < 1 || rank > TN_MAX_RANK)
    luaL_error(L, "tensor: rank must be 1 to %d, got %d", TN_MAX_RANK, rank);
  for (int i = 0; i < rank; i++) {
    const size_t most = (SIZE_MAX / 2 - sizeof(tn_tensor) - TN_ALIGN) / element;
    if (shape[i] != 0 && size > most / shape[i]) luaL_error(L, "tensor: the shape is too large");
    size *= shape[i];
  }
  return size;
}

static tn_tensor *push_header(lua_State *L, size_t bytes, tn_kind kind, int rank, const size_t *shape,
                              size_t size, int uservalues) {
  tn_tensor *t = (tn_tensor *)lua_newuserdatauv(L, bytes, uservalues);
  t->data = NULL;
  t->size = size;
  t->kind = kind;
  t->rank = rank;
  memset(t->shape, 0, sizeof t->shape);
  memcpy(t->shape, shape, (size_t)rank * sizeof *shape);
  luaL_setmetatable(L, TN_TENSOR);
  return t;
}

tn_tensor *tn_new(lua_State *L, tn_kind kind, int rank, const size_t *shape) {
  const size_t size = checked_size(L, rank, shape, tn_kind_size(kind));
  tn_tensor *t = push_header(L, sizeof(tn_tensor) + TN_ALIGN + size * tn_kind_size(kind), kind, rank,
                             shape, size, 0);
  const uintptr_t after = (uintptr_t)(t + 1);
  t->data = (void *)((after + TN_ALIGN - 1) & ~(uintptr_t)(TN_ALIGN - 1));
  return t;
}

tn_tensor *tn_zeros(lua_State *L, tn_kind kind, int rank, const size_t *shape) {
  tn_tensor *t = tn_new(L, kind, rank, shape);
  memset(t->data, 0, t->size * tn_kind_size(kind));
  return t;
}

tn_tensor *tn_new_like(lua_State *L, const tn_tensor *model) {
  return tn_new(L, model->kind, model->rank, model->shape);
}

tn_tensor *tn_new1(lua_State *L, tn_kind kind, size_t d0) { return tn_new(L, kind, 1, &d0); }

tn_tensor *tn_new2(lua_State *L, tn_kind kind, size_t d0, size_t d1) {
  const size_t shape[] = {d0, d1};
  return tn_new(L, kind, 2, shape);
}

tn_tensor *tn_new3(lua_State *L, tn_kind kind, size_t d0, size_t d1, size_t d2) {
  const size_t shape[] = {d0, d1, d2};
  return tn_new(L, kind, 3, shape);
}

tn_tensor *tn_view(lua_State *L, int base, size_t offset, int rank, const size_t *shape) {
  base = lua_absindex(L, base);
  const tn_tensor *from = (const tn_tensor *)lua_touserdata(L, base);
  const size_t size = checked_size(L, rank, shape, tn_kind_size(from->kind));
  tn_tensor *t = push_header(L, sizeof(tn_tensor), from->kind, rank, shape, size, 1);
  t->data = (char *)from->data + offset * tn_kind_size(from->kind);
  /* a view of a view holds the owner itself, so that chains do not grow */
  if (lua_getiuservalue(L, base, 1) != LUA_TUSERDATA) {
    lua_pop(L, 1);
    lua_pushvalue(L, base);
  }
  lua_setiuservalue(L, -2, 1);
  return t;
}

tn_tensor *tn_to(lua_State *L, int arg) { return (tn_tensor *)luaL_testudata(L, arg, TN_TENSOR); }

tn_tensor *tn_check(lua_State *L, int arg) { return (tn_tensor *)luaL_checkudata(L, arg, TN_TENSOR); }

const char *tn_kind_name(tn_kind kind) { return kind == TN_REAL ? TN_REAL_NAME : "int32"; }

const char *tn_shape_text(const tn_tensor *t, char *buf) {
  size_t at = 0;
  for (int i = 0; i < t->rank; i++)
    at += (size_t)snprintf(buf + at, TN_SHAPE_TEXT - at, "%s%zu", i ? ", " : "(", t->shape[i]);
  snprintf(buf + at, TN_SHAPE_TEXT - at, ")");
  return buf;
}

static tn_tensor *expect(lua_State *L, int arg, const char *what, tn_kind kind, int rank, va_list dims) {
  tn_tensor *t = tn_to(L, arg);
  size_t wanted[TN_MAX_RANK];
  int fits = t != NULL && t->kind == kind && t->rank == rank;
  for (int i = 0; i < rank; i++) {
    wanted[i] = va_arg(dims, size_t);
    if (fits && wanted[i] != TN_ANY && wanted[i] != t->shape[i]) fits = 0;
  }
  if (!fits) {
    char want[TN_SHAPE_TEXT], got[TN_SHAPE_TEXT];
    size_t at = 0;
    for (int i = 0; i < rank; i++) {
      const char *sep = i ? ", " : "(";
      if (wanted[i] == TN_ANY)
        at += (size_t)snprintf(want + at, sizeof want - at, "%sany", sep);
      else
        at += (size_t)snprintf(want + at, sizeof want - at, "%s%zu", sep, wanted[i]);
    }
    if (t != NULL)
      luaL_error(L, "%s must be %s %s), got %s %s", what, tn_kind_name(kind), want,
                 tn_kind_name(t->kind), tn_shape_text(t, got));
    luaL_error(L, "%s must be a tensor %s %s), got %s", what, tn_kind_name(kind), want,
               luaL_typename(L, arg));
  }
  return t;
}

tn_tensor *tn_expect(lua_State *L, int arg, const char *what, tn_kind kind, int rank, ...) {
  va_list dims;
  va_start(dims, rank);
  tn_tensor *t = expect(L, arg, what, kind, rank, dims);
  va_end(dims);
  return t;
}

tn_tensor *tn_expect_opt(lua_State *L, int arg, const char *what, tn_kind kind, int rank, ...) {
  if (lua_isnoneornil(L, arg)) return NULL;
  va_list dims;
  va_start(dims, rank);
  tn_tensor *t = expect(L, arg, what, kind, rank, dims);
  va_end(dims);
  return t;
}
