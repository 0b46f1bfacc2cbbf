/* SPDX-License-Identifier: BSD-3-Clause */
/* params.c -- parameters by name: set, get, ranges, schedules. */
#include "steppers/at_work.h"

#include <float.h>
#include <math.h>

static double value_of(const gd_stepper *stepper, const char *name, size_t player) {
  double value = NAN;
  assert_ok(gd_stepper_get(stepper, name, player, &value));
  return value;
}

START_TEST(sets_all_players_or_each) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_ALTERNATING);
  ck_assert(value_of(work.stepper, GD_STEP_SIZE, 2) == 0.01);
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 0.5));
  for (size_t i = 0; i < 3; i++) ck_assert(value_of(work.stepper, GD_STEP_SIZE, i) == 0.5);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){1, 2, 3}));
  assert_ok(gd_stepper_set_players(work.stepper, "inner_steps", (double[]){4, 5, 6}));
  for (size_t i = 0; i < 3; i++) {
    ck_assert(value_of(work.stepper, GD_STEP_SIZE, i) == 1 + (double)i);
    ck_assert(value_of(work.stepper, "inner_steps", i) == 4 + (double)i);
  }
  assert_ok(gd_stepper_set(work.stepper, "fresh_draw", 1));
  ck_assert(value_of(work.stepper, "fresh_draw", 77) == 1); /* not per player: the player is ignored */
  retire(&work);
}
END_TEST

START_TEST(refuses_values_out_of_range_and_keeps_the_old_ones) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_ALTERNATING);
  const double bad[] = {-1e-300, NAN, INFINITY, -INFINITY};
  for (size_t k = 0; k < 4; k++) {
    assert_fails(gd_stepper_set(work.stepper, GD_STEP_SIZE, bad[k]), GD_ERR_ARGUMENT, "step_size");
    assert_fails(gd_stepper_set(work.stepper, GD_STEP_SIZE, bad[k]), GD_ERR_ARGUMENT, "expected 0 or more, and finite");
    assert_fails(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){1, bad[k]}), GD_ERR_ARGUMENT, "range");
  }
  ck_assert(value_of(work.stepper, GD_STEP_SIZE, 0) == 0.01);
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 0));
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, DBL_MAX));
  assert_fails(gd_stepper_set(work.stepper, "inner_steps", 0), GD_ERR_ARGUMENT, "expected 1 to 1e+09");
  assert_fails(gd_stepper_set(work.stepper, "inner_steps", 1.5), GD_ERR_ARGUMENT, "whole number");
  assert_fails(gd_stepper_set(work.stepper, "fresh_draw", 0.5), GD_ERR_ARGUMENT, "whole number");
  assert_fails(gd_stepper_set(work.stepper, "fresh_draw", 2), GD_ERR_ARGUMENT, "0 to 1");
  retire(&work);
}
END_TEST

START_TEST(lists_the_names_there_are) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  double value = 3;
  assert_fails(gd_stepper_set(work.stepper, "stepsize", 1), GD_ERR_NAME,
               "optimistic has no parameter \"stepsize\"; it has step_size, correction");
  assert_fails(gd_stepper_get(work.stepper, "adam.epsilon", 0, &value), GD_ERR_NAME, "adam.epsilon");
  ck_assert(value == 3);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_fails(gd_stepper_set(work.stepper, "rmsprop.", 1), GD_ERR_NAME,
               "it has step_size, correction, rmsprop.decay, rmsprop.epsilon, rmsprop.initial_mean_square, "
               "rmsprop.epsilon_inside");
  assert_fails(gd_stepper_set(work.stepper, "decay", 1), GD_ERR_NAME, "\"decay\"");
  assert_fails(gd_stepper_schedule(work.stepper, "gamma", NULL, NULL), GD_ERR_NAME, "\"gamma\"");
  assert_fails(gd_stepper_set_players(work.stepper, "gamma", &value), GD_ERR_NAME, "\"gamma\"");
  retire(&work);
}
END_TEST

START_TEST(parameters_of_the_scaling_carry_its_name) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  ck_assert(value_of(work.stepper, "adam.epsilon", 0) == 1e-8);
  assert_ok(gd_stepper_set(work.stepper, "adam.mean_decay", 0.5));
  ck_assert(value_of(work.stepper, "adam.mean_decay", 0) == 0.5);
  assert_fails(gd_stepper_set(work.stepper, "adam.mean_decay", 1), GD_ERR_ARGUMENT, "mean_decay = 1");
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM)); /* afresh */
  ck_assert(value_of(work.stepper, "adam.mean_decay", 0) == 0.9);
  retire(&work);
}
END_TEST

