/* A panel's packed form is k-major: for each k the panel's columns side by
** side. Panels that reach past the matrix are filled up with zeros, and their
** result goes through a small tile, from which only what exists is copied.
*/
#include "panel.h"

#include <stdatomic.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define TN_PANEL_X86 1
#include <immintrin.h>

#define NAME(x) wide_##x
#define TARGET __attribute__((target("avx512f")))
#define ROWS 12
#ifdef TN_REAL_DOUBLE
#define W 8
#define VEC __m512d
#define ZERO _mm512_setzero_pd()
#define LOAD _mm512_loadu_pd
#define SPREAD _mm512_set1_pd
#define FMA _mm512_fmadd_pd
#define HALF __m256d
#define LOWER _mm512_castpd512_pd256
#define UPPER(v) _mm512_extractf64x4_pd(v, 1)
#define HALF_LOAD _mm256_loadu_pd
#define HALF_STORE _mm256_storeu_pd
#define HALF_ADD _mm256_add_pd
#else
#define W 16
#define VEC __m512
#define ZERO _mm512_setzero_ps()
#define LOAD _mm512_loadu_ps
#define SPREAD _mm512_set1_ps
#define FMA _mm512_fmadd_ps
#define HALF __m256
#define LOWER _mm512_castps512_ps256
#define UPPER(v) _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(v), 1))
#define HALF_LOAD _mm256_loadu_ps
#define HALF_STORE _mm256_storeu_ps
#define HALF_ADD _mm256_add_ps
#endif
#include "panel_kernel.inc"

#define NAME(x) narrow_##x
#define TARGET __attribute__((target("avx2,fma")))
#define ROWS 6
#ifdef TN_REAL_DOUBLE
#define W 4
#define VEC __m256d
#define ZERO _mm256_setzero_pd()
#define LOAD _mm256_loadu_pd
#define SPREAD _mm256_set1_pd
#define FMA _mm256_fmadd_pd
#define HALF __m128d
#define LOWER _mm256_castpd256_pd128
#define UPPER(v) _mm256_extractf128_pd(v, 1)
#define HALF_LOAD _mm_loadu_pd
#define HALF_STORE _mm_storeu_pd
#define HALF_ADD _mm_add_pd
#else
#define W 8
#define VEC __m256
#define ZERO _mm256_setzero_ps()
#define LOAD _mm256_loadu_ps
#define SPREAD _mm256_set1_ps
#define FMA _mm256_fmadd_ps
#define HALF __m128
#define LOWER _mm256_castps256_ps128
#define UPPER(v) _mm256_extractf128_ps(v, 1)
#define HALF_LOAD _mm_loadu_ps
#define HALF_STORE _mm_storeu_ps
#define HALF_ADD _mm_add_ps
#endif
#include "panel_kernel.inc"
#endif

#define MOST_WIDTH 32
#define MOST_ROWS 12

static atomic_int limit = 64;

void tn_panel_limit(int bytes) { atomic_store(&limit, bytes); }

int tn_panel_width(void) {
#ifdef TN_PANEL_X86
  static atomic_int known; /* bytes + 1 */
  int vector = atomic_load_explicit(&known, memory_order_relaxed) - 1;
  if (vector < 0) {
    vector = __builtin_cpu_supports("avx512f")                                    ? 64
                       : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 32
                                                                                         : 0;
    atomic_store_explicit(&known, vector + 1, memory_order_relaxed);
  }
  const int most = atomic_load_explicit(&limit, memory_order_relaxed);
  if (most < vector) vector = most; /* whoever has AVX-512 has AVX2 and FMA */
  return 2 * vector / (int)sizeof(tn_real);
#else
  return 0;
#endif
}

static void panel(tn_real *c, size_t stride, size_t gap, tn_mat a, const tn_real *b, int add) {
#ifdef TN_PANEL_X86
  if (tn_panel_width() * sizeof(tn_real) == 128)
    wide_panel(c, stride, gap, a.at, a.stride, a.rows, b, a.cols, add);
  else
    narrow_panel(c, stride, gap, a.at, a.stride, a.rows, b, a.cols, add);
#else
  (void)c, (void)stride, (void)gap, (void)a, (void)b, (void)add;
#endif
}

static void strip(tn_real *c, size_t next, size_t gap, tn_mat a, const tn_real *b, size_t apart, int add) {
#ifdef TN_PANEL_X86
  if (tn_panel_width() * sizeof(tn_real) == 128)
    wide_strip(c, next, gap, a.at, b, apart, a.cols, add);
  else
    narrow_strip(c, next, gap, a.at, b, apart, a.cols, add);
#else
  (void)c, (void)next, (void)gap, (void)a, (void)b, (void)apart, (void)add;
#endif
}

/* For what follows, which nobody calls where there are no panels. */
static size_t width_of_panels(void) {
  const int width = tn_panel_width();
  return width > 4 ? (size_t)width : 4;
}

