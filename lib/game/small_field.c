/* SPDX-License-Identifier: BSD-3-Clause */
/* small_field.c -- evaluates the field ahead of a point where |v| is small.
 *
 * |v| <= tolerance means "close to a stationary point" only if the tolerance is small compared with the field nearby.
 * So the field is evaluated along r, the field or the natural residual at x, at the point
 *
 *     x + s (P(x + d) - x),   d = max(1, |x|) r / |r|,   s = (sqrt 5 - 1) / 2
 *
 * with P the projection onto the feasible set, if there is one.  Close to a zero of v whose slope along r exceeds the
 * tolerance, v exceeds the tolerance at that point.  If the field is small everywhere near, v is small there, too.
 *
 * The number s is irrational, so the point is not another zero at a round distance, as v = x - x^3 has one.  At the
 * edge of the set the point may not move, and at a corner the residual is 0 however large the field is.  So s is below
 * 1, and with a set -d is tried, too.
 *
 * The residual P(x + v) - x is 0 where v points out of the set, and also where v is lost in the rounding of x.  P(x +
 * d), with d along v, distinguishes the two cases; in the second case v is used for r. */
#include "game/small_field.h"

#include "base/error.h"
#include "game/reduce.h"

#include <float.h>
#include <math.h>

static const double part = 0.61803398874989485; /* s */

/* What a look wants to know. */
typedef struct look {
  gd_game *game;
  const double *x;
  double *r, norm;
  double tolerance, length;
  double *at, *there; /* [n] room */
} look;

static gd_status find_place(const look *from, double length) {
  const size_t n = gd_game_size(from->game);
  for (size_t k = 0; k < n; k++) from->at[k] = from->x[k] + length * (from->r[k] / from->norm);
  GD_TRY(gdi_game_agree(from->game, gd_game_project(from->game, from->at)));
  for (size_t k = 0; k < n; k++) from->at[k] = from->x[k] + part * (from->at[k] - from->x[k]);
  return GD_OK;
}

/* The residual is 0: v stands for it, unless v is large, or 0, or points out of the set, which is *rest. */
static gd_status take_field(look *from, bool *rest) {
  const size_t n = gd_game_size(from->game);
  double moved;
  *rest = true;
  if (!gd_game_projects(from->game)) return GD_OK;
  GD_TRY(gdi_game_agree(from->game, gd_game_gradient(from->game, from->x, from->r)));
  GD_TRY(gd_game_norm(from->game, from->r, &from->norm));
  if (from->norm == 0 || from->norm > from->tolerance) return GD_OK;
  GD_TRY(find_place(from, from->length));
  for (size_t k = 0; k < n; k++) from->there[k] = from->at[k] - from->x[k];
  GD_TRY(gd_game_norm(from->game, from->there, &moved));
  *rest = moved <= 64 * DBL_EPSILON * from->length;
  return GD_OK;
}

/* More than the tolerance at one of the points, or not. */
static gd_status look_ahead(look *from, bool *small) {
  const int ways = gd_game_projects(from->game) ? 2 : 1;
  bool rest = false;
  if (from->norm == 0) GD_TRY(take_field(from, &rest));
  for (int way = 0; way < ways && !rest; way++) {
    double norm;
    GD_TRY(find_place(from, way == 0 ? from->length : -from->length));
    GD_TRY(gdi_game_residual(from->game, from->at, from->there, &norm));
    rest = norm > from->tolerance;
  }
  *small = !rest;
  return GD_OK;
}

gd_status gdi_game_is_small_field(gd_game *game, const double *x, double *r, double norm, double tolerance,
                                  double *room, bool *small) {
  double size;
  *small = false;
  GD_TRY(gd_game_norm(game, x, &size));
  if (!isfinite(2 * fmax(1, size))) return GD_OK;
  look from = {game, x, r, norm, tolerance, fmax(1, size), room, room + gd_game_size(game)};
  const gd_status status = look_ahead(&from, small);
  return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE ? GD_OK : status;
}
