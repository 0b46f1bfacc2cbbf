/* SPDX-License-Identifier: BSD-3-Clause */
/* Games v = J x for tests of theory, borrowed matrices and all, and random matrices to make them from. */
#ifndef TEST_LINEAR_GAME_H
#define TEST_LINEAR_GAME_H

#include <check.h>
#include <gamedyn/game.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

#include "support/close.h"

typedef struct linear_game {
  size_t sizes[3], n; /* of two or three players, the last may be 0 */
  const double *J;    /* [n by n] */
} linear_game;

static inline int linear_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const linear_game *game = data;
  (void)draw;
  for (size_t i = 0; i < game->n; i++) v[i] = 0;
  for (size_t j = 0; j < game->n; j++)
    for (size_t i = 0; i < game->n; i++) v[i] += game->J[i + j * game->n] * x[j];
  return 0;
}

static inline int linear_jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)x;
  return linear_gradient(data, draw, u, Ju);
}

static inline int linear_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const linear_game *game = data;
  (void)draw, (void)x;
  for (size_t j = 0; j < game->n; j++) memcpy(J + j * ldj, game->J + j * game->n, game->n * sizeof *J);
  return 0;
}

/* `data` and its J are borrowed. */
static inline gd_game *create_linear_game(linear_game *data, uint32_t traits, const gd_env *env) {
  data->n = data->sizes[0] + data->sizes[1] + data->sizes[2];
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .gradient = linear_gradient, .jvp = linear_jvp, .jacobian = linear_jacobian};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = data,
                             .n_players = data->sizes[2] ? 3 : 2,
                             .block_sizes = data->sizes,
                             .traits = GD_AFFINE | traits,
                             .env = env};
  gd_game *game;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

/* Orthogonal [n by n]: Gram-Schmidt, twice, on normal columns. */
static inline void random_orthogonal(gd_rng *rng, size_t n, double *Q) {
  gd_rng_fill_normal(rng, n * n, Q);
  for (size_t j = 0; j < n; j++)
    for (int pass = 0; pass < 2; pass++) {
      double norm = 0;
      for (size_t k = 0; k < j; k++) {
        double dot = 0;
        for (size_t i = 0; i < n; i++) dot += Q[i + k * n] * Q[i + j * n];
        for (size_t i = 0; i < n; i++) Q[i + j * n] -= dot * Q[i + k * n];
      }
      for (size_t i = 0; i < n; i++) norm += Q[i + j * n] * Q[i + j * n];
      for (size_t i = 0; i < n; i++) Q[i + j * n] /= sqrt(norm);
    }
}

/* out = U diag(d) V' [p by q], d [min(p, q)]; U [p by p], V [q by q] */
static inline void compose(size_t p, size_t q, const double *U, const double *d, const double *V, double *out) {
  for (size_t j = 0; j < q; j++)
    for (size_t i = 0; i < p; i++) {
      double sum = 0;
      for (size_t k = 0; k < (p < q ? p : q); k++) sum += U[i + k * p] * d[k] * V[j + k * q];
      out[i + j * p] = sum;
    }
}

/* J = [[-A, -C], [C', -B]]; A [p by p], B [q by q], C [p by q], each NULL for zero */
static inline void zero_sum_jacobian(size_t p, size_t q, const double *A, const double *B, const double *C, double *J) {
  const size_t n = p + q;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      double entry = 0;
      if (A && i < p && j < p) entry = -A[i + j * p];
      if (B && i >= p && j >= p) entry = -B[i - p + (j - p) * q];
      if (C && i < p && j >= p) entry = -C[i + (j - p) * p];
      if (C && i >= p && j < p) entry = C[j + (i - p) * p];
      J[i + j * n] = entry;
    }
}

static inline double uniform(gd_rng *rng, double low, double high) {
  double u;
  gd_rng_fill_uniform(rng, 1, &u);
  return low + (high - low) * u;
}

/* 10^uniform */
static inline double log_uniform(gd_rng *rng, double low, double high) {
  return exp(uniform(rng, log(low), log(high)));
}

#endif
