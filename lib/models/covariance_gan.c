/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance_gan.c -- a WGAN without biases learns the covariance of Gaussian data (Liang & Stokes 2019, Eq. 10).
 *
 *     theta = V minimises U,  omega = (v, W) maximises U - lambda P;    v(x) = (-U_V, U_omega - lambda P_omega)
 *
 * With H the Hessian of U and D = diag(-I, I), J = D H - lambda P'' and J' = H D - lambda P'', P'' acting on omega
 * alone, because the points of the penalty count as given. */
#include "models/covariance_gan.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "dense/covariance.h"
#include "models/one_by_one.h"

#include <gamedyn/models.h>
#include <math.h>
#include <string.h>

enum { DEFAULT_POINTS = 1024, MOST_POINTS = 1000000, MOST_UNITS = 1 << 24 };

static size_t length_of(const gdi_covariance_gan *gan) { return gan->d * gan->k + gan->h + gan->d * gan->h; }

static gdi_covariance_point point_at(const gdi_covariance_gan *gan, const double *x) {
  const double *v = x + gan->d * gan->k;
  return (gdi_covariance_point){x, v, v + gan->h};
}

static gdi_covariance_parts parts_at(const gdi_covariance_gan *gan, double *x) {
  double *v = x + gan->d * gan->k;
  return (gdi_covariance_parts){x, v, v + gan->h};
}

static void negate(size_t count, double *x) {
  for (size_t k = 0; k < count; k++) x[k] = -x[k];
}

/* Add the gradient of the penalty to the discriminator's part of v. */
static void penalise(const gdi_covariance_gan *gan, const gd_draw *draw, gdi_covariance_point x,
                     gdi_covariance_parts out) {
  if (gan->lambda > 0) gdi_covariance_add_penalty_gradient(gan, draw, -gan->lambda, x, out);
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const gdi_covariance_gan *gan = data;
  const gdi_covariance_parts out = parts_at(gan, v);
  gdi_covariance_gradient(gan, point_at(gan, x), out);
  negate(gan->d * gan->k, v);
  penalise(gan, draw, point_at(gan, x), out);
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  const gdi_covariance_gan *gan = data;
  const gdi_covariance_point at = point_at(gan, x);
  if (player == 0) {
    gdi_covariance_gradient(gan, at, (gdi_covariance_parts){.V = v_i});
    negate(gan->d * gan->k, v_i);
  } else {
    const gdi_covariance_parts out = {.v = v_i, .W = v_i + gan->h};
    gdi_covariance_gradient(gan, at, out);
    penalise(gan, draw, at, out);
  }
  return 0;
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  const gdi_covariance_gan *gan = data;
  const gdi_covariance_point at = point_at(gan, x);
  u[1] = gdi_covariance_value(gan, at);
  u[0] = -u[1];
  if (gan->lambda > 0) u[1] -= gan->lambda * gdi_covariance_penalty(gan, draw, at);
  return 0;
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  const gdi_covariance_gan *gan = data;
  const gdi_covariance_parts out = parts_at(gan, g);
  gdi_covariance_gradient(gan, point_at(gan, x), out);
  if (player == 0)
    negate(length_of(gan), g);
  else
    penalise(gan, draw, point_at(gan, x), out);
  return 0;
}

static void add_curvature(const gdi_covariance_gan *gan, const gd_draw *draw, const double *x, const double *u,
                          double *out) {
  if (gan->lambda > 0)
    gdi_covariance_add_penalty_product(gan, draw, -gan->lambda, point_at(gan, x), point_at(gan, u), parts_at(gan, out));
}

/* The Hessian of U times k directions, the generator's part of each times `generator`. */
static void multiply(const gdi_covariance_gan *gan, const double *x, size_t k, double generator, const double *U,
                     double *out) {
  const gdi_covariance_directions u = {point_at(gan, U), k, length_of(gan), generator};
  gdi_covariance_multiply(gan, point_at(gan, x), u, parts_at(gan, out));
}

static int jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  const gdi_covariance_gan *gan = data;
  const size_t n = length_of(gan);
  multiply(gan, x, k, 1, U, JU);
  for (size_t c = 0; c < k; c++) {
    negate(gan->d * gan->k, JU + c * n);
    add_curvature(gan, draw, x, U + c * n, JU + c * n);
  }
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return jvp_many(data, draw, x, 1, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  multiply(data, x, 1, -1, w, Jtw);
  add_curvature(data, draw, x, w, Jtw);
  return 0;
}

