/* tenor.core.interrupt: Ctrl-C and SIGTERM as something to ask for, between two steps of work.
**
** While anyone watches, the first of these signals is only noted. Who gives a
** second one means it: it goes where it would have gone without us. What stood
** before comes back when the last watch ends.
*/
#include <lauxlib.h>
#include <signal.h>
#include <string.h>

#include "core.h"

#define TN_WATCH "tenor.core.Watch"

enum { SIGNALS = 2 };
static const int numbers[SIGNALS] = {SIGINT, SIGTERM};
static const char *const names[SIGNALS] = {"SIGINT", "SIGTERM"};
static struct sigaction before[SIGNALS];
static volatile sig_atomic_t noted; /* a signal's number, or 0 */
static int watches;

static void note(int number) {
  if (noted == 0) {
    noted = number;
    return;
  }
  for (int i = 0; i < SIGNALS; i++)
    if (numbers[i] == number) sigaction(number, &before[i], NULL);
  raise(number);
}

/* watch() -> a watch, to be closed */
static int interrupt_watch(lua_State *L) {
  int *open = (int *)lua_newuserdatauv(L, sizeof *open, 0);
  *open = 0;
  luaL_setmetatable(L, TN_WATCH);
  if (watches == 0) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note;
    action.sa_flags = SA_RESTART; /* what is being written is written on */
    sigemptyset(&action.sa_mask);
    noted = 0;
    for (int i = 0; i < SIGNALS; i++) sigaction(numbers[i], &action, &before[i]);
  }
  watches++;
  *open = 1;
  return 1;
}

/* watch:pending() -> the name of the signal that came, or nil */
static int watch_pending(lua_State *L) {
  luaL_checkudata(L, 1, TN_WATCH);
  lua_pushnil(L);
  for (int i = 0; i < SIGNALS; i++)
    if (numbers[i] == noted) lua_pushstring(L, names[i]);
  return 1;
}

static int watch_close(lua_State *L) {
  int *open = (int *)luaL_checkudata(L, 1, TN_WATCH);
  if (*open == 0) return 0;
  *open = 0;
  if (--watches == 0)
    for (int i = 0; i < SIGNALS; i++) sigaction(numbers[i], &before[i], NULL);
  return 0;
}

int tn_open_interrupt(lua_State *L) {
  static const luaL_Reg functions[] = {{"watch", interrupt_watch}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"pending", watch_pending}, {"close", watch_close}, {NULL, NULL}};
  luaL_newmetatable(L, TN_WATCH);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, watch_close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, watch_close);
  lua_setfield(L, -2, "__close");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  return 1;
}
