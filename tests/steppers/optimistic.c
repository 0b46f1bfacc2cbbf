/* SPDX-License-Identifier: BSD-3-Clause */
/* optimistic.c -- h (v_t + c (v_t - v_{t-1})), the first step with v_{-1} = v_0. */
#include "steppers/at_work.h"

#include <complex.h>
#include <math.h>

/* v_{-1} = v_0 = (-2, 1): the first step is plain, not twice as long.  Then v_1 = (-5/2, 0), 2 v_1 - v_0 = (-3, -1);
 * v_2 = (-2, -3/2), 2 v_2 - v_1 = (-3/2, -3). */
START_TEST(first_takes_the_current_gradient_as_the_previous_one) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0, 2.5}));
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-1.5, 2}));
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-2.25, 0.5}));
  retire(&work);
}
END_TEST

/* With z = x_0 + i x_1 the rotation is v = i z, and z_{t+1} = (1 + 2 i h) z_t - i h z_{t-1} with z_{-1} = z_0, hence
 * z_t = a p^t + b q^t, p and q the roots of l^2 - (1 + 2 i h) l + i h.  An aliased previous gradient would give
 * z_t = (1 + i h)^t.  The game computes in one buffer that every call reuses. */
START_TEST(keeps_a_copy_of_the_previous_gradient) {
  const test_game kind = rotation_game();
  const double h = 0.25;
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, h);
  const double complex B = 1 + 2 * I * h, root = csqrt(B * B - 4 * I * h);
  const double complex p = (B + root) / 2, q = (B - root) / 2, z0 = 1 + 2 * I;
  /* z_0 = a + b, z_{-1} = a/p + b/q = z_0 */
  const double complex a = z0 * (1 - 1 / q) / (1 / p - 1 / q), b = z0 - a;
  double x[2] = {1, 2};
  for (int t = 1; t <= 60; t++) {
    assert_ok(gd_stepper_step(work.stepper, x));
    const double complex z = a * cpow(p, t) + b * cpow(q, t);
    assert_vector(2, x, ((double[]){creal(z), cimag(z)}), 1e-13);
  }
  ck_assert(hypot(x[0], x[1]) < 1); /* and it contracts */
  retire(&work);
}
END_TEST

/* c = 1/2: the second step is along 3/2 v_1 - 1/2 v_0 = (-15/4 + 1, -1/2). */
START_TEST(the_correction_has_a_weight) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  assert_ok(gd_stepper_set(work.stepper, "correction", 0.5));
  double x[2] = {1, 2};
  for (int t = 0; t < 2; t++) assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-1.375, 2.25}));
  retire(&work);
}
END_TEST

START_TEST(without_correction_is_simultaneous) {
  const test_game kind = general_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.25);
  at_work plain = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.25);
  assert_ok(gd_stepper_set(work.stepper, "correction", 0));
  double x[4] = {1, 2, -1, 0.5}, y[4] = {1, 2, -1, 0.5};
  for (int t = 0; t < 4; t++) {
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_ok(gd_stepper_step(plain.stepper, y));
    assert_same(4, x, y);
  }
  retire(&work);
  retire(&plain);
}
END_TEST

START_TEST(steps_on_a_curved_game_with_a_step_size_for_each_player) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  const double h[4] = {0.5, 0.25, 0.25, 0.125};
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25, 0.125}));
  double x[4] = {1, 2, -1, 0.5}, expected[4] = {1, 2, -1, 0.5}, v[4], previous[4] = {0};
  for (int t = 0; t < 5; t++) {
    assert_ok(gd_game_gradient(work.game, expected, v));
    if (t == 0) memcpy(previous, v, sizeof v);
    for (int k = 0; k < 4; k++) expected[k] += h[k] * (2 * v[k] - previous[k]);
    memcpy(previous, v, sizeof v);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(4, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

/* From (1, 1), v_0 = (-1, 1): (1/2, 3/2) is cut to (1/2, 1).  v_1 = (-1, 1/2), 2 v_1 - v_0 = (-1, 0). */
START_TEST(ends_in_the_feasible_set) {
  const test_game kind = boxed_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  double x[2] = {1, 1};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.5, 1}));
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0, 1}));
  retire(&work);
}
END_TEST

START_TEST(remembers_the_gradient_of_the_last_minibatch) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  draw_batches(work.game, 1);
  double x[2] = {1, 2}, expected[2] = {1, 2}, v[2], previous[2] = {0};
  for (uint64_t t = 0; t < 4; t++) {
    noisy_field(t, expected, v);
    if (t == 0) memcpy(previous, v, sizeof v);
    for (int k = 0; k < 2; k++) expected[k] += 0.5 * (2 * v[k] - previous[k]);
    memcpy(previous, v, sizeof v);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

START_TEST(begins_afresh_after_a_reset) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  double x[2] = {3, -1};
  for (int t = 0; t < 3; t++) assert_ok(gd_stepper_step(work.stepper, x));
  gd_stepper_reset(work.stepper);
  ck_assert_uint_eq(gd_stepper_steps(work.stepper), 0);
  memcpy(x, (double[]){1, 2}, sizeof x);
  for (int t = 0; t < 2; t++) assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-1.5, 2}));
  retire(&work);
}
END_TEST

TEST_SUITE("optimistic", first_takes_the_current_gradient_as_the_previous_one, keeps_a_copy_of_the_previous_gradient,
           the_correction_has_a_weight, without_correction_is_simultaneous,
           steps_on_a_curved_game_with_a_step_size_for_each_player, ends_in_the_feasible_set,
           remembers_the_gradient_of_the_last_minibatch, begins_afresh_after_a_reset)
