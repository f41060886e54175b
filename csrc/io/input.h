/* Bytes to read: a plain file, a gzip file, or one member after the other of a
** zip archive.
*/
#ifndef TN_IO_INPUT_H
#define TN_IO_INPUT_H

#include <stdint.h>
#include <zip.h>

#include "gzip.h"
#include "why.h"

/* All zero is a closed input; tn_input_close may be called on it, and twice. */
typedef struct tn_input {
  FILE *file;
  zip_t *zip;
  zip_file_t *member;
  tn_gzip *gzip;
  uint64_t file_size;
  uint64_t size; /* bytes of the plain file or of the open member; of gzip's content at most so many */
  uint64_t at;   /* bytes of these already read */
} tn_input;

typedef enum tn_packing { TN_PLAIN, TN_GZIP, TN_ZIP } tn_packing;

/* How a file is packed, by its first bytes. */
int tn_input_packing(const char *path, tn_packing *packing, tn_why *why);

int tn_input_open(tn_input *in, const char *path, tn_why *why);
int tn_input_open_gzip(tn_input *in, const char *path, tn_why *why);
int tn_input_open_zip(tn_input *in, const char *path, tn_why *why);
void tn_input_close(tn_input *in);
int tn_input_is_open(const tn_input *in);

/* The number of members, and the name of one: NULL when it is unreadable. The
** name lives as long as the archive is open. */
uint64_t tn_input_members(const tn_input *in);
const char *tn_input_member_name(const tn_input *in, uint64_t index);

/* Opens the content of a file however it is packed: of a zip archive, member `index`. */
int tn_input_open_packed(tn_input *in, const char *path, uint64_t index, tn_why *why);

/* Opens member `index` in place of the one before. Its size is believed only
** as far as the bytes of the archive can justify it. */
int tn_input_select(tn_input *in, uint64_t index, tn_why *why);

/* Reads up to n bytes, fewer only at the end; the count goes to *got. Reading
** a member to its end checks its CRC. */
int tn_input_read(tn_input *in, void *to, size_t n, size_t *got, tn_why *why);

/* Goes to byte `at` of a plain file. */
int tn_input_seek(tn_input *in, uint64_t at, tn_why *why);

/* How far reading is: *done of *total, in bytes of the content, or for gzip,
** which does not tell how long its content is, of the file. */
void tn_input_progress(const tn_input *in, uint64_t *done, uint64_t *total);

#endif
