/* SPDX-License-Identifier: BSD-3-Clause */
/* newton_krylov.c -- stationary points by Newton's method, its linear systems solved by GMRES.
 *
 *     |v + J s| <= eta |v|,   x <- x + t s,   t = 1, 1/2, 1/4, ... until |v(x + t s)| <= (1 - t (1 - eta) / 10^4) |v|
 *
 * Dembo, Eisenstat & Steihaug 1982; Eisenstat & Walker 1994 for the search, 1996 for eta = 0.9 (|v| / |v before|)^2,
 * which is kept above 0.9 times the square of the last eta while that is above 1/10, and below 1/2.  Far from the
 * solution a system needs little accuracy; close to it the convergence is quadratic.  eta is not made smaller than the
 * goal requires.
 *
 * The goal is a size of v.  If v is as small ahead of x, reaching the goal does not show that x is close to a zero: see
 * small_field.c. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "game/counts.h"
#include "game/limits.h"
#include "game/small_field.h"
#include "kernels/vector.h"
#include "linear/gmres.h"
#include "linear/operator.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { HALVINGS_MAX = 40 };

typedef struct newton {
  gd_game *game;
  const gd_newton_options *options;
  gdi_env env;
  size_t n;
  gd_operator *jacobian;
  gdi_gmres gmres;
  double *room;                        /* memory of these: */
  double *x, *v, *trial, *trial_v, *s; /* [n]; trial_v follows trial */
  double eta;
  double left; /* |v + J s| of the s at hand */
  gd_newton_result result;
} newton;

