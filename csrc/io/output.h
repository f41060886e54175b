/* A file that appears whole or not at all: written beside its place under
** another name, synced, renamed.
*/
#ifndef TN_IO_OUTPUT_H
#define TN_IO_OUTPUT_H

#include <stdio.h>
#include <zip.h>

#include "why.h"

/* All zero is a closed output; tn_output_discard may be called on it, and twice. */
typedef struct tn_output {
  FILE *file;
  zip_t *zip;
  char *path;      /* owned */
  char *temporary; /* owned; on the disk while not NULL */
} tn_output;

int tn_output_open(tn_output *out, const char *path, tn_why *why);
int tn_output_open_zip(tn_output *out, const char *path, tn_why *why);

int tn_output_write(tn_output *out, const void *from, size_t n, tn_why *why);

/* Adds a member of two pieces, which must stay where they are until commit.
** The time stamp is that of the zip format's beginning, so that equal content
** makes equal bytes. */
int tn_output_member(tn_output *out, const char *name, const void *head, size_t head_size,
                     const void *body, size_t body_size, int compress, tn_why *why);

/* Both close the output. */
int tn_output_commit(tn_output *out, tn_why *why);
void tn_output_discard(tn_output *out);

#endif
