/* gzip's format (RFC 1952) read as a stream, through zlib. A file may hold
** several members, as `cat a.gz b.gz` makes: their contents follow one another.
** Each member's CRC and length are checked at its end.
*/
#ifndef TN_IO_GZIP_H
#define TN_IO_GZIP_H

#include "why.h"

typedef struct tn_gzip tn_gzip;

/* Reads from `file`, which stays the caller's and must outlive the result. */
tn_gzip *tn_gzip_open(FILE *file, tn_why *why);
void tn_gzip_close(tn_gzip *gz);

/* Reads up to n bytes, fewer only at the end of the last member. */
int tn_gzip_read(tn_gzip *gz, void *to, size_t n, size_t *got, tn_why *why);

#endif
