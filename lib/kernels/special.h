/* SPDX-License-Identifier: BSD-3-Clause */
/* Special functions of many numbers at once, with the same bits on every CPU and machine.
 *
 * The loops are compiled once for each kind of CPU (special_kernels.c); the kernel table chooses one.  Each result
 * depends on its own argument alone, so one number at a time gives the same bits as many.  Errors are stated in units
 * in the last place of the result, subnormal results included; infinities, NaN and overflow are as in C. */
#ifndef GDI_KERNELS_SPECIAL_H
#define GDI_KERNELS_SPECIAL_H

#include "kernels/table.h"

#include <stddef.h>

/* out[i] of x[i]; `out` may be `x`. */
typedef void gdi_special_function(size_t n, const double *x, double *out);

typedef struct gdi_special_kernels {
  gdi_special_function *exp, *gaussian, *erfc;
} gdi_special_kernels;

extern const gdi_special_kernels gdi_special_kernels_plain, gdi_special_kernels_avx2, gdi_special_kernels_avx512;

/* e^x, to 1.4 ulp */
static inline void gdi_special_exp(size_t n, const double *x, double *out) { gdi_kernels.special->exp(n, x, out); }

/* exp(-x^2 / 2), to 1.4 + 0.7 x^2 ulp, of which most is the rounding of x^2 */
static inline void gdi_special_gaussian(size_t n, const double *x, double *out) {
  gdi_kernels.special->gaussian(n, x, out);
}

/* 1 - erf(x), to 3.9 ulp */
static inline void gdi_special_erfc(size_t n, const double *x, double *out) { gdi_kernels.special->erfc(n, x, out); }

#endif
