/* Looking words up: XXH3 with linear probing in a table at most half full. The hash is seeded anew in each
** process: words come with corpora, and somebody could choose them so that all fall into one place.
*/
#include "words.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static size_t slots_for(size_t n) {
  size_t slots = 16;
  while (slots < 2 * n) slots *= 2;
  return slots;
}

size_t tn_words_room(size_t n, size_t bytes) {
  return (n + 1) * sizeof(size_t) + slots_for(n) * sizeof(uint32_t) + bytes;
}

#ifndef TN_FUZZ
static uint64_t new_seed(void) {
  uint64_t seed;
  if (getentropy(&seed, sizeof seed) != 0) seed = (uint64_t)time(NULL) * 0x9E3779B97F4A7C15u ^ (uint64_t)getpid();
  return seed;
}
#else /* so that an input does the same each time */
static uint64_t new_seed(void) { return 1; }
#endif

void tn_words_init(tn_words *w, void *memory, size_t n) {
  w->seed = new_seed();
  w->n = 0;
  w->mask = slots_for(n) - 1;
  w->ends = (size_t *)memory;
  w->slots = (uint32_t *)(w->ends + n + 1);
  w->bytes = (char *)(w->slots + w->mask + 1);
}

/* The slot of the word, or the free one where it belongs. */
static size_t probe(const tn_words *w, const char *word, size_t length) {
  size_t at = (size_t)XXH3_64bits_withSeed(word, length, w->seed) & w->mask;
  for (; w->slots[at] != 0; at = (at + 1) & w->mask) {
    const size_t i = w->slots[at], start = w->ends[i - 1];
    if (w->ends[i] - start == length && memcmp(w->bytes + start, word, length) == 0) break;
  }
  return at;
}

size_t tn_words_add(tn_words *w, const char *word, size_t length) {
  const size_t at = probe(w, word, length), start = w->ends[w->n];
  memcpy(w->bytes + start, word, length);
  w->ends[++w->n] = start + length;
  if (w->slots[at] == 0) w->slots[at] = (uint32_t)w->n;
  return w->n;
}

size_t tn_words_find(const tn_words *w, const char *word, size_t length) {
  return w->slots[probe(w, word, length)];
}
