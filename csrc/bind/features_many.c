/* tenor.core.features.recipe and .many: the statistics of many files, over the pool.
**
** Threads take the next file when they are done with one, so that a long file
** does not hold up the others. All that Lua owns is made before they start,
** and Lua is not called until they are done.
*/
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "../dsp/files.h"
#include "../num/pool.h"
#include "audio.h"
#include "core.h"
#include "features.h"
#include "tensor.h"

#define TN_RECIPE "tenor.core.Recipe"

/* recipe(window, step, eps, deltas, drop_zeros): checked in Lua */
static int features_recipe(lua_State *L) {
  const double window = luaL_checknumber(L, 1), step = luaL_checknumber(L, 2), eps = luaL_checknumber(L, 3);
  luaL_argcheck(L, window > 0 && isfinite(window), 1, "must be positive");
  luaL_argcheck(L, step > 0 && isfinite(step), 2, "must be positive");
  luaL_argcheck(L, eps > 0 && isfinite(eps), 3, "must be positive");
  tn_recipe *r = (tn_recipe *)lua_newuserdatauv(L, sizeof *r, 0);
  memset(r, 0, sizeof *r);
  r->window = window;
  r->step = step;
  r->eps = eps;
  r->deltas = lua_toboolean(L, 4);
  r->drop_zeros = lua_toboolean(L, 5);
  tn_recipe_init(r);
  luaL_setmetatable(L, TN_RECIPE);
  return 1;
}

static int recipe_free(lua_State *L) {
  tn_recipe_free((tn_recipe *)luaL_checkudata(L, 1, TN_RECIPE));
  return 0;
}

typedef struct tn_job {
  const char *path;
  tn_real *row;
  int failed;
  char why[TN_WHY];
} tn_job;

typedef struct tn_jobs {
  tn_recipe *recipe;
  tn_job *list;
  size_t count;
  int threads; /* at most */
  atomic_size_t next;
} tn_jobs;

static void work(tn_recipe *r, tn_job *job) {
  double numbers[2 * TN_LLD_DELTAS];
  const size_t columns = tn_recipe_columns(r);
  job->failed = tn_file_statistics(r, numbers, job->path, job->why) != 0;
  for (size_t c = 0; c < columns && !job->failed; c++)
    if (!isfinite((tn_real)numbers[c])) {
      snprintf(job->why, TN_WHY, "its features are not finite");
      job->failed = 1;
    }
  for (size_t c = 0; c < columns; c++) job->row[c] = job->failed ? 0 : (tn_real)numbers[c];
}

static void work_on(void *context, int id, int count) {
  tn_jobs *jobs = (tn_jobs *)context;
  (void)count;
  if (id >= jobs->threads) return;
  for (size_t i; (i = atomic_fetch_add(&jobs->next, 1)) < jobs->count;) work(jobs->recipe, &jobs->list[i]);
}

/* many(recipe, paths, first, last, rows (N, 68 or 136), threads) -> { index = "path: why" }
** for the paths first .. last, false where there is none; their rows are
** filled, with zeros where a file fails. */
static int features_many(lua_State *L) {
  tn_recipe *r = (tn_recipe *)luaL_checkudata(L, 1, TN_RECIPE);
  luaL_checktype(L, 2, LUA_TTABLE);
  const lua_Integer first = luaL_checkinteger(L, 3), last = luaL_checkinteger(L, 4);
  const tn_tensor *rows = tn_expect(L, 5, "features.many: rows", TN_REAL, 2, TN_ANY, tn_recipe_columns(r));
  const lua_Integer threads = luaL_checkinteger(L, 6);
  luaL_argcheck(L, first >= 1, 3, "out of range");
  luaL_argcheck(L, last >= first && last - first < 65536 && (size_t)last <= rows->shape[0], 4, "out of range");
  luaL_argcheck(L, threads >= 1 && threads <= TN_MAX_THREADS, 6, "out of range");
  tn_jobs jobs = {.recipe = r, .threads = (int)threads};
  jobs.list = (tn_job *)lua_newuserdatauv(L, (size_t)(last - first + 1) * sizeof *jobs.list, 0);
  for (lua_Integer i = first; i <= last; i++) {
    /* the table keeps the string, and the string its bytes */
    if (lua_rawgeti(L, 2, i) != LUA_TBOOLEAN) {
      jobs.list[jobs.count].path = tn_path(L, -1, "features.many: path");
      jobs.list[jobs.count++].row = tn_reals(rows) + (size_t)(i - 1) * rows->shape[1];
    }
    lua_pop(L, 1);
  }
  lua_newtable(L);
  if (jobs.count > 0) tn_parallel(work_on, &jobs);
  size_t at = 0;
  for (lua_Integer i = first; i <= last; i++) {
    const int absent = lua_rawgeti(L, 2, i) == LUA_TBOOLEAN;
    lua_pop(L, 1);
    if (absent) continue;
    const tn_job *job = &jobs.list[at++];
    if (!job->failed) continue;
    lua_pushfstring(L, "%s: %s", job->path, job->why);
    lua_rawseti(L, -2, i);
  }
  return 1;
}

void tn_open_features_many(lua_State *L) {
  static const luaL_Reg functions[] = {{"recipe", features_recipe}, {"many", features_many}, {NULL, NULL}};
  luaL_newmetatable(L, TN_RECIPE);
  lua_pushcfunction(L, recipe_free);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_setfuncs(L, functions, 0);
}
