/* Where samples come from: memory, or an open file. Both can be read twice.
**
** Features need the mean and the peak of the whole signal before its first
** frame. Reading twice in blocks keeps a file's memory bounded, and because
** nothing downstream can see where blocks end, a file and the same samples in
** memory give the same bits.
*/
#ifndef TN_DSP_SOURCE_H
#define TN_DSP_SOURCE_H

#include "sound.h"

typedef struct tn_source {
  tn_sound *sound;       /* or NULL for: */
  const double *samples; /* (frames, channels) */
  size_t frames, at;
  int channels;
} tn_source;

tn_source tn_source_of_sound(tn_sound *sound);
tn_source tn_source_of_samples(const double *samples, size_t frames, int channels);

int tn_source_rewind(tn_source *s, char why[TN_WHY]);

/* Reads up to `frames` frames, mixed to one channel: stereo is (L+R)/2, more
** are their mean. `scratch` holds frames * channels doubles. Returns how many,
** 0 at the end, -1 where reading fails or a sample is not finite. */
ptrdiff_t tn_source_read(tn_source *s, double *mono, double *scratch, size_t frames, char why[TN_WHY]);

#endif
