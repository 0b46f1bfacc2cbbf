/* SPDX-License-Identifier: BSD-3-Clause */
/* The constants of Liang & Stokes' theorems, at one point. */
#ifndef GDI_THEORY_CONSTANTS_H
#define GDI_THEORY_CONSTANTS_H

#include "theory/linearisation.h"

#include <gamedyn/guarantee.h>

/* sqrt(alpha), from least eigenvalues a of A and b of B; within rounding of 0 counts as 0, below it NaN. */
double gdi_square_root_of_alpha(double a, double b, double rounding);

/* constants_large.c: from products with J and J'. */
gd_status gdi_constants_by_products(gd_linearisation *at, gd_game_constants *constants);

#endif
