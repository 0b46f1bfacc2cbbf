/* SPDX-License-Identifier: BSD-3-Clause */
/* summary.c -- rates of success and quantiles over members, of which some fail and some never begin. */
#include "ensemble/members.h"
#include "support/failing_memory.h"

/* v = -x from x = 2^member with step size 1/2: j steps lead to 2^(member - j).  Member 3 fails. */
static gd_status prepare_powers(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  x[0] = ldexp(1, (int)member);
  if (member == 3) return GD_ERR_DOMAIN;
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.5);
}

static int stop_after_eight(void *context, size_t done) {
  (void)context;
  return done == 8;
}

/* Ten members; with `stop` the last two never begin. */
static gd_ensemble *powers(gd_game *game, bool stop) {
  const gd_run_options run = member_steps(2);
  gd_ensemble_options options = member_options(10, &run);
  options.prepare = prepare_powers;
  if (stop) options.progress = stop_after_eight;
  return ensemble_of(game, GD_SIMULTANEOUS, &options);
}

static bool is_small(void *context, size_t member, const double *x, const gd_run_result *result) {
  (void)member;
  return x[0] <= *(double *)context && result->steps == 2;
}

static double exponent(void *context, size_t member, const double *x, const gd_run_result *result) {
  (void)result;
  return member == *(size_t *)context ? NAN : log2(x[0]);
}

static bool always(void *context, size_t member, const double *x, const gd_run_result *result) {
  (void)context, (void)member, (void)x, (void)result;
  return true;
}

START_TEST(failing_members_had_their_trial_and_absent_ones_had_none) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  double most = 8; /* 2^(k - 2) <= 8 for members 0 to 5, of which one fails */
  for (int stop = 0; stop < 2; stop++) {
    gd_ensemble *ensemble = powers(game, stop);
    gd_proportion found, expected;
    assert_ok(gd_ensemble_success(ensemble, is_small, &most, 0.9, &found));
    assert_ok(gd_proportion_interval(5, stop ? 8 : 10, 0.9, &expected));
    ck_assert_mem_eq(&found, &expected, sizeof found);
    assert_ok(gd_ensemble_success(ensemble, always, NULL, 0.9, &found)); /* of who failed nobody is asked */
    assert_ok(gd_proportion_interval(stop ? 7 : 9, stop ? 8 : 10, 0.9, &expected));
    ck_assert_mem_eq(&found, &expected, sizeof found);
    gd_ensemble_destroy(ensemble);
  }
  gd_game_destroy(game);
}
END_TEST

static gd_stepper *current; /* of the one thread there is */

static gd_status prepare_number(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  x[0] = (double)member;
  current = stepper;
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.5);
}

/* Of the members that began at 2 or 3, after two steps. */
static int stop_the_later_ones(void *context, const gd_progress *progress) {
  (void)context;
  if (progress->step == 2 && progress->x[0] >= 0.5) gd_stepper_request_stop(current);
  return 0;
}

/* Member 0 begins at the stationary point and ends there after no step, member 1 takes all four steps: these are
 * trials.  Members 2 and 3 are stopped on request after two steps, and are none. */
START_TEST(members_stopped_midway_had_no_trial) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_observer observer = {stop_the_later_ones, NULL};
  gd_run_options run = member_steps(4);
  run.gradient_tolerance = 1e-9;
  run.observers = &observer;
  run.n_observers = 1;
  gd_ensemble_options options = member_options(4, &run);
  options.prepare = prepare_number;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  gd_run_result first, third;
  gd_proportion found;
  assert_ok(gd_ensemble_result(ensemble, 0, &first));
  ck_assert(first.stop == GD_STOP_GRADIENT && first.steps == 0);
  assert_ok(gd_ensemble_result(ensemble, 2, &third));
  ck_assert(third.stop == GD_STOP_REQUESTED && third.steps > 0);
  assert_ok(gd_ensemble_success(ensemble, always, NULL, 0.9, &found));
  ck_assert_uint_eq(found.trials, 2);
  ck_assert_uint_eq(found.successes, 2);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* Exponents -2, ..., 7 without 1: of nine, the median is the fifth; of those that began, -2 ... 5 without 1, the
 * fourth. */
