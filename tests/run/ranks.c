/* SPDX-License-Identifier: BSD-3-Clause */
/* ranks.c -- whatever happens on one rank, all ranks stop together, at the same step and for the same reason.
 *
 * Each rank holds a slice of x; v = -x, so that a simultaneous step of 1/2 halves x exactly. */
#include "support/ranks.h"

#include "support/runs.h"

#include <stdio.h>
#include <time.h>

/* What one rank does differently, and what it got. */
typedef struct rank_case {
  failing_calls calls; /* of the gradient */
  bool is_replicated;
  gd_run_options options;
  double x[2];
  uint64_t request_at, stop_at; /* an observer of this rank asks for a stop, or stops, at this step; 0: never */
  bool sleeps;                  /* it sleeps 20 ms at each step */
  double first_slope;           /* v_0 = first_slope x_0; 0 stands for -1 */
  /* ---- */
  gd_status status;
  char error[200];
  gd_run_result result;
  double distance; /* to 0, in the last row of a trace */
} rank_case;

static int slice_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  rank_case *of = data;
  (void)draw;
  v[0] = of->first_slope != 0 ? of->first_slope * x[0] : -x[0];
  v[1] = -x[1];
  if (++of->calls.calls != of->calls.fail_at) return 0;
  if (of->calls.code == 0) v[1] = NAN;
  return of->calls.code;
}

static int act_at_steps(void *context, const gd_progress *progress) {
  const rank_case *of = context;
  if (of->sleeps) nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  if (of->request_at && progress->step == of->request_at) gd_stepper_request_stop((gd_stepper *)progress->stepper);
  return of->stop_at && progress->step == of->stop_at;
}

static void run_slice(const gd_env *env, void *argument) {
  rank_case *of = argument;
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops), .gradient = slice_gradient},
                          .data = of,
                          .n_players = 1,
                          .block_sizes = {2},
                          .traits = of->is_replicated ? 0 : GD_PARTITIONED};
  gd_game *game = create_test_game(&kind, env);
  gd_stepper *stepper = NULL;
  gd_trace *trace = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.5));
  assert_ok(gd_trace_create(&trace, game, GD_TRACE_DISTANCE, (double[]){0, 0}));
  const gd_observer observers[] = {{act_at_steps, of}, gd_trace_observer(trace)};
  of->options.observers = observers;
  of->options.n_observers = 2;
  of->status = gd_run(stepper, of->x, &of->options, &of->result);
  snprintf(of->error, sizeof of->error, "%s", of->status < 0 ? gd_last_error() : "");
  if (gd_trace_rows(trace)) of->distance = gd_trace_column(trace, GD_TRACE_DISTANCE)[gd_trace_rows(trace) - 1];
  gd_trace_destroy(trace);
  release_steps(stepper);
}

static void make_cases(rank_case cases[2]) {
  for (int k = 0; k < 2; k++) cases[k] = (rank_case){.options = only_steps(10), .x = {3 + k, 0}}; /* (3, 0), (4, 0) */
}

static void run_cases(rank_case cases[2]) { on_two_ranks(run_slice, (void *[2]){&cases[0], &cases[1]}); }

static void assert_both_stopped(const rank_case cases[2], gd_stop stop, uint64_t steps) {
  for (int k = 0; k < 2; k++) {
    ck_assert_msg(cases[k].status == GD_OK, "rank %d: %s", k, cases[k].error);
    ck_assert_int_eq(cases[k].result.stop, stop);
    ck_assert_uint_eq(cases[k].result.steps, steps);
  }
}

START_TEST(measures_over_all_slices) {
  rank_case cases[2];
  make_cases(cases);
  run_cases(cases);
  assert_both_stopped(cases, GD_STOP_STEPS, 10);
  for (int k = 0; k < 2; k++) {
    ck_assert_double_eq(cases[k].result.x_norm, ldexp(5, -10));
    ck_assert_double_eq(cases[k].result.gradient_norm, ldexp(5, -10));
    ck_assert_double_eq(cases[k].distance, ldexp(5, -10));
    ck_assert_uint_gt(cases[k].result.counts.reductions, 10);
  }
}
END_TEST

