/* JSON by jansson. A document lives in a userdata, so that an error on the way
** frees it; containers join their parent before they are filled.
*/
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "handles.h"

#define DOCUMENT "tenor.core.Document"
#define DEPTH 128
#define EXACT 17 /* digits, with which a double is read back as it was */

/* jansson takes text for malformed when it has no memory to read it with. */
static _Thread_local int refused;

static void *take(size_t n) {
  void *block = malloc(n);
  if (block == NULL) refused = 1;
  return block;
}

typedef struct document {
  json_t *root;
  int digits; /* of reals, when it is written */
} document;

static int document_gc(lua_State *L) {
  document *doc = (document *)luaL_checkudata(L, 1, DOCUMENT);
  json_decref(doc->root);
  doc->root = NULL;
  return 0;
}

static document *new_document(lua_State *L) {
  document *doc = (document *)lua_newuserdatauv(L, sizeof *doc, 0);
  doc->root = NULL;
  doc->digits = EXACT;
  luaL_setmetatable(L, DOCUMENT);
  return doc;
}

/* Puts `value` under the parent (an array, an object by `key`, or the root). */
static void attach(lua_State *L, document *doc, json_t *parent, const char *key, size_t length, json_t *value) {
  int failed = value == NULL;
  if (parent == NULL)
    doc->root = value;
  else if (json_is_array(parent))
    failed = failed || json_array_append_new(parent, value) != 0;
  else
    failed = failed || json_object_setn_new(parent, key, length, value) != 0;
  if (failed) luaL_error(L, "json.encode: a string is not UTF-8, or memory is short");
}

static int by_bytes(const char *a, size_t na, const char *b, size_t nb) {
  const int order = memcmp(a, b, na < nb ? na : nb);
  return order != 0 ? order : (na > nb) - (na < nb);
}

/* Sorts the strings in the table at the top, by their bytes: heap sort, which needs no room. */
static void sort_keys(lua_State *L, lua_Integer n) {
  const int t = lua_gettop(L);
  for (lua_Integer start = n / 2, end = n; end > 1;) {
    if (start > 0) {
      start--;
    } else {
      end--;
      lua_rawgeti(L, t, 1);
      lua_rawgeti(L, t, end + 1);
      lua_rawseti(L, t, 1);
      lua_rawseti(L, t, end + 1);
    }
    for (lua_Integer at = start, child; (child = 2 * at + 1) < end; at = child) {
      size_t na, nb;
      lua_rawgeti(L, t, child + 1);
      if (child + 1 < end) {
        lua_rawgeti(L, t, child + 2);
        const char *a = lua_tolstring(L, -2, &na), *b = lua_tolstring(L, -1, &nb);
        if (by_bytes(a, na, b, nb) < 0) {
          lua_remove(L, -2);
          child++;
        } else {
          lua_pop(L, 1);
        }
      }
      lua_rawgeti(L, t, at + 1);
      const char *a = lua_tolstring(L, -1, &na), *b = lua_tolstring(L, -2, &nb);
      if (by_bytes(a, na, b, nb) >= 0) {
        lua_pop(L, 2);
        break;
      }
      lua_rawseti(L, t, child + 1);
      lua_rawseti(L, t, at + 1);
    }
  }
}

static void encode(lua_State *L, document *doc, json_t *parent, const char *key, size_t length, int depth);

static void encode_array(lua_State *L, document *doc, json_t *array, int t, lua_Integer n, int depth) {
  for (lua_Integer i = 1; i <= n; i++) {
    lua_rawgeti(L, t, i);
    encode(L, doc, array, NULL, 0, depth + 1);
    lua_pop(L, 1);
  }
}

static void encode_object(lua_State *L, document *doc, json_t *object, int t, int depth) {
  lua_Integer n = 0;
  lua_newtable(L);
  const int keys = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      luaL_error(L, "json.encode: a table must be a list or have strings as keys, got the key %s beside others",
                 luaL_tolstring(L, -2, NULL));
    lua_pushvalue(L, -2);
    lua_rawseti(L, keys, ++n);
  }
  sort_keys(L, n);
  for (lua_Integer i = 1; i <= n; i++) {
    size_t length;
    lua_rawgeti(L, keys, i);
    const char *key = lua_tolstring(L, -1, &length);
    if (memchr(key, 0, length) != NULL) {
      tn_push_plain(L, key, 80);
      luaL_error(L, "json.encode: the key that begins '%s' holds a zero byte, which no key can", lua_tostring(L, -1));
    }
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    encode(L, doc, object, key, length, depth + 1);
    lua_pop(L, 2);
  }
  lua_pop(L, 1);
}

/* A list has the keys 1 … n and no other; an empty table is one where its metatable says so. */
static int is_list(lua_State *L, int t, lua_Integer n) {
  lua_Integer count = 0;
  if (n == 0) {
    const int marked = luaL_getmetafield(L, t, "__jsontype") != LUA_TNIL;
    if (marked) lua_pop(L, 1);
    lua_pushnil(L);
    if (!lua_next(L, t)) return marked;
    lua_pop(L, 2);
    return 0;
  }
  for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1)) count++;
  return count == n;
}

static int rounds_to_infinity(double x, int digits) {
  char text[EXACT + 16];
  snprintf(text, sizeof text, "%.*g", digits, x);
  return isinf(strtod(text, NULL));
}

