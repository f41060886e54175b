/* The filters as runs of weights, and the cosine table. */
#include "mel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "spectrum.h"

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
  for (int f = 0; f < TN_MEL_FILTERS / 2; f++)
    for (int c = 0; c < TN_MFCC; c++)
      m->dct[c][f] = sqrt((c == 0 ? 1.0 : 2.0) / TN_MEL_FILTERS) * cos_80th(c * (2 * f + 1)) * log10(2);
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

TN_SIMD void tn_mel_energies(const tn_mel *m, double *energies, const double *X) {
  for (int i = 0; i < TN_MEL_FILTERS; i++) {
    const double *x = X + TN_ROW * m->first[i] + TN_FIRST, *w = m->weights + m->offset[i];
    tn_v8 sum = {0};
    for (size_t k = 0; k < m->count[i]; k++) sum += w[k] * TN_V8(x + TN_ROW * k);
    TN_V8(energies + TN_LANES * i) = sum;
  }
}

/* The cosines of coefficient c are even about the middle filter where c is
** even, and odd where it is odd: half of the products do. */
TN_SIMD void tn_mel_cepstrum(const tn_mel *m, double *mfcc, const double *logs) {
  enum { HALF = TN_MEL_FILTERS / 2 };
  tn_v8 folded[2][HALF];
  for (int f = 0; f < HALF; f++) {
    const tn_v8 a = TN_V8(logs + TN_LANES * f), b = TN_V8(logs + TN_LANES * (TN_MEL_FILTERS - 1 - f));
    folded[0][f] = a + b;
    folded[1][f] = a - b;
  }
  for (int c = 0; c < TN_MFCC; c++) {
    tn_v8 sum = {0};
    for (int f = 0; f < HALF; f++) sum += m->dct[c][f] * folded[c % 2][f];
    TN_V8(mfcc + TN_LANES * c) = sum;
  }
}
