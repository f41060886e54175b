/* The one scalar type of tenor: float, or double in the build that checks
** gradients and goldens (make REAL=double). Token ids are int32_t.
*/
#ifndef TN_REAL_H
#define TN_REAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef TN_REAL_DOUBLE
typedef double tn_real;
#define TN_REAL_NAME "float64"
#define TN_(name_f, name_d) name_d
#else
typedef float tn_real;
#define TN_REAL_NAME "float32"
#define TN_(name_f, name_d) name_f
#endif

#define TN_ALIGN 64 /* bytes: a cache line, and an AVX-512 register */

#endif
