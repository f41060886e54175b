/* tenor.core.features.recipe and .many: the statistics of many files, over the pool.
**
** Threads take the next file when they are done with one, so that a long file
** does not hold up the others. All that Lua owns is made before they start,
** and Lua is not called until they are done. Where rows are kept on the disk,
** each is written as soon as it is there: whoever kills the process loses the
** files that its threads are at, and no more.
*/
#include <ctype.h>
#include <fftw3.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "../dsp/files.h"
#include "../io/content.h"
#include "../num/pool.h"
#include "audio.h"
#include "core.h"
#include "features.h"
#include "store.h"
#include "tensor.h"

#define TN_RECIPE "tenor.core.Recipe"

/* Of the numbers that extraction gives. Whoever changes a bit of them counts it
** up, so that rows of before are never taken for rows of now. */
#define TN_EXTRACTOR_VERSION 1

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
  const char *path; /* NULL where there is none */
  tn_real *row;
  int failed, kept, silent; /* kept: the row came from the store */
  char why[TN_WHY];
} tn_job;

typedef struct tn_jobs {
  tn_recipe *recipe;
  tn_store *rows, *names; /* or NULL */
  int verify;
  tn_job *list;
  size_t count;
  int threads; /* at most */
  atomic_size_t next;
} tn_jobs;

/* A row as it is kept: its numbers, and one more that says whether the file is silent. */
typedef tn_real tn_kept[2 * TN_LLD_DELTAS + 1];

static void extract(tn_recipe *r, tn_job *job) {
  double numbers[2 * TN_LLD_DELTAS];
  const size_t columns = tn_recipe_columns(r);
  job->failed = tn_file_statistics(r, numbers, &job->silent, job->path, job->why) != 0;
  for (size_t c = 0; c < columns && !job->failed; c++)
    if (!isfinite((tn_real)numbers[c])) {
      snprintf(job->why, TN_WHY, "its features are not finite");
      job->failed = 1;
    }
  for (size_t c = 0; c < columns; c++) job->row[c] = job->failed ? 0 : (tn_real)numbers[c];
}

/* The name of a file's row: its content, and the ending, by which libsndfile
** tells files that have no header. */
static int name_row(const tn_jobs *jobs, unsigned char key[TN_DIGEST], const char *path, const tn_identity *id) {
  unsigned char text[TN_DIGEST + 16] = {0};
  const char *const slash = strrchr(path, '/'), *const ending = strrchr(slash != NULL ? slash : path, '.');
  tn_why why;
  if (tn_content(text, path, id, jobs->names, jobs->verify, &why) != 0) return -1;
  for (size_t i = 0; ending != NULL && ending[i] != '\0' && i < 16; i++)
    text[TN_DIGEST + i] = (unsigned char)tolower((unsigned char)ending[i]);
  tn_digest(key, text, sizeof text);
  return 0;
}

static void work(tn_jobs *jobs, tn_job *job) {
  const size_t columns = tn_recipe_columns(jobs->recipe);
  unsigned char key[TN_DIGEST];
  tn_identity before, after;
  tn_kept kept;
  job->failed = job->kept = job->silent = 0;
  /* a file that cannot be named cannot be read either: extraction says why */
  const int named = jobs->rows != NULL && tn_identify(&before, job->path) == 0 &&
                    name_row(jobs, key, job->path, &before) == 0;
  if (named && tn_store_get(jobs->rows, key, kept)) {
    memcpy(job->row, kept, columns * sizeof *kept);
    job->silent = kept[columns] != 0;
    job->kept = 1;
    return;
  }
  extract(jobs->recipe, job);
  /* a file that was written meanwhile may have other content by now */
  if (!named || job->failed || tn_identify(&after, job->path) != 0 ||
      memcmp(before.key, after.key, TN_DIGEST) != 0)
    return;
  memcpy(kept, job->row, columns * sizeof *kept);
  kept[columns] = job->silent ? 1 : 0;
  tn_store_put(jobs->rows, key, kept);
}

