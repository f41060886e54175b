/* safetensors: a length of 8 bytes, a JSON header of that length, then the
** tensors' bytes, all little-endian, row-major and without holes
** (https://huggingface.co/docs/safetensors). The JSON is the caller's affair;
** here are the bytes.
*/
#ifndef TN_IO_SAFETENSORS_H
#define TN_IO_SAFETENSORS_H

#include "input.h"
#include "npy.h"
#include "output.h"

#define TN_SAFETENSORS_MAX_HEADER 100000000 /* as the format's own library */

/* Sets kind, width and swap for a dtype such as "BF16"; 0 where it cannot be
** read here. */
int tn_safetensors_dtype(const char *name, tn_npy *a);

/* Reads the length of the header from an input just opened, and believes it as
** far as the file is long. */
int tn_safetensors_length(tn_input *in, size_t *length, tn_why *why);

/* Reads a->count elements that begin at byte `at` of the file into `reals`, or
** `ints` where that is not NULL. */
int tn_safetensors_read(tn_input *in, const tn_npy *a, uint64_t at, tn_real *reals, int32_t *ints, tn_why *why);

/* Writes n native elements of this width. */
int tn_safetensors_write(tn_output *out, const void *from, size_t n, size_t width, tn_why *why);

/* Writes a length of 8 bytes. */
void tn_safetensors_put_length(unsigned char *to, size_t length);

#endif
