/* luaopen_tenor_core: one table a room, each filled by its own file. */
#include "core.h"

#include <dlfcn.h>

#include "../num/real.h"

/* Threads of the pool may still spin in the library's code when Lua closes it, so
** it stays mapped. NOLOAD: this opens what is loaded already, and nothing else. */
static void stay(void) {
  static const char here;
  Dl_info library;
  if (dladdr(&here, &library) != 0) dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

int luaopen_tenor_core(lua_State *L) {
  static const luaL_Reg rooms[] = {
      {"tensor", tn_open_tensor},
      {"terminal", tn_open_terminal},
      {"layout", tn_open_layout},
      {"lstm", tn_open_lstm},
      {"layers", tn_open_layers},
      {"training", tn_open_training},
      {"statistics", tn_open_statistics},
      {"npy", tn_open_npy},
      {"safetensors", tn_open_safetensors},
      {"vectors", tn_open_vectors},
      {"text", tn_open_text},
      {"audio", tn_open_audio},
      {"features", tn_open_features},
      {"file", tn_open_file},
      {"hash", tn_open_hash},
      {"interrupt", tn_open_interrupt},
      {"store", tn_open_store},
      {"json", tn_open_json},
      {NULL, NULL},
  };
  stay();
  lua_newtable(L);
  lua_pushstring(L, TN_REAL_NAME);
  lua_setfield(L, -2, "real");
  for (const luaL_Reg *r = rooms; r->name != NULL; r++) {
    lua_pushcfunction(L, r->func);
    lua_call(L, 0, 1);
    lua_setfield(L, -2, r->name);
  }
  return 1;
}
