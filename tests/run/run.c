/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c -- a run fails clearly, leaves the last point behind, and wants no memory while it goes. */
#include "support/failing_memory.h"
#include "support/runs.h"

/* v = (1/x0 - x1, x0 - x1) at (1, 5) with step size 1/4: x0 = 0 after one step, outside x0 >= 1/2. */
START_TEST(returns_failures_of_the_game_and_keeps_the_point) {
  const test_game half_plane = half_plane_game();
  gd_stepper *stepper = steps_of(&half_plane, GD_SIMULTANEOUS, 0.25);
  gd_run_options options = only_steps(10);
  gd_run_result result;
  double x[] = {1, 5};
  assert_fails(gd_run(stepper, x, &options, &result), GD_ERR_DOMAIN, "outside the game's domain");
  ck_assert_uint_eq(result.steps, 1);
  ck_assert_double_eq(x[0], 0);
  ck_assert_double_eq(x[1], 4);
  ck_assert_double_eq(result.x_norm, 4);
  ck_assert(isnan(result.gradient_norm));
  ck_assert_uint_eq(result.counts.gradients, 2);
  release_steps(stepper);

  failing_calls calls = {.fail_at = 3, .code = -7};
  const test_game failing = failing_game(&calls);
  stepper = steps_of(&failing, GD_SIMULTANEOUS, 1);
  double y[] = {1, 0};
  assert_fails(gd_run(stepper, y, &options, &result), GD_ERR_CALLBACK, "returned -7");
  ck_assert_uint_eq(result.steps, 2);
  ck_assert(y[0] == 0 && y[1] == 2);
  release_steps(stepper);
}
END_TEST

START_TEST(returns_failures_of_its_own_looks) {
  failing_calls calls = {.fail_at = 1, .code = -7};
  const test_game failing = failing_game(&calls);
  gd_stepper *stepper = steps_of(&failing, GD_SIMULTANEOUS, 1);
  gd_run_result result;
  double x[] = {1, 0};
  assert_fails(gd_run(stepper, x, NULL, &result), GD_ERR_CALLBACK, "returned -7");
  ck_assert_uint_eq(result.steps, 0);
  ck_assert_double_eq(result.x_norm, 1);
  release_steps(stepper);
}
END_TEST

/* The run is over when the gradient fails, so it says no more than that it has none. */
START_TEST(does_without_the_gradient_at_the_end) {
  const test_game kind = half_plane_game();
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 0.25);
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 1;
  gd_run_result result;
  double x[] = {1, 5};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  ck_assert(isnan(result.gradient_norm));
  release_steps(stepper);
}
END_TEST

START_TEST(passes_on_that_a_step_did_not_converge) {
  const test_game kind = curved_game();
  gd_stepper *stepper = steps_of(&kind, GD_IMPLICIT, 1);
  assert_ok(gd_stepper_set(stepper, "max_iterations", 1));
  const gd_run_options options = only_steps(3);
  gd_run_result result;
  double x[] = {2, 2, 2, 2, 2};
  ck_assert_int_eq(gd_run(stepper, x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  ck_assert_uint_eq(result.steps, 3);
  release_steps(stepper);
}
END_TEST

START_TEST(refuses_a_start_that_is_not_finite) {
  gd_stepper *stepper = halving_steps();
  gd_run_result result;
  double x[] = {1, NAN};
  assert_fails(gd_run(stepper, x, NULL, &result), GD_ERR_NONFINITE, "x[1] is nan, expected a finite start");
  ck_assert_double_eq(x[0], 1);
  ck_assert_uint_eq(gd_stepper_steps(stepper), 0);
  ck_assert_uint_eq(result.steps, 0);
  release_steps(stepper);
}
END_TEST

static void assert_refused(gd_stepper *stepper, const gd_run_options *options, const char *words) {
  double x[] = {1, 2};
  assert_fails(gd_run(stepper, x, options, NULL), GD_ERR_ARGUMENT, words);
  ck_assert(x[0] == 1 && x[1] == 2);
  ck_assert_uint_eq(gd_stepper_steps(stepper), 0);
}

#define REFUSE(member, value, words)                                                                                   \
  do {                                                                                                                 \
    gd_run_options options;                                                                                            \
    gd_run_options_init(&options);                                                                                     \
    options.member = (value);                                                                                          \
    assert_refused(stepper, &options, words);                                                                          \
  } while (0)

START_TEST(checks_its_arguments) {
  gd_stepper *stepper = halving_steps();
  double x[] = {1, 2};
  assert_fails(gd_run(NULL, x, NULL, NULL), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_run(stepper, NULL, NULL, NULL), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_run(stepper, x, &(gd_run_options){0}, NULL), GD_ERR_STRUCT, "gd_run_options");
  REFUSE(gradient_tolerance, -1, "gradient_tolerance is -1");
  REFUSE(gradient_tolerance, NAN, "gradient_tolerance is nan");
  REFUSE(step_tolerance, -1, "step_tolerance is -1");
  REFUSE(max_seconds, NAN, "max_seconds is nan");
  REFUSE(divergence_norm, 0, "divergence_norm is 0");
  REFUSE(check_every, 0, "check_every is 0");
  REFUSE(observe_every, 0, "observe_every is 0");
  REFUSE(n_observers, 1, "observers is NULL, expected 1");
  const gd_observer nobody = {NULL, NULL};
  gd_run_options options;
  gd_run_options_init(&options);
  options.observers = &nobody;
  options.n_observers = 1;
  assert_refused(stepper, &options, "observers[0].observe is NULL");
  release_steps(stepper);
}
END_TEST

static size_t allocations_of(uint64_t steps) {
  const test_game kind = rotation_game();
  failing_memory memory;
  failing_memory_init(&memory, 0);
  gd_game *game = create_test_game(&kind, &memory.env);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC));
  const gd_run_options options = only_steps(steps);
  const size_t before = memory.calls;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, NULL));
  const size_t spent = memory.calls - before;
  release_steps(stepper);
  ck_assert_uint_eq(memory.live, 0);
  return spent;
}

START_TEST(allocates_nothing_in_steps) { ck_assert_uint_eq(allocations_of(1000), allocations_of(0)); }
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  double x[] = {1, 0};
  (void)argument;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS);
  if (status == GD_OK) status = gd_run(stepper, x, NULL, NULL);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 2); }
END_TEST

TEST_SUITE("run", returns_failures_of_the_game_and_keeps_the_point, returns_failures_of_its_own_looks,
           does_without_the_gradient_at_the_end, passes_on_that_a_step_did_not_converge,
           refuses_a_start_that_is_not_finite, checks_its_arguments, allocates_nothing_in_steps,
           survives_every_refused_allocation)
