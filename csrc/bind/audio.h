/* Waves and readers, as the bindings see them.
**
** A wave's samples lie inside its userdata, as doubles, whatever the build's
** scalar: nothing of the file is lost before the features. A reader owns an
** open file; it is created closed. Both keep their path, or nil, in user value 1.
*/
#ifndef TN_BIND_AUDIO_H
#define TN_BIND_AUDIO_H

#include <lauxlib.h>
#include <lua.h>

#include "../dsp/sound.h"

#define TN_WAVE "tenor.Wave"
#define TN_READER "tenor.audio.Reader"

typedef struct tn_wave {
  double *samples; /* (frames, channels) */
  size_t frames;
  int channels, rate;
} tn_wave;

/* Pushes a wave with its samples unset and no path. Raises when too large. */
tn_wave *tn_wave_new(lua_State *L, size_t frames, int channels, int rate);
void tn_open_wave(lua_State *L);

/* Pushes a closed reader that knows the path at stack index `path`. */
tn_sound *tn_reader_new(lua_State *L, int path);
void tn_open_reader(lua_State *L);
int tn_reader_open(lua_State *L);

/* The string at `arg`; `what` names call and argument for the error. */
const char *tn_path(lua_State *L, int arg, const char *what);
/* The path of the wave or reader at `arg`, or "wave". */
const char *tn_audio_name(lua_State *L, int arg);
/* Returns nil, "name: why". */
int tn_audio_fail(lua_State *L, const char *name, const char *why);
/* Pushes the field of that name of any piece of audio; 0 where there is none. */
int tn_audio_field(lua_State *L, const char *name, size_t frames, int channels, int rate);
/* Pushes "Wave 00.wav: 2.09 s, 16000 Hz, 1 channel". */
int tn_audio_text(lua_State *L, const char *class, size_t frames, int channels, int rate);

#endif
