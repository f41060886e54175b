/* The header of a .npy file, parsed strictly: a dict of exactly three keys in
** any order, and nothing of Python beyond what NumPy writes there.
*/
#include "npy.h"

#include <string.h>

static int little_endian(void) {
  const uint16_t one = 1;
  return *(const unsigned char *)&one;
}

int tn_npy_prefix(const unsigned char *bytes, size_t n, size_t *skip, size_t *length, tn_why *why) {
  if (n < 6 || memcmp(bytes, "\x93NUMPY", 6) != 0)
    return tn_fail(why, "is not a NumPy array (its first bytes are not \\x93NUMPY)");
  if (n < TN_NPY_PREFIX) return tn_fail(why, "ends inside the header, after %zu bytes", n);
  const int major = bytes[6], minor = bytes[7];
  if (major < 1 || major > 3 || minor != 0)
    return tn_fail(why, "has format version %d.%d; known are 1.0, 2.0 and 3.0", major, minor);
  *skip = major == 1 ? 10 : 12;
  *length = (size_t)bytes[8] | (size_t)bytes[9] << 8;
  if (major > 1) *length |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
  if (*length > TN_NPY_MAX_HEADER)
    return tn_fail(why, "has a header of %zu bytes; at most %d are read", *length, TN_NPY_MAX_HEADER);
  return 0;
}

typedef struct cursor {
  const char *start, *at, *end;
} cursor;

static void space(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) c->at++;
}

static int eat(cursor *c, char wanted) {
  space(c);
  if (c->at == c->end || *c->at != wanted) return 0;
  c->at++;
  return 1;
}

static int spoilt(const cursor *c, const char *expected, tn_why *why) {
  if (c->at == c->end) return tn_fail(why, "header ends where %s should be", expected);
  return tn_fail(why, "header has byte 0x%02x where %s should be, at its byte %td", (unsigned char)*c->at,
                 expected, c->at - c->start);
}

/* A string in either quotes; escapes do not occur in what NumPy writes. */
static int string(cursor *c, const char *what, const char **text, size_t *n, tn_why *why) {
  space(c);
  if (c->at == c->end || (*c->at != '\'' && *c->at != '"')) return spoilt(c, what, why);
  const char *from = c->at + 1;
  const char *close = memchr(from, *c->at, (size_t)(c->end - from));
  if (close == NULL) return tn_fail(why, "header has a string without an end");
  *text = from;
  *n = (size_t)(close - from);
  c->at = close + 1;
  return 0;
}

static int word(cursor *c, const char *wanted) {
  const size_t n = strlen(wanted);
  space(c);
  if ((size_t)(c->end - c->at) < n || memcmp(c->at, wanted, n) != 0) return 0;
  c->at += n;
  return 1;
}

/* The width of strings, as in "U12", in bytes; 0 where it is none. */
static int text_width(const char *s, size_t n, int character) {
  int width = 0;
  for (size_t i = 1; i < n; i++) {
    if (s[i] < '0' || s[i] > '9' || width > TN_NPY_MAX_TEXT) return 0;
    width = width * 10 + (s[i] - '0');
  }
  return width > TN_NPY_MAX_TEXT ? 0 : width * character;
}

static int descr(tn_npy *a, cursor *c, tn_why *why) {
  const char *s = NULL;
  size_t n = 0;
  space(c);
  if (c->at < c->end && (*c->at == '[' || *c->at == '('))
    return tn_fail(why, "has a structured dtype; only plain numbers can be read");
  if (string(c, "the dtype", &s, &n, why) != 0) return -1;
  char order = '|';
  const char *const whole = s;
  const size_t whole_n = n;
  if (n > 0 && strchr("<>|=", *s) != NULL && *s != '\0') {
    order = *s;
    s++;
    n--;
  }
  if (n > 0 && *s == 'O') return tn_fail(why, "holds Python objects; only numbers and strings can be read, such as .astype(str) makes of them");
  if (n > 1 && (*s == 'U' || *s == 'S') && (*s == 'S') == (order == '|')) {
    a->kind = *s;
    a->width = text_width(s, n, *s == 'U' ? 4 : 1);
    a->swap = *s == 'U' && order != '=' && (order == '<') != little_endian();
    if (a->width > 0) return 0;
  }
  int known = n == 2 && strchr("fiub", s[0]) != NULL && s[0] != '\0' && strchr("1248", s[1]) != NULL && s[1] != '\0';
  if (known) {
    a->kind = s[0];
    a->width = s[1] - '0';
    known = (a->kind != 'f' || a->width > 1) && (a->kind != 'b' || a->width == 1) &&
            (a->width == 1 || order != '|');
  }
  if (!known)
    return tn_fail(why, "has dtype '%.*s'; known are float16 to float64, int8 to int64, uint8 to uint64, bool "
                   "and strings of 1 to 99999999 characters",
                   (int)(whole_n < 40 ? whole_n : 40), whole);
  a->swap = a->width > 1 && order != '=' && (order == '<') != little_endian();
  return 0;
}

