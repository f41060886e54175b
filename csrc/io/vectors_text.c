/* Word vectors as text. Lines of words that nobody wants, nearly all of a
** published file, cost one memchr, one count of separators and one look-up.
*/
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

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

/* What most of the first lines have; *agree is how many have `wanted`. */
static size_t voted_dimensions(const char *line, const char *end, size_t wanted, size_t *agree) {
  size_t seen[SAMPLE], n = 0, best = 0, best_votes = 0;
  *agree = 0;
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
    *agree += seen[i] == wanted;
  }
  return best;
}

/* Takes the "V D" line away where there is one. */
static int read_header(tn_vectors *v, tn_why *why) {
  uint64_t count, dimensions;
  const char *const stop = memchr(v->block, '\n', v->have + 1);
  v->headed = tn_vectors_header(v->block, trimmed(v->block, stop), &count, &dimensions);
  if (!v->headed && v->kind == TN_VECTORS_HEADED_TEXT)
    return tn_fail(why, "line 1 is not 'words dimensions', with which fastText's text begins");
  if (!v->headed) return 0;
  if (dimensions == 0) return tn_fail(why, "line 1 promises vectors of 0 dimensions");
  if (dimensions > v->in.size / 2 || count > v->in.size / (2 * dimensions + 1))
    return tn_fail(why, "line 1 promises %llu vectors of %llu dimensions, which the file cannot hold",
                   (unsigned long long)count, (unsigned long long)dimensions);
  v->promised = count;
  v->dimensions = (size_t)dimensions;
  tn_vectors_consume(v, stop < v->block + v->have ? stop + 1 : stop);
  return 0;
}

int tn_vectors_text_open(tn_vectors *v, size_t dimensions, tn_why *why) {
  size_t agree;
  if (v->have >= 3 && memcmp(v->block, "\xEF\xBB\xBF", 3) == 0) tn_vectors_consume(v, v->block + 3);
  if (read_header(v, why) != 0) return -1;
  const size_t wanted = dimensions > 0 ? dimensions : v->dimensions;
  const size_t voted = voted_dimensions(v->block, v->block + v->have, wanted, &agree);
  if (voted == 0) return tn_fail(why, "has no line with a word and numbers");
  if (v->headed && dimensions > 0 && dimensions != v->dimensions)
    return tn_fail(why, "line 1 promises %zu dimensions, not %zu", v->dimensions, dimensions);
  if (wanted > 0 && agree == 0)
    return v->headed ? tn_fail(why, "line 1 promises %zu dimensions, the lines after it have %zu", wanted, voted)
                     : tn_fail(why, "has vectors of %zu dimensions, not %zu", voted, wanted);
  v->dimensions = wanted > 0 ? wanted : voted;
  if (v->dimensions > TN_VECTORS_MOST)
    return tn_fail(why, "has vectors of %zu dimensions; at most %zu are read", v->dimensions, TN_VECTORS_MOST);
  return 0;
}

static uint64_t line_number(const tn_vectors *v) { return v->lines + (uint64_t)v->headed; }

/* Counts the line as malformed, and keeps the reason of the first. */
__attribute__((format(printf, 2, 3))) static void bad_line(tn_vectors *v, const char *format, ...) {
  va_list args;
  if (v->malformed++ > 0) return;
  v->first_bad = line_number(v);
  va_start(args, format);
  vsnprintf(v->bad.text, sizeof v->bad.text, format, args);
  va_end(args);
}

