/* Reading whole records as the file grows, and adding one at its end. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUM sizeof(uint64_t)
#define TN_STORE_RECORD (TN_DIGEST + TN_STORE_VALUE + SUM)

static size_t record_size(const tn_store *s) { return TN_DIGEST + s->value + SUM; }

static int intact(const tn_store *s, const unsigned char *record) {
  uint64_t sum;
  memcpy(&sum, record + TN_DIGEST + s->value, SUM);
  return sum == tn_checksum(record, TN_DIGEST + s->value);
}

/* Keys are hashes, so their first bytes serve as one. */
static tn_store_slot *slot_of(const tn_store *s, const unsigned char key[TN_DIGEST]) {
  uint64_t h;
  memcpy(&h, key, sizeof h);
  size_t i = (size_t)h & (s->room - 1);
  while (s->slots[i].at != 0 && memcmp(s->slots[i].key, key, TN_DIGEST) != 0) i = (i + 1) & (s->room - 1);
  return &s->slots[i];
}

static int grow(tn_store *s) {
  tn_store bigger = *s;
  bigger.room = s->room != 0 ? 2 * s->room : 1024;
  bigger.slots = (tn_store_slot *)calloc(bigger.room, sizeof *bigger.slots);
  if (bigger.slots == NULL) return -1;
  for (size_t i = 0; i < s->room; i++)
    if (s->slots[i].at != 0) *slot_of(&bigger, s->slots[i].key) = s->slots[i];
  free(s->slots);
  s->slots = bigger.slots;
  s->room = bigger.room;
  return 0;
}

static int remember(tn_store *s, const unsigned char key[TN_DIGEST], uint64_t at) {
  if (s->count >= s->room / 2 && grow(s) != 0) return -1;
  tn_store_slot *slot = slot_of(s, key);
  if (slot->at == 0) {
    memcpy(slot->key, key, TN_DIGEST);
    s->count++;
  }
  slot->at = at; /* the newest: an older one may be damaged since */
  return 0;
}

