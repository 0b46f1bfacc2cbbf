/* SPDX-License-Identifier: BSD-3-Clause */
/* differences.c -- derivatives by finite differences.
 *
 *     J(x) u = |u| (v(x + t u/|u|) - v(x - t u/|u|)) / 2 t,   |.| the largest entry,
 *     t = step max(1, |x|),                                   error O(t^2) + O(eps |v| / t),
 *
 * so the default step is the cube root of machine epsilon.  If one side leaves the domain, the other side gives (3 v(x)
 * - 4 v(x - s) + v(x - 2 s)) / 2 t, also of second order.
 *
 * The gradient of an affine game has no curvature: a long step has no truncation error and the least rounding.  There
 * the default step is 1, and the differences are taken about 0 (J is the same everywhere), where J e_j is exact if b =
 * 0. */
#include "base/error.h"
#include "game/game.h"
#include "game/limits.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct difference {
  double step;   /* t */
  double length; /* |u| */
  bool at_origin;
} difference;

static double largest(const double *a, size_t n) {
  double most = 0;
  for (size_t k = 0; k < n; k++)
    if (!(fabs(a[k]) <= most)) most = fabs(a[k]);
  return most;
}

/* A power of two near relative * max(1, |x|): its multiples of unit vectors and the division by
 * 2 t are exact. */
static double round_step(double relative, double size) {
  int exponent;
  frexp(relative * fmax(1, size), &exponent);
  return ldexp(1, exponent - 1);
}

double gdi_game_difference_step(const gd_game *game) {
  return game->options.difference_step > 0 ? game->options.difference_step : cbrt(DBL_EPSILON);
}

/* v at x (or 0) + t s u/|u| */
static gd_status field_at(gd_game *game, const difference *d, const double *x, const double *u, double s, double *v) {
  double *point = game->slots[GDI_SLOT_DIFFERENCES];
  const double t = s * d->step;
  for (size_t k = 0; k < game->n; k++) point[k] = (d->at_origin ? 0 : x[k]) + t * (u[k] / d->length);
  return gd_game_gradient(game, point, v);
}

/* Twice the difference over a step to the side `s` (-1 or 1), by the one-sided formula. */
static gd_status one_sided(gd_game *game, const difference *d, const double *x, const double *u, double s) {
  double *first = game->slots[GDI_SLOT_DIFFERENCES] + game->n, *second = first + game->n;
  const size_t n = game->n;
  GD_TRY(field_at(game, d, x, u, 0, first));
  GD_TRY(field_at(game, d, x, u, s, second));
  for (size_t k = 0; k < n; k++) first[k] = 4 * second[k] - 3 * first[k];
  GD_TRY(field_at(game, d, x, u, 2 * s, second));
  for (size_t k = 0; k < n; k++) {
    first[k] = s * (first[k] - second[k]);
    second[k] = 0;
  }
  return GD_OK;
}

/* Compute v(x + ...) and v(x - ...), or their one-sided replacements, in the slot's second and third vector. */
static gd_status two_values(gd_game *game, const difference *d, const double *x, const double *u) {
  double *first = game->slots[GDI_SLOT_DIFFERENCES] + game->n, *second = first + game->n;
  gd_status status = field_at(game, d, x, u, 1, first);
  if (status == GD_ERR_DOMAIN) return one_sided(game, d, x, u, -1);
  if (status < 0) return status;
  status = field_at(game, d, x, u, -1, second);
  return status == GD_ERR_DOMAIN ? one_sided(game, d, x, u, 1) : status;
}

/* The difference quotient about x, or about 0 with a long step. */
static gd_status quotient(gd_game *game, const double sizes[2], bool at_origin, const double *x, const double *u,
                          double *Ju) {
  const difference d = {round_step(at_origin ? 1 : gdi_game_difference_step(game), sizes[0]), sizes[1], at_origin};
  GD_TRY(two_values(game, &d, x, u));
  const double *first = game->slots[GDI_SLOT_DIFFERENCES] + game->n, *second = first + game->n;
  for (size_t k = 0; k < game->n; k++) Ju[k] = (first[k] - second[k]) / (2 * d.step) * d.length;
  return gdi_game_answer(game, "jvp", GDI_COMPUTED, 0, game->n, Ju);
}

gd_status gdi_game_difference_jvp(gd_game *game, const double *x, const double *u, double *Ju) {
  double *scratch;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_DIFFERENCES, &scratch));
  double sizes[2] = {largest(x, game->n), largest(u, game->n)};
  GD_TRY(gdi_game_max(game, sizes, 2));
  if (sizes[1] == 0) {
    memset(Ju, 0, game->n * sizeof *Ju);
    return GD_OK;
  }
  const bool long_step = (game->shared->traits & GD_AFFINE) && game->options.difference_step == 0;
  if (long_step) {
    const gd_status status = quotient(game, sizes, true, x, u, Ju);
    if (status != GD_ERR_DOMAIN) return status;
  }
  return quotient(game, sizes, false, x, u, Ju);
}

/* A line through x along variable k, for one player's utility. */
typedef struct utility_line {
  gd_game *game;
  const double *x;
  size_t player, k;
} utility_line;

/* u_player(x + t e_k); the slot's point is x otherwise. */
static gd_status utility_at(const utility_line *line, double t, double *utility) {
  double *point = line->game->slots[GDI_SLOT_UTILITIES], *utilities = point + 2 * line->game->n;
  point[line->k] = line->x[line->k] + t;
  const gd_status status = gd_game_utilities(line->game, point, utilities);
  point[line->k] = line->x[line->k];
  if (status >= 0) *utility = utilities[line->player];
  return status;
}

static gd_status one_sided_slope(const utility_line *line, double t, double *slope) {
  double here, near, far;
  GD_TRY(utility_at(line, 0, &here));
  GD_TRY(utility_at(line, t, &near));
  GD_TRY(utility_at(line, 2 * t, &far));
  *slope = (4 * near - 3 * here - far) / (2 * t);
  return GD_OK;
}

static gd_status utility_slope(const utility_line *line, double t, double *slope) {
  double ahead, behind;
  gd_status status = utility_at(line, t, &ahead);
  if (status == GD_ERR_DOMAIN) return one_sided_slope(line, -t, slope);
  if (status < 0) return status;
  status = utility_at(line, -t, &behind);
  if (status == GD_ERR_DOMAIN) return one_sided_slope(line, t, slope);
  if (status >= 0) *slope = (ahead - behind) / (2 * t);
  return status;
}

gd_status gdi_game_difference_utility(gd_game *game, size_t player, const double *x, double *g) {
  double *point;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_UTILITIES, &point));
  const size_t n = game->n;
  double *slopes = point + n;
  memcpy(point, x, n * sizeof *point);
  const double t = round_step(gdi_game_difference_step(game), largest(x, n));
  for (size_t k = 0; k < n; k++) {
    const utility_line line = {game, x, player, k};
    GD_TRY(utility_slope(&line, t, &slopes[k]));
  }
  memcpy(g, slopes, n * sizeof *g);
  return GD_OK;
}
