/* The bytes of a safetensors file. */
#include "safetensors.h"

#include <string.h>

#define BLOCK 16384

static int big_endian(void) {
  const uint16_t one = 1;
  return *(const unsigned char *)&one == 0;
}

int tn_safetensors_dtype(const char *name, tn_npy *a) {
  static const struct {
    const char *name;
    char kind;
    int width;
  } known[] = {
      {"F64", 'f', 8}, {"F32", 'f', 4}, {"F16", 'f', 2}, {"BF16", 'g', 2}, {"I64", 'i', 8}, {"I32", 'i', 4},
      {"I16", 'i', 2}, {"I8", 'i', 1},  {"U64", 'u', 8}, {"U32", 'u', 4},  {"U16", 'u', 2}, {"U8", 'u', 1},
      {"BOOL", 'b', 1},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i].name, name) == 0) {
      a->kind = known[i].kind;
      a->width = known[i].width;
      a->swap = a->width > 1 && big_endian();
      return 1;
    }
  return 0;
}

int tn_safetensors_length(tn_input *in, size_t *length, tn_why *why) {
  unsigned char bytes[8];
  size_t got;
  uint64_t n = 0;
  if (tn_input_read(in, bytes, sizeof bytes, &got, why) != 0) return -1;
  if (got < sizeof bytes)
    return tn_fail(why, "is not a safetensors file: %zu bytes are too few for any", got);
  for (int i = 7; i >= 0; i--) n = n << 8 | bytes[i];
  if (n > TN_SAFETENSORS_MAX_HEADER)
    return tn_fail(why, "is not a safetensors file: its first 8 bytes promise a header of %llu bytes, at most %d are read",
                   (unsigned long long)n, TN_SAFETENSORS_MAX_HEADER);
  if (n > in->size - sizeof bytes)
    return tn_fail(why, "promises a header of %llu bytes, %llu are there", (unsigned long long)n,
                   (unsigned long long)(in->size - sizeof bytes));
  *length = (size_t)n;
  return 0;
}

static int cut_short(const tn_input *in, tn_why *why) {
  return tn_fail(why, "ends after %llu bytes; it has become shorter", (unsigned long long)in->at);
}

int tn_safetensors_read(tn_input *in, const tn_npy *a, uint64_t at, tn_real *reals, int32_t *ints, tn_why *why) {
  unsigned char block[BLOCK];
  const size_t width = (size_t)a->width;
  size_t got;
  if (tn_input_seek(in, at, why) != 0) return -1;
  if (ints == NULL && a->kind == 'f' && width == sizeof *reals && !a->swap) { /* as they are, without the block */
    if (tn_input_read(in, reals, a->count * width, &got, why) != 0) return -1;
    return got < a->count * width ? cut_short(in, why) : 0;
  }
  for (size_t done = 0; done < a->count;) {
    const size_t left = a->count - done, most = sizeof block / width, n = left < most ? left : most;
    if (tn_input_read(in, block, n * width, &got, why) != 0) return -1;
    if (got < n * width) return cut_short(in, why);
    const size_t fit = tn_npy_convert(a, block, done, n, reals, ints);
    if (fit < n) return tn_npy_does_not_fit(a, block + fit * width, done + fit, why);
    done += n;
  }
  return 0;
}

int tn_safetensors_write(tn_output *out, const void *from, size_t n, size_t width, tn_why *why) {
  const unsigned char *bytes = from;
  unsigned char block[BLOCK];
  if (!big_endian()) return tn_output_write(out, from, n * width, why);
  for (size_t left = n * width; left > 0;) {
    const size_t size = left < sizeof block ? left : sizeof block;
    for (size_t i = 0; i < size; i++) block[i] = bytes[i - i % width + width - 1 - i % width];
    if (tn_output_write(out, block, size, why) != 0) return -1;
    bytes += size;
    left -= size;
  }
  return 0;
}

void tn_safetensors_put_length(unsigned char *to, size_t length) {
  for (int i = 0; i < 8; i++) to[i] = (unsigned char)((uint64_t)length >> 8 * i & 255);
}
