/* Why something failed: a text without the file's name, which the caller adds.
** Functions of this room return 0, or -1 with the reason written here.
*/
#ifndef TN_IO_WHY_H
#define TN_IO_WHY_H

#include <stdarg.h>
#include <stdio.h>

typedef struct tn_why {
  char text[320];
} tn_why;

__attribute__((format(printf, 2, 3))) static inline int tn_fail(tn_why *why, const char *format, ...) {
  va_list args;
  va_start(args, format);
  /* cppcheck-suppress ctuuninitvar ; the text is written here, not read */
  vsnprintf(why->text, sizeof why->text, format, args);
  va_end(args);
  return -1;
}

#endif
