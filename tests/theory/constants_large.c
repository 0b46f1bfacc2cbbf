/* SPDX-License-Identifier: BSD-3-Clause */
/* constants_large.c -- constants and kinds of games known by their products, against known values and against matrices.
 */
#include <gamedyn/classify.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/models.h>
#include <gamedyn/rates.h>

#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/rotated_game.h"
#include "support/suite.h"

#include <stdlib.h>

/* Singular values from 1/2 to 2: lambda from 1/4 to 4, beta 4, A = B = 0; J antisymmetric. */
START_TEST(knows_a_large_bilinear_game) {
  rotated_game data = {.side = 20001};
  gd_game *game = NULL;
  double *x = calloc(2 * data.side, sizeof *x);
  gd_game_constants constants;
  gd_classification kind;
  assert_ok(create_rotated_game(&game, &data));
  assert_ok(constants_at(game, x, 0, 0, 0, &constants));
  ck_assert(constants.bilinear && !constants.estimated && constants.rank == GD_UNKNOWN_COUNT);
  assert_close(constants.lambda_max, 4, 1e-10, 0);
  assert_close(constants.lambda_min, 0.25, 1e-9, 0);
  assert_close(constants.beta, 4, 1e-10, 0);
  assert_close(constants.alpha, 0, 0, 0);
  assert_ok(classify_at(game, x, NULL, &kind));
  ck_assert(kind.kind == GD_POINT_CENTRE && kind.nash == GD_HOLDS_WEAKLY && !kind.hurwitz);
  gd_game_destroy(game);
  free(x);
}
END_TEST

static void forbid_matrices(gd_game *game) {
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 1;
  assert_ok(gd_game_configure(game, &options));
}

/* Quadratic games of all shapes, some without A or B: what matrices say, products say too. */
START_TEST(agrees_with_matrices_on_random_games) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t p = 1 + seed % 4, q = seed % 3 ? p : 1 + seed / 4 % 4;
    double A[16] = {0}, B[16] = {0}, C[16];
    const double x[8] = {0};
    gd_rng rng = gd_rng_make(seed, 0);
    for (size_t k = 0; k < p; k++) A[k + k * p] = uniform(&rng, seed % 5 == 0 ? -1 : 0.5, 2);
    for (size_t k = 0; k < q; k++) B[k + k * q] = uniform(&rng, 0.5, 2);
    gd_rng_fill_normal(&rng, p * q, C);
    const bool bilinear = seed % 2;
    gd_game *game = NULL;
    gd_game_constants dense, far;
    assert_ok(gd_model_quadratic(&game, p, q, bilinear ? NULL : A, p, bilinear ? NULL : B, q, C, p, NULL));
    assert_ok(constants_at(game, x, 0, 0, 0, &dense));
    forbid_matrices(game);
    assert_ok(constants_at(game, x, 0, 0, 0, &far));
    ck_assert(isnan(far.alpha) == isnan(dense.alpha) && far.bilinear == dense.bilinear && far.bilinear == bilinear);
    if (!isnan(dense.alpha)) {
      assert_close(far.alpha, dense.alpha, 1e-9, 1e-12);
      assert_close(far.beta, dense.beta, 1e-9, 0);
    }
    assert_close(far.lambda_max, dense.lambda_max, 1e-9, 0);
    assert_close(far.lambda_min_nonzero, dense.lambda_min_nonzero, 1e-7, 0);
    assert_close(far.lambda_min, dense.lambda_min, 1e-7, 0);
    gd_game_destroy(game);
  }
}
END_TEST

/* A theorem's promise from products alone. */
START_TEST(gives_guarantees_of_large_games) {
  rotated_game data = {.side = 3000};
  gd_game *game = NULL;
  double *x = calloc(2 * data.side, sizeof *x);
  gd_game_constants constants;
  gd_guarantee promise;
  assert_ok(create_rotated_game(&game, &data));
  assert_ok(constants_at(game, x, 0, 0, 0, &constants));
  assert_ok(gd_guarantee_optimistic(&promise, constants.lambda_min, constants.lambda_max));
  assert_close(promise.step_size, 1 / (2 * sqrt(8)), 1e-9, 0);
  assert_close(promise.steps_factor, 16 * 16, 1e-8, 0); /* 16 lambda_max / lambda_min */
  gd_game_destroy(game);
  free(x);
}
END_TEST

TEST_SUITE("constants_large", knows_a_large_bilinear_game, agrees_with_matrices_on_random_games,
           gives_guarantees_of_large_games)
