/* What the formats of word vectors share: the block, the "V D" line, and which
** words of the file are wanted.
*/
#include "vectors.h"

#include <string.h>

#include "lowercase.h"
#include "plain.h"

int tn_vectors_fill(tn_vectors *v, tn_why *why) {
  size_t got;
  if (tn_input_read(&v->in, v->block + v->have, TN_VECTORS_BLOCK - v->have, &got, why) != 0) return -1;
  v->have += got;
  v->ended = v->have < TN_VECTORS_BLOCK;
  v->block[v->have] = '\n';
  return 0;
}

/* Drops the block's bytes before `to`. */
void tn_vectors_consume(tn_vectors *v, const char *to) {
  const size_t n = (size_t)(to - v->block);
  v->offset += n;
  v->have -= n;
  memmove(v->block, to, v->have + 1);
}

/* "V D": two whole numbers and nothing else. What is too large for 64 bits is
** as large as they can tell. */
int tn_vectors_header(const char *line, const char *end, uint64_t *count, uint64_t *dimensions) {
  uint64_t value[2] = {0, 0};
  const char *p = line;
  for (int i = 0; i < 2; i++) {
    const char *const start = p;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
      const uint64_t digit = (uint64_t)(*p - '0');
      value[i] = value[i] > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value[i] * 10 + digit;
    }
    if (p == start) return 0;
    if (i == 0 && p < end && (*p == ' ' || *p == '\t')) p++;
  }
  *count = value[0];
  *dimensions = value[1];
  return p == end;
}

/* The number of the word whose row this vector is to fill, or 0. A word's own
** vector goes before that of a word of which it is the lower case. */
size_t tn_vectors_wanted(tn_vectors *v, const char *word, size_t n, unsigned char *how) {
  size_t i = tn_words_find(&v->words, word, n);
  *how = TN_VECTORS_EXACT;
  if (i != 0) {
    if (v->found[i - 1] != TN_VECTORS_EXACT) return i;
    v->duplicates++;
    return 0;
  }
  if (n > v->longest) return 0; /* lower case is never shorter */
  n = tn_lowercase(v->lower, word, n);
  i = tn_words_find(&v->words, v->lower, n);
  *how = TN_VECTORS_FOLDED;
  if (i == 0 || v->found[i - 1] != TN_VECTORS_NONE) return 0;
  if (v->fold) return i;
  v->found[i - 1] = TN_VECTORS_CASED;
  return 0;
}

/* A word for a message, without what a terminal would obey, in TN_VECTORS_QUOTE bytes. */
const char *tn_vectors_quote(char *to, const char *word, size_t n) {
  size_t kept = n < 40 ? n : 40;
  while (kept < n && kept > 0 && ((unsigned char)word[kept] & 0xC0) == 0x80) kept--;
  memcpy(to + tn_plain(to, word, kept), kept < n ? "..." : "", kept < n ? 4 : 1);
  return to;
}

int tn_vectors_open(tn_vectors *v, const char *path, uint64_t member, size_t dimensions, tn_why *why) {
  v->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (v->c_locale == (locale_t)0) return tn_fail(why, "out of memory");
  if (tn_input_open_packed(&v->in, path, member, why) != 0 || tn_vectors_fill(v, why) != 0) return -1;
  if (v->have == 0) return tn_fail(why, "is empty");
  return v->kind == TN_VECTORS_WORD2VEC ? tn_vectors_word2vec_open(v, dimensions, why)
                                        : tn_vectors_text_open(v, dimensions, why);
}

int tn_vectors_step(tn_vectors *v, tn_real *matrix, tn_why *why) {
  return v->kind == TN_VECTORS_WORD2VEC ? tn_vectors_word2vec_step(v, matrix, why)
                                        : tn_vectors_text_step(v, matrix, why);
}

int tn_vectors_done(const tn_vectors *v) { return v->ended && v->have == 0; }

void tn_vectors_close(tn_vectors *v) {
  tn_input_close(&v->in);
  if (v->c_locale != (locale_t)0) freelocale(v->c_locale);
  v->c_locale = (locale_t)0;
}