START_TEST(refuses_what_is_not_there) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_PREDICTIVE);
  double value;
  assert_fails(gd_stepper_set(NULL, "gamma", 1), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_stepper_set(work.stepper, NULL, 1), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, NULL), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_stepper_set_players(work.stepper, "gamma", (double[]){1, 1}), GD_ERR_ARGUMENT,
               "gamma has one value for all players");
  assert_fails(gd_stepper_get(work.stepper, GD_STEP_SIZE, 2, &value), GD_ERR_ARGUMENT, "player 2, expected below 2");
  assert_fails(gd_stepper_get(work.stepper, GD_STEP_SIZE, 0, NULL), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_stepper_schedule(NULL, "gamma", NULL, NULL), GD_ERR_ARGUMENT, "NULL");
  retire(&work);
}
END_TEST

static double halving(void *context, uint64_t step) {
  (void)context;
  return ldexp(1, -(int)step);
}

/* h_t = 2^-t on v = -x: x is multiplied by 1 - 2^-t / 2. */
START_TEST(a_schedule_multiplies_the_value_set) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  assert_ok(gd_stepper_schedule(work.stepper, GD_STEP_SIZE, halving, NULL));
  double x[2] = {1, 2}, factor = 1;
  for (int t = 0; t < 6; t++) {
    factor *= 1 - ldexp(0.5, -t);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, ((double[]){factor, 2 * factor}), 1e-15);
  }
  ck_assert(value_of(work.stepper, GD_STEP_SIZE, 0) == 0.5);
  assert_ok(gd_stepper_schedule(work.stepper, GD_STEP_SIZE, NULL, NULL)); /* off again */
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_vector(2, x, ((double[]){factor / 2, factor}), 1e-15);
  gd_stepper_reset(work.stepper); /* parameters stay */
  ck_assert(value_of(work.stepper, GD_STEP_SIZE, 0) == 0.5);
  retire(&work);
}
END_TEST

static double constant(void *context, uint64_t step) {
  (void)step;
  return *(const double *)context;
}

START_TEST(a_scheduled_value_stays_in_range) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double factor = -1, x[2] = {1, 2};
  assert_ok(gd_stepper_schedule(work.stepper, GD_STEP_SIZE, constant, &factor));
  assert_ok(gd_stepper_step(work.stepper, x)); /* a negative step size becomes 0 */
  assert_same(2, x, ((double[]){1, 2}));
  factor = 1;
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.5, 1}));
  retire(&work);
}
END_TEST

START_TEST(a_schedule_that_gives_nan_fails_the_step) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double factor = 1, x[2] = {1, 2};
  assert_ok(gd_stepper_schedule(work.stepper, GD_STEP_SIZE, constant, &factor));
  factor = NAN;
  assert_fails(gd_stepper_step(work.stepper, x), GD_ERR_NONFINITE, "schedule of step_size gives nan at step 0");
  assert_same(2, x, ((double[]){1, 2}));
  ck_assert_uint_eq(gd_stepper_steps(work.stepper), 0);
  factor = 0.5;
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.75, 1.5}));
  retire(&work);
}
END_TEST

START_TEST(only_real_parameters_have_schedules) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_ALTERNATING);
  assert_fails(gd_stepper_schedule(work.stepper, "inner_steps", halving, NULL), GD_ERR_ARGUMENT,
               "inner_steps is not a real parameter");
  assert_fails(gd_stepper_schedule(work.stepper, "fresh_draw", halving, NULL), GD_ERR_ARGUMENT, "not a real");
  retire(&work);
}
END_TEST

/* v = -x with RMSProp of decay 0: d / (|d| + e), e = 2^-t: scheduled as the method's own are. */
START_TEST(parameters_of_a_scaling_have_schedules_too) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.decay", 0));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.epsilon_inside", 0));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.epsilon", 1));
  assert_ok(gd_stepper_schedule(work.stepper, "rmsprop.epsilon", halving, NULL));
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (int t = 0; t < 4; t++) {
    for (int k = 0; k < 2; k++) expected[k] -= 0.5 * expected[k] / (fabs(expected[k]) + ldexp(1, -t));
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-15);
  }
  retire(&work);
}
END_TEST

TEST_SUITE("params", sets_all_players_or_each, refuses_values_out_of_range_and_keeps_the_old_ones,
           lists_the_names_there_are, parameters_of_the_scaling_carry_its_name, refuses_what_is_not_there,
           a_schedule_multiplies_the_value_set, a_scheduled_value_stays_in_range,
           a_schedule_that_gives_nan_fails_the_step, only_real_parameters_have_schedules,
           parameters_of_a_scaling_have_schedules_too)
