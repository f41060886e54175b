/* Content keys of strings, files and tensors. */
#include "../io/hash.h"

#include <string.h>

#include "core.h"
#include "tensor.h"

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

/* tensor(x) → 32 hexadecimal digits of its kind, shape and numbers */
static int hash_tensor(lua_State *L) {
  const tn_tensor *t = tn_check(L, 1);
  /* two digests as one text, so that no large copy is made */
  unsigned char both[2 * TN_DIGEST];
  char text[TN_SHAPE_TEXT + 16], shape[TN_SHAPE_TEXT], digits[TN_HASH];
  const int n = snprintf(text, sizeof text, "%s %s", tn_kind_name(t->kind), tn_shape_text(t, shape));
  tn_digest(both, text, n > 0 ? (size_t)n : 0);
  tn_digest(both + TN_DIGEST, t->data, t->size * tn_kind_size(t->kind));
  tn_hash(digits, both, sizeof both);
  lua_pushstring(L, digits);
  return 1;
}

int tn_open_hash(lua_State *L) {
  static const luaL_Reg functions[] = {{"bytes", hash_bytes}, {"file", hash_file}, {"tensor", hash_tensor}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
