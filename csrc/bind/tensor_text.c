/* tostring(x): a head line, then the numbers as NumPy prints them with precision
** 4: aligned, the fewest digits that name a number, scientific when the largest
** is 1e8 or more, the smallest below 1e-4 or the two more than a factor 1000
** apart, lines of 75 characters, and above 1000 numbers only three at each edge.
*/
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensor_args.h"

#define PRECISION 4
#define EDGE 3
#define THRESHOLD 1000
#define LINE 75
#define CELL 64

/* How a number is written: the widths to both sides of the point, or for
** scientific numbers the digits after it. */
typedef struct style {
  int scientific, left, right;
} style;

typedef struct writer {
  luaL_Buffer out;
  const tn_tensor *t;
  style style;
  int elided;
  int indent, column;
} writer;

/* Numbers of one axis that are shown: all, or the edges. */
static size_t next_shown(const writer *w, int axis, size_t i) {
  const size_t n = w->t->shape[axis];
  return w->elided && n > 2 * EDGE && i == EDGE - 1 ? n - EDGE : i + 1;
}

/* %f and %e write the locale's decimal point. */
static void plain_point(char *text) {
  for (; *text != '\0'; text++)
    if (strchr("+-0123456789e", *text) == NULL) *text = '.';
}

/* The digits after the point, at most PRECISION, that are needed to read x back
** exactly from positional or scientific text. */
static int decimals(tn_real x, int scientific) {
  char text[CELL];
  int digits = 0;
  do snprintf(text, sizeof text, "%.*e", digits, (double)x);
  while (digits++ < TN_(8, 16) && TN_(strtof, strtod)(text, NULL) != x);
  int needed = digits - 1;
  if (!scientific) needed -= (int)strtol(strchr(text, 'e') + 1, NULL, 10);
  return needed < 0 ? 0 : needed < PRECISION ? needed : PRECISION;
}

/* Trailing zeros can follow when the number is cut at PRECISION. */
static void write_real(char *text, tn_real x, int scientific) {
  const int places = decimals(x, scientific);
  snprintf(text, CELL, scientific ? "%.*e" : "%.*f", places, (double)x);
  plain_point(text);
  char *end = text + strcspn(text, "e");
  if (places > 0 && !scientific)
    while (end[-1] == '0') *--end = '\0';
  if (strchr(text, '.') == NULL) {
    memmove(end + 1, end, strlen(end) + 1);
    *end = '.';
  }
}

/* Digits after the point of a scientific text, without its closing zeros. */
static int fraction_of(const char *text) {
  const char *point = text + strcspn(text, "."), *end = text + strcspn(text, "e");
  while (end[-1] == '0') end--;
  return (int)(end - point) - 1;
}

static void put_spaces(writer *w, int count) {
  for (int i = 0; i < count; i++) luaL_addchar(&w->out, ' ');
}

/* Visits every shown number with `see`, for measuring. */
static void measure(writer *w, int axis, size_t at, void (*see)(void *, const tn_tensor *, size_t), void *into) {
  const tn_around a = tn_around_axis(w->t, axis);
  for (size_t i = 0; i < a.n; i = next_shown(w, axis, i)) {
    if (axis + 1 == w->t->rank)
      see(into, w->t, at + i);
    else
      measure(w, axis + 1, at + i * a.inner, see, into);
  }
}

typedef struct extent {
  double largest, smallest; /* of the finite magnitudes that are not 0 */
  int finite, negative, nan, infinite, minus_infinite;
  style *style;
} extent;

static void see_size(void *into, const tn_tensor *t, size_t i) {
  extent *e = (extent *)into;
  const double x = (double)tn_reals(t)[i], size = fabs(x);
  e->nan |= isnan(x);
  e->infinite |= isinf(x);
  e->minus_infinite |= isinf(x) && x < 0;
  if (!isfinite(x)) return;
  e->finite = 1;
  if (size == 0) return;
  if (e->largest == 0 || size > e->largest) e->largest = size;
  if (e->smallest == 0 || size < e->smallest) e->smallest = size;
}

static void see_width(void *into, const tn_tensor *t, size_t i) {
  extent *e = (extent *)into;
  char text[CELL];
  if (t->kind == TN_INT) {
    const int width = snprintf(text, sizeof text, "%d", (int)tn_ints(t)[i]);
    if (width > e->style->left) e->style->left = width;
    return;
  }
  const tn_real x = tn_reals(t)[i];
  if (!isfinite(x)) return;
  write_real(text, x, e->style->scientific);
  const int left = (int)strcspn(text, ".");
  const int right = e->style->scientific ? fraction_of(text) : (int)strlen(text) - left - 1;
  if (left > e->style->left) e->style->left = left;
  if (right > e->style->right) e->style->right = right;
}

static int exponent_width(const extent *e) { /* "e+01", or "e+123" in double */
  return e->largest >= 1e100 || (e->smallest > 0 && e->smallest < 1e-99) ? 5 : 4;
}

