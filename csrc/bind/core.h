/* What each binding file offers to core.c: a function that pushes its table. */
#ifndef TN_BIND_CORE_H
#define TN_BIND_CORE_H

#include <lauxlib.h>
#include <lua.h>

__attribute__((visibility("default"))) int luaopen_tenor_core(lua_State *L);

int tn_open_tensor(lua_State *L);
int tn_open_terminal(lua_State *L);
int tn_open_layout(lua_State *L);
int tn_open_lstm(lua_State *L);
int tn_open_layers(lua_State *L);
int tn_open_training(lua_State *L);
int tn_open_statistics(lua_State *L);
int tn_open_npy(lua_State *L);
int tn_open_safetensors(lua_State *L);
int tn_open_vectors(lua_State *L);
int tn_open_text(lua_State *L);
int tn_open_audio(lua_State *L);
int tn_open_features(lua_State *L);
int tn_open_file(lua_State *L);
int tn_open_hash(lua_State *L);
int tn_open_interrupt(lua_State *L);
int tn_open_store(lua_State *L);
int tn_open_json(lua_State *L);

#endif
