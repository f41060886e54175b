/* .npy and .npz to and from tensors and lists of strings. Numbers stream through
** one block on the C stack straight into the tensor.
*/
#include "npy.h"

#include <string.h>

#include "core.h"
#include "handles.h"
#include "tensor.h"

#define BLOCK 16384

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

int tn_npy_read_header(lua_State *L, tn_input *in, tn_npy *a, tn_why *why) {
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
    if (fit < n) return tn_npy_does_not_fit(a, block + fit * width, done + fit, why);
    done += n;
  }
  /* one read past the end makes libzip check the member's CRC */
  if (tn_input_read(in, block, 1, &got, why) != 0) return -1;
  return got > 0 ? tn_fail(why, "has bytes after the last number") : 0;
}

/* Pushes the list on success. */
static int read_strings(lua_State *L, tn_input *in, const tn_npy *a, tn_why *why) {
  const size_t width = (size_t)a->width;
  size_t got;
  if (a->rank != 1) return tn_fail(why, "holds strings in %d dimensions; a list of them has one", a->rank);
  lua_newtable(L);
  const int list = lua_gettop(L);
  /* an array without elements may claim any width, others have been counted */
  char *element = (char *)lua_newuserdatauv(L, a->count > 0 ? 2 * width : 1, 0), *text = element + width;
  for (size_t i = 0; i < a->count; i++) {
    if (tn_input_read(in, element, width, &got, why) != 0) return -1;
    if (got < width) return tn_fail(why, "ends after %llu bytes", (unsigned long long)in->at);
    tn_why reason = {""};
    const int n = tn_npy_text(a, (unsigned char *)element, text, &reason);
    if (n < 0) return tn_fail(why, "string %zu %s", i + 1, reason.text);
    lua_pushlstring(L, text, (size_t)n);
    lua_rawseti(L, list, (lua_Integer)i + 1);
  }
  if (tn_input_read(in, element, 1, &got, why) != 0) return -1; /* the member's CRC */
  if (got > 0) return tn_fail(why, "has bytes after the last string");
  lua_settop(L, list);
  return 0;
}

/* Pushes the tensor or list on success; leaves the stack as it may on failure. */
static int read_array(lua_State *L, tn_input *in, int as_real, tn_why *why) {
  tn_npy a;
  memset(&a, 0, sizeof a);
  if (tn_npy_read_header(L, in, &a, why) != 0) return -1;
  if (tn_npy_holds_text(&a)) return read_strings(L, in, &a, why);
  const tn_kind kind = as_real || a.kind == 'f' ? TN_REAL : TN_INT;
  tn_tensor *t = tn_new(L, kind, a.rank, a.shape);
  return read_numbers(in, &a, tn_reals(t), kind == TN_INT ? tn_ints(t) : NULL, why);
}

/* read(path, as_real) → tensor or list | nil, message */
static int npy_read(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const int as_real = lua_toboolean(L, 2);
  tn_why why;
  tn_input *in = tn_new_input(L);
  const int failed = tn_input_open(in, path, &why) != 0 || read_array(L, in, as_real, &why) != 0;
  tn_input_close(in);
  return failed ? tn_file_failure(L, path, NULL, &why) : 1;
}

static int has_suffix(const char *s, size_t n) { return n > 4 && memcmp(s + n - 4, ".npy", 4) == 0; }

/* Whether the set at `arg`, of names without ending, has this member; all are wanted where there is no set. */
static int is_wanted(lua_State *L, int arg, const char *name, size_t n) {
  if (lua_isnoneornil(L, arg)) return 1;
  if (!has_suffix(name, n)) return 0;
  lua_pushlstring(L, name, n - 4);
  const int wanted = lua_rawget(L, arg) != LUA_TNIL;
  lua_pop(L, 1);
  return wanted;
}

/* read_zip(path, as_real, wanted) → table name → tensor or list, or false where `wanted`, a table
** name → true, does not have it | nil, message. What is no array matters only where all are wanted. */
static int npy_read_zip(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const int as_real = lua_toboolean(L, 2);
  lua_settop(L, 3);
  if (!lua_isnil(L, 3)) luaL_checktype(L, 3, LUA_TTABLE);
  tn_why why;
  tn_input *in = tn_new_input(L);
  if (tn_input_open_zip(in, path, &why) != 0) return tn_file_failure(L, path, NULL, &why);
  lua_newtable(L);
  const int result = lua_gettop(L);
  const uint64_t members = tn_input_members(in);
  for (uint64_t i = 0; i < members; i++) {
    const char *name = tn_input_member_name(in, i);
    const size_t n = name != NULL ? strlen(name) : 0;
    const int named = name != NULL && has_suffix(name, n);
    if (name != NULL && !is_wanted(L, 3, name, n)) {
      if (!named) continue;
      lua_pushlstring(L, name, n - 4);
      lua_pushboolean(L, 0);
      lua_rawset(L, result);
      continue;
    }
    if (!named) tn_fail(&why, "is no .npy member");
    lua_pushlstring(L, name, named ? n - 4 : 0);
    if (!named || tn_input_select(in, i, &why) != 0 || read_array(L, in, as_real, &why) != 0) {
      tn_file_failure(L, path, name != NULL ? name : "(unreadable name)", &why);
      tn_input_close(in);
      return 2;
    }
    lua_rawset(L, result);
    lua_settop(L, result);
  }
  tn_input_close(in);
  return 1;
}

