/* SPDX-License-Identifier: BSD-3-Clause */
/* check_fields.c -- checks player gradients, many gradients, repeatability; the feasible set and the stated
 * solution. */
#include "base/error.h"
#include "game/check.h"
#include "game/reduce.h"
#include "kernels/vector.h"

#include <math.h>
#include <string.h>

enum { PROJECTIONS = 16 }; /* a half-space is felt by one pair of points in two */

/* The block must equal that of the gradient, and nothing beyond it may be written. */
static gd_status check_player(gdi_checker *c, size_t player) {
  const size_t start = c->game->shared->starts[player], length = gd_game_block_size(c->game, player);
  for (size_t k = 0; k < c->n; k++) c->answer[k] = 12345;
  GD_TRY(gd_game_player_gradient(c->game, player, c->x, c->answer));
  for (size_t k = length; k < c->n; k++)
    if (c->answer[k] != 12345) {
      gdi_check_complain(c, "player_gradient of player %zu writes beyond its block of %zu: v_i[0] is the block's first",
                         player, length);
      break;
    }
  memcpy(c->point, c->v, c->n * sizeof *c->point);
  memcpy(c->point + start, c->answer, length * sizeof *c->point);
  double distance;
  GD_TRY(gdi_check_distance(c, c->point, 1, c->v, &distance));
  const double error = gdi_check_relative(distance, c->v_norm, c->scale);
  gdi_check_worst(&c->report.player_gradient_vs_gradient, error);
  if (error > GDI_CHECK_EXACT)
    gdi_check_complain(c, "player_gradient of player %zu is not its block of the gradient: off by %.2g, relatively",
                       player, error);
  return GD_OK;
}

/* A point for a lane, close to x and in the domain: x plus or minus a displacement, or x itself. */
static gd_status choose_lane(gdi_checker *c, size_t lane, double *X) {
  const double ways[] = {1e-3 * c->size, -1e-3 * c->size, 0};
  gdi_check_direction(c, c->u);
  gd_status status = GD_ERR_DOMAIN;
  for (size_t k = lane == 0 ? 2 : 0; k < 3 && status == GD_ERR_DOMAIN; k++) {
    gdi_vector_move(c->n, ways[k], c->x, c->u, c->point);
    status = gd_game_gradient(c->game, c->point, c->answer);
  }
  for (size_t i = 0; i < c->n; i++) X[lane + GDI_CHECK_LANES * i] = c->point[i];
  return status;
}

/* Tests whether gradient_many reads the array as points n apart; looks at the first point. */
static gd_status is_read_as_columns(gdi_checker *c, const double *X, const double *V, bool *answer) {
  const gd_status status = gd_game_gradient(c->game, X, c->answer);
  *answer = false;
  if (status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE) return GD_OK; /* parts of three points, in no domain */
  GD_TRY(status);
  double distance, size;
  GD_TRY(gdi_check_distance(c, V, 1, c->answer, &distance));
  GD_TRY(gd_game_norm(c->game, c->answer, &size));
  *answer = distance <= GDI_CHECK_EXACT * fmax(size, c->scale);
  return GD_OK;
}

static gd_status check_lane(gdi_checker *c, size_t lane, const double *X, const double *V) {
  for (size_t i = 0; i < c->n; i++) {
    c->point[i] = X[lane + GDI_CHECK_LANES * i];
    c->answer[i] = V[lane + GDI_CHECK_LANES * i];
  }
  double *expected = c->Ju, distance;
  GD_TRY(gd_game_gradient(c->game, c->point, expected));
  GD_TRY(gdi_check_distance(c, c->answer, 1, expected, &distance));
  const double error = gdi_check_relative(distance, c->scale, 0);
  gdi_check_worst(&c->report.gradient_many_vs_gradient, error);
  if (error <= GDI_CHECK_EXACT) return GD_OK;
  bool as_columns;
  GD_TRY(is_read_as_columns(c, X, V, &as_columns));
  if (as_columns)
    gdi_check_complain(c, "gradient_many takes its points as columns: they are lanes, X[lane + k*variable]");
  else
    gdi_check_complain(c, "gradient_many: lane %zu is off by %.2g, relative to the gradient", lane, error);
  return GD_OK;
}

