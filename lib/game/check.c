/* SPDX-License-Identifier: BSD-3-Clause */
/* check.c -- compares a game's callbacks with each other, and says what is wrong.
 *
 * Everything is compared at x and at a random point nearby, in random directions.  Products are compared with central
 * differences of the gradient at two steps.  The reference is the extrapolated difference (4 D(t) - D(2t)) / 3.  The
 * tolerance is rounding and ten times |D(t) - D(2t)|, which exceeds the truncation error of either difference. */
#include "game/check.h"

#include "base/error.h"
#include "kernels/vector.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VECTORS 9 /* of length n, that the checker holds */

void gdi_check_direction(gdi_checker *c, double *u) { gd_rng_fill_normal(&c->rng, c->n, u); }

gd_status gdi_check_distance(gdi_checker *c, const double *a, double sign, const double *b, double *distance) {
  for (size_t k = 0; k < c->n; k++) c->other[k] = a[k] - sign * b[k];
  return gd_game_norm(c->game, c->other, distance);
}

void gdi_check_worst(double *kept, double value) {
  if (!(value <= *kept)) *kept = value;
}

void gdi_check_complain(gdi_checker *c, const char *format, ...) {
  if (c->words[0]) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(c->words, sizeof c->words, format, arguments);
  va_end(arguments);
}

double gdi_check_relative(double disagreement, double size, double other_size) {
  const double larger = fmax(size, other_size);
  return disagreement == 0 ? 0 : disagreement / fmax(larger, DBL_MIN);
}

/* J u at c->x by differences with the steps `step` and 2 step, extrapolated, and the distance between the two. */
static gd_status extrapolate(gdi_checker *c, const double *u, double step, double *Ju, double *spread) {
  c->game->options.difference_step = 2 * step;
  GD_TRY(gdi_game_difference_jvp(c->game, c->x, u, c->answer));
  c->game->options.difference_step = step;
  GD_TRY(gdi_game_difference_jvp(c->game, c->x, u, Ju));
  GD_TRY(gdi_check_distance(c, Ju, 1, c->answer, spread));
  for (size_t k = 0; k < c->n; k++) Ju[k] += (Ju[k] - c->answer[k]) / 3;
  return GD_OK;
}

/* J u and its error bound; if the gradient varies strongly within a step, the step is shortened. */
static gd_status difference(gdi_checker *c, const double *u, double *Ju, double *slack) {
  double step = cbrt(DBL_EPSILON), spread, size, length;
  GD_TRY(gd_game_norm(c->game, u, &length));
  for (int attempt = 0; attempt < GDI_CHECK_ATTEMPTS; attempt++, step /= 16) {
    GD_TRY(extrapolate(c, u, step, Ju, &spread));
    GD_TRY(gd_game_norm(c->game, Ju, &size));
    *slack = 10 * spread + 1e-6 * size + 100 * DBL_EPSILON * c->scale * length / (step * c->size);
    if (spread <= GDI_CHECK_RESOLVED * size) break;
  }
  return GD_OK;
}

static gd_status new_directions(gdi_checker *c) {
  gdi_check_direction(c, c->u);
  gdi_check_direction(c, c->w);
  GD_TRY(difference(c, c->u, c->Ju, &c->Ju_slack));
  return difference(c, c->w, c->Jw, &c->Jw_slack);
}

static gd_status measure(gdi_checker *c, const double *x, double *size) {
  double largest = 1;
  for (size_t k = 0; k < c->n; k++) largest = fmax(largest, fabs(x[k]));
  *size = largest;
  return gdi_game_max(c->game, size, 1);
}

static gd_status stand_at(gdi_checker *c, const double *x) {
  c->x = x;
  GD_TRY(measure(c, x, &c->size));
  GD_TRY(gd_game_gradient(c->game, x, c->v));
  return gd_game_norm(c->game, c->v, &c->v_norm);
}

