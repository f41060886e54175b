/* Files as they are. */
#include "core.h"
#include "handles.h"

/* read(path) → its bytes | nil, message */
static int file_read(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  tn_why why;
  luaL_Buffer bytes;
  size_t got = 0;
  tn_input *in = tn_new_input(L);
  if (tn_input_open(in, path, &why) != 0) return tn_file_failure(L, path, NULL, &why);
  char *to = luaL_buffinitsize(L, &bytes, in->size);
  const int failed = tn_input_read(in, to, in->size, &got, &why) != 0;
  tn_input_close(in);
  luaL_pushresultsize(&bytes, got);
  return failed ? tn_file_failure(L, path, NULL, &why) : 1;
}

/* size(path) → bytes of a file that can be read | nil, message */
static int file_size(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  tn_why why;
  tn_input *in = tn_new_input(L);
  if (tn_input_open(in, path, &why) != 0) return tn_file_failure(L, path, NULL, &why);
  tn_input_close(in);
  lua_pushinteger(L, (lua_Integer)in->file_size);
  return 1;
}

int tn_open_file(lua_State *L) {
  static const luaL_Reg functions[] = {{"read", file_read}, {"size", file_size}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
