/* .npy and .npz to and from tensors.
**
** Files are held by a userdata that is made empty, with its metatable, before
** anything opens: whatever raises later, the collector closes them. Numbers
** stream through one block on the C stack straight into the tensor.
*/
#include "../io/npy.h"

#include <string.h>

#include "../io/input.h"
#include "../io/output.h"
#include "core.h"
#include "tensor.h"

#define INPUT "tenor.io.Input"
#define OUTPUT "tenor.io.Output"
#define BLOCK 16384

static int close_input(lua_State *L) {
  tn_input_close((tn_input *)luaL_checkudata(L, 1, INPUT));
  return 0;
}

static int close_output(lua_State *L) {
  tn_output_discard((tn_output *)luaL_checkudata(L, 1, OUTPUT));
  return 0;
}

static void *new_handle(lua_State *L, size_t size, const char *type) {
  void *handle = lua_newuserdatauv(L, size, 0);
  memset(handle, 0, size);
  luaL_setmetatable(L, type);
  return handle;
}

static int failure(lua_State *L, const char *path, const char *member, const tn_why *why) {
  lua_pushnil(L);
  if (member != NULL)
    lua_pushfstring(L, "%s: %s: %s", path, member, why->text);
  else
    lua_pushfstring(L, "%s: %s", path, why->text);
  return 2;
}

static int promise_too_large(const tn_npy *a, uint64_t left, const tn_input *in, tn_why *why) {
  static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB", "PB", "EB"};
  const char *const what = in->member != NULL ? "member" : "file";
  const uint64_t bytes = (uint64_t)a->count * (uint64_t)a->width;
  double amount = (double)bytes;
  int unit = 0;
  if (bytes / 64 <= left) /* nearly right: the digits tell */
    return tn_fail(why, "header promises %llu bytes of numbers, %llu are there; the %s was cut short",
                   (unsigned long long)bytes, (unsigned long long)left, what);
  while (amount >= 1024 && unit < 6) {
    amount /= 1024;
    unit++;
  }
  return tn_fail(why, "header promises %.4g %s, the %s holds %llu bytes", amount, units[unit], what,
                 (unsigned long long)in->size);
}

static int does_not_fit(const tn_npy *a, const unsigned char *element, size_t k, int real, tn_why *why) {
  char digits[32], place[TN_NPY_MAX_RANK * 24];
  size_t offset = tn_npy_offset(a, k), stride = a->count, n = 0;
  for (int i = 0; i < a->rank; i++) {
    stride /= a->shape[i];
    n += (size_t)snprintf(place + n, sizeof place - n, "[%zu]", offset / stride + 1);
    offset %= stride;
  }
  tn_npy_number_text(a, element, digits, sizeof digits);
  if (real) return tn_fail(why, "element %s is %s, which " TN_REAL_NAME " cannot hold", place, digits);
  return tn_fail(why, "element %s is %s, which int32 cannot hold (load with { dtype = \"real\" })", place,
                 digits);
}

/* Everything up to the numbers. */
static int read_header(lua_State *L, tn_input *in, tn_npy *a, tn_why *why) {
  unsigned char prefix[TN_NPY_PREFIX];
  size_t got, skip, length;
  if (tn_input_read(in, prefix, sizeof prefix, &got, why) != 0 ||
      tn_npy_prefix(prefix, got, &skip, &length, why) != 0)
    return -1;
  const size_t have = sizeof prefix - skip; /* of the dict, where the prefix is the shorter one */
  if (length < have) return tn_fail(why, "has a header of %zu bytes, too short for any", length);
  char *text = (char *)lua_newuserdatauv(L, length + 1, 0);
  memcpy(text, prefix + skip, have);
  if (tn_input_read(in, text + have, length - have, &got, why) != 0) return -1;
  if (got < length - have)
    return tn_fail(why, "ends inside the header, after %llu bytes", (unsigned long long)in->at);
  if (tn_npy_header(a, text, length, why) != 0) return -1;
  lua_pop(L, 1);
  const uint64_t left = in->size > in->at ? in->size - in->at : 0;
  const uint64_t promised = (uint64_t)a->count * (uint64_t)a->width;
  if (promised > left) return promise_too_large(a, left, in, why);
  if (promised < left)
    return tn_fail(why, "has %llu bytes after the last number", (unsigned long long)(left - promised));
  return 0;
}

static int read_numbers(tn_input *in, const tn_npy *a, tn_real *reals, int32_t *ints, tn_why *why) {
  unsigned char block[BLOCK];
  const size_t width = (size_t)a->width;
  size_t got;
  for (size_t done = 0; done < a->count;) {
    const size_t left = a->count - done, most = sizeof block / width, n = left < most ? left : most;
    if (tn_input_read(in, block, n * width, &got, why) != 0) return -1;
    if (got < n * width) return tn_fail(why, "ends after %llu bytes", (unsigned long long)in->at);
    const size_t fit = tn_npy_convert(a, block, done, n, reals, ints);
    if (fit < n) return does_not_fit(a, block + fit * width, done + fit, ints == NULL, why);
    done += n;
  }
  /* one read past the end makes libzip check the member's CRC */
  if (tn_input_read(in, block, 1, &got, why) != 0) return -1;
  return got > 0 ? tn_fail(why, "has bytes after the last number") : 0;
}

