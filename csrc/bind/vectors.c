/* Word vectors, block by block: the reader is a userdata with the wanted words
** and the block inside it; the matrix hangs in user value 1.
*/
#include "../io/vectors.h"

#include <string.h>

#include "core.h"
#include "tensor.h"

#define READER "tenor.io.Vectors"

static tn_vectors *check_open(lua_State *L) {
  tn_vectors *v = (tn_vectors *)luaL_checkudata(L, 1, READER);
  luaL_argcheck(L, v->in.file != NULL, 1, "the reader is closed");
  return v;
}

static int reader_close(lua_State *L) {
  tn_vectors_close((tn_vectors *)luaL_checkudata(L, 1, READER));
  return 0;
}

static int failure(lua_State *L, const char *path, const tn_why *why) {
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", path, why->text);
  return 2;
}

/* An empty reader that holds the words of the table at `arg`. */
static tn_vectors *new_reader(lua_State *L, int arg) {
  const lua_Integer n = luaL_len(L, arg);
  size_t bytes = 0, length;
  luaL_argcheck(L, n > 0 && n < INT32_MAX, arg, "expected a list of words");
  for (lua_Integer i = 1; i <= n; i++) {
    luaL_argcheck(L, lua_rawgeti(L, arg, i) == LUA_TSTRING, arg, "words must be strings");
    bytes += lua_rawlen(L, -1);
    lua_pop(L, 1);
  }
  const size_t words = tn_words_room((size_t)n, bytes);
  const size_t room = sizeof(tn_vectors) + words + (size_t)n + TN_VECTORS_BLOCK + 1;
  tn_vectors *v = (tn_vectors *)lua_newuserdatauv(L, room, 2);
  memset(v, 0, room - TN_VECTORS_BLOCK - 1);
  luaL_setmetatable(L, READER);
  tn_words_init(&v->words, v + 1, (size_t)n);
  v->found = (unsigned char *)(v + 1) + words;
  v->block = (char *)v->found + n;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, arg, i);
    const char *word = lua_tolstring(L, -1, &length);
    tn_words_add(&v->words, word, length);
    lua_pop(L, 1);
  }
  return v;
}

/* open(path, words, dimensions or nil) → reader | nil, message */
static int vectors_open(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  const lua_Integer dimensions = luaL_optinteger(L, 3, 0);
  luaL_argcheck(L, dimensions >= 0 && dimensions <= (lua_Integer)TN_VECTORS_BLOCK, 3,
                "expected the number of dimensions");
  tn_why why;
  tn_vectors *v = new_reader(L, 2);
  if (tn_vectors_open(v, path, (size_t)dimensions, &why) != 0) {
    tn_vectors_close(v);
    return failure(L, path, &why);
  }
  tn_zeros(L, TN_REAL, 2, (const size_t[]){v->words.n + 1, v->dimensions});
  lua_setiuservalue(L, -2, 1);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 2);
  return 1;
}

/* reader:step() → bytes read so far, bytes of the file, finished | nil, message */
static int reader_step(lua_State *L) {
  tn_vectors *v = check_open(L);
  tn_why why;
  lua_getiuservalue(L, 1, 1);
  if (tn_vectors_step(v, tn_reals(tn_check(L, -1)), &why) != 0) {
    tn_vectors_close(v);
    lua_getiuservalue(L, 1, 2);
    return failure(L, lua_tostring(L, -1), &why);
  }
  lua_pushinteger(L, (lua_Integer)v->in.at);
  lua_pushinteger(L, (lua_Integer)v->in.size);
  lua_pushboolean(L, tn_vectors_done(v));
  return 3;
}

/* reader:matrix() → tensor (V + 1, D) */
static int reader_matrix(lua_State *L) {
  luaL_checkudata(L, 1, READER);
  lua_getiuservalue(L, 1, 1);
  return 1;
}

/* reader:found(i) → whether word i has a vector */
static int reader_found(lua_State *L) {
  const tn_vectors *v = (tn_vectors *)luaL_checkudata(L, 1, READER);
  const lua_Integer i = luaL_checkinteger(L, 2);
  luaL_argcheck(L, i >= 1 && (lua_Unsigned)i <= v->words.n, 2, "no such word");
  lua_pushboolean(L, v->found[i - 1]);
  return 1;
}

/* reader:report() → table of counts */
static int reader_report(lua_State *L) {
  const tn_vectors *v = (tn_vectors *)luaL_checkudata(L, 1, READER);
  const struct {
    const char *name;
    uint64_t value;
  } counts[] = {
      {"lines", v->lines},         {"fitting", v->fitting},   {"malformed", v->malformed},
      {"first_bad", v->first_bad}, {"spaced", v->spaced},     {"duplicates", v->duplicates},
      {"dimensions", v->dimensions},
  };
  lua_newtable(L);
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    lua_pushinteger(L, (lua_Integer)counts[i].value);
    lua_setfield(L, -2, counts[i].name);
  }
  return 1;
}

int tn_open_vectors(lua_State *L) {
  static const luaL_Reg functions[] = {{"open", vectors_open}, {NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"step", reader_step},     {"matrix", reader_matrix}, {"found", reader_found},
      {"report", reader_report}, {"close", reader_close},   {NULL, NULL},
  };
  luaL_newmetatable(L, READER);
  lua_pushcfunction(L, reader_close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, reader_close);
  lua_setfield(L, -2, "__close");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
