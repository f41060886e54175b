/* Lower case for UTF-8, as Python's `str.lower` where one letter becomes one
** letter: ASCII, Latin-1, Latin Extended-A and the regular part of B, Greek,
** Cyrillic and Armenian. Letters beyond these and bytes that are not UTF-8 stay
** as they are; a capital sigma becomes σ at a word's end too.
*/
#ifndef TN_IO_LOWERCASE_H
#define TN_IO_LOWERCASE_H

#include <stddef.h>

/* Room for the lower case of n bytes: İ, two bytes, becomes three. */
#define TN_LOWERCASE_ROOM(n) ((n) + (n) / 2)

/* Writes the lower case of n bytes; returns its length, never below n. */
size_t tn_lowercase(char *to, const char *from, size_t n);

#endif
