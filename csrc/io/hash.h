/* A name for content: XXH3's 128 bits, as bytes or as 32 hexadecimal digits. Two
** files of one name are one content, short of malice: it is no cryptographic hash.
*/
#ifndef TN_IO_HASH_H
#define TN_IO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "why.h"

#define TN_DIGEST 16
#define TN_HASH 33 /* the digits and a zero */

void tn_digest(unsigned char digest[TN_DIGEST], const void *bytes, size_t n);
int tn_digest_file(unsigned char digest[TN_DIGEST], const char *path, tn_why *why);
void tn_hash(char digits[TN_HASH], const void *bytes, size_t n);
int tn_hash_file(char digits[TN_HASH], const char *path, tn_why *why);

/* 64 bits that tell whether bytes are those that were written. */
uint64_t tn_checksum(const void *bytes, size_t n);

#endif
