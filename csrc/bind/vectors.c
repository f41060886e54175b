/* Word vectors, block by block: the reader is a userdata with the wanted words
** and the block inside it; the matrix hangs in user value 1, the file's name for
** messages in user value 2.
*/
#include "../io/vectors.h"

#include <string.h>

#include "../io/lowercase.h"
#include "core.h"
#include "handles.h"
#include "npy.h"
#include "tensor.h"

#define READER "tenor.io.Vectors"

static tn_vectors *check_open(lua_State *L) {
  tn_vectors *v = (tn_vectors *)luaL_checkudata(L, 1, READER);
  luaL_argcheck(L, tn_input_is_open(&v->in), 1, "the reader is closed");
  return v;
}

static int reader_close(lua_State *L) {
  tn_vectors_close((tn_vectors *)luaL_checkudata(L, 1, READER));
  return 0;
}

/* An empty reader that holds the words of the table at `arg`, which a finaliser may change
** while memory is taken. */
static tn_vectors *new_reader(lua_State *L, int arg) {
  const lua_Integer n = luaL_len(L, arg);
  size_t bytes = 0, longest = 0, length;
  luaL_argcheck(L, n > 0 && n < INT32_MAX, arg, "expected a list of words");
  for (lua_Integer i = 1; i <= n; i++) {
    luaL_argcheck(L, lua_rawgeti(L, arg, i) == LUA_TSTRING, arg, "words must be strings");
    length = lua_rawlen(L, -1);
    bytes += length;
    longest = length > longest ? length : longest;
    lua_pop(L, 1);
  }
  const size_t words = tn_words_room((size_t)n, bytes), lower = TN_LOWERCASE_ROOM(longest);
  const size_t room = sizeof(tn_vectors) + words + (size_t)n + lower + TN_VECTORS_BLOCK + 1;
  tn_vectors *v = (tn_vectors *)lua_newuserdatauv(L, room, 2);
  memset(v, 0, room - TN_VECTORS_BLOCK - 1);
  luaL_setmetatable(L, READER);
  tn_words_init(&v->words, v + 1, (size_t)n);
  v->found = (unsigned char *)(v + 1) + words;
  v->lower = (char *)v->found + n;
  v->block = v->lower + lower;
  v->longest = longest;
  for (lua_Integer i = 1; i <= n; i++) {
    const int alike = lua_rawgeti(L, arg, i) == LUA_TSTRING && lua_rawlen(L, -1) <= longest && lua_rawlen(L, -1) <= bytes;
    luaL_argcheck(L, alike, arg, "the list of words was changed while it was read");
    const char *word = lua_tolstring(L, -1, &length);
    bytes -= length;
    tn_words_add(&v->words, word, length);
    lua_pop(L, 1);
  }
  return v;
}

/* open(path, words, format, dimensions, member, fold, name) → reader | nil, message
** format: "text", "headed" or "word2vec"; dimensions: 0 for whatever they are;
** member: of a zip archive, from 1; name: of the file in messages */
static int vectors_open(lua_State *L) {
  static const char *const formats[] = {"text", "headed", "word2vec", NULL};
  const char *path = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  const int format = luaL_checkoption(L, 3, NULL, formats);
  const lua_Integer dimensions = luaL_checkinteger(L, 4), member = luaL_checkinteger(L, 5);
  luaL_argcheck(L, dimensions >= 0, 4, "expected the number of dimensions");
  luaL_argcheck(L, member >= 1, 5, "expected the number of a member");
  const int fold = lua_toboolean(L, 6);
  const char *name = luaL_checkstring(L, 7);
  tn_why why;
  tn_vectors *v = new_reader(L, 2);
  v->kind = (tn_vectors_kind)format;
  v->fold = fold;
  if (tn_vectors_open(v, path, (uint64_t)member - 1, (size_t)dimensions, &why) != 0) {
    tn_vectors_close(v);
    return tn_file_failure(L, name, NULL, &why);
  }
  tn_zeros(L, TN_REAL, 2, (const size_t[]){v->words.n + 1, v->dimensions});
  lua_setiuservalue(L, -2, 1);
  lua_pushvalue(L, 7);
  lua_setiuservalue(L, -2, 2);
  return 1;
}

/* reader:step() → bytes done, bytes in all, finished | nil, message */
static int reader_step(lua_State *L) {
  tn_vectors *v = check_open(L);
  uint64_t done, total;
  tn_why why;
  lua_getiuservalue(L, 1, 1);
  if (tn_vectors_step(v, tn_reals(tn_check(L, -1)), &why) != 0) {
    tn_vectors_close(v);
    lua_getiuservalue(L, 1, 2);
    return tn_file_failure(L, lua_tostring(L, -1), NULL, &why);
  }
  tn_input_progress(&v->in, &done, &total);
  lua_pushinteger(L, (lua_Integer)done);
  lua_pushinteger(L, (lua_Integer)total);
  lua_pushboolean(L, tn_vectors_done(v));
  return 3;
}

