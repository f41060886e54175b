/* Up to eight frames: samples one by one, spectra and logarithms all at once. */
#include "paa.h"

#include <math.h>
#include <string.h>

#include "log2.h"

/* columns of the LLD matrix; the MFCC and the chroma take what lies between */
enum { ZCR, ENERGY, ENERGY_ENTROPY, CENTROID, SPREAD, SPECTRAL_ENTROPY, FLUX, ROLLOFF, MFCC, CHROMA = MFCC + TN_MFCC };

/* Frames below this energy are scaled up, so that squares of their spectrum do
** not underflow where their ratios still matter. */
#define TN_QUIET 1e-200

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
  const size_t frame = TN_LANES_PAD(p->window), Z = tn_fft_size(p->window);
  memset(w, 0, sizeof *w);
  w->memory = tn_fft_alloc(frame + Z + p->bins * TN_ROW);
  if (w->memory == NULL) return -1;
  w->frame = w->memory;
  w->Z = w->frame + frame;
  w->X = w->Z + Z;
  return 0;
}

void tn_paa_work_free(tn_paa_work *w) {
  tn_fft_release(w->memory);
  w->memory = NULL;
}

size_t tn_paa_frames(const tn_paa *p, size_t n) {
  return n < p->window ? 0 : (n - p->window) / p->step + 1;
}

/* Scales the n samples to about 1 and returns the power of two that undoes it. */
static double amplify(double *out, const double *x, size_t n) {
  double peak = 0;
  int exponent;
  for (size_t i = 0; i < n; i++) peak = fabs(x[i]) > peak ? fabs(x[i]) : peak;
  frexp(peak, &exponent);
  for (size_t i = 0; i < n; i++) out[i] = ldexp(x[i], -exponent);
  return ldexp(1, exponent);
}

/* The lane's descriptors of samples, its energy shares, and its transform;
** returns what the root of its powers (fft.h) is to be multiplied with. */
static double take_frame(const tn_paa *p, tn_paa_work *w, double *columns, double *shares, const double *x, int lane) {
  const size_t W = p->window;
  double scale = 0.5 / (double)p->bins;
  columns[TN_LANES * ZCR + lane] = tn_zero_crossings(x, W);
  const double energy = tn_energy_shares(shares + lane, TN_LANES, x, W, p->eps);
  columns[TN_LANES * ENERGY + lane] = energy / (double)W;
  if (energy < TN_QUIET) {
    scale *= amplify(w->frame, x, W);
    x = w->frame;
  } else if (!tn_fft_aligned(x)) {
    x = memcpy(w->frame, x, W * sizeof *x);
  }
  tn_fft_lane(p->fft, w->Z, lane, x);
  return scale;
}

static void entropy(double *out, const double *p, const double *logs) {
  for (int l = 0; l < TN_LANES; l++) out[l] = 0;
  for (int i = 0; i < TN_BLOCKS * TN_LANES; i++) out[i % TN_LANES] -= p[i] * logs[i];
}

void tn_paa_rows(const tn_paa *p, tn_paa_work *w, double *rows, const double *x, size_t count) {
  enum { SPECTRAL = TN_BLOCKS, MEL = 2 * TN_BLOCKS, LOGS = MEL + TN_MEL_FILTERS };
  _Alignas(64) double columns[TN_LLD * TN_LANES], scale[TN_LANES] = {0};
  /* of waveform and spectrum, then mel energies: all that logarithms are taken of */
  _Alignas(64) double shares[LOGS * TN_LANES] = {0}, logs[LOGS * TN_LANES];
  const size_t K = p->bins;
  const double eps = p->eps;

  for (size_t l = 0; l < count; l++)
    scale[l] = take_frame(p, w, columns, shares, x + l * p->step, (int)l);
  tn_fft_powers(p->fft, w->X + TN_FIRST, TN_ROW, w->Z);
  tn_magnitudes(w->X, &w->moments, shares + SPECTRAL * TN_LANES, scale, K, eps);
  tn_spectral_shape(columns + CENTROID * TN_LANES, columns + SPREAD * TN_LANES, columns + FLUX * TN_LANES,
                    columns + ROLLOFF * TN_LANES, w->X, &w->moments, count, K, eps);
  tn_mel_energies(&p->mel, shares + MEL * TN_LANES, w->X);
  for (int i = 0; i < LOGS * TN_LANES; i++) logs[i] = shares[i] + eps;
  tn_log2_many(logs, logs, LOGS * TN_LANES);
  entropy(columns + ENERGY_ENTROPY * TN_LANES, shares, logs);
  entropy(columns + SPECTRAL_ENTROPY * TN_LANES, shares + SPECTRAL * TN_LANES, logs + SPECTRAL * TN_LANES);
  tn_mel_cepstrum(&p->mel, columns + MFCC * TN_LANES, logs + MEL * TN_LANES);
  tn_chroma_frames(&p->chroma, columns + CHROMA * TN_LANES, w->X, w->moments.total, eps);
  /* the first frame is its own predecessor */
  if (!w->begun) columns[FLUX * TN_LANES] = 0;
  w->begun = 1;
  for (size_t l = 0; l < count; l++)
    for (size_t c = 0; c < TN_LLD; c++) rows[TN_LLD * l + c] = columns[TN_LANES * c + l];
}
