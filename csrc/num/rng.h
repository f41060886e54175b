/* Random numbers: xoshiro256** 1.0 (Blackman and Vigna, 2018), its state filled
** from a seed by splitmix64. The same seed gives the same draws in the float
** and the double build: one 64-bit word a uniform number, whatever its type.
** A generator is passed to whoever draws; there is no hidden one.
*/
#ifndef TN_RNG_H
#define TN_RNG_H

#include "real.h"

typedef struct tn_rng {
  uint64_t s[4]; /* never all zero */
  double spare;  /* the second normal number of a pair */
  int has_spare;
} tn_rng;

void tn_rng_seed(tn_rng *r, uint64_t seed);
uint64_t tn_rng_next(tn_rng *r);

/* Uniform in [0, 1) with 53 random bits; normal with mean 0 and variance 1. */
double tn_rng_uniform(tn_rng *r);
double tn_rng_normal(tn_rng *r);

/* Uniform among 0 .. n-1, without bias; n > 0. */
uint64_t tn_rng_below(tn_rng *r, uint64_t n);

/* A child with a state of its own, drawn from the parent, which moves on. */
void tn_rng_fork(tn_rng *child, tn_rng *parent);

void tn_rng_fill_uniform(tn_real *out, tn_rng *r, size_t n);
void tn_rng_fill_normal(tn_real *out, tn_rng *r, size_t n);

/* 1 .. n in random order (Fisher-Yates), for 1-based rows. */
void tn_rng_permutation(int32_t *out, tn_rng *r, size_t n);

/* An inverted dropout mask: 0 with probability p, else 1/(1 - p), so that the
** mean stays; 0 <= p <= 1. One draw an element, whatever p is. */
void tn_rng_fill_dropout(tn_real *mask, tn_rng *r, double p, size_t n);

/* The state as bytes, the same on every machine. tn_rng_load answers 0 and
** leaves `r` alone when the bytes are no state. */
#define TN_RNG_BYTES 41
void tn_rng_save(unsigned char *bytes, const tn_rng *r);
int tn_rng_load(tn_rng *r, const unsigned char *bytes);

#endif
