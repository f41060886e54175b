/* The shared plans: a short list, counted by users, under one mutex. */
#include "fft.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "lanes.h"

struct tn_fft {
  size_t n;
  size_t users;
  fftw_plan plan;
  double *twiddles; /* (K/2 + 1) pairs: cos and sin of pi k/K; NULL where n is odd */
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
  double *in = tn_fft_alloc(n), *out = tn_fft_alloc(tn_fft_size(n));
  if (fft != NULL && in != NULL && out != NULL) {
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
  if (fft != NULL && fft->plan == NULL) {
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

/* The k-th complex number of lane l is number 8k + l of Z. */
void tn_fft_lane(const tn_fft *fft, double *Z, int lane, const double *kept) {
  double *in = (double *)(uintptr_t)kept; /* plans preserve their input, FFTW's types do not say so */
  fftw_complex *out = (fftw_complex *)Z + lane;
  if (fft->n % 2 != 0)
    fftw_execute_dft_r2c(fft->plan, in, out);
  else
    fftw_execute_dft(fft->plan, (fftw_complex *)in, out);
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define TN_EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define TN_ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#endif
#endif
#ifndef TN_EVEN
#define TN_EVEN(a, b) ((tn_v8){(a)[0], (a)[2], (a)[4], (a)[6], (b)[0], (b)[2], (b)[4], (b)[6]})
#define TN_ODD(a, b) ((tn_v8){(a)[1], (a)[3], (a)[5], (a)[7], (b)[1], (b)[3], (b)[5], (b)[7]})
#endif

TN_SIMD void tn_fft_powers(const tn_fft *fft, double *P, size_t stride, const double *Z) {
  const size_t K = fft->n / 2;
  if (fft->n % 2 != 0) {
    for (size_t k = 0; k < K; k++, Z += 2 * TN_LANES, P += stride) {
      const tn_v8 first = TN_V8(Z), second = TN_V8(Z + TN_LANES);
      const tn_v8 re = TN_EVEN(first, second), im = TN_ODD(first, second);
      TN_V8(P) = 4.0 * (re * re + im * im);
    }
    return;
  }
  for (size_t k = 0; k <= K / 2; k++) {
    const size_t mirror = k == 0 ? 0 : K - k;
    const double *z = Z + 2 * TN_LANES * k, *y = Z + 2 * TN_LANES * mirror;
    const double c = fft->twiddles[2 * k], s = fft->twiddles[2 * k + 1];
    const tn_v8 z1 = TN_V8(z), z2 = TN_V8(z + TN_LANES), y1 = TN_V8(y), y2 = TN_V8(y + TN_LANES);
    const tn_v8 a = TN_EVEN(z1, z2), b = TN_ODD(z1, z2), d = TN_EVEN(y1, y2), e = TN_ODD(y1, y2);
    const tn_v8 er = a + d, ei = b - e, dr = a - d, di = b + e;
    /* T = -i (c - i s)(dr + i di) */
    const tn_v8 tr = c * di - s * dr, ti = -(c * dr + s * di);
    const tn_v8 xr = er + tr, xi = ei + ti, yr = er - tr, yi = ei - ti;
    TN_V8(P + stride * k) = xr * xr + xi * xi;
    /* of bin 0 the mirror is bin K, which is not wanted */
    if (k > 0) TN_V8(P + stride * mirror) = yr * yr + yi * yi;
  }
}
