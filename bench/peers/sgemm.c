/* The rate to measure against: OpenBLAS's own sgemm of square matrices.
**
**   sgemm SIZE THREADS
**
** Speaks the protocol of bench/support/peer.lua. The first words after `ready`
** are the kernels in use.
*/
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static float *matrix(int n, unsigned seed) {
  float *m = malloc((size_t)n * (size_t)n * sizeof *m);
  if (m == NULL) return NULL;
  for (size_t i = 0; i < (size_t)n * (size_t)n; i++) {
    seed = seed * 1664525u + 1013904223u;
    m[i] = (float)(seed >> 8) / 16777216.0f - 0.5f;
  }
  return m;
}

int main(int argc, char **argv) {
  const int n = argc > 1 ? atoi(argv[1]) : 2048, threads = argc > 2 ? atoi(argv[2]) : 1;
  float *a = matrix(n, 1), *b = matrix(n, 2), *c = matrix(n, 3);
  if (a == NULL || b == NULL || c == NULL) {
    puts("absent not enough memory");
    return 1;
  }
  openblas_set_num_threads(threads);
  printf("ready %s\n", openblas_get_corename());
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int count = 1;
    if (line[0] == 'q') break;
    sscanf(line, "run %d", &count);
    const double begun = seconds();
    for (int i = 0; i < count; i++)
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
    printf("%.9g\n", (seconds() - begun) / count);
    fflush(stdout);
  }
  free(a);
  free(b);
  free(c);
  return 0;
}
