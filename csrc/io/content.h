/* A file's content by name, without reading it each time.
**
** What a file is taken by: path, device, inode, size, and the times of its last
** change, to the nanosecond. A store (store.h) maps that to the hash of the
** content. The time of change (ctime) is none that a program can set, so a file
** that is written again differs even where its size and its mtime were kept.
** Clocks of file systems tick, though: what was changed within the last two
** seconds may change again within one tick, and is read anew until it is older.
*/
#ifndef TN_IO_CONTENT_H
#define TN_IO_CONTENT_H

#include "store.h"

typedef struct tn_identity {
  unsigned char key[TN_DIGEST];
  int settled; /* not changed within the last seconds */
} tn_identity;

/* -1 where it is not a regular file that can be looked at. */
int tn_identify(tn_identity *id, const char *path);

/* The hash of the content, from `names` where it is there, and else by reading
** the file; always so where `verify`. `names` may be NULL. */
int tn_content(unsigned char digest[TN_DIGEST], const char *path, const tn_identity *id, tn_store *names, int verify,
               tn_why *why);

#endif
