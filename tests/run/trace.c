/* SPDX-License-Identifier: BSD-3-Clause */
/* trace.c -- a trace keeps what it was asked to keep, as long as the run is, and costs the run nothing.
 *
 * With step size 1 a simultaneous step on the rotation multiplies theta + i omega by 1 + i: from 1 come 1 + i, 2i,
 * -2 + 2i. */
#include "support/failing_memory.h"
#include "support/files.h"
#include "support/runs.h"

enum { ALL = GD_TRACE_POINT | GD_TRACE_UTILITIES | GD_TRACE_GRADIENT_NORM | GD_TRACE_DISTANCE };

static const double start[] = {1, 0};

static gd_trace *make_trace(const gd_stepper *stepper, uint32_t columns) {
  gd_trace *trace = NULL;
  assert_ok(gd_trace_create(&trace, gd_stepper_game(stepper), columns, start));
  return trace;
}

/* Runs `steps` steps from x with the trace looking on. */
static gd_run_result run_traced(gd_stepper *stepper, gd_trace *trace, uint64_t steps, double *x) {
  const gd_observer observer = gd_trace_observer(trace);
  gd_run_options options = only_steps(steps);
  options.observers = &observer;
  options.n_observers = 1;
  gd_run_result result;
  assert_ok(gd_run(stepper, x, &options, &result));
  return result;
}

START_TEST(keeps_every_column) {
  static const double points[] = {1, 0, 1, 1, 0, 2, -2, 2};
  static const double second_utilities[] = {0, 1, 0, -4}; /* u_2 = theta omega = -u_1 */
  static const double squared_norms[] = {1, 2, 4, 8}, squared_distances[] = {0, 1, 5, 13};
  gd_stepper *stepper = rotating_steps(1);
  gd_trace *trace = make_trace(stepper, ALL);
  double x[] = {1, 0};
  const gd_run_result result = run_traced(stepper, trace, 3, x);
  ck_assert_uint_eq(result.counts.gradients, 3 + 1);
  ck_assert_uint_eq(result.counts.utilities, 0);
  ck_assert_uint_eq(gd_trace_rows(trace), 4);
  ck_assert_uint_eq(gd_trace_width(trace, GD_TRACE_POINT), 2);
  ck_assert_uint_eq(gd_trace_width(trace, GD_TRACE_UTILITIES), 2);
  ck_assert_uint_eq(gd_trace_width(trace, GD_TRACE_GRADIENT_NORM), 1);
  ck_assert_uint_eq(gd_trace_width(trace, GD_TRACE_DISTANCE), 1);
  ck_assert_mem_eq(gd_trace_column(trace, GD_TRACE_POINT), points, sizeof points);
  for (size_t k = 0; k < 4; k++) {
    ck_assert_uint_eq(gd_trace_steps(trace)[k], k);
    ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_UTILITIES)[2 * k], -second_utilities[k]);
    ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_UTILITIES)[2 * k + 1], second_utilities[k]);
    ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_GRADIENT_NORM)[k], sqrt(squared_norms[k]));
    ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_DISTANCE)[k], sqrt(squared_distances[k]));
  }
  ck_assert_int_eq(gd_trace_status(trace), GD_OK);
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

START_TEST(keeps_only_what_it_was_asked_for) {
  gd_stepper *stepper = rotating_steps(1);
  gd_trace *trace = make_trace(stepper, GD_TRACE_DISTANCE), *steps_only = make_trace(stepper, 0);
  double x[] = {1, 0};
  run_traced(stepper, trace, 2, x);
  run_traced(stepper, steps_only, 2, x);
  ck_assert_uint_eq(gd_trace_width(trace, GD_TRACE_POINT), 0);
  ck_assert_ptr_null(gd_trace_column(trace, GD_TRACE_POINT));
  ck_assert_ptr_nonnull(gd_trace_column(trace, GD_TRACE_DISTANCE));
  ck_assert_ptr_null(gd_trace_column(trace, GD_TRACE_DISTANCE | GD_TRACE_POINT));
  ck_assert_ptr_null(gd_trace_column(trace, 0));
  ck_assert_ptr_null(gd_trace_column(trace, 1u << 31));
  ck_assert_uint_eq(gd_trace_rows(steps_only), 3);
  ck_assert_uint_eq(gd_trace_steps(steps_only)[2], 4);
  gd_trace_destroy(trace);
  gd_trace_destroy(steps_only);
  release_steps(stepper);
}
END_TEST

