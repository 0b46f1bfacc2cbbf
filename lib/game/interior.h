/* SPDX-License-Identifier: BSD-3-Clause */
/* Points in the interior of a feasible set: near them the set is not felt, and what J says holds. */
#ifndef GDI_GAME_INTERIOR_H
#define GDI_GAME_INTERIOR_H

#include <gamedyn/game.h>
#include <stdbool.h>

/* GD_OK in the interior, by a millionth of max(1, |x|_inf) or more, and for games without a set; else
 * GD_ERR_HYPOTHESIS in the name of `what`.  Costs 8 projections. */
gd_status gdi_game_check_interior(gd_game *game, const double *x, const char *what);

/* While the set is set aside, this handle's gd_game_project() leaves x as it is. */
void gdi_game_set_aside(gd_game *game, bool aside);

#endif
