/* tenor.core.features: extractors, LLD matrices and HSF vectors. */
#include <stdlib.h>
#include <string.h>

#include "../dsp/extract.h"
#include "../dsp/hsf.h"
#include "audio.h"
#include "core.h"
#include "features.h"
#include "tensor.h"

#define TN_EXTRACTOR "tenor.core.Extractor"

/* extractor(rate, window, step, eps): window and step in samples; checked in Lua */
static int features_extractor(lua_State *L) {
  const lua_Integer rate = luaL_checkinteger(L, 1), window = luaL_checkinteger(L, 2), step = luaL_checkinteger(L, 3);
  const lua_Number eps = luaL_checknumber(L, 4);
  luaL_argcheck(L, rate >= 1, 1, "must be positive");
  luaL_argcheck(L, window >= TN_MIN_WINDOW && window <= TN_MAX_WINDOW, 2, "out of range");
  luaL_argcheck(L, step >= 1, 3, "must be positive");
  luaL_argcheck(L, eps > 0, 4, "must be positive");
  tn_paa *p = (tn_paa *)lua_newuserdatauv(L, sizeof *p, 0);
  memset(p, 0, sizeof *p);
  luaL_setmetatable(L, TN_EXTRACTOR);
  if (tn_paa_init(p, (double)rate, (size_t)window, (size_t)step, eps) != 0)
    return luaL_error(L, "features: not enough memory for a window of %I samples", (LUAI_UACINT)window);
  return 1;
}

static int extractor_free(lua_State *L) {
  tn_paa_free((tn_paa *)luaL_checkudata(L, 1, TN_EXTRACTOR));
  return 0;
}

/* A finaliser may come by an extractor that was collected before it. */
static const tn_paa *check_extractor(lua_State *L) {
  const tn_paa *p = (const tn_paa *)luaL_checkudata(L, 1, TN_EXTRACTOR);
  luaL_argcheck(L, p->fft != NULL, 1, "the extractor is closed");
  return p;
}

/* The wave or open reader at `arg`. */
static tn_source check_source(lua_State *L, int arg) {
  const tn_wave *w = (const tn_wave *)luaL_testudata(L, arg, TN_WAVE);
  if (w != NULL) return tn_source_of_samples(w->samples, w->frames, w->channels);
  tn_sound *s = (tn_sound *)luaL_checkudata(L, arg, TN_READER);
  luaL_argcheck(L, s->file != NULL, arg, "the reader is closed");
  return tn_source_of_sound(s);
}

typedef struct tn_rows {
  tn_real *out;
  size_t columns;
} tn_rows;

static void store_row(void *context, const double *row) {
  tn_rows *rows = (tn_rows *)context;
  for (size_t c = 0; c < rows->columns; c++) *rows->out++ = (tn_real)row[c];
}

/* lld(extractor, wave or reader, deltas) -> tensor (T, 34 or 68), or nil and why not */
static int features_lld(lua_State *L) {
  const tn_paa *p = check_extractor(L);
  tn_source source = check_source(L, 2);
  const int deltas = lua_toboolean(L, 3);
  char why[TN_WHY];
  const size_t columns = deltas ? TN_LLD_DELTAS : TN_LLD;
  tn_rows rows = {tn_reals(tn_new2(L, TN_REAL, tn_paa_frames(p, source.frames), columns)), columns};
  check_extractor(L); /* memory was taken */
  if (tn_extract(p, &source, deltas, store_row, &rows, NULL, why) != 0)
    return tn_audio_fail(L, tn_audio_name(L, 2), why);
  return 1;
}

static void add_row(void *context, const double *row) { tn_hsf_add((tn_hsf *)context, row); }

static int push_hsf(lua_State *L, const tn_hsf *h, double *numbers) {
  tn_tensor *t = tn_new1(L, TN_REAL, 2 * h->columns);
  tn_hsf_finish(h, numbers);
  for (size_t i = 0; i < t->size; i++) tn_reals(t)[i] = (tn_real)numbers[i];
  return 1;
}

/* extract(extractor, wave or reader, deltas, drop_zeros) -> tensor (68 or 136), or nil and why not */
static int features_extract(lua_State *L) {
  const tn_paa *p = check_extractor(L);
  tn_source source = check_source(L, 2);
  const int deltas = lua_toboolean(L, 3);
  double memory[3 * TN_LLD_DELTAS], numbers[2 * TN_LLD_DELTAS];
  char why[TN_WHY];
  tn_hsf h;
  tn_hsf_init(&h, deltas ? TN_LLD_DELTAS : TN_LLD, lua_toboolean(L, 4), memory);
  if (tn_extract(p, &source, deltas, add_row, &h, NULL, why) != 0) return tn_audio_fail(L, tn_audio_name(L, 2), why);
  return push_hsf(L, &h, numbers);
}

/* hsf(lld (T, F), drop_zeros) -> tensor (2F) */
static int features_hsf(lua_State *L) {
  const tn_tensor *x = tn_expect(L, 1, "features.hsf: lld", TN_REAL, 2, TN_ANY, TN_ANY);
  const size_t columns = x->shape[1];
  if (x->size == 0) return luaL_error(L, "features.hsf: lld must hold at least one frame and one descriptor");
  double *memory = (double *)lua_newuserdatauv(L, 6 * columns * sizeof(double), 0);
  double *row = memory + 3 * columns;
  const tn_real *from = tn_reals(x);
  tn_hsf h;
  tn_hsf_init(&h, columns, lua_toboolean(L, 2), memory);
  for (size_t t = 0; t < x->shape[0]; t++, from += columns) {
    for (size_t c = 0; c < columns; c++) row[c] = (double)from[c];
    tn_hsf_add(&h, row);
  }
  return push_hsf(L, &h, row + columns);
}

int tn_open_features(lua_State *L) {
  static const luaL_Reg functions[] = {{"extractor", features_extractor},
                                       {"lld", features_lld},
                                       {"extract", features_extract},
                                       {"hsf", features_hsf},
                                       {NULL, NULL}};
  luaL_newmetatable(L, TN_EXTRACTOR);
  lua_pushcfunction(L, extractor_free);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  tn_open_features_many(L);
  lua_pushinteger(L, TN_MIN_WINDOW);
  lua_setfield(L, -2, "min_window");
  lua_pushinteger(L, TN_MAX_WINDOW);
  lua_setfield(L, -2, "max_window");
  return 1;
}
