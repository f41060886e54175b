/*** An explicit random generator. Nothing in tenor draws from anywhere
else, so a seed decides a run.
@classmod Rng */
#include "rng.h"

#include "tensor_args.h"

tn_rng *tn_check_rng(lua_State *L, int arg) {
  tn_rng *r = (tn_rng *)luaL_testudata(L, arg, TN_RNG);
  if (r == NULL)
    luaL_error(L, "argument %d must be a generator, as tenor.rng(seed), got %s", arg, tn_got(L, arg));
  return r;
}

static tn_rng *self(lua_State *L, const char *call) {
  tn_rng *r = (tn_rng *)luaL_testudata(L, 1, TN_RNG);
  if (r == NULL) luaL_error(L, "%s: self must be a generator, got %s", call, tn_got(L, 1));
  return r;
}

static tn_rng *push_rng(lua_State *L) {
  tn_rng *r = (tn_rng *)lua_newuserdatauv(L, sizeof *r, 0);
  tn_rng_seed(r, 0);
  luaL_setmetatable(L, TN_RNG);
  return r;
}

/*** A random generator (xoshiro256**). The same seed gives the same numbers.
@function tenor.rng
@int seed any integer
@treturn Rng
@raise when seed is not an integer */
static int rng_new(lua_State *L) {
  const lua_Integer seed = tn_arg_integer(L, 1, "tenor.rng", "seed");
  tn_rng_seed(push_rng(L), (uint64_t)seed);
  return 1;
}

/*** A number in [0, 1), 53 bits of it random.
@function uniform
@treturn number */
static int rng_uniform(lua_State *L) {
  lua_pushnumber(L, tn_rng_uniform(self(L, "rng:uniform")));
  return 1;
}

/*** A normal number, mean 0 and variance 1 (Marsaglia's polar method).
@function normal
@treturn number */
static int rng_normal(lua_State *L) {
  lua_pushnumber(L, tn_rng_normal(self(L, "rng:normal")));
  return 1;
}

/*** An integer from 1 to n, each as likely.
@function integer
@int n at least 1
@treturn integer
@raise where n is no such integer */
static int rng_integer(lua_State *L) {
  tn_rng *r = self(L, "rng:integer");
  const lua_Integer n = tn_arg_integer(L, 2, "rng:integer", "n");
  if (n < 1) return luaL_error(L, "rng:integer: n must be at least 1, got %I", (LUAI_UACINT)n);
  lua_pushinteger(L, (lua_Integer)tn_rng_below(r, (uint64_t)n) + 1);
  return 1;
}

/*** The integers 1 to n in random order, an int32 tensor (n): rows for `x:index`.
@function permutation
@int n 0 to 2^31 - 1
@treturn Tensor int32 (n) */
static int rng_permutation(lua_State *L) {
  tn_rng *r = self(L, "rng:permutation");
  const lua_Integer n = tn_arg_integer(L, 2, "rng:permutation", "n");
  if (n < 0 || n > INT32_MAX)
    return luaL_error(L, "rng:permutation: n must be 0 to %d, got %I", INT32_MAX, (LUAI_UACINT)n);
  tn_tensor *t = tn_new1(L, TN_INT, (size_t)n);
  tn_rng_permutation(tn_ints(t), r, t->size);
  return 1;
}

/*** The state as a string of bytes, to go on from later or elsewhere.
@function state
@treturn string */
static int rng_state(lua_State *L) {
  unsigned char bytes[TN_RNG_BYTES];
  tn_rng_save(bytes, self(L, "rng:state"));
  lua_pushlstring(L, (const char *)bytes, sizeof bytes);
  return 1;
}

/*** Goes back to a state from `rng:state()`.
@function restore
@string state
@treturn Rng the generator itself
@raise where state is no such string */
static int rng_restore(lua_State *L) {
  tn_rng *r = self(L, "rng:restore");
  size_t length = 0;
  const char *bytes = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &length) : NULL;
  if (bytes == NULL)
    return luaL_error(L, "rng:restore: state must be a string from rng:state(), got %s", tn_got(L, 2));
  if (length != TN_RNG_BYTES || !tn_rng_load(r, (const unsigned char *)bytes))
    return luaL_error(L, "rng:restore: state must be %d bytes from rng:state(), got %I bytes that are none",
                      TN_RNG_BYTES, (LUAI_UACINT)length);
  lua_settop(L, 1);
  return 1;
}

/*** A new generator, independent of this one, which moves on by four draws: one
for each layer or worker, so that none's draws depend on how many another made.
@function fork
@treturn Rng */
static int rng_fork(lua_State *L) {
  tn_rng *parent = self(L, "rng:fork");
  tn_rng_fork(push_rng(L), parent);
  return 1;
}

static int rng_tostring(lua_State *L) {
  self(L, "tostring");
  lua_pushliteral(L, "Rng xoshiro256**");
  return 1;
}

int tn_open_rng(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"uniform", rng_uniform}, {"normal", rng_normal},   {"integer", rng_integer}, {"permutation", rng_permutation},
      {"state", rng_state},     {"restore", rng_restore}, {"fork", rng_fork},       {NULL, NULL},
  };
  luaL_newmetatable(L, TN_RNG);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, rng_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_pop(L, 1);
  lua_pushcfunction(L, rng_new);
  return 1;
}
