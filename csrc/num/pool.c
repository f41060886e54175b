/* Whoever waits spins a little, for what comes soon; then yields, so that other
** programs get on; then sleeps, so that the thread it waits for can have this
** processor. Sleeping at once would not do: a thread that is woken often starts
** on the waker's own processor, and the two then take turns.
*/
#include "pool.h"

#include <cblas.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#if defined(__SSE2__)
#include <xmmintrin.h>
#define relax() _mm_pause()
#else
#define relax() ((void)0)
#endif

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#define SPINS 2000 /* some tens of microseconds */
#define YIELDS 200

static struct {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  int wanted;  /* threads in a region; 0 until asked */
  int started; /* workers that exist, ids 1 .. started */
  tn_task *fn;
  void *ctx;
  int count;               /* threads of the present region */
  atomic_uint generation;  /* regions begun */
  atomic_int running;      /* workers still in the region */
  atomic_int arrived;      /* at the barrier */
  atomic_int sense;
  atomic_int sleepers; /* threads asleep in wait_change */
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static _Thread_local int inside;

/* Returns once *value is not `old`. */
static void wait_change(atomic_int *value, int old) {
  for (int i = 0; i < SPINS + YIELDS; i++) {
    if (atomic_load_explicit(value, memory_order_acquire) != old) return;
    if (i < SPINS)
      relax();
    else
      sched_yield();
  }
  atomic_fetch_add(&pool.sleepers, 1);
  while (atomic_load(value) == old) {
#ifdef __linux__
    syscall(SYS_futex, value, FUTEX_WAIT_PRIVATE, old, NULL, NULL, 0);
#else
    sched_yield();
#endif
  }
  atomic_fetch_sub(&pool.sleepers, 1);
}

/* After a store to *value: wakes those who sleep on it. */
static void tell(atomic_int *value) {
#ifdef __linux__
  if (atomic_load(&pool.sleepers) > 0) syscall(SYS_futex, value, FUTEX_WAKE_PRIVATE, TN_MAX_THREADS, NULL, NULL, 0);
#else
  (void)value;
#endif
}

static void run(tn_task *fn, void *ctx, int id, int count) {
#if defined(__SSE2__)
  const unsigned csr = _mm_getcsr();
  _mm_setcsr(csr | 0x8040); /* flush to zero, denormals are zero */
#endif
  inside = 1;
  fn(ctx, id, count);
  inside = 0;
#if defined(__SSE2__)
  _mm_setcsr(csr);
#endif
}

static void *worker(void *arg) {
  const int id = (int)(ptrdiff_t)arg;
  unsigned seen = 0;
  for (;;) {
    for (int i = 0; i < SPINS + YIELDS && atomic_load_explicit(&pool.generation, memory_order_acquire) == seen; i++) {
      if (i < SPINS)
        relax();
      else
        sched_yield();
    }
    pthread_mutex_lock(&pool.lock);
    while (atomic_load(&pool.generation) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
    seen = atomic_load(&pool.generation);
    tn_task *fn = pool.fn;
    void *ctx = pool.ctx;
    const int count = pool.count;
    pthread_mutex_unlock(&pool.lock);
    if (id < count) {
      run(fn, ctx, id, count);
      if (atomic_fetch_sub(&pool.running, 1) == 1) tell(&pool.running);
    }
  }
  return NULL;
}

int tn_threads(void) {
  if (pool.wanted == 0) {
    cpu_set_t set;
    int n = 1;
    if (sched_getaffinity(0, sizeof set, &set) == 0) n = CPU_COUNT(&set);
    tn_set_threads(n < 1 ? 1 : n);
  }
  return pool.wanted;
}

void tn_set_threads(int count) {
  if (count < 1) count = 1;
  if (count > TN_MAX_THREADS) count = TN_MAX_THREADS;
  openblas_set_num_threads(1);
  pool.wanted = count;
}

/* A worker that cannot be made leaves fewer threads: the region is smaller, its result the same. */
static int grow(int count) {
  while (pool.started < count - 1) {
    pthread_t thread;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    const int failed = pthread_create(&thread, &attr, worker, (void *)(ptrdiff_t)(pool.started + 1));
    pthread_attr_destroy(&attr);
    if (failed) break;
    pool.started++;
  }
  return pool.started + 1 < count ? pool.started + 1 : count;
}

void tn_parallel(tn_task *fn, void *ctx) {
  if (inside) {
    fn(ctx, 0, 1);
    return;
  }
  const int wanted = tn_threads();
  const int count = wanted > 1 ? grow(wanted) : 1;
  if (count == 1) {
    run(fn, ctx, 0, 1);
    return;
  }
  pthread_mutex_lock(&pool.lock);
  pool.fn = fn;
  pool.ctx = ctx;
  pool.count = count;
  atomic_store(&pool.arrived, 0);
  atomic_store(&pool.sense, 0);
  atomic_store(&pool.running, count - 1);
  atomic_fetch_add(&pool.generation, 1);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
  run(fn, ctx, 0, count);
  for (int left; (left = atomic_load_explicit(&pool.running, memory_order_acquire)) > 0;)
    wait_change(&pool.running, left);
}

void tn_barrier(int *sense) {
  const int mine = !*sense;
  *sense = mine;
  if (atomic_fetch_add_explicit(&pool.arrived, 1, memory_order_acq_rel) + 1 == pool.count) {
    atomic_store_explicit(&pool.arrived, 0, memory_order_relaxed);
    atomic_store(&pool.sense, mine);
    tell(&pool.sense);
  } else {
    wait_change(&pool.sense, !mine);
  }
}

tn_span tn_share(int n, int grain, int id, int count) {
  const int grains = (n + grain - 1) / grain;
  int first = (int)((long)grains * id / count) * grain;
  int last = (int)((long)grains * (id + 1) / count) * grain;
  if (first > n) first = n;
  if (last > n) last = n;
  return (tn_span){first, last - first};
}
