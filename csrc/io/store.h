/* A table on the disk that only grows: keys of 16 bytes, values of one size.
**
**    head      512 bytes of text: what the file holds, zeros behind it
**    records   key (16), value, checksum of both (8), back to back
**
** A record is written by one call under an exclusive lock of the file, so any
** number of threads and processes may add to it at once. A writer that is
** killed, or a full disk, leaves at most one torn record at the end: readers
** count whole records only, and the next writer cuts it off. A record whose
** checksum is wrong, as after a power cut, counts as absent. Nothing is ever
** changed in place. In memory are the keys and where they stand.
**
** What cannot be written is not an error of the caller's: the store stops
** writing, goes on reading, and `why` has the reason. The numbers are this
** machine's: the head must name what else decides their bytes.
*/
#ifndef TN_IO_STORE_H
#define TN_IO_STORE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "hash.h"

#define TN_STORE_HEAD 512
#define TN_STORE_VALUE 4096 /* bytes of a value, at most */

typedef struct tn_store_slot {
  unsigned char key[TN_DIGEST];
  uint64_t at; /* in the file; 0: a free slot */
} tn_store_slot;

typedef struct tn_store {
  int open, fd;
  size_t value; /* bytes */
  int writing;
  tn_why why;      /* where it does not write */
  size_t damaged;  /* records with a wrong checksum */
  size_t unsaved;  /* values that were not written */
  uint64_t end;    /* of what has been read */
  char head[TN_STORE_HEAD];
  tn_store_slot *slots;
  size_t room, count; /* room: a power of two, or 0 */
  pthread_mutex_t lock;
} tn_store;

/* On a struct of zeros. -1 where there is no such file and none can be made, or
** it holds something else. A file that can be read alone is opened for that. */
int tn_store_open(tn_store *s, const char *path, const char *title, size_t value, tn_why *why);
/* May be called any number of times and on a struct of zeros. */
void tn_store_close(tn_store *s);

/* Whether the key is there; its value then. For any number of threads. */
int tn_store_get(tn_store *s, const unsigned char key[TN_DIGEST], void *value);
/* Adds a value. Of several under one key the last counts. For any number of threads. */
void tn_store_put(tn_store *s, const unsigned char key[TN_DIGEST], const void *value);

#endif
