/* tenor.core.audio: reading, making and writing waves; opening readers. */
#include "audio.h"

#include <string.h>

#include "core.h"
#include "tensor.h"

const char *tn_path(lua_State *L, int arg, const char *what) {
  size_t length = 0;
  const char *path = lua_type(L, arg) == LUA_TSTRING ? lua_tolstring(L, arg, &length) : NULL;
  if (path == NULL) luaL_error(L, "%s must be a string, got %s", what, luaL_typename(L, arg));
  if (strlen(path) != length) luaL_error(L, "%s must not hold zero bytes", what);
  return path;
}

const char *tn_audio_name(lua_State *L, int arg) {
  lua_getiuservalue(L, arg, 1);
  const char *path = lua_tostring(L, -1);
  lua_pop(L, 1); /* the user value keeps it */
  return path != NULL ? path : "wave";
}

int tn_audio_fail(lua_State *L, const char *name, const char *why) {
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", name, why);
  return 2;
}

/* read(path) -> wave, or nil and why not */
static int audio_read(lua_State *L) {
  const char *path = tn_path(L, 1, "audio.read: path");
  char why[TN_WHY];
  tn_sound *s = tn_reader_new(L, 1);
  if (tn_sound_open(s, path, why) != 0) return tn_audio_fail(L, path, why);
  tn_wave *w = tn_wave_new(L, s->frames, s->channels, s->rate);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  const ptrdiff_t got = tn_sound_read(s, w->samples, w->frames, why);
  tn_sound_close(s);
  if (got < 0) return tn_audio_fail(L, path, why);
  const size_t numbers = w->frames * (size_t)w->channels, bad = tn_first_not_finite(w->samples, numbers);
  if (bad < numbers) {
    tn_sound_not_finite(w->samples[bad], bad, w->channels, why);
    return tn_audio_fail(L, path, why);
  }
  return 1;
}

/* wave(tensor (N) or (N, channels), rate) -> wave */
static int audio_wave(lua_State *L) {
  lua_settop(L, 2);
  const tn_tensor *t = tn_to(L, 1);
  if (t == NULL)
    return luaL_error(L, "audio.wave: samples must be a tensor (N) or (N, channels), got %s", luaL_typename(L, 1));
  char shape[TN_SHAPE_TEXT];
  if (t->kind != TN_REAL || t->rank > 2 || t->size == 0 || (t->rank == 2 && t->shape[1] > 1024))
    return luaL_error(L, "audio.wave: samples must be %s (N) or (N, channels), none of them 0, got %s %s",
                      TN_REAL_NAME, tn_kind_name(t->kind), tn_shape_text(t, shape));
  int whole;
  const lua_Integer rate = lua_tointegerx(L, 2, &whole);
  if (!whole || rate < 1 || rate > INT32_MAX)
    return luaL_error(L, "audio.wave: rate must be a positive integer in Hz, got %s", luaL_tolstring(L, 2, NULL));
  tn_wave *w = tn_wave_new(L, t->shape[0], t->rank == 2 ? (int)t->shape[1] : 1, (int)rate);
  for (size_t i = 0; i < t->size; i++) w->samples[i] = (double)tn_reals(t)[i];
  return 1;
}

/* write(path, wave, format, subtype or nil) -> true, or nil and why not */
static int audio_write(lua_State *L) {
  const char *path = tn_path(L, 1, "audio.write: path");
  const tn_wave *w = (const tn_wave *)luaL_testudata(L, 2, TN_WAVE);
  if (w == NULL) return luaL_error(L, "audio.write: wave must be a Wave, got %s", luaL_typename(L, 2));
  const char *format = luaL_checkstring(L, 3), *subtype = luaL_optstring(L, 4, NULL);
  int code;
  switch (tn_sound_format(format, subtype, w->rate, w->channels, &code)) {
    case TN_FORMAT_UNKNOWN:
      return luaL_error(L, "audio.write: format must be wav, flac, ogg, oga, aiff, aif, au, caf or w64, got '%s'",
                        format);
    case TN_SUBTYPE_UNKNOWN:
      return luaL_error(L,
                        "audio.write: subtype must be pcm_u8, pcm_s8, pcm_16, pcm_24, pcm_32, float, double, "
                        "vorbis, ulaw or alaw, got '%s'",
                        subtype);
    case TN_FORMAT_REFUSED:
      return luaL_error(L, "audio.write: a %s file cannot hold %s of %d channel%s at %d Hz", format,
                        subtype != NULL ? subtype : "samples", w->channels, w->channels == 1 ? "" : "s", w->rate);
    case TN_FORMAT_OK: break;
  }
  char why[TN_WHY];
  const size_t numbers = w->frames * (size_t)w->channels, bad = tn_first_not_finite(w->samples, numbers);
  if (bad < numbers) {
    tn_sound_not_finite(w->samples[bad], bad, w->channels, why);
    return tn_audio_fail(L, path, why);
  }
  if (tn_sound_write(path, code, w->rate, w->channels, w->samples, w->frames, why) != 0)
    return tn_audio_fail(L, path, why);
  lua_pushboolean(L, 1);
  return 1;
}

int tn_open_audio(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"read", audio_read}, {"wave", audio_wave}, {"write", audio_write}, {"open", tn_reader_open}, {NULL, NULL}};
  tn_open_wave(L);
  tn_open_reader(L);
  luaL_newlib(L, functions);
  return 1;
}
