/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- a random game of each kind, from a seed.
 *
 * Matrices are D + E with D diagonal, its entries uniform on [1, 2], and E dense, its entries
 * uniform on [-1, 1] / (2 n): rows and columns of |E| add up to at most 1/2, so |E|_2 <= 1/2, and
 *     C has singular values between 1/2 and 5/2, at every size and seed,
 *     A and B, with E symmetric, have eigenvalues in the same range, and so have covariances,
 *     J = K - D + E, K skew, has a symmetric part below -1/2, so it is Hurwitz. */
#include "base/error.h"
#include "base/memory.h"
#include "base/sizes.h"

#include <gamedyn/catalog.h>
#include <gamedyn/gmm_gan.h>
#include <gamedyn/models.h>
#include <gamedyn/rng.h>
#include <gamedyn/sparse.h>
#include <math.h>
#include <string.h>

#define AFFINE_PLAYERS 3
#define MOST_SIZE 1000000 /* far beyond any memory, and products of sizes do not overflow */

/* M += scale U, entries of U uniform on [-1, 1]; M [n by n] */
static void add_uniform(gd_rng *rng, size_t n, double scale, double *M) {
  for (size_t k = 0; k < n * n; k++) {
    double unit;
    gd_rng_fill_uniform(rng, 1, &unit);
    M[k] += scale * (2 * unit - 1);
  }
}

static void add_diagonal(gd_rng *rng, size_t n, double scale, double *M) {
  for (size_t k = 0; k < n; k++) {
    double unit;
    gd_rng_fill_uniform(rng, 1, &unit);
    M[k + k * n] += scale * (1 + unit);
  }
}

/* The upper triangle becomes sign times the lower one. */
static void mirror(size_t n, double sign, double *M) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < j; i++) M[i + j * n] = sign * M[j + i * n];
}

static void fill_general(uint64_t seed, uint64_t stream, size_t n, double *C) {
  gd_rng rng = gd_rng_make(seed, stream);
  add_uniform(&rng, n, 0.5 / (double)n, C);
  add_diagonal(&rng, n, 1, C);
}

static void fill_symmetric(uint64_t seed, uint64_t stream, size_t n, double *A) {
  gd_rng rng = gd_rng_make(seed, stream);
  add_uniform(&rng, n, 0.5 / (double)n, A);
  mirror(n, 1, A);
  add_diagonal(&rng, n, 1, A);
}

/* The checks at the beginning of every create_random. */
static gd_status begin(gd_game **game, size_t size, const gd_env *env, gdi_env *own) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  GDI_REQUIRE(size > 0 && size <= MOST_SIZE, "size is %zu, expected 1 to %d", size, MOST_SIZE);
  return gdi_env_copy(own, env);
}

static gd_status random_bilinear(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  GD_TRY(begin(game, size, env, &own));
  double *C = gdi_allocate(&own, gdi_times(size, size), sizeof *C);
  if (!C) return GD_ERR_MEMORY;
  fill_general(seed, 0, size, C);
  const gd_status status = gd_model_bilinear(game, size, size, C, size, env);
  gdi_release(&own, C);
  return status;
}

static gd_status random_quadratic(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  GD_TRY(begin(game, size, env, &own));
  const size_t entries = size * size;
  double *A = gdi_allocate(&own, 3 * entries, sizeof *A), *B, *C;
  if (!A) return GD_ERR_MEMORY;
  B = A + entries, C = B + entries;
  fill_symmetric(seed, 1, size, A);
  fill_symmetric(seed, 2, size, B);
  fill_general(seed, 3, size, C);
  const gd_status status = gd_model_quadratic(game, size, size, A, size, B, size, C, size, env);
  gdi_release(&own, A);
  return status;
}

