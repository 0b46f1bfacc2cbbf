/* SPDX-License-Identifier: BSD-3-Clause */
/* How large a game may be for what, and how finely it is differenced. */
#ifndef GDI_GAME_LIMITS_H
#define GDI_GAME_LIMITS_H

#include <gamedyn/game.h>
#include <stdbool.h>

/* A matrix n by n may be built: one rank holds all of x, and n is at most the handle's dense_limit. */
bool gdi_game_may_be_dense(const gd_game *game);

/* GD_ERR_UNSUPPORTED, in the name of `what`, for a partitioned game: nothing but fields, products with J and runs adds
 * up over processes. */
gd_status gdi_game_check_whole(const gd_game *game, const char *what);

/* GD_ERR_NONFINITE, in the name of `what`, for a point x [n] with an entry that is not finite.  Where J does not depend
 * on x no evaluation would tell. */
gd_status gdi_game_check_point(const gd_game *game, const double *x, const char *what);

/* The step of differences of this handle, relative to max(1, |x|_inf), where the game is not affine. */
double gdi_game_difference_step(const gd_game *game);

/* How much entries of J may be off beyond rounding, relative to |J|: 0 unless it is differenced. */
double gdi_game_doubt(const gd_game *game);

/* One linear system more was solved within a step. */
void gdi_game_count_solve(gd_game *game);

#endif
