/* Content keys of strings and files. */
#include "../io/hash.h"

#include "core.h"

/* bytes(string) → 32 hexadecimal digits */
static int hash_bytes(lua_State *L) {
  size_t n;
  char digits[TN_HASH];
  const char *bytes = luaL_checklstring(L, 1, &n);
  tn_hash(digits, bytes, n);
  lua_pushstring(L, digits);
  return 1;
}

/* file(path) → 32 hexadecimal digits | nil, message */
static int hash_file(lua_State *L) {
  char digits[TN_HASH];
  tn_why why;
  const char *path = luaL_checkstring(L, 1);
  if (tn_hash_file(digits, path, &why) != 0) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, why.text);
    return 2;
  }
  lua_pushstring(L, digits);
  return 1;
}

int tn_open_hash(lua_State *L) {
  static const luaL_Reg functions[] = {{"bytes", hash_bytes}, {"file", hash_file}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
