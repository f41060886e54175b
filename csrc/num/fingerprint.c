#include "fingerprint.h"

#include <string.h>

#define LANES 8 /* independent products, so that none waits for another */

static uint64_t mix(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x9e3779b97f4a7c15u; /* odd: no bit of the word is lost */
  return h ^ (h >> 29);
}

uint64_t tn_fingerprint(uint64_t key, const void *data, size_t bytes) {
  const unsigned char *at = data;
  uint64_t lane[LANES], words[LANES];
  for (int i = 0; i < LANES; i++) lane[i] = key + (uint64_t)i + bytes;
  for (; bytes >= sizeof words; bytes -= sizeof words, at += sizeof words) {
    memcpy(words, at, sizeof words);
    for (int i = 0; i < LANES; i++) lane[i] = mix(lane[i], words[i]);
  }
  memset(words, 0, sizeof words);
  memcpy(words, at, bytes);
  for (int i = 0; i < LANES; i++) key = mix(mix(key, lane[i]), words[i]);
  return key;
}
