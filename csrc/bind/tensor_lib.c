/*** An array of numbers: 1 to 8 axes, float32 (float64 in the double build) or int32, its numbers in one row of memory.
`x[i]` is a row, a view that changes x when it is changed, or the number where there is one axis; `#x` the size of the
first axis. `+ - * / ^` and unary minus make new tensors and broadcast as NumPy does; `==` compares shape and numbers.
@classmod Tensor */

/* The Lua face of tensors: the metatable, and the tables of functions.
** core.tensor holds the constructors, `rng`, and `methods`, which Lua modules may
** add to: x.name looks it up there.
*/
#include "core.h"
#include "rng.h"
#include "tensor_args.h"

int tn_open_tensor(lua_State *L) {
  static const luaL_Reg *const methods[] = {tn_tensor_shape_methods,  tn_tensor_index_methods,
                                            tn_tensor_math_methods,   tn_tensor_change_methods,
                                            tn_tensor_reduce_methods, tn_tensor_table_methods};
  static const luaL_Reg metamethods[] = {
      {"__newindex", tn_tensor_newindex}, {"__len", tn_tensor_length}, {"__tostring", tn_tensor_tostring},
      {"__eq", tn_tensor_equal},          {NULL, NULL},
  };
  lua_newtable(L); /* core.tensor */
  luaL_setfuncs(L, tn_tensor_constructors, 0);
  luaL_setfuncs(L, tn_tensor_shape_functions, 0);
  tn_open_rng(L);
  lua_setfield(L, -2, "rng");
  lua_newtable(L);
  /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers to lists */
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) luaL_setfuncs(L, methods[i], 0);
  luaL_newmetatable(L, TN_TENSOR);
  luaL_setfuncs(L, metamethods, 0);
  luaL_setfuncs(L, tn_tensor_math_operators, 0);
  lua_pushvalue(L, -2);
  lua_pushcclosure(L, tn_tensor_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_setfield(L, -2, "methods");
  return 1;
}
