/* Audio files through libsndfile: open, read as double, seek, close; write.
**
** A tn_sound owns one SNDFILE from a successful tn_sound_open to
** tn_sound_close, which may be called any number of times and on a struct of
** zeros. Samples are interleaved doubles with full scale +-1, so that nothing
** of a 24-bit or a float64 file is lost.
** Calls that the world can fail return -1 and leave the reason in `why`,
** without the file's name: the caller knows it.
*/
#ifndef TN_DSP_SOUND_H
#define TN_DSP_SOUND_H

#include <sndfile.h>
#include <stddef.h>
#include <stdint.h>

#define TN_WHY 256 /* bytes of a reason */

typedef struct tn_sound {
  SNDFILE *file;
  int rate; /* Hz */
  int channels;
  size_t frames; /* samples a channel */
  size_t at;     /* the frame that is read next */
  int sixteen;   /* samples are integers of 16 bits */
} tn_sound;

int tn_sound_open(tn_sound *s, const char *path, char why[TN_WHY]);
void tn_sound_close(tn_sound *s);

/* Reads up to `frames` frames into `out`; returns how many, 0 at the end.
** Fails where the file ends before the frames that it promised. */
ptrdiff_t tn_sound_read(tn_sound *s, double *out, size_t frames, char why[TN_WHY]);
int tn_sound_seek(tn_sound *s, size_t frame, char why[TN_WHY]);

/* The index of the first among `n` numbers that is NaN, infinite, or more than a float holds; or n. */
size_t tn_first_not_finite(const double *x, size_t n);
/* Words for it: "sample 123 is not finite", counted from 1. */
void tn_sound_not_finite(double value, size_t index, int channels, char why[TN_WHY]);

/* The libsndfile format for names such as "wav" and "pcm_24". `subtype` may
** be NULL for the format's default. */
typedef enum tn_format_fault {
  TN_FORMAT_OK,
  TN_FORMAT_UNKNOWN,
  TN_SUBTYPE_UNKNOWN,
  TN_FORMAT_REFUSED /* the format cannot hold this subtype, rate or channel count */
} tn_format_fault;
tn_format_fault tn_sound_format(const char *format, const char *subtype, int rate, int channels, int *code);

/* Writes a whole file: into a new one beside `path`, renamed at the end, so
** that `path` is never half written. */
int tn_sound_write(const char *path, int code, int rate, int channels, const double *samples, size_t frames,
                   char why[TN_WHY]);

/* Fails where a WAV or AIFF file is shorter than its header promises, which
** libsndfile passes over in silence. Also sets the file's size in bytes. */
int tn_sound_intact(const char *path, uint64_t *bytes, char why[TN_WHY]);

#endif
