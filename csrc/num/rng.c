/* xoshiro256**: https://prng.di.unimi.it, D. Blackman and S. Vigna, "Scrambled
** linear pseudorandom number generators", ACM TOMS 47(4), 2021. Period
** 2^256 - 1; every 64-bit output is equally likely. Its state may be anything
** but zero, which is why a seed goes through splitmix64 first: seeds 1, 2, 3
** then begin far apart.
*/
#include "rng.h"

#include <math.h>
#include <string.h>

static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static uint64_t splitmix(uint64_t *x) {
  uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void tn_rng_seed(tn_rng *r, uint64_t seed) {
  for (int i = 0; i < 4; i++) r->s[i] = splitmix(&seed);
  r->spare = 0;
  r->has_spare = 0;
}

uint64_t tn_rng_next(tn_rng *r) {
  uint64_t *s = r->s;
  const uint64_t result = rotate(s[1] * 5, 7) * 9;
  const uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

double tn_rng_uniform(tn_rng *r) { return (double)(tn_rng_next(r) >> 11) * 0x1p-53; }

/* Marsaglia's polar method: exact up to rounding, with no table and no tail to
** cut. A point in the unit disc gives two independent numbers; one is kept. */
double tn_rng_normal(tn_rng *r) {
  if (r->has_spare) {
    r->has_spare = 0;
    return r->spare;
  }
  double u, v, q;
  do {
    u = 2 * tn_rng_uniform(r) - 1;
    v = 2 * tn_rng_uniform(r) - 1;
    q = u * u + v * v;
  } while (q >= 1 || q == 0);
  const double scale = sqrt(-2 * log(q) / q);
  r->spare = v * scale;
  r->has_spare = 1;
  return u * scale;
}

uint64_t tn_rng_below(tn_rng *r, uint64_t n) {
  /* the first 2^64 mod n words would make small remainders more likely */
  const uint64_t reject = (0 - n) % n;
  uint64_t x;
  do x = tn_rng_next(r);
  while (x < reject);
  return x % n;
}

void tn_rng_fork(tn_rng *child, tn_rng *parent) {
  /* a jump would make the forks of a fork meet their aunts; 256 fresh bits do
  ** not, at any depth, and splitmix unties them from the parent's recurrence */
  for (int i = 0; i < 4; i++) {
    uint64_t word = tn_rng_next(parent);
    child->s[i] = splitmix(&word);
  }
  if ((child->s[0] | child->s[1] | child->s[2] | child->s[3]) == 0) child->s[0] = 1;
  child->spare = 0;
  child->has_spare = 0;
}

void tn_rng_fill_uniform(tn_real *out, tn_rng *r, size_t n) {
  for (size_t i = 0; i < n; i++) {
#ifdef TN_REAL_DOUBLE
    out[i] = tn_rng_uniform(r);
#else
    /* 24 bits: rounding the 53-bit number to float could give 1 */
    out[i] = (float)(tn_rng_next(r) >> 40) * 0x1p-24f;
#endif
  }
}

void tn_rng_fill_normal(tn_real *out, tn_rng *r, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = (tn_real)tn_rng_normal(r);
}

void tn_rng_permutation(int32_t *out, tn_rng *r, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const size_t j = (size_t)tn_rng_below(r, i + 1);
    if (j != i) out[i] = out[j];
    out[j] = (int32_t)(i + 1);
  }
}

void tn_rng_fill_dropout(tn_real *mask, tn_rng *r, double p, size_t n) {
  const tn_real keep = p < 1 ? (tn_real)(1 / (1 - p)) : 0;
  for (size_t i = 0; i < n; i++) mask[i] = tn_rng_uniform(r) < p ? 0 : keep;
}

static void put_word(unsigned char *to, uint64_t word) {
  for (int i = 0; i < 8; i++) to[i] = (unsigned char)(word >> (8 * i));
}

static uint64_t get_word(const unsigned char *from) {
  uint64_t word = 0;
  for (int i = 0; i < 8; i++) word |= (uint64_t)from[i] << (8 * i);
  return word;
}

void tn_rng_save(unsigned char *bytes, const tn_rng *r) {
  uint64_t spare;
  const double value = r->has_spare ? r->spare : 0;
  memcpy(&spare, &value, sizeof spare);
  for (int i = 0; i < 4; i++) put_word(bytes + 8 * i, r->s[i]);
  bytes[32] = (unsigned char)(r->has_spare != 0);
  put_word(bytes + 33, spare);
}

int tn_rng_load(tn_rng *r, const unsigned char *bytes) {
  tn_rng loaded;
  for (int i = 0; i < 4; i++) loaded.s[i] = get_word(bytes + 8 * i);
  const uint64_t spare = get_word(bytes + 33);
  memcpy(&loaded.spare, &spare, sizeof spare);
  loaded.has_spare = bytes[32];
  if ((loaded.s[0] | loaded.s[1] | loaded.s[2] | loaded.s[3]) == 0) return 0;
  if (bytes[32] > 1 || !isfinite(loaded.spare)) return 0;
  *r = loaded;
  return 1;
}
