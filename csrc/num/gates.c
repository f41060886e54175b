#include "gates.h"

#include <string.h>

#include "activation.h"

TN_SIMD static void row_forward(tn_real *restrict h, tn_real *restrict c, tn_real *restrict tanh_c,
                                tn_real *restrict zi, tn_real *restrict zf, tn_real *restrict zg,
                                tn_real *restrict zo, const tn_real *restrict bi, const tn_real *restrict bf,
                                const tn_real *restrict bg, const tn_real *restrict bo,
                                const tn_real *restrict c_before, int n) {
  for (int u = 0; u < n; u++) {
    const tn_real i = tn_sigmoid(zi[u] + bi[u]);
    const tn_real f = tn_sigmoid(zf[u] + bf[u]);
    const tn_real g = tn_tanh(zg[u] + bg[u]);
    const tn_real o = tn_sigmoid(zo[u] + bo[u]);
    const tn_real now = f * c_before[u] + i * g;
    const tn_real t = tn_tanh(now);
    zi[u] = i;
    zf[u] = f;
    zg[u] = g;
    zo[u] = o;
    c[u] = now;
    tanh_c[u] = t;
    h[u] = o * t;
  }
}

void tn_gates_forward(tn_gates_out out, tn_mat gates, const tn_real *bias, tn_mat c_before, tn_mat tanh_c,
                      tn_span units) {
  const size_t hidden = tanh_c.cols, first = (size_t)units.first;
  const tn_real *b = bias + first;
  if (units.count == 0) return;
  for (size_t r = 0; r < gates.rows; r++) {
    tn_real *z = tn_row(gates, r) + first, *h = tn_row(out.h, r) + first;
    const int goes_on = r < out.next_rows;
    tn_real *h_to = tn_row(goes_on ? out.h_next : out.h_final, r) + first;
    tn_real *c_to = tn_row(goes_on ? out.c_next : out.c_final, r) + first;
    row_forward(h, c_to, tn_row(tanh_c, r) + first, z, z + hidden, z + 2 * hidden, z + 3 * hidden, b,
                b + hidden, b + 2 * hidden, b + 3 * hidden, tn_row(c_before, r) + first, units.count);
    memcpy(h_to, h, (size_t)units.count * sizeof *h);
  }
}

TN_SIMD static void row_backward(tn_real *restrict zi, tn_real *restrict zf, tn_real *restrict zg,
                                 tn_real *restrict zo, tn_real *restrict dc, const tn_real *restrict dh,
                                 const tn_real *restrict dy, const tn_real *restrict c_before,
                                 const tn_real *restrict tanh_c, int n) {
  for (int u = 0; u < n; u++) {
    const tn_real i = zi[u], f = zf[u], g = zg[u], o = zo[u], t = tanh_c[u];
    const tn_real d = dh[u] + dy[u];
    const tn_real e = dc[u] + d * o * (1 - t * t);
    zi[u] = e * g * i * (1 - i);
    zf[u] = e * c_before[u] * f * (1 - f);
    zg[u] = e * i * (1 - g * g);
    zo[u] = d * t * o * (1 - o);
    dc[u] = e * f;
  }
}

void tn_gates_backward(tn_mat gates, tn_mat dc, tn_mat dh, tn_mat dy, tn_mat c_before, tn_mat tanh_c,
                       tn_span units) {
  static const tn_real nothing[512];
  const size_t hidden = tanh_c.cols;
  const size_t end = (size_t)(units.first + units.count);
  for (size_t r = 0; r < gates.rows; r++) {
    tn_real *z = tn_row(gates, r);
    for (size_t u = (size_t)units.first; u < end;) {
      /* without a gradient from above, zeros stand in, a stretch at a time */
      const size_t stretch = dy.at != NULL || end - u <= 512 ? end - u : 512;
      const tn_real *above = dy.at != NULL ? tn_row(dy, r) + u : nothing;
      row_backward(z + u, z + hidden + u, z + 2 * hidden + u, z + 3 * hidden + u, tn_row(dc, r) + u,
                   tn_row(dh, r) + u, above, tn_row(c_before, r) + u, tn_row(tanh_c, r) + u, (int)stretch);
      u += stretch;
    }
  }
}