/* reader:bytes() → bytes in all, as step tells them */
static int reader_bytes(lua_State *L) {
  uint64_t done, total;
  tn_input_progress(&check_open(L)->in, &done, &total);
  lua_pushinteger(L, (lua_Integer)total);
  return 1;
}

/* reader:matrix() → tensor (V + 1, D) */
static int reader_matrix(lua_State *L) {
  luaL_checkudata(L, 1, READER);
  lua_getiuservalue(L, 1, 1);
  return 1;
}

/* reader:found(i) → "exact", "folded", "cased" (there in other case only) or nil */
static int reader_found(lua_State *L) {
  static const char *const names[] = {NULL, "cased", "exact", "folded"};
  const tn_vectors *v = (tn_vectors *)luaL_checkudata(L, 1, READER);
  const lua_Integer i = luaL_checkinteger(L, 2);
  luaL_argcheck(L, i >= 1 && (lua_Unsigned)i <= v->words.n, 2, "no such word");
  lua_pushstring(L, names[v->found[i - 1]]);
  return 1;
}

/* reader:report() → table of counts, with `reason` where a line is malformed */
static int reader_report(lua_State *L) {
  const tn_vectors *v = (tn_vectors *)luaL_checkudata(L, 1, READER);
  const struct {
    const char *name;
    uint64_t value;
  } counts[] = {
      {"lines", v->lines},   {"malformed", v->malformed},   {"first_bad", v->first_bad},
      {"spaced", v->spaced}, {"duplicates", v->duplicates}, {"dimensions", v->dimensions},
      {"promised", v->promised},
  };
  lua_newtable(L);
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    lua_pushinteger(L, (lua_Integer)counts[i].value);
    lua_setfield(L, -2, counts[i].name);
  }
  if (v->malformed > 0) {
    lua_pushstring(L, v->bad.text);
    lua_setfield(L, -2, "reason");
  }
  return 1;
}

/* members(path) → list of names (false for one that is unreadable) of a zip
** archive, or false for another file | nil, message */
static int vectors_members(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  tn_packing packing;
  tn_why why;
  tn_input *in = tn_new_input(L);
  if (tn_input_packing(path, &packing, &why) != 0) return tn_file_failure(L, path, NULL, &why);
  if (packing != TN_ZIP) {
    lua_pushboolean(L, 0);
    return 1;
  }
  if (tn_input_open_zip(in, path, &why) != 0) {
    tn_input_close(in);
    return tn_file_failure(L, path, NULL, &why);
  }
  lua_newtable(L);
  const uint64_t n = tn_input_members(in);
  for (uint64_t i = 0; i < n; i++) {
    const char *name = tn_input_member_name(in, i);
    if (name != NULL)
      lua_pushstring(L, name);
    else
      lua_pushboolean(L, 0);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  tn_input_close(in);
  return 1;
}

/* head(path, member, n, name) → the first n bytes of the content, fewer at its end | nil, message */
static int vectors_head(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const lua_Integer member = luaL_checkinteger(L, 2), n = luaL_checkinteger(L, 3);
  const char *name = luaL_checkstring(L, 4);
  tn_why why;
  size_t got = 0;
  luaL_argcheck(L, member >= 1, 2, "expected the number of a member");
  luaL_argcheck(L, n > 0 && n <= 1 << 20, 3, "expected a number of bytes");
  tn_input *in = tn_new_input(L);
  char *bytes = (char *)lua_newuserdatauv(L, (size_t)n, 0);
  const int failed = tn_input_open_packed(in, path, (uint64_t)member - 1, &why) != 0 ||
                     tn_input_read(in, bytes, (size_t)n, &got, &why) != 0;
  tn_input_close(in);
  if (failed) return tn_file_failure(L, name, NULL, &why);
  lua_pushlstring(L, bytes, got);
  return 1;
}

int tn_open_vectors(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"open", vectors_open}, {"members", vectors_members}, {"head", vectors_head}, {"rows", tn_npy_rows}, {NULL, NULL},
  };
  static const luaL_Reg methods[] = {
      {"step", reader_step},   {"bytes", reader_bytes},   {"matrix", reader_matrix}, {"found", reader_found},
      {"report", reader_report}, {"close", reader_close}, {NULL, NULL},
  };
  tn_closing_type(L, READER, reader_close);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  tn_open_handles(L);
  luaL_newlib(L, functions);
  return 1;
}
