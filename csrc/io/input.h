/* Bytes to read: a plain file, or one member after the other of a zip archive. */
#ifndef TN_IO_INPUT_H
#define TN_IO_INPUT_H

#include <stdint.h>
#include <zip.h>

#include "why.h"

/* All zero is a closed input; tn_input_close may be called on it, and twice. */
typedef struct tn_input {
  FILE *file;
  zip_t *zip;
  zip_file_t *member;
  uint64_t file_size;
  uint64_t size; /* bytes of the plain file or of the open member */
  uint64_t at;   /* bytes of these already read */
} tn_input;

int tn_input_open(tn_input *in, const char *path, tn_why *why);
int tn_input_open_zip(tn_input *in, const char *path, tn_why *why);
void tn_input_close(tn_input *in);

/* The number of members, and the name of one: NULL when it is unreadable. The
** name lives as long as the archive is open. */
uint64_t tn_input_members(const tn_input *in);
const char *tn_input_member_name(const tn_input *in, uint64_t index);

/* Opens member `index` in place of the one before. Its size is believed only
** as far as the bytes of the archive can justify it. */
int tn_input_select(tn_input *in, uint64_t index, tn_why *why);

/* Reads up to n bytes, fewer only at the end; the count goes to *got. Reading
** a member to its end checks its CRC. */
int tn_input_read(tn_input *in, void *to, size_t n, size_t *got, tn_why *why);

/* Goes to byte `at` of a plain file. */
int tn_input_seek(tn_input *in, uint64_t at, tn_why *why);

#endif
