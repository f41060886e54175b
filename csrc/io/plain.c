/* Text that comes from a file, for messages. */
#include "plain.h"

size_t tn_plain(char *to, const char *from, size_t n) {
  const unsigned char *const text = (const unsigned char *)from;
  size_t written = 0;
  for (size_t i = 0; i < n; i++) {
    const int two = text[i] == 0xC2 && i + 1 < n && text[i + 1] >= 0x80 && text[i + 1] < 0xA0;
    to[written] = from[i];
    if (two || text[i] < 32 || text[i] == 127) to[written] = '?';
    written++;
    i += (size_t)two;
  }
  return written;
}