START_TEST(grows_with_the_run_and_goes_on_in_the_next) {
  gd_stepper *stepper = halving_steps();
  gd_trace *trace = make_trace(stepper, GD_TRACE_POINT);
  double x[] = {0, 1};
  run_traced(stepper, trace, 200, x);
  run_traced(stepper, trace, 100, x);
  ck_assert_uint_eq(gd_trace_rows(trace), 201 + 101);
  for (size_t k = 0; k < 302; k++) {
    const size_t step = k <= 200 ? k : k - 1; /* the end of one run is the start of the next */
    ck_assert_uint_eq(gd_trace_steps(trace)[k], step);
    ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_POINT)[2 * k + 1], ldexp(1, -(int)step));
  }
  gd_trace_clear(trace);
  ck_assert_uint_eq(gd_trace_rows(trace), 0);
  run_traced(stepper, trace, 1, x);
  ck_assert_uint_eq(gd_trace_rows(trace), 2);
  ck_assert_uint_eq(gd_trace_steps(trace)[0], 300);
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

/* v = -x + noise on minibatches, -x exactly: the column must hold |x|. */
START_TEST(evaluates_exactly_while_the_run_samples) {
  gd_stepper *stepper = halving_steps();
  gd_eval_options sampling;
  gd_eval_options_init(&sampling);
  sampling.batch_size = 1;
  assert_ok(gd_game_configure(gd_stepper_game(stepper), &sampling));
  gd_trace *trace = make_trace(stepper, GD_TRACE_POINT | GD_TRACE_GRADIENT_NORM);
  double x[] = {3, 4};
  run_traced(stepper, trace, 5, x);
  for (size_t k = 0; k < 6; k++) {
    const double *point = gd_trace_column(trace, GD_TRACE_POINT) + 2 * k;
    const double norm = sqrt(point[0] * point[0] + point[1] * point[1]);
    assert_close(gd_trace_column(trace, GD_TRACE_GRADIENT_NORM)[k], norm, 4e-16, 0);
  }
  ck_assert_double_ne(gd_trace_column(trace, GD_TRACE_POINT)[2], 1.5); /* the run did sample */
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

START_TEST(outlives_the_game_it_was_made_for) {
  gd_stepper *stepper = rotating_steps(1);
  gd_trace *trace = make_trace(stepper, ALL);
  double x[] = {1, 0};
  run_traced(stepper, trace, 1, x);
  release_steps(stepper);
  ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_POINT)[3], 1);
  gd_trace_destroy(trace);
}
END_TEST

/* Calls alternate between the trace and the step: the third is the trace's at step 1. */
START_TEST(stops_the_run_when_it_cannot_evaluate) {
  failing_calls calls = {.fail_at = 3, .code = -5};
  const test_game kind = failing_game(&calls);
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 1);
  gd_trace *trace = make_trace(stepper, GD_TRACE_GRADIENT_NORM);
  double x[] = {1, 0};
  const gd_run_result result = run_traced(stepper, trace, 10, x);
  ck_assert_int_eq(result.stop, GD_STOP_OBSERVER);
  ck_assert_uint_eq(result.steps, 1);
  ck_assert_int_eq(gd_trace_status(trace), GD_ERR_CALLBACK);
  ck_assert_uint_eq(gd_trace_rows(trace), 1);
  gd_trace_clear(trace);
  ck_assert_int_eq(gd_trace_status(trace), GD_OK);
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

START_TEST(writes_nan_for_answers_that_are_not_finite) {
  failing_calls calls = {.fail_at = 3};
  const test_game kind = failing_game(&calls);
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 1);
  gd_trace *trace = make_trace(stepper, GD_TRACE_GRADIENT_NORM);
  double x[] = {1, 0};
  const gd_run_result result = run_traced(stepper, trace, 2, x);
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  ck_assert_uint_eq(gd_trace_rows(trace), 3);
  ck_assert(isnan(gd_trace_column(trace, GD_TRACE_GRADIENT_NORM)[1]));
  ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_GRADIENT_NORM)[2], 2);
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

