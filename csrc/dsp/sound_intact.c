/* Is a WAV or AIFF file as long as it says?
**
** Both are lists of chunks, an identifier of four letters and a length of four
** bytes (little-endian after "RIFF", big-endian after "FORM"), each padded to
** an even length. The samples are in "data" or "SSND". libsndfile reads what
** there is of a file cut short; a corpus with half an utterance deserves an
** error. A length of zero or near the format's most marks a file that was
** written to a pipe, whose length nobody knew: it is whatever is there.
*/
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sound.h"

#define TN_UNKNOWN_LENGTH 0x7fff0000u

static uint32_t length_at(const unsigned char *b, int big) {
  return big ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
             : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static int chunks_intact(FILE *f, uint64_t bytes, char why[TN_WHY]) {
  unsigned char head[12];
  if (fread(head, 1, 12, f) != 12) return 0;
  const int big = memcmp(head, "FORM", 4) == 0;
  if (!big && (memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0)) return 0;
  uint64_t at = 12;
  while (fread(head, 1, 8, f) == 8) {
    const uint32_t length = length_at(head + 4, big);
    at += 8;
    if (memcmp(head, big ? "SSND" : "data", 4) == 0) {
      if (length >= TN_UNKNOWN_LENGTH || length <= bytes - at) return 0;
      snprintf(why, TN_WHY, "truncated: its header promises %lu bytes of samples, the file holds %lu",
               (unsigned long)length, (unsigned long)(bytes - at));
      return -1;
    }
    at += (uint64_t)length + (length & 1);
    if (at >= bytes || fseeko(f, (off_t)at, SEEK_SET) != 0) break;
  }
  return 0; /* no samples at all: libsndfile says it better */
}

/* libsndfile looks for the samples of a file that it does not know in what Macs keep beside it. */
static int forks_regular(const char *path, char why[TN_WHY]) {
  static const char *const beside[] = {"._", ".AppleDouble/"};
  const char *const slash = strrchr(path, '/'), *const name = slash != NULL ? slash + 1 : path;
  for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
    char fork[4096];
    struct stat about;
    const int n = snprintf(fork, sizeof fork, "%.*s%s%s", (int)(name - path), path, beside[i], name);
    if (n < 0 || (size_t)n >= sizeof fork || stat(fork, &about) != 0) continue;
    if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode)) continue; /* others may be waited for */
    snprintf(why, TN_WHY, "%s%.80s beside it is not a regular file", beside[i], name);
    return -1;
  }
  return 0;
}

int tn_sound_intact(const char *path, uint64_t *bytes, char why[TN_WHY]) {
  struct stat about;
  const char *odd = NULL;
  FILE *f = NULL;
  /* looked at before it is opened: a named pipe would wait for a writer */
  if (stat(path, &about) == 0) {
    odd = S_ISDIR(about.st_mode)    ? "is a directory"
          : !S_ISREG(about.st_mode) ? "not a regular file"
          : about.st_size == 0      ? "the file is empty"
                                    : NULL;
    if (odd == NULL) f = fopen(path, "rbe");
  }
  if (f == NULL) {
    snprintf(why, TN_WHY, "%s", odd != NULL ? odd : strerror(errno));
    return -1;
  }
  *bytes = (uint64_t)about.st_size;
  const int status = forks_regular(path, why) != 0 ? -1 : chunks_intact(f, *bytes, why);
  fclose(f);
  return status;
}