static void choose_style(writer *w) {
  extent e = {.style = &w->style};
  w->style = (style){0};
  if (w->t->kind == TN_INT) {
    measure(w, 0, 0, see_width, &e);
    return;
  }
  measure(w, 0, 0, see_size, &e);
  /* the ratio in the type of the numbers, as NumPy takes it */
  const tn_real ratio = e.smallest > 0 ? (tn_real)e.largest / (tn_real)e.smallest : 0;
  w->style.scientific = e.largest >= 1e8 || (e.smallest > 0 && e.smallest < 1e-4) || ratio > 1000;
  measure(w, 0, 0, see_width, &e);
  /* words can be wider than the numbers beside them */
  const int tail = w->style.right + 1 + (w->style.scientific ? exponent_width(&e) : 0);
  const int word = e.minus_infinite ? 4 : e.nan || e.infinite ? 3 : 0;
  if (word > w->style.left + tail) w->style.left = word - tail;
  if (w->style.scientific) w->style.scientific = exponent_width(&e);
}

/* Answers the length of the cell. */
static int write_cell(const writer *w, char *cell, size_t i) {
  char text[CELL];
  const style s = w->style;
  if (w->t->kind == TN_INT) return snprintf(cell, 2 * CELL, "%*d", s.left, (int)tn_ints(w->t)[i]);
  const tn_real x = tn_reals(w->t)[i];
  const int width = s.left + 1 + s.right + s.scientific;
  if (!isfinite(x)) return snprintf(cell, 2 * CELL, "%*s", width, isnan(x) ? "nan" : x < 0 ? "-inf" : "inf");
  if (s.scientific) {
    snprintf(text, sizeof text, "%#.*e", s.right, (double)x);
    plain_point(text);
    if (s.scientific == 5 && strlen(strchr(text, 'e')) == 4) { /* all exponents alike */
      char *digits = strchr(text, 'e') + 2;
      memmove(digits + 1, digits, strlen(digits) + 1);
      *digits = '0';
    }
    return snprintf(cell, 2 * CELL, "%*s", width, text);
  }
  write_real(text, x, 0);
  const int left = (int)strcspn(text, ".");
  return snprintf(cell, 2 * CELL, "%*s%-*s", s.left - left, "", left + 1 + s.right, text);
}

/* Writes a word of a row, on a new line where it would not fit. */
static void put_word(writer *w, const char *word, int length, int first, int line) {
  const int separator = first ? 0 : 1;
  if (w->column + separator + length > line && w->column > w->indent) {
    while (luaL_buffaddr(&w->out)[luaL_bufflen(&w->out) - 1] == ' ') luaL_buffsub(&w->out, 1);
    luaL_addchar(&w->out, '\n');
    put_spaces(w, w->indent);
    w->column = w->indent;
  } else {
    put_spaces(w, separator);
    w->column += separator;
  }
  luaL_addlstring(&w->out, word, (size_t)length);
  w->column += length;
}

static void put_row(writer *w, size_t at) {
  const int axis = w->t->rank - 1;
  const size_t n = w->t->shape[axis];
  const int line = LINE - axis - 1; /* room for the closing brackets */
  char cell[2 * CELL];
  w->indent = w->column = w->t->rank;
  luaL_addchar(&w->out, '[');
  for (size_t i = 0, next; i < n; i = next) {
    next = next_shown(w, axis, i);
    const int length = write_cell(w, cell, at + i);
    put_word(w, cell, length, i == 0, line);
    if (next > i + 1) put_word(w, "...", 3, 0, line);
  }
  luaL_addchar(&w->out, ']');
}

static void put_axis(writer *w, int axis, size_t at) {
  if (axis + 1 == w->t->rank) {
    put_row(w, at);
    return;
  }
  const tn_around a = tn_around_axis(w->t, axis);
  luaL_addchar(&w->out, '[');
  for (size_t i = 0, next; i < a.n; i = next) {
    next = next_shown(w, axis, i);
    put_axis(w, axis + 1, at + i * a.inner);
    for (int gap = next > i + 1 ? 2 : 1; gap > 0 && next < a.n; gap--) {
      for (int k = axis + 1; k < w->t->rank; k++) luaL_addchar(&w->out, '\n');
      put_spaces(w, axis + 1);
      if (gap == 2) luaL_addstring(&w->out, "...");
    }
  }
  luaL_addchar(&w->out, ']');
}

int tn_tensor_tostring(lua_State *L) {
  const tn_tensor *t = tn_arg_tensor(L, 1, "tostring", "x");
  char shape[TN_SHAPE_TEXT];
  writer w = {.t = t, .elided = t->size > THRESHOLD};
  luaL_buffinit(L, &w.out);
  luaL_addstring(&w.out, "Tensor ");
  luaL_addstring(&w.out, tn_kind_name(t->kind));
  luaL_addchar(&w.out, ' ');
  luaL_addstring(&w.out, tn_shape_text(t, shape));
  luaL_addchar(&w.out, '\n');
  if (t->size == 0) {
    luaL_addstring(&w.out, "[]");
  } else {
    choose_style(&w);
    put_axis(&w, 0, 0);
  }
  luaL_pushresult(&w.out);
  return 1;
}
