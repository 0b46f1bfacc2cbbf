/* SPDX-License-Identifier: BSD-3-Clause */
/* The constants of Liang & Stokes' theorems, at one point. */
#ifndef GDI_THEORY_CONSTANTS_H
#define GDI_THEORY_CONSTANTS_H

#include <gamedyn/guarantee.h>

/* Entries of a differenced J are in doubt by this much, relative to |J|: some times eps^(2/3). */
#define GDI_DIFFERENCE_DOUBT 1e-8

/* sqrt(alpha), from least eigenvalues a of A and b of B; within rounding of 0 counts as 0, below it NaN. */
double gdi_square_root_of_alpha(double a, double b, double rounding);

/* constants_large.c: from products with J and J'; numbers below doubt |J| may be zeros. */
gd_status gdi_constants_by_products(gd_game *game, const double *x, double doubt, gd_game_constants *constants);

#endif
