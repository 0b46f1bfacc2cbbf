/* SPDX-License-Identifier: BSD-3-Clause */
/* lq_gan.c -- the linear-quadratic GAN: Gaussian data, affine generator, quadratic discriminator.
 *
 * D(y) = y'Wy + w'y, G(z) = A z + b with z standard normal, data normal with a mean and a covariance S.  Nagarajan &
 * Kolter 2017, appendices D and E; x = (W, w, A, b), the discriminator first.  The equilibria are W + W' = 0, w = 0,
 * AA' = S, b = the mean; lower triangular W and A, of which only that triangle is stored, leave one up to the signs of
 * A's columns.
 *
 * The normal distribution is replaced by points z_k with weights.  For straight losses only expectations of
 * quadratic polynomials occur, which the 2 d points +-sqrt(d) e_i give exactly.  For others they are Gauss-Hermite's, a
 * tensor product: exact at the equilibrium, where v and J average polynomials of degree 4 at most, and elsewhere ever
 * better with their number.  The data are images of the same points under b = mean and A = the Cholesky factor of S,
 * so that v vanishes at the equilibrium but for rounding. */
#include "models/lq_gan.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "dense/covariance.h"
#include "models/one_by_one.h"
#include "models/quadrature.h"

#include <math.h>
#include <string.h>

#define MOST_POINTS 1000000
#define DEFAULT_NODES 24
#define LEAST_NODES 3 /* exact to degree 5, as the equilibrium needs */
#define MOST_NODES 100

static double *entry(gdi_lq_shape shape, double *p, size_t row, size_t column) {
  return p + row + column * shape.d - (shape.triangular ? column * (column + 1) / 2 : 0);
}

/* Compute the lower factor of S as the equilibrium's A; the memory for the data, at least d points, is scratch. */
static gd_status factor(gdi_lq_gan *own, const double *S, size_t lds) {
  const size_t d = own->shape.d;
  double *L = own->y;
  GD_TRY(gdi_covariance_factor(d, S, lds, L));
  for (size_t j = 0; j < d; j++)
    for (size_t i = j; i < d; i++) *entry(own->shape, own->equilibrium, i, j) = L[i + j * d];
  return GD_OK;
}

/* The 2 d points +-sqrt(d) e_i */
static void fill_axes(gdi_lq_gan *own) {
  const size_t d = own->shape.d;
  for (size_t k = 0; k < own->count; k++) {
    own->z[k * d + k / 2] = (k % 2 ? -1 : 1) * sqrt((double)d);
    own->weights[k] = 1 / (double)own->count;
  }
}

/* All d-tuples of the rule's nodes. */
static gd_status fill_grid(gdi_lq_gan *own, size_t nodes) {
  double at[MOST_NODES], weights[MOST_NODES];
  GD_TRY(gdi_gauss_hermite(&own->env, nodes, at, weights));
  for (size_t k = 0; k < own->count; k++) {
    own->weights[k] = 1;
    for (size_t i = 0, rest = k; i < own->shape.d; i++, rest /= nodes) {
      own->z[k * own->shape.d + i] = at[rest % nodes];
      own->weights[k] *= weights[rest % nodes];
    }
  }
  return GD_OK;
}

static gd_status count_grid(size_t dimension, size_t nodes, size_t *count) {
  GDI_REQUIRE(nodes >= LEAST_NODES && nodes <= MOST_NODES, "nodes is %zu, expected %d to %d, or 0 for %d", nodes,
              LEAST_NODES, MOST_NODES, DEFAULT_NODES);
  *count = 1;
  for (size_t i = 0; i < dimension; i++) {
    GDI_REQUIRE(*count <= MOST_POINTS / nodes, "%zu nodes in each of %zu dimensions are more than %d points", nodes,
                dimension, MOST_POINTS);
    *count *= nodes;
  }
  return GD_OK;
}

static gd_status allocate(gdi_lq_gan *own) {
  const size_t d = own->shape.d;
  own->z = gdi_allocate(&own->env, own->count, d * sizeof *own->z);
  own->y = gdi_allocate(&own->env, own->count, d * sizeof *own->y);
  own->weights = gdi_allocate(&own->env, own->count, sizeof *own->weights);
  own->equilibrium = gdi_allocate(&own->env, gdi_lq_length(own->shape), sizeof *own->equilibrium);
  return own->z && own->y && own->weights && own->equilibrium ? GD_OK : GD_ERR_MEMORY;
}

