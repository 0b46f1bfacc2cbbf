/* SPDX-License-Identifier: BSD-3-Clause */
/* linearisation.c -- a game at a point: creation and destruction, the point, the Jacobian.
 *
 * This file decides whether J is a matrix, once for everything that uses it.  Quantities that follow from J are in
 * linearisation_values.c and linearisation_ends.c. */
#include "theory/linearisation.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "game/interior.h"
#include "game/limits.h"
#include "kernels/vector.h"
#include "linear/operator.h"

#include <string.h>

enum { DENSE_BLOCK = 100 }; /* if J is known by products, blocks up to this size are assembled */

/* ---- create and destroy ---- */

void gd_linearisation_destroy(gd_linearisation *at) {
  if (!at) return;
  gd_spectrum_destroy(at->modes);
  gd_spectrum_destroy(at->values);
  gd_operator_destroy(at->J);
  if (at->has_svd) gdi_svd_destroy(&at->env, &at->svd);
  gdi_release(&at->env, at->conditions);
  gdi_release(&at->env, at->symmetric);
  gdi_release(&at->env, at->singular);
  for (size_t k = 0; k < GDI_SCRATCH_MATRICES; k++) gdi_release(&at->env, at->scratch[k]);
  gdi_release(&at->env, at->matrix);
  gdi_release(&at->env, at->x);
  gdi_destroy(at, offsetof(gd_linearisation, env));
}

static gd_status fill(gd_linearisation *at, gd_game *game, const double *x) {
  const size_t n = gd_game_size(game);
  at->game = game;
  at->n = n;
  at->dense = gdi_game_may_be_dense(game) && n <= at->solver.dense_limit;
  if (!at->dense) at->solver.dense_limit = n <= DENSE_BLOCK ? n - 1 : DENSE_BLOCK;
  at->x = gdi_allocate(&at->env, 2 * n, sizeof *at->x);
  if (!at->x) return GD_ERR_MEMORY;
  at->v = at->x + n;
  memcpy(at->x, x, n * sizeof *x);
  at->has_draw = gd_game_get_draw(game, &at->draw);
  GD_TRY(gd_game_gradient(game, x, at->v));
  at->gradient_norm = gdi_vector_norm(n, at->v);
  return gd_operator_jacobian(&at->J, game, x);
}

gd_status gd_linearise(gd_linearisation **linearisation, gd_game *game, const double *x,
                       const gd_spectrum_options *options) {
  GDI_REQUIRE(linearisation && game && x, "gd_linearise: %s is NULL",
              !linearisation ? "linearisation"
              : game         ? "x"
                             : "game");
  gd_spectrum_options solver;
  gd_spectrum_options_init(&solver);
  if (options) GD_TRY(GDI_SIZED_READ(gd_spectrum_options, &solver, options));
  GD_TRY(gdi_game_check_whole(game, "gd_linearise"));
  GD_TRY(gdi_game_check_point(game, x, "gd_linearise"));
  gd_status status;
  gd_linearisation *at = gdi_create(gd_game_env(game), sizeof *at, offsetof(gd_linearisation, env), &status);
  if (!at) return status;
  at->solver = solver;
  status = fill(at, game, x);
  if (status < 0)
    gd_linearisation_destroy(at);
  else
    *linearisation = at;
  return status;
}

gd_status gd_linearise_spectrum(gd_linearisation **linearisation, const gd_spectrum *spectrum, const gd_env *env) {
  GDI_REQUIRE(linearisation && spectrum, "gd_linearise_spectrum: %s is NULL",
              linearisation ? "spectrum" : "linearisation");
  gd_status status;
  gd_linearisation *at = gdi_create(env, sizeof *at, offsetof(gd_linearisation, env), &status);
  if (!at) return status;
  at->given = spectrum;
  *linearisation = at;
  return GD_OK;
}

gdi_draw_before gdi_linearisation_enter_draw(gd_linearisation *at) {
  gdi_draw_before before = {0};
  before.has_draw = gd_game_get_draw(at->game, &before.draw);
  gd_game_set_draw(at->game, at->has_draw ? &at->draw : NULL);
  return before;
}

void gdi_linearisation_leave_draw(gd_linearisation *at, const gdi_draw_before *before) {
  gd_game_set_draw(at->game, before->has_draw ? &before->draw : NULL);
}

/* ---- checks ---- */

gd_status gdi_linearisation_check(const gd_linearisation *at, const char *what) {
  GDI_REQUIRE(at, "%s: linearisation is NULL", what);
  if (at->game) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED, "%s: only eigenvalues are known here, expected a game at a point (gd_linearise)",
                  what);
}

gd_status gdi_linearisation_check_interior(const gd_linearisation *at, const char *what) {
  GD_TRY(gdi_linearisation_check(at, what));
  return gdi_game_check_interior(at->game, at->x, what);
}

gd_status gdi_linearisation_check_dense(const gd_linearisation *at, const char *what) {
  GD_TRY(gdi_linearisation_check_interior(at, what));
  if (at->dense) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED, "%s: the game \"%s\" has %zu variables, more than dense_limit = %zu", what,
                  gd_game_name(at->game), at->n, at->solver.dense_limit);
}

gd_status gdi_linearisation_check_products(const gd_linearisation *at, const char *what) {
  if (at->dense || gd_game_source(at->game, GD_VJP) != GD_SOURCE_NONE) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED, "%s: the game \"%s\" is larger than dense_limit and has no transposed product",
                  what, gd_game_name(at->game));
}

/* ---- read ---- */

gd_game *gd_linearisation_game(const gd_linearisation *at) { return at ? at->game : NULL; }

size_t gd_linearisation_size(const gd_linearisation *at) {
  return !at ? 0 : at->given ? gd_spectrum_count(at->given) : at->n;
}

const double *gd_linearisation_point(const gd_linearisation *at) { return at ? at->x : NULL; }

const double *gd_linearisation_gradient(const gd_linearisation *at) { return at ? at->v : NULL; }

double gd_linearisation_gradient_norm(const gd_linearisation *at) { return at ? at->gradient_norm : 0; }

bool gd_linearisation_is_dense(const gd_linearisation *at) { return at && at->dense; }

gd_operator *gd_linearisation_operator(const gd_linearisation *at) { return at ? at->J : NULL; }

double gdi_linearisation_doubt(const gd_linearisation *at) { return gdi_operator_doubt(at->J); }

gd_status gd_linearisation_matrix(gd_linearisation *at, const double **J) {
  GDI_REQUIRE(at && J, "gd_linearisation_matrix: %s is NULL", at ? "J" : "linearisation");
  GD_TRY(gdi_linearisation_check(at, "gd_linearisation_matrix"));
  if (!at->dense)
    return gdi_fail(GD_ERR_UNSUPPORTED,
                    "gd_linearisation_matrix: %zu variables are too many for a matrix, see dense_limit", at->n);
  if (!at->matrix) {
    double *matrix = gdi_allocate(&at->env, gdi_times(at->n, at->n), sizeof *matrix);
    if (!matrix) return GD_ERR_MEMORY;
    const gd_status status = gdi_operator_assemble_finite(at->J, matrix);
    if (status < 0) {
      gdi_release(&at->env, matrix);
      return status;
    }
    at->matrix = matrix;
    gdi_operator_keep(at->J, matrix);
  }
  *J = at->matrix;
  return GD_OK;
}

double *gdi_scratch_matrix(gd_linearisation *at, size_t index) {
  if (!at->scratch[index])
    at->scratch[index] = gdi_allocate(&at->env, gdi_times(at->n, at->n), sizeof *at->scratch[index]);
  return at->scratch[index];
}
