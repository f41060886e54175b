/* Pass one finds mean and peak; pass two cuts the normalised signal into
** frames. A signal of up to KEPT samples is read once and kept between the
** passes; of a longer one the buffer holds one frame and KEPT samples at a time.
*/
#include "extract.h"

#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "level.h"

enum {
  BLOCK = 16384,  /* samples of all channels in one read */
  KEPT = 1 << 18 /* 2 MB, 16 s at 16 kHz: what a core's cache holds */
};

typedef struct tn_extraction {
  const tn_paa *paa;
  tn_source *source;
  tn_paa_work work;
  size_t block;    /* samples of one channel in one read */
  double *scratch; /* (block, channels) as read */
  double *buffer;  /* (room) samples of one channel */
  size_t room, held;
  double rows[TN_LANES * TN_LLD], row[TN_LLD_DELTAS];
  size_t count; /* of rows so far */
  int deltas;
} tn_extraction;

static int keeps_all(const tn_extraction *e) { return e->source->frames <= e->room; }

static int find_level(tn_extraction *e, double *mean, double *scale, int *silent, char why[TN_WHY]) {
  tn_level level;
  ptrdiff_t got;
  tn_level_init(&level);
  if (tn_source_rewind(e->source, why) != 0) return -1;
  while ((got = tn_source_read(e->source, e->buffer + e->held, e->scratch, e->block, why)) > 0) {
    tn_level_add(&level, e->buffer + e->held, (size_t)got);
    if (keeps_all(e)) e->held += (size_t)got;
  }
  if (got < 0) return -1;
  *mean = tn_level_mean(&level);
  const double peak = tn_level_peak(&level, *mean), divisor = peak + TN_SILENCE;
  if (silent != NULL) *silent = peak < TN_SILENCE;
  *scale = 1 / divisor;
  if (!isfinite(*mean) || !isfinite(divisor)) {
    snprintf(why, TN_WHY, "the samples are too large to add up");
    return -1;
  }
  return 0;
}

/* Appends what there is room for. */
static int fill(tn_extraction *e, char why[TN_WHY]) {
  while (e->held < e->room) {
    const size_t room = e->room - e->held;
    const ptrdiff_t got =
        tn_source_read(e->source, e->buffer + e->held, e->scratch, room < e->block ? room : e->block, why);
    if (got < 0) return -1;
    if (got == 0) break;
    e->held += (size_t)got;
  }
  return 0;
}

static void emit(tn_extraction *e, const double *x, size_t frames, tn_row_sink sink, void *context) {
  tn_paa_rows(e->paa, &e->work, e->rows, x, frames);
  for (size_t i = 0; i < frames; i++, e->count++) {
    const double *row = e->rows + TN_LLD * i;
    if (!e->deltas) {
      sink(context, row);
      continue;
    }
    for (size_t c = 0; c < TN_LLD; c++) {
      e->row[TN_LLD + c] = e->count == 0 ? 0 : row[c] - e->row[c];
      e->row[c] = row[c];
    }
    sink(context, e->row);
  }
}

static int cut_frames(tn_extraction *e, double mean, double scale, tn_row_sink sink, void *context,
                      char why[TN_WHY]) {
  const size_t W = e->paa->window, S = e->paa->step;
  size_t normal = 0, next = 0; /* samples normalised so far; where in the buffer the next frame begins */
  if (!keeps_all(e) && tn_source_rewind(e->source, why) != 0) return -1;
  for (;;) {
    if (!keeps_all(e) && fill(e, why) != 0) return -1;
    if (e->held == normal) return 0;
    tn_normalise(e->buffer + normal, e->held - normal, mean, scale);
    for (size_t frames; next + W <= e->held; next += frames * S) {
      frames = (e->held - next - W) / S + 1;
      if (frames > TN_LANES) frames = TN_LANES;
      emit(e, e->buffer + next, frames, sink, context);
    }
    if (keeps_all(e)) return 0;
    /* fewer than W samples are kept, so that there is room again; a step
    ** longer than the window may skip samples that have not come yet */
    const size_t used = next < e->held ? next : e->held;
    memmove(e->buffer, e->buffer + used, (e->held - used) * sizeof *e->buffer);
    e->held = normal = e->held - used;
    next -= used;
  }
}

int tn_extract(const tn_paa *p, tn_source *source, int deltas, tn_row_sink sink, void *context, int *silent,
               char why[TN_WHY]) {
  tn_extraction e = {.paa = p, .source = source, .deltas = deltas};
  double mean = 0, scale = 1;
  int status = -1;
  fenv_t before;
  e.room = source->frames < p->window + KEPT ? source->frames : p->window + KEPT;
  e.block = BLOCK / (size_t)source->channels; /* 1024 at most, so never 0 */
  if (e.room < e.block) e.room = e.block;
  e.scratch = (double *)malloc(BLOCK * sizeof *e.scratch);
  e.buffer = (double *)malloc(e.room * sizeof *e.buffer);
  fegetenv(&before);
  fesetenv(FE_DFL_ENV);
  if (tn_paa_work_init(&e.work, p) != 0 || e.scratch == NULL || e.buffer == NULL)
    snprintf(why, TN_WHY, "not enough memory");
  else if (find_level(&e, &mean, &scale, silent, why) == 0)
    status = cut_frames(&e, mean, scale, sink, context, why);
  fesetenv(&before);
  tn_paa_work_free(&e.work);
  free(e.scratch);
  free(e.buffer);
  return status;
}
