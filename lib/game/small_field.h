/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether |v| is small because x is close to rest, or because the field is small. */
#ifndef GDI_GAME_SMALL_FIELD_H
#define GDI_GAME_SMALL_FIELD_H

#include <gamedyn/game.h>
#include <stdbool.h>

/* At x [n] the residual r [n] has the norm `norm` <= tolerance.  *small: the residual is within the tolerance ahead
 * too, where small_field.c says, so that nothing tells that x is close to rest.  False where v is 0 or points out of
 * the feasible set, and where the field cannot be evaluated ahead: then the look tells nothing.  The same on every
 * rank. Costs one gradient, or with a feasible set up to three; none where v is 0 and there is no set.  r and `room` [2
 * n] are used up.
 * @return what the callbacks return, but for points outside of the domain and numbers that are not finite. */
gd_status gdi_game_is_small_field(gd_game *game, const double *x, double *r, double norm, double tolerance,
                                  double *room, bool *small);

#endif
