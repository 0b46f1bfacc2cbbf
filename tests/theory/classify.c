/* SPDX-License-Identifier: BSD-3-Clause */
/* classify.c -- what kind of point x is, on games whose Jacobian is written down. */
#include <gamedyn/classify.h>
#include <gamedyn/rates.h>

#include "theory/classify.h"

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/linear_game.h"
#include "support/suite.h"

static const double origin[4] = {0};

static gd_classification classify(const size_t sizes[3], const double *J) {
  linear_game data = {.sizes = {sizes[0], sizes[1], sizes[2]}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_classification c;
  assert_ok(gd_classify(game, origin, NULL, &c));
  gd_game_destroy(game);
  return c;
}

/* [[-1, -2], [2, -1]]: -1 +- 2i, own curvature -1. */
START_TEST(knows_a_stable_nash_point) {
  const double J[] = {-1, 2, -2, -1};
  const gd_classification c = classify((const size_t[]){1, 1, 0}, J);
  ck_assert(c.stationary && c.at_rest && c.nash == GD_HOLDS_STRICTLY && c.hurwitz && c.stable_nash);
  assert_close(c.gradient_norm, 0, 0, 0);
  assert_close(c.own_curvature, -1, 1e-15, 0);
  assert_close(c.spectral_abscissa, -1, 1e-14, 0);
  assert_close(c.largest_imag_real_ratio, 2, 1e-14, 0);
}
END_TEST

/* A bilinear game: Nash, on the axis, not attracting. */
START_TEST(knows_a_centre) {
  const double J[] = {0, 3, -3, 0};
  const gd_classification c = classify((const size_t[]){1, 1, 0}, J);
  ck_assert(c.stationary && c.nash == GD_HOLDS_WEAKLY && !c.hurwitz && !c.stable_nash);
  assert_close(c.spectral_abscissa, 0, 0, 0);
  ck_assert(isinf(c.largest_imag_real_ratio));
}
END_TEST

/* [[1, -3], [3, -2]]: trace -1, determinant 7, so attracting; but player 0 sits at a minimum of her utility. */
START_TEST(knows_a_stable_point_that_is_no_nash_point) {
  const double J[] = {1, 3, -3, -2};
  const gd_classification c = classify((const size_t[]){1, 1, 0}, J);
  ck_assert(c.stationary && c.nash == GD_HOLDS_NOT && c.hurwitz && !c.stable_nash);
  assert_close(c.own_curvature, 1, 1e-15, 0);
  assert_close(c.spectral_abscissa, -0.5, 1e-14, 0);
  assert_close(c.largest_imag_real_ratio, sqrt(27), 1e-14, 0); /* sqrt(4 * 7 - 1) */
}
END_TEST

/* [[-1, 4], [4, -1]]: each player content, together a saddle: 3 and -5. */
START_TEST(knows_a_nash_point_that_repels) {
  const double J[] = {-1, 4, 4, -1};
  const gd_classification c = classify((const size_t[]){1, 1, 0}, J);
  ck_assert(c.nash == GD_HOLDS_STRICTLY && !c.hurwitz && !c.stable_nash);
  assert_close(c.spectral_abscissa, 3, 1e-14, 0);
  assert_close(c.largest_imag_real_ratio, 0, 0, 0);
}
END_TEST

/* Three players, blocks of 2, 1, 1; the own block [[-2, 1], [0, -2]] counts by its symmetric part: -3/2.  One
 * eigenvalue is 0, which rotates nothing. */
START_TEST(looks_at_every_players_own_block) {
  const double J[] = {-2, 0, 0, 0, 1, -2, 0, 0, 0, 0, -4, 0, 0, 0, 0, 0};
  const gd_classification c = classify((const size_t[]){2, 1, 1}, J);
  ck_assert(c.nash == GD_HOLDS_WEAKLY && !c.hurwitz);
  assert_close(c.own_curvature, 0, 0, 0);
  assert_close(c.largest_imag_real_ratio, 0, 0, 1e-7);
  const double zero[16] = {0};
  const gd_classification nothing = classify((const size_t[]){2, 1, 1}, zero);
  ck_assert(nothing.nash == GD_HOLDS_WEAKLY && !nothing.hurwitz);
  assert_close(nothing.largest_imag_real_ratio, 0, 0, 0);
}
END_TEST

START_TEST(knows_where_the_gradient_is_not_zero) {
  const double J[] = {-1, 0, 0, -1}, x[] = {3, 4};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_classification c;
  assert_ok(gd_classify(game, x, NULL, &c));
  assert_close(c.gradient_norm, 5, 1e-15, 0);
  ck_assert(!c.stationary && c.nash == GD_HOLDS_NOT && !c.stable_nash && c.hurwitz);
  assert_close(c.gradient_scale, 5, 1e-15, 0); /* |J| = 1, |x| = 5 */
  gd_classify_options options;
  gd_classify_options_init(&options);
  options.gradient_tolerance = 2;
  assert_ok(gd_classify(game, x, &options, &c));
  ck_assert(c.stationary && !c.at_rest);
  gd_game_destroy(game);
}
END_TEST

/* J = [[-1, -2], [2, -1]] has |J| = sqrt 5, symmetric part -1, antisymmetric part of norm 2. */
START_TEST(measures_the_field) {
  const double J[] = {-1, 2, -2, -1};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_field_constants c;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  assert_ok(gd_field_constants_at(game, origin, NULL, &c));
  assert_close(c.lipschitz, sqrt(5), 1e-15, 0);
  assert_close(c.monotonicity, -1, 1e-15, 0);
  assert_close(c.rotation, 2, 1e-15, 0);
  assert_close(c.spectral_abscissa, -1, 1e-15, 0);
  options.dense_limit = 1; /* by products */
  assert_ok(gd_field_constants_at(game, origin, &options, &c));
  assert_close(c.lipschitz, sqrt(5), 1e-14, 0);
  assert_close(c.monotonicity, -1, 1e-14, 0);
  assert_close(c.rotation, 2, 1e-14, 0);
  assert_close(c.spectral_abscissa, -1, 1e-14, 0);
  options.struct_size = 1;
  assert_fails(gd_field_constants_at(game, origin, &options, &c), GD_ERR_STRUCT, "gd_spectrum_options");
  gd_game_destroy(game);
}
END_TEST

/* Eigenvalues -1/2 and -3/2, own blocks -1. */
START_TEST(classifies_a_small_game_whose_matrix_may_not_be_built) {
  const double J[] = {-1, 0.5, 0.5, -1};
  linear_game data = {.sizes = {1, 1}, .n = 2, .J = J};
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = linear_gradient, .jvp = linear_jvp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = &data,
                             .n_players = 2,
                             .block_sizes = data.sizes,
                             .traits = GD_POTENTIAL};
  gd_game *game = NULL;
  gd_classification c;
  gd_eval_options options;
  assert_ok(gd_game_create(&game, &spec));
  gd_eval_options_init(&options);
  options.dense_limit = 1;
  assert_ok(gd_game_configure(game, &options));
  assert_ok(gd_classify(game, origin, NULL, &c));
  ck_assert_int_eq(c.kind, GD_POINT_STABLE_NASH);
  assert_close(c.own_curvature, -1, 1e-14, 0);
  assert_close(c.spectral_abscissa, -0.5, 1e-14, 0);
  gd_game_destroy(game);
}
END_TEST

