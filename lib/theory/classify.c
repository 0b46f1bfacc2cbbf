/* SPDX-License-Identifier: BSD-3-Clause */
/* classify.c -- the kind of a point: chooses between the two classifications, and completes their results. */
#include "theory/classify.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "kernels/vector.h"
#include "theory/resolution.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

void gd_classify_options_init_sized(gd_classify_options *options, size_t size) {
  const gd_classify_options defaults = {
      .struct_size = sizeof defaults, .gradient_tolerance = 1e-8, .eigenvalue_tolerance = 1e-8};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

bool gdi_classify_has_leaders(const gd_game *game) {
  return gd_game_players(game) == 2 && (gd_game_traits(game) & GD_ZERO_SUM);
}

int gdi_classify_either(const int holds[2]) {
  if (holds[0] == GD_HOLDS_STRICTLY || holds[1] == GD_HOLDS_STRICTLY) return GD_HOLDS_STRICTLY;
  return holds[0] == GD_HOLDS_NOT && holds[1] == GD_HOLDS_NOT ? GD_HOLDS_NOT : GD_HOLDS_UNDECIDED;
}

/* The error of an affine v is its rounding; other noise is not measured. */
static gd_status measure_with(gdi_noise *noise, const gd_linearisation *at, double norm, gd_classification *c) {
  double seen = 4 * DBL_EPSILON * (c->gradient_norm + c->gradient_scale);
  if (!(gd_game_traits(at->game) & GD_AFFINE)) GD_TRY(gdi_noise_of_gradient(noise, at->x, at->v, 1, NULL, &seen));
  c->gradient_resolution = GDI_RESOLUTION_FACTOR * seen;
  return gdi_noise_of_jacobian(noise, at->x, seen, norm, &c->jacobian_resolution);
}

gd_status gdi_classify_measure(gd_linearisation *at, double norm, const gd_classify_options *options,
                               gd_classification *c) {
  gdi_noise noise;
  c->gradient_scale = norm * fmax(1, gdi_vector_norm(at->n, at->x));
  gd_status status = gdi_noise_create(&noise, &at->env, at->game);
  if (status >= 0) status = measure_with(&noise, at, norm, c);
  c->at_rest = c->gradient_norm <= c->gradient_resolution;
  c->stationary = c->at_rest || c->gradient_norm <= options->gradient_tolerance * c->gradient_scale;
  gdi_noise_destroy(&noise);
  return status;
}

static gd_status change_of_products(gd_linearisation *at, const double *point, double *room, double *change) {
  const size_t n = at->n;
  double *u = room, *here = room + n, *there = here + n;
  for (uint64_t k = 0; k < 3; k++) {
    gd_rng rng = gd_rng_make(k, 0x6368616e6765);
    gd_rng_fill_normal(&rng, n, u);
    GD_TRY(gd_game_jvp(at->game, at->x, u, here));
    GD_TRY(gd_game_jvp(at->game, point, u, there));
    *change = fmax(*change, sqrt((double)n) * gdi_vector_distance(n, here, there) / gdi_vector_norm(n, u));
  }
  return GD_OK;
}

gd_status gdi_classify_change(gd_linearisation *at, const double *point, double norm, double *change) {
  *change = norm;
  if (!gdi_vector_is_finite(at->n, point)) return GD_OK;
  double *room = gdi_allocate(&at->env, 3 * at->n, sizeof *room), found = 0;
  const gd_status status = room ? change_of_products(at, point, room, &found) : GD_ERR_MEMORY;
  if (status >= 0) *change = found;
  gdi_release(&at->env, room);
  return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE ? GD_OK : status;
}

/* ---- what follows ---- */

static gd_point_kind attractor_kind(const gd_classification *c) {
  if (c->nash == GD_HOLDS_STRICTLY) return GD_POINT_STABLE_NASH;
  return c->nash == GD_HOLDS_NOT && c->minimax == GD_HOLDS_STRICTLY ? GD_POINT_LOCAL_MINIMAX : GD_POINT_ATTRACTOR;
}

static void conclude(const gd_game *game, gd_classification *c) {
  if (!c->stationary) {
    c->kind = GD_POINT_NOT_STATIONARY;
    c->nash = c->minimax = GD_HOLDS_NOT;
    c->attracts = false;
    c->undecided = 0;
    return;
  }
  if (c->attracts) c->kind = attractor_kind(c);
  c->stable_nash = c->hurwitz && c->nash == GD_HOLDS_STRICTLY;
  if (c->nash == GD_HOLDS_UNDECIDED) c->undecided |= GD_UNDECIDED_NASH;
  if (gdi_classify_has_leaders(game) && c->minimax == GD_HOLDS_UNDECIDED && c->nash == GD_HOLDS_NOT)
    c->undecided |= GD_UNDECIDED_MINIMAX;
}

/* ---- arguments ---- */

static gd_status read_options(gd_classify_options *own, const gd_classify_options *options) {
  gd_classify_options_init(own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_classify_options, own, options));
  GDI_REQUIRE(own->gradient_tolerance >= 0 && isfinite(own->gradient_tolerance),
              "gd_classify: gradient_tolerance is %g, expected a finite number >= 0", own->gradient_tolerance);
  GDI_REQUIRE(own->eigenvalue_tolerance >= 0 && isfinite(own->eigenvalue_tolerance),
              "gd_classify: eigenvalue_tolerance is %g, expected a finite number >= 0", own->eigenvalue_tolerance);
  return GD_OK;
}

static gd_status classify(gd_linearisation *at, const gd_classify_options *options, gd_classification *c) {
  const gdi_draw_before before = gdi_linearisation_enter_draw(at);
  const gd_status status = (at->dense ? gdi_classify_densely : gdi_classify_by_products)(at, options, c);
  gdi_linearisation_leave_draw(at, &before);
  return status;
}

gd_status gd_classify(gd_linearisation *linearisation, const gd_classify_options *options,
                      gd_classification *classification) {
  GDI_REQUIRE(linearisation && classification, "gd_classify: %s is NULL",
              linearisation ? "classification" : "linearisation");
  gd_linearisation *at = linearisation;
  gd_classify_options own;
  GD_TRY(read_options(&own, options));
  GD_TRY(gdi_linearisation_check_interior(at, "gd_classify"));
  GD_TRY(gdi_linearisation_check_products(at, "gd_classify"));
  gd_classification found = {.gradient_norm = at->gradient_norm,
                             .leader_curvature = {NAN, NAN},
                             .manifold_residual = NAN,
                             .spectral_abscissa = NAN,
                             .largest_imag_real_ratio = NAN,
                             .n_still = at->dense ? 0 : GD_UNKNOWN_COUNT};
  GD_TRY(classify(at, &own, &found));
  conclude(at->game, &found);
  *classification = found;
  return GD_OK;
}
