/* One character after the other: none of BERT's steps looks at a neighbour. */
#include "bert_text.h"

#include <utf8proc.h>

#define DECOMPOSED 8 /* code points; no canonical decomposition has more than four */

/* Where Python's str.split cuts too: separators of lines and paragraphs. */
static int is_space(utf8proc_int32_t c) {
  const utf8proc_category_t category = utf8proc_category(c);
  return c == '\t' || c == '\n' || c == '\r' || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

static int is_dropped(utf8proc_int32_t c) {
  const utf8proc_category_t category = utf8proc_category(c);
  return c == 0 || c == 0xFFFD || category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF;
}

/* What ASCII has besides letters, digits and space counts, also where Unicode
** calls it a symbol, as `$` and `^`. */
static int is_punctuation(utf8proc_int32_t c) {
  if (c < 128) return (c > 32 && c < 48) || (c > 57 && c < 65) || (c > 90 && c < 97) || (c > 122 && c < 127);
  const utf8proc_category_t category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

/* The blocks of CJK ideographs; Japanese and Korean letters are written in words. */
static int is_chinese(utf8proc_int32_t c) {
  static const utf8proc_int32_t blocks[][2] = {
      {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
      {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B820, 0x2CEAF}, {0x2F800, 0x2FA1F},
  };
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
    if (c >= blocks[i][0] && c <= blocks[i][1]) return 1;
  return 0;
}

static size_t put(char *to, size_t at, utf8proc_int32_t c, int alone) {
  if (alone) to[at++] = ' ';
  at += (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)to + at);
  if (alone) to[at++] = ' ';
  return at;
}

size_t tn_bert_character(const char *from, size_t n, int lower, char *to, size_t *wrote) {
  utf8proc_int32_t c, parts[DECOMPOSED] = {0};
  const utf8proc_ssize_t most = n < 4 ? (utf8proc_ssize_t)n : 4;
  const utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)from, most, &c);
  *wrote = 0;
  if (length < 1) return 1;
  if (is_space(c)) {
    to[(*wrote)++] = ' ';
    return (size_t)length;
  }
  if (is_dropped(c)) return (size_t)length;
  const int chinese = is_chinese(c);
  if (!lower) {
    *wrote = put(to, 0, c, chinese || is_punctuation(c));
    return (size_t)length;
  }
  int boundary = 0;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(utf8proc_tolower(c), parts, DECOMPOSED, UTF8PROC_DECOMPOSE, &boundary);
  for (utf8proc_ssize_t i = 0; i < count && i < DECOMPOSED; i++)
    if (utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN)
      *wrote = put(to, *wrote, parts[i], chinese || is_punctuation(parts[i]));
  return (size_t)length;
}
