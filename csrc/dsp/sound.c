/* Reading audio files. */
#include "sound.h"

#include <stdio.h>
#include <string.h>

#include "lanes.h"

/* The densest that any format here packs: FLAC, 65535 equal samples in about
** ten bytes. A header that promises more lies, and must not make us allocate. */
#define TN_FRAMES_A_BYTE 8192

int tn_sound_open(tn_sound *s, const char *path, char why[TN_WHY]) {
  uint64_t bytes = 0;
  memset(s, 0, sizeof *s);
  if (tn_sound_intact(path, &bytes, why) != 0) return -1;
  SF_INFO info;
  memset(&info, 0, sizeof info);
  s->file = sf_open(path, SFM_READ, &info);
  if (s->file == NULL) {
    snprintf(why, TN_WHY, "not a readable audio file (libsndfile: %s)", sf_strerror(NULL));
    return -1;
  }
  if (info.frames == SF_COUNT_MAX || (uint64_t)info.frames / TN_FRAMES_A_BYTE > bytes) {
    snprintf(why, TN_WHY, "truncated: its length is not known or not possible");
  } else if (info.frames <= 0) {
    snprintf(why, TN_WHY, "holds no samples");
  } else {
    s->rate = info.samplerate;
    s->channels = info.channels;
    s->frames = (size_t)info.frames;
    return 0;
  }
  tn_sound_close(s);
  return -1;
}

void tn_sound_close(tn_sound *s) {
  SNDFILE *file = s->file;
  s->file = NULL;
  if (file != NULL) sf_close(file);
}

ptrdiff_t tn_sound_read(tn_sound *s, double *out, size_t frames, char why[TN_WHY]) {
  if (frames > s->frames - s->at) frames = s->frames - s->at;
  const sf_count_t got = sf_readf_double(s->file, out, (sf_count_t)frames);
  if (got != (sf_count_t)frames) {
    snprintf(why, TN_WHY, "truncated: its header promises %zu frames, only %zu can be read", s->frames,
             s->at + (got > 0 ? (size_t)got : 0));
    return -1;
  }
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

size_t tn_first_not_finite(const double *x, size_t n) {
  /* x - x is 0 for every finite x and NaN for the others; whole runs are
  ** checked at once, and only a bad one is looked through */
  enum { RUN = 32 * TN_LANES };
  size_t i = 0;
  for (; i + RUN <= n; i += RUN) {
    tn_lanes sum = {{{0}}};
    for (size_t j = i; j < i + RUN; j += TN_LANES)
      for (int q = 0; q < TN_VECTORS; q++) {
        const tn_v2 v = tn_load(x + j + 2 * q);
        sum.v[q] += v - v;
      }
    if (tn_lanes_sum(&sum) != 0) break;
  }
  while (i < n && x[i] - x[i] == 0) i++;
  return i;
}

void tn_sound_not_finite(size_t index, int channels, char why[TN_WHY]) {
  const size_t frame = index / (size_t)channels + 1, channel = index % (size_t)channels + 1;
  if (channels == 1)
    snprintf(why, TN_WHY, "sample %zu is not finite", frame);
  else
    snprintf(why, TN_WHY, "sample %zu of channel %zu is not finite", frame, channel);
}
