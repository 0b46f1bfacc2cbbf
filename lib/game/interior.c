/* SPDX-License-Identifier: BSD-3-Clause */
/* interior.c -- tests whether a point lies in the interior of the feasible set X.
 *
 * X is convex.  If x is on its edge, or outside, there is an a with <a, y - x> <= 0 for all y in X.  A random direction
 * d has <a, d> != 0, so that x + d or x - d is not in X, and P moves it by |<a, d>| / |a| or more.  The probability
 * that |<a, d>| / |a| is below rounding for all of four random directions is below 1e-30. */
#include "game/interior.h"

#include "base/error.h"
#include "game/game.h"
#include "kernels/vector.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

enum { DIRECTIONS = 4 };

/* The least distance from the edge, relative to max(1, |x|_inf). */
#define MARGIN 1e-6

/* room [3 n]: d, x +- d, and P of it.  *moved becomes the largest move of an entry of x +- d by P, if that is more. */
static gd_status look(gd_game *game, const double *x, double length, double *room, double *moved) {
  const size_t n = game->n;
  double *point = room + n, *projected = room + 2 * n;
  for (int side = -1; side <= 1; side += 2) {
    gdi_vector_move(n, side * length, x, room, point);
    memcpy(projected, point, n * sizeof *point);
    GD_TRY(gd_game_project(game, projected));
    for (size_t k = 0; k < n; k++) *moved = fmax(*moved, fabs(projected[k] - point[k]));
  }
  return GD_OK;
}

static gd_status look_around(gd_game *game, const double *x, double *room, double *moved, double *size) {
  const gd_comm *comm = gd_game_env(game)->comm;
  gd_rng rng = gd_rng_make(0, comm ? (uint64_t)comm->rank : 0);
  *size = 1;
  for (size_t k = 0; k < game->n; k++) *size = fmax(*size, fabs(x[k]));
  GD_TRY(gdi_game_max(game, size, 1));
  *moved = 0;
  for (int k = 0; k < DIRECTIONS; k++) {
    gd_rng_fill_normal(&rng, game->n, room);
    GD_TRY(look(game, x, MARGIN * *size, room, moved));
  }
  return gdi_game_max(game, moved, 1);
}

void gdi_game_set_aside(gd_game *game, bool aside) { game->set_aside = aside; }

gd_status gdi_game_check_interior(gd_game *game, const double *x, const char *what) {
  double moved = 0, size = 1;
  if (!gd_game_projects(game)) return GD_OK;
  double *room = gdi_allocate(&game->shared->env, game->n, 3 * sizeof *room);
  if (!room) return GD_ERR_MEMORY;
  const gd_status status = look_around(game, x, room, &moved, &size);
  gdi_release(&game->shared->env, room);
  GD_TRY(status);
  if (moved <= 64 * DBL_EPSILON * size) return GD_OK;
  return gdi_fail(GD_ERR_HYPOTHESIS,
                  "%s: x is on the edge of the feasible set of \"%s\", or outside; J alone does not decide "
                  "there",
                  what, gd_game_name(game));
}
