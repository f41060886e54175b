#include "hash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static void digits_of(char digits[TN_HASH], XXH128_hash_t h) {
  snprintf(digits, TN_HASH, "%016llx%016llx", (unsigned long long)h.high64, (unsigned long long)h.low64);
}

void tn_hash(char digits[TN_HASH], const void *bytes, size_t n) { digits_of(digits, XXH3_128bits(bytes, n)); }

int tn_hash_file(char digits[TN_HASH], const char *path, tn_why *why) {
  XXH3_state_t state; /* its own alignment attribute holds on the stack */
  unsigned char block[1 << 16];
  size_t got;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return tn_fail(why, "%s", strerror(errno));
  XXH3_128bits_reset(&state);
  errno = 0;
  while ((got = fread(block, 1, sizeof block, file)) > 0) XXH3_128bits_update(&state, block, got);
  const int code = ferror(file) ? (errno != 0 ? errno : EIO) : 0;
  fclose(file);
  if (code != 0) return tn_fail(why, "%s", strerror(code));
  digits_of(digits, XXH3_128bits_digest(&state));
  return 0;
}
