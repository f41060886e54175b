/* One pool of threads for the whole library.
**
** tn_parallel(fn, ctx) calls fn(ctx, id, count) once on each of `count`
** threads, the caller being id 0, and returns when all are done. Inside,
** tn_barrier waits until every thread of the region has come to it. A region
** does not nest: tn_parallel inside one runs fn alone, as id 0 of 1.
** Denormal numbers are flushed to zero inside a region, on every thread: the
** tail of a long chain of decaying gradients would otherwise run at a
** hundredth of the speed. OpenBLAS is held at one thread: the pool splits the
** work itself, so that results depend on the split alone.
*/
#ifndef TN_POOL_H
#define TN_POOL_H

typedef void tn_task(void *ctx, int id, int count);

void tn_parallel(tn_task *fn, void *ctx);
void tn_barrier(int *sense); /* *sense: a thread's own, 0 at the start of the region */

/* The number of threads: 1 to TN_MAX_THREADS; cores available at first. */
#define TN_MAX_THREADS 64
int tn_threads(void);
void tn_set_threads(int count); /* never from inside a region */

/* The part of `n` items that thread `id` of `count` works on, in multiples of `grain`. */
typedef struct tn_span {
  int first, count;
} tn_span;
tn_span tn_share(int n, int grain, int id, int count);

#endif
