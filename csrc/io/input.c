/* Reading plain files, gzip files and zip members through one face. The size is
** known from the start, for gzip as a bound, and justified by what lies on the
** disk, so that a reader may check a header's promise before it allocates anything.
*/
#include "input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* deflate writes at best a match of 258 bytes in 2 bits: 1032 bytes from one */
#define DEFLATE_BEST 1032

static int file_size(tn_input *in, const char *path, tn_why *why) {
  struct stat st;
  if (stat(path, &st) != 0) return tn_fail(why, "%s", strerror(errno));
  if (S_ISDIR(st.st_mode)) return tn_fail(why, "is a directory");
  if (!S_ISREG(st.st_mode)) return tn_fail(why, "is not a regular file");
  in->file_size = (uint64_t)st.st_size;
  return 0;
}

int tn_input_open(tn_input *in, const char *path, tn_why *why) {
  if (file_size(in, path, why) != 0) return -1;
  in->file = fopen(path, "rbe"); /* e: programs that are started meanwhile do not get it */
  if (in->file == NULL) return tn_fail(why, "%s", strerror(errno));
  in->size = in->file_size;
  in->at = 0;
  return 0;
}

int tn_input_packing(const char *path, tn_packing *packing, tn_why *why) {
  tn_input in = {0};
  unsigned char magic[4] = {0};
  size_t got;
  const int failed = tn_input_open(&in, path, why) != 0 || tn_input_read(&in, magic, 4, &got, why) != 0;
  tn_input_close(&in);
  if (failed) return -1;
  /* an archive begins with a member, or where it has none with its end */
  const int zip = memcmp(magic, "PK\3\4", 4) == 0 || memcmp(magic, "PK\5\6", 4) == 0;
  *packing = zip ? TN_ZIP : magic[0] == 0x1f && magic[1] == 0x8b ? TN_GZIP : TN_PLAIN;
  return 0;
}

int tn_input_open_gzip(tn_input *in, const char *path, tn_why *why) {
  if (tn_input_open(in, path, why) != 0) return -1;
  in->gzip = tn_gzip_open(in->file, why);
  if (in->gzip == NULL) return -1;
  in->size = in->file_size > UINT64_MAX / DEFLATE_BEST ? UINT64_MAX : in->file_size * DEFLATE_BEST;
  return 0;
}

/* Members that lie in one another's bytes would unpack to any multiple of the file. */
static int members_apart(const tn_input *in, tn_why *why) {
  zip_stat_t st;
  uint64_t left = in->file_size;
  const uint64_t members = tn_input_members(in);
  for (uint64_t i = 0; i < members; i++) {
    if (zip_stat_index(in->zip, i, 0, &st) != 0) return tn_fail(why, "%s", zip_strerror(in->zip));
    if (!(st.valid & ZIP_STAT_COMP_SIZE)) continue; /* it cannot be selected */
    if (st.comp_size > left) return tn_fail(why, "the archive's members hold more bytes than the file");
    left -= st.comp_size;
  }
  return 0;
}

int tn_input_open_zip(tn_input *in, const char *path, tn_why *why) {
  int code = 0;
  if (file_size(in, path, why) != 0) return -1;
  errno = 0;
  in->zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
  if (in->zip == NULL && errno == ENOMEM) return tn_fail(why, "out of memory"); /* libzip's own words vary */
  if (in->zip == NULL) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    /* libzip's own words for two members of one name are "File already exists" */
    tn_fail(why, "%s", code == ZIP_ER_EXISTS ? "holds two members of one name" : zip_error_strerror(&error));
    zip_error_fini(&error);
    return -1;
  }
  return members_apart(in, why);
}

static void close_member(tn_input *in) {
  if (in->member != NULL) zip_fclose(in->member);
  in->member = NULL;
}

void tn_input_close(tn_input *in) {
  close_member(in);
  if (in->zip != NULL) zip_discard(in->zip);
  in->zip = NULL;
  tn_gzip_close(in->gzip);
  in->gzip = NULL;
  if (in->file != NULL) fclose(in->file);
  in->file = NULL;
}

int tn_input_is_open(const tn_input *in) { return in->file != NULL || in->zip != NULL; }

uint64_t tn_input_members(const tn_input *in) { return (uint64_t)zip_get_num_entries(in->zip, 0); }

const char *tn_input_member_name(const tn_input *in, uint64_t index) {
  return zip_get_name(in->zip, index, 0);
}

int tn_input_select(tn_input *in, uint64_t index, tn_why *why) {
  zip_stat_t st;
  close_member(in);
  if (zip_stat_index(in->zip, index, 0, &st) != 0) return tn_fail(why, "%s", zip_strerror(in->zip));
  if (!(st.valid & ZIP_STAT_SIZE) || !(st.valid & ZIP_STAT_COMP_SIZE))
    return tn_fail(why, "the archive does not tell its size");
  if (st.comp_size > in->file_size || st.size / DEFLATE_BEST > st.comp_size)
    return tn_fail(why, "the archive promises %llu bytes that it cannot hold", (unsigned long long)st.size);
  in->member = zip_fopen_index(in->zip, index, 0);
  if (in->member == NULL) return tn_fail(why, "%s", zip_strerror(in->zip));
  in->size = st.size;
  in->at = 0;
  return 0;
}

int tn_input_open_packed(tn_input *in, const char *path, uint64_t index, tn_why *why) {
  tn_packing packing;
  if (tn_input_packing(path, &packing, why) != 0) return -1;
  if (packing == TN_GZIP) return tn_input_open_gzip(in, path, why);
  if (packing == TN_PLAIN) return tn_input_open(in, path, why);
  return tn_input_open_zip(in, path, why) != 0 ? -1 : tn_input_select(in, index, why);
}

int tn_input_read(tn_input *in, void *to, size_t n, size_t *got, tn_why *why) {
  size_t have = 0;
  if (in->member != NULL) {
    while (have < n) {
      const zip_int64_t r = zip_fread(in->member, (char *)to + have, n - have);
      if (r < 0) return tn_fail(why, "%s", zip_file_strerror(in->member));
      if (r == 0) break;
      have += (size_t)r;
    }
    /* what is not deflated has no bound but the one that the archive tells */
    if (have > in->size - in->at)
      return tn_fail(why, "unpacks to more than the %llu bytes that the archive promises", (unsigned long long)in->size);
  } else if (in->gzip != NULL) {
    if (tn_gzip_read(in->gzip, to, n, &have, why) != 0) return -1;
  } else {
    have = fread(to, 1, n, in->file);
    if (have < n && ferror(in->file)) return tn_fail(why, "%s", strerror(errno));
  }
  in->at += have;
  *got = have;
  return 0;
}

int tn_input_seek(tn_input *in, uint64_t at, tn_why *why) {
  if (at == in->at) return 0;
  if (fseeko(in->file, (off_t)at, SEEK_SET) != 0) return tn_fail(why, "%s", strerror(errno));
  in->at = at;
  return 0;
}

void tn_input_progress(const tn_input *in, uint64_t *done, uint64_t *total) {
  const off_t at = in->gzip != NULL ? ftello(in->file) : -1;
  *done = at >= 0 ? (uint64_t)at : in->at;
  *total = in->gzip != NULL ? in->file_size : in->size;
}
