/* Reading decimal numbers. */
#include "number.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static inline int is_digit(char c) { return (unsigned char)(c - '0') < 10; }

static const char *exponent(const char *p, const char *end, int *e) {
  int minus = 0, value = 0;
  const char *q = p + 1;
  if (q < end && (*q == '-' || *q == '+')) minus = *q++ == '-';
  if (q >= end || !is_digit(*q)) return NULL;
  for (; q < end && is_digit(*q); q++)
    if (value < 10000) value = value * 10 + (*q - '0');
  *e += minus ? -value : value;
  return q;
}

const char *tn_number(const char *p, const char *end, double *value, locale_t c_locale) {
  const char *const start = p;
  const int minus = p < end && *p == '-';
  uint64_t m = 0;
  int e = 0;
  if (p < end && (*p == '-' || *p == '+')) p++;
  const char *const digits = p;
  while (p < end && is_digit(*p)) m = m * 10 + (uint64_t)(*p++ - '0');
  ptrdiff_t count = p - digits;
  if (p < end && *p == '.') {
    const char *const fraction = ++p;
    while (p < end && is_digit(*p)) m = m * 10 + (uint64_t)(*p++ - '0');
    count += p - fraction;
    e = (int)(fraction - p);
  }
  if (count == 0) return NULL;
  if (p < end && (*p == 'e' || *p == 'E')) {
    p = exponent(p, end, &e);
    if (p == NULL) return NULL;
  }
  if (count <= 19 && m < (UINT64_C(1) << 53) && e >= -22 && e <= 22) { /* 19 digits cannot have overflowed m */
    const double d = e < 0 ? (double)m / powers[-e] : (double)m * powers[e];
    *value = minus ? -d : d;
  } else {
    *value = strtod_l(start, NULL, c_locale);
  }
  return isfinite(*value) ? p : NULL;
}
