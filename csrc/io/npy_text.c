/* The strings of a .npy file. */
#include <string.h>

#include "npy.h"

static int utf8(uint32_t c, char *to) {
  if (c < 0x80) {
    to[0] = (char)c;
    return 1;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
  to[0] = (char)(lead[more] | c >> 6 * more);
  for (int i = 1; i <= more; i++) to[i] = (char)(0x80 | (c >> 6 * (more - i) & 0x3F));
  return more + 1;
}

int tn_npy_text(const tn_npy *a, const unsigned char *from, char *to, tn_why *why) {
  int n = a->width, length = 0;
  if (a->kind == 'S') {
    while (n > 0 && from[n - 1] == 0) n--;
    memcpy(to, from, (size_t)n);
    return n;
  }
  while (n > 0 && memcmp(from + n - 4, "\0\0\0\0", 4) == 0) n -= 4;
  for (int i = 0; i < n; i += 4) {
    uint32_t c;
    memcpy(&c, from + i, 4);
    if (a->swap) c = __builtin_bswap32(c);
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return tn_fail(why, "holds U+%04X, which is no character", c);
    length += utf8(c, to + length);
  }
  return length;
}