/* The last panel: `valid(piece)` numbers of each piece exist. */
static void ragged(tn_real *c, size_t stride, size_t gap, tn_mat a, const tn_real *b, const int *valid, int add) {
  tn_real tile[MOST_ROWS * MOST_WIDTH];
  const size_t width = width_of_panels(), piece = width / 4;
  for (size_t r = 0; r < a.rows; r += MOST_ROWS) {
    const size_t rows = a.rows - r < MOST_ROWS ? a.rows - r : MOST_ROWS;
    panel(tile, width, piece, tn_rows(a, r, rows), b, 0);
    for (size_t i = 0; i < rows; i++)
      for (size_t p = 0; p < 4; p++)
        for (int l = 0; l < valid[p]; l++) {
          tn_real *at = c + (r + i) * stride + p * gap + l;
          *at = tile[i * width + p * piece + (size_t)l] + (add ? *at : 0);
        }
  }
}

static size_t panels_before(int first, size_t per_panel) { return (size_t)first / per_panel; }

size_t tn_panel_room(size_t hidden) {
  const size_t width = (size_t)tn_panel_width();
  if (width == 0) return 0;
  const size_t piece = width / 4, gates = (hidden + piece - 1) / piece, plain = (hidden + width - 1) / width;
  const size_t first = gates * width * hidden, second = plain * width * 4 * hidden;
  return first > second ? first : second;
}

void tn_panel_pack_gates(tn_real *packed, tn_mat w_hh, tn_span units) {
  const size_t hidden = w_hh.cols, width = width_of_panels(), piece = width / 4;
  const size_t end = (size_t)(units.first + units.count);
  for (size_t u = (size_t)units.first; u < end; u += piece) {
    tn_real *to = packed + panels_before((int)u, piece) * width * hidden;
    const tn_real *from[MOST_WIDTH]; /* a column each; what does not exist is packed as zeros */
    for (size_t c = 0; c < width; c++)
      from[c] = u + c % piece < hidden ? tn_row(w_hh, c / piece * hidden + u + c % piece) : NULL;
    if (u + piece <= hidden) {
      for (size_t k = 0; k < hidden; k++, to += width)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): all units are below `hidden`, so all columns exist */
        for (size_t c = 0; c < width; c++) to[c] = from[c][k];
    } else {
      for (size_t k = 0; k < hidden; k++, to += width)
        for (size_t c = 0; c < width; c++) to[c] = from[c] != NULL ? from[c][k] : 0;
    }
  }
}

void tn_panel_gates(tn_mat z, tn_mat h, const tn_real *packed, tn_span units) {
  const size_t hidden = h.cols, width = width_of_panels(), piece = width / 4;
  const size_t end = (size_t)(units.first + units.count);
  for (size_t k = 0; k < hidden; k += TN_PANEL_K) {
    const tn_mat part = tn_cols(h, k, hidden - k < TN_PANEL_K ? hidden - k : TN_PANEL_K);
    for (size_t u = (size_t)units.first; u < end;) {
      const tn_real *b = packed + panels_before((int)u, piece) * width * hidden + k * width;
      if (h.rows == 1 && u + width <= end) {
        strip(z.at + u, piece, hidden, part, b, width * hidden, 1);
        u += width;
        continue;
      }
      if (u + piece <= end) {
        panel(z.at + u, z.stride, hidden, part, b, 1);
      } else {
        const int left = (int)(end - u), valid[] = {left, left, left, left};
        ragged(z.at + u, z.stride, hidden, part, b, valid, 1);
      }
      u += piece;
    }
  }
}

void tn_panel_pack_plain(tn_real *packed, tn_mat w_hh, tn_span columns) {
  const size_t width = width_of_panels(), end = (size_t)(columns.first + columns.count);
  for (size_t c = (size_t)columns.first; c < end; c += width) {
    tn_real *to = packed + panels_before((int)c, width) * width * w_hh.rows;
    for (size_t k = 0; k < w_hh.rows; k++, to += width)
      for (size_t l = 0; l < width; l++) to[l] = c + l < w_hh.cols ? tn_row(w_hh, k)[c + l] : 0;
  }
}

void tn_panel_plain(tn_mat out, tn_mat dz, const tn_real *packed, tn_span columns) {
  const size_t width = width_of_panels(), piece = width / 4, depth = dz.cols;
  const size_t end = (size_t)(columns.first + columns.count);
  for (size_t c = (size_t)columns.first; c < end;) {
    const tn_real *b = packed + panels_before((int)c, width) * width * depth;
    const int four = dz.rows == 1 && c + 4 * width <= end;
    for (size_t k = 0; k < depth; k += TN_PANEL_K) {
      const tn_mat part = tn_cols(dz, k, depth - k < TN_PANEL_K ? depth - k : TN_PANEL_K);
      if (four) {
        strip(out.at + c, width, piece, part, b + k * width, width * depth, k > 0);
      } else if (c + width <= end) {
        panel(out.at + c, out.stride, piece, part, b + k * width, k > 0);
      } else {
        int valid[4];
        for (size_t p = 0; p < 4; p++) {
          const size_t from = c + p * piece;
          valid[p] = from >= end ? 0 : end - from < piece ? (int)(end - from) : (int)piece;
        }
        ragged(out.at + c, out.stride, piece, part, b + k * width, valid, k > 0);
      }
    }
    c += four ? 4 * width : width;
  }
}
