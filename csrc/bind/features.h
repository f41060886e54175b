/* The two files that fill tenor.core.features. */
#ifndef TN_BIND_FEATURES_H
#define TN_BIND_FEATURES_H

#include <lua.h>

/* Adds to the table on the stack's top. */
void tn_open_features_many(lua_State *L);

#endif
