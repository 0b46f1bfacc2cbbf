/* SPDX-License-Identifier: BSD-3-Clause */
/* constants.c -- the constants of Liang & Stokes' theorems, from a game's Jacobian.
 *
 * For min over theta, max over omega of U the library's J = [[-A, -C], [C', -B]], with A = U_tt, B = -U_oo, C = U_to:
 *
 *     alpha  = least eigenvalue of diag(A^2, B^2)         from the eigenvalues of A and B, both to be >= 0
 *     beta   = greatest eigenvalue of M M', M = -J        |J|_2^2
 *     lambda = extreme eigenvalues of C C'                squares of the singular values of C
 *
 * J is assembled once for each point; constants_large.c uses products if it cannot be.  Over a ball the worst of
 * sampled points is taken.  The true constants are at least as bad: it is a lower estimate of beta and lambda_max, and
 * an upper one of alpha and lambda_min. */
#include "theory/constants.h"
#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"

#include <float.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

typedef struct workspace {
  gd_linearisation *at;
  size_t n, p, q;
  double doubt;    /* entries of J below doubt |J| may be zeros */
  const double *J; /* [n by n]; NULL by products */
  double *block;   /* [n by n], room for A, B and C in turn */
  double *values;  /* [n] */
} workspace;

static gd_status prepare(workspace *w, gd_linearisation *at, double *values) {
  const size_t n = at->n;
  *w = (workspace){.at = at, .n = n, .values = values};
  w->p = gd_game_block_size(at->game, 0), w->q = gd_game_block_size(at->game, 1);
  w->doubt = gdi_linearisation_doubt(at);
  if (!at->dense) return gdi_linearisation_check_products(at, "gd_game_constants_compute");
  GD_TRY(gd_linearisation_matrix(at, &w->J));
  w->block = gdi_scratch_matrix(at, 1);
  return w->block ? GD_OK : GD_ERR_MEMORY;
}

/* block = the rows by columns block of J from (row, column) on. */
static void copy_block(workspace *w, size_t row, size_t column, size_t rows, size_t columns) {
  for (size_t j = 0; j < columns; j++)
    memcpy(w->block + j * rows, w->J + row + (column + j) * w->n, rows * sizeof *w->block);
}

/* The least eigenvalue of -J_ii, made symmetric, and its largest entry. */
static gd_status own_block(workspace *w, size_t start, size_t side, double *least, double *largest_entry) {
  copy_block(w, start, start, side, side);
  for (size_t j = 0; j < side; j++)
    for (size_t i = j; i < side; i++) {
      double *entry = &w->block[i + j * side];
      *entry = -0.5 * *entry - 0.5 * w->block[j + i * side];
      *largest_entry = fmax(*largest_entry, fabs(*entry));
    }
  GD_TRY(gdi_eigen_symmetric(&w->at->env, side, w->block, side, false, w->values));
  *least = w->values[0];
  return GD_OK;
}

double gdi_square_root_of_alpha(double a, double b, double rounding) {
  const double least = fmin(a, b);
  return least > rounding ? least : least >= -rounding ? 0 : NAN;
}

static gd_status interaction(workspace *w, gd_game_constants *constants) {
  const size_t least = w->p < w->q ? w->p : w->q, most = w->p < w->q ? w->q : w->p;
  copy_block(w, w->p, 0, w->q, w->p); /* C' */
  GD_TRY(gdi_singular_values(&w->at->env, w->q, w->p, w->block, w->q, w->values, NULL, NULL));
  const double largest = w->values[0], rounding = fmax((double)most * DBL_EPSILON, w->doubt) * largest;
  constants->rank = 0;
  while (constants->rank < least && w->values[constants->rank] > rounding) constants->rank++;
  const double smallest = constants->rank > 0 ? w->values[constants->rank - 1] : 0;
  constants->lambda_max = largest * largest;
  constants->lambda_min_nonzero = smallest * smallest;
  constants->lambda_min = constants->rank == most ? smallest * smallest : 0;
  return GD_OK;
}

/* All constants at a point, exactly; values [n] is scratch. */
static gd_status at_point(gd_linearisation *at, double *values, gd_game_constants *constants) {
  workspace w;
  double a, b, norm, entry = 0;
  GD_TRY(prepare(&w, at, values));
  if (!at->dense) return gdi_constants_by_products(at, constants);
  GD_TRY(gd_linearisation_norm(at, &norm));
  GD_TRY(own_block(&w, 0, w.p, &a, &entry));
  GD_TRY(own_block(&w, w.p, w.q, &b, &entry));
  const double root = gdi_square_root_of_alpha(a, b, fmax((double)w.n * DBL_EPSILON, w.doubt) * norm);
  *constants = (gd_game_constants){.alpha = root * root, .beta = isnan(root) ? NAN : norm * norm};
  constants->flat = entry <= w.doubt * norm;
  return interaction(&w, constants);
}