static gd_status fill(gdi_lq_gan *own, const gd_lq_gan *spec) {
  const size_t d = spec->dimension;
  const bool straight = own->loss.f->is_line && own->loss.g->is_line;
  const size_t nodes = spec->nodes ? spec->nodes : DEFAULT_NODES;
  own->count = 2 * d;
  if (!straight) GD_TRY(count_grid(d, nodes, &own->count));
  GD_TRY(allocate(own));
  GD_TRY(factor(own, spec->covariance, spec->ldc));
  if (spec->mean) memcpy(own->equilibrium + gdi_lq_entries(own->shape), spec->mean, d * sizeof *spec->mean);
  if (straight)
    fill_axes(own);
  else
    GD_TRY(fill_grid(own, nodes));
  for (size_t k = 0; k < own->count; k++) gdi_lq_image(own->shape, own->equilibrium, own->z + k * d, own->y + k * d);
  return GD_OK;
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const gdi_lq_gan *own = data;
  return gdi_gradient_one_by_one(&own->env, 2 * gdi_lq_length(own->shape), gdi_lq_gradient, data, draw, k, X, V);
}

static int solution(void *data, double *x) {
  const gdi_lq_gan *own = data;
  const size_t block = gdi_lq_length(own->shape);
  memset(x, 0, block * sizeof *x);
  memcpy(x + block, own->equilibrium, block * sizeof *x);
  return 0;
}

static void destroy(void *data) {
  gdi_lq_gan *own = data;
  gdi_release(&own->env, own->z);
  gdi_release(&own->env, own->y);
  gdi_release(&own->env, own->weights);
  gdi_release(&own->env, own->equilibrium);
  gdi_destroy(own, offsetof(gdi_lq_gan, env));
}

static const gd_game_ops lq_ops = {
    .struct_size = sizeof(gd_game_ops),
    .name = "lq_gan",
    .destroy = destroy,
    .gradient = gdi_lq_gradient,
    .player_gradient = gdi_lq_player_gradient,
    .utilities = gdi_lq_utilities,
    .utility_gradient = gdi_lq_utility_gradient,
    .jvp = gdi_lq_jvp,
    .vjp = gdi_lq_vjp,
    .jvp_many = gdi_lq_jvp_many,
    .gradient_many = gradient_many,
    .solution = solution,
};

static gd_status read_spec(const gd_lq_gan *callers, gd_lq_gan *spec, gdi_gan_loss *loss) {
  GD_TRY(GDI_SIZED_READ(gd_lq_gan, spec, callers));
  const size_t d = spec->dimension;
  GDI_REQUIRE(d > 0 && d <= GDI_LQ_MOST_DIMENSION, "dimension is %zu, expected 1 to %d", d, GDI_LQ_MOST_DIMENSION);
  GD_TRY(gdi_gan_loss_find(spec->loss, loss));
  for (size_t i = 0; spec->mean && i < d; i++)
    if (!isfinite(spec->mean[i]))
      return gdi_fail(GD_ERR_NONFINITE, "mean[%zu] is %g, expected a finite number", i, spec->mean[i]);
  return gdi_covariance_check(d, spec->covariance, spec->ldc);
}

gd_status gd_model_lq_gan(gd_game **game, const gd_lq_gan *callers, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  gd_lq_gan spec = {0};
  gdi_gan_loss loss;
  GD_TRY(read_spec(callers, &spec, &loss));
  gd_status status;
  gdi_lq_gan *own = gdi_create(env, sizeof *own, offsetof(gdi_lq_gan, env), &status);
  if (!own) return status;
  own->shape = (gdi_lq_shape){spec.dimension, spec.triangular};
  own->loss = loss;
  status = fill(own, &spec);
  if (status < 0) {
    destroy(own);
    return status;
  }
  const size_t block = gdi_lq_length(own->shape);
  const gd_game_spec made = {.struct_size = sizeof made,
                             .ops = &lq_ops,
                             .data = own,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){block, block},
                             .traits = GD_THREAD_SAFE | (gdi_gan_loss_is_zero_sum(&loss) ? GD_ZERO_SUM : 0),
                             .env = env};
  return gd_game_create(game, &made); /* destroys `own` if it fails */
}