static gd_status check_gradient_many(gdi_checker *c) {
  const size_t count = GDI_CHECK_LANES * c->n;
  double *X = c->many, *V = c->many + count;
  for (size_t lane = 0; lane < GDI_CHECK_LANES; lane++) GD_TRY(choose_lane(c, lane, X));
  V[count] = 12345;
  GD_TRY(gd_game_gradient_many(c->game, GDI_CHECK_LANES, X, V));
  if (V[count] != 12345) gdi_check_complain(c, "gradient_many writes beyond its k = %d lanes", GDI_CHECK_LANES);
  for (size_t lane = 0; lane < GDI_CHECK_LANES; lane++) GD_TRY(check_lane(c, lane, X, V));
  return GD_OK;
}

/* Evaluate the gradient at x under the current configuration, into an array with other numbers, which a callback must
 * overwrite; returns the relative distance from `first`. */
static gd_status repeat_gradient(gdi_checker *c, const double *first, double *again, double *error) {
  double distance, size;
  for (size_t k = 0; k < c->n; k++) again[k] = -54321;
  GD_TRY(gd_game_gradient(c->game, c->x, again));
  GD_TRY(gdi_check_distance(c, again, 1, first, &distance));
  GD_TRY(gd_game_norm(c->game, first, &size));
  *error = gdi_check_relative(distance, size, c->scale);
  return GD_OK;
}

/* Twice in a row, and once more after another draw. */
static gd_status repeat(gdi_checker *c, const gd_draw *draw, double *at_once, double *later) {
  if (draw) gd_game_set_draw(c->game, draw);
  for (size_t k = 0; k < c->n; k++) c->answer[k] = 12345;
  GD_TRY(gd_game_gradient(c->game, c->x, c->answer));
  GD_TRY(repeat_gradient(c, c->answer, c->point, at_once));
  gd_game_next_draw(c->game);
  GD_TRY(gd_game_gradient(c->game, c->x, c->point));
  if (draw) gd_game_set_draw(c->game, draw);
  return repeat_gradient(c, c->answer, c->point, later);
}

/* The same x and draw again must give the same gradient, also after another draw. */
static gd_status check_repeatability(gdi_checker *c) {
  gd_draw before, draw = {1, 0, 0, 1};
  const bool drawn = gd_game_get_draw(c->game, &before);
  const bool stochastic = (c->game->shared->traits & GD_STOCHASTIC) != 0;
  double at_once = 0, later = 0;
  if (drawn) draw = before;
  const gd_status status = repeat(c, drawn || stochastic ? &draw : NULL, &at_once, &later);
  gd_game_set_draw(c->game, drawn ? &before : NULL);
  GD_TRY(status);
  const double error = fmax(at_once, later);
  gdi_check_worst(&c->report.draw_repeatability, error);
  if (error > GDI_CHECK_EXACT)
    gdi_check_complain(
        c, "the gradient does not repeat: two calls%s with the same x and draw differ by %.2g, relatively%s",
        at_once > GDI_CHECK_EXACT ? " in a row" : "", error,
        stochastic ? " (random numbers must come from gd_draw_rng(draw))" : "");
  return GD_OK;
}

gd_status gdi_check_parts(gdi_checker *c) {
  const gd_game_ops *ops = &c->game->shared->ops;
  GD_TRY(check_repeatability(c));
  for (size_t player = 0; ops->player_gradient && player < c->game->shared->n_players; player++)
    GD_TRY(check_player(c, player));
  return ops->gradient_many ? check_gradient_many(c) : GD_OK;
}

