/* SPDX-License-Identifier: BSD-3-Clause */
/* classify.c -- what kind of point x is, and the constants of the field there, from the Jacobian J(x).
 *
 * A local Nash point has v = 0 and every player's own Hessian negative semidefinite (necessary; sufficient when
 * definite).  x attracts the flow x' = v(x) if J is Hurwitz: every eigenvalue has a negative real part. */
#include "base/dense.h"
#include "base/error.h"
#include "base/sized.h"
#include "linear/eigen.h"

#include <gamedyn/rates.h>
#include <math.h>
#include <string.h>

typedef struct workspace {
  gdi_env env;
  gd_game *game;
  size_t n;
  double *J;       /* [n by n] */
  double *matrix;  /* [n by n], what a solver is to use up */
  double *re, *im; /* [n] */
} workspace;

static void release(workspace *w) {
  gdi_release(&w->env, w->J);
  gdi_release(&w->env, w->matrix);
  gdi_release(&w->env, w->re);
}

/* To be followed by release(), also on failure. */
static gd_status prepare(workspace *w, gd_game *game, const double *x) {
  const size_t n = gd_game_size(game);
  *w = (workspace){.game = game, .n = n};
  GD_TRY(gdi_env_copy(&w->env, gd_game_env(game)));
  w->J = gdi_allocate(&w->env, n * n, sizeof *w->J);
  w->matrix = gdi_allocate(&w->env, n * n, sizeof *w->matrix);
  w->re = gdi_allocate(&w->env, 2 * n, sizeof *w->re);
  if (!w->J || !w->matrix || !w->re) return GD_ERR_MEMORY;
  w->im = w->re + n;
  return gd_game_jacobian(game, x, w->J, n);
}

/* matrix = (J + sign J')/2 of the block from `start` on. */
static void take_part(workspace *w, double sign, size_t start, size_t side) {
  const double *corner = w->J + start * (w->n + 1);
  for (size_t j = 0; j < side; j++)
    for (size_t i = 0; i < side; i++)
      w->matrix[i + j * side] = 0.5 * corner[i + j * w->n] + 0.5 * sign * corner[j + i * w->n];
}

static gd_status largest_symmetric_eigenvalue(workspace *w, size_t start, size_t side, double *largest) {
  take_part(w, 1, start, side);
  GD_TRY(gdi_eigen_symmetric(&w->env, side, w->matrix, side, false, w->re));
  *largest = w->re[side - 1];
  return GD_OK;
}

static gd_status norm_of_matrix(workspace *w, double *norm) {
  GD_TRY(gdi_singular_values(&w->env, w->n, w->n, w->matrix, w->n, w->re, NULL, NULL));
  *norm = w->re[0];
  return GD_OK;
}

static gd_status norm_of_jacobian(workspace *w, double *norm) {
  memcpy(w->matrix, w->J, w->n * w->n * sizeof *w->J);
  return norm_of_matrix(w, norm);
}

/* re, im = eigenvalues of J. */
static gd_status eigenvalues(workspace *w, double *abscissa) {
  memcpy(w->matrix, w->J, w->n * w->n * sizeof *w->J);
  gdi_eigen eigen = {.n = w->n, .re = w->re, .im = w->im};
  GD_TRY(gdi_eigen_solve(&w->env, w->matrix, false, &eigen));
  *abscissa = w->re[0];
  for (size_t k = 1; k < w->n; k++) *abscissa = fmax(*abscissa, w->re[k]);
  return GD_OK;
}

/* ---- the field ---- */

static gd_status measure_field(workspace *w, gd_field_constants *constants) {
  GD_TRY(norm_of_jacobian(w, &constants->lipschitz));
  GD_TRY(largest_symmetric_eigenvalue(w, 0, w->n, &constants->monotonicity));
  take_part(w, -1, 0, w->n);
  GD_TRY(norm_of_matrix(w, &constants->rotation));
  return eigenvalues(w, &constants->spectral_abscissa);
}

gd_status gd_field_constants_at(gd_game *game, const double *x, const gd_spectrum_options *options,
                                gd_field_constants *constants) {
  GDI_REQUIRE(game && x && constants, "gd_field_constants_at: %s is NULL", !game ? "game" : x ? "constants" : "x");
  gd_spectrum_options own;
  gd_spectrum_options_init(&own);
  if (options) GD_TRY(gdi_sized_read(&own, sizeof own, options, sizeof own, "gd_spectrum_options"));
  if (gd_game_size(game) > own.dense_limit)
    return gdi_fail(GD_ERR_UNSUPPORTED, "gd_field_constants_at: n = %zu is larger than dense_limit = %zu",
                    gd_game_size(game), own.dense_limit);
  workspace w;
  gd_field_constants found = {0};
  gd_status status = prepare(&w, game, x);
  if (status >= 0) status = measure_field(&w, &found);
  release(&w);
  if (status >= 0) *constants = found;
  return status;
}

/* ---- the point ---- */

/* The largest |Im/Re|; eigenvalues of modulus <= zero are no rotation, and a real part that small is none. */
static double largest_ratio(const workspace *w, double zero) {
  double largest = 0;
  for (size_t k = 0; k < w->n; k++) {
    const double re = fabs(w->re[k]), im = fabs(w->im[k]);
    if (hypot(re, im) <= zero) continue;
    largest = fmax(largest, re <= zero ? INFINITY : im / re);
  }
  return largest;
}

static gd_status largest_own_curvature(workspace *w, double *largest) {
  *largest = -INFINITY;
  for (size_t i = 0; i < gd_game_players(w->game); i++) {
    double own;
    GD_TRY(largest_symmetric_eigenvalue(w, gd_game_block_start(w->game, i), gd_game_block_size(w->game, i), &own));
    *largest = fmax(*largest, own);
  }
  return GD_OK;
}

static gd_status look(workspace *w, const double *x, double tolerance, gd_classification *c) {
  double norm;
  GD_TRY(gd_game_gradient(w->game, x, w->re));
  GD_TRY(gd_game_norm(w->game, w->re, &c->gradient_norm));
  GD_TRY(norm_of_jacobian(w, &norm));
  GD_TRY(largest_own_curvature(w, &c->own_curvature));
  GD_TRY(eigenvalues(w, &c->spectral_abscissa));
  const double zero = tolerance * norm;
  c->largest_imag_real_ratio = largest_ratio(w, zero);
  c->stationary = c->gradient_norm <= tolerance;
  c->local_nash = c->stationary && c->own_curvature <= zero;
  c->hurwitz = c->spectral_abscissa < -zero;
  c->stable_nash = c->local_nash && c->hurwitz;
  return GD_OK;
}

gd_status gd_classify(gd_game *game, const double *x, double tolerance, gd_classification *classification) {
  GDI_REQUIRE(game && x && classification, "gd_classify: %s is NULL", !game ? "game" : x ? "classification" : "x");
  GDI_REQUIRE(tolerance > 0 && isfinite(tolerance), "gd_classify: tolerance is %g, expected a positive number",
              tolerance);
  workspace w;
  gd_classification found = {0};
  gd_status status = prepare(&w, game, x);
  if (status >= 0) status = look(&w, x, tolerance, &found);
  release(&w);
  if (status >= 0) *classification = found;
  return status;
}