/* |v| = 5 2^-k <= 5 2^-6 first for k = 6; the slices alone would stop earlier. */
START_TEST(stops_by_the_whole_gradient) {
  rank_case cases[2];
  make_cases(cases);
  for (int k = 0; k < 2; k++) {
    cases[k].options.gradient_tolerance = ldexp(5, -6);
    cases[k].options.check_every = 1;
  }
  run_cases(cases);
  assert_both_stopped(cases, GD_STOP_GRADIENT, 6);
}
END_TEST

START_TEST(stops_everywhere_when_one_rank_is_asked) {
  for (int asked = 0; asked < 2; asked++)
    for (int replicated = 0; replicated < 2; replicated++) {
      rank_case cases[2];
      make_cases(cases);
      cases[asked].request_at = 3;
      cases[0].is_replicated = cases[1].is_replicated = replicated;
      run_cases(cases);
      assert_both_stopped(cases, GD_STOP_REQUESTED, 4);
    }
}
END_TEST

START_TEST(stops_everywhere_when_one_observer_says_so) {
  for (int speaker = 0; speaker < 2; speaker++) {
    rank_case cases[2];
    make_cases(cases);
    cases[speaker].stop_at = 3;
    run_cases(cases);
    assert_both_stopped(cases, GD_STOP_OBSERVER, 3);
  }
}
END_TEST

START_TEST(goes_by_the_clock_of_rank_0) {
  rank_case cases[2];
  make_cases(cases);
  for (int k = 0; k < 2; k++) {
    cases[k].options.max_steps = 1000;
    cases[k].options.max_seconds = k == 0 ? 0.05 : 1e-9; /* rank 1 is not asked */
    cases[k].options.check_every = 1;
    cases[k].sleeps = true;
  }
  run_cases(cases);
  ck_assert_uint_gt(cases[0].result.steps, 0);
  ck_assert_uint_le(cases[0].result.steps, 3);
  assert_both_stopped(cases, GD_STOP_SECONDS, cases[0].result.steps);
}
END_TEST

START_TEST(diverges_everywhere_when_one_slice_does) {
  rank_case cases[2];
  make_cases(cases);
  cases[1].calls.fail_at = 4; /* a NaN in step 4 */
  run_cases(cases);
  for (int k = 0; k < 2; k++) {
    ck_assert_int_eq(cases[k].status, GD_OK);
    ck_assert_int_eq(cases[k].result.stop, GD_STOP_DIVERGED);
    ck_assert_double_eq(cases[k].x[0], (3 + k) / 8.0);
    ck_assert_double_eq(cases[k].result.x_norm, 5.0 / 8);
  }
}
END_TEST

/* Rank 1's x_0 = 1.5e308 grows by half of itself and overflows; rank 0's must go back with it. */
START_TEST(goes_back_everywhere_after_an_overflow) {
  rank_case cases[2];
  make_cases(cases);
  cases[1].first_slope = 1;
  cases[1].x[0] = 1.5e308;
  for (int k = 0; k < 2; k++) cases[k].options.divergence_norm = INFINITY;
  run_cases(cases);
  assert_both_stopped(cases, GD_STOP_DIVERGED, 1);
  ck_assert_double_eq(cases[0].x[0], 3);
  ck_assert_double_eq(cases[1].x[0], 1.5e308);
  for (int k = 0; k < 2; k++) assert_close(cases[k].result.x_norm, 1.5e308, 1e-15, 0);
}
END_TEST

static void assert_one_failed(const rank_case cases[2], gd_status status, const char *words) {
  ck_assert_int_eq(cases[1].status, status);
  ck_assert_int_eq(cases[0].status, status == GD_ERR_NONFINITE ? GD_ERR_NONFINITE : GD_ERR_REDUCE);
  ck_assert_msg(strstr(cases[0].error, words) != NULL, "said \"%s\", expected \"%s\"", cases[0].error, words);
}

START_TEST(fails_everywhere_when_one_rank_fails) {
  rank_case cases[2];
  make_cases(cases);
  cases[1].calls = (failing_calls){.fail_at = 3, .code = -1};
  run_cases(cases);
  assert_one_failed(cases, GD_ERR_CALLBACK, "the step failed on another rank");

  make_cases(cases);
  cases[1].x[0] = NAN;
  run_cases(cases);
  assert_one_failed(cases, GD_ERR_NONFINITE, "x is not finite on another rank");

  make_cases(cases);
  for (int k = 0; k < 2; k++) cases[k].options.gradient_tolerance = 1e-30;
  cases[1].calls = (failing_calls){.fail_at = 1, .code = -1};
  run_cases(cases);
  assert_one_failed(cases, GD_ERR_CALLBACK, "the gradient failed on another rank");
}
END_TEST

