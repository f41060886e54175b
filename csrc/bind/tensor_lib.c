/* The Lua face of tensors: constructors and methods. */
#include "core.h"
#include "tensor.h"

int tn_open_tensor(lua_State *L) {
  luaL_newmetatable(L, TN_TENSOR);
  lua_newtable(L);
  return 1;
}
