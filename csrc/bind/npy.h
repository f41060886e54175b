/* What binding files share of NumPy's format. */
#ifndef TN_BIND_NPY_H
#define TN_BIND_NPY_H

#include <lua.h>

#include "../io/input.h"
#include "../io/npy.h"

/* Reads everything up to the numbers, of which the file must hold just those that
** it promises. Leaves one value on the stack, or none. */
int tn_npy_read_header(lua_State *L, tn_input *in, tn_npy *a, tn_why *why);

/* rows(path, sources, count, words) → tensor (#sources + 1, D) | nil, message */
int tn_npy_rows(lua_State *L);

/* header(path) → { dtype, shape }; headers(path) → table name → that, and how many members of the archive are no
** arrays | nil, message */
int tn_npy_header_of(lua_State *L);
int tn_npy_headers_of(lua_State *L);

#endif
