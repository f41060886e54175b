/* Runs calls of tenor while memory fails: a program that has a malloc of its
** own, which Lua, the core and every library below get, and which refuses from
** the n-th request on, or the n-th alone.
**
**     host CASES [NAME]
**
** CASES is a Lua file that gives a list of { name, function, keeps }. Each function is
** run with n = 1, 2, ... until none is refused. It must end in an error or in nil and
** a reason that speak of memory, or do without; then, with memory again, all
** that it took must be free (but for what `keeps` names), and the call must do
** what it did at first.
** Under the address sanitizer, whose malloc this is then, Lua alone is refused.
*/
#include <dlfcn.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_long countdown;  /* requests until one is refused; 0: none will be */
static atomic_int lasting;     /* all after it are refused too */
static atomic_long refused, blocks;

/* libsndfile with the decoders behind it, and luv, do not look whether they got
** memory, and die: to refuse them would say nothing of tenor. */
static int knows_refusal(const void *caller) {
  Dl_info about;
  if (dladdr(caller, &about) == 0 || about.dli_fname == NULL) return 1;
  static const char *const reckless[] = {"libsndfile", "libFLAC", "libvorbis", "libogg", "libopus",
                                         "libmpg123", "libmp3lame", "luv"};
  for (size_t i = 0; i < sizeof reckless / sizeof *reckless; i++)
    if (strstr(about.dli_fname, reckless[i]) != NULL) return 0;
  return 1;
}

static int refuse(const void *caller) {
  if (atomic_load_explicit(&countdown, memory_order_relaxed) == 0 || !knows_refusal(caller)) return 0;
  const long left = atomic_fetch_sub(&countdown, 1) - 1;
  if (left > 0) return 0;
  atomic_store(&countdown, atomic_load(&lasting) ? 1 : 0);
  atomic_fetch_add(&refused, 1);
  return 1;
}

#ifndef __SANITIZE_ADDRESS__
#include <errno.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t n);
void *__libc_memalign(size_t to, size_t n);
void __libc_free(void *block);

static void *given(void *block) {
  if (block == NULL)
    errno = ENOMEM;
  else
    atomic_fetch_add_explicit(&blocks, 1, memory_order_relaxed);
  return block;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t n) { return given(refuse(CALLER) ? NULL : __libc_malloc(n)); }
void *calloc(size_t n, size_t size) { return given(refuse(CALLER) ? NULL : __libc_calloc(n, size)); }
void *memalign(size_t to, size_t n) { return given(refuse(CALLER) ? NULL : __libc_memalign(to, n)); }
void *aligned_alloc(size_t to, size_t n) { return given(refuse(CALLER) ? NULL : __libc_memalign(to, n)); }
int posix_memalign(void **block, size_t to, size_t n) {
  return (*block = given(refuse(CALLER) ? NULL : __libc_memalign(to, n))) != NULL ? 0 : ENOMEM;
}

void free(void *block) {
  if (block != NULL) atomic_fetch_sub_explicit(&blocks, 1, memory_order_relaxed);
  __libc_free(block);
}

void *realloc(void *block, size_t n) {
  if (block != NULL && n == 0) {
    free(block);
    return NULL;
  }
  void *to = refuse(CALLER) ? NULL : __libc_realloc(block, n);
  if (block == NULL) return given(to);
  if (to == NULL) errno = ENOMEM;
  return to;
}

static void *for_lua(void *context, void *block, size_t before, size_t after) {
  (void)context, (void)before;
  if (after > 0) return realloc(block, after);
  free(block);
  return NULL;
}
#else
static void *for_lua(void *context, void *block, size_t before, size_t after) {
  (void)context, (void)before;
  if (after == 0) {
    if (block != NULL) atomic_fetch_sub(&blocks, 1);
    free(block);
    return NULL;
  }
  if (refuse(NULL)) return NULL;
  if (block == NULL) atomic_fetch_add(&blocks, 1);
  return realloc(block, after);
}
#endif

enum { REPEAT = 8 };
static int failures;

static void complain(const char *name, long n, const char *what, const char *detail) {
  printf("%s, request %ld: %s: %s\n", name, n, what, detail != NULL ? detail : "(no message)");
  failures++;
}

static long settle(lua_State *L) {
  for (int i = 0; i < 3; i++) lua_gc(L, LUA_GCCOLLECT); /* what finalisers free goes a cycle later */
  return atomic_load(&blocks);
}

