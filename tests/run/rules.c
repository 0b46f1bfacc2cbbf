/* SPDX-License-Identifier: BSD-3-Clause */
/* rules.c -- each rule stops a run for its own reason and at the step where it must. */
#include "support/runs.h"

#include <time.h>

START_TEST(takes_all_steps_and_counts_what_they_cost) {
  gd_stepper *stepper = halving_steps();
  const gd_run_options options = only_steps(7);
  gd_run_result result;
  double x[] = {3, -4};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  ck_assert_uint_eq(result.steps, 7);
  ck_assert_double_eq(x[0], 3.0 / 128);
  ck_assert_double_eq(x[1], -4.0 / 128);
  ck_assert_double_eq(result.x_norm, 5.0 / 128);
  ck_assert_double_eq(result.gradient_norm, 5.0 / 128);
  ck_assert_uint_eq(result.counts.gradients, 7 + 1); /* one look at the end */
  ck_assert_double_ge(result.seconds, 0);
  assert_ok(gd_run(stepper, x, &options, &result)); /* and goes on, counting afresh */
  ck_assert_double_eq(x[0], 3.0 / 128 / 128);
  ck_assert_uint_eq(result.counts.gradients, 7 + 1);
  ck_assert_uint_eq(gd_stepper_steps(stepper), 14);
  release_steps(stepper);
}
END_TEST

/* |v| = |x| = 2^-k after k steps is first at most 1e-8 for k = 27.  One look ahead tells that from a small field. */
START_TEST(stops_where_the_gradient_vanishes) {
  static const struct {
    uint64_t check_every, max_steps, steps, looks;
  } cases[] = {{1, 1000, 27, 28}, {10, 1000, 30, 4}, {10, 27, 27, 4}, {1000, 27, 27, 2}};
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    gd_stepper *stepper = halving_steps();
    gd_run_options options;
    gd_run_options_init(&options);
    options.check_every = cases[k].check_every;
    options.max_steps = cases[k].max_steps;
    gd_run_result result;
    double x[] = {1, 0};
    assert_ok(gd_run(stepper, x, &options, &result));
    ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
    ck_assert_uint_eq(result.steps, cases[k].steps);
    ck_assert_double_eq(result.gradient_norm, ldexp(1, -(int)cases[k].steps));
    ck_assert_uint_eq(result.counts.gradients, cases[k].steps + cases[k].looks + 1);
    release_steps(stepper);
  }
}
END_TEST

/* |v| = 2^-step first is 2^-12 at step 12.  A run that goes on from step 7 looks there, at 10 and at 20: the steps that
 * check_every divides, not those that lie a multiple of it after the start. */
START_TEST(looks_at_the_same_steps_after_a_pause) {
  gd_stepper *stepper = halving_steps();
  double x[] = {1, 0};
  gd_run_options options = only_steps(7);
  gd_run_result result;
  assert_ok(gd_run(stepper, x, &options, &result));
  options.max_steps = 1000;
  options.gradient_tolerance = 0x1p-12;
  options.check_every = 10;
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.steps, 13);
  release_steps(stepper);
}
END_TEST

START_TEST(does_not_leave_a_stationary_point) {
  gd_stepper *stepper = rotating_steps(0.5);
  gd_run_result result;
  double x[] = {0, 0};
  assert_ok(gd_run(stepper, x, NULL, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.steps, 0);
  ck_assert_uint_eq(gd_stepper_steps(stepper), 0);
  release_steps(stepper);
}
END_TEST

START_TEST(never_takes_small_steps_for_convergence) {
  gd_stepper *stepper = rotating_steps(1e-12);
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 50;
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  options.step_tolerance = 1e-9;
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_STALLED);
  ck_assert_uint_eq(result.steps, 1);
  ck_assert_double_eq(result.gradient_norm, 1);
  release_steps(stepper);
}
END_TEST

/* |x' - x| = 2^-k |x_0| in step k: at most 2^-5 in step 5. */
START_TEST(stops_when_moves_are_short) {
  gd_stepper *stepper = halving_steps();
  gd_run_options options = only_steps(100);
  options.step_tolerance = ldexp(1, -5);
  gd_run_result result;
  double x[] = {0, 1};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_STALLED);
  ck_assert_uint_eq(result.steps, 5);
  release_steps(stepper);
}
END_TEST

/* 1.01^(k/2) > 10 first for k = 463: 2 log 10 / log 1.01 = 462.8. */
START_TEST(notices_a_cycle_that_grows) {
  gd_stepper *stepper = rotating_steps(0.1);
  gd_run_options options;
  gd_run_options_init(&options);
  options.divergence_norm = 10;
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_DIVERGED);
  ck_assert_uint_eq(result.steps, 463);
  assert_close(result.x_norm, pow(1.01, 231.5), 1e-13, 0);
  assert_close(hypot(x[0], x[1]), pow(1.01, 231.5), 1e-13, 0);
  release_steps(stepper);
}
END_TEST