void gd_newton_options_init_sized(gd_newton_options *options, size_t size) {
  const gd_newton_options defaults = {
      .struct_size = sizeof defaults, .tolerance = 1e-12, .max_iterations = 100, .max_products = 100000, .restart = 50};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

static gd_status create(newton *w, gd_game *game, const double *x, const gd_newton_options *options) {
  const size_t n = gd_game_size(game);
  *w = (newton){.game = game, .options = options, .n = n, .eta = 0.5};
  GD_TRY(gdi_env_copy(&w->env, gd_game_env(game)));
  w->room = gdi_allocate(&w->env, 5 * n, sizeof *w->room);
  if (!w->room) return GD_ERR_MEMORY;
  w->x = w->room;
  w->v = w->x + n;
  w->trial = w->v + n;
  w->trial_v = w->trial + n;
  w->s = w->trial_v + n;
  memcpy(w->x, x, n * sizeof *x);
  GD_TRY(gdi_gmres_create(&w->env, &w->gmres, n, options->restart, options->preconditioner != NULL));
  GD_TRY(gd_game_prepare(game, 1u << GD_JVP));
  return gd_operator_jacobian(&w->jacobian, game, x);
}

static void destroy(newton *w) {
  gd_operator_destroy(w->jacobian);
  gdi_gmres_destroy(&w->env, &w->gmres);
  gdi_release(&w->env, w->room);
}

/* Solve for s with |v + J s| <= eta |v|, as far as GMRES reaches this; trial_v becomes -v. */
static gd_status solve(newton *w) {
  const double norm = w->result.gradient_norm;
  for (size_t k = 0; k < w->n; k++) w->trial_v[k] = -w->v[k];
  memset(w->s, 0, w->n * sizeof *w->s);
  gdi_operator_move(w->jacobian, w->x);
  const gdi_system system = {w->jacobian, w->options->preconditioner, w->trial_v, w->eta * norm,
                             w->options->max_products - w->result.products};
  gd_solve_result inner;
  const gd_status status = gdi_gmres_run(&w->gmres, &system, w->s, &inner);
  w->result.products += inner.products;
  w->left = status < 0 ? norm : inner.residual;
  return status;
}

static bool is_recoverable(gd_status status) { return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE; }

/* trial = x + t s and its |v|; infinite if v cannot be evaluated there. */
static gd_status try_length(newton *w, double t, double *norm) {
  gdi_vector_move(w->n, t, w->x, w->s, w->trial);
  const gd_status status = gd_game_gradient(w->game, w->trial, w->trial_v);
  w->result.gradients++;
  if (is_recoverable(status)) {
    *norm = INFINITY;
    return GD_OK;
  }
  *norm = gdi_vector_norm(w->n, w->trial_v);
  return status;
}

/* Set eta for the next system, after |v| fell from `before`. */
static void set_forcing(newton *w, double before) {
  const double norm = w->result.gradient_norm, old = 0.9 * w->eta * w->eta;
  const double quadratic = 0.9 * (norm / before) * (norm / before);
  const double enough = norm > 0 ? 0.5 * w->options->tolerance / norm : 0;
  w->eta = fmin(0.5, fmax(fmax(quadratic, old > 0.1 ? old : 0), enough));
}

static void accept(newton *w, double norm) {
  double *const x = w->x, *const v = w->v, before = w->result.gradient_norm;
  w->x = w->trial;
  w->trial = x;
  w->v = w->trial_v;
  w->trial_v = v;
  w->result.gradient_norm = norm;
  w->result.iterations++;
  set_forcing(w, before);
}

/* Move along s; *moved is false if no length is accepted. */
static gd_status search(newton *w, bool *moved) {
  const double norm = w->result.gradient_norm;
  *moved = false;
  double t = 1;
  for (int halving = 0; halving <= HALVINGS_MAX && !*moved; halving++, t /= 2) {
    double trial_norm;
    GD_TRY(try_length(w, t, &trial_norm));
    *moved = trial_norm < norm && trial_norm <= (1 - 1e-4 * t * (1 - w->eta)) * norm;
    if (*moved) accept(w, trial_norm);
  }
  return GD_OK;
}

/* If a step is short because GMRES cannot solve J s = -v, this is no sign of rounding. */
static bool is_rounding(const newton *w) {
  const bool solved = w->left <= 0.5 * w->result.gradient_norm;
  return solved && gdi_vector_norm(w->n, w->s) <= 16 * DBL_EPSILON * gdi_vector_norm(w->n, w->x);
}

/* |v| is within the tolerance: decide between a zero of v nearby and a small field. */
static gd_status conclude(newton *w) {
  gd_newton_result *result = &w->result;
  gd_counts before;
  bool small;
  gd_game_counts(w->game, &before);
  GD_TRY(gdi_game_is_small_field(w->game, w->x, w->v, result->gradient_norm, w->options->tolerance, w->trial, &small));
  result->gradients += gdi_counts_since(w->game, &before).gradients;
  result->stop = small ? GD_NEWTON_SMALL_FIELD : GD_NEWTON_CONVERGED;
  if (!small) return GD_OK;
  return gdi_fail(GD_NOT_CONVERGED,
                  "gd_newton_solve: |v| is %.3g, within the tolerance of %g, and also ahead of x: the field of "
                  "\"%s\" is small, and x need not be close to a zero of it; scale the utilities or choose a smaller "
                  "tolerance",
                  result->gradient_norm, w->options->tolerance, gd_game_name(w->game));
}

static gd_status iterate(newton *w) {
  gd_newton_result *result = &w->result;
  GD_TRY(gd_game_gradient(w->game, w->x, w->v));
  result->gradients = 1;
  result->gradient_norm = gdi_vector_norm(w->n, w->v);
  while (result->gradient_norm > w->options->tolerance) {
    bool moved;
    result->stop = GD_NEWTON_ITERATIONS;
    if (result->iterations >= w->options->max_iterations) return GD_NOT_CONVERGED;
    result->stop = GD_NEWTON_PRODUCTS_SPENT;
    if (result->products + 1 >= w->options->max_products) return GD_NOT_CONVERGED;
    GD_TRY(solve(w));
    GD_TRY(search(w, &moved));
    result->stop = is_rounding(w) ? GD_NEWTON_ROUNDING : GD_NEWTON_LINE_SEARCH;
    if (!moved) return GD_NOT_CONVERGED;
  }
  return conclude(w);
}

/* A zero of v outside of the feasible set is no solution, and v need not be 0 at a solution on the edge. */
static gd_status check_feasible(newton *w) {
  if (!gd_game_projects(w->game)) return GD_OK;
  memcpy(w->trial, w->x, w->n * sizeof *w->x);
  GD_TRY(gd_game_project(w->game, w->trial));
  const double moved = gdi_vector_distance(w->n, w->trial, w->x), most = 64 * DBL_EPSILON * gdi_vector_norm(w->n, w->x);
  if (moved <= most) return GD_OK;
  return gdi_fail(
      GD_ERR_DOMAIN,
      "gd_newton_solve: ended at a point outside the feasible set of \"%s\", %.2g away from it; at a solution on "
      "the edge of a set v is not 0",
      gd_game_name(w->game), moved);
}

static gd_status check_options(const gd_game *game, const gd_newton_options *options) {
  const size_t n = gd_game_size(game);
  const gd_operator *preconditioner = options->preconditioner;
  GDI_REQUIRE(options->tolerance >= 0 && isfinite(options->tolerance),
              "gd_newton_options: tolerance is %g, expected a number >= 0", options->tolerance);
  GDI_REQUIRE(options->max_products > 0, "gd_newton_options: max_products is 0, expected at least 1");
  GDI_REQUIRE(options->restart > 0, "gd_newton_options: restart is 0, expected at least 1");
  GDI_REQUIRE(!preconditioner || (gd_operator_rows(preconditioner) == n && gd_operator_columns(preconditioner) == n),
              "gd_newton_options: the preconditioner is %zu by %zu, expected %zu by %zu",
              gd_operator_rows(preconditioner), gd_operator_columns(preconditioner), n, n);
  return gdi_operator_check_whole(preconditioner, "gd_newton_solve");
}

gd_status gd_newton_solve(gd_game *game, double *x, const gd_newton_options *options, gd_newton_result *result) {
  GDI_REQUIRE(game && x, "gd_newton_solve: %s is NULL", game ? "x" : "game");
  GD_TRY(gdi_game_check_whole(game, "gd_newton_solve"));
  GD_TRY(gdi_game_check_point(game, x, "gd_newton_solve"));
  gd_newton_options own;
  gd_newton_options_init(&own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_newton_options, &own, options));
  GD_TRY(check_options(game, &own));
  newton w;
  gd_status status = create(&w, game, x, &own);
  if (status == GD_OK) status = iterate(&w);
  if (status >= 0) {
    const gd_status feasible = check_feasible(&w);
    if (feasible < 0) status = feasible;
  }
  if (status >= 0) {
    memcpy(x, w.x, w.n * sizeof *x);
    if (result) *result = w.result;
  }
  destroy(&w);
  return status;
}
