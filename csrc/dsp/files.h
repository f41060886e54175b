/* The statistics of whole files, for many threads at once.
**
** A tn_recipe says what is wanted of every file. Its extractors (paa.h), one
** for each sample rate, are made when the first file of that rate comes and
** shared; it may be used by any number of threads. What a file gives depends
** on the file alone.
*/
#ifndef TN_DSP_FILES_H
#define TN_DSP_FILES_H

#include <pthread.h>

#include "extract.h"

/* Corpora have one rate or a few. Of rates beyond these the extractor lives as
** long as the file, so that no corpus makes memory grow. */
#define TN_RATES 8

typedef struct tn_recipe {
  double window, step; /* seconds */
  double eps;
  int deltas, drop_zeros;
  pthread_mutex_t lock; /* of what follows */
  size_t count;
  int rates[TN_RATES];
  tn_paa paas[TN_RATES];
} tn_recipe;

/* On a recipe whose first five fields are set and the others zero. */
void tn_recipe_init(tn_recipe *r);
void tn_recipe_free(tn_recipe *r);

size_t tn_recipe_columns(const tn_recipe *r); /* 68, or 136 with deltas */

/* out (columns), and whether the file is silent (extract.h). -1 and a reason, without
** the file's name, where there are none. */
int tn_file_statistics(tn_recipe *r, double *out, int *silent, const char *path, char why[TN_WHY]);

#endif
