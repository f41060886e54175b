/* A name for content: XXH3's 128 bits, as 32 hexadecimal digits. Two files of
** one name are one content, short of malice: it is no cryptographic hash.
*/
#ifndef TN_IO_HASH_H
#define TN_IO_HASH_H

#include <stddef.h>

#include "why.h"

#define TN_HASH 33 /* the digits and a zero */

void tn_hash(char digits[TN_HASH], const void *bytes, size_t n);
int tn_hash_file(char digits[TN_HASH], const char *path, tn_why *why);

#endif
