/* Word vectors as text: lines "word v1 … vD", as GloVe writes them, or the same
** after a line "V D", as fastText does. Read in one pass through a block of
** fixed size; only the rows of wanted words are parsed and kept.
*/
#ifndef TN_IO_VECTORS_H
#define TN_IO_VECTORS_H

#include "../num/real.h"
#include "input.h"
#include "number.h"
#include "words.h"

#ifndef TN_VECTORS_BLOCK /* fuzzing has a smaller one, so that short files cross its end */
#define TN_VECTORS_BLOCK ((size_t)1 << 20) /* longer lines count as malformed */
#endif

typedef struct tn_vectors {
  tn_input in;
  locale_t c_locale;
  tn_words words;
  char *block;          /* TN_VECTORS_BLOCK + 1 bytes, the caller's */
  unsigned char *found; /* a flag for every word, the caller's, cleared */
  size_t have;          /* bytes in the block that no step has consumed */
  size_t dimensions;    /* D */
  int ended;            /* the block holds the file's last bytes */
  int skipping;         /* inside a line that is too long */
  uint64_t lines;       /* read, the "V D" line left out */
  uint64_t fitting;     /* with a word and D fields after it */
  uint64_t malformed;   /* too few or too many fields; of wanted words also bad numbers */
  uint64_t first_bad;   /* line number of the first of these, from 1 */
  uint64_t spaced;      /* words with spaces inside */
  uint64_t duplicates;  /* further lines of a wanted word; the first line counts */
  uint64_t header;      /* 1 where a "V D" line opens the file */
} tn_vectors;

/* Opens the file and finds D: what most of the first hundred lines have, or
** `dimensions` where that is above 0. A "V D" line must agree. */
int tn_vectors_open(tn_vectors *v, const char *path, size_t dimensions, tn_why *why);

/* Reads on by one block. Row i of matrix (n + 1, D) is filled for word i. */
int tn_vectors_step(tn_vectors *v, tn_real *matrix, tn_why *why);
int tn_vectors_done(const tn_vectors *v);
void tn_vectors_close(tn_vectors *v);

#endif
