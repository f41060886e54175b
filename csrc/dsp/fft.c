/* The shared plans: a short list, counted by users, under one mutex. */
#include "fft.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct tn_fft {
  size_t n;
  size_t users;
  fftw_plan plan;
  tn_fft *next;
};

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;
static tn_fft *plans;

double *tn_fft_alloc(size_t doubles) {
  double *p = (double *)fftw_malloc(doubles * sizeof(double));
  if (p != NULL) memset(p, 0, doubles * sizeof(double));
  return p;
}

void tn_fft_release(double *p) { fftw_free(p); }

static tn_fft *make(size_t n) {
  tn_fft *fft = (tn_fft *)calloc(1, sizeof *fft);
  double *in = tn_fft_alloc(n), *out = tn_fft_alloc(2 * (n / 2 + 1));
  if (fft != NULL && in != NULL && out != NULL) {
    fft->n = n;
    fft->plan = fftw_plan_dft_r2c_1d((int)n, in, (fftw_complex *)out, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  }
  tn_fft_release(in);
  tn_fft_release(out);
  if (fft != NULL && fft->plan == NULL) {
    free(fft);
    fft = NULL;
  }
  return fft;
}

tn_fft *tn_fft_share(size_t n) {
  pthread_mutex_lock(&planner);
  tn_fft *fft = plans;
  while (fft != NULL && fft->n != n) fft = fft->next;
  if (fft == NULL && (fft = make(n)) != NULL) {
    fft->next = plans;
    plans = fft;
  }
  if (fft != NULL) fft->users++;
  pthread_mutex_unlock(&planner);
  return fft;
}

void tn_fft_drop(tn_fft *fft) {
  if (fft == NULL) return;
  pthread_mutex_lock(&planner);
  if (--fft->users == 0) {
    tn_fft **link = &plans;
    while (*link != fft) link = &(*link)->next;
    *link = fft->next;
    fftw_destroy_plan(fft->plan);
    free(fft);
  }
  pthread_mutex_unlock(&planner);
}

void tn_fft_run(const tn_fft *fft, double *out, double *in) {
  fftw_execute_dft_r2c(fft->plan, in, (fftw_complex *)out);
}
