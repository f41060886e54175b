/* safetensors files: the header as text, and numbers from any place in them.
** lua/tenor/safetensors.lua reads and writes the JSON and checks what it says.
*/
#include "../io/safetensors.h"

#include <string.h>

#include "core.h"
#include "handles.h"
#include "tensor.h"
#include "tensor_args.h"

#define READER "tenor.io.Safetensors"

typedef struct reader {
  tn_input in; /* closed while in.file is NULL */
  uint64_t data; /* where the numbers begin */
} reader;

static int reader_close(lua_State *L) {
  tn_input_close(&((reader *)luaL_checkudata(L, 1, READER))->in);
  return 0;
}

/* open(path) → reader, header, bytes after the header | nil, message */
static int safetensors_open(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  size_t length = 0, got;
  tn_why why;
  reader *r = (reader *)lua_newuserdatauv(L, sizeof *r, 0);
  memset(r, 0, sizeof *r);
  luaL_setmetatable(L, READER);
  if (tn_input_open(&r->in, path, &why) != 0 || tn_safetensors_length(&r->in, &length, &why) != 0) {
    tn_input_close(&r->in);
    return tn_file_failure(L, path, NULL, &why);
  }
  luaL_Buffer buffer;
  char *text = luaL_buffinitsize(L, &buffer, length);
  const int failed = tn_input_read(&r->in, text, length, &got, &why) != 0;
  luaL_pushresultsize(&buffer, failed ? 0 : got);
  if (!failed && got < length) tn_fail(&why, "ends inside the header");
  if (failed || got < length) {
    tn_input_close(&r->in);
    return tn_file_failure(L, path, NULL, &why);
  }
  r->data = r->in.at;
  lua_pushinteger(L, (lua_Integer)(r->in.size - r->data));
  return 3;
}

/* reader:read(dtype, offset, tensor) → true | nil, why: as many elements as the
** tensor has, from byte `offset` behind the header. */
static int reader_read(lua_State *L) {
  reader *r = (reader *)luaL_checkudata(L, 1, READER);
  const char *dtype = luaL_checkstring(L, 2);
  const lua_Integer offset = luaL_checkinteger(L, 3);
  const tn_tensor *t = tn_check(L, 4);
  tn_npy a;
  tn_why why;
  luaL_argcheck(L, r->in.file != NULL, 1, "the reader is closed");
  memset(&a, 0, sizeof a);
  luaL_argcheck(L, tn_safetensors_dtype(dtype, &a), 2, "no dtype that can be read");
  const uint64_t room = r->in.size - r->data;
  luaL_argcheck(L, offset >= 0 && (uint64_t)offset <= room && t->size <= (room - (uint64_t)offset) / (uint64_t)a.width, 3,
                "beyond the end of the file");
  luaL_argcheck(L, t->kind == TN_REAL || (a.kind != 'f' && a.kind != 'g'), 4, "an int32 tensor cannot hold these");
  a.rank = t->rank;
  memcpy(a.shape, t->shape, sizeof a.shape);
  a.count = t->size;
  if (tn_safetensors_read(&r->in, &a, r->data + (uint64_t)offset, tn_reals(t), t->kind == TN_INT ? tn_ints(t) : NULL,
                          &why) != 0) {
    lua_pushnil(L);
    lua_pushstring(L, why.text);
    return 2;
  }
  lua_pushboolean(L, 1);
  return 1;
}

/* write(path, header, tensors) → true | nil, message; the tensors in the order of their bytes */
static int safetensors_write(lua_State *L) {
  size_t length;
  const char *path = luaL_checkstring(L, 1), *header = luaL_checklstring(L, 2, &length);
  luaL_checktype(L, 3, LUA_TTABLE);
  const lua_Integer n = luaL_len(L, 3);
  unsigned char prefix[8];
  tn_why why;
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, 3, i);
    luaL_argcheck(L, tn_to(L, -1) != NULL, 3, "values must be tensors");
    lua_pop(L, 1);
  }
  tn_safetensors_put_length(prefix, length);
  tn_output *out = tn_new_output(L);
  int failed = tn_output_open(out, path, &why) != 0 || tn_output_write(out, prefix, sizeof prefix, &why) != 0 ||
               tn_output_write(out, header, length, &why) != 0;
  for (lua_Integer i = 1; i <= n && !failed; i++) {
    lua_rawgeti(L, 3, i);
    const tn_tensor *t = tn_to(L, -1);
    failed = tn_safetensors_write(out, t->data, t->size, tn_kind_size(t->kind), &why) != 0;
    lua_pop(L, 1);
  }
  failed = failed || tn_output_commit(out, &why) != 0;
  tn_output_discard(out);
  if (failed) return tn_file_failure(L, path, NULL, &why);
  lua_pushboolean(L, 1);
  return 1;
}

int tn_open_safetensors(lua_State *L) {
  static const luaL_Reg functions[] = {{"open", safetensors_open}, {"write", safetensors_write}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"read", reader_read}, {"close", reader_close}, {NULL, NULL}};
  tn_open_handles(L);
  tn_closing_type(L, READER, reader_close);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
