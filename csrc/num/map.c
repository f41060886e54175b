/* Functions of one tensor, element by element. */
#include "map.h"

#include <math.h>

/* exp is only ever taken of a number that is not positive: no overflow */
static tn_real sigmoid(tn_real x) {
  const tn_real e = TN_(expf, exp)(-TN_(fabsf, fabs)(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

void tn_map_reals(tn_real *out, const tn_real *x, tn_map op, size_t n) {
  switch (op) {
    case TN_MAP_EXP:
      for (size_t i = 0; i < n; i++) out[i] = TN_(expf, exp)(x[i]);
      break;
    case TN_MAP_LOG:
      for (size_t i = 0; i < n; i++) out[i] = TN_(logf, log)(x[i]);
      break;
    case TN_MAP_SQRT:
      for (size_t i = 0; i < n; i++) out[i] = TN_(sqrtf, sqrt)(x[i]);
      break;
    case TN_MAP_TANH:
      for (size_t i = 0; i < n; i++) out[i] = TN_(tanhf, tanh)(x[i]);
      break;
    case TN_MAP_SIGMOID:
      for (size_t i = 0; i < n; i++) out[i] = sigmoid(x[i]);
      break;
    case TN_MAP_ABS:
      for (size_t i = 0; i < n; i++) out[i] = TN_(fabsf, fabs)(x[i]);
      break;
    case TN_MAP_NEG:
      for (size_t i = 0; i < n; i++) out[i] = -x[i];
      break;
  }
}

void tn_map_ints(int32_t *out, const int32_t *x, tn_map op, size_t n) {
  const int all = op == TN_MAP_NEG;
  for (size_t i = 0; i < n; i++) /* unsigned: -INT32_MIN wraps to itself */
    out[i] = all || x[i] < 0 ? (int32_t)(0 - (uint32_t)x[i]) : x[i];
}

void tn_clamp_reals(tn_real *out, const tn_real *x, tn_real low, tn_real high, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const tn_real raised = x[i] < low ? low : x[i];
    out[i] = raised > high ? high : raised;
  }
}

void tn_clamp_ints(int32_t *out, const int32_t *x, int32_t low, int32_t high, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const int32_t raised = x[i] < low ? low : x[i];
    out[i] = raised > high ? high : raised;
  }
}

void tn_fill_reals(tn_real *out, tn_real value, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = value;
}

void tn_fill_ints(int32_t *out, int32_t value, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = value;
}

void tn_range_reals(tn_real *out, double start, double step, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = (tn_real)(start + (double)i * step);
}

void tn_range_ints(int32_t *out, int64_t start, int64_t step, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = (int32_t)(start + (int64_t)i * step);
}

void tn_ints_to_reals(tn_real *out, const int32_t *x, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = (tn_real)x[i];
}

size_t tn_reals_to_ints(int32_t *out, const tn_real *x, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double value = (double)x[i];
    if (!(value > -2147483649.0 && value < 2147483648.0)) return i;
    out[i] = (int32_t)value;
  }
  return n;
}
