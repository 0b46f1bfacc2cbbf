/* SPDX-License-Identifier: BSD-3-Clause */
/* ensemble.c -- members are what single runs are, know nothing of each other, and may fail. */
#include "ensemble/members.h"
#include "support/failing_memory.h"

#include <stdio.h>

/* ---- members and single runs ---- */

/* Member k of an ensemble, made by hand. */
static void run_alone(const gd_game *game, const char *method, const gd_ensemble_options *options, size_t k, double *x,
                      gd_run_result *result) {
  gd_game *own = NULL;
  gd_stepper *stepper = NULL;
  gd_eval_options eval = *options->eval;
  eval.seed = options->seed;
  eval.stream = k;
  gd_rng rng = gd_rng_make(options->seed, k);
  assert_ok(gd_game_dup(&own, game));
  assert_ok(gd_game_configure(own, &eval));
  assert_ok(gd_stepper_create_named(&stepper, own, method));
  assert_ok(gd_stepper_set_scaling(stepper, options->scaling));
  ck_assert_int_eq(prepare_anywhere(NULL, k, &rng, stepper, x), 0);
  assert_ok(gd_run(stepper, x, options->run, result));
  gd_stepper_destroy(stepper);
  gd_game_destroy(own);
}

static void compare_with_single_runs(const test_game *kind, const char *method, const char *scaling) {
  gd_game *game = create_test_game(kind, NULL);
  gd_run_options run = member_steps(40);
  gd_eval_options eval;
  gd_eval_options_init(&eval);
  eval.batch_size = 3;
  run.gradient_tolerance = 1e-3;
  gd_ensemble_options options = member_options(6, &run);
  options.eval = &eval;
  options.scaling = scaling;
  gd_ensemble *ensemble = ensemble_of(game, method, &options);
  for (size_t k = 0; k < options.members; k++) {
    double x[MEMBER_N];
    gd_run_result alone, member;
    run_alone(game, method, &options, k, x, &alone);
    assert_ok(gd_ensemble_result(ensemble, k, &member));
    assert_same_result(&member, &alone, true);
    ck_assert_mem_eq(gd_ensemble_point(ensemble, k), x, gd_game_size(game) * sizeof *x);
  }
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}

START_TEST(members_are_what_single_runs_are) {
  const test_game noisy = noisy_game(), curved = curved_game();
  const char *const methods[] = {GD_OPTIMISTIC, GD_ALTERNATING, GD_IMPLICIT};
  for (size_t m = 0; m < 3; m++)
    for (size_t k = 0; gd_scaling_at(k); k++) {
      compare_with_single_runs(&noisy, methods[m], gd_scaling_at(k));
      compare_with_single_runs(&curved, methods[m], gd_scaling_at(k));
    }
}
END_TEST

/* v = -x under step size 1/2 halves x, exactly. */
START_TEST(without_options_there_is_one_run_from_zero) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, NULL);
  gd_run_result result;
  assert_ok(gd_ensemble_result(ensemble, 0, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.steps, 0);
  ck_assert(gd_ensemble_point(ensemble, 0)[0] == 0 && gd_ensemble_point(ensemble, 0)[1] == 0);
  ck_assert_ptr_null(gd_ensemble_point(ensemble, 1));
  gd_ensemble_destroy(ensemble);

  const double start[] = {1, -2};
  const gd_run_options run = member_steps(1);
  gd_ensemble_options options = member_options(2, &run);
  options.prepare = NULL;
  options.start = start;
  ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  for (size_t k = 0; k < 2; k++) {
    ck_assert_double_eq(gd_ensemble_point(ensemble, k)[0], 1 - 0.01);
    ck_assert_double_eq(gd_ensemble_point(ensemble, k)[1], -2 + 0.01 * 2);
  }
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

START_TEST(draws_are_those_of_the_game_if_nothing_else_is_said) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options eval;
  gd_eval_options_init(&eval);
  eval.batch_size = 7;
  eval.seed = 99; /* the ensemble's own seed takes its place */
  const gd_run_options run = member_steps(5);
  gd_ensemble_options options = member_options(4, &run);
  options.eval = &eval;
  gd_ensemble *told = ensemble_of(game, GD_SIMULTANEOUS, &options);
  assert_ok(gd_game_configure(game, &eval));
  options.eval = NULL;
  gd_ensemble *as_configured = ensemble_of(game, GD_SIMULTANEOUS, &options);
  assert_same_ensembles(told, as_configured, 2, true);
  gd_draw draw;
  gd_counts counts;
  ck_assert(gd_game_get_draw(game, &draw));
  gd_game_counts(game, &counts);
  ck_assert(draw.seed == 99 && draw.stream == 0 && draw.index == 0);
  ck_assert_uint_eq(counts.gradients, 0);
  gd_ensemble_destroy(as_configured);
  gd_ensemble_destroy(told);
  gd_game_destroy(game);
}
END_TEST