static int shape(tn_npy *a, cursor *c, tn_why *why) {
  int rank = 0, open = 0;
  if (!eat(c, '(')) return spoilt(c, "the shape's '('", why);
  while (!eat(c, ')')) {
    size_t size = 0;
    space(c);
    if (open) return spoilt(c, "',' or ')'", why);
    if (c->at == c->end || *c->at < '0' || *c->at > '9') return spoilt(c, "a size", why);
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
      if (size > (SIZE_MAX >> 8) / 10) return tn_fail(why, "header has a size too large for this machine");
      size = size * 10 + (size_t)(*c->at - '0');
    }
    if (c->at < c->end && *c->at == 'L') c->at++; /* as Python 2 wrote */
    if (rank == TN_NPY_MAX_RANK) return tn_fail(why, "has more than %d dimensions", TN_NPY_MAX_RANK);
    a->shape[rank++] = size;
    open = !eat(c, ',');
  }
  /* "(3)" is a number in Python, not a tuple */
  if (rank == 1 && open) return tn_fail(why, "header has a number where the shape should be");
  if (rank == 0) a->shape[rank++] = 1;
  a->rank = rank;
  a->count = 1;
  for (int i = 0; i < rank; i++)
    if (a->shape[i] != 0) {
      if (a->count > (SIZE_MAX >> 8) / a->shape[i])
        return tn_fail(why, "header promises more numbers than this machine can count");
      a->count *= a->shape[i];
    }
  for (int i = 0; i < rank; i++)
    if (a->shape[i] == 0) a->count = 0;
  return 0;
}

int tn_npy_header(tn_npy *a, const char *text, size_t n, tn_why *why) {
  static const char *const names[] = {"descr", "fortran_order", "shape"};
  cursor c = {text, text, text + n};
  int seen[3] = {0, 0, 0}, open = 0;
  memset(a, 0, sizeof *a);
  if (!eat(&c, '{')) return spoilt(&c, "'{'", why);
  while (!eat(&c, '}')) {
    const char *key = NULL;
    size_t length = 0;
    int k = 0, failed;
    if (open) return spoilt(&c, "',' or '}'", why);
    if (string(&c, "a key", &key, &length, why) != 0) return -1;
    while (k < 3 && (strlen(names[k]) != length || memcmp(names[k], key, length) != 0)) k++;
    if (k == 3)
      return tn_fail(why, "header has the unknown key '%.*s'", (int)(length < 40 ? length : 40), key);
    if (seen[k]++) return tn_fail(why, "header has the key '%s' twice", names[k]);
    if (!eat(&c, ':')) return spoilt(&c, "':'", why);
    if (k == 0) {
      failed = descr(a, &c, why);
    } else if (k == 1) {
      a->fortran = word(&c, "True");
      failed = !a->fortran && !word(&c, "False") ? spoilt(&c, "True or False", why) : 0;
    } else {
      failed = shape(a, &c, why);
    }
    if (failed) return -1;
    open = !eat(&c, ',');
  }
  space(&c);
  if (c.at != c.end) return spoilt(&c, "nothing more", why);
  for (int k = 0; k < 3; k++)
    if (!seen[k]) return tn_fail(why, "header lacks the key '%s'", names[k]);
  if (a->width > 8 && a->count > (SIZE_MAX >> 8) / (size_t)a->width)
    return tn_fail(why, "header promises more than this machine can count");
  return 0;
}

size_t tn_npy_write_header(char *to, char kind, size_t width, int rank, const size_t *dims) {
  static const char version_1[8] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0};
  char *const dict = to + 10;
  size_t n = (size_t)snprintf(dict, TN_NPY_HEADER_ROOM - 10,
                              "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': (",
                              little_endian() ? '<' : '>', kind, width);
  for (int i = 0; i < rank; i++)
    n += (size_t)snprintf(dict + n, TN_NPY_HEADER_ROOM - 10 - n, i ? ", %zu" : "%zu", dims[i]);
  n += (size_t)snprintf(dict + n, TN_NPY_HEADER_ROOM - 10 - n, rank == 1 ? ",), }" : "), }");
  const size_t total = (10 + n + 1 + 63) / 64 * 64;
  memset(dict + n, ' ', total - 10 - n);
  to[total - 1] = '\n';
  memcpy(to, version_1, sizeof version_1);
  to[8] = (char)((total - 10) & 0xff);
  to[9] = (char)((total - 10) >> 8);
  return total;
}