START_TEST(stops_the_run_when_memory_is_out) {
  const test_game kind = rotation_game();
  failing_memory memory;
  failing_memory_init(&memory, 0);
  gd_game *game = create_test_game(&kind, &memory.env);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  gd_trace *trace = make_trace(stepper, GD_TRACE_POINT);
  double x[] = {1, 0};
  run_traced(stepper, trace, 0, x);
  memory.calls = 0;
  memory.fail_at = 4; /* two are the run's; steps and points want one each to grow */
  const gd_run_result result = run_traced(stepper, trace, 1000, x);
  ck_assert_int_eq(result.stop, GD_STOP_OBSERVER);
  ck_assert_int_eq(gd_trace_status(trace), GD_ERR_MEMORY);
  const size_t rows = gd_trace_rows(trace);
  ck_assert_uint_lt(rows, 1000);
  ck_assert_uint_eq(gd_trace_steps(trace)[rows - 1], rows - 2); /* the start stands twice */
  ck_assert_double_eq(gd_trace_column(trace, GD_TRACE_POINT)[0], 1);
  memory.fail_at = 0;
  run_traced(stepper, trace, 100, x); /* and recovers */
  ck_assert_int_eq(gd_trace_status(trace), GD_OK);
  ck_assert_uint_eq(gd_trace_rows(trace), rows + 101);
  gd_trace_destroy(trace);
  release_steps(stepper);
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(refuses_runs_of_another_shape) {
  const test_game curved = curved_game();
  gd_stepper *stepper = steps_of(&curved, GD_SIMULTANEOUS, 0.1), *small = rotating_steps(1);
  gd_trace *trace = make_trace(small, GD_TRACE_POINT);
  double x[5] = {0};
  const gd_run_result result = run_traced(stepper, trace, 10, x);
  ck_assert_int_eq(result.stop, GD_STOP_OBSERVER);
  ck_assert_int_eq(gd_trace_status(trace), GD_ERR_ARGUMENT);
  ck_assert_uint_eq(gd_trace_rows(trace), 0);
  gd_trace_destroy(trace);
  release_steps(stepper);
  release_steps(small);
}
END_TEST

START_TEST(checks_its_arguments) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_trace *trace = NULL;
  assert_fails(gd_trace_create(NULL, game, 0, NULL), GD_ERR_ARGUMENT, "trace is NULL");
  assert_fails(gd_trace_create(&trace, NULL, 0, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_trace_create(&trace, game, 1u << 8, NULL), GD_ERR_ARGUMENT,
               "columns is 0x100, expected bits of 0xff");
  assert_fails(gd_trace_create(&trace, game, GD_TRACE_DISTANCE, NULL), GD_ERR_ARGUMENT, "reference is NULL");
  assert_fails(gd_trace_create(&trace, game, 0, (double[]){1, NAN}), GD_ERR_ARGUMENT, "reference[1] is nan");
  assert_fails(gd_trace_create(&trace, game, GD_TRACE_UTILITIES, NULL), GD_ERR_UNSUPPORTED, "utilities");
  ck_assert_ptr_null(trace);
  gd_game_destroy(game);
}
END_TEST

/* The file's bytes, ended by 0. */
static const char *text_of(const char *path) {
  static char text[2048];
  text[file_read(path, text, sizeof text - 1)] = '\0';
  return text;
}

static double halved(void *context, uint64_t step) {
  (void)context;
  return ldexp(1, -(int)step);
}

/* Step sizes h = 1, then 1/2: x = (1, 0), (1, 1), then (1, 1) + (-1, 1) / 2 = (1/2, 3/2).  |v| = |x|: |v|^2 is 1, 2, 5/2 and
 * v = (-omega, theta).  The run counts a gradient for each step, and its look at the end before it shows the last point. */
START_TEST(writes_all_columns_as_a_table) {
  static const double points[3][2] = {{1, 0}, {1, 1}, {0.5, 1.5}}, gradients[] = {0, 1, 3}, sizes[] = {1, 1, 0.5};
  char path[FILE_PATH_SIZE], expected[2048];
  gd_stepper *stepper = rotating_steps(1);
  assert_ok(gd_stepper_schedule(stepper, GD_STEP_SIZE, halved, NULL));
  const uint32_t columns = ALL | GD_TRACE_GRADIENTS | GD_TRACE_STEP_SIZES | GD_TRACE_PLAYER_NORMS;
  gd_trace *trace = make_trace(stepper, columns);
  double v[2];
  assert_ok(gd_game_gradient(gd_stepper_game(stepper), start, v)); /* no gradient of the run */
  run_traced(stepper, trace, 2, (double[]){1, 0});
  file_make(path);
  assert_ok(gd_trace_write_csv(trace, path));
  int used = snprintf(expected, sizeof expected,
                      "step,gradients,gradient_norm,energy,player_norm_0,player_norm_1,distance,utility_0,utility_1,"
                      "step_size_0,step_size_1,x_0,x_1\n");
  for (size_t k = 0; k < 3; k++) {
    const double theta = points[k][0], omega = points[k][1], norm = sqrt(theta * theta + omega * omega);
    used += snprintf(expected + used, sizeof expected - (size_t)used,
                     "%zu,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g\n", k, gradients[k],
                     norm, 0.5 * norm * norm, omega, theta, sqrt((theta - 1) * (theta - 1) + omega * omega),
                     -theta * omega, theta * omega, sizes[k], sizes[k], theta, omega);
  }
  ck_assert_str_eq(text_of(path), expected);
  unlink(path);
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

/* The clock is the run's: it begins at 0 or later, and does not go back. */
START_TEST(writes_only_what_it_keeps) {
  char path[FILE_PATH_SIZE];
  gd_stepper *stepper = rotating_steps(1);
  gd_trace *clock = make_trace(stepper, GD_TRACE_SECONDS), *steps_only = make_trace(stepper, 0);
  file_make(path);
  assert_ok(gd_trace_write_csv(clock, path));
  ck_assert_str_eq(text_of(path), "step,seconds\n");
  run_traced(stepper, clock, 1, (double[]){1, 0});
  run_traced(stepper, steps_only, 1, (double[]){1, 0});
  const double *seconds = gd_trace_column(clock, GD_TRACE_SECONDS);
  ck_assert(seconds[0] >= 0 && seconds[1] >= seconds[0]);
  assert_ok(gd_trace_write_csv(steps_only, path));
  ck_assert_str_eq(text_of(path), "step\n1\n2\n");
  unlink(path);
  gd_trace_destroy(clock);
  gd_trace_destroy(steps_only);
  release_steps(stepper);
}
END_TEST

START_TEST(says_why_it_cannot_write) {
  char path[FILE_PATH_SIZE];
  gd_stepper *stepper = rotating_steps(1);
  gd_trace *trace = make_trace(stepper, ALL);
  run_traced(stepper, trace, 1, (double[]){1, 0});
  assert_fails(gd_trace_write_csv(NULL, "a.csv"), GD_ERR_ARGUMENT, "trace is NULL");
  assert_fails(gd_trace_write_csv(trace, NULL), GD_ERR_ARGUMENT, "path is NULL");
  assert_fails(gd_trace_write_csv(trace, "/no/such/folder/a.csv"), GD_ERR_IO, "/no/such/folder/a.csv");
  if (access("/dev/full", W_OK) == 0)
    assert_fails(gd_trace_write_csv(trace, "/dev/full"), GD_ERR_IO, "/dev/full: cannot be written");
  file_make(path);
  file_write(path, "old", 3);
  gd_trace_clear(trace);
  assert_ok(gd_trace_write_csv(trace, path));
  ck_assert_str_eq(text_of(path), "step,gradient_norm,energy,distance,utility_0,utility_1,x_0,x_1\n");
  unlink(path);
  gd_trace_destroy(trace);
  release_steps(stepper);
}
END_TEST

START_TEST(has_nothing_to_say_when_there_is_none) {
  gd_stepper *stepper = rotating_steps(1);
  gd_trace *trace = make_trace(stepper, ALL);
  ck_assert_uint_eq(gd_trace_rows(trace), 0);
  ck_assert_ptr_null(gd_trace_column(trace, GD_TRACE_POINT));
  gd_trace_destroy(trace);
  gd_trace_destroy(NULL);
  gd_trace_clear(NULL);
  ck_assert_uint_eq(gd_trace_rows(NULL), 0);
  ck_assert_ptr_null(gd_trace_steps(NULL));
  ck_assert_uint_eq(gd_trace_width(NULL, GD_TRACE_POINT), 0);
  ck_assert_ptr_null(gd_trace_column(NULL, GD_TRACE_POINT));
  ck_assert_int_eq(gd_trace_status(NULL), GD_ERR_ARGUMENT);
  const gd_observer nobody = gd_trace_observer(NULL);
  ck_assert(nobody.observe == NULL);
  release_steps(stepper);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = rotation_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  gd_trace *trace = NULL;
  double x[] = {1, 0};
  (void)argument;
  gd_status status = gd_game_create(&game, &spec);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS);
  if (status == GD_OK) status = gd_trace_create(&trace, game, ALL, start);
  if (status == GD_OK) {
    const gd_observer observer = gd_trace_observer(trace);
    gd_run_options options = only_steps(100);
    options.observers = &observer;
    options.n_observers = 1;
    status = gd_run(stepper, x, &options, NULL);
    if (status == GD_OK) status = gd_trace_status(trace);
  }
  gd_trace_destroy(trace);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 10); }
END_TEST

TEST_SUITE("trace", keeps_every_column, keeps_only_what_it_was_asked_for, grows_with_the_run_and_goes_on_in_the_next,
           evaluates_exactly_while_the_run_samples, outlives_the_game_it_was_made_for,
           stops_the_run_when_it_cannot_evaluate, writes_nan_for_answers_that_are_not_finite,
           stops_the_run_when_memory_is_out, refuses_runs_of_another_shape, checks_its_arguments,
           writes_all_columns_as_a_table, writes_only_what_it_keeps, says_why_it_cannot_write,
           has_nothing_to_say_when_there_is_none, survives_every_refused_allocation)
