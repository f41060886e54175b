/* What Lua's own headers do not tell the analysers of `make lint`, which are
** given this file before each other: these functions do not return.
*/
#include <lauxlib.h>
#include <lua.h>

__attribute__((noreturn)) int luaL_error(lua_State *L, const char *format, ...);
__attribute__((noreturn)) int luaL_argerror(lua_State *L, int arg, const char *message);
__attribute__((noreturn)) int luaL_typeerror(lua_State *L, int arg, const char *name);
__attribute__((noreturn)) int lua_error(lua_State *L);
