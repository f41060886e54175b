#include "hash.h"

#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "input.h"

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
  tn_input in = {0};
  size_t got;
  int failed;
  if (tn_input_open(&in, path, why) != 0) return -1;
  setvbuf(in.file, NULL, _IONBF, 0); /* the block is buffer enough */
  XXH3_128bits_reset(&state);
  while ((failed = tn_input_read(&in, block, sizeof block, &got, why) != 0) == 0 && got > 0)
    XXH3_128bits_update(&state, block, got);
  tn_input_close(&in);
  if (failed) return -1;
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
