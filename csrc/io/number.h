/* Decimal numbers in text, fast.
**
** Up to 19 digits make an integer m and a power of ten e. Where m < 2^53 and
** |e| <= 22 both are exact doubles, so that one multiplication or division is
** rounded correctly (Clinger, "How to read floating point numbers accurately",
** 1990); all else goes to strtod. The double is therefore the nearest one; as a
** float it is within one unit in the last place of the text, and nearly always
** the nearest.
*/
#ifndef TN_IO_NUMBER_H
#define TN_IO_NUMBER_H

#include <locale.h>
#include <stddef.h>

/* Parses one number at p; returns where it ends, or NULL when there is none or
** it is not finite. A byte that no number contains must lie at or before
** `end`. `c_locale` makes strtod read a point whatever the user's locale. */
const char *tn_number(const char *p, const char *end, double *value, locale_t c_locale);

#endif
