/* SPDX-License-Identifier: BSD-3-Clause */
/* Some singular values of an operator known by its products. */
#ifndef GDI_LINEAR_GOLUB_KAHAN_H
#define GDI_LINEAR_GOLUB_KAHAN_H

#include <gamedyn/spectrum.h>

/* Compute the min(count, rows, columns) largest singular values (GD_LARGEST_MODULUS, GD_LARGEST_REAL; descending) or
 * smallest nonzero ones (GD_SMALLEST_REAL; ascending), padded with 0 if there are fewer.  residuals may be NULL.
 * @return GD_NOT_CONVERGED if some are not within the tolerance; errors of products. */
gd_status gdi_golub_kahan(gd_operator *op, const gd_spectrum_options *options, double *values, double *residuals);

#endif
