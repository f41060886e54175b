/* Some rows of a matrix in a .npy file, found by seeking: the rest is not read. */
#include <math.h>

#include "core.h"
#include "handles.h"
#include "npy.h"
#include "tensor.h"

#define BLOCK 16384

static int check_header(const tn_npy *a, lua_Integer count, tn_why *why) {
  if (a->rank != 2) return tn_fail(why, "has %d dimension%s; a matrix is wanted, a row a word", a->rank, a->rank == 1 ? "" : "s");
  if (a->kind != 'f') return tn_fail(why, "holds no floats");
  if (a->fortran)
    return tn_fail(why, "is in Fortran order, where no row lies together; save it with numpy.ascontiguousarray");
  if (a->shape[1] == 0) return tn_fail(why, "has rows of 0 numbers");
  if (a->shape[0] != (size_t)count)
    return tn_fail(why, "has %zu rows, and the list has %lld words", a->shape[0], (long long)count);
  return 0;
}

/* Reads row `number` (from 0) of the file, whose numbers begin at `start`. */
static int read_row(tn_input *in, const tn_npy *a, uint64_t start, size_t number, tn_real *row, tn_why *why) {
  unsigned char block[BLOCK];
  const size_t width = (size_t)a->width, D = a->shape[1];
  size_t got;
  if (tn_input_seek(in, start + (uint64_t)number * D * width, why) != 0) return -1;
  for (size_t done = 0; done < D;) {
    const size_t left = D - done, most = sizeof block / width, n = left < most ? left : most;
    if (tn_input_read(in, block, n * width, &got, why) != 0) return -1;
    if (got < n * width) return tn_fail(why, "ends inside row %zu", number + 1);
    tn_npy_convert(a, block, 0, n, row + done, NULL);
    done += n;
  }
  for (size_t k = 0; k < D; k++)
    if (!isfinite(row[k]))
      return tn_fail(why, "number %zu is %s, which is not finite", k + 1, isnan(row[k]) ? "nan" : "inf");
  return 0;
}

/* rows(path, sources, count, words): row i + 1 of the result is row sources[i] of the
** file, which must have `count` of them, and zeros where that is 0; words[i] names it. */
int tn_npy_rows(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  const lua_Integer count = luaL_checkinteger(L, 3), n = luaL_len(L, 2);
  luaL_checktype(L, 4, LUA_TTABLE);
  tn_npy a;
  tn_why why;
  tn_input *in = tn_new_input(L);
  if (tn_input_open(in, path, &why) != 0 || tn_npy_read_header(L, in, &a, &why) != 0 || check_header(&a, count, &why) != 0) {
    tn_input_close(in);
    return tn_file_failure(L, path, NULL, &why);
  }
  const uint64_t start = in->at;
  const size_t D = a.shape[1];
  tn_real *const rows = tn_reals(tn_zeros(L, TN_REAL, 2, (const size_t[]){(size_t)n + 1, D}));
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    const lua_Integer source = lua_tointeger(L, -1);
    lua_pop(L, 1);
    luaL_argcheck(L, source >= 0 && source <= count, 2, "no such row");
    if (source == 0 || read_row(in, &a, start, (size_t)source - 1, rows + (size_t)i * D, &why) == 0) continue;
    tn_input_close(in);
    lua_pushnil(L);
    lua_rawgeti(L, 4, i);
    tn_push_plain(L, luaL_tolstring(L, -1, NULL), 80);
    lua_pushfstring(L, "%s: row %I, '%s': %s", path, source, lua_tostring(L, -1), why.text);
    lua_replace(L, -4);
    lua_pop(L, 2);
    return 2;
  }
  tn_input_close(in);
  return 1;
}
