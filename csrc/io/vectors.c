/* Reading word vectors as text. Lines of words that nobody wants, nearly all of
** a published file, cost one memchr, one count of separators and one look-up.
*/
#include "vectors.h"

#include <math.h>
#include <string.h>

#define SAMPLE 100 /* lines that vote on D */

static inline int is_separator(char c) { return c == ' ' || c == '\t'; }

/* Separators in n bytes; runs of 128 keep the sum in bytes, which vectorises. */
static size_t separators(const char *p, size_t n) {
  size_t total = 0;
  while (n > 0) {
    const size_t run = n < 128 ? n : 128;
    unsigned char sum = 0;
    for (size_t i = 0; i < run; i++) sum = (unsigned char)(sum + is_separator(p[i]));
    total += sum;
    p += run;
    n -= run;
  }
  return total;
}

/* The line's end without line feed, carriage return or blanks. */
static const char *trimmed(const char *line, const char *end) {
  while (end > line && (is_separator(end[-1]) || end[-1] == '\r')) end--;
  return end;
}

/* "V D": two whole numbers and nothing else. Returns D, or 0. */
static size_t header_dimensions(const char *line, const char *end) {
  size_t value = 0, fields = 0;
  for (const char *p = line; p < end; p++) {
    if (is_separator(*p)) {
      if (p == line || is_separator(p[-1]) || ++fields > 1) return 0;
      value = 0;
    } else if (*p >= '0' && *p <= '9' && value < TN_VECTORS_BLOCK) {
      value = value * 10 + (size_t)(*p - '0');
    } else {
      return 0;
    }
  }
  return fields == 1 && value <= TN_VECTORS_BLOCK / 2 ? value : 0;
}

/* What most of the first lines have. */
static size_t voted_dimensions(const char *line, const char *end) {
  size_t seen[SAMPLE], n = 0, best = 0, best_votes = 0;
  while (n < SAMPLE && line < end) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    if (stop == NULL) stop = end;
    seen[n++] = separators(line, (size_t)(trimmed(line, stop) - line));
    line = stop + 1;
  }
  for (size_t i = 0; i < n; i++) {
    size_t votes = 0;
    for (size_t j = i; j < n; j++) votes += seen[j] == seen[i];
    if (seen[i] > 0 && votes > best_votes) {
      best = seen[i];
      best_votes = votes;
    }
  }
  return best;
}

static int fill(tn_vectors *v, tn_why *why) {
  size_t got;
  if (tn_input_read(&v->in, v->block + v->have, TN_VECTORS_BLOCK - v->have, &got, why) != 0) return -1;
  v->have += got;
  v->ended = v->have < TN_VECTORS_BLOCK;
  v->block[v->have] = '\n';
  return 0;
}

int tn_vectors_open(tn_vectors *v, const char *path, size_t dimensions, tn_why *why) {
  v->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (v->c_locale == (locale_t)0) return tn_fail(why, "out of memory");
  if (tn_input_open(&v->in, path, why) != 0 || fill(v, why) != 0) return -1;
  if (v->have == 0) return tn_fail(why, "is empty");
  const char *const stop = memchr(v->block, '\n', v->have + 1);
  const char *line = v->block;
  const size_t promised = header_dimensions(line, trimmed(line, stop));
  if (promised > 0) {
    v->header = 1;
    line = stop < v->block + v->have ? stop + 1 : stop;
    v->have -= (size_t)(line - v->block);
    memmove(v->block, line, v->have + 1);
  }
  const size_t voted = voted_dimensions(v->block, v->block + v->have);
  v->dimensions = dimensions > 0 ? dimensions : voted;
  if (v->dimensions == 0) return tn_fail(why, "has no line with a word and numbers");
  if (promised > 0 && promised != v->dimensions)
    return tn_fail(why, "line 1 promises %zu dimensions, the lines after it have %zu", promised, v->dimensions);
  if (v->dimensions > v->in.size / 2)
    return tn_fail(why, "cannot hold %zu dimensions in %llu bytes", v->dimensions, (unsigned long long)v->in.size);
  return 0;
}

static void bad(tn_vectors *v) {
  v->malformed++;
  if (v->first_bad == 0) v->first_bad = v->lines + v->header;
}

/* Whether the field before `end` is written like 0.5 or 1e-3: then the line has
** too many numbers rather than a word with a space. */
static int ends_in_number(const char *line, const char *end, locale_t c_locale) {
  const char *p = end;
  double value;
  while (p > line && !is_separator(p[-1])) p--;
  const size_t n = (size_t)(end - p);
  return p > line && (memchr(p, '.', n) || memchr(p, 'e', n)) && tn_number(p, end, &value, c_locale) == end;
}

static int parse_row(const char *p, const char *end, size_t n, tn_real *row, locale_t c_locale) {
  for (size_t i = 0; i < n; i++) {
    double value;
    if (p == end || !is_separator(*p)) return -1;
    p = tn_number(p + 1, end, &value, c_locale);
    if (p == NULL) return -1;
    row[i] = (tn_real)value;
    if (!isfinite(row[i])) return -1; /* a double that the scalar cannot hold */
  }
  return p == end ? 0 : -1;
}

static void take_line(tn_vectors *v, const char *line, const char *end, tn_real *matrix) {
  const size_t D = v->dimensions;
  v->lines++;
  end = trimmed(line, end);
  const size_t fields = separators(line, (size_t)(end - line));
  if (fields < D) {
    bad(v);
    return;
  }
  const char *stop; /* of the word */
  if (fields == D) {
    for (stop = line; !is_separator(*stop);) stop++;
  } else { /* the last D fields are the numbers */
    size_t left = D;
    for (stop = end; left > 0;) left -= (size_t)is_separator(*--stop);
    if (ends_in_number(line, stop, v->c_locale)) {
      bad(v);
      return;
    }
    v->spaced++;
  }
  v->fitting++;
  const size_t i = tn_words_find(&v->words, line, (size_t)(stop - line));
  if (i == 0) return;
  if (v->found[i - 1]) {
    v->duplicates++;
  } else if (parse_row(stop, end, D, matrix + i * D, v->c_locale) != 0) {
    memset(matrix + i * D, 0, D * sizeof *matrix);
    v->fitting--;
    bad(v);
  } else {
    v->found[i - 1] = 1;
  }
}

int tn_vectors_step(tn_vectors *v, tn_real *matrix, tn_why *why) {
  const char *line = v->block;
  const char *const end = v->block + v->have;
  while (line < end) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    if (stop == NULL && !v->ended) break;
    if (stop == NULL) stop = end;
    if (v->skipping)
      v->skipping = 0;
    else
      take_line(v, line, stop, matrix);
    line = stop < end ? stop + 1 : end;
  }
  v->have = (size_t)(end - line);
  if (v->have == TN_VECTORS_BLOCK) { /* no line end in a whole block */
    if (!v->skipping) {
      v->lines++;
      bad(v);
    }
    v->skipping = 1;
    v->have = 0;
  }
  memmove(v->block, line, v->have);
  return v->ended ? 0 : fill(v, why);
}

int tn_vectors_done(const tn_vectors *v) { return v->ended && v->have == 0; }

void tn_vectors_close(tn_vectors *v) {
  tn_input_close(&v->in);
  if (v->c_locale != (locale_t)0) freelocale(v->c_locale);
  v->c_locale = (locale_t)0;
}
