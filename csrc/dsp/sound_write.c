/* Writing audio files.
**
** Integer samples are rounded here, x * 2^(bits-1) to nearest with clipping:
** libsndfile divides by 2^(bits-1) when it reads but multiplies by one less
** when it writes, so that a file read and written again would change.
*/
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sound.h"

enum {
  BLOCK = 4096, /* numbers handed to libsndfile at a time */
  TRIES = 100   /* names left behind by killed processes with our id */
};

static const struct {
  const char *name;
  int code;
  const char *subtype;
} formats[] = {
    {"wav", SF_FORMAT_WAV, "pcm_16"},   {"flac", SF_FORMAT_FLAC, "pcm_16"},
    {"ogg", SF_FORMAT_OGG, "vorbis"},   {"oga", SF_FORMAT_OGG, "vorbis"},
    {"aiff", SF_FORMAT_AIFF, "pcm_16"}, {"aif", SF_FORMAT_AIFF, "pcm_16"},
    {"au", SF_FORMAT_AU, "pcm_16"},     {"caf", SF_FORMAT_CAF, "pcm_16"},
    {"w64", SF_FORMAT_W64, "pcm_16"},
};

static const struct {
  const char *name;
  int code;
  int bits; /* of an integer sample, or one that a table is looked up by, which libsndfile does unchecked; 0 for the others */
} subtypes[] = {
    {"pcm_u8", SF_FORMAT_PCM_U8, 8},   {"pcm_s8", SF_FORMAT_PCM_S8, 8},  {"pcm_16", SF_FORMAT_PCM_16, 16},
    {"pcm_24", SF_FORMAT_PCM_24, 24},  {"pcm_32", SF_FORMAT_PCM_32, 32}, {"float", SF_FORMAT_FLOAT, 0},
    {"double", SF_FORMAT_DOUBLE, 0},   {"vorbis", SF_FORMAT_VORBIS, 0},  {"ulaw", SF_FORMAT_ULAW, 16},
    {"alaw", SF_FORMAT_ALAW, 16},
};

tn_format_fault tn_sound_format(const char *format, const char *subtype, int rate, int channels, int *code) {
  *code = 0;
  for (size_t i = 0; *code == 0 && i < sizeof formats / sizeof *formats; i++)
    if (strcmp(formats[i].name, format) == 0) {
      *code = formats[i].code;
      if (subtype == NULL) subtype = formats[i].subtype;
    }
  if (*code == 0) return TN_FORMAT_UNKNOWN;
  int bits = 0;
  for (size_t i = 0; bits == 0 && i < sizeof subtypes / sizeof *subtypes; i++)
    if (strcmp(subtypes[i].name, subtype) == 0) bits = subtypes[i].code;
  if (bits == 0) return TN_SUBTYPE_UNKNOWN;
  *code |= bits;
  SF_INFO info;
  memset(&info, 0, sizeof info);
  info.samplerate = rate;
  info.channels = channels;
  info.format = *code;
  return sf_format_check(&info) ? TN_FORMAT_OK : TN_FORMAT_REFUSED;
}

static int integer_bits(int code) {
  for (size_t i = 0; i < sizeof subtypes / sizeof *subtypes; i++)
    if ((code & SF_FORMAT_SUBMASK) == subtypes[i].code) return subtypes[i].bits;
  return 0;
}

/* libsndfile takes integers of every width in the top bits of an int */
static void quantize(int *out, const double *x, size_t n, int bits, int by_table) {
  const double scale = ldexp(1, bits - 1), lowest = by_table ? 1 - scale : -scale; /* a table has both signs alike */
  for (size_t i = 0; i < n; i++) {
    double v = rint(x[i] * scale);
    if (v > scale - 1) v = scale - 1;
    if (!(v >= lowest)) v = lowest;
    out[i] = (int)(v * ldexp(1, 32 - bits));
  }
}

static int write_samples(SNDFILE *file, int code, int channels, const double *x, size_t frames) {
  const int bits = integer_bits(code), subtype = code & SF_FORMAT_SUBMASK;
  int ints[BLOCK];
  const size_t block = BLOCK / (size_t)channels * (size_t)channels; /* 1024 channels at most, so never 0 */
  size_t left = frames * (size_t)channels;
  while (left > 0) {
    const size_t n = left < block ? left : block;
    sf_count_t wrote;
    if (bits != 0) {
      quantize(ints, x, n, bits, subtype == SF_FORMAT_ULAW || subtype == SF_FORMAT_ALAW);
      wrote = sf_write_int(file, ints, (sf_count_t)n);
    } else {
      wrote = sf_write_double(file, x, (sf_count_t)n);
    }
    if (wrote != (sf_count_t)n) return -1;
    x += n;
    left -= n;
  }
  return 0;
}

/* Fills the open descriptor. */
static int write_file(int fd, int code, int rate, int channels, const double *samples, size_t frames,
                      char why[TN_WHY]) {
  SF_INFO info;
  memset(&info, 0, sizeof info);
  info.samplerate = rate;
  info.channels = channels;
  info.format = code;
  SNDFILE *file = sf_open_fd(fd, SFM_WRITE, &info, 0);
  if (file == NULL) {
    snprintf(why, TN_WHY, "cannot be written (libsndfile: %s)", sf_strerror(NULL));
    return -1;
  }
  /* the chunk of peaks holds the time of day: equal samples, unequal files */
  sf_command(file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  int status = write_samples(file, code, channels, samples, frames);
  if (status != 0) snprintf(why, TN_WHY, "cannot be written (libsndfile: %s)", sf_strerror(file));
  if (sf_close(file) != 0 && status == 0) {
    snprintf(why, TN_WHY, "cannot be written to its end");
    status = -1;
  }
  return status;
}

/* A new file beside `path`, whose name is written to `temporary`: nothing that waits there is written to. */
static int reserve(const char *path, char *temporary, size_t room) {
  int fd = -1;
  for (int i = 0; i < TRIES && fd < 0; i++) {
    snprintf(temporary, room, "%s.%ld-%d.tmp", path, (long)getpid(), i);
    fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  return fd;
}

int tn_sound_write(const char *path, int code, int rate, int channels, const double *samples, size_t frames,
                   char why[TN_WHY]) {
  const size_t room = strlen(path) + 48;
  char *temporary = (char *)malloc(room);
  if (temporary == NULL) {
    snprintf(why, TN_WHY, "%s", strerror(ENOMEM));
    return -1;
  }
  const int fd = reserve(path, temporary, room);
  int status = -1;
  if (fd < 0) {
    snprintf(why, TN_WHY, "%s", strerror(errno));
  } else {
    status = write_file(fd, code, rate, channels, samples, frames, why);
    if (close(fd) != 0 && status == 0) {
      snprintf(why, TN_WHY, "%s", strerror(errno));
      status = -1;
    }
    if (status == 0 && rename(temporary, path) != 0) {
      snprintf(why, TN_WHY, "%s", strerror(errno));
      status = -1;
    }
    if (status != 0) unlink(temporary);
  }
  free(temporary);
  return status;
}