/* (1, 0) -> (1, h) -> (1 - h^2, 2h) with h = 1e200 overflows in the second step; squares do so in the first. */
START_TEST(leaves_the_last_finite_point_after_an_overflow) {
  gd_stepper *stepper = rotating_steps(1e200);
  gd_run_options options = only_steps(100);
  options.divergence_norm = INFINITY;
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_DIVERGED);
  ck_assert_uint_eq(result.steps, 2);
  ck_assert_double_eq(x[0], 1);
  ck_assert_double_eq(x[1], 1e200);
  ck_assert_double_eq(result.x_norm, 1e200);
  ck_assert_double_eq(result.gradient_norm, 1e200);
  release_steps(stepper);
}
END_TEST

/* A NaN in a gradient: call 4 is step 4's. */
START_TEST(ends_at_a_gradient_that_is_not_finite) {
  failing_calls calls = {.fail_at = 4};
  const test_game kind = failing_game(&calls);
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 1);
  const gd_run_options options = only_steps(100);
  gd_run_result result;
  double x[] = {1, 0}; /* each step multiplies by 1 + i */
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_DIVERGED);
  ck_assert_uint_eq(result.steps, 3);
  ck_assert_double_eq(x[0], -2);
  ck_assert_double_eq(x[1], 2);
  ck_assert_double_eq(result.gradient_norm, sqrt(8)); /* the next call is fine again */
  release_steps(stepper);
}
END_TEST

START_TEST(ends_when_the_look_at_the_gradient_is_not_finite) {
  failing_calls calls = {.fail_at = 1};
  const test_game kind = failing_game(&calls);
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 1);
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, NULL, &result));
  ck_assert_int_eq(result.stop, GD_STOP_DIVERGED);
  ck_assert_uint_eq(result.steps, 0);
  release_steps(stepper);
}
END_TEST

START_TEST(stops_when_the_gradients_are_spent) {
  const test_game kind = rotation_game();
  gd_stepper *stepper = steps_of(&kind, GD_EXTRAGRADIENT, 0.1); /* two a step */
  gd_run_options options = only_steps(100);
  options.max_gradients = 9;
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENTS_SPENT);
  ck_assert_uint_eq(result.steps, 5);
  ck_assert_uint_eq(result.counts.gradients, 10 + 1);
  release_steps(stepper);
}
END_TEST

/* Blocks of 2 and 3 of 5 variables: with two moves of the first player a step costs 2 (2/5) + 3/5 = 7/5 gradients,
 * and 7k/5, rounded up, is 2, 3, 5 for k = 1, 2, 3. */
START_TEST(counts_player_gradients_by_their_share) {
  const test_game kind = curved_game();
  gd_stepper *stepper = steps_of(&kind, GD_ALTERNATING, 1e-3);
  assert_ok(gd_stepper_set_players(stepper, "inner_steps", (double[]){2, 1}));
  gd_run_options options = only_steps(100);
  options.max_gradients = 4;
  gd_run_result result;
  double x[5] = {0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENTS_SPENT);
  ck_assert_uint_eq(result.steps, 3);
  ck_assert_uint_eq(result.counts.player_gradients, 9);
  ck_assert_uint_eq(result.counts.player_entries, 21);
  release_steps(stepper);
}
END_TEST

static int sleep_20_ms(void *context, const gd_progress *progress) {
  (void)context, (void)progress;
  return nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

START_TEST(stops_when_the_time_is_over) {
  gd_stepper *stepper = rotating_steps(0.1);
  const gd_observer sleeper = {sleep_20_ms, NULL};
  gd_run_options options = only_steps(1000);
  options.max_seconds = 0.05;
  options.check_every = 1;
  options.observers = &sleeper;
  options.n_observers = 1;
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_SECONDS);
  ck_assert_uint_le(result.steps, 3); /* 20 ms before each step */
  ck_assert_double_ge(result.seconds, 0.05);
  release_steps(stepper);
}
END_TEST

START_TEST(says_why_it_stopped) {
  ck_assert_str_eq(gd_stop_text(GD_STOP_GRADIENT), "a stationary point was reached");
  for (gd_stop stop = GD_STOP_STEPS; stop <= GD_STOP_SMALL_FIELD; stop++) {
    ck_assert_uint_gt(strlen(gd_stop_text(stop)), 8);
    for (gd_stop other = GD_STOP_STEPS; other < stop; other++)
      ck_assert_str_ne(gd_stop_text(stop), gd_stop_text(other));
  }
  ck_assert_str_eq(gd_stop_text((gd_stop)99), "unknown");
  ck_assert_str_eq(gd_stop_text((gd_stop)-1), "unknown");
}
END_TEST

TEST_SUITE("rules", takes_all_steps_and_counts_what_they_cost, stops_where_the_gradient_vanishes,
           looks_at_the_same_steps_after_a_pause, does_not_leave_a_stationary_point,
           never_takes_small_steps_for_convergence, stops_when_moves_are_short, notices_a_cycle_that_grows,
           leaves_the_last_finite_point_after_an_overflow, ends_at_a_gradient_that_is_not_finite,
           ends_when_the_look_at_the_gradient_is_not_finite, stops_when_the_gradients_are_spent,
           counts_player_gradients_by_their_share, stops_when_the_time_is_over, says_why_it_stopped)
