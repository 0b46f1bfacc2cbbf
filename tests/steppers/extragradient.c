/* SPDX-License-Identifier: BSD-3-Clause */
/* extragradient.c -- w = P(x + r h v(x)), x' = P(x + h v(w)). */
#include "steppers/at_work.h"

/* w = (1, 2) + (-2, 1)/2 = (0, 5/2), v(w) = (-5/2, 0), x' = (1, 2) + v(w)/2. */
START_TEST(steps_from_where_it_stood) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-0.25, 2}));
  retire(&work);
}
END_TEST

/* r = 2: w = (-1, 3), v(w) = (-3, -1). */
START_TEST(may_look_further_than_it_steps) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  assert_ok(gd_stepper_set(work.stepper, "look_ahead", 2));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){-0.5, 1.5}));
  retire(&work);
}
END_TEST

START_TEST(looks_and_steps_by_each_players_step_size) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, "eg");
  const double h[4] = {0.5, 0.25, 0.25, 0.125}, r = 1.5;
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25, 0.125}));
  assert_ok(gd_stepper_set(work.stepper, "look_ahead", r));
  double x[4] = {1, 2, -1, 0.5}, expected[4] = {1, 2, -1, 0.5}, w[4], v[4];
  for (int t = 0; t < 3; t++) {
    assert_ok(gd_game_gradient(work.game, expected, v));
    for (int k = 0; k < 4; k++) w[k] = expected[k] + r * h[k] * v[k];
    assert_ok(gd_game_gradient(work.game, w, v));
    for (int k = 0; k < 4; k++) expected[k] += h[k] * v[k];
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(4, x, expected, 1e-13);
  }
  retire(&work);
}
END_TEST

/* From (1, 1): w = (1/2, 3/2) is cut to (1/2, 1), v(w) = (-1, 1/2), (1/2, 5/4) is cut to (1/2, 1). */
START_TEST(look_and_step_end_in_the_feasible_set) {
  const test_game kind = boxed_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  double x[2] = {1, 1};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.5, 1}));
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.projections, 2);
  retire(&work);
}
END_TEST

/* Steps of 1/2 that use this many minibatches each: the look the first, the step the last. */
static void assert_noisy_steps(gd_stepper *stepper, uint64_t per_step) {
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (uint64_t t = 0; t < 3; t++) {
    double w[2], v[2];
    noisy_field(per_step * t, expected, v);
    for (int k = 0; k < 2; k++) w[k] = expected[k] + 0.5 * v[k];
    noisy_field(per_step * t + per_step - 1, w, v);
    for (int k = 0; k < 2; k++) expected[k] += 0.5 * v[k];
    assert_ok(gd_stepper_step(stepper, x));
    assert_vector(2, x, expected, 1e-14);
  }
  ck_assert_uint_eq(draw_index(gd_stepper_game(stepper)), 3 * per_step);
}

START_TEST(both_gradients_are_on_one_minibatch) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  draw_batches(work.game, 1);
  assert_noisy_steps(work.stepper, 1);
  retire(&work);
}
END_TEST

START_TEST(unless_a_fresh_one_is_asked_for) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  draw_batches(work.game, 1);
  assert_ok(gd_stepper_set(work.stepper, "fresh_draw", 1));
  assert_noisy_steps(work.stepper, 2);
  retire(&work);
}
END_TEST

/* The first step's second gradient fails, when a second minibatch has been drawn: the step has not begun, nor has its
 * draw. */
static int second_fails(void *data, const gd_draw *draw, const double *x, double *v) {
  size_t *calls = data;
  return ++*calls == 2 ? -1 : noisy_game().ops.gradient(NULL, draw, x, v);
}

START_TEST(a_step_that_fails_gives_its_draws_back) {
  size_t calls = 0;
  test_game kind = noisy_game();
  kind.data = &calls;
  kind.ops.gradient = second_fails;
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  double x[2] = {1, 2};
  draw_batches(work.game, 1);
  assert_ok(gd_stepper_set(work.stepper, "fresh_draw", 1));
  calls = 0;
  assert_fails(gd_stepper_step(work.stepper, x), GD_ERR_CALLBACK, "gradient");
  ck_assert_uint_eq(draw_index(work.game), 0);
  retire(&work);
}
END_TEST

TEST_SUITE("extragradient", steps_from_where_it_stood, may_look_further_than_it_steps,
           looks_and_steps_by_each_players_step_size, look_and_step_end_in_the_feasible_set,
           both_gradients_are_on_one_minibatch, unless_a_fresh_one_is_asked_for, a_step_that_fails_gives_its_draws_back)