START_TEST(diverges_everywhere_when_one_look_is_not_finite) {
  rank_case cases[2];
  make_cases(cases);
  for (int k = 0; k < 2; k++) cases[k].options.gradient_tolerance = 1e-30;
  cases[1].calls.fail_at = 1;
  run_cases(cases);
  assert_both_stopped(cases, GD_STOP_DIVERGED, 0);
}
END_TEST

/* The last call, after 10 steps, is the look at the end, which both do without. */
START_TEST(does_without_the_last_gradient_everywhere) {
  rank_case cases[2];
  make_cases(cases);
  cases[1].calls = (failing_calls){.fail_at = 11, .code = 3};
  run_cases(cases);
  assert_both_stopped(cases, GD_STOP_STEPS, 10);
  for (int k = 0; k < 2; k++) ck_assert(isnan(cases[k].result.gradient_norm));
}
END_TEST

/* Both slices are small: |v| = 5e-10 at (3, 4), and ahead 5e-10 (1 - 0.618).  Then rank 0's alone: |v| = 5e-9 is mostly
 * rank 1's, whose slope is 1, and ahead it is 1.8.  The stop is that of all of x. */
START_TEST(tells_a_small_field_by_all_slices) {
  rank_case cases[2];
  for (int large = 0; large < 2; large++) {
    make_cases(cases);
    for (int k = 0; k < 2; k++) {
      cases[k].options.gradient_tolerance = 1e-8;
      cases[k].first_slope = -1e-10;
    }
    if (large) cases[1].first_slope = -1, cases[1].x[0] = 5e-9;
    run_cases(cases);
    assert_both_stopped(cases, large ? GD_STOP_GRADIENT : GD_STOP_SMALL_FIELD, 0);
  }
}
END_TEST

/* The look ahead is the second call: outside the domain, not finite, or aborted on rank 1 alone. */
START_TEST(looks_ahead_in_vain_everywhere_when_one_rank_does) {
  static const int codes[] = {3, 0, -1};
  for (size_t c = 0; c < 3; c++) {
    rank_case cases[2];
    make_cases(cases);
    for (int k = 0; k < 2; k++) {
      cases[k].options.gradient_tolerance = 1e-8;
      cases[k].first_slope = -1e-10;
    }
    cases[1].calls = (failing_calls){.fail_at = 2, .code = codes[c]};
    run_cases(cases);
    if (codes[c] < 0)
      assert_one_failed(cases, GD_ERR_CALLBACK, "the gradient failed on another rank");
    else
      assert_both_stopped(cases, GD_STOP_GRADIENT, 0);
  }
}
END_TEST

static int refuse_to_reduce(void *context, gd_reduction op, double *values, size_t count) {
  (void)op, (void)values, (void)count;
  return ++*(size_t *)context < 4 ? 0 : -1;
}

START_TEST(says_when_the_reduction_fails) {
  size_t calls = 0;
  const gd_comm comm = {
      .struct_size = sizeof comm, .context = &calls, .rank = 0, .size = 2, .reduce = refuse_to_reduce};
  const gd_env env = {.struct_size = sizeof env, .comm = &comm};
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, &env);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  const gd_run_options options = only_steps(10);
  gd_run_result result;
  double x[] = {1, 0};
  /* one vote on the start and one on its observers, then two a step */
  assert_fails(gd_run(stepper, x, &options, &result), GD_ERR_REDUCE, "comm->reduce returned -1 on rank 0 of 2");
  ck_assert_uint_eq(result.steps, 1);
  release_steps(stepper);
}
END_TEST

TEST_SUITE("ranks", measures_over_all_slices, stops_by_the_whole_gradient, stops_everywhere_when_one_rank_is_asked,
           stops_everywhere_when_one_observer_says_so, goes_by_the_clock_of_rank_0,
           diverges_everywhere_when_one_slice_does, goes_back_everywhere_after_an_overflow,
           fails_everywhere_when_one_rank_fails, diverges_everywhere_when_one_look_is_not_finite,
           does_without_the_last_gradient_everywhere, tells_a_small_field_by_all_slices,
           looks_ahead_in_vain_everywhere_when_one_rank_does, says_when_the_reduction_fails)