static ssize_t read_at(int fd, void *into, size_t n, uint64_t at) {
  size_t done = 0;
  while (done < n) {
    const ssize_t got = pread(fd, (char *)into + done, n - done, (off_t)(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += (size_t)got;
  }
  return (ssize_t)done;
}

static int write_at(int fd, const void *from, size_t n, uint64_t at) {
  size_t done = 0;
  while (done < n) {
    const ssize_t put = pwrite(fd, (const char *)from + done, n - done, (off_t)(at + done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      if (put == 0) errno = ENOSPC;
      return -1;
    }
    done += (size_t)put;
  }
  return 0;
}

/* Reads the whole records from s->end up to `size`. */
static int load(tn_store *s, uint64_t size, tn_why *why) {
  unsigned char block[1 << 16];
  const size_t record = record_size(s), most = sizeof block / record;
  while (s->end + record <= size) {
    uint64_t n = (size - s->end) / record;
    if (n > most) n = most;
    const ssize_t got = read_at(s->fd, block, (size_t)n * record, s->end);
    if (got < 0) return tn_fail(why, "%s", strerror(errno));
    n = (uint64_t)got / record;
    if (n == 0) break; /* shorter than it was a moment ago */
    for (size_t i = 0; i < n; i++) {
      const unsigned char *at = block + i * record;
      if (!intact(s, at))
        s->damaged++;
      else if (remember(s, at, s->end + i * record) != 0)
        return tn_fail(why, "out of memory");
    }
    s->end += n * record;
  }
  return 0;
}

static int stop_writing(tn_store *s, const char *reason) {
  s->writing = 0;
  return tn_fail(&s->why, "%s", reason);
}

/* Takes the file's lock and makes its end that of the last whole record. */
static int begin_write(tn_store *s) {
  struct stat about;
  while (flock(s->fd, LOCK_EX) != 0)
    if (errno != EINTR) return stop_writing(s, strerror(errno));
  if (fstat(s->fd, &about) != 0) return stop_writing(s, strerror(errno));
  uint64_t size = (uint64_t)about.st_size;
  if (size < TN_STORE_HEAD) {
    /* new; or its maker was killed before the head was whole */
    if (write_at(s->fd, s->head, TN_STORE_HEAD, 0) != 0) return stop_writing(s, strerror(errno));
    size = TN_STORE_HEAD;
  }
  if (s->end < TN_STORE_HEAD) s->end = TN_STORE_HEAD;
  if (load(s, size, &s->why) != 0) {
    s->writing = 0;
    return -1;
  }
  if (size > s->end && ftruncate(s->fd, (off_t)s->end) != 0) return stop_writing(s, strerror(errno));
  if (size < s->end) s->end = size - (size - TN_STORE_HEAD) % record_size(s); /* someone cut it */
  return 0;
}

static void write_record(tn_store *s, const unsigned char key[TN_DIGEST], const void *value) {
  unsigned char record[TN_STORE_RECORD];
  const uint64_t at = s->end;
  memcpy(record, key, TN_DIGEST);
  memcpy(record + TN_DIGEST, value, s->value);
  const uint64_t sum = tn_checksum(record, TN_DIGEST + s->value);
  memcpy(record + TN_DIGEST + s->value, &sum, SUM);
  if (write_at(s->fd, record, record_size(s), at) != 0) {
    const int code = errno;
    if (ftruncate(s->fd, (off_t)at) != 0) { /* the torn record stays, and counts as none */
    }
    stop_writing(s, strerror(code));
  } else if (remember(s, key, at) != 0) {
    stop_writing(s, "out of memory");
  } else {
    s->end = at + record_size(s);
  }
}

static int read_head(tn_store *s, tn_why *why) {
  char head[TN_STORE_HEAD];
  struct stat about;
  if (fstat(s->fd, &about) != 0) return tn_fail(why, "%s", strerror(errno));
  if (!S_ISREG(about.st_mode)) return tn_fail(why, "is not a regular file");
  const ssize_t got = read_at(s->fd, head, sizeof head, 0);
  if (got < 0) return tn_fail(why, "%s", strerror(errno));
  if (memcmp(head, s->head, (size_t)got) != 0)
    return tn_fail(why, "is no cache of this kind, or is damaged: remove it");
  if (got < TN_STORE_HEAD) { /* nothing yet */
    if (s->writing) {
      begin_write(s);
      flock(s->fd, LOCK_UN);
    }
    return 0;
  }
  s->end = TN_STORE_HEAD;
  return load(s, (uint64_t)about.st_size, why);
}

int tn_store_open(tn_store *s, const char *path, const char *title, size_t value, tn_why *why) {
  if (strlen(title) + 2 > TN_STORE_HEAD || value > TN_STORE_VALUE) return tn_fail(why, "title or value is too long");
  s->value = value;
  snprintf(s->head, sizeof s->head, "%s\n", title);
  /* not along a link, which may lead to anything; a pipe is not waited for */
  s->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  s->writing = s->fd >= 0;
  if (s->fd < 0) {
    const int code = errno;
    s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (s->fd < 0) return tn_fail(why, "%s", code == ELOOP ? "is a symbolic link" : strerror(code));
    stop_writing(s, strerror(code));
  }
  pthread_mutex_init(&s->lock, NULL);
  s->open = 1;
  if (read_head(s, why) != 0) {
    tn_store_close(s);
    return -1;
  }
  return 0;
}

void tn_store_close(tn_store *s) {
  if (!s->open) return;
  s->open = 0;
  close(s->fd);
  free(s->slots);
  s->slots = NULL;
  s->room = s->count = 0;
  pthread_mutex_destroy(&s->lock);
}

static uint64_t place_of(const tn_store *s, const unsigned char key[TN_DIGEST]) {
  return s->room != 0 ? slot_of(s, key)->at : 0;
}

/* The record at that place, if it is the key's and whole: who knows what has
** become of the file since it was read. */
static int fetch(const tn_store *s, unsigned char *record, const unsigned char key[TN_DIGEST], uint64_t at) {
  const size_t size = record_size(s);
  return at != 0 && read_at(s->fd, record, size, at) == (ssize_t)size && intact(s, record) &&
         memcmp(record, key, TN_DIGEST) == 0;
}

static int holds(const tn_store *s, const unsigned char key[TN_DIGEST], const void *value) {
  unsigned char record[TN_STORE_RECORD];
  return fetch(s, record, key, place_of(s, key)) && memcmp(record + TN_DIGEST, value, s->value) == 0;
}

int tn_store_get(tn_store *s, const unsigned char key[TN_DIGEST], void *value) {
  unsigned char record[TN_STORE_RECORD];
  pthread_mutex_lock(&s->lock);
  const uint64_t at = place_of(s, key);
  pthread_mutex_unlock(&s->lock);
  if (!fetch(s, record, key, at)) return 0;
  memcpy(value, record + TN_DIGEST, s->value);
  return 1;
}

void tn_store_put(tn_store *s, const unsigned char key[TN_DIGEST], const void *value) {
  pthread_mutex_lock(&s->lock);
  if (s->writing) {
    /* another process may have added it since */
    if (begin_write(s) == 0 && !holds(s, key, value)) write_record(s, key, value);
    flock(s->fd, LOCK_UN);
  }
  if (!s->writing) s->unsaved++;
  pthread_mutex_unlock(&s->lock);
}