static int speaks_of_memory(const char *s) {
  return s != NULL && (strstr(s, "memory") != NULL || strstr(s, "Malloc") != NULL);
}

/* Calls the function at index 1 with request n refused; 0 where none was. */
static int refuse_one(lua_State *L, const char *name, long n) {
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  atomic_store(&refused, 0);
  atomic_store(&countdown, n);
  const int status = lua_pcall(L, 0, 2, 0);
  atomic_store(&countdown, 0);
  if (status != LUA_OK) {
    if (!speaks_of_memory(lua_tostring(L, -1))) complain(name, n, "raises", lua_tostring(L, -1));
  } else if (lua_isnil(L, -2)) {
    if (!speaks_of_memory(lua_tostring(L, -1))) complain(name, n, "gives nil", lua_tostring(L, -1));
  }
  lua_settop(L, 1);
  return atomic_load(&refused) > 0;
}

/* The function's first result as text, with memory at hand. */
static void push_answer(lua_State *L, const char *name, long n) {
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  if (lua_pcall(L, 0, 2, 0) != LUA_OK || lua_isnil(L, -2)) {
    complain(name, n, "fails afterwards", lua_tostring(L, -1));
    lua_pushliteral(L, "");
  } else {
    luaL_tolstring(L, -2, NULL);
  }
  lua_replace(L, 2);
  lua_settop(L, 2);
}

static void try_case(lua_State *L, const char *name, int all_after, int keeps) {
  long tried = 0;
  const int before = failures;
  atomic_store(&lasting, all_after);
  push_answer(L, name, 0);
  push_answer(L, name, 0); /* twice, so that what is made once is there */
  const char *wanted = lua_tostring(L, 2);
  luaL_ref(L, LUA_REGISTRYINDEX); /* kept for good, as the text is used */
  long base = settle(L);
  for (long n = 1; failures < before + 5; n++) {
    if (!refuse_one(L, name, n)) break;
    tried = n;
    const long now = settle(L);
    if (now > base) { /* what Lua keeps may vary by a few blocks: a leak grows with each time */
      for (int i = 0; i < REPEAT; i++) refuse_one(L, name, n);
      const long again = settle(L);
      if (again >= now + REPEAT && !keeps) complain(name, n, "leaks", "more blocks are in use after each refusal");
      base = again;
    }
    if (n % 16 == 0) {
      push_answer(L, name, n);
      if (strcmp(wanted, lua_tostring(L, 2)) != 0) complain(name, n, "gives something else afterwards", lua_tostring(L, 2));
    }
  }
  push_answer(L, name, tried);
  if (strcmp(wanted, lua_tostring(L, 2)) != 0) complain(name, tried, "gives something else at last", lua_tostring(L, 2));
  lua_settop(L, 1);
  printf("%-28s %-8s %7ld refusals%s\n", name, all_after ? "from n" : "n alone", tried, failures > before ? "  FAILS" : "");
  fflush(stdout);
}

int main(int argc, char **argv) {
  lua_State *L = lua_newstate(for_lua, NULL);
  luaL_openlibs(L);
  if (argc < 2 || luaL_loadfile(L, argv[1]) != LUA_OK || lua_pcall(L, 0, 1, 0) != LUA_OK) {
    fprintf(stderr, "%s\n", argc < 2 ? "host CASES [NAME]" : lua_tostring(L, -1));
    return 2;
  }
  lua_setglobal(L, "cases");
  lua_getglobal(L, "cases");
  const lua_Integer count = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= count; i++) {
    lua_settop(L, 0);
    lua_getglobal(L, "cases");
    lua_rawgeti(L, 1, i);
    lua_rawgeti(L, 2, 1);
    char name[64];
    snprintf(name, sizeof name, "%s", lua_tostring(L, -1));
    lua_rawgeti(L, 2, 3);
    const int keeps = lua_toboolean(L, -1);
    lua_rawgeti(L, 2, 2);
    lua_replace(L, 1);
    lua_settop(L, 1);
    if (argc > 2 && strstr(name, argv[2]) == NULL) continue;
#ifdef __SANITIZE_ADDRESS__
    if (keeps) continue; /* the sanitizer would see it at the end */
#endif
    try_case(L, name, 1, keeps);
    try_case(L, name, 0, keeps);
  }
  lua_close(L);
  printf("%d failures\n", failures);
  return failures > 0;
}
