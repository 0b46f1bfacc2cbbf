/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus.c -- x + h (v - gamma J'v), J whole: the regulariser is half |v|^2 over all players. */
#include "steppers/at_work.h"

#include <math.h>

/* J = [0 -1; 1 0], v = (-2, 1), J'v = (1, 2): the field is (-3, -1). */
START_TEST(descends_the_gradients_of_all_players) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_CONSENSUS, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-0.5, 1.5}));
  retire(&work);
}
END_TEST

/* At (1, 2, -1, 1/2), with s = sin 1 and c = cos 1: v = (0, s - 1, -5/2, -3/2) and
 * J = [-1 1/2 0 2; c -1 -2 0; 0 -2 3 1; -1 0 1 -1], so that
 * J'v = (c (s - 1) + 3/2, 1 - s + 5, 2 - 2 s - 15/2 - 3/2, -5/2 + 3/2). */
START_TEST(takes_the_whole_jacobian_of_a_general_sum_game) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, "co");
  const double s = sin(1), c = cos(1), gamma = 0.25, h[4] = {0.5, 0.25, 0.25, 0.125};
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25, 0.125}));
  assert_ok(gd_stepper_set(work.stepper, "gamma", gamma));
  const double v[4] = {0, s - 1, -2.5, -1.5}, pull[4] = {c * (s - 1) + 1.5, 6 - s, -7 - 2 * s, -1};
  double x[4] = {1, 2, -1, 0.5}, expected[4];
  for (int k = 0; k < 4; k++) expected[k] = x[k] + h[k] * (v[k] - gamma * pull[k]);
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_vector(4, x, expected, 1e-14);
  retire(&work);
}
END_TEST

/* J'v is the gradient of |v|^2 / 2: what gamma = 1 and h = 1 take off the plain step is that slope, here differenced.
 */
START_TEST(the_regulariser_is_half_the_squared_norm_of_the_whole_gradient) {
  const test_game kind = curved_game();
  at_work work = put_to_work_with_step(&kind, GD_CONSENSUS, 1);
  const double start[5] = {1, 0, 0.5, -1, 2}, t = 1e-5;
  double with[5], without[5];
  memcpy(with, start, sizeof start);
  memcpy(without, start, sizeof start);
  assert_ok(gd_stepper_step(work.stepper, with));
  assert_ok(gd_stepper_set(work.stepper, "gamma", 0));
  assert_ok(gd_stepper_step(work.stepper, without));
  for (size_t k = 0; k < 5; k++) {
    double half[2];
    for (int side = 0; side < 2; side++) {
      double x[5], v[5], norm;
      memcpy(x, start, sizeof x);
      x[k] += side ? t : -t;
      assert_ok(gd_game_gradient(work.game, x, v));
      assert_ok(gd_game_norm(work.game, v, &norm));
      half[side] = norm * norm / 2;
    }
    assert_close(without[k] - with[k], (half[1] - half[0]) / (2 * t), 1e-8, 1e-8);
  }
  retire(&work);
}
END_TEST

START_TEST(spends_one_gradient_and_one_transposed_product_a_step) {
  const test_game kind = curved_game();
  at_work work = put_to_work(&kind, GD_CONSENSUS);
  double x[5] = {0};
  for (int t = 0; t < 3; t++) assert_ok(gd_stepper_step(work.stepper, x));
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.gradients, 3);
  ck_assert_uint_eq(counts.vjps, 3);
  ck_assert_uint_eq(counts.jvps + counts.jacobians, 0);
  retire(&work);
}
END_TEST

/* A zero-sum game needs a product only; a large game without any transposed product is refused. */
START_TEST(needs_a_transposed_product) {
  test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_CONSENSUS);
  retire(&work);
  kind.traits = GD_AFFINE;
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = 1;
  assert_ok(gd_game_configure(game, &options));
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create_named(&stepper, game, GD_CONSENSUS), GD_ERR_UNSUPPORTED, "vjp");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_feasible_sets_in_words) {
  const test_game kind = boxed_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create_named(&stepper, game, GD_CONSENSUS), GD_ERR_UNSUPPORTED,
               "method \"consensus\": the game \"boxed\" has a feasible set");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("consensus", descends_the_gradients_of_all_players, takes_the_whole_jacobian_of_a_general_sum_game,
           the_regulariser_is_half_the_squared_norm_of_the_whole_gradient,
           spends_one_gradient_and_one_transposed_product_a_step, needs_a_transposed_product,
           refuses_feasible_sets_in_words)
