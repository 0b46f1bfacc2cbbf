/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of eigenvalues.  A unit is a real eigenvalue or a complex pair, which is never separated. */
#ifndef GDI_LINEAR_ORDER_H
#define GDI_LINEAR_ORDER_H

#include <gamedyn/spectrum.h>
#include <stddef.h>

typedef struct gdi_unit {
  double first_key, second_key; /* larger comes first */
  size_t start, members;        /* index of the first member; 1 or 2 */
} gdi_unit;

/* The units of the n eigenvalues re + i im (pairs adjacent, +im first), in the order of `options`.  Returns their
 * number.  units [n]. */
size_t gdi_order_units(size_t n, const double *re, const double *im, const gd_spectrum_options *options,
                       gdi_unit *units);

#endif
