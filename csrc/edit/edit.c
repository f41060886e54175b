/* tenor.edit: a line of input with editing, history and completion by libedit, and calls that Ctrl-C interrupts.
** A module of its own, since only the interactive interpreter needs libedit.
**
** An Editor holds its EditLine, its History and, in user value 1, the function that completes. That function runs
** inside el_gets, always through lua_pcall, so that nothing jumps over libedit's frames.
*/
#include <errno.h>
#include <histedit.h>
#include <lauxlib.h>
#include <lua.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define EDITOR "tenor.core.Editor"

__attribute__((visibility("default"))) int luaopen_tenor_edit(lua_State *L);

typedef struct editor {
  EditLine *line;
  History *history;
  HistEvent event;
  lua_State *L; /* who reads, while a line is being read */
  int at;       /* where the Editor stands on its stack */
  const char *prompt;
} editor;

/* ---- Ctrl-C */

static volatile sig_atomic_t interrupted;
static lua_State *volatile running;

static void stop(lua_State *L, lua_Debug *ar) {
  (void)ar;
  lua_sethook(L, NULL, 0, 0);
  lua_pushliteral(L, "interrupted");
  lua_error(L);
}

/* lua_sethook may be called from a signal handler, as Lua's own interpreter does. */
static void on_interrupt(int signal) {
  (void)signal;
  interrupted = 1;
  if (running != NULL) lua_sethook(running, stop, LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT, 1);
}

static struct sigaction catch_interrupts(void) {
  struct sigaction mine, before;
  memset(&mine, 0, sizeof mine);
  mine.sa_handler = on_interrupt; /* without SA_RESTART: read() must return */
  sigemptyset(&mine.sa_mask);
  interrupted = 0;
  sigaction(SIGINT, &mine, &before);
  return before;
}

/* guard(handler, f, ...) -> as xpcall, but Ctrl-C makes f raise "interrupted" */
static int edit_guard(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  luaL_checkany(L, 2);
  const struct sigaction before = catch_interrupts();
  running = L;
  const int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
  running = NULL;
  sigaction(SIGINT, &before, NULL);
  lua_sethook(L, NULL, 0, 0); /* one that came too late to be met */
  lua_pushboolean(L, status == LUA_OK);
  lua_replace(L, 1);
  return lua_gettop(L);
}

/* ---- the editor */

static char *prompt(EditLine *line) {
  editor *e = NULL;
  el_get(line, EL_CLIENTDATA, &e);
  return (char *)(uintptr_t)e->prompt; /* libedit does not write to it */
}

/* One character, without libedit's own rule for interrupted reads, which takes up where it was. */
static int next_character(EditLine *line, wchar_t *out) {
  mbstate_t state;
  FILE *in = NULL;
  memset(&state, 0, sizeof state);
  el_get(line, EL_GETFP, 0, &in);
  for (;;) {
    char byte;
    const ssize_t n = read(fileno(in), &byte, 1);
    if (n == 0) return 0;
    if (n < 0 && errno == EINTR && !interrupted) continue; /* the window's size has changed, or fg */
    if (n < 0) return -1;
    const size_t used = mbrtowc(out, &byte, 1, &state);
    if (used == (size_t)-1) {
      memset(&state, 0, sizeof state);
      *out = L'?';
      return 1;
    }
    if (used != (size_t)-2) return 1;
  }
}

/* Asks the function for what may stand at the cursor: complete(text before it) -> text to insert, lines shown? */
static unsigned char complete(EditLine *line, int key) {
  (void)key;
  editor *e = NULL;
  el_get(line, EL_CLIENTDATA, &e);
  const LineInfo *info = el_line(line);
  lua_State *L = e->L;
  const int top = lua_gettop(L);
  unsigned char answer = CC_ERROR;
  if (!lua_checkstack(L, 8) || lua_getiuservalue(L, e->at, 1) != LUA_TFUNCTION) {
    lua_settop(L, top);
    return CC_ERROR;
  }
  lua_pushlstring(L, info->buffer, (size_t)(info->cursor - info->buffer));
  if (lua_pcall(L, 1, 2, 0) == LUA_OK) {
    const char *insert = lua_tostring(L, -2);
    if (insert != NULL && *insert != '\0') {
      el_insertstr(line, insert);
      answer = CC_REFRESH;
    }
    if (lua_toboolean(L, -1)) answer = CC_REDISPLAY;
  }
  lua_settop(L, top);
  return answer;
}

