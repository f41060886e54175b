/* The numbers of a .npy file: byte order, width and memory order made native. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "npy.h"

/* The element's bytes as an unsigned number of its width. */
static uint64_t bits_at(const tn_npy *a, const unsigned char *p) {
  uint16_t h;
  uint32_t s;
  uint64_t d;
  switch (a->width) {
    case 1: return p[0];
    case 2: memcpy(&h, p, 2); return a->swap ? __builtin_bswap16(h) : h;
    case 4: memcpy(&s, p, 4); return a->swap ? __builtin_bswap32(s) : s;
    default: memcpy(&d, p, 8); return a->swap ? __builtin_bswap64(d) : d;
  }
}

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
static float half(uint16_t h) {
  const uint32_t sign = (uint32_t)(h & 0x8000u) << 16;
  uint32_t exponent = (h >> 10) & 31u, fraction = h & 1023u, bits;
  if (exponent == 31) {
    bits = sign | 0x7f800000u | fraction << 13;
  } else if (exponent != 0) {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  } else if (fraction == 0) {
    bits = sign;
  } else { /* subnormal in binary16, normal in binary32 */
    for (exponent = 113; !(fraction & 1024u); exponent--) fraction <<= 1;
    bits = sign | exponent << 23 | (fraction & 1023u) << 13;
  }
  float f;
  memcpy(&f, &bits, 4);
  return f;
}

static double float_at(const tn_npy *a, const unsigned char *p) {
  const uint64_t bits = bits_at(a, p);
  const uint32_t low = (uint32_t)bits;
  float f;
  double d;
  if (a->width == 2 && a->kind == 'f') return half((uint16_t)bits);
  if (a->width == 2) { /* bfloat16: the upper half of a binary32 */
    const uint32_t upper = low << 16;
    memcpy(&f, &upper, 4);
    return f;
  }
  if (a->width == 4) {
    memcpy(&f, &low, 4);
    return f;
  }
  memcpy(&d, &bits, 8);
  return d;
}

static int64_t signed_at(const tn_npy *a, const unsigned char *p) {
  const uint64_t bits = bits_at(a, p);
  switch (a->width) {
    case 1: return (int8_t)bits;
    case 2: return (int16_t)bits;
    case 4: return (int32_t)bits;
    default: return (int64_t)bits;
  }
}

static int is_float(const tn_npy *a) { return a->kind == 'f' || a->kind == 'g'; }

/* 0 where a finite number of the file is infinite as tn_real. */
static int real_at(const tn_npy *a, const unsigned char *p, tn_real *to) {
  if (is_float(a)) {
    const double v = float_at(a, p);
    *to = (tn_real)v;
    return !isinf(*to) || isinf(v);
  }
  if (a->kind == 'i')
    *to = (tn_real)signed_at(a, p);
  else
    *to = (tn_real)(a->kind == 'b' ? *p != 0 : bits_at(a, p));
  return 1;
}

static int int_at(const tn_npy *a, const unsigned char *p, int32_t *to) {
  if (a->kind == 'i') {
    const int64_t v = signed_at(a, p);
    *to = (int32_t)v;
    return v >= INT32_MIN && v <= INT32_MAX;
  }
  const uint64_t v = a->kind == 'b' ? *p != 0 : bits_at(a, p);
  *to = (int32_t)(v & INT32_MAX);
  return v <= INT32_MAX;
}

size_t tn_npy_offset(const tn_npy *a, size_t k) {
  size_t offset = 0, stride = a->count;
  if (!a->fortran) return k;
  for (int i = 0; i < a->rank; i++) {
    stride /= a->shape[i];
    offset += k % a->shape[i] * stride;
    k /= a->shape[i];
  }
  return offset;
}

size_t tn_npy_convert(const tn_npy *a, const unsigned char *from, size_t first, size_t n, tn_real *reals,
                      int32_t *ints) {
  const size_t width = (size_t)a->width;
  if (ints == NULL && a->kind == 'f' && width == sizeof(tn_real) && !a->swap && !a->fortran) {
    memcpy(reals + first, from, n * width);
    return n;
  }
  for (size_t i = 0; i < n; i++) {
    const size_t to = tn_npy_offset(a, first + i);
    const unsigned char *element = from + i * width;
    if (ints == NULL ? !real_at(a, element, &reals[to]) : !int_at(a, element, &ints[to])) return i;
  }
  return n;
}

int tn_npy_does_not_fit(const tn_npy *a, const unsigned char *element, size_t k, tn_why *why) {
  char digits[32], place[TN_NPY_MAX_RANK * 24];
  size_t offset = tn_npy_offset(a, k), stride = a->count, n = 0;
  for (int i = 0; i < a->rank; i++) {
    stride /= a->shape[i];
    n += (size_t)snprintf(place + n, sizeof place - n, "[%zu]", offset / stride + 1);
    offset %= stride;
  }
  if (is_float(a))
    return tn_fail(why, "element %s is %g, which " TN_REAL_NAME " cannot hold", place, float_at(a, element));
  if (a->kind == 'i')
    snprintf(digits, sizeof digits, "%" PRId64, signed_at(a, element));
  else
    snprintf(digits, sizeof digits, "%" PRIu64, bits_at(a, element));
  return tn_fail(why, "element %s is %s, which int32 cannot hold (load with { dtype = \"real\" })", place, digits);
}
