/* The filters as runs of weights, and the cosine table. */
#define TN_SELF "mel.c"
#include "mel.h"

#include "spectrum.h"
#include "widths.h"

#ifdef TN_WIDTH

TN_KERNEL static void TN_NAME(tn_mel_energies)(const tn_mel *m, double *energies, const double *X) {
  for (int i = 0; i < TN_MEL_FILTERS; i++) {
    const double *x = X + TN_ROW * m->first[i] + TN_FIRST, *w = m->weights + m->offset[i];
    tn_vec sum[TN_PARTS] = {{0}};
    for (size_t k = 0; k < m->count[i]; k++, x += TN_ROW)
      for (int q = 0; q < TN_PARTS; q++) sum[q] += w[k] * TN_AT(x + TN_WIDTH * q);
    for (int q = 0; q < TN_PARTS; q++) TN_AT(energies + TN_LANES * i + TN_WIDTH * q) = sum[q];
  }
}

/* The cosines of coefficient c are even about the middle filter where c is
** even, and odd where it is odd: half of the products do. */
TN_KERNEL static void TN_NAME(tn_mel_cepstrum)(const tn_mel *m, double *mfcc, const double *logs) {
  enum { HALF = TN_MEL_FILTERS / 2, LAST = TN_MEL_FILTERS - 1 };
  for (int lane = 0; lane < TN_LANES; lane += TN_WIDTH) {
    tn_vec folded[2][HALF];
    for (int f = 0; f < HALF; f++) {
      const tn_vec a = TN_AT(logs + TN_LANES * f + lane), b = TN_AT(logs + TN_LANES * (LAST - f) + lane);
      folded[0][f] = a + b;
      folded[1][f] = a - b;
    }
    for (int c = 0; c < TN_MFCC; c++) {
      tn_vec sum = {0};
      for (int f = 0; f < HALF; f++) sum += m->dct[c][f] * folded[c % 2][f];
      TN_AT(mfcc + TN_LANES * c + lane) = sum;
    }
  }
}

#else

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

void tn_mel_energies(const tn_mel *m, double *energies, const double *X) {
  TN_PICK(tn_mel_energies)(m, energies, X);
}

void tn_mel_cepstrum(const tn_mel *m, double *mfcc, const double *logs) { TN_PICK(tn_mel_cepstrum)(m, mfcc, logs); }

#endif