/* ---- members apart ---- */

static double fall(void *context, uint64_t step) {
  (void)context;
  return 1 / (1.0 + (double)step);
}

/* Members divisible by three change all that can be changed. */
static gd_status change_some(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  x[0] = 1;
  if (member % 3) return 0;
  GD_TRY(gd_stepper_set_scaling(stepper, GD_SCALING_ADAM));
  GD_TRY(gd_stepper_set(stepper, "adam.epsilon", 0.5));
  GD_TRY(gd_stepper_set(stepper, "correction", 0.25));
  GD_TRY(gd_stepper_schedule(stepper, GD_STEP_SIZE, fall, NULL));
  gd_stepper_request_stop(stepper);
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.5);
}

START_TEST(a_member_finds_nothing_of_the_one_before) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_run_options run = member_steps(9);
  gd_ensemble_options options = member_options(7, &run);
  options.prepare = change_some;
  gd_ensemble *ensemble = ensemble_of(game, GD_OPTIMISTIC, &options);
  for (size_t k = 0; k < 7; k++) {
    gd_run_result result;
    assert_ok(gd_ensemble_result(ensemble, k, &result));
    ck_assert_int_eq(result.stop, k % 3 ? GD_STOP_STEPS : GD_STOP_REQUESTED);
    ck_assert_uint_eq(result.steps, k % 3 ? 9 : 0);
    ck_assert_mem_eq(gd_ensemble_point(ensemble, k), gd_ensemble_point(ensemble, k % 3), 2 * sizeof(double));
  }
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* ---- failures ---- */

/* From (1, 5) a step of 1/4 on the half plane leaves its domain; (1, 1) is stationary. */
static gd_status prepare_badly(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  const double starts[][2] = {{1, 1}, {1, 5}, {7, 8}, {7, 9}, {1, NAN}, {1, 1}};
  memcpy(x, starts[member], sizeof starts[member]);
  if (member == 2) return GD_ERR_DOMAIN;
  if (member == 3) return gd_stepper_set(stepper, "stepsize", 1);
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.25);
}

START_TEST(members_that_fail_are_results) {
  const test_game kind = half_plane_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_run_options run = member_steps(10);
  gd_ensemble_options options = member_options(6, &run);
  options.prepare = prepare_badly;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  gd_run_result result;
  assert_ok(gd_ensemble_result(ensemble, 0, &result));
  ck_assert_uint_eq(result.steps, 10);
  assert_fails(gd_ensemble_result(ensemble, 1, &result), GD_ERR_DOMAIN, "outside the game's domain");
  ck_assert_uint_eq(result.steps, 1);
  ck_assert(gd_ensemble_point(ensemble, 1)[0] == 0 && gd_ensemble_point(ensemble, 1)[1] == 4);
  assert_fails(gd_ensemble_result(ensemble, 2, &result), GD_ERR_DOMAIN, "prepare returned GD_ERR_DOMAIN for member 2");
  ck_assert_ptr_null(strstr(gd_last_error(), "member 2:"));
  ck_assert(result.steps == 0 && isnan(result.x_norm) && gd_ensemble_point(ensemble, 2)[1] == 8);
  assert_fails(gd_ensemble_result(ensemble, 3, NULL), GD_ERR_NAME,
               "prepare returned GD_ERR_NAME for member 3: simultaneous has no parameter \"stepsize\"");
  assert_fails(gd_ensemble_result(ensemble, 4, NULL), GD_ERR_NONFINITE, "x[1] is nan, expected a finite start");
  assert_ok(gd_ensemble_result(ensemble, 5, NULL));
  ck_assert_uint_eq(gd_ensemble_failed(ensemble), 4);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_STEPS), 2);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

START_TEST(a_step_that_did_not_converge_is_told) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  static const double start[] = {2, 2, 2, 2, 2};
  gd_run_options run = member_steps(2);
  gd_method hasty = *gd_method_find(GD_IMPLICIT);
  gd_param rows[8];
  memcpy(rows, hasty.params, hasty.n_params * sizeof *rows);
  for (size_t k = 0; k < hasty.n_params; k++) {
    if (strcmp(rows[k].name, "max_iterations") == 0) rows[k].initial = 1;
    if (strcmp(rows[k].name, GD_STEP_SIZE) == 0) rows[k].initial = 1;
  }
  hasty.params = rows;
  gd_ensemble_options options = member_options(2, &run);
  options.prepare = NULL;
  options.start = start;
  gd_ensemble *ensemble = NULL;
  assert_ok(gd_ensemble_run(&ensemble, game, &hasty, &options));
  ck_assert_int_eq(gd_ensemble_result(ensemble, 1, NULL), GD_NOT_CONVERGED);
  ck_assert_uint_eq(gd_ensemble_failed(ensemble), 0);
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* ---- progress ---- */