/* Copy the members of `other` that are worse to `worst`; NaN is worst. */
static void keep_worst(gd_game_constants *worst, const gd_game_constants *other) {
  if (isnan(other->alpha) || isnan(worst->alpha)) {
    worst->alpha = worst->beta = NAN;
  } else {
    worst->alpha = fmin(worst->alpha, other->alpha);
    worst->beta = fmax(worst->beta, other->beta);
  }
  worst->lambda_min = fmin(worst->lambda_min, other->lambda_min);
  worst->lambda_max = fmax(worst->lambda_max, other->lambda_max);
  worst->lambda_min_nonzero = fmin(worst->lambda_min_nonzero, other->lambda_min_nonzero);
  if (other->rank < worst->rank) worst->rank = other->rank;
  worst->flat = worst->flat && other->flat;
}

/* point = a random point of the ball, uniform in volume: a normal direction, and radius u^(1/n). */
static void random_point(size_t n, const double *x, double radius, gd_rng *rng, double *point) {
  double u;
  gd_rng_fill_normal(rng, n, point);
  gd_rng_fill_uniform(rng, 1, &u);
  const double length = radius * pow(u, 1 / (double)n) / gdi_vector_norm(n, point);
  for (size_t k = 0; k < n; k++) point[k] = x[k] + length * point[k];
}

static gd_status at_sample(gd_linearisation *centre, const double *point, double *values, gd_game_constants *here) {
  gd_linearisation *there = NULL;
  GD_TRY(gd_linearise(&there, centre->game, point, &centre->solver));
  const gd_status status = at_point(there, values, here);
  gd_linearisation_destroy(there);
  return status;
}

static gd_status over_ball(gd_linearisation *centre, double radius, size_t samples, uint64_t seed, double *room,
                           gd_game_constants *worst) {
  const gd_rng parent = gd_rng_make(seed, 0);
  double *values = room, *point = room + centre->n;
  gd_status caveat = at_point(centre, values, worst);
  for (size_t k = 0; k < samples && caveat >= 0; k++) {
    gd_game_constants here;
    gd_rng rng = gd_rng_split(&parent, k);
    random_point(centre->n, centre->x, radius, &rng, point);
    const gd_status status = at_sample(centre, point, values, &here);
    if (status < 0) return status;
    if (status > 0) caveat = status;
    keep_worst(worst, &here);
  }
  worst->estimated = true;
  return caveat;
}

static gd_status check(const gd_linearisation *at, double radius, size_t samples) {
  GD_TRY(gdi_linearisation_check(at, "gd_game_constants_compute"));
  const gd_game *game = at->game;
  GDI_REQUIRE(radius >= 0 && isfinite(radius), "gd_game_constants_compute: radius is %g, expected a finite number >= 0",
              radius);
  if (gd_game_players(game) != 2)
    return gdi_fail(GD_ERR_HYPOTHESIS, "Liang & Stokes 2019 need two players; \"%s\" has %zu", gd_game_name(game),
                    gd_game_players(game));
  if (!(gd_game_traits(game) & GD_ZERO_SUM))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Liang & Stokes 2019 need a zero-sum game; \"%s\" lacks GD_ZERO_SUM",
                    gd_game_name(game));
  if (gd_game_projects(game))
    return gdi_fail(GD_ERR_HYPOTHESIS, "Liang & Stokes 2019 need a game without a feasible set; \"%s\" has one",
                    gd_game_name(game));
  GDI_REQUIRE(radius == 0 || samples > 0 || (gd_game_traits(game) & GD_AFFINE),
              "gd_game_constants_compute: samples is 0, expected at least 1 for a ball of radius %g", radius);
  return GD_OK;
}

gd_status gd_game_constants_compute(gd_linearisation *linearisation, double radius, size_t samples, uint64_t seed,
                                    gd_game_constants *constants) {
  GDI_REQUIRE(constants, "gd_game_constants_compute: constants is NULL");
  GD_TRY(check(linearisation, radius, samples));
  gd_linearisation *at = linearisation;
  const bool affine = gd_game_traits(at->game) & GD_AFFINE, exact = radius == 0 || affine;
  gd_game_constants found;
  double *room = gdi_allocate(&at->env, 2 * at->n, sizeof *room);
  if (!room) return GD_ERR_MEMORY;
  const gd_status status = exact ? at_point(at, room, &found) : over_ball(at, radius, samples, seed, room, &found);
  gdi_release(&at->env, room);
  if (status < 0) return status;
  /* J is constant on an affine game, so a block that is 0 at one point is 0 everywhere */
  found.bilinear = found.flat && affine;
  found.radius = affine ? INFINITY : radius;
  found.gradient_norm = at->gradient_norm;
  *constants = found;
  return status;
}