START_TEST(quantiles_are_over_members_that_got_somewhere) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  const double levels[] = {0, 0.5, 1};
  size_t nobody = 99;
  for (int stop = 0; stop < 2; stop++) {
    gd_ensemble *ensemble = powers(game, stop);
    double quantiles[3];
    assert_ok(gd_ensemble_quantiles(ensemble, exponent, &nobody, 3, levels, quantiles));
    ck_assert_double_eq(quantiles[0], -2);
    ck_assert_double_eq(quantiles[1], stop ? 2 : 3);
    ck_assert_double_eq(quantiles[2], stop ? 5 : 7);
    gd_ensemble_destroy(ensemble);
  }
  gd_game_destroy(game);
}
END_TEST

static gd_status fail_always(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)member, (void)rng, (void)stepper, (void)x;
  return GD_ERR_DOMAIN;
}

/* |v| = |x| = 1/2 for the rotation: a norm equal to the tolerance is small enough, in lanes as alone. */
static gd_status prepare_half(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)member, (void)rng;
  x[0] = 0.5, x[1] = 0;
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.05);
}

START_TEST(a_norm_equal_to_the_tolerance_ends_a_member) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_run_options run = member_steps(3);
  run.gradient_tolerance = 0.5;
  gd_ensemble_options options = member_options(4, &run);
  options.prepare = prepare_half;
  for (options.lanes = 1; options.lanes <= 4; options.lanes++) {
    gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
    ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_GRADIENT), 4);
    gd_ensemble_destroy(ensemble);
  }
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_what_is_wrong) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_ensemble *ensemble = powers(game, false);
  double most = 1, quantiles[1] = {7};
  const double half = 0.5, past = 2;
  size_t second = 2, nobody = 99;
  gd_proportion p;
  assert_fails(gd_ensemble_success(NULL, is_small, &most, 0.9, &p), GD_ERR_ARGUMENT, "ensemble is NULL");
  assert_fails(gd_ensemble_success(ensemble, NULL, &most, 0.9, &p), GD_ERR_ARGUMENT, "success is NULL");
  assert_fails(gd_ensemble_success(ensemble, is_small, &most, 9, &p), GD_ERR_ARGUMENT, "confidence is 9");
  assert_fails(gd_ensemble_quantiles(NULL, exponent, &second, 1, &half, quantiles), GD_ERR_ARGUMENT, "ensemble");
  assert_fails(gd_ensemble_quantiles(ensemble, NULL, &second, 1, &half, quantiles), GD_ERR_ARGUMENT, "observable");
  assert_fails(gd_ensemble_quantiles(ensemble, exponent, &nobody, 1, &past, quantiles), GD_ERR_ARGUMENT, "levels[0]");
  assert_fails(gd_ensemble_quantiles(ensemble, exponent, &second, 1, &half, quantiles), GD_ERR_NONFINITE, "member 2");
  ck_assert_double_eq(quantiles[0], 7);
  ck_assert_uint_eq(gd_ensemble_stopped(NULL, GD_STOP_STEPS) + gd_ensemble_failed(NULL), 0);
  gd_ensemble_destroy(ensemble);

  gd_ensemble_options options = member_options(3, NULL);
  options.prepare = fail_always;
  ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  assert_fails(gd_ensemble_quantiles(ensemble, exponent, &second, 1, &half, quantiles), GD_ERR_ARGUMENT, "no member");
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = noisy_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  gd_ensemble *ensemble = NULL;
  const double half = 0.5;
  double median;
  size_t nobody = 99;
  (void)argument;
  gd_ensemble_options options = member_options(2, NULL);
  options.prepare = prepare_powers;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_SIMULTANEOUS), &options);
  if (status == GD_OK) status = gd_ensemble_quantiles(ensemble, exponent, &nobody, 1, &half, &median);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 10); }
END_TEST

TEST_SUITE("summary", failing_members_had_their_trial_and_absent_ones_had_none, members_stopped_midway_had_no_trial,
           quantiles_are_over_members_that_got_somewhere, says_what_is_wrong,
           a_norm_equal_to_the_tolerance_ends_a_member, survives_every_refused_allocation)
