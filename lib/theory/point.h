/* SPDX-License-Identifier: BSD-3-Clause */
/* A point of a game, by products alone. */
#ifndef GDI_THEORY_POINT_H
#define GDI_THEORY_POINT_H

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>

/* Norms and extreme eigenvalues by products.  Each returns GD_NOT_CONVERGED with a lower bound if max_products is
 * reached.  `options` limit the solvers. */
gd_status gdi_largest_singular_value(gd_operator *op, const gd_spectrum_options *options, double *value);
/* Largest eigenvalue of (sign A + sign A')/2. */
gd_status gdi_largest_symmetric(gd_operator *op, double sign, const gd_spectrum_options *options, double *value);
/* Real and imaginary part of the first eigenvalue in the order `which`; NaN if it was not found.  *complete (may be
 * NULL) becomes true if no eigenvalue can be missing. */
gd_status gdi_extreme_eigenvalue(gd_operator *op, gd_which which, const gd_spectrum_options *options, double *re,
                                 double *im, bool *complete);

/* Condition number |y| |z| / |y*z| of that eigenvalue, y and z its eigenvectors of A' and of A; infinite if they were
 * not both found.  Costs twice as much as the eigenvalue. */
gd_status gdi_extreme_condition(gd_operator *op, gd_which which, const gd_spectrum_options *options, double *condition);

#endif