/* Encodes the value at the top and leaves it there. */
static void encode(lua_State *L, document *doc, json_t *parent, const char *key, size_t length, int depth) {
  size_t n;
  luaL_checkstack(L, 10, "json.encode: too deep");
  if (depth > DEPTH) luaL_error(L, "json.encode: more than %d tables inside one another", DEPTH);
  switch (lua_type(L, -1)) {
    case LUA_TBOOLEAN: attach(L, doc, parent, key, length, json_boolean(lua_toboolean(L, -1))); return;
    case LUA_TSTRING: {
      const char *s = lua_tolstring(L, -1, &n);
      attach(L, doc, parent, key, length, json_stringn(s, n));
      return;
    }
    case LUA_TNUMBER:
      if (lua_isinteger(L, -1)) {
        attach(L, doc, parent, key, length, json_integer(lua_tointeger(L, -1)));
      } else {
        const double x = lua_tonumber(L, -1);
        if (x - x != 0) luaL_error(L, "json.encode: %s is no number in JSON", x != x ? "NaN" : "an infinite number");
        if (fabs(x) > 1e308 && rounds_to_infinity(x, doc->digits)) doc->digits = EXACT;
        attach(L, doc, parent, key, length, json_real(x));
      }
      return;
    case LUA_TLIGHTUSERDATA:
      if (lua_touserdata(L, -1) == NULL) {
        attach(L, doc, parent, key, length, json_null());
        return;
      }
      break;
    case LUA_TTABLE: {
      const int t = lua_gettop(L);
      const lua_Integer size = (lua_Integer)lua_rawlen(L, t);
      const int list = is_list(L, t, size);
      json_t *container = list ? json_array() : json_object();
      attach(L, doc, parent, key, length, container);
      if (list)
        encode_array(L, doc, container, t, size, depth);
      else
        encode_object(L, doc, container, t, depth);
      return;
    }
    default: break;
  }
  luaL_error(L, "json.encode: cannot write a %s", luaL_typename(L, -1));
}

/* encode(value, indent, digits) → text */
static int json_encode(lua_State *L) {
  luaL_checkany(L, 1);
  const lua_Integer indent = luaL_optinteger(L, 2, 0), digits = luaL_optinteger(L, 3, EXACT);
  luaL_argcheck(L, indent >= 0 && indent <= 31, 2, "indent must be from 0 to 31");
  luaL_argcheck(L, digits >= 1 && digits <= EXACT, 3, "digits must be from 1 to 17");
  lua_settop(L, 1);
  document *doc = new_document(L);
  doc->digits = (int)digits;
  lua_pushvalue(L, 1);
  encode(L, doc, NULL, NULL, 0, 0);
  lua_settop(L, 2);
  const size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION((size_t)doc->digits) | JSON_INDENT((size_t)indent) |
                       (indent > 0 ? 0 : JSON_COMPACT);
  /* twice, and not by a callback: what Lua raises there would leave memory of jansson's behind */
  const size_t size = json_dumpb(doc->root, NULL, 0, flags);
  luaL_Buffer buffer;
  char *text = size > 0 ? luaL_buffinitsize(L, &buffer, size) : NULL;
  if (size == 0 || json_dumpb(doc->root, text, size, flags) != size) return luaL_error(L, "json.encode: memory is short");
  luaL_pushresultsize(&buffer, size);
  return 1;
}

static void decode(lua_State *L, const json_t *value) {
  luaL_checkstack(L, 6, "json.decode: too deep");
  switch (json_typeof(value)) {
    case JSON_NULL: lua_pushlightuserdata(L, NULL); break;
    case JSON_TRUE:
    case JSON_FALSE: lua_pushboolean(L, json_is_true(value)); break;
    case JSON_INTEGER: lua_pushinteger(L, (lua_Integer)json_integer_value(value)); break;
    case JSON_REAL: lua_pushnumber(L, json_real_value(value)); break;
    case JSON_STRING: lua_pushlstring(L, json_string_value(value), json_string_length(value)); break;
    case JSON_ARRAY:
      lua_newtable(L);
      luaL_setmetatable(L, "tenor.json.Array");
      for (size_t i = 0; i < json_array_size(value); i++) {
        decode(L, json_array_get(value, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
      }
      break;
    case JSON_OBJECT: {
      const char *key;
      size_t length;
      json_t *field;
      lua_newtable(L);
      json_object_keylen_foreach((json_t *)value, key, length, field) {
        lua_pushlstring(L, key, length);
        decode(L, field);
        lua_rawset(L, -3);
      }
    }
  }
}

/* decode(text) → value | nil, message */
static int json_decode(lua_State *L) {
  size_t n;
  json_error_t error;
  const char *text = luaL_checklstring(L, 1, &n);
  document *doc = new_document(L);
  refused = 0;
  doc->root = json_loadb(text, n, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
  if (doc->root == NULL) {
    if (refused) return luaL_error(L, "json.decode: memory is short");
    lua_pushnil(L);
    tn_push_plain(L, error.text, sizeof error.text);
    lua_pushfstring(L, "line %d, column %d: %s", error.line, error.column, lua_tostring(L, -1));
    lua_remove(L, -2);
    return 2;
  }
  decode(L, doc->root);
  return 1;
}

int tn_open_json(lua_State *L) {
  static const luaL_Reg functions[] = {{"encode", json_encode}, {"decode", json_decode}, {NULL, NULL}};
  json_set_alloc_funcs(take, free);
  luaL_newmetatable(L, DOCUMENT);
  lua_pushcfunction(L, document_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_newlib(L, functions);
  luaL_newmetatable(L, "tenor.json.Array");
  lua_pushliteral(L, "array");
  lua_setfield(L, -2, "__jsontype");
  lua_setfield(L, -2, "array_type");
  return 1;
}
