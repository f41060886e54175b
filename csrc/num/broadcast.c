/* Shapes that go together, and the walk over them. */
#include "broadcast.h"

#include <string.h>

int tn_broadcast(size_t *shape, int rank, const size_t *other, int other_rank) {
  const int joint = rank > other_rank ? rank : other_rank;
  size_t wide[TN_WALK_AXES] = {0};
  for (int i = 1; i <= joint; i++) { /* from the last axis */
    const size_t a = i <= rank ? shape[rank - i] : 1;
    const size_t b = i <= other_rank ? other[other_rank - i] : 1;
    if (a != b && a != 1 && b != 1) return 0;
    wide[joint - i] = a == 1 ? b : a;
  }
  memcpy(shape, wide, (size_t)joint * sizeof *shape);
  return joint;
}

void tn_walk_start(tn_walk *w, int rank, const size_t *shape) {
  memset(w, 0, sizeof *w);
  w->axes = rank;
  memcpy(w->size, shape, (size_t)rank * sizeof *shape);
}

void tn_walk_input(tn_walk *w, int rank, const size_t *shape) {
  size_t stride = 1;
  for (int i = 1; i <= rank; i++) {
    w->stride[w->inputs][w->axes - i] = shape[rank - i] == 1 ? 0 : stride;
    stride *= shape[rank - i];
  }
  w->inputs++;
}

/* Whether each input crosses from axis `a` into axis `b` without a gap. */
static int joined(const tn_walk *w, int a, int b) {
  for (int k = 0; k < w->inputs; k++)
    if (w->stride[k][a] != w->stride[k][b] * w->size[b]) return 0;
  return 1;
}

static void move_axis(tn_walk *w, int to, int from) {
  w->size[to] = w->size[from];
  for (int k = 0; k < w->inputs; k++) w->stride[k][to] = w->stride[k][from];
}

int tn_walk_begin(tn_walk *w) {
  int kept = 0;
  for (int i = 0; i < w->axes; i++) {
    if (w->size[i] == 0) return 0;
    if (w->size[i] == 1) continue;
    if (kept > 0 && joined(w, kept - 1, i)) {
      const size_t before = w->size[kept - 1];
      move_axis(w, kept - 1, i);
      w->size[kept - 1] *= before;
    } else {
      move_axis(w, kept++, i);
    }
  }
  w->axes = kept > 0 ? kept - 1 : 0; /* the last axis is the run */
  w->run = kept > 0 ? w->size[kept - 1] : 1;
  for (int k = 0; k < w->inputs; k++) w->step[k] = kept > 0 ? w->stride[k][kept - 1] : 1;
  return 1;
}

int tn_walk_next(tn_walk *w) {
  w->out += w->run;
  for (int i = w->axes - 1; i >= 0; i--) {
    for (int k = 0; k < w->inputs; k++) w->at[k] += w->stride[k][i];
    if (++w->count[i] < w->size[i]) return 1;
    for (int k = 0; k < w->inputs; k++) w->at[k] -= w->stride[k][i] * w->size[i];
    w->count[i] = 0;
  }
  return 0;
}

void tn_broadcast_copy(void *out, const void *in, size_t element, tn_walk *w) {
  for (int more = tn_walk_begin(w); more; more = tn_walk_next(w)) {
    char *to = (char *)out + w->out * element;
    const char *from = (const char *)in + w->at[0] * element;
    if (w->step[0] == 1)
      memmove(to, from, w->run * element);
    else
      for (size_t i = 0; i < w->run; i++) memcpy(to + i * element, from, element);
  }
}
