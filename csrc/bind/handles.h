/* Files that Lua's collector closes, whatever raises while they are open: a
** userdata made empty, with its metatable, before anything opens.
*/
#ifndef TN_BIND_HANDLES_H
#define TN_BIND_HANDLES_H

#include <lauxlib.h>
#include <lua.h>

#include "../io/input.h"
#include "../io/output.h"

/* Registers the two types; may be called again. */
void tn_open_handles(lua_State *L);

/* Each pushes one that is closed. */
tn_input *tn_new_input(lua_State *L);
tn_output *tn_new_output(lua_State *L);

/* Pushes at most `most` bytes of a text that a file may have a say in, whole characters, without what a terminal would
** obey. */
void tn_push_plain(lua_State *L, const char *text, size_t most);

/* Pushes nil and "path: member: why", the member where it is not NULL; returns 2. */
int tn_file_failure(lua_State *L, const char *path, const char *member, const tn_why *why);

/* A type whose objects are closed by `close`, which may be called twice. Pushes its metatable. */
void tn_closing_type(lua_State *L, const char *type, lua_CFunction close);

#endif