/* What is written: header and bytes of the tensor at `arg`, or of the strings
** there, { bytes, characters of each }. */
typedef struct content {
  char head[TN_NPY_HEADER_ROOM];
  size_t head_size;
  const void *body;
  size_t body_size;
} content;

static void check_content(lua_State *L, int arg) {
  if (tn_to(L, arg) != NULL) return;
  luaL_argcheck(L, lua_istable(L, arg), arg, "expected a tensor or strings");
  luaL_argcheck(L, lua_rawgeti(L, arg, 1) == LUA_TSTRING, arg, "expected bytes");
  lua_rawgeti(L, arg, 2);
  const lua_Integer characters = luaL_checkinteger(L, -1);
  luaL_argcheck(L, characters >= 1 && lua_rawlen(L, -2) % (4 * (size_t)characters) == 0, arg, "expected whole strings");
  lua_pop(L, 2);
}

static void take_content(lua_State *L, int arg, content *c) {
  const tn_tensor *t = tn_to(L, arg);
  if (t != NULL) {
    const size_t width = tn_kind_size(t->kind);
    c->body = t->data;
    c->body_size = t->size * width;
    c->head_size = tn_npy_write_header(c->head, t->kind == TN_REAL ? 'f' : 'i', width, t->rank, t->shape);
    return;
  }
  lua_rawgeti(L, arg, 1);
  lua_rawgeti(L, arg, 2); /* the table keeps the bytes where they are */
  const size_t characters = (size_t)lua_tointeger(L, -1);
  c->body = lua_tolstring(L, -2, &c->body_size);
  const size_t count = c->body_size / (4 * characters);
  c->head_size = tn_npy_write_header(c->head, 'U', characters, 1, &count);
  lua_pop(L, 2);
}

/* write(path, content) → true | nil, message */
static int npy_write(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  content c;
  tn_why why;
  check_content(L, 2);
  take_content(L, 2, &c);
  tn_output *out = tn_new_output(L);
  const int failed = tn_output_open(out, path, &why) != 0 || tn_output_write(out, c.head, c.head_size, &why) != 0 ||
                     tn_output_write(out, c.body, c.body_size, &why) != 0 || tn_output_commit(out, &why) != 0;
  tn_output_discard(out);
  if (failed) return tn_file_failure(L, path, NULL, &why);
  lua_pushboolean(L, 1);
  return 1;
}

/* libzip removes an archive without members; NumPy writes it as its end alone. */
static int write_empty_zip(lua_State *L, const char *path) {
  static const char end[22] = {'P', 'K', 5, 6};
  tn_why why;
  tn_output *out = tn_new_output(L);
  const int failed = tn_output_open(out, path, &why) != 0 || tn_output_write(out, end, sizeof end, &why) != 0 ||
                     tn_output_commit(out, &why) != 0;
  tn_output_discard(out);
  if (failed) return tn_file_failure(L, path, NULL, &why);
  lua_pushboolean(L, 1);
  return 1;
}

/* write_zip(path, names, contents, compress) → true | nil, message; the two
** arrays keep the bytes alive until the archive is closed. */
static int npy_write_zip(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  const int compress = lua_toboolean(L, 4);
  const lua_Integer n = luaL_len(L, 2);
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 2, i);
    luaL_argcheck(L, lua_type(L, -1) == LUA_TSTRING, 2, "names must be strings");
    lua_rawgeti(L, 3, i);
    check_content(L, lua_gettop(L));
    lua_pop(L, 2);
  }
  if (n == 0) return write_empty_zip(L, path);
  content *contents = (content *)lua_newuserdatauv(L, (size_t)(n > 0 ? n : 1) * sizeof *contents, 0);
  tn_why why;
  tn_output *out = tn_new_output(L);
  if (tn_output_open_zip(out, path, &why) != 0) {
    tn_output_discard(out);
    return tn_file_failure(L, path, NULL, &why);
  }
  for (lua_Integer i = 1; i <= n; i++) {
    content *c = &contents[i - 1];
    lua_rawgeti(L, 3, i);
    check_content(L, lua_gettop(L)); /* again: memory was taken */
    take_content(L, lua_gettop(L), c);
    lua_rawgeti(L, 2, i);
    const char *name = lua_pushfstring(L, "%s.npy", lua_tostring(L, -1));
    if (tn_output_member(out, name, c->head, c->head_size, c->body, c->body_size, compress, &why) != 0) {
      tn_output_discard(out);
      return tn_file_failure(L, path, name, &why);
    }
    lua_pop(L, 3);
  }
  if (tn_output_commit(out, &why) != 0) return tn_file_failure(L, path, NULL, &why);
  lua_pushboolean(L, 1);
  return 1;
}

int tn_open_npy(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"read", npy_read},       {"read_zip", npy_read_zip},    {"write", npy_write},           {"write_zip", npy_write_zip},
      {"header", tn_npy_header_of}, {"headers", tn_npy_headers_of}, {NULL, NULL},
  };
  tn_open_handles(L);
  luaL_newlib(L, functions);
  return 1;
}