static FILE *stream(lua_State *L, int arg) {
  const luaL_Stream *s = (const luaL_Stream *)luaL_checkudata(L, arg, LUA_FILEHANDLE);
  luaL_argcheck(L, s->closef != NULL, arg, "closed");
  return s->f;
}

static editor *check(lua_State *L) {
  editor *e = (editor *)luaL_checkudata(L, 1, EDITOR);
  if (e->line == NULL) luaL_error(L, "edit: the editor is closed");
  return e;
}

/* open(program, in, out, err, complete) -> editor | nil, why */
static int edit_open(lua_State *L) {
  const char *program = luaL_checkstring(L, 1);
  FILE *in = stream(L, 2), *out = stream(L, 3), *err = stream(L, 4);
  luaL_checktype(L, 5, LUA_TFUNCTION);
  editor *e = (editor *)lua_newuserdatauv(L, sizeof *e, 1);
  memset(e, 0, sizeof *e);
  luaL_setmetatable(L, EDITOR);
  lua_pushvalue(L, 5);
  lua_setiuservalue(L, -2, 1);
  e->prompt = "";
  e->line = el_init(program, in, out, err);
  e->history = history_init();
  if (e->line == NULL || e->history == NULL) {
    lua_pushnil(L);
    lua_pushliteral(L, "libedit does not know this terminal");
    return 2;
  }
  history(e->history, &e->event, H_SETSIZE, 1000);
  history(e->history, &e->event, H_SETUNIQUE, 1);
  el_set(e->line, EL_CLIENTDATA, e);
  el_set(e->line, EL_EDITOR, "emacs");
  el_set(e->line, EL_SIGNAL, 1); /* after Ctrl-Z the terminal is set anew; a window's new size is met */
  el_set(e->line, EL_PROMPT, prompt);
  el_set(e->line, EL_HIST, history, e->history);
  el_set(e->line, EL_GETCFN, next_character);
  el_set(e->line, EL_ADDFN, "tenor-complete", "complete a name", complete);
  el_set(e->line, EL_BIND, "^I", "tenor-complete", NULL);
  el_set(e->line, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_set(e->line, EL_BIND, "\\e[1~", "ed-move-to-beg", NULL);
  el_set(e->line, EL_BIND, "\\e[4~", "ed-move-to-end", NULL);
  el_set(e->line, EL_BIND, "\\e[3~", "ed-delete-next-char", NULL);
  el_set(e->line, EL_BIND, "\\e[1;5C", "em-next-word", NULL);
  el_set(e->line, EL_BIND, "\\e[1;5D", "ed-prev-word", NULL);
  el_source(e->line, NULL); /* the user's ~/.editrc */
  return 1;
}

/* editor:line(prompt) -> text without the line's end | nil at the end of input | false after Ctrl-C */
static int editor_line(lua_State *L) {
  editor *e = check(L);
  e->prompt = luaL_checkstring(L, 2);
  e->L = L;
  e->at = 1;
  int count = 0;
  el_resize(e->line);
  const struct sigaction before = catch_interrupts();
  const char *text = el_gets(e->line, &count);
  sigaction(SIGINT, &before, NULL);
  e->L = NULL;
  e->prompt = "";
  if (interrupted)
    lua_pushboolean(L, 0);
  else if (text == NULL || count <= 0)
    lua_pushnil(L);
  else
    lua_pushlstring(L, text, (size_t)(text[count - 1] == '\n' ? count - 1 : count));
  return 1;
}

/* editor:add(text): one more line of history */
static int editor_add(lua_State *L) {
  editor *e = check(L);
  history(e->history, &e->event, H_ENTER, luaL_checkstring(L, 2));
  return 0;
}

static int editor_close(lua_State *L) {
  editor *e = (editor *)luaL_checkudata(L, 1, EDITOR);
  EditLine *line = e->line;
  History *past = e->history;
  e->line = NULL;
  e->history = NULL;
  if (line != NULL) el_end(line);
  if (past != NULL) history_end(past);
  return 0;
}

int luaopen_tenor_edit(lua_State *L) {
  static const luaL_Reg functions[] = {{"open", edit_open}, {"guard", edit_guard}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"line", editor_line}, {"add", editor_add}, {"close", editor_close}, {NULL, NULL}};
  static const luaL_Reg meta[] = {{"__gc", editor_close}, {"__close", editor_close}, {NULL, NULL}};
  luaL_newmetatable(L, EDITOR);
  luaL_setfuncs(L, meta, 0);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
