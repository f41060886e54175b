/* The tensor as the bindings see it.
**
** Invariants: row-major and contiguous; `data` is aligned to 64 bytes in an
** owner and points into an owner's block in a view; `size` is the product of
** `shape[0 .. rank)`; shapes may hold zeros, rank is at least 1.
** The numbers of an owner lie inside its own userdata, so that the collector
** sees their weight. A view keeps its owner alive in user value 1.
*/
#ifndef TN_BIND_TENSOR_H
#define TN_BIND_TENSOR_H

#include <lauxlib.h>
#include <lua.h>

#include "../num/real.h"

#define TN_TENSOR "tenor.Tensor"
#define TN_MAX_RANK 8

typedef enum tn_kind { TN_REAL, TN_INT } tn_kind; /* tn_real or int32_t */

typedef struct tn_tensor {
  void *data;
  size_t size; /* elements */
  tn_kind kind;
  int rank;
  size_t shape[TN_MAX_RANK];
} tn_tensor;

static inline tn_real *tn_reals(const tn_tensor *t) { return (tn_real *)t->data; }
static inline int32_t *tn_ints(const tn_tensor *t) { return (int32_t *)t->data; }
static inline size_t tn_kind_size(tn_kind kind) {
  return kind == TN_REAL ? sizeof(tn_real) : sizeof(int32_t);
}

/* Each pushes one tensor. tn_new leaves the numbers unset; tn_zeros clears
** them. They raise when the size overflows or memory is short. */
tn_tensor *tn_new(lua_State *L, tn_kind kind, int rank, const size_t *shape);
tn_tensor *tn_zeros(lua_State *L, tn_kind kind, int rank, const size_t *shape);
tn_tensor *tn_new_like(lua_State *L, const tn_tensor *model);
tn_tensor *tn_new1(lua_State *L, tn_kind kind, size_t d0);
tn_tensor *tn_new2(lua_State *L, tn_kind kind, size_t d0, size_t d1);
tn_tensor *tn_new3(lua_State *L, tn_kind kind, size_t d0, size_t d1, size_t d2);

/* Pushes a view of the tensor at stack index `base`, starting `offset`
** elements into it. The caller has made sure that it fits. */
tn_tensor *tn_view(lua_State *L, int base, size_t offset, int rank, const size_t *shape);

/* The tensor at `arg`, or NULL / an argument error. */
tn_tensor *tn_to(lua_State *L, int arg);
tn_tensor *tn_check(lua_State *L, int arg);

/* The tensor at `arg`, which must have this kind and shape; a dimension of
** TN_ANY fits all. `what` names call and argument: "lstm_forward: x". Raises
** "lstm_forward: x must be float32 (any, 34), got float32 (16, 23)". */
#define TN_ANY ((size_t)-1)
tn_tensor *tn_expect(lua_State *L, int arg, const char *what, tn_kind kind, int rank, ...);
/* The same where nil or none stands for NULL. */
tn_tensor *tn_expect_opt(lua_State *L, int arg, const char *what, tn_kind kind, int rank, ...);

/* Writes "(16, 23)" for a shape; `buf` of TN_SHAPE_TEXT bytes. */
#define TN_SHAPE_TEXT 192
const char *tn_shape_text(const tn_tensor *t, char *buf);
const char *tn_kind_name(tn_kind kind);

#endif
