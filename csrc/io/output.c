/* Atomic writing of files and zip archives. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOS_DATE_1980_01_01 0x21
#define LONGEST_NAME 65535 /* of a member: the format counts its bytes in 16 bits, and libzip cuts them off there */
#define TRIES 100 /* names left behind by killed processes with our id */

static int reserve(tn_output *out, const char *path, tn_why *why) {
  const size_t room = strlen(path) + 48;
  int fd = -1;
  out->path = strdup(path);
  char *temporary = malloc(room);
  if (out->path == NULL || temporary == NULL) {
    free(temporary);
    return tn_fail(why, "out of memory");
  }
  for (int i = 0; i < TRIES && fd < 0; i++) {
    snprintf(temporary, room, "%s.%ld-%d.tmp", path, (long)getpid(), i);
    fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST) break;
  }
  if (fd < 0) {
    tn_fail(why, "%s", strerror(errno));
    free(temporary);
    return -1;
  }
  out->temporary = temporary;
  return fd;
}

int tn_output_open(tn_output *out, const char *path, tn_why *why) {
  const int fd = reserve(out, path, why);
  if (fd < 0) return -1;
  out->file = fdopen(fd, "wb");
  if (out->file == NULL) {
    tn_fail(why, "%s", strerror(errno));
    close(fd);
    return -1;
  }
  return 0;
}

int tn_output_open_zip(tn_output *out, const char *path, tn_why *why) {
  int code = 0;
  const int fd = reserve(out, path, why);
  if (fd < 0) return -1;
  close(fd);
  out->zip = zip_open(out->temporary, ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (out->zip == NULL) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    tn_fail(why, "%s", zip_error_strerror(&error));
    zip_error_fini(&error);
    return -1;
  }
  return 0;
}

int tn_output_write(tn_output *out, const void *from, size_t n, tn_why *why) {
  if (fwrite(from, 1, n, out->file) != n) return tn_fail(why, "%s", strerror(errno));
  return 0;
}

/* libzip says "No error" of what it had no memory for. */
static int zip_failed(const tn_output *out, tn_why *why) {
  return tn_fail(why, "%s", errno == ENOMEM ? "out of memory" : zip_strerror(out->zip));
}

int tn_output_member(tn_output *out, const char *name, const void *head, size_t head_size,
                     const void *body, size_t body_size, int compress, tn_why *why) {
  zip_buffer_fragment_t pieces[2];
  const size_t named = strlen(name);
  if (named > LONGEST_NAME)
    return tn_fail(why, "its name has %zu bytes, and the name of a member at most %d", named, LONGEST_NAME);
  memset(pieces, 0, sizeof pieces);
  /* libzip takes the bytes as mutable but, told not to free them, only reads */
  pieces[0].data = (zip_uint8_t *)(uintptr_t)head;
  pieces[0].length = head_size;
  pieces[1].data = (zip_uint8_t *)(uintptr_t)body;
  pieces[1].length = body_size;
  errno = 0;
  zip_source_t *source = zip_source_buffer_fragment(out->zip, pieces, body_size > 0 ? 2 : 1, 0);
  if (source == NULL) return zip_failed(out, why);
  const zip_int64_t at = zip_file_add(out->zip, name, source, ZIP_FL_ENC_UTF_8);
  if (at < 0) {
    zip_source_free(source);
    return zip_failed(out, why);
  }
  const zip_uint64_t index = (zip_uint64_t)at;
  if (zip_set_file_compression(out->zip, index, compress ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) != 0 ||
      zip_file_set_dostime(out->zip, index, 0, DOS_DATE_1980_01_01, 0) != 0)
    return zip_failed(out, why);
  return 0;
}

static int sync_path(const char *path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  const int failed = fsync(fd);
  const int reason = errno;
  close(fd);
  errno = reason;
  return failed;
}

/* so that the new name outlives a power cut; some file systems refuse this */
static void sync_folder(char *path) {
  char *slash = strrchr(path, '/');
  if (slash == NULL) {
    (void)sync_path(".");
  } else {
    slash[slash == path ? 1 : 0] = '\0';
    (void)sync_path(path);
  }
}

static int finish_file(tn_output *out) {
  int failed = fflush(out->file) != 0 || fsync(fileno(out->file)) != 0;
  const int reason = errno;
  FILE *file = out->file;
  out->file = NULL;
  if (fclose(file) != 0) return -1;
  errno = reason;
  return failed ? -1 : 0;
}

int tn_output_commit(tn_output *out, tn_why *why) {
  int result = 0;
  if (out->zip != NULL) {
    errno = 0;
    if (zip_close(out->zip) != 0) {
      result = zip_failed(out, why);
      zip_discard(out->zip);
    } else if (sync_path(out->temporary) != 0) {
      result = tn_fail(why, "%s", strerror(errno));
    }
    out->zip = NULL;
  } else if (finish_file(out) != 0) {
    result = tn_fail(why, "%s", strerror(errno));
  }
  if (result == 0 && rename(out->temporary, out->path) != 0) result = tn_fail(why, "%s", strerror(errno));
  if (result == 0) {
    free(out->temporary);
    out->temporary = NULL;
    sync_folder(out->path);
  }
  tn_output_discard(out);
  return result;
}

void tn_output_discard(tn_output *out) {
  if (out->zip != NULL) zip_discard(out->zip);
  if (out->file != NULL) fclose(out->file);
  if (out->temporary != NULL) unlink(out->temporary);
  free(out->temporary);
  free(out->path);
  memset(out, 0, sizeof *out);
}
