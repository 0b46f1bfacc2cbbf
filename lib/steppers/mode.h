/* SPDX-License-Identifier: BSD-3-Clause */
/* Mode: complex arithmetic for stability functions.  z = h lambda, lambda an eigenvalue of J. */
#ifndef GDI_STEPPERS_MODE_H
#define GDI_STEPPERS_MODE_H

#include <complex.h>

typedef double complex gdi_mode;

/* CMPLX, which the C library's headers keep from clang. */
static inline gdi_mode gdi_mode_of(double re, double im) { return __builtin_complex(re, im); }

/* The larger modulus of the roots of l^2 - b l + c = 0, given the discriminant b^2 - 4 c, which callers often know in
 * a form without cancellation. */
static inline double gdi_mode_largest_root(gdi_mode b, gdi_mode discriminant) {
  const gdi_mode root = csqrt(discriminant);
  const double one = cabs(b + root) / 2, other = cabs(b - root) / 2;
  return one > other ? one : other;
}

#endif
