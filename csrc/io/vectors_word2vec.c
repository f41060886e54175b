/* word2vec's binary format: "V D\n", then V times word, space, D floats of four
** bytes, the lowest first, and perhaps a line feed. Nothing marks where a word
** begins but the vector before it, so whatever does not fit ends the reading.
*/
#include <math.h>
#include <string.h>

#include "vectors.h"

#define HEADER 64 /* bytes of the first line at most */

typedef unsigned long long ull;

int tn_vectors_word2vec_open(tn_vectors *v, size_t dimensions, tn_why *why) {
  uint64_t count, D;
  const char *const stop = memchr(v->block, '\n', v->have < HEADER ? v->have : HEADER);
  const char *end = stop;
  while (end != NULL && end > v->block && (end[-1] == '\r' || end[-1] == ' ')) end--;
  if (stop == NULL || !tn_vectors_header(v->block, end, &count, &D))
    return tn_fail(why, "does not begin with a line 'words dimensions', as word2vec's binary format does");
  if (D == 0) return tn_fail(why, "line 1 promises vectors of 0 dimensions");
  if (count == 0) return tn_fail(why, "line 1 promises 0 words");
  if (D > TN_VECTORS_MOST)
    return tn_fail(why, "line 1 promises vectors of %llu dimensions; at most %zu are read", (ull)D, TN_VECTORS_MOST);
  if (count > v->in.size / (4 * D + 1)) /* the space counts, a word might be empty */
    return tn_fail(why, "line 1 promises %llu words of %llu dimensions, which the file cannot hold", (ull)count, (ull)D);
  if (dimensions > 0 && dimensions != D)
    return tn_fail(why, "line 1 promises %llu dimensions, not %zu", (ull)D, dimensions);
  v->headed = 1;
  v->promised = count;
  v->dimensions = (size_t)D;
  tn_vectors_consume(v, stop + 1);
  return 0;
}

static float float_at(const char *p) {
  const unsigned char *const b = (const unsigned char *)p;
  const uint32_t bits = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static int take(tn_vectors *v, const char *word, size_t n, const char *numbers, tn_real *matrix, tn_why *why) {
  const size_t D = v->dimensions;
  unsigned char how;
  v->lines++;
  const size_t i = tn_vectors_wanted(v, word, n, &how);
  if (i == 0) return 0;
  tn_real *const row = matrix + i * D;
  for (size_t k = 0; k < D; k++) {
    row[k] = (tn_real)float_at(numbers + 4 * k);
    if (!isfinite(row[k])) {
      char quoted[TN_VECTORS_QUOTE];
      return tn_fail(why, "byte %llu: number %zu of '%s' (word %llu) is %s, which is not finite",
                     (ull)v->offset + (ull)(numbers - v->block) + 4 * k, k + 1, tn_vectors_quote(quoted, word, n),
                     (ull)v->lines, isnan(row[k]) ? "nan" : "inf");
    }
  }
  v->found[i - 1] = how;
  return 0;
}

/* The bytes at `p` are not all of the next word and its vector: is that the file's fault? */
static int unfinished(const tn_vectors *v, const char *p, const char *space, tn_why *why) {
  const size_t left = (size_t)(v->block + v->have - p);
  const ull at = (ull)v->offset + (ull)(p - v->block);
  if (space == NULL && left >= TN_VECTORS_WORD)
    return tn_fail(why, "byte %llu: word %llu has no end within %zu bytes; this is not word2vec's binary format, or damaged",
                   at, (ull)v->lines + 1, TN_VECTORS_WORD);
  if (v->ended)
    return tn_fail(why, "line 1 promises %llu words, the content ends inside word %llu, which begins at byte %llu; it was cut short",
                   (ull)v->promised, (ull)v->lines + 1, at);
  return 0;
}

int tn_vectors_word2vec_step(tn_vectors *v, tn_real *matrix, tn_why *why) {
  const size_t bytes = 4 * v->dimensions;
  const char *p = v->block;
  const char *const end = v->block + v->have;
  for (;;) {
    while (p < end && *p == '\n') p++;
    if (v->lines == v->promised) break;
    const size_t left = (size_t)(end - p);
    const char *const space = memchr(p, ' ', left < TN_VECTORS_WORD ? left : TN_VECTORS_WORD);
    if (space == NULL || (size_t)(end - space) < bytes + 1) {
      if (unfinished(v, p, space, why) != 0) return -1;
      break;
    }
    if (take(v, p, (size_t)(space - p), space + 1, matrix, why) != 0) return -1;
    p = space + 1 + bytes;
  }
  if (v->lines == v->promised && p < end)
    return tn_fail(why, "byte %llu: there is more after the %llu words that line 1 promises",
                   (ull)v->offset + (ull)(p - v->block), (ull)v->promised);
  tn_vectors_consume(v, p);
  return v->ended ? 0 : tn_vectors_fill(v, why);
}
