/* Text as BERT's basic tokenizer makes it ready for WordPiece (Devlin et al.,
** NAACL 2019; google-research/bert, tokenization.py): control characters go,
** white space becomes a space, Chinese characters and punctuation stand alone;
** for uncased models letters become small and lose their accents. Unicode's
** tables are utf8proc's.
*/
#ifndef TN_IO_BERT_TEXT_H
#define TN_IO_BERT_TEXT_H

#include <stddef.h>

#define TN_BERT_ROOM 64 /* bytes that one character may become */

/* Takes the first character of n > 0 bytes, returns its length, and writes what
** becomes of it, *wrote bytes with spaces around what stands alone. A byte that
** is not UTF-8 becomes nothing. */
size_t tn_bert_character(const char *from, size_t n, int lower, char *to, size_t *wrote);

#endif
