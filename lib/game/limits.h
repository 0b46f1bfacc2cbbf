/* SPDX-License-Identifier: BSD-3-Clause */
/* Limits of a game's size for matrices, and the step of finite differences. */
#ifndef GDI_GAME_LIMITS_H
#define GDI_GAME_LIMITS_H

#include <gamedyn/game.h>
#include <stdbool.h>

/* True if an n by n matrix may be built: one rank holds all of x, and n is at most the handle's dense_limit. */
bool gdi_game_may_be_dense(const gd_game *game);

/* GD_ERR_UNSUPPORTED for a partitioned game, with a message that begins with `what`.  Only fields, products with J and
 * runs compute sums over processes. */
gd_status gdi_game_check_whole(const gd_game *game, const char *what);

/* GD_ERR_NONFINITE for a point x [n] with an entry that is not finite; the message begins with `what`.  If J does not
 * depend on x, no evaluation would detect this. */
gd_status gdi_game_check_point(const gd_game *game, const double *x, const char *what);

/* The step of differences of this handle, relative to max(1, |x|_inf), where the game is not affine. */
double gdi_game_difference_step(const gd_game *game);

/* The error of entries of J beyond rounding, relative to |J|: 0 unless J is differenced. */
double gdi_game_doubt(const gd_game *game);

/* Count one linear system that was solved within a step. */
void gdi_game_count_solve(gd_game *game);

#endif
