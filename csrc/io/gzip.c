/* Inflating gzip members one after the other from a buffer of fixed size. */
#include "gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define WINDOW (15 + 16) /* zlib's largest, and gzip's wrapper alone */
#define MOST ((size_t)1 << 30) /* zlib counts in unsigned int */

struct tn_gzip {
  z_stream z;
  FILE *file;
  int inside; /* a member has begun and not ended */
  int padded; /* nothing but zero bytes may follow, as tapes leave them */
  unsigned char buffer[65536];
};

tn_gzip *tn_gzip_open(FILE *file, tn_why *why) {
  tn_gzip *gz = (tn_gzip *)calloc(1, sizeof *gz);
  if (gz == NULL || inflateInit2(&gz->z, WINDOW) != Z_OK) {
    free(gz);
    tn_fail(why, "out of memory");
    return NULL;
  }
  gz->file = file;
  gz->inside = 1; /* a file of no member at all is cut short */
  return gz;
}

void tn_gzip_close(tn_gzip *gz) {
  if (gz == NULL) return;
  inflateEnd(&gz->z);
  free(gz);
}

/* More bytes of the file; none are left at its end. */
static int refill(tn_gzip *gz, tn_why *why) {
  gz->z.next_in = gz->buffer;
  gz->z.avail_in = (unsigned)fread(gz->buffer, 1, sizeof gz->buffer, gz->file);
  return gz->z.avail_in == 0 && ferror(gz->file) ? tn_fail(why, "%s", strerror(errno)) : 0;
}

/* Between members: begins the next one, or passes over padding. */
static int next_member(tn_gzip *gz, tn_why *why) {
  while (gz->z.avail_in > 0 && *gz->z.next_in == 0) {
    gz->padded = 1;
    gz->z.next_in++;
    gz->z.avail_in--;
  }
  if (gz->z.avail_in == 0) return 0;
  if (gz->padded || *gz->z.next_in != 0x1f) return tn_fail(why, "has bytes after its gzip data that are none");
  gz->inside = 1;
  return inflateReset(&gz->z) == Z_OK ? 0 : tn_fail(why, "out of memory");
}

int tn_gzip_read(tn_gzip *gz, void *to, size_t n, size_t *got, tn_why *why) {
  z_stream *const z = &gz->z;
  size_t have = 0;
  while (have < n) {
    const size_t left = n - have, room = left < MOST ? left : MOST;
    if (z->avail_in == 0) {
      if (refill(gz, why) != 0) return -1;
      if (z->avail_in == 0 && gz->inside) return tn_fail(why, "ends inside its gzip data; it was cut short");
      if (z->avail_in == 0) break;
    }
    if (!gz->inside) {
      if (next_member(gz, why) != 0) return -1;
      continue;
    }
    z->next_out = (unsigned char *)to + have;
    z->avail_out = (unsigned)room;
    const int code = inflate(z, Z_NO_FLUSH);
    have += room - z->avail_out;
    if (code == Z_STREAM_END)
      gz->inside = 0;
    else if (code != Z_OK && code != Z_BUF_ERROR)
      return tn_fail(why, "is damaged: its gzip data have %s", z->msg != NULL ? z->msg : "an unknown fault");
  }
  *got = have;
  return 0;
}
