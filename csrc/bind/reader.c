/* The Reader class: an open file, read block by block. */
#include <string.h>

#include "audio.h"
#include "tensor.h"

tn_sound *tn_reader_new(lua_State *L, int path) {
  path = lua_absindex(L, path);
  tn_sound *s = (tn_sound *)lua_newuserdatauv(L, sizeof *s, 1);
  memset(s, 0, sizeof *s);
  luaL_setmetatable(L, TN_READER);
  lua_pushvalue(L, path);
  lua_setiuservalue(L, -2, 1);
  return s;
}

static tn_sound *check(lua_State *L) { return (tn_sound *)luaL_checkudata(L, 1, TN_READER); }

static tn_sound *check_open(lua_State *L, const char *call) {
  tn_sound *s = check(L);
  if (s->file == NULL) luaL_error(L, "%s: the reader is closed", call);
  return s;
}

int tn_reader_open(lua_State *L) {
  const char *path = tn_path(L, 1, "audio.open: path");
  char why[TN_WHY];
  tn_sound *s = tn_reader_new(L, 1);
  if (tn_sound_open(s, path, why) != 0) return tn_audio_fail(L, path, why);
  return 1;
}

/* The next frames: a tensor (n) or (n, channels), nil at the end, or nil and a message. */
static int reader_read(lua_State *L) {
  tn_sound *s = check_open(L, "reader:read");
  lua_settop(L, 2);
  int whole = 1;
  const lua_Integer wanted = lua_isnoneornil(L, 2) ? 65536 : lua_tointegerx(L, 2, &whole);
  if (!whole || wanted < 1)
    return luaL_error(L, "reader:read: frames must be a positive integer, got %s", luaL_tolstring(L, 2, NULL));
  char why[TN_WHY];
  const size_t left = s->frames - s->at, channels = (size_t)s->channels, from = s->at;
  const size_t frames = (lua_Unsigned)wanted < left ? (size_t)wanted : left;
  if (frames == 0) {
    lua_pushnil(L);
    return 1;
  }
  const size_t shape[] = {frames, channels};
  tn_tensor *t = tn_new(L, TN_REAL, channels == 1 ? 1 : 2, shape);
  double *block = (double *)lua_newuserdatauv(L, t->size * sizeof(double), 0);
  if (s->file == NULL || s->at != from) return luaL_error(L, "reader:read: the reader was moved while memory was taken, by a finaliser");
  if (tn_sound_read(s, block, frames, why) < 0) return tn_audio_fail(L, tn_audio_name(L, 1), why);
  const size_t bad = tn_first_not_finite(block, t->size);
  if (bad < t->size) {
    tn_sound_not_finite(block[bad], from * channels + bad, s->channels, why);
    return tn_audio_fail(L, tn_audio_name(L, 1), why);
  }
  for (size_t i = 0; i < t->size; i++) tn_reals(t)[i] = (tn_real)block[i];
  lua_pop(L, 1);
  return 1;
}

/* Sets the offset in frames, 0 the beginning, of what is read next; returns it. */
static int reader_seek(lua_State *L) {
  tn_sound *s = check_open(L, "reader:seek");
  lua_settop(L, 2);
  int whole;
  const lua_Integer offset = lua_tointegerx(L, 2, &whole);
  if (!whole || offset < 0 || (lua_Unsigned)offset > s->frames) {
    const char *got = luaL_tolstring(L, 2, NULL);
    return luaL_error(L, "reader:seek: offset must be an integer from 0 to %I, got %s", (LUAI_UACINT)s->frames, got);
  }
  char why[TN_WHY];
  if (tn_sound_seek(s, (size_t)offset, why) != 0) return tn_audio_fail(L, tn_audio_name(L, 1), why);
  lua_pushinteger(L, offset);
  return 1;
}

static int reader_close(lua_State *L) {
  tn_sound_close(check(L));
  return 0;
}

static int reader_index(lua_State *L) {
  const tn_sound *s = check(L);
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (tn_audio_field(L, name, s->frames, s->channels, s->rate)) return 1;
  lua_pushvalue(L, 2);
  lua_gettable(L, lua_upvalueindex(1));
  return 1;
}

static int reader_len(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check(L)->frames);
  return 1;
}

static int reader_text(lua_State *L) {
  const tn_sound *s = check(L);
  return tn_audio_text(L, "Reader", s->frames, s->channels, s->rate);
}

void tn_open_reader(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"read", reader_read}, {"seek", reader_seek}, {"close", reader_close}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", reader_close},
                                  {"__close", reader_close},
                                  {"__len", reader_len},
                                  {"__tostring", reader_text},
                                  {NULL, NULL}};
  luaL_newmetatable(L, TN_READER);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, reader_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
