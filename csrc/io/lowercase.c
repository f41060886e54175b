/* Every capital beyond ASCII that is known here, and its small letter, is a
** two-byte sequence; such a lead byte begins no other sequence.
*/
#include "lowercase.h"


#define DOTTED_I 0x130 /* İ, which becomes i and a combining dot */

/* In these runs the small letter stands `distance` after the capital. */
static const struct {
  unsigned first, last, distance;
} runs[] = {
    {0xC0, 0xD6, 32},   {0xD8, 0xDE, 32},                                              /* Latin-1 */
    {0x18F, 0x18F, 202},                                                               /* Ə */
    {0x386, 0x386, 38}, {0x388, 0x38A, 37}, {0x38C, 0x38C, 64}, {0x38E, 0x38F, 63},     /* Greek */
    {0x391, 0x3A1, 32}, {0x3A3, 0x3AB, 32}, {0x400, 0x40F, 80}, {0x410, 0x42F, 32},     /* Cyrillic */
    {0x531, 0x556, 48},                                                                /* Armenian */
};

/* In these a capital, `first` and every second one after it, stands before its small letter. */
static const struct {
  unsigned first, last;
} pairs[] = {
    {0x100, 0x12E}, {0x132, 0x136}, {0x139, 0x147}, {0x14A, 0x176}, {0x179, 0x17D}, {0x1CD, 0x1DB}, {0x1DE, 0x1EE},
    {0x1F8, 0x21E}, {0x222, 0x232}, {0x460, 0x480}, {0x48A, 0x4BE}, {0x4C1, 0x4CD}, {0x4D0, 0x52E},
};

static unsigned lower(unsigned c) {
  if (c == 0x178) return 0xFF;
  for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
    if (c >= runs[i].first && c <= runs[i].last) return c + runs[i].distance;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (c >= pairs[i].first && c <= pairs[i].last) return c + !((c - pairs[i].first) & 1);
  return c;
}

size_t tn_lowercase(char *to, const char *from, size_t n) {
  char *const start = to;
  for (size_t i = 0; i < n; i++) {
    const unsigned char b = (unsigned char)from[i];
    if (b < 0xC3 || b > 0xD5 || i + 1 == n || ((unsigned char)from[i + 1] & 0xC0) != 0x80) {
      *to++ = (char)(b >= 'A' && b <= 'Z' ? b + 32 : b);
      continue;
    }
    const unsigned c = (b & 31u) << 6 | ((unsigned char)from[++i] & 63u);
    if (c == DOTTED_I) {
      *to++ = 'i';
      *to++ = '\xCC';
      *to++ = '\x87';
    } else {
      const unsigned l = lower(c);
      *to++ = (char)(0xC0 | l >> 6);
      *to++ = (char)(0x80 | (l & 63));
    }
  }
  return (size_t)(to - start);
}
