/* SPDX-License-Identifier: BSD-3-Clause */
/* Claims about a point at rest are refused elsewhere. */
#ifndef GDI_THEORY_AT_REST_H
#define GDI_THEORY_AT_REST_H

#include <gamedyn/game.h>

/* GD_ERR_HYPOTHESIS, in the name of `what`, unless |v| <= 1e-8 |J| max(1, |x|), |J| the root of the sum of squares.
 * An affine game is let pass: its J is that of its points at rest.  J [n by n] at x.  `room` [n] is used up. */
gd_status gdi_check_at_rest(gd_game *game, const double *x, const double *J, double *room, const char *what);

#endif