/* Pushes the tensor on success; leaves the stack as it may on failure. */
static int read_array(lua_State *L, tn_input *in, int as_real, tn_why *why) {
  tn_npy a = {0};
  if (read_header(L, in, &a, why) != 0) return -1;
  const tn_kind kind = as_real || a.kind == 'f' ? TN_REAL : TN_INT;
  tn_tensor *t = tn_new(L, kind, a.rank, a.shape);
  return read_numbers(in, &a, tn_reals(t), kind == TN_INT ? tn_ints(t) : NULL, why);
}

/* read(path, as_real) → tensor | nil, message */
static int npy_read(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const int as_real = lua_toboolean(L, 2);
  tn_why why;
  tn_input *in = (tn_input *)new_handle(L, sizeof *in, INPUT);
  const int failed = tn_input_open(in, path, &why) != 0 || read_array(L, in, as_real, &why) != 0;
  tn_input_close(in);
  return failed ? failure(L, path, NULL, &why) : 1;
}

static int has_suffix(const char *s, size_t n) { return n > 4 && memcmp(s + n - 4, ".npy", 4) == 0; }

/* read_zip(path, as_real) → table name → tensor | nil, message */
static int npy_read_zip(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const int as_real = lua_toboolean(L, 2);
  tn_why why;
  tn_input *in = (tn_input *)new_handle(L, sizeof *in, INPUT);
  if (tn_input_open_zip(in, path, &why) != 0) return failure(L, path, NULL, &why);
  lua_newtable(L);
  const int result = lua_gettop(L);
  const uint64_t members = tn_input_members(in);
  for (uint64_t i = 0; i < members; i++) {
    const char *name = tn_input_member_name(in, i);
    const size_t n = name != NULL ? strlen(name) : 0;
    const int named = name != NULL && has_suffix(name, n);
    if (!named) tn_fail(&why, "is no .npy member");
    lua_pushlstring(L, name, named ? n - 4 : 0);
    if (!named || tn_input_select(in, i, &why) != 0 || read_array(L, in, as_real, &why) != 0) {
      failure(L, path, name != NULL ? name : "(unreadable name)", &why);
      tn_input_close(in);
      return 2;
    }
    lua_rawset(L, result);
    lua_settop(L, result);
  }
  tn_input_close(in);
  return 1;
}

static size_t header_of(const tn_tensor *t, char *to) {
  return tn_npy_write_header(to, t->kind == TN_REAL ? 'f' : 'i', tn_kind_size(t->kind), t->rank, t->shape);
}

/* write(path, tensor) → true | nil, message */
static int npy_write(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const tn_tensor *t = tn_check(L, 2);
  char head[TN_NPY_HEADER_ROOM];
  tn_why why;
  tn_output *out = (tn_output *)new_handle(L, sizeof *out, OUTPUT);
  const int failed = tn_output_open(out, path, &why) != 0 ||
                     tn_output_write(out, head, header_of(t, head), &why) != 0 ||
                     tn_output_write(out, t->data, t->size * tn_kind_size(t->kind), &why) != 0 ||
                     tn_output_commit(out, &why) != 0;
  tn_output_discard(out);
  if (failed) return failure(L, path, NULL, &why);
  lua_pushboolean(L, 1);
  return 1;
}

/* write_zip(path, names, tensors, compress) → true | nil, message; the two
** arrays keep the bytes alive until the archive is closed. */
static int npy_write_zip(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  const int compress = lua_toboolean(L, 4);
  const lua_Integer n = luaL_len(L, 2);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    lua_rawgeti(L, 3, i);
    luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING, 2, "names must be strings");
    luaL_argcheck(L, tn_to(L, -1) != NULL, 3, "values must be tensors");
    lua_pop(L, 2);
  }
  char(*heads)[TN_NPY_HEADER_ROOM] = lua_newuserdatauv(L, (size_t)(n > 0 ? n : 1) * sizeof *heads, 0);
  tn_why why;
  tn_output *out = (tn_output *)new_handle(L, sizeof *out, OUTPUT);
  if (tn_output_open_zip(out, path, &why) != 0) {
    tn_output_discard(out);
    return failure(L, path, NULL, &why);
  }
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    lua_rawgeti(L, 3, i);
    const char *name = lua_pushfstring(L, "%s.npy", lua_tostring(L, -2));
    const tn_tensor *t = tn_to(L, -2);
    const size_t head = header_of(t, heads[i - 1]);
    if (tn_output_member(out, name, heads[i - 1], head, t->data, t->size * tn_kind_size(t->kind), compress,
                         &why) != 0) {
      tn_output_discard(out);
      return failure(L, path, name, &why);
    }
    lua_pop(L, 3);
  }
  if (tn_output_commit(out, &why) != 0) return failure(L, path, NULL, &why);
  lua_pushboolean(L, 1);
  return 1;
}

static void handle_type(lua_State *L, const char *type, lua_CFunction close) {
  luaL_newmetatable(L, type);
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "__close");
  lua_pop(L, 1);
}

int tn_open_npy(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"read", npy_read}, {"read_zip", npy_read_zip}, {"write", npy_write}, {"write_zip", npy_write_zip}, {NULL, NULL},
  };
  handle_type(L, INPUT, close_input);
  handle_type(L, OUTPUT, close_output);
  luaL_newlib(L, functions);
  return 1;
}
