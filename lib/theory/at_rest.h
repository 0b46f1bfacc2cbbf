/* SPDX-License-Identifier: BSD-3-Clause */
/* Claims about a point at rest are refused elsewhere. */
#ifndef GDI_THEORY_AT_REST_H
#define GDI_THEORY_AT_REST_H

#include "theory/linearisation.h"

/* GD_ERR_HYPOTHESIS, in the name of `what`, unless |v| <= 1e-8 |J| max(1, |x|), |J| the root of the sum of squares.
 * An affine game is let pass: its J is that of its points at rest.  J is a matrix. */
gd_status gdi_check_at_rest(gd_linearisation *at, const char *what);

#endif