/* K couples different players only, and E within a player is made symmetric, so utilities exist. */
static void fill_hurwitz(uint64_t seed, size_t size, double *J, double *b) {
  const size_t n = AFFINE_PLAYERS * size;
  gd_rng rng = gd_rng_make(seed, 4);
  add_uniform(&rng, n, 1 / sqrt((double)n), J);
  mirror(n, -1, J);
  for (size_t j = 0; j < n; j++)
    for (size_t i = j / size * size; i < (j / size + 1) * size; i++) J[i + j * n] = 0;
  add_uniform(&rng, n, 0.5 / (double)n, J);
  for (size_t j = 0; j < n; j++)
    for (size_t i = j / size * size; i < j; i++) J[i + j * n] = J[j + i * n];
  add_diagonal(&rng, n, -1, J);
  gd_rng_fill_normal(&rng, n, b);
}

static gd_status random_affine(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  GD_TRY(begin(game, size, env, &own));
  const size_t n = AFFINE_PLAYERS * size, sizes[AFFINE_PLAYERS] = {size, size, size};
  double *J = gdi_allocate(&own, gdi_times(n, n + 1), sizeof *J);
  if (!J) return GD_ERR_MEMORY;
  fill_hurwitz(seed, size, J, J + n * n);
  const gd_status status = gd_model_affine(game, AFFINE_PLAYERS, sizes, J, n, J + n * n, env);
  gdi_release(&own, J);
  return status;
}

static gd_status random_dirac_gan(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  (void)seed;
  GD_TRY(begin(game, size, env, &own));
  return gd_model_dirac_gan(game, size, GD_GAN_LOGISTIC, env);
}

static gd_status random_nk_planar(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  (void)seed;
  GD_TRY(begin(game, size, env, &own));
  return gd_model_nk_planar(game, GD_GAN_LOGISTIC, env);
}

/* The paper's sizes, with GD_CLOSING_SIGNED, which is smooth, and a random target. */
static gd_status random_gmm_gan(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  GD_TRY(begin(game, size, env, &own));
  double means[2];
  gd_rng rng = gd_rng_make(seed, 5);
  gd_rng_fill_normal(&rng, 2, means);
  const gd_mixture target = {.struct_size = sizeof target, .count = 2, .means = means};
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  gan.target = &target;
  gan.collapse = GD_COLLAPSE_SIGNED;
  return gd_model_gmm_gan(game, &gan, env);
}

static gd_status random_lq_gan(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  GD_TRY(begin(game, size, env, &own));
  double *S = gdi_allocate(&own, gdi_times(size, size + 1), sizeof *S);
  if (!S) return GD_ERR_MEMORY;
  double *mean = S + size * size;
  gd_rng rng = gd_rng_make(seed, 6);
  gd_rng_fill_normal(&rng, size, mean);
  fill_symmetric(seed, 7, size, S);
  const gd_lq_gan spec = {.struct_size = sizeof spec,
                          .dimension = size,
                          .mean = mean,
                          .covariance = S,
                          .ldc = size,
                          .loss = GD_GAN_WASSERSTEIN,
                          .triangular = true};
  const gd_status status = gd_model_lq_gan(game, &spec, env);
  gdi_release(&own, S);
  return status;
}

static gd_status random_covariance_gan(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  GD_TRY(begin(game, size, env, &own));
  double *S = gdi_allocate(&own, gdi_times(size, size), sizeof *S);
  if (!S) return GD_ERR_MEMORY;
  fill_symmetric(seed, 8, size, S);
  const gd_covariance_gan spec = {
      .struct_size = sizeof spec, .dimension = size, .latent = size, .units = size, .covariance = S, .ldc = size};
  const gd_status status = gd_model_covariance_gan(game, &spec, env);
  gdi_release(&own, S);
  return status;
}

