/* The random generator as other bindings take it. */
#ifndef TN_BIND_RNG_H
#define TN_BIND_RNG_H

#include <lauxlib.h>
#include <lua.h>

#include "../num/rng.h"

#define TN_RNG "tenor.Rng"

/* The generator at `arg`, or an error that says to pass tenor.rng(seed). */
tn_rng *tn_check_rng(lua_State *L, int arg);

/* Makes the class and pushes its constructor, rng(seed). */
int tn_open_rng(lua_State *L);

#endif
