/* The shared plans: a short list, counted by users, under one mutex. */
#include "fft.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "unpack.h"

struct tn_fft {
  size_t n;
  size_t users;
  fftw_plan plan;
  double *twiddles; /* unpack.h; NULL where n is odd */
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

size_t tn_fft_size(size_t n) { return 2 * TN_LANES * (n / 2 + 1); }

static void destroy(tn_fft *fft) {
  if (fft->plan != NULL) fftw_destroy_plan(fft->plan);
  free(fft->twiddles);
  free(fft);
}

static int fill_twiddles(tn_fft *fft) {
  const size_t K = fft->n / 2;
  const double pi = 3.14159265358979323846;
  fft->twiddles = (double *)malloc(2 * (K / 2 + 1) * sizeof(double));
  if (fft->twiddles == NULL) return -1;
  for (size_t k = 0; k <= K / 2; k++) {
    fft->twiddles[2 * k] = cos(pi * (double)k / (double)K);
    fft->twiddles[2 * k + 1] = sin(pi * (double)k / (double)K);
  }
  return 0;
}

static tn_fft *make(size_t n) {
  const unsigned how = FFTW_ESTIMATE | FFTW_PRESERVE_INPUT;
  tn_fft *fft = (tn_fft *)calloc(1, sizeof *fft);
  if (fft == NULL) return NULL;
  double *in = tn_fft_alloc(n), *out = tn_fft_alloc(tn_fft_size(n));
  if (in != NULL && out != NULL) {
    fft->n = n;
    if (n % 2 != 0) {
      const int real = (int)n;
      fft->plan = fftw_plan_many_dft_r2c(1, &real, 1, in, NULL, 1, 0, (fftw_complex *)out, NULL, TN_LANES, 0, how);
    } else if (fill_twiddles(fft) == 0) {
      const int half = (int)(n / 2);
      fft->plan = fftw_plan_many_dft(1, &half, 1, (fftw_complex *)in, NULL, 1, 0, (fftw_complex *)out, NULL, TN_LANES,
                                     0, FFTW_FORWARD, how);
    }
  }
  tn_fft_release(in);
  tn_fft_release(out);
  if (fft->plan == NULL) {
    destroy(fft);
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
    destroy(fft);
  }
  pthread_mutex_unlock(&planner);
}

int tn_fft_aligned(const double *in) {
  return fftw_alignment_of((double *)(uintptr_t)in) == 0;
}

void tn_fft_lane(const tn_fft *fft, double *Z, int lane, const double *kept) {
  double *in = (double *)(uintptr_t)kept; /* plans preserve their input, FFTW's types do not say so */
  fftw_complex *out = (fftw_complex *)Z + lane;
  if (fft->n % 2 != 0)
    fftw_execute_dft_r2c(fft->plan, in, out);
  else
    fftw_execute_dft(fft->plan, (fftw_complex *)in, out);
}

void tn_fft_powers(const tn_fft *fft, double *P, size_t stride, const double *Z) {
  tn_unpack(P, stride, Z, fft->twiddles, fft->n / 2);
}