typedef struct listener {
  size_t calls, last, stop_at;
} listener;

static int listen(void *context, size_t done) {
  listener *own = context;
  own->calls++;
  own->last = done;
  return own->calls == own->stop_at;
}

START_TEST(progress_is_told_and_may_stop) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_run_options run = member_steps(3);
  gd_ensemble_options options = member_options(9, &run);
  listener listening = {0};
  options.context = &listening;
  options.progress = listen;
  gd_ensemble_destroy(ensemble_of(game, GD_SIMULTANEOUS, &options));
  ck_assert(listening.calls == 9 && listening.last == 9);

  listening = (listener){.stop_at = 4};
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  ck_assert(listening.calls == 4 && listening.last == 4);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_STEPS), 4);
  ck_assert_uint_eq(gd_ensemble_stopped(ensemble, GD_STOP_REQUESTED), 5);
  gd_run_result result;
  assert_ok(gd_ensemble_result(ensemble, 4, &result));
  ck_assert(result.steps == 0 && isnan(result.x_norm) && isnan(result.gradient_norm));
  ck_assert(isnan(gd_ensemble_point(ensemble, 4)[0]) && isnan(gd_ensemble_point(ensemble, 8)[1]));
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* ---- arguments and memory ---- */

START_TEST(checks_its_arguments) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_method *method = gd_method_find(GD_SIMULTANEOUS);
  gd_ensemble *ensemble = NULL;
  gd_run_options run = member_steps(3);
  gd_ensemble_options options = member_options(0, &run);
  assert_fails(gd_ensemble_run(NULL, game, method, NULL), GD_ERR_ARGUMENT, "ensemble is NULL");
  assert_fails(gd_ensemble_run(&ensemble, NULL, method, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_ensemble_run(&ensemble, game, NULL, NULL), GD_ERR_ARGUMENT, "method is NULL");
  assert_fails(gd_ensemble_run(&ensemble, game, method, &(gd_ensemble_options){0}), GD_ERR_STRUCT,
               "gd_ensemble_options");
  assert_fails(gd_ensemble_run(&ensemble, game, method, &options), GD_ERR_ARGUMENT, "members is 0");
  options.members = 2;
  options.scaling = "adan";
  assert_fails(gd_ensemble_run(&ensemble, game, method, &options), GD_ERR_NAME, "\"adan\"");
  options.scaling = NULL;
  run.check_every = 0;
  assert_fails(gd_ensemble_run(&ensemble, game, method, &options), GD_ERR_ARGUMENT, "check_every is 0");
  run.check_every = 1;
  const gd_eval_options eval = {.struct_size = sizeof eval, .difference_step = 2};
  options.eval = &eval;
  assert_fails(gd_ensemble_run(&ensemble, game, method, &options), GD_ERR_ARGUMENT, "difference_step is 2");
  ck_assert_ptr_null(ensemble);
  gd_ensemble_destroy(NULL);
  ck_assert_uint_eq(gd_ensemble_members(NULL), 0);
  ck_assert_ptr_null(gd_ensemble_point(NULL, 0));
  assert_fails(gd_ensemble_result(NULL, 0, NULL), GD_ERR_ARGUMENT, "ensemble is NULL");
  ensemble = ensemble_of(game, GD_SIMULTANEOUS, NULL);
  assert_fails(gd_ensemble_result(ensemble, 1, NULL), GD_ERR_ARGUMENT, "member is 1, but the ensemble has 1");
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
}
END_TEST

/* Members that change their scaling, and one that fails. */
static gd_status prepare_for_memory(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)rng;
  x[0] = 1;
  if (member == 1) return GD_ERR_DOMAIN;
  return member == 2 ? gd_stepper_set_scaling(stepper, GD_SCALING_ADAM) : GD_OK;
}

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = noisy_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  const gd_run_options run = member_steps(2);
  gd_ensemble_options options = member_options(4, &run);
  gd_game *game = NULL;
  gd_ensemble *ensemble = NULL;
  (void)argument;
  options.prepare = prepare_for_memory;
  options.scaling = GD_SCALING_RMSPROP;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_OPTIMISTIC), &options);
  ck_assert((status == GD_OK) == (ensemble != NULL));
  gd_ensemble_destroy(ensemble);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 20); }
END_TEST

TEST_SUITE("ensemble", members_are_what_single_runs_are, without_options_there_is_one_run_from_zero,
           draws_are_those_of_the_game_if_nothing_else_is_said, a_member_finds_nothing_of_the_one_before,
           members_that_fail_are_results, a_step_that_did_not_converge_is_told, progress_is_told_and_may_stop,
           checks_its_arguments, survives_every_refused_allocation)