static int gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const gdi_covariance_gan *gan = data;
  return gdi_gradient_one_by_one(&gan->env, length_of(gan), gradient, data, draw, k, X, V);
}

/* V = (L, 0), v = 0, unit vectors in turn for the units. */
static int solution(void *data, double *x) {
  const gdi_covariance_gan *gan = data;
  const gdi_covariance_parts at = parts_at(gan, x);
  memset(x, 0, length_of(gan) * sizeof *x);
  memcpy(at.V, gan->L, gan->d * gan->d * sizeof *gan->L);
  for (size_t i = 0; i < gan->h; i++) at.W[i % gan->d + i * gan->d] = 1;
  return 0;
}

static void destroy(void *data) {
  gdi_covariance_gan *own = data;
  gdi_release(&own->env, own->L);
  gdi_release(&own->env, own->S);
  gdi_destroy(own, offsetof(gdi_covariance_gan, env));
}

static const gd_game_ops covariance_ops = {
    .struct_size = sizeof(gd_game_ops),
    .name = "covariance_gan",
    .destroy = destroy,
    .gradient = gradient,
    .player_gradient = player_gradient,
    .utilities = utilities,
    .utility_gradient = utility_gradient,
    .jvp = jvp,
    .vjp = vjp,
    .jvp_many = jvp_many,
    .gradient_many = gradient_many,
};

static gd_status read_spec(const gd_covariance_gan *callers, gd_covariance_gan *spec) {
  GD_TRY(GDI_SIZED_READ(gd_covariance_gan, spec, callers));
  GDI_REQUIRE(spec->dimension > 0 && spec->dimension <= GDI_COVARIANCE_MOST_DIMENSION,
              "dimension is %zu, expected 1 to %d", spec->dimension, GDI_COVARIANCE_MOST_DIMENSION);
  GDI_REQUIRE(spec->latent > 0 && spec->latent <= GDI_COVARIANCE_MOST_LATENT, "latent is %zu, expected 1 to %d",
              spec->latent, GDI_COVARIANCE_MOST_LATENT);
  GDI_REQUIRE(spec->units > 0 && spec->units <= MOST_UNITS, "units is %zu, expected 1 to %d", spec->units, MOST_UNITS);
  GDI_REQUIRE(spec->penalty >= 0 && isfinite(spec->penalty), "penalty is %g, expected a finite number >= 0",
              spec->penalty);
  if (spec->points == 0) spec->points = DEFAULT_POINTS;
  GDI_REQUIRE(spec->points <= MOST_POINTS, "points is %zu, expected 1 to %d, or 0 for %d", spec->points, MOST_POINTS,
              DEFAULT_POINTS);
  return gdi_covariance_check(spec->dimension, spec->covariance, spec->ldc);
}

static gd_status fill(gdi_covariance_gan *own, const gd_covariance_gan *spec) {
  const size_t d = spec->dimension;
  own->d = d, own->k = spec->latent, own->h = spec->units;
  own->lambda = spec->penalty, own->points = spec->points;
  own->S = gdi_allocate(&own->env, gdi_times(d, d), sizeof *own->S);
  own->L = gdi_allocate(&own->env, gdi_times(d, d), sizeof *own->L);
  if (!own->S || !own->L) return GD_ERR_MEMORY;
  for (size_t j = 0; j < d; j++)
    for (size_t i = 0; i < d; i++)
      own->S[i + j * d] = spec->covariance ? spec->covariance[i + j * spec->ldc] : (double)(i == j);
  return gdi_covariance_factor(d, own->S, d, own->L);
}

gd_status gd_model_covariance_gan(gd_game **game, const gd_covariance_gan *callers, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  gd_covariance_gan spec = {0};
  GD_TRY(read_spec(callers, &spec));
  gd_status status;
  gdi_covariance_gan *own = gdi_create(env, sizeof *own, offsetof(gdi_covariance_gan, env), &status);
  if (!own) return status;
  status = fill(own, &spec);
  if (status < 0) {
    destroy(own);
    return status;
  }
  gd_game_ops ops = covariance_ops;
  const bool penalised = spec.penalty > 0;
  if (!penalised && own->k >= own->d) ops.solution = solution;
  const gd_game_spec made = {.struct_size = sizeof made,
                             .ops = &ops,
                             .data = own,
                             .n_players = 2,
                             .block_sizes = (const size_t[]){own->d * own->k, own->h * (1 + own->d)},
                             .traits = GD_THREAD_SAFE | (penalised ? GD_STOCHASTIC : GD_ZERO_SUM),
                             .env = env};
  return gd_game_create(game, &made); /* destroys `own` if it fails */
}
