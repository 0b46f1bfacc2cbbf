/* SPDX-License-Identifier: BSD-3-Clause */
/* predictive.c -- w = P(x + gamma v(x)), x' = P(x + h v(w)). */
#include "steppers/at_work.h"

/* gamma = 1: w = (1, 2) + (-2, 1) = (-1, 3), v(w) = (-3, -1), x' = (1, 2) + v(w)/2. */
START_TEST(predicts_by_a_length_of_its_own) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_PREDICTIVE, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-0.5, 1.5}));
  retire(&work);
}
END_TEST

/* gamma = 1/2: w = (0, 5/2), v(w) = (-5/2, 0). */
START_TEST(gamma_is_a_parameter) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, "pm");
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 8}));
  assert_ok(gd_stepper_set(work.stepper, "gamma", 0.5));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-0.25, 2}));
  retire(&work);
}
END_TEST

START_TEST(equals_extragradient_when_gamma_is_the_step_size) {
  const test_game kind = general_game();
  at_work work = put_to_work_with_step(&kind, GD_PREDICTIVE, 0.25);
  at_work other = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.25);
  assert_ok(gd_stepper_set(work.stepper, "gamma", 0.25));
  double x[4] = {1, 2, -1, 0.5}, y[4] = {1, 2, -1, 0.5};
  for (int t = 0; t < 4; t++) {
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_ok(gd_stepper_step(other.stepper, y));
    assert_same(4, x, y);
  }
  retire(&work);
  retire(&other);
}
END_TEST

START_TEST(steps_on_a_curved_game) {
  const test_game kind = curved_game();
  at_work work = put_to_work(&kind, GD_PREDICTIVE);
  const double h[5] = {0.25, 0.25, 0.125, 0.125, 0.125};
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.25, 0.125}));
  assert_ok(gd_stepper_set(work.stepper, "gamma", 0.0625));
  double x[5] = {1, 0, 0.5, -1, 2}, expected[5] = {1, 0, 0.5, -1, 2}, w[5], v[5];
  for (int t = 0; t < 3; t++) {
    assert_ok(gd_game_gradient(work.game, expected, v));
    for (int k = 0; k < 5; k++) w[k] = expected[k] + 0.0625 * v[k];
    assert_ok(gd_game_gradient(work.game, w, v));
    for (int k = 0; k < 5; k++) expected[k] += h[k] * v[k];
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(5, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

/* From (1, 1): w = (0, 2) is cut to (0, 1), v(w) = (-1, 0).  From (1, 0): w = (1, 1), v(w) = (-1, 1) and h = 2 leads to
 * (-1, 2), cut to (-1, 1). */
START_TEST(prediction_and_step_end_in_the_feasible_set) {
  const test_game kind = boxed_game();
  at_work work = put_to_work_with_step(&kind, GD_PREDICTIVE, 0.5);
  double x[2] = {1, 1};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.5, 1}));
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 2));
  memcpy(x, (double[]){1, 0}, sizeof x);
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-1, 1}));
  retire(&work);
}
END_TEST

START_TEST(a_step_is_two_gradients_on_one_minibatch) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_PREDICTIVE, 0.5);
  draw_batches(work.game, 1);
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (uint64_t t = 0; t < 3; t++) {
    double w[2], v[2];
    noisy_field(t, expected, v);
    for (int k = 0; k < 2; k++) w[k] = expected[k] + v[k];
    noisy_field(t, w, v);
    for (int k = 0; k < 2; k++) expected[k] += 0.5 * v[k];
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-14);
  }
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.gradients, 6);
  retire(&work);
}
END_TEST

TEST_SUITE("predictive", predicts_by_a_length_of_its_own, gamma_is_a_parameter,
           equals_extragradient_when_gamma_is_the_step_size, steps_on_a_curved_game,
           prediction_and_step_end_in_the_feasible_set, a_step_is_two_gradients_on_one_minibatch)