/* With one of two leaders it is a minimax point; with none only if that is known of both. */
START_TEST(one_leader_is_enough_and_both_are_needed_for_none) {
  ck_assert_int_eq(gdi_classify_either((const int[]){GD_HOLDS_NOT, GD_HOLDS_STRICTLY}), GD_HOLDS_STRICTLY);
  ck_assert_int_eq(gdi_classify_either((const int[]){GD_HOLDS_STRICTLY, GD_HOLDS_UNDECIDED}), GD_HOLDS_STRICTLY);
  ck_assert_int_eq(gdi_classify_either((const int[]){GD_HOLDS_NOT, GD_HOLDS_UNDECIDED}), GD_HOLDS_UNDECIDED);
  ck_assert_int_eq(gdi_classify_either((const int[]){GD_HOLDS_UNDECIDED, GD_HOLDS_NOT}), GD_HOLDS_UNDECIDED);
  ck_assert_int_eq(gdi_classify_either((const int[]){GD_HOLDS_NOT, GD_HOLDS_NOT}), GD_HOLDS_NOT);
}
END_TEST

START_TEST(says_which_argument_is_wrong) {
  const double J[] = {-1, 0, 0, -1}, nowhere[] = {0, NAN};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_classification c = {.gradient_norm = 7};
  gd_field_constants f = {.rotation = 7};
  gd_classify_options options;
  assert_fails(gd_classify(NULL, origin, NULL, &c), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_classify(game, NULL, NULL, &c), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_classify(game, origin, NULL, NULL), GD_ERR_ARGUMENT, "classification is NULL");
  gd_classify_options_init(&options);
  options.gradient_tolerance = -1;
  assert_fails(gd_classify(game, origin, &options, &c), GD_ERR_ARGUMENT, "gradient_tolerance is -1");
  gd_classify_options_init(&options);
  options.eigenvalue_tolerance = INFINITY;
  assert_fails(gd_classify(game, origin, &options, &c), GD_ERR_ARGUMENT, "eigenvalue_tolerance is inf");
  options.struct_size = 1;
  assert_fails(gd_classify(game, origin, &options, &c), GD_ERR_STRUCT, "gd_classify_options");
  assert_fails(gd_classify(game, nowhere, NULL, &c), GD_ERR_NONFINITE, "x[1] is nan");
  assert_fails(gd_field_constants_at(NULL, origin, NULL, &f), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_field_constants_at(game, NULL, NULL, &f), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_field_constants_at(game, origin, NULL, NULL), GD_ERR_ARGUMENT, "constants is NULL");
  assert_close(c.gradient_norm + f.rotation, 14, 0, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(leaks_nothing_when_memory_runs_out) {
  const double J[] = {-1, 2, -3, -1};
  for (int field = 0; field <= 1; field++) {
    size_t fail_at = 1;
    for (bool done = false; !done; fail_at++) {
      failing_memory memory;
      failing_memory_init(&memory, 0);
      linear_game data = {.sizes = {1, 1}, .J = J};
      gd_game *game = create_linear_game(&data, 0, &memory.env);
      gd_classification c = {.gradient_norm = 7};
      gd_field_constants f = {.rotation = 7};
      memory.calls = 0;
      memory.fail_at = fail_at;
      const gd_status status =
          field ? gd_field_constants_at(game, origin, NULL, &f) : gd_classify(game, origin, NULL, &c);
      done = memory.calls < fail_at;
      ck_assert_int_eq(status, done ? GD_OK : GD_ERR_MEMORY);
      if (!done) assert_close(c.gradient_norm + f.rotation, 14, 0, 0);
      gd_game_destroy(game);
      ck_assert_uint_eq(memory.live, 0);
    }
    ck_assert_uint_gt(fail_at, 8);
  }
}
END_TEST

TEST_SUITE("classify", knows_a_stable_nash_point, knows_a_centre, knows_a_stable_point_that_is_no_nash_point,
           knows_a_nash_point_that_repels, looks_at_every_players_own_block, knows_where_the_gradient_is_not_zero,
           measures_the_field, classifies_a_small_game_whose_matrix_may_not_be_built,
           one_leader_is_enough_and_both_are_needed_for_none, says_which_argument_is_wrong,
           leaks_nothing_when_memory_runs_out)
