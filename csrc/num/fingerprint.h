/* A 64-bit fingerprint of bytes, to tell whether weights have changed since
** something was computed from them. Reads at the speed of memory; not a
** cryptographic hash: two different contents agree by chance once in 2^64.
*/
#ifndef TN_FINGERPRINT_H
#define TN_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

uint64_t tn_fingerprint(uint64_t key, const void *data, size_t bytes);

#endif