static void work_on(void *context, int id, int count) {
  tn_jobs *jobs = (tn_jobs *)context;
  (void)count;
  if (id >= jobs->threads) return;
  for (size_t i; (i = atomic_fetch_add(&jobs->next, 1)) < jobs->count;)
    if (jobs->list[i].path != NULL) work(jobs, &jobs->list[i]);
}

/* Pushes { index = "path: why" }, { list of silent indices }, the number of rows that were kept. */
static int push_results(lua_State *L, const tn_jobs *jobs, lua_Integer first) {
  size_t kept = 0;
  lua_Integer silent = 0;
  lua_newtable(L);
  lua_newtable(L);
  for (size_t i = 0; i < jobs->count; i++) {
    const tn_job *job = &jobs->list[i];
    if (job->failed) {
      lua_pushfstring(L, "%s: %s", job->path, job->why);
      lua_rawseti(L, -3, first + (lua_Integer)i);
    } else if (job->silent) {
      lua_pushinteger(L, first + (lua_Integer)i);
      lua_rawseti(L, -2, ++silent);
    }
    kept += job->kept != 0;
  }
  lua_pushinteger(L, (lua_Integer)kept);
  return 3;
}

/* many(recipe, paths, first, last, rows (N, 68 or 136), threads, kept rows, kept names, verify)
** fills the rows of the paths first .. last, with zeros where a file fails; a
** path is false where there is none. The kept ones are stores or nil. */
static int features_many(lua_State *L) {
  tn_recipe *r = (tn_recipe *)luaL_checkudata(L, 1, TN_RECIPE);
  luaL_checktype(L, 2, LUA_TTABLE);
  const lua_Integer first = luaL_checkinteger(L, 3), last = luaL_checkinteger(L, 4);
  const tn_tensor *rows = tn_expect(L, 5, "features.many: rows", TN_REAL, 2, TN_ANY, tn_recipe_columns(r));
  const lua_Integer threads = luaL_checkinteger(L, 6);
  luaL_argcheck(L, first >= 1, 3, "out of range");
  luaL_argcheck(L, last >= first && last - first < 65536 && (size_t)last <= rows->shape[0], 4, "out of range");
  luaL_argcheck(L, threads >= 1 && threads <= TN_MAX_THREADS, 6, "out of range");
  tn_jobs jobs = {.recipe = r, .threads = (int)threads, .verify = lua_toboolean(L, 9), .count = (size_t)(last - first + 1)};
  /* taken before anything is looked at: a finaliser that runs here may change the list or close a store */
  jobs.list = (tn_job *)lua_newuserdatauv(L, jobs.count * sizeof *jobs.list, 0);
  memset(jobs.list, 0, jobs.count * sizeof *jobs.list);
  lua_createtable(L, (int)jobs.count, 0);
  jobs.rows = tn_opt_store(L, 7);
  jobs.names = tn_opt_store(L, 8);
  luaL_argcheck(L, jobs.rows == NULL || jobs.rows->value == (tn_recipe_columns(r) + 1) * sizeof(tn_real), 7,
                "keeps other rows");
  luaL_argcheck(L, jobs.names == NULL || jobs.names->value == TN_DIGEST, 8, "keeps no names");
  for (lua_Integer i = first; i <= last; i++) {
    tn_job *job = &jobs.list[i - first];
    job->row = tn_reals(rows) + (size_t)(i - 1) * rows->shape[1];
    if (lua_rawgeti(L, 2, i) != LUA_TBOOLEAN) job->path = tn_path(L, -1, "features.many: path");
    lua_rawseti(L, -2, i - first + 1); /* a table of our own keeps the string, and the string its bytes */
  }
  tn_parallel(work_on, &jobs);
  return push_results(L, &jobs, first);
}

void tn_open_features_many(lua_State *L) {
  static const luaL_Reg functions[] = {{"recipe", features_recipe}, {"many", features_many}, {NULL, NULL}};
  luaL_newmetatable(L, TN_RECIPE);
  lua_pushcfunction(L, recipe_free);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_setfuncs(L, functions, 0);
  /* all that decides the bits of a row besides the file and the options */
  lua_pushfstring(L, "extractor %d, %s, %s", TN_EXTRACTOR_VERSION, fftw_version, sf_version_string());
  lua_setfield(L, -2, "version");
}
