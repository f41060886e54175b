/* Pass one finds mean and peak; pass two cuts the normalised signal into
** frames out of a buffer that holds one frame and one block.
*/
#include "extract.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "level.h"

enum { BLOCK = 4096 };

typedef struct tn_extraction {
  const tn_paa *paa;
  tn_source *source;
  tn_paa_work work;
  double *scratch; /* (BLOCK, channels) as read */
  double *buffer;  /* (W + BLOCK) normalised */
  double row[TN_LLD_DELTAS], before[TN_LLD];
  size_t rows;
  int deltas;
} tn_extraction;

static int find_level(tn_extraction *e, double *mean, double *divisor, char why[TN_WHY]) {
  tn_level level;
  ptrdiff_t got;
  tn_level_init(&level);
  if (tn_source_rewind(e->source, why) != 0) return -1;
  while ((got = tn_source_read(e->source, e->buffer, e->scratch, BLOCK, why)) > 0)
    tn_level_add(&level, e->buffer, (size_t)got);
  if (got < 0) return -1;
  *mean = tn_level_mean(&level);
  *divisor = tn_level_peak(&level, *mean) + 1e-10;
  if (!isfinite(*mean) || !isfinite(*divisor)) {
    snprintf(why, TN_WHY, "the samples are too large to add up");
    return -1;
  }
  return 0;
}

static void emit(tn_extraction *e, const double *frame, tn_row_sink sink, void *context) {
  memcpy(e->work.frame, frame, e->paa->window * sizeof *frame);
  tn_paa_frame(e->paa, &e->work, e->row);
  if (e->deltas) {
    for (size_t c = 0; c < TN_LLD; c++) e->row[TN_LLD + c] = e->rows == 0 ? 0 : e->row[c] - e->before[c];
    memcpy(e->before, e->row, sizeof e->before);
  }
  e->rows++;
  sink(context, e->row);
}

static int cut_frames(tn_extraction *e, double mean, double divisor, tn_row_sink sink, void *context,
                      char why[TN_WHY]) {
  const size_t W = e->paa->window, S = e->paa->step;
  size_t held = 0, next = 0; /* samples in the buffer; where in it the next frame begins */
  ptrdiff_t got;
  if (tn_source_rewind(e->source, why) != 0) return -1;
  for (;;) {
    if ((got = tn_source_read(e->source, e->buffer + held, e->scratch, BLOCK, why)) <= 0) return (int)got;
    double *fresh = e->buffer + held;
    for (ptrdiff_t i = 0; i < got; i++) fresh[i] = (fresh[i] - mean) / divisor;
    held += (size_t)got;
    for (; next + W <= held; next += S) emit(e, e->buffer + next, sink, context);
    /* fewer than W samples are kept, so that the next block always fits; a
    ** step longer than the window may skip samples that have not come yet */
    const size_t used = next < held ? next : held;
    memmove(e->buffer, e->buffer + used, (held - used) * sizeof *e->buffer);
    held -= used;
    next -= used;
  }
}

int tn_extract(const tn_paa *p, tn_source *source, int deltas, tn_row_sink sink, void *context, char why[TN_WHY]) {
  tn_extraction e = {.paa = p, .source = source, .deltas = deltas};
  double mean = 0, divisor = 1;
  int status = -1;
  e.scratch = (double *)malloc(BLOCK * (size_t)source->channels * sizeof *e.scratch);
  e.buffer = (double *)malloc((p->window + BLOCK) * sizeof *e.buffer);
  if (tn_paa_work_init(&e.work, p) != 0 || e.scratch == NULL || e.buffer == NULL)
    snprintf(why, TN_WHY, "not enough memory");
  else if (find_level(&e, &mean, &divisor, why) == 0)
    status = cut_frames(&e, mean, divisor, sink, context, why);
  tn_paa_work_free(&e.work);
  free(e.scratch);
  free(e.buffer);
  return status;
}