static gd_status check_idempotence(gdi_checker *c) {
  double distance, size;
  memcpy(c->answer, c->point, c->n * sizeof *c->point);
  GD_TRY(gd_game_project(c->game, c->answer));
  GD_TRY(gdi_check_distance(c, c->answer, 1, c->point, &distance));
  GD_TRY(gd_game_norm(c->game, c->point, &size));
  const double error = gdi_check_relative(distance, size, c->size);
  gdi_check_worst(&c->report.projection_idempotence, error);
  if (error > GDI_CHECK_SOLVED)
    gdi_check_complain(c, "project is not idempotent: projecting again moves the point by %.2g, relatively", error);
  return GD_OK;
}

/* Checks that each of `count` blocks of x, from its entry in `starts` to the next (NULL: of one variable each), is
 * projected independently: its projection does not change when the others do.  `point` is the projection of x + 10 size
 * u; here every second block is taken from x + 10 size w. */
static gd_status check_stretches(gdi_checker *c, size_t count, const size_t *starts, size_t parity,
                                 const char *complaint) {
  double largest = 0;
  for (size_t i = 0; i < count; i++)
    for (size_t k = starts ? starts[i] : i; k < (starts ? starts[i + 1] : i + 1); k++)
      c->answer[k] = c->x[k] + 10 * c->size * (i % 2 == parity ? c->u[k] : c->w[k]);
  GD_TRY(gd_game_project(c->game, c->answer));
  for (size_t i = parity; i < count; i += 2)
    for (size_t k = starts ? starts[i] : i; k < (starts ? starts[i + 1] : i + 1); k++)
      largest = fmax(largest, fabs(c->answer[k] - c->point[k]));
  if (largest > GDI_CHECK_SOLVED * c->size) gdi_check_complain(c, "%s", complaint);
  return GD_OK;
}

/* Check projection at two random points; they may lie in the set, where it does nothing. */
static gd_status check_projection_once(gdi_checker *c) {
  gdi_check_direction(c, c->u);
  gdi_check_direction(c, c->w);
  gdi_vector_move(c->n, 10 * c->size, c->x, c->u, c->point);
  GD_TRY(gd_game_project(c->game, c->point));
  GD_TRY(check_idempotence(c));
  for (size_t parity = 0; parity < 2; parity++) {
    GD_TRY(check_stretches(c, c->game->shared->n_players, c->game->shared->starts, parity,
                           "project mixes players: the feasible set is not a product of one set for each"));
    if (c->game->shared->traits & GD_BOX)
      GD_TRY(check_stretches(c, c->n, NULL, parity,
                             "GD_BOX does not hold: project does not treat each variable by itself"));
  }
  return GD_OK;
}

static gd_status check_projection(gdi_checker *c) {
  for (int attempt = 0; attempt < PROJECTIONS; attempt++) GD_TRY(check_projection_once(c));
  return GD_OK;
}

static gd_status compare_solution(gdi_checker *c) {
  double residual;
  GD_TRY(gdi_game_residual(c->game, c->point, c->answer, &residual));
  const double error = gdi_check_relative(residual, c->scale, 0);
  gdi_check_worst(&c->report.solution_gradient, error);
  if (error > GDI_CHECK_SOLVED)
    gdi_check_complain(c, "solution is not stationary: the gradient there is %.2g (%.2g relatively)", residual, error);
  return GD_OK;
}

static gd_status check_solution(gdi_checker *c) {
  const gd_status stated = gd_game_solution(c->game, c->point);
  /* a derived game may find out only now, and an affine one that v = 0 nowhere */
  if (stated == GD_ERR_UNSUPPORTED || stated == GD_ERR_DOMAIN) return GD_OK;
  GD_TRY(stated);
  gd_draw before;
  const bool drawn = gd_game_get_draw(c->game, &before);
  gd_game_set_draw(c->game, NULL);
  const gd_status status = compare_solution(c);
  gd_game_set_draw(c->game, drawn ? &before : NULL);
  return status;
}

gd_status gdi_check_places(gdi_checker *c) {
  if (gd_game_projects(c->game)) GD_TRY(check_projection(c));
  return c->game->shared->ops.solution ? check_solution(c) : GD_OK;
}
