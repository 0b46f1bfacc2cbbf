/* SPDX-License-Identifier: BSD-3-Clause */
/* check_traits.c -- checks the traits, by the gradient and the utilities alone; products come from differences. */
#include "base/error.h"
#include "game/check.h"
#include "kernels/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Utilities add up to zero. */
static gd_status check_sum(gdi_checker *c) {
  GD_TRY(gd_game_utilities(c->game, c->x, c->utilities));
  double sum = 0, size = 0;
  for (size_t k = 0; k < c->game->shared->n_players; k++) {
    sum += c->utilities[k];
    size += fabs(c->utilities[k]);
  }
  const double error = gdi_check_relative(fabs(sum), size, c->scale * c->size);
  gdi_check_worst(&c->report.zero_sum, error);
  if (error > GDI_CHECK_EXACT) gdi_check_complain(c, "GD_ZERO_SUM does not hold: the utilities add up to %.3g", sum);
  return GD_OK;
}

/* <w, J'u> = <J w, u> against <w, s J s u> where s changes the sign of the second player's block
 * (mirror) or nothing: the two forms of what a trait promises about J'. */
static gd_status check_transpose(gdi_checker *c, bool mirror, double *kept, const char *complaint) {
  const size_t start = mirror ? c->game->shared->starts[1] : c->n;
  for (size_t k = 0; k < c->n; k++) {
    c->point[k] = k < start ? c->u[k] : -c->u[k];
    c->answer[k] = k < start ? c->w[k] : -c->w[k];
  }
  double *product = c->many, expected, found, u_length, w_length, product_size, Jw_size;
  GD_TRY(gdi_game_difference_jvp(c->game, c->x, c->point, product));
  GD_TRY(gd_game_dot(c->game, c->Jw, c->u, &expected));
  GD_TRY(gd_game_dot(c->game, c->answer, product, &found));
  GD_TRY(gd_game_norm(c->game, c->u, &u_length));
  GD_TRY(gd_game_norm(c->game, c->w, &w_length));
  GD_TRY(gd_game_norm(c->game, product, &product_size));
  GD_TRY(gd_game_norm(c->game, c->Jw, &Jw_size));
  const double slack = c->Jw_slack * u_length + (c->Ju_slack + 1e-6 * product_size) * w_length;
  const double error = gdi_check_relative(fabs(found - expected), Jw_size * u_length, product_size * w_length);
  gdi_check_worst(kept, error);
  if (fabs(found - expected) > slack) gdi_check_complain(c, "%s: off by %.2g, relatively", complaint, error);
  return GD_OK;
}

static gd_status check_zero_sum(gdi_checker *c) {
  if (c->game->shared->ops.utilities) GD_TRY(check_sum(c));
  if (c->game->shared->n_players != 2) return GD_OK;
  return check_transpose(
      c, true, &c->report.zero_sum,
      "GD_ZERO_SUM does not hold: J' is not D J D, D = diag(I, -I), as for two players with u_2 = -u_1");
}

/* v(x + t d) - v(x + e), where e is 0 or d, is the change over one side of a parallelogram. */
static gd_status change(gdi_checker *c, double t, const double *from, const double *d, double *out) {
  gdi_vector_move(c->n, t, from, d, c->point);
  GD_TRY(gd_game_gradient(c->game, c->point, out));
  GD_TRY(gd_game_gradient(c->game, from, c->point));
  gdi_vector_axpy(c->n, -1, c->point, out);
  return GD_OK;
}

/* Opposite sides of a parallelogram change an affine gradient alike, and under any draw. */
static gd_status compare_sides(gdi_checker *c, double t, double *error, double *slack) {
  double *here = c->many, *corner = here + c->n, *there = corner + c->n, distance, here_size, there_size, v_size;
  GD_TRY(change(c, t, c->x, c->u, here));
  gdi_vector_move(c->n, t, c->x, c->w, corner);
  gd_game_next_draw(c->game);
  GD_TRY(change(c, t, corner, c->u, there));
  GD_TRY(gd_game_norm(c->game, c->point, &v_size));
  GD_TRY(gdi_check_distance(c, there, 1, here, &distance));
  GD_TRY(gd_game_norm(c->game, here, &here_size));
  GD_TRY(gd_game_norm(c->game, there, &there_size));
  *error = gdi_check_relative(distance, here_size, there_size);
  *slack = 1e-8 + 1000 * DBL_EPSILON * (v_size + c->v_norm) / fmax(fmax(here_size, there_size), DBL_MIN);
  return GD_OK;
}

static gd_status check_affine(gdi_checker *c) {
  gd_draw before, draw = {1, 0, 0, 1};
  const bool drawn = gd_game_get_draw(c->game, &before);
  if (!drawn && (c->game->shared->traits & GD_STOCHASTIC)) gd_game_set_draw(c->game, &draw);
  double error = 0, slack = 0;
  gd_status status = GD_ERR_DOMAIN;
  for (double t = c->size; t > 1e-6 * c->size && status == GD_ERR_DOMAIN; t /= 4)
    status = compare_sides(c, t, &error, &slack);
  gd_game_set_draw(c->game, drawn ? &before : NULL);
  GD_TRY(status);
  gdi_check_worst(&c->report.affinity, error);
  if (error > slack)
    gdi_check_complain(c, "GD_AFFINE does not hold: J changes with x or the draw, by %.2g relatively", error);
  return GD_OK;
}

gd_status gdi_check_traits(gdi_checker *c) {
  const uint32_t traits = c->game->shared->traits;
  if (traits & GD_ZERO_SUM) GD_TRY(check_zero_sum(c));
  if (traits & GD_POTENTIAL)
    GD_TRY(check_transpose(c, false, &c->report.symmetry, "GD_POTENTIAL does not hold: J is not symmetric"));
  return traits & GD_AFFINE ? check_affine(c) : GD_OK;
}
