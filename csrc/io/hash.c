#include "hash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* The canonical form is big-endian, on every machine. */
static void digest_of(unsigned char digest[TN_DIGEST], XXH128_hash_t h) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, h);
  memcpy(digest, canonical.digest, TN_DIGEST);
}

static void digits_of(char digits[TN_HASH], const unsigned char digest[TN_DIGEST]) {
  for (size_t i = 0; i < TN_DIGEST; i++) snprintf(digits + 2 * i, 3, "%02x", digest[i]);
}

void tn_digest(unsigned char digest[TN_DIGEST], const void *bytes, size_t n) {
  digest_of(digest, XXH3_128bits(bytes, n));
}

int tn_digest_file(unsigned char digest[TN_DIGEST], const char *path, tn_why *why) {
  XXH3_state_t state; /* its own alignment attribute holds on the stack */
  unsigned char block[1 << 16];
  size_t got;
  FILE *file = fopen(path, "rbe");
  if (file == NULL) return tn_fail(why, "%s", strerror(errno));
  setvbuf(file, NULL, _IONBF, 0); /* the block is buffer enough */
  XXH3_128bits_reset(&state);
  errno = 0;
  while ((got = fread(block, 1, sizeof block, file)) > 0) XXH3_128bits_update(&state, block, got);
  const int code = ferror(file) ? (errno != 0 ? errno : EIO) : 0;
  fclose(file);
  if (code != 0) return tn_fail(why, "%s", strerror(code));
  digest_of(digest, XXH3_128bits_digest(&state));
  return 0;
}

void tn_hash(char digits[TN_HASH], const void *bytes, size_t n) {
  unsigned char digest[TN_DIGEST];
  tn_digest(digest, bytes, n);
  digits_of(digits, digest);
}

int tn_hash_file(char digits[TN_HASH], const char *path, tn_why *why) {
  unsigned char digest[TN_DIGEST] = {0};
  if (tn_digest_file(digest, path, why) != 0) return -1;
  digits_of(digits, digest);
  return 0;
}

uint64_t tn_checksum(const void *bytes, size_t n) { return XXH3_64bits(bytes, n); }
