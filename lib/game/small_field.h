/* SPDX-License-Identifier: BSD-3-Clause */
/* Tells whether |v| is small because x is close to a stationary point, or because the field is small. */
#ifndef GDI_GAME_SMALL_FIELD_H
#define GDI_GAME_SMALL_FIELD_H

#include <gamedyn/game.h>
#include <stdbool.h>

/* At x [n] the residual r [n] has the norm `norm` <= tolerance.  *small becomes true if the residual is within the
 * tolerance also ahead of x (small_field.c says where): then nothing shows that x is close to a stationary point.  It
 * is false if v is 0 or points out of the feasible set, and if the field cannot be evaluated ahead.  The result is the
 * same on every rank.  Cost: one gradient, up to three with a feasible set; none if v is 0 and there is no set.  r and
 * `room` [2 n] are overwritten.
 * @return the callbacks' errors, except for points outside of the domain and numbers that are not finite. */
gd_status gdi_game_is_small_field(gd_game *game, const double *x, double *r, double norm, double tolerance,
                                  double *room, bool *small);

#endif
