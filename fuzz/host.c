/* What libFuzzer calls: hands each input to a reader as a file, and watches it.
**
** The reader is a Lua function, that of fuzz/targets/$TENOR_FUZZ.lua, so that
** the binding is tried with what is below it. It gets the name of a file in
** memory that holds the input. It must give something, or nil and a message that
** names the file; what raises is a finding, and so is a single block of memory larger than
** the target allows for an input of that size, and a state that grows.
**
** The core is instrumented by the compiler. Lines of Lua are counted by a hook:
** libFuzzer takes what it finds in the section __libfuzzer_extra_counters.
*/
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <sanitizer/lsan_interface.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int luaopen_tenor_core(lua_State *L);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { EDGES = 1 << 14, COLLECT_EVERY = 2048 };
__attribute__((section("__libfuzzer_extra_counters"))) static unsigned char edges[EDGES];

static struct {
  lua_State *L;
  int fd;
  char path[256], real[64];
  size_t fixed, per_byte; /* the largest block that an input of n bytes justifies */
  int decoded;            /* more is justified where it was really read in the end */
  size_t allowed, largest, used, steady;
  uint64_t runs;
  unsigned last; /* number of a line of Lua, hashed */
} host;

static void die(const char *what, const char *detail) {
  fprintf(stderr, "fuzz: %s: %s\n", what, detail);
  abort();
}

/* Lua's own allocator, that watches the size of blocks. */
static void *allocate(void *context, void *block, size_t before, size_t after) {
  (void)context;
  if (block == NULL) before = 0; /* Lua tells a type there */
  if (after > host.largest) host.largest = after;
  if (after > host.allowed) return NULL;
  if (after == 0) {
    free(block);
    host.used -= before;
    return NULL;
  }
  void *to = realloc(block, after);
  if (to != NULL) host.used += after - before;
  return to;
}

static void count_line(lua_State *L, lua_Debug *about) {
  (void)L; /* to ask for the file as well would take a third of the time */
  const unsigned line = (unsigned)about->currentline * 2654435761u >> 8;
  edges[(line ^ host.last >> 1) % EDGES]++;
  host.last = line;
}

static int with_trace(lua_State *L) {
  luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
  return 1;
}

/* The target's file gives a table: run, and what it allows. */
static void load_target(lua_State *L, const char *file) {
  lua_pushcfunction(L, with_trace);
  if (luaL_loadfile(L, file) != LUA_OK || lua_pcall(L, 0, 1, 1) != LUA_OK) die(file, lua_tostring(L, -1));
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_getfield(L, 2, "fixed");
  host.fixed = (size_t)luaL_checkinteger(L, -1);
  lua_getfield(L, 2, "per_byte");
  host.per_byte = (size_t)luaL_checkinteger(L, -1);
  lua_getfield(L, 2, "decoded");
  host.decoded = lua_toboolean(L, -1);
  lua_getfield(L, 2, "name");
  snprintf(host.real, sizeof host.real, "/proc/self/fd/%d", host.fd);
  const char *folder = getenv("TENOR_FUZZ_FOLDER");
  if (folder == NULL) die("TENOR_FUZZ_FOLDER", "names no folder for the input");
  snprintf(host.path, sizeof host.path, "%s/%s", folder, luaL_optstring(L, -1, "input"));
  unlink(host.path);
  if (symlink(host.real, host.path) != 0) die(host.path, strerror(errno));
  if (lua_getfield(L, 2, "hook") != LUA_TNIL && lua_toboolean(L, -1)) lua_sethook(L, count_line, LUA_MASKLINE, 0);
  luaL_checktype(L, (lua_getfield(L, 2, "run"), -1), LUA_TFUNCTION);
  lua_replace(L, 2);
  lua_settop(L, 2); /* the trace and the function stay */
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc, (void)argv;
  const char *target = getenv("TENOR_FUZZ");
  if (target == NULL) die("TENOR_FUZZ", "names no target");
  host.fd = memfd_create("fuzz", 0);
  if (host.fd < 0) die("memfd_create", strerror(errno));
  host.allowed = SIZE_MAX;
  host.L = lua_newstate(allocate, NULL);
  luaL_openlibs(host.L);
  luaL_getsubtable(host.L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
  lua_pushcfunction(host.L, luaopen_tenor_core);
  lua_setfield(host.L, -2, "tenor.core");
  lua_settop(host.L, 0);
  load_target(host.L, target);
  lua_gc(host.L, LUA_GCGEN, 0, 0);
  return 0;
}

static void put(const uint8_t *bytes, size_t n) {
  for (size_t at = 0; at < n;) {
    const ssize_t wrote = pwrite(host.fd, bytes + at, n - at, (off_t)at);
    if (wrote <= 0) die("pwrite", strerror(errno));
    at += (size_t)wrote;
  }
  if (ftruncate(host.fd, (off_t)n) != 0) die("ftruncate", strerror(errno));
}

static void check_result(lua_State *L) {
  if (lua_toboolean(L, 3)) return;
  if (lua_type(L, 4) != LUA_TSTRING) die("gives nothing and no message", luaL_typename(L, 4));
  if (strstr(lua_tostring(L, 4), host.path) == NULL) die("a message without the file's name", lua_tostring(L, 4));
}

/* What a reader keeps, in Lua or beside it, would show as growth here. */
static void check_growth(lua_State *L) {
  lua_gc(L, LUA_GCCOLLECT); /* what has a finaliser goes at the second */
  lua_gc(L, LUA_GCCOLLECT);
  if (host.steady == 0) host.steady = host.used + 65536;
  if (host.used > host.steady) {
    char detail[96];
    snprintf(detail, sizeof detail, "%zu bytes in use, %zu at most expected", host.used, host.steady);
    die("the state grows", detail);
  }
  /* libFuzzer's own check stops the world after each input that leaves Lua
  ** larger, which most do, and gives up after a thousand: slow, and then blind. */
  if (__lsan_do_recoverable_leak_check() != 0) die("leaks", "one of the last inputs; try them again with -detect_leaks=1");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
  lua_State *L = host.L;
  put(bytes, n);
  const size_t justified = host.fixed + host.per_byte * n;
  host.allowed = host.decoded ? (size_t)1 << 30 : justified;
  host.largest = 0;
  host.last = 0;
  lua_pushvalue(L, 2);
  lua_pushstring(L, host.path);
  lua_pushlstring(L, (const char *)bytes, n);
  const int status = lua_pcall(L, 2, 2, 1);
  host.allowed = SIZE_MAX;
  if (host.largest > justified && !(host.decoded && lua_toboolean(L, 3))) {
    char detail[96];
    snprintf(detail, sizeof detail, "%zu bytes in one block for an input of %zu", host.largest, n);
    die("unjustified", detail);
  }
  if (status != LUA_OK) die("raises", lua_tostring(L, -1));
  check_result(L);
  lua_settop(L, 2);
  if (++host.runs % COLLECT_EVERY == 0) check_growth(L);
  return 0;
}
