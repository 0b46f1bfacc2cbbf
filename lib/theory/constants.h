/* SPDX-License-Identifier: BSD-3-Clause */
/* The constants of Liang & Stokes' theorems, at one point. */
#ifndef GDI_THEORY_CONSTANTS_H
#define GDI_THEORY_CONSTANTS_H

#include "theory/linearisation.h"

#include <gamedyn/guarantee.h>

/* sqrt(alpha), from the least eigenvalues a of A and b of B.  0 if it is 0 to rounding; NaN if it is negative. */
double gdi_square_root_of_alpha(double a, double b, double rounding);

/* constants_large.c: from products with J and J'. */
gd_status gdi_constants_by_products(gd_linearisation *at, gd_game_constants *constants);

#endif
