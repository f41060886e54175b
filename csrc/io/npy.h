/* NumPy's array file: magic "\x93NUMPY", version, header length, a Python dict
** with descr, fortran_order and shape, then the numbers (NumPy, NEP 1 and
** numpy/lib/format.py).
*/
#ifndef TN_IO_NPY_H
#define TN_IO_NPY_H

#include <stddef.h>
#include <stdint.h>

#include "../num/real.h"
#include "why.h"

#define TN_NPY_MAX_RANK 8
#define TN_NPY_PREFIX 12       /* magic, version and the longer header length */
#define TN_NPY_MAX_HEADER 65536 /* numbers need far less; NumPy itself stops at 10000 */
#define TN_NPY_MAX_TEXT 99999999 /* characters of a string */
#define TN_NPY_HEADER_ROOM 384  /* for a header that tn_npy_write_header makes */

typedef struct tn_npy {
  char kind;  /* 'f' float, 'i' signed, 'u' unsigned, 'b' bool; 'g' bfloat16, which NumPy has not;
              ** 'U' strings of UCS-4, 'S' of bytes, filled up with zeros */
  int width;  /* bytes of an element */
  int swap;   /* the file's byte order is not this machine's */
  int fortran;
  int rank;   /* at least 1: NumPy's 0-d arrays become shape (1) */
  size_t shape[TN_NPY_MAX_RANK];
  size_t count; /* elements; count * 8 and count * width do not overflow */
} tn_npy;

/* Reads the fixed beginning of n bytes: *skip is where the dict starts and
** *length how long it is. */
int tn_npy_prefix(const unsigned char *bytes, size_t n, size_t *skip, size_t *length, tn_why *why);

/* Parses the dict of n bytes. */
int tn_npy_header(tn_npy *a, const char *text, size_t n, tn_why *why);

/* Converts n elements, of which the first is number `first` of the file, to
** their places in a row-major array: `reals`, or `ints` where that is not
** NULL. Returns n, or the number of elements before one that the scalar there
** cannot hold. */
size_t tn_npy_convert(const tn_npy *a, const unsigned char *from, size_t first, size_t n, tn_real *reals,
                      int32_t *ints);

/* Fails with the place and the digits of element k, at which tn_npy_convert stopped. */
int tn_npy_does_not_fit(const tn_npy *a, const unsigned char *element, size_t k, tn_why *why);

static inline int tn_npy_holds_text(const tn_npy *a) { return a->kind == 'U' || a->kind == 'S'; }

/* Turns a string into UTF-8 (of 'S' the bytes as they are), without the zeros
** behind it. `to` has room for a->width bytes; returns how many, or -1. */
int tn_npy_text(const tn_npy *a, const unsigned char *from, char *to, tn_why *why);

/* Where element k of the file goes in row-major order. */
size_t tn_npy_offset(const tn_npy *a, size_t k);

/* Writes prefix and dict of a native row-major array into TN_NPY_HEADER_ROOM
** bytes; kind is 'f', 'i' or 'U', whose width counts characters. Returns the
** length, a multiple of 64. */
size_t tn_npy_write_header(char *to, char kind, size_t width, int rank, const size_t *shape);

#endif
