/* Open, extract, close; and the extractors by rate. */
#include "files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hsf.h"

void tn_recipe_init(tn_recipe *r) { pthread_mutex_init(&r->lock, NULL); }

void tn_recipe_free(tn_recipe *r) {
  for (size_t i = 0; i < r->count; i++) tn_paa_free(&r->paas[i]);
  r->count = 0;
}

size_t tn_recipe_columns(const tn_recipe *r) { return 2 * (r->deltas ? TN_LLD_DELTAS : TN_LLD); }

/* Samples in a time, as pyAudioAnalysis counts them: the fraction is dropped. */
static double samples(double time, int rate) { return floor(time * rate); }

static int check(const tn_recipe *r, const tn_sound *s, char why[TN_WHY]) {
  const double window = samples(r->window, s->rate), step = samples(r->step, s->rate);
  if (window < TN_MIN_WINDOW)
    snprintf(why, TN_WHY, "a window of %g s at %d Hz holds %.0f samples, at least %d are needed", r->window, s->rate,
             window, TN_MIN_WINDOW);
  else if (step < 1)
    snprintf(why, TN_WHY, "a step of %g s at %d Hz is less than one sample", r->step, s->rate);
  else if ((double)s->frames < window)
    snprintf(why, TN_WHY, "%.6g s is shorter than one frame of %.6g s", (double)s->frames / s->rate, r->window);
  else if (window > TN_MAX_WINDOW)
    snprintf(why, TN_WHY, "a window of %g s at %d Hz holds %.0f samples, at most %d are taken", r->window, s->rate, window,
             TN_MAX_WINDOW);
  else
    return 0;
  return -1;
}

static int prepare(const tn_recipe *r, tn_paa *p, int rate) {
  /* a step past the end of every file may exceed what size_t holds */
  const double step = samples(r->step, rate), most = (double)(SIZE_MAX / 64);
  return tn_paa_init(p, rate, (size_t)samples(r->window, rate), (size_t)(step < most ? step : most), r->eps);
}

/* The extractor of that rate: a shared one or, when those are used up, `own`;
** NULL when memory is short. An extractor is constant once it is counted. */
static const tn_paa *find(tn_recipe *r, tn_paa *own, int rate) {
  const tn_paa *found = NULL;
  size_t i = 0;
  pthread_mutex_lock(&r->lock);
  while (i < r->count && r->rates[i] != rate) i++;
  if (i == r->count && i < TN_RATES && prepare(r, &r->paas[i], rate) == 0) r->rates[r->count++] = rate;
  if (i < r->count) found = &r->paas[i];
  pthread_mutex_unlock(&r->lock);
  if (found == NULL && prepare(r, own, rate) == 0) found = own;
  return found;
}

static void add_row(void *context, const double *row) { tn_hsf_add((tn_hsf *)context, row); }

static int extract(tn_recipe *r, double *out, int *silent, tn_sound *sound, char why[TN_WHY]) {
  double memory[3 * TN_LLD_DELTAS];
  tn_paa own = {0};
  tn_hsf h;
  int status = -1;
  const tn_paa *p = find(r, &own, sound->rate);
  tn_source source = tn_source_of_sound(sound);
  tn_hsf_init(&h, tn_recipe_columns(r) / 2, r->drop_zeros, memory);
  if (p == NULL)
    snprintf(why, TN_WHY, "not enough memory");
  else if (tn_extract(p, &source, r->deltas, add_row, &h, silent, why) == 0)
    status = 0;
  tn_paa_free(&own);
  if (status == 0) tn_hsf_finish(&h, out);
  return status;
}

int tn_file_statistics(tn_recipe *r, double *out, int *silent, const char *path, char why[TN_WHY]) {
  tn_sound sound;
  if (tn_sound_open(&sound, path, why) != 0) return -1;
  int status = check(r, &sound, why);
  if (status == 0) status = extract(r, out, silent, &sound, why);
  tn_sound_close(&sound);
  return status;
}
