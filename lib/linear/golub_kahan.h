/* SPDX-License-Identifier: BSD-3-Clause */
/* Some singular values of an operator known by its products. */
#ifndef GDI_LINEAR_GOLUB_KAHAN_H
#define GDI_LINEAR_GOLUB_KAHAN_H

#include <gamedyn/spectrum.h>

/* The largest (GD_LARGEST_MODULUS, GD_LARGEST_REAL; descending) or smallest nonzero (GD_SMALLEST_REAL; ascending) ones,
 * min(count, rows, columns) of them; 0 in the place of those there are not.  residuals may be NULL.
 * @return GD_NOT_CONVERGED if some are not within the tolerance; what products return. */
gd_status gdi_golub_kahan(gd_operator *op, const gd_spectrum_options *options, double *values, double *residuals);

#endif
