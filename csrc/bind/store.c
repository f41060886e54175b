/* tenor.core.store: a table on the disk, keys of 16 bytes and values of one size. */
#include "store.h"

#include <lauxlib.h>
#include <string.h>

#include "core.h"

#define TN_STORE "tenor.core.Store"

static tn_store *check_open(lua_State *L, int arg) {
  tn_store *s = (tn_store *)luaL_checkudata(L, arg, TN_STORE);
  luaL_argcheck(L, s->open, arg, "the store is closed");
  return s;
}

tn_store *tn_opt_store(lua_State *L, int arg) { return lua_isnoneornil(L, arg) ? NULL : check_open(L, arg); }

static tn_store *self(lua_State *L) { return check_open(L, 1); }

/* open(path, title, bytes of a value) -> store | nil, "path: why" */
static int store_open(lua_State *L) {
  const char *path = luaL_checkstring(L, 1), *title = luaL_checkstring(L, 2);
  const lua_Integer value = luaL_checkinteger(L, 3);
  tn_why why = {{0}};
  luaL_argcheck(L, strlen(title) + 2 <= TN_STORE_HEAD, 2, "too long");
  luaL_argcheck(L, value >= 1 && value <= TN_STORE_VALUE, 3, "out of range");
  tn_store *s = (tn_store *)lua_newuserdatauv(L, sizeof *s, 0);
  memset(s, 0, sizeof *s);
  luaL_setmetatable(L, TN_STORE);
  if (tn_store_open(s, path, title, (size_t)value, &why) == 0) return 1;
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", path, why.text);
  return 2;
}

static int store_close(lua_State *L) {
  tn_store_close((tn_store *)luaL_checkudata(L, 1, TN_STORE));
  return 0;
}

static const unsigned char *check_key(lua_State *L, int arg) {
  size_t n;
  const char *key = luaL_checklstring(L, arg, &n);
  luaL_argcheck(L, n == TN_DIGEST, arg, "a key has 16 bytes");
  return (const unsigned char *)key;
}

/* store:get(key) -> value | nil */
static int store_get(lua_State *L) {
  tn_store *s = self(L);
  char value[TN_STORE_VALUE];
  if (tn_store_get(s, check_key(L, 2), value))
    lua_pushlstring(L, value, s->value);
  else
    lua_pushnil(L);
  return 1;
}

/* store:put(key, value) */
static int store_put(lua_State *L) {
  tn_store *s = self(L);
  size_t n;
  const unsigned char *key = check_key(L, 2);
  const char *value = luaL_checklstring(L, 3, &n);
  luaL_argcheck(L, n == s->value, 3, "not of the store's size");
  tn_store_put(s, key, value);
  return 0;
}

/* store:condition() -> { count, damaged, unsaved, why = reason where it does not write } */
static int store_condition(lua_State *L) {
  const tn_store *s = self(L);
  lua_createtable(L, 0, 4);
  lua_pushinteger(L, (lua_Integer)s->count);
  lua_setfield(L, -2, "count");
  lua_pushinteger(L, (lua_Integer)s->damaged);
  lua_setfield(L, -2, "damaged");
  lua_pushinteger(L, (lua_Integer)s->unsaved);
  lua_setfield(L, -2, "unsaved");
  if (!s->writing) {
    lua_pushstring(L, s->why.text);
    lua_setfield(L, -2, "why");
  }
  return 1;
}

int tn_open_store(lua_State *L) {
  static const luaL_Reg functions[] = {{"open", store_open}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"get", store_get},     {"put", store_put}, {"condition", store_condition},
                                     {"close", store_close}, {NULL, NULL}};
  luaL_newmetatable(L, TN_STORE);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, store_close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, store_close);
  lua_setfield(L, -2, "__close");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