/* The diagonal matrix of numbers on [1, 2], or C with theta_i against omega_i and omega_{i+1}, in [-1, 1]. */
static gd_status make_sparse(gd_sparse **sparse, gd_rng *rng, size_t size, bool diagonal, const gdi_env *own) {
  const size_t count = diagonal ? size : gdi_times(2, size);
  gd_entry *entries = gdi_allocate(own, count, sizeof *entries);
  if (!entries) return GD_ERR_MEMORY;
  for (size_t k = 0; k < count; k++) {
    double unit;
    gd_rng_fill_uniform(rng, 1, &unit);
    const size_t row = diagonal ? k : k / 2;
    entries[k] = (gd_entry){row, diagonal ? k : (row + k % 2) % size, diagonal ? 1 + unit : 2 * unit - 1};
  }
  const gd_status status = gd_sparse_create(sparse, size, size, count, entries, &own->env);
  gdi_release(own, entries);
  return status;
}

static gd_status random_sparse(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  gdi_env own;
  gd_sparse *A = NULL, *B = NULL, *C = NULL;
  GD_TRY(begin(game, size, env, &own));
  gd_rng rng = gd_rng_make(seed, 9);
  gd_status status = make_sparse(&A, &rng, size, true, &own);
  if (status == GD_OK) status = make_sparse(&B, &rng, size, true, &own);
  if (status == GD_OK) status = make_sparse(&C, &rng, size, false, &own);
  if (status == GD_OK) status = gd_model_sparse_quadratic(game, A, B, C, env);
  gd_sparse_destroy(C);
  gd_sparse_destroy(B);
  gd_sparse_destroy(A);
  return status;
}

static const gd_model registry[] = {
    {sizeof(gd_model), GD_MODEL_BILINEAR, "min over theta, max over omega of theta' C omega", random_bilinear},
    {sizeof(gd_model), GD_MODEL_QUADRATIC, "a bilinear game, strongly convex in theta and strongly concave in omega",
     random_quadratic},
    {sizeof(gd_model), GD_MODEL_AFFINE, "three players, v = J x + b, general-sum and Hurwitz", random_affine},
    {sizeof(gd_model), GD_MODEL_DIRAC_GAN, "a generator at one point, a linear discriminator, logistic loss",
     random_dirac_gan},
    {sizeof(gd_model), GD_MODEL_NK_PLANAR, "D = w y^2 and G = a z, one variable each, logistic loss", random_nk_planar},
    {sizeof(gd_model), GD_MODEL_GMM_GAN,
     "a generator of two Gaussians, a discriminator of two intervals that may turn round", random_gmm_gan},
    {sizeof(gd_model), GD_MODEL_LQ_GAN,
     "Gaussian data, affine generator, quadratic discriminator; triangular, Wasserstein loss", random_lq_gan},
    {sizeof(gd_model), GD_MODEL_COVARIANCE_GAN,
     "Gaussian data, linear generator, discriminator of one hidden layer, Wasserstein loss", random_covariance_gan},
    {sizeof(gd_model), GD_MODEL_SPARSE, "a quadratic game of sparse matrices, each variable against two others",
     random_sparse},
};

const gd_model *gd_model_at(size_t index) {
  return index < sizeof registry / sizeof *registry ? &registry[index] : NULL;
}

const gd_model *gd_model_find(const char *name) {
  const gd_model *model = NULL;
  for (size_t k = 0; name && (model = gd_model_at(k)) && strcmp(model->name, name) != 0;) k++;
  return name ? model : NULL;
}

const gd_model *gd_env_model_at(const gd_env *env, size_t index) {
  enum { LIBRARY = sizeof registry / sizeof *registry };
  if (index < LIBRARY) return &registry[index];
  const gd_catalog own = gdi_env_catalog(env);
  return index - LIBRARY < own.n_models ? own.models[index - LIBRARY] : NULL;
}

const gd_model *gd_env_model_find(const gd_env *env, const char *name) {
  const gd_model *model = NULL;
  for (size_t k = 0; name && (model = gd_env_model_at(env, k)) && strcmp(model->name, name) != 0;) k++;
  return name ? model : NULL;
}
