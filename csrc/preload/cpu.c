/* Tells OpenBLAS which kernels this processor can run, before it is loaded.
**
** OpenBLAS chooses its kernels by model number when it is loaded and takes SSE
** ones for models newer than itself: OpenBLAS 0.3.21, Debian 12's, then reaches
** a fifth of the machine's rate. The instruction sets say more than the model.
** A choice that the user has made with OPENBLAS_CORETYPE stands.
*/
#include <lauxlib.h>
#include <lua.h>
#include <stdlib.h>

__attribute__((visibility("default"))) int luaopen_tenor_cpu(lua_State *L);

static const char *kernels(void) {
#if defined(__x86_64__) && defined(__GNUC__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return __builtin_cpu_is("amd") ? "Zen" : "Haswell";
#endif
  return NULL;
}

int luaopen_tenor_cpu(lua_State *L) {
  const char *name = kernels();
  if (name != NULL) setenv("OPENBLAS_CORETYPE", name, 0);
  lua_newtable(L);
  lua_pushstring(L, getenv("OPENBLAS_CORETYPE"));
  lua_setfield(L, -2, "blas");
  return 1;
}
