/* SPDX-License-Identifier: BSD-3-Clause */
/* The eigenvalue of a step's derivative that is farthest outside the unit circle. */
#ifndef GDI_THEORY_MAP_MODES_H
#define GDI_THEORY_MAP_MODES_H

#include <gamedyn/stepper.h>

typedef struct gdi_map_mode {
  double re, im; /* im >= 0 */
  double excess; /* modulus - 1 */
  double doubt;  /* error of the modulus */
} gdi_map_mode;

/* Find the eigenvalue with the largest excess relative to its error.  Returns the failures of the derivative and of
 * LAPACK. */
gd_status gdi_map_outermost(gd_stepper *stepper, const double *x, gdi_map_mode *mode);

#endif