/* Near a stationary point v is rounding and no scale for comparisons. */
static gd_status find_scale(gdi_checker *c) {
  double size, length;
  gdi_check_direction(c, c->u);
  GD_TRY(gdi_game_difference_jvp(c->game, c->x, c->u, c->Ju));
  GD_TRY(gd_game_norm(c->game, c->Ju, &size));
  GD_TRY(gd_game_norm(c->game, c->u, &length));
  c->scale = c->v_norm + size / fmax(length, DBL_MIN) * c->size;
  return GD_OK;
}

static gd_status check_here(gdi_checker *c) {
  GD_TRY(find_scale(c));
  GD_TRY(gdi_check_parts(c));
  GD_TRY(gdi_check_utilities(c));
  for (int round = 0; round < 2; round++) {
    GD_TRY(new_directions(c));
    GD_TRY(gdi_check_products(c));
    GD_TRY(gdi_check_traits(c));
  }
  return GD_OK;
}

/* x may be a special point, where symmetry hides mistakes; use a point nearby, as far as the domain allows. */
static gd_status step_aside(gdi_checker *c, const double *x) {
  gdi_check_direction(c, c->u);
  double distance = 0.1 * c->size;
  gd_status status = GD_ERR_DOMAIN;
  for (int attempt = 0; attempt < 30 && (status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE); attempt++) {
    gdi_vector_move(c->n, distance, x, c->u, c->nearby);
    GD_TRY(gd_game_project(c->game, c->nearby));
    status = stand_at(c, c->nearby);
    distance /= 2;
  }
  return status;
}

static gd_status check_all(gdi_checker *c, const double *x) {
  GD_TRY(stand_at(c, x));
  GD_TRY(check_here(c));
  GD_TRY(gdi_check_places(c));
  const gd_status status = step_aside(c, x);
  if (status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE) return GD_OK; /* x stands alone in its domain */
  return status < 0 ? status : check_here(c);
}

static gd_status allocate(gdi_checker *c) {
  const gdi_env *env = &c->game->shared->env;
  c->v = gdi_allocate(env, VECTORS * c->n, sizeof *c->v);
  c->many = gdi_allocate(env, 2 * GDI_CHECK_LANES * c->n + 1, sizeof *c->many);
  c->utilities = gdi_allocate(env, c->game->shared->n_players, sizeof *c->utilities);
  if (!c->v || !c->many || !c->utilities) return GD_ERR_MEMORY;
  double **const vectors[] = {&c->u, &c->w, &c->Ju, &c->Jw, &c->answer, &c->other, &c->point, &c->nearby};
  for (size_t k = 0; k < sizeof vectors / sizeof *vectors; k++) *vectors[k] = c->v + (k + 1) * c->n;
  return GD_OK;
}

static void open_report(gd_game_check_report *report) {
  memset(report, 0, sizeof *report);
  double *const fields = (double *)report;
  for (size_t k = 0; k < offsetof(gd_game_check_report, reserved) / sizeof(double); k++) fields[k] = -1;
}

gd_status gd_game_check(gd_game *game, const double *x, uint64_t seed, gd_game_check_report *report) {
  GDI_REQUIRE(game && x, "check: %s is NULL", game ? "x" : "game");
  gdi_checker c = {.n = game->n, .rng = gd_rng_make(seed, 0)};
  const gd_comm *comm = game->shared->env.env.comm;
  if (comm && game->shared->traits & GD_PARTITIONED) c.rng = gd_rng_make(seed, (uint64_t)comm->rank);
  open_report(&c.report);
  GD_TRY(gd_game_dup(&c.game, game));
  c.game->options.difference_step = cbrt(DBL_EPSILON); /* short steps also where J is said to be constant */
  gd_status status = allocate(&c);
  if (status == GD_OK) status = check_all(&c, x);
  if (report) *report = c.report;
  if (status == GD_OK && c.words[0]) status = gdi_fail(GD_ERR_CALLBACK, "%s", c.words);
  gdi_release(&game->shared->env, c.v);
  gdi_release(&game->shared->env, c.many);
  gdi_release(&game->shared->env, c.utilities);
  gd_game_destroy(c.game);
  return status;
}
