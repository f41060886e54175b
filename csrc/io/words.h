/* The words that are wanted, in an open-addressing hash table over one copy of
** their bytes.
*/
#ifndef TN_IO_WORDS_H
#define TN_IO_WORDS_H

#include <stddef.h>
#include <stdint.h>

typedef struct tn_words {
  size_t n, mask;
  uint64_t seed;
  uint32_t *slots; /* mask + 1 of them; 0 is free, else a word's number from 1 */
  size_t *ends;    /* n + 1: word i (from 1) is bytes[ends[i-1] .. ends[i]) */
  char *bytes;
} tn_words;

/* The memory a table of n words with this many bytes takes. */
size_t tn_words_room(size_t n, size_t bytes);

/* Lays an empty table into cleared memory of that size, aligned as for size_t. */
void tn_words_init(tn_words *w, void *memory, size_t n);

/* Adds the next word; returns its number from 1. Of equal words the first is found. */
size_t tn_words_add(tn_words *w, const char *word, size_t length);

/* The number of a word, or 0. */
size_t tn_words_find(const tn_words *w, const char *word, size_t length);

#endif
