/* One frame: samples, spectrum, and all of its logarithms at once. */
#include "paa.h"

#include <string.h>

#include "lanes.h"
#include "log2.h"
#include "spectrum.h"

/* columns of the LLD matrix; the MFCC and the chroma take what lies between */
enum { ZCR, ENERGY, ENERGY_ENTROPY, CENTROID, SPREAD, SPECTRAL_ENTROPY, FLUX, ROLLOFF, MFCC, CHROMA = MFCC + TN_MFCC };

int tn_paa_init(tn_paa *p, double rate, size_t window, size_t step, double eps) {
  memset(p, 0, sizeof *p);
  p->window = window;
  p->step = step;
  p->bins = window / 2;
  p->eps = eps;
  p->fft = tn_fft_share(window);
  if (p->fft != NULL && tn_mel_init(&p->mel, p->bins, rate) == 0 &&
      tn_chroma_init(&p->chroma, p->bins, rate) == 0)
    return 0;
  tn_paa_free(p);
  return -1;
}

void tn_paa_free(tn_paa *p) {
  tn_fft_drop(p->fft);
  p->fft = NULL;
  tn_mel_free(&p->mel);
  tn_chroma_free(&p->chroma);
}

int tn_paa_work_init(tn_paa_work *w, const tn_paa *p) {
  const size_t frame = TN_LANES_PAD(p->window), z = TN_LANES_PAD(2 * (p->window / 2 + 1)), X = TN_LANES_PAD(p->bins);
  memset(w, 0, sizeof *w);
  w->memory = tn_fft_alloc(frame + z + 2 * X);
  if (w->memory == NULL) return -1;
  w->frame = w->memory;
  w->complex_numbers = w->frame + frame;
  w->X = w->complex_numbers + z;
  w->previous = w->X + X;
  return 0;
}

void tn_paa_work_free(tn_paa_work *w) {
  tn_fft_release(w->memory);
  w->memory = NULL;
}

size_t tn_paa_frames(const tn_paa *p, size_t n) {
  return n < p->window ? 0 : (n - p->window) / p->step + 1;
}

static double entropy(const double *p, const double *logs) {
  double sum = 0;
  for (int j = 0; j < TN_BLOCKS; j++) sum -= p[j] * logs[j];
  return sum;
}

void tn_paa_frame(const tn_paa *p, tn_paa_work *w, double *lld) {
  enum { LOGS = TN_LANES_PAD(2 * TN_BLOCKS + TN_MEL_FILTERS), SPECTRAL = TN_BLOCKS, MEL = 2 * TN_BLOCKS };
  double shares[LOGS], logs[LOGS]; /* of waveform and spectrum, then mel energies */
  const size_t K = p->bins;
  const double eps = p->eps;

  lld[ZCR] = tn_zero_crossings(w->frame, p->window);
  lld[ENERGY] = tn_energy_shares(shares, w->frame, p->window, eps) / (double)p->window;

  tn_fft_run(p->fft, w->complex_numbers, w->frame);
  double *X = w->X;
  const tn_moments m = tn_magnitudes(X, w->complex_numbers, K);
  const double total = tn_energy_shares(shares + SPECTRAL, X, K, eps);
  const double sum = m.sum + (double)K * eps;
  tn_centroid_spread(&lld[CENTROID], &lld[SPREAD], X, m, K, eps);
  /* the first frame is its own predecessor */
  lld[FLUX] = w->previous_sum == 0 ? 0 : tn_flux(X, sum, w->previous, w->previous_sum, K);
  lld[ROLLOFF] = tn_rolloff(X, total, K, eps);
  tn_mel_energies(&p->mel, shares + MEL, X);

  for (int i = 0; i < MEL + TN_MEL_FILTERS; i++) logs[i] = shares[i] + eps;
  for (int i = MEL + TN_MEL_FILTERS; i < LOGS; i++) logs[i] = 1;
  tn_log2_many(logs, logs, LOGS);
  lld[ENERGY_ENTROPY] = entropy(shares, logs);
  lld[SPECTRAL_ENTROPY] = entropy(shares + SPECTRAL, logs + SPECTRAL);
  tn_mel_cepstrum(&p->mel, lld + MFCC, logs + MEL);
  tn_chroma_frame(&p->chroma, lld + CHROMA, X, total, eps);

  w->X = w->previous;
  w->previous = X;
  w->previous_sum = sum;
}
