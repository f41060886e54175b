/* What a progress line needs of the system: whether anyone is watching, how
** wide the window is, and a clock that never steps back.
*/
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core.h"

/* The descriptor behind a Lua file or an integer; -1 for a closed file and for
** anything else, as a stream made in Lua is no terminal. */
static int descriptor(lua_State *L, int arg) {
  const luaL_Stream *stream = (const luaL_Stream *)luaL_testudata(L, arg, LUA_FILEHANDLE);
  if (stream != NULL) return stream->closef != NULL ? fileno(stream->f) : -1;
  return lua_isinteger(L, arg) ? (int)lua_tointeger(L, arg) : -1;
}

static int terminal_isatty(lua_State *L) {
  const int fd = descriptor(L, 1);
  lua_pushboolean(L, fd >= 0 && isatty(fd));
  return 1;
}

/* Columns, or nil where the system does not say. */
static int terminal_width(lua_State *L) {
  const int fd = descriptor(L, 1);
  struct winsize size;
  if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    lua_pushnil(L);
  else
    lua_pushinteger(L, size.ws_col);
  return 1;
}

/* Seconds since an arbitrary moment. */
static int terminal_clock(lua_State *L) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  lua_pushnumber(L, (lua_Number)now.tv_sec + (lua_Number)now.tv_nsec * 1e-9);
  return 1;
}

int tn_open_terminal(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"isatty", terminal_isatty},
      {"width", terminal_width},
      {"clock", terminal_clock},
      {NULL, NULL},
  };
  luaL_newlib(L, functions);
  return 1;
}
