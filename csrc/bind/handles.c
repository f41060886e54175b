/* Files that Lua's collector closes. */
#include "handles.h"

#include <string.h>

#include "../io/plain.h"

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

/* Pushes at most `most` bytes of a text that a file may have a say in, whole characters, without what a terminal would obey. */
void tn_push_plain(lua_State *L, const char *text, size_t most) {
  const size_t n = strlen(text);
  size_t kept = n < most ? n : most;
  luaL_Buffer buffer;
  while (kept < n && kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80) kept--;
  luaL_buffinit(L, &buffer);
  char *to = luaL_prepbuffsize(&buffer, kept);
  luaL_addsize(&buffer, tn_plain(to, text, kept));
  if (kept < n) luaL_addstring(&buffer, "...");
  luaL_pushresult(&buffer);
}

int tn_file_failure(lua_State *L, const char *path, const char *member, const tn_why *why) {
  lua_pushnil(L);
  const int top = lua_gettop(L);
  tn_push_plain(L, why->text, sizeof why->text);
  if (member != NULL) {
    tn_push_plain(L, member, 80);
    lua_pushfstring(L, "%s: %s: %s", path, lua_tostring(L, -1), lua_tostring(L, -2));
  } else {
    lua_pushfstring(L, "%s: %s", path, lua_tostring(L, -1));
  }
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
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
