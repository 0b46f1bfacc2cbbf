/* SPDX-License-Identifier: BSD-3-Clause */
/* check_utilities.c -- checks that each block of the gradient is the slope of its player's utility. */
#include "base/error.h"
#include "game/check.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A slope of one player's utility along `point`, from differences. */
typedef struct slope {
  double value, slack;
} slope;

/* u_player(x + t d); utilities go to `utilities` [n_players] */
static gd_status utility_at(gdi_checker *c, size_t player, const double *d, double t, double *utility) {
  for (size_t k = 0; k < c->n; k++) c->other[k] = c->x[k] + t * d[k];
  GD_TRY(gd_game_utilities(c->game, c->other, c->utilities));
  *utility = c->utilities[player];
  return GD_OK;
}

/* The central difference with step t, and the size of the utility. */
static gd_status central(gdi_checker *c, size_t player, const double *d, double t, slope *found) {
  double ahead, behind;
  GD_TRY(utility_at(c, player, d, t, &ahead));
  GD_TRY(utility_at(c, player, d, -t, &behind));
  found->value = (ahead - behind) / (2 * t);
  found->slack = 10 * DBL_EPSILON * (fabs(ahead) + fabs(behind) + c->scale * c->size) / t;
  return GD_OK;
}

/* Extrapolated from two steps, as for products; GD_ERR_DOMAIN near an edge. */
static gd_status find_slope(gdi_checker *c, size_t player, const double *d, slope *found) {
  double t = cbrt(DBL_EPSILON) * c->size;
  for (int attempt = 0; attempt < GDI_CHECK_ATTEMPTS; attempt++, t /= 16) {
    slope near, far;
    GD_TRY(central(c, player, d, t, &near));
    GD_TRY(central(c, player, d, 2 * t, &far));
    const double spread = fabs(near.value - far.value);
    found->value = near.value + (near.value - far.value) / 3;
    found->slack = 10 * spread + near.slack;
    if (spread <= GDI_CHECK_RESOLVED * fabs(found->value) + near.slack) break;
  }
  return GD_OK;
}

/* A claimed derivative of a player's utility against its slope along `point`. */
static gd_status compare(gdi_checker *c, size_t player, const double *claimed, double *kept, const char *what) {
  slope found = {0};
  const gd_status status = find_slope(c, player, c->point, &found);
  if (status == GD_ERR_DOMAIN) return GD_OK; /* too near the edge to tell */
  GD_TRY(status);
  double expected, length, size;
  GD_TRY(gd_game_dot(c->game, claimed, c->point, &expected));
  GD_TRY(gd_game_norm(c->game, c->point, &length));
  GD_TRY(gd_game_norm(c->game, claimed, &size));
  const double slack = found.slack + 1e-6 * size * length, off = fabs(found.value - expected);
  const double error = gdi_check_relative(off, size * length, fmax(fabs(found.value), found.slack));
  gdi_check_worst(kept, error);
  if (off <= slack) return GD_OK;
  if (fabs(found.value + expected) <= slack)
    gdi_check_complain(c, "%s of player %zu is minus the gradient of its utility: wrong sign", what, player);
  else
    gdi_check_complain(c, "%s of player %zu is not the gradient of its utility: off by %.2g, relative to differences",
                       what, player, error);
  return GD_OK;
}

/* v_i against du_i along a random direction of the player's own block. */
static gd_status check_block(gdi_checker *c, size_t player) {
  const size_t start = c->game->shared->starts[player], end = c->game->shared->starts[player + 1];
  gdi_check_direction(c, c->u);
  memset(c->point, 0, c->n * sizeof *c->point);
  memset(c->answer, 0, c->n * sizeof *c->answer);
  for (size_t k = start; k < end; k++) {
    c->point[k] = c->u[k];
    c->answer[k] = c->v[k];
  }
  return compare(c, player, c->answer, &c->report.gradient_vs_utilities, "the gradient");
}

static gd_status check_utility_gradient(gdi_checker *c, size_t player) {
  GD_TRY(gd_game_utility_gradient(c->game, player, c->x, c->answer));
  gdi_check_direction(c, c->point);
  return compare(c, player, c->answer, &c->report.utility_gradient_vs_utilities, "utility_gradient");
}

gd_status gdi_check_utilities(gdi_checker *c) {
  const gd_game_ops *ops = &c->game->shared->ops;
  if (!ops->utilities) return GD_OK;
  for (size_t player = 0; player < c->game->shared->n_players; player++) {
    GD_TRY(check_block(c, player));
    if (ops->utility_gradient) GD_TRY(check_utility_gradient(c, player));
  }
  return GD_OK;
}
