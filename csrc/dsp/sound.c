/* Reading audio files. */
#include "sound.h"

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "lanes.h"

/* The densest that any format here packs: FLAC, 65535 equal samples in about
** ten bytes. A header that promises more lies, and must not make us allocate. */
#define TN_FRAMES_A_BYTE 8192

/* More samples a byte than speech packs to: silence, or a lie. Such a file is
** decoded once before its header is believed. */
#define TN_DENSE 512

/* libsndfile keeps why an open failed in one place for the whole process. */
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

static int ends_early(const tn_sound *s, size_t frames, char why[TN_WHY]) {
  snprintf(why, TN_WHY, "truncated: its header promises %zu frames, only %zu can be read", s->frames, frames);
  return -1;
}

/* Decodes all there is and goes back to the beginning. */
static int all_there(tn_sound *s, char why[TN_WHY]) {
  int16_t block[16384];
  const sf_count_t most = (sf_count_t)(sizeof block / sizeof *block) / s->channels;
  size_t frames = 0;
  sf_count_t got;
  while ((got = sf_readf_short(s->file, block, most)) > 0) frames += (size_t)got;
  if (frames < s->frames) return ends_early(s, frames, why);
  s->at = s->frames;
  return tn_sound_seek(s, 0, why);
}

int tn_sound_open(tn_sound *s, const char *path, char why[TN_WHY]) {
  uint64_t bytes = 0;
  memset(s, 0, sizeof *s);
  if (tn_sound_intact(path, &bytes, why) != 0) return -1;
  SF_INFO info;
  memset(&info, 0, sizeof info);
  pthread_mutex_lock(&opening);
  s->file = sf_open(path, SFM_READ, &info);
  if (s->file == NULL) snprintf(why, TN_WHY, "not a readable audio file (libsndfile: %s)", sf_strerror(NULL));
  pthread_mutex_unlock(&opening);
  if (s->file == NULL) return -1;
  if (info.frames == SF_COUNT_MAX || (uint64_t)info.frames / TN_FRAMES_A_BYTE > bytes) {
    snprintf(why, TN_WHY, "truncated: its length is not known or not possible");
  } else if (info.frames <= 0) {
    snprintf(why, TN_WHY, "holds no samples");
  } else {
    s->rate = info.samplerate;
    s->channels = info.channels;
    s->frames = (size_t)info.frames;
    s->sixteen = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_PCM_16;
    if ((uint64_t)info.frames * (uint64_t)info.channels / TN_DENSE <= bytes || all_there(s, why) == 0) return 0;
  }
  tn_sound_close(s);
  return -1;
}

void tn_sound_close(tn_sound *s) {
  SNDFILE *file = s->file;
  s->file = NULL;
  if (file != NULL) sf_close(file);
}

TN_SIMD static void from_sixteen(double *restrict out, const int16_t *restrict in, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = in[i] * (1.0 / 32768);
}

/* What sf_readf_double gives for 16-bit integers, at several times its speed. */
static sf_count_t read_sixteen(tn_sound *s, double *out, size_t frames) {
  int16_t block[16384];
  const size_t channels = (size_t)s->channels, most = sizeof block / sizeof *block / channels;
  size_t done = 0;
  while (done < frames) {
    const size_t want = frames - done < most ? frames - done : most;
    const sf_count_t got = sf_readf_short(s->file, block, (sf_count_t)want);
    if (got <= 0) break;
    from_sixteen(out + done * channels, block, (size_t)got * channels);
    done += (size_t)got;
  }
  return (sf_count_t)done;
}

ptrdiff_t tn_sound_read(tn_sound *s, double *out, size_t frames, char why[TN_WHY]) {
  if (frames > s->frames - s->at) frames = s->frames - s->at;
  const sf_count_t got =
      s->sixteen ? read_sixteen(s, out, frames) : sf_readf_double(s->file, out, (sf_count_t)frames);
  if (got != (sf_count_t)frames) return ends_early(s, s->at + (got > 0 ? (size_t)got : 0), why);
  s->at += frames;
  return (ptrdiff_t)frames;
}

int tn_sound_seek(tn_sound *s, size_t frame, char why[TN_WHY]) {
  if (frame == s->at) return 0;
  if (sf_seek(s->file, (sf_count_t)frame, SF_SEEK_SET) != (sf_count_t)frame) {
    snprintf(why, TN_WHY, "cannot seek to frame %zu (libsndfile: %s)", frame, sf_strerror(s->file));
    return -1;
  }
  s->at = frame;
  return 0;
}

TN_SIMD static int all_finite(const double *x, size_t n) {
  uint64_t bad = 0;
  for (size_t i = 0; i < n; i++) bad |= x[i] >= -FLT_MAX && x[i] <= FLT_MAX ? 0 : UINT64_C(1);
  return bad == 0;
}

size_t tn_first_not_finite(const double *x, size_t n) {
  enum { RUN = 256 }; /* checked at once; only a bad one is looked through */
  size_t i = 0;
  while (i + RUN <= n && all_finite(x + i, RUN)) i += RUN;
  while (i < n && x[i] >= -FLT_MAX && x[i] <= FLT_MAX) i++;
  return i;
}

void tn_sound_not_finite(double value, size_t index, int channels, char why[TN_WHY]) {
  const size_t frame = index / (size_t)channels + 1, channel = index % (size_t)channels + 1;
  char what[48] = "not finite";
  if (isfinite(value)) snprintf(what, sizeof what, "%g, more than a float holds", value);
  if (channels == 1)
    snprintf(why, TN_WHY, "sample %zu is %s", frame, what);
  else
    snprintf(why, TN_WHY, "sample %zu of channel %zu is %s", frame, channel, what);
}
