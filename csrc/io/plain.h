/* Text that comes from a file, for messages. */
#ifndef TN_IO_PLAIN_H
#define TN_IO_PLAIN_H

#include <stddef.h>

/* Copies n bytes of UTF-8 with '?' for what a terminal would obey: control characters, those of two bytes
** too (U+0080 to U+009F). Returns how many bytes there are now, never above n. */
size_t tn_plain(char *to, const char *from, size_t n);

#endif
