/* A tn_layout inside a userdata, with its arrays, for layers to share. */
#ifndef TN_BIND_RAGGED_H
#define TN_BIND_RAGGED_H

#include "../num/ragged.h"
#include "tensor.h"

#define TN_LAYOUT "tenor.core.Layout"

const tn_layout *tn_check_layout(lua_State *L, int arg);

/* A tensor as a matrix of rows x cols; rank 1 is one row. */
tn_mat tn_as_mat(const tn_tensor *t);
/* The same, or a view of nothing for NULL. */
tn_mat tn_as_mat_opt(const tn_tensor *t);

#endif