static const char *field_end(const char *p, const char *end) {
  while (p < end && !is_separator(*p)) p++;
  return p;
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

/* nan, inf, infinity with or without a sign, or digits that are too large a number. strtod would look for
** its number beyond blanks, also those that end the block. */
static int is_unbounded(const char *p, const char *end, locale_t c_locale) {
  char *stop;
  if (p == end || (unsigned char)*p <= ' ') return 0;
  const double value = strtod_l(p, &stop, c_locale);
  return stop == end && !isfinite((tn_real)value);
}

/* Fills the row with the D numbers after `p`. Returns 0, or the number of the
** first that is none, which stands at *at. */
static size_t parse_row(const tn_vectors *v, const char *p, const char *end, tn_real *row, const char **at) {
  for (size_t i = 0; i < v->dimensions; i++) {
    double value;
    *at = p + 1;
    const char *const stop = is_separator(*p) ? tn_number(p + 1, end, &value, v->c_locale) : NULL;
    if (stop == NULL || (stop < end && !is_separator(*stop)) || !isfinite((tn_real)value)) return i + 1;
    row[i] = (tn_real)value;
    p = stop;
  }
  return p == end ? 0 : v->dimensions;
}

/* The line of a wanted word: what comes after it goes into the row. */
static int take_row(tn_vectors *v, size_t i, unsigned char how, const char *word, const char *stop, const char *end,
                    tn_real *row, tn_why *why) {
  char quoted[TN_VECTORS_QUOTE], number[TN_VECTORS_QUOTE];
  const char *at;
  const size_t bad = parse_row(v, stop, end, row, &at);
  v->found[i - 1] = how;
  if (bad == 0) return 0;
  const char *const at_end = field_end(at, end);
  tn_vectors_quote(quoted, word, (size_t)(stop - word));
  tn_vectors_quote(number, at, (size_t)(at_end - at));
  if (is_unbounded(at, at_end, v->c_locale))
    return tn_fail(why, "line %llu: number %zu of '%s' is %s, which is not finite", (unsigned long long)line_number(v),
                   bad, quoted, number);
  memset(row, 0, v->dimensions * sizeof *row);
  v->found[i - 1] = TN_VECTORS_NONE;
  bad_line(v, "number %zu of '%s' is '%s'", bad, quoted, number);
  return 0;
}

static int take_line(tn_vectors *v, const char *line, const char *end, tn_real *matrix, tn_why *why) {
  const size_t D = v->dimensions;
  v->lines++;
  end = trimmed(line, end);
  const size_t fields = separators(line, (size_t)(end - line));
  if (fields < D) {
    if (line == end)
      bad_line(v, "it is blank");
    else
      bad_line(v, "it has %zu of %zu numbers", fields, D);
    return 0;
  }
  const char *stop; /* of the word */
  if (fields == D) {
    stop = field_end(line, end);
  } else { /* the last D fields are the numbers */
    size_t left = D;
    for (stop = end; left > 0;) left -= (size_t)is_separator(*--stop);
    if (ends_in_number(line, stop, v->c_locale)) {
      bad_line(v, "it has more than %zu numbers", D);
      return 0;
    }
    v->spaced++;
  }
  unsigned char how;
  const size_t i = tn_vectors_wanted(v, line, (size_t)(stop - line), &how);
  return i == 0 ? 0 : take_row(v, i, how, line, stop, end, matrix + i * D, why);
}

int tn_vectors_text_step(tn_vectors *v, tn_real *matrix, tn_why *why) {
  const char *line = v->block;
  const char *const end = v->block + v->have;
  while (line < end) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    if (stop == NULL && !v->ended) break;
    if (stop == NULL) stop = end;
    if (v->skipping)
      v->skipping = 0;
    else if (take_line(v, line, stop, matrix, why) != 0)
      return -1;
    line = stop < end ? stop + 1 : end;
  }
  if (line == v->block && v->have == TN_VECTORS_BLOCK) { /* no line end in a whole block */
    if (!v->skipping) {
      v->lines++;
      bad_line(v, "it has more than %zu bytes", TN_VECTORS_BLOCK);
    }
    v->skipping = 1;
    line = end;
  }
  tn_vectors_consume(v, line);
  if (!v->ended) return tn_vectors_fill(v, why);
  if (v->lines < v->promised)
    return tn_fail(why, "line 1 promises %llu vectors, %llu lines follow; the file was cut short",
                   (unsigned long long)v->promised, (unsigned long long)v->lines);
  return 0;
}
