/* SPDX-License-Identifier: BSD-3-Clause */
/* Points in the interior of a feasible set: close to them projection changes nothing, and results that use J hold. */
#ifndef GDI_GAME_INTERIOR_H
#define GDI_GAME_INTERIOR_H

#include <gamedyn/game.h>
#include <stdbool.h>

/* GD_OK if the distance from the edge is at least a millionth of max(1, |x|_inf), and for games without a set.
 * Otherwise GD_ERR_HYPOTHESIS, with a message that begins with `what`.  Costs 8 projections. */
gd_status gdi_game_check_interior(gd_game *game, const double *x, const char *what);

/* While `aside` is true, this handle's gd_game_project() does nothing. */
void gdi_game_set_aside(gd_game *game, bool aside);

#endif
