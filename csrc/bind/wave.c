/* The Wave class: a whole signal in memory. */
#include <stdio.h>
#include <string.h>

#include "audio.h"
#include "tensor.h"

tn_wave *tn_wave_new(lua_State *L, size_t frames, int channels, int rate) {
  const size_t most = (SIZE_MAX / 2 - sizeof(tn_wave) - TN_ALIGN) / sizeof(double);
  if (frames > most / (size_t)channels) luaL_error(L, "audio: the wave is too long");
  const size_t bytes = frames * (size_t)channels * sizeof(double);
  tn_wave *w = (tn_wave *)lua_newuserdatauv(L, sizeof *w + TN_ALIGN + bytes, 1);
  const uintptr_t after = (uintptr_t)(w + 1);
  w->samples = (double *)((after + TN_ALIGN - 1) & ~(uintptr_t)(TN_ALIGN - 1));
  w->frames = frames;
  w->channels = channels;
  w->rate = rate;
  luaL_setmetatable(L, TN_WAVE);
  return w;
}

static tn_wave *check(lua_State *L) { return (tn_wave *)luaL_checkudata(L, 1, TN_WAVE); }

/* The samples as a tensor, (N) of one channel or (N, channels), full scale +-1. */
static int wave_samples(lua_State *L) {
  const tn_wave *w = check(L);
  const size_t shape[] = {w->frames, (size_t)w->channels};
  tn_tensor *t = tn_new(L, TN_REAL, w->channels == 1 ? 1 : 2, shape);
  tn_real *out = tn_reals(t);
  for (size_t i = 0; i < t->size; i++) out[i] = (tn_real)w->samples[i];
  return 1;
}

static int wave_index(lua_State *L) {
  const tn_wave *w = check(L);
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (tn_audio_field(L, name, w->frames, w->channels, w->rate)) return 1;
  lua_pushvalue(L, 2);
  lua_gettable(L, lua_upvalueindex(1));
  return 1;
}

static int wave_len(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)check(L)->frames);
  return 1;
}

static int wave_text(lua_State *L) {
  const tn_wave *w = check(L);
  return tn_audio_text(L, "Wave", w->frames, w->channels, w->rate);
}

int tn_audio_field(lua_State *L, const char *name, size_t frames, int channels, int rate) {
  if (strcmp(name, "rate") == 0)
    lua_pushinteger(L, rate);
  else if (strcmp(name, "channels") == 0)
    lua_pushinteger(L, channels);
  else if (strcmp(name, "frames") == 0)
    lua_pushinteger(L, (lua_Integer)frames);
  else if (strcmp(name, "duration") == 0)
    lua_pushnumber(L, (lua_Number)frames / rate);
  else if (strcmp(name, "path") == 0)
    lua_getiuservalue(L, 1, 1);
  else
    return 0;
  return 1;
}

int tn_audio_text(lua_State *L, const char *class, size_t frames, int channels, int rate) {
  lua_getiuservalue(L, 1, 1);
  const char *path = lua_tostring(L, -1), *slash = path != NULL ? strrchr(path, '/') : NULL;
  if (slash != NULL) path = slash + 1;
  char seconds[32];
  snprintf(seconds, sizeof seconds, "%.2f", (double)frames / rate);
  lua_pushfstring(L, "%s%s%s: %s s, %d Hz, %d channel%s", class, path != NULL ? " " : "", path != NULL ? path : "",
                  seconds, rate, channels, channels == 1 ? "" : "s");
  return 1;
}

void tn_open_wave(lua_State *L) {
  static const luaL_Reg methods[] = {{"samples", wave_samples}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__len", wave_len}, {"__tostring", wave_text}, {NULL, NULL}};
  luaL_newmetatable(L, TN_WAVE);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, wave_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
