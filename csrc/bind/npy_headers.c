/* What the headers of .npy and .npz say, in place of the numbers: a file may be larger than memory. */
#include "npy.h"

#include <string.h>

#include "handles.h"

/* Pushes { dtype = "float64", shape = { ... } }; the file's own dtype, which a tensor need not have. */
static void push_header(lua_State *L, const tn_npy *a) {
  lua_createtable(L, 0, 2);
  switch (a->kind) {
    case 'b': lua_pushliteral(L, "bool"); break;
    case 'f': lua_pushfstring(L, "float%d", 8 * a->width); break;
    case 'i': lua_pushfstring(L, "int%d", 8 * a->width); break;
    case 'u': lua_pushfstring(L, "uint%d", 8 * a->width); break;
    default: lua_pushliteral(L, "string");
  }
  lua_setfield(L, -2, "dtype");
  lua_createtable(L, a->rank, 0);
  for (int k = 0; k < a->rank; k++) {
    lua_pushinteger(L, (lua_Integer)a->shape[k]);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "shape");
}

static int is_array(const char *name, size_t n) { return n > 4 && memcmp(name + n - 4, ".npy", 4) == 0; }

/* header(path) → { dtype, shape } | nil, message */
int tn_npy_header_of(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  tn_npy a;
  tn_why why;
  memset(&a, 0, sizeof a);
  tn_input *in = tn_new_input(L);
  const int failed = tn_input_open(in, path, &why) != 0 || tn_npy_read_header(L, in, &a, &why) != 0;
  tn_input_close(in);
  if (failed) return tn_file_failure(L, path, NULL, &why);
  push_header(L, &a);
  return 1;
}

/* headers(path) → table name → { dtype, shape }; how many members are no arrays | nil, message */
int tn_npy_headers_of(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  tn_why why;
  tn_input *in = tn_new_input(L);
  if (tn_input_open_zip(in, path, &why) != 0) return tn_file_failure(L, path, NULL, &why);
  lua_newtable(L);
  const int result = lua_gettop(L);
  lua_Integer others = 0;
  const uint64_t members = tn_input_members(in);
  for (uint64_t i = 0; i < members; i++) {
    const char *name = tn_input_member_name(in, i);
    const size_t n = name != NULL ? strlen(name) : 0;
    if (!is_array(name, n)) {
      others++;
      continue;
    }
    tn_npy a;
    memset(&a, 0, sizeof a);
    if (tn_input_select(in, i, &why) != 0 || tn_npy_read_header(L, in, &a, &why) != 0) {
      tn_file_failure(L, path, name, &why);
      tn_input_close(in);
      return 2;
    }
    lua_pushlstring(L, name, n - 4);
    push_header(L, &a);
    lua_rawset(L, result);
    lua_settop(L, result);
  }
  tn_input_close(in);
  lua_pushinteger(L, others);
  return 2;
}
