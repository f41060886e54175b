/* Stores (io/store.h), as the bindings see them. */
#ifndef TN_BIND_STORE_H
#define TN_BIND_STORE_H

#include <lua.h>

#include "../io/store.h"

/* The open store at `arg`, or NULL where there is none or nil; raises for anything else. */
tn_store *tn_opt_store(lua_State *L, int arg);

#endif
