/* Word vectors in the forms that their makers publish, read in one pass through
** a block of fixed size; only the rows of wanted words are parsed and kept.
**
**   text      lines "word v1 … vD", as GloVe writes them, or the same after a
**             line "V D", as fastText does
**   word2vec  a line "V D", then V times the word, a space, D little-endian
**             floats and, or not, a line feed (word2vec.c of Mikolov et al.,
**             2013, writes it; the file of Google's news vectors has none)
**
** What is wrong with a line costs the line and is counted; what shows that the
** file is not what it says (cut short, vectors that are not finite) ends the reading.
*/
#ifndef TN_IO_VECTORS_H
#define TN_IO_VECTORS_H

#include "../num/real.h"
#include "input.h"
#include "number.h"
#include "words.h"

#ifndef TN_FUZZ
#define TN_VECTORS_BLOCK ((size_t)1 << 20) /* longer lines count as malformed */
#define TN_VECTORS_WORD ((size_t)1 << 16)  /* the longest word in word2vec's format */
#define TN_VECTORS_MOST ((size_t)1 << 14)  /* dimensions; published vectors have a few hundred */
#else /* so that short inputs cross every bound */
#define TN_VECTORS_BLOCK ((size_t)192)
#define TN_VECTORS_WORD ((size_t)48)
#define TN_VECTORS_MOST ((size_t)32)
#endif
/* a block must be able to hold a word of word2vec's, its space and its floats */
_Static_assert(TN_VECTORS_WORD + 1 + 4 * TN_VECTORS_MOST <= TN_VECTORS_BLOCK, "a row may be longer than a block");

typedef enum tn_vectors_kind { TN_VECTORS_TEXT, TN_VECTORS_HEADED_TEXT, TN_VECTORS_WORD2VEC } tn_vectors_kind;

/* How a word came to its vector: not at all; not, though the file has a word of
** which it is the lower case; by itself; as the lower case of such a word. */
enum { TN_VECTORS_NONE, TN_VECTORS_CASED, TN_VECTORS_EXACT, TN_VECTORS_FOLDED };

typedef struct tn_vectors {
  tn_input in;
  tn_vectors_kind kind; /* HEADED_TEXT must begin with "V D"; TEXT may */
  int fold;             /* a word of the file also serves its lower case */
  locale_t c_locale;
  tn_words words;
  char *block;          /* TN_VECTORS_BLOCK + 1 bytes, the caller's */
  unsigned char *found; /* how, for every word; the caller's, cleared */
  char *lower;          /* TN_LOWERCASE_ROOM(longest) bytes, the caller's */
  size_t longest;       /* bytes of the longest wanted word */
  size_t have;          /* bytes in the block that no step has consumed */
  size_t dimensions;    /* D */
  uint64_t promised;    /* V where the file tells it, else 0 */
  uint64_t offset;      /* where the block's first byte is in the content */
  int headed;           /* a "V D" line opened the file */
  int ended;            /* the block holds the file's last bytes */
  int skipping;         /* inside a line that is too long */
  uint64_t lines;       /* of vectors that were read, or words in word2vec's format */
  uint64_t malformed;   /* too few or too many fields; of wanted words also bad numbers */
  uint64_t first_bad;   /* line number of the first of these, from 1 */
  tn_why bad;           /* what is wrong with it */
  uint64_t spaced;      /* words with spaces inside */
  uint64_t duplicates;  /* further vectors of a wanted word; the first counts */
} tn_vectors;

/* Opens a file, or member `member` of a zip archive, and finds D: the header's,
** or what most of the first hundred lines have. `dimensions` above 0 must agree. */
int tn_vectors_open(tn_vectors *v, const char *path, uint64_t member, size_t dimensions, tn_why *why);

/* Reads on by one block. Row i of matrix (n + 1, D) is filled for word i. */
int tn_vectors_step(tn_vectors *v, tn_real *matrix, tn_why *why);
int tn_vectors_done(const tn_vectors *v);
void tn_vectors_close(tn_vectors *v);

/* Shared by the formats' own files, vectors_text.c and vectors_word2vec.c. */
#define TN_VECTORS_QUOTE 64
int tn_vectors_fill(tn_vectors *v, tn_why *why);
void tn_vectors_consume(tn_vectors *v, const char *to);
int tn_vectors_header(const char *line, const char *end, uint64_t *count, uint64_t *dimensions);
size_t tn_vectors_wanted(tn_vectors *v, const char *word, size_t n, unsigned char *how);
const char *tn_vectors_quote(char *to, const char *word, size_t n);
int tn_vectors_text_open(tn_vectors *v, size_t dimensions, tn_why *why);
int tn_vectors_text_step(tn_vectors *v, tn_real *matrix, tn_why *why);
int tn_vectors_word2vec_open(tn_vectors *v, size_t dimensions, tn_why *why);
int tn_vectors_word2vec_step(tn_vectors *v, tn_real *matrix, tn_why *why);

#endif
