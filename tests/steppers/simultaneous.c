/* SPDX-License-Identifier: BSD-3-Clause */
/* simultaneous.c -- x + h v(x), by hand. */
#include "steppers/at_work.h"

#include <math.h>

/* v = (-2, 1): x' = (1, 2) + (-2, 1)/2 */
START_TEST(steps_along_the_gradient) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0, 2.5}));
  ck_assert_uint_eq(gd_stepper_steps(work.stepper), 1);
  retire(&work);
}
END_TEST

START_TEST(each_player_has_a_step_size) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0, 2.25}));
  retire(&work);
}
END_TEST

/* At (1, 2, -1, 1/2): v = (-1 + 1, -2 + sin 1 + 1, 1 + 1/2 - 4, -1/2 - 1). */
START_TEST(steps_on_a_curved_game_of_three_players) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){2, 0.25, 0.5}));
  double x[4] = {1, 2, -1, 0.5};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_vector(4, x, ((double[]){1, 2 + (sin(1) - 1) / 4, -1 - 2.5 / 4, 0.5 - 1.5 / 2}), 1e-15);
  retire(&work);
}
END_TEST

/* v(1, 1) = (-1, 1): (0.5, 1.5) is outside the box. */
START_TEST(ends_in_the_feasible_set) {
  const test_game kind = boxed_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double x[2] = {1, 1};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.5, 1}));
  retire(&work);
}
END_TEST

START_TEST(sees_a_new_minibatch_at_each_step) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  draw_batches(work.game, 1);
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (uint64_t t = 0; t < 5; t++) {
    double v[2];
    noisy_field(t, expected, v);
    for (int k = 0; k < 2; k++) expected[k] += 0.5 * v[k];
    ck_assert_uint_eq(draw_index(work.game), t);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_same(2, x, expected);
  }
  retire(&work);
}
END_TEST

/* |z + h i z|^2 = (1 + h^2) |z|^2: a small step size moves little, and yet diverges. */
START_TEST(grows_on_a_rotation_however_small_the_step) {
  const test_game kind = rotation_game();
  const double h = 1e-3;
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, h);
  double x[2] = {1, 0};
  for (int t = 0; t < 1000; t++) assert_ok(gd_stepper_step(work.stepper, x));
  assert_close(x[0] * x[0] + x[1] * x[1], pow(1 + h * h, 1000), 1e-12, 0);
  retire(&work);
}
END_TEST

START_TEST(spends_one_gradient_a_step) {
  const test_game kind = curved_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double x[5] = {0};
  for (int t = 0; t < 3; t++) assert_ok(gd_stepper_step(work.stepper, x));
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.gradients, 3);
  ck_assert_uint_eq(counts.player_gradients + counts.jvps + counts.vjps + counts.jacobians + counts.utilities, 0);
  retire(&work);
}
END_TEST

TEST_SUITE("simultaneous", steps_along_the_gradient, each_player_has_a_step_size,
           steps_on_a_curved_game_of_three_players, ends_in_the_feasible_set, sees_a_new_minibatch_at_each_step,
           grows_on_a_rotation_however_small_the_step, spends_one_gradient_a_step)
