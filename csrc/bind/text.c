/* What text needs of C. */
#include "../io/bert_text.h"
#include "../io/lowercase.h"
#include "core.h"

/* lowercase(text) → text */
static int text_lowercase(lua_State *L) {
  size_t n;
  luaL_Buffer b;
  const char *text = luaL_checklstring(L, 1, &n);
  luaL_argcheck(L, n <= SIZE_MAX / 2, 1, "text too long");
  char *to = luaL_buffinitsize(L, &b, TN_LOWERCASE_ROOM(n));
  luaL_pushresultsize(&b, tn_lowercase(to, text, n));
  return 1;
}

/* bert(text, lower) → the text with a space between the tokens of BERT's basic tokenizer */
static int text_bert(lua_State *L) {
  size_t n, wrote;
  luaL_Buffer b;
  const char *text = luaL_checklstring(L, 1, &n);
  const int lower = lua_toboolean(L, 2);
  luaL_buffinit(L, &b);
  while (n > 0) {
    const size_t took = tn_bert_character(text, n, lower, luaL_prepbuffsize(&b, TN_BERT_ROOM), &wrote);
    luaL_addsize(&b, wrote);
    text += took;
    n -= took;
  }
  luaL_pushresult(&b);
  return 1;
}

int tn_open_text(lua_State *L) {
  static const luaL_Reg functions[] = {{"lowercase", text_lowercase}, {"bert", text_bert}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
