/* The filters as runs of weights, and the cosine table. */
#include "mel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"

/* The first bin of a run that begins after frequency p: floor(p K / fs) + 1,
** and never past the last. */
static size_t bin_after(double p, size_t bins, double rate) {
  const double bin = floor(p * (double)bins / rate) + 1;
  return bin < (double)bins ? (size_t)bin : bins;
}

static void points(double p[TN_MEL_FILTERS + 2]) {
  enum { LINEAR = 13 };
  for (int i = 0; i < LINEAR; i++) p[i] = 133.33 + i * (200.0 / 3.0);
  for (int i = LINEAR; i < TN_MEL_FILTERS + 2; i++) p[i] = p[LINEAR - 1] * pow(1.0711703, i - LINEAR + 1);
}

/* cos(pi k / 80), its argument brought into 0 .. pi/2 while it is still an
** integer: pi times a large k is wrong by more than the cosine's own rounding,
** and the mean of a coefficient over a file adds that up. */
static double cos_80th(int k) {
  const double pi = 3.14159265358979323846;
  k %= 160;
  if (k > 80) k = 160 - k;
  return k > 40 ? -cos(pi * (80 - k) / 80) : cos(pi * k / 80);
}

static void fill_dct(tn_mel *m) {
  for (int f = 0; f < TN_MEL_FILTERS; f++)
    for (int c = 0; c < TN_MFCC; c++)
      m->dct[f][c] = sqrt((c == 0 ? 1.0 : 2.0) / TN_MEL_FILTERS) * cos_80th(c * (2 * f + 1)) * log10(2);
}

int tn_mel_init(tn_mel *m, size_t bins, double rate) {
  double p[TN_MEL_FILTERS + 2];
  memset(m, 0, sizeof *m);
  points(p);
  fill_dct(m);
  size_t total = 0;
  for (int i = 0; i < TN_MEL_FILTERS; i++) {
    m->first[i] = bin_after(p[i], bins, rate);
    m->count[i] = bin_after(p[i + 2], bins, rate) - m->first[i];
    m->offset[i] = total;
    total += m->count[i];
  }
  m->weights = (double *)malloc((total + 1) * sizeof(double));
  if (m->weights == NULL) return -1;
  for (int i = 0; i < TN_MEL_FILTERS; i++) {
    const size_t top = bin_after(p[i + 1], bins, rate);
    const double height = 2 / (p[i + 2] - p[i]);
    for (size_t k = 0; k < m->count[i]; k++) {
      const size_t bin = m->first[i] + k;
      const double f = (double)bin / (double)bins * rate;
      m->weights[m->offset[i] + k] =
          bin < top ? height / (p[i + 1] - p[i]) * (f - p[i]) : height / (p[i + 2] - p[i + 1]) * (p[i + 2] - f);
    }
  }
  return 0;
}

void tn_mel_free(tn_mel *m) {
  free(m->weights);
  m->weights = NULL;
}

void tn_mel_energies(const tn_mel *m, double *energies, const double *X) {
  for (int i = 0; i < TN_MEL_FILTERS; i++) {
    const double *x = X + m->first[i], *w = m->weights + m->offset[i];
    const size_t n = m->count[i];
    tn_v2 a = {0}, b = {0};
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
      a += tn_load(x + k) * tn_load(w + k);
      b += tn_load(x + k + 2) * tn_load(w + k + 2);
    }
    double e = (a[0] + a[1]) + (b[0] + b[1]);
    for (; k < n; k++) e += x[k] * w[k];
    energies[i] = e;
  }
}

void tn_mel_cepstrum(const tn_mel *m, double *mfcc, const double *logs) {
  enum { VECTORS = TN_MFCC_PAD / 2 };
  tn_v2 sum[VECTORS] = {{0}};
  for (int f = 0; f < TN_MEL_FILTERS; f++)
    for (int q = 0; q < VECTORS; q++) sum[q] += logs[f] * tn_load(m->dct[f] + 2 * q);
  memcpy(mfcc, sum, TN_MFCC * sizeof *mfcc);
}
