/* Blocks of one channel out of a file or out of memory. */
#include "source.h"

#include <stdio.h>
#include <string.h>

tn_source tn_source_of_sound(tn_sound *sound) {
  return (tn_source){sound, NULL, sound->frames, 0, sound->channels};
}

tn_source tn_source_of_samples(const double *samples, size_t frames, int channels) {
  return (tn_source){NULL, samples, frames, 0, channels};
}

int tn_source_rewind(tn_source *s, char why[TN_WHY]) {
  s->at = 0;
  return s->sound != NULL ? tn_sound_seek(s->sound, 0, why) : 0;
}

static void mix(double *mono, const double *x, size_t frames, size_t channels) {
  if (channels == 2) {
    for (size_t i = 0; i < frames; i++) mono[i] = (x[2 * i] + x[2 * i + 1]) / 2;
    return;
  }
  for (size_t i = 0; i < frames; i++) {
    double sum = 0;
    for (size_t c = 0; c < channels; c++) sum += x[i * channels + c];
    mono[i] = sum / (double)channels;
  }
}

ptrdiff_t tn_source_read(tn_source *s, double *mono, double *scratch, size_t frames, char why[TN_WHY]) {
  const size_t channels = (size_t)s->channels;
  double *into = channels == 1 ? mono : scratch;
  const double *x = into;
  if (frames > s->frames - s->at) frames = s->frames - s->at;
  if (s->sound == NULL)
    x = s->samples + s->at * channels;
  else if (tn_sound_read(s->sound, into, frames, why) < 0)
    return -1;
  const int integers = s->sound != NULL && s->sound->sixteen;
  const size_t bad = integers ? frames * channels : tn_first_not_finite(x, frames * channels);
  if (bad < frames * channels) {
    tn_sound_not_finite(x[bad], s->at * channels + bad, s->channels, why);
    return -1;
  }
  if (channels > 1)
    mix(mono, x, frames, channels);
  else if (x != mono)
    memcpy(mono, x, frames * sizeof *mono);
  s->at += frames;
  return (ptrdiff_t)frames;
}
