/* Reading arguments for the tensor bindings. Every message names the call, the
** argument, what was expected and what came.
*/
#ifndef TN_BIND_TENSOR_ARGS_H
#define TN_BIND_TENSOR_ARGS_H

#include "tensor.h"

/* What came, in words: "-1", "'abc'", "nil", "float32 (2, 3)". Pushes it. */
const char *tn_got(lua_State *L, int arg);

tn_tensor *tn_arg_tensor(lua_State *L, int arg, const char *call, const char *name);
lua_Integer tn_arg_integer(lua_State *L, int arg, const char *call, const char *name);
lua_Number tn_arg_number(lua_State *L, int arg, const char *call, const char *name);

/* A kind by name, "int32", "real" or this build's "float32"/"float64"; none or
** nil stands for `otherwise`. */
tn_kind tn_arg_kind(lua_State *L, int arg, const char *call, tn_kind otherwise);

/* An axis of a tensor of this rank, counted from 0; -1 in Lua is the last. */
int tn_arg_axis(lua_State *L, int arg, const char *call, int rank);

/* A 1-based or negative index into an axis (0-based) as a place from 0. */
size_t tn_place(lua_State *L, lua_Integer index, const char *call, int axis, size_t size);

/* Sizes: one table, or the integers first .. last. One of them may be -1 when
** `infer` is not NULL; it is then its place, else -1. Answers the rank. */
int tn_arg_sizes(lua_State *L, int first, int last, const char *call, size_t *shape, int *infer);

/* A number that goes into a tensor of this kind: an int32 takes only whole ones
** in range. Raises "<call>: <name> must be ...". */
int32_t tn_arg_int32(lua_State *L, int arg, const char *call, const char *name);

/* (outer, n, inner) around an axis, for reductions and copies. */
typedef struct tn_around {
  size_t outer, n, inner;
} tn_around;
tn_around tn_around_axis(const tn_tensor *t, int axis);

/* Sets src's numbers, converted and broadcast, into dst of the same or a wider
** shape. Raises where they do not fit; may push scratch. */
void tn_assign(lua_State *L, const tn_tensor *dst, const tn_tensor *src, const char *call);

/* Whether the numbers of the two share memory. */
int tn_overlap(const tn_tensor *a, const tn_tensor *b);

/* Sets all numbers of t to the number at `arg`. Raises as tn_arg_int32 does. */
void tn_fill_from(lua_State *L, const tn_tensor *t, int arg, const char *call, const char *name);

/* Pushes a copy of `t` as reals; an int32 is exact to 2^24 in float32. */
tn_tensor *tn_push_reals(lua_State *L, const tn_tensor *t);

/* What each file of the room offers. */
extern const luaL_Reg tn_tensor_constructors[], tn_tensor_shape_functions[], tn_tensor_table_methods[],
    tn_tensor_shape_methods[], tn_tensor_index_methods[], tn_tensor_math_methods[], tn_tensor_math_operators[], tn_tensor_change_methods[], tn_tensor_reduce_methods[];
int tn_tensor_index(lua_State *L);     /* __index, methods in upvalue 1 */
int tn_tensor_newindex(lua_State *L);  /* __newindex */
int tn_tensor_length(lua_State *L);    /* __len */
int tn_tensor_tostring(lua_State *L);  /* __tostring */
int tn_tensor_equal(lua_State *L);     /* __eq */

#endif
