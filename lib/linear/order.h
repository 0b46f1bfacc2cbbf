/* SPDX-License-Identifier: BSD-3-Clause */
/* Which eigenvalues come first: units (a real eigenvalue, or a complex pair, which is never parted) in order. */
#ifndef GDI_LINEAR_ORDER_H
#define GDI_LINEAR_ORDER_H

#include <gamedyn/spectrum.h>
#include <stddef.h>

typedef struct gdi_unit {
  double first_key, second_key; /* larger comes first */
  size_t start, members;        /* index of the first member; 1 or 2 */
} gdi_unit;

/* Units of the n eigenvalues re + i im, pairs adjacent with +im first, ordered as `options` asks; how many there are.
 * units [n]. */
size_t gdi_order_units(size_t n, const double *re, const double *im, const gd_spectrum_options *options,
                       gdi_unit *units);

#endif
