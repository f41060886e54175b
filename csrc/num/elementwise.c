/* Each row function is written once, with steps, and inlined three times with
** its steps constant (both move, b stands still, a stands still), so that the
** compiler can vectorise every loop. A walk never lets both stand still.
*/
#include "elementwise.h"

#include <math.h>

#define INLINE static inline __attribute__((always_inline))

INLINE void real_row(tn_real *out, const tn_real *a, size_t sa, const tn_real *b, size_t sb, tn_binary op,
                     size_t n) {
  switch (op) {
    case TN_ADD:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] + b[i * sb];
      break;
    case TN_SUB:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] - b[i * sb];
      break;
    case TN_MUL:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] * b[i * sb];
      break;
    case TN_DIV:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] / b[i * sb];
      break;
    case TN_POW:
      if (sb == 0 && b[0] == 2) /* the common power, and a slow call */
        for (size_t i = 0; i < n; i++) out[i] = a[i * sa] * a[i * sa];
      else
        for (size_t i = 0; i < n; i++) out[i] = TN_(powf, pow)(a[i * sa], b[i * sb]);
      break;
  }
}

/* unsigned inside: signed overflow would be undefined */
INLINE void int_row(int32_t *out, const int32_t *a, size_t sa, const int32_t *b, size_t sb, tn_binary op,
                    size_t n) {
  switch (op) {
    case TN_ADD:
      for (size_t i = 0; i < n; i++) out[i] = (int32_t)((uint32_t)a[i * sa] + (uint32_t)b[i * sb]);
      break;
    case TN_SUB:
      for (size_t i = 0; i < n; i++) out[i] = (int32_t)((uint32_t)a[i * sa] - (uint32_t)b[i * sb]);
      break;
    case TN_MUL:
      for (size_t i = 0; i < n; i++) out[i] = (int32_t)((uint32_t)a[i * sa] * (uint32_t)b[i * sb]);
      break;
    case TN_DIV:
    case TN_POW:
      break;
  }
}

INLINE void real_relation_row(int32_t *out, const tn_real *a, size_t sa, const tn_real *b, size_t sb,
                              tn_relation op, size_t n) {
  switch (op) {
    case TN_EQ:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] == b[i * sb];
      break;
    case TN_NE:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] != b[i * sb];
      break;
    case TN_LT:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] < b[i * sb];
      break;
    case TN_LE:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] <= b[i * sb];
      break;
    case TN_GT:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] > b[i * sb];
      break;
    case TN_GE:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] >= b[i * sb];
      break;
  }
}

INLINE void int_relation_row(int32_t *out, const int32_t *a, size_t sa, const int32_t *b, size_t sb,
                             tn_relation op, size_t n) {
  switch (op) {
    case TN_EQ:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] == b[i * sb];
      break;
    case TN_NE:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] != b[i * sb];
      break;
    case TN_LT:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] < b[i * sb];
      break;
    case TN_LE:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] <= b[i * sb];
      break;
    case TN_GT:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] > b[i * sb];
      break;
    case TN_GE:
      for (size_t i = 0; i < n; i++) out[i] = a[i * sa] >= b[i * sb];
      break;
  }
}

void tn_binary_reals(tn_real *out, const tn_real *a, const tn_real *b, tn_binary op, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    tn_real *o = out + w->out;
    const tn_real *x = a + w->at[0], *y = b + w->at[1];
    if (w->step[0] == 0)
      real_row(o, x, 0, y, 1, op, w->run);
    else if (w->step[1] == 0)
      real_row(o, x, 1, y, 0, op, w->run);
    else
      real_row(o, x, 1, y, 1, op, w->run);
  }
}

void tn_binary_ints(int32_t *out, const int32_t *a, const int32_t *b, tn_binary op, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    int32_t *o = out + w->out;
    const int32_t *x = a + w->at[0], *y = b + w->at[1];
    if (w->step[0] == 0)
      int_row(o, x, 0, y, 1, op, w->run);
    else if (w->step[1] == 0)
      int_row(o, x, 1, y, 0, op, w->run);
    else
      int_row(o, x, 1, y, 1, op, w->run);
  }
}

void tn_relate_reals(int32_t *out, const tn_real *a, const tn_real *b, tn_relation op, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    int32_t *o = out + w->out;
    const tn_real *x = a + w->at[0], *y = b + w->at[1];
    if (w->step[0] == 0)
      real_relation_row(o, x, 0, y, 1, op, w->run);
    else if (w->step[1] == 0)
      real_relation_row(o, x, 1, y, 0, op, w->run);
    else
      real_relation_row(o, x, 1, y, 1, op, w->run);
  }
}

void tn_relate_ints(int32_t *out, const int32_t *a, const int32_t *b, tn_relation op, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    int32_t *o = out + w->out;
    const int32_t *x = a + w->at[0], *y = b + w->at[1];
    if (w->step[0] == 0)
      int_relation_row(o, x, 0, y, 1, op, w->run);
    else if (w->step[1] == 0)
      int_relation_row(o, x, 1, y, 0, op, w->run);
    else
      int_relation_row(o, x, 1, y, 1, op, w->run);
  }
}

void tn_where_reals(tn_real *out, const int32_t *mask, const tn_real *a, const tn_real *b, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    const int32_t *m = mask + w->at[0];
    const tn_real *x = a + w->at[1], *y = b + w->at[2];
    for (size_t i = 0; i < w->run; i++)
      out[w->out + i] = m[i * w->step[0]] != 0 ? x[i * w->step[1]] : y[i * w->step[2]];
  }
}

void tn_where_ints(int32_t *out, const int32_t *mask, const int32_t *a, const int32_t *b, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    const int32_t *m = mask + w->at[0], *x = a + w->at[1], *y = b + w->at[2];
    for (size_t i = 0; i < w->run; i++)
      out[w->out + i] = m[i * w->step[0]] != 0 ? x[i * w->step[1]] : y[i * w->step[2]];
  }
}

int tn_all_close(const tn_real *a, const tn_real *b, double rtol, double atol, int equal_nan, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    for (size_t i = 0; i < w->run; i++) {
      const double x = (double)a[w->at[0] + i * w->step[0]], y = (double)b[w->at[1] + i * w->step[1]];
      if (x == y || (equal_nan && isnan(x) && isnan(y))) continue;
      /* an infinite y would make the allowance infinite */
      if (!isfinite(y) || !(fabs(x - y) <= atol + rtol * fabs(y))) return 0;
    }
  }
  return 1;
}
