/* Files that Lua's collector closes. */
#include "handles.h"

#include <string.h>

#define INPUT "tenor.io.Input"
#define OUTPUT "tenor.io.Output"

static int close_input(lua_State *L) {
  tn_input_close((tn_input *)luaL_checkudata(L, 1, INPUT));
  return 0;
}

static int close_output(lua_State *L) {
  tn_output_discard((tn_output *)luaL_checkudata(L, 1, OUTPUT));
  return 0;
}

static void *new_handle(lua_State *L, size_t size, const char *type) {
  void *handle = lua_newuserdatauv(L, size, 0);
  memset(handle, 0, size);
  luaL_setmetatable(L, type);
  return handle;
}

tn_input *tn_new_input(lua_State *L) { return (tn_input *)new_handle(L, sizeof(tn_input), INPUT); }
tn_output *tn_new_output(lua_State *L) { return (tn_output *)new_handle(L, sizeof(tn_output), OUTPUT); }

int tn_file_failure(lua_State *L, const char *path, const char *member, const tn_why *why) {
  lua_pushnil(L);
  if (member != NULL)
    lua_pushfstring(L, "%s: %s: %s", path, member, why->text);
  else
    lua_pushfstring(L, "%s: %s", path, why->text);
  return 2;
}

void tn_closing_type(lua_State *L, const char *type, lua_CFunction close) {
  luaL_newmetatable(L, type);
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "__close");
}

void tn_open_handles(lua_State *L) {
  tn_closing_type(L, INPUT, close_input);
  tn_closing_type(L, OUTPUT, close_output);
  lua_pop(L, 2);
}
