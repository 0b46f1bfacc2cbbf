/* SPDX-License-Identifier: BSD-3-Clause */
/* small_field.c -- a run does not call a point stationary because all of the field is small. */
#include "support/runs.h"

#include <string.h>

/* ---- fields of two variables ---- */

/* v(x); a code. */
typedef int field(const double *x, double *v);

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  return (*(field **)data)(x, v);
}

static int project_on_unit_box(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 2; k++) x[k] = fmin(fmax(x[k], 0), 1);
  return 0;
}

/* The simplex x0 + x1 = 1. */
static int project_on_simplex(void *data, double *x) {
  (void)data;
  x[0] = fmin(fmax((1 + x[0] - x[1]) / 2, 0), 1);
  x[1] = 1 - x[0];
  return 0;
}

typedef int projection(void *data, double *x);

static test_game game_of(field **f, projection *project) {
  return (test_game){.ops = {.struct_size = sizeof(gd_game_ops), .gradient = gradient, .project = project},
                     .data = f,
                     .n_players = 1,
                     .block_sizes = {2}};
}

static gd_status run_field(field *f, projection *project, const gd_run_options *options, double x[2],
                           gd_run_result *result) {
  const test_game kind = game_of(&f, project);
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 0.5);
  const gd_status status = gd_run(stepper, x, options, result);
  release_steps(stepper);
  return status;
}

static gd_run_result end_of(field *f, projection *project, double x0, double x1) {
  gd_run_result result;
  double x[] = {x0, x1};
  assert_ok(run_field(f, project, NULL, x, &result));
  return result;
}

/* ---- without a set ---- */

static int weak_rotation(const double *x, double *v) {
  v[0] = -1e-10 * x[1];
  v[1] = 1e-10 * x[0];
  return 0;
}

/* |v| = 1e-10 |x| is 5e-10 at (3, 4), and ahead, at right angles to x, 5e-10 sqrt(1 + 0.618^2).  Both are below 1e-8,
 * and the only point at rest is 5 away. */
START_TEST(a_small_field_is_not_at_rest) {
  gd_run_result result;
  gd_run_options options;
  double x[] = {3, 4};
  assert_ok(run_field(weak_rotation, NULL, NULL, x, &result));
  ck_assert_int_eq(result.stop, GD_STOP_SMALL_FIELD);
  ck_assert_uint_eq(result.steps, 0);
  ck_assert_uint_eq(result.counts.gradients, 2);
  assert_close(result.gradient_norm, 5e-10, 1e-15, 0);
  ck_assert(x[0] == 3 && x[1] == 4);
  ck_assert_ptr_nonnull(strstr(gd_stop_text(result.stop), "scale the utilities or lower the tolerance"));
  gd_run_options_init(&options);
  options.gradient_tolerance = 1e-12;
  options.max_steps = 20;
  assert_ok(run_field(weak_rotation, NULL, &options, x, &result));
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  ck_assert_uint_eq(result.steps, 20);
}
END_TEST

static int nothing(const double *x, double *v) {
  (void)x;
  v[0] = v[1] = 0;
  return 0;
}

START_TEST(a_point_without_any_field_is_at_rest) {
  const gd_run_result result = end_of(nothing, NULL, 3, 4);
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.counts.gradients, 1);
}
END_TEST

/* v = x - x^3 on the first variable, with zeros at -1, 0 and 1: a unit away from each there is another.  At 0.618 of
 * that v is 0.618 - 0.236 = 0.382, or 0.382 - 0.056 = 0.326. */
static int three_zeros(const double *x, double *v) {
  v[0] = x[0] - x[0] * x[0] * x[0];
  v[1] = -x[1];
  return 0;
}

START_TEST(another_zero_at_a_round_distance_makes_no_small_field) {
  static const double starts[] = {-1 - 1e-9, -1 + 1e-9, -1e-9, 1e-9, 1 - 1e-9, 1 + 1e-9};
  for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
    const gd_run_result result = end_of(three_zeros, NULL, starts[k], 0);
    ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
    ck_assert_uint_eq(result.steps, 0);
    ck_assert_uint_eq(result.counts.gradients, 2);
  }
}
END_TEST

/* At 1000 + 1e-3 rest is a millionth of |x| away, and |v| = 1e-12.  Ahead by 0.618 it would be 6e-10, and ahead by 618
 * it is 6e-7. */
static int slope_of_a_billionth(const double *x, double *v) {
  v[0] = -1e-9 * (x[0] - 1000);
  v[1] = -x[1];
  return 0;
}

START_TEST(ahead_is_as_far_as_the_point_is_large) {
  ck_assert_int_eq(end_of(slope_of_a_billionth, NULL, 1000.001, 0).stop, GD_STOP_GRADIENT);
}
END_TEST

/* Halves of 1 go to 2^-60 in 60 steps; 3 of slope 1e-9 stays: |v| = 3e-9, along it. */
static int slow_and_fast(const double *x, double *v) {
  v[0] = -1e-9 * x[0];
  v[1] = -x[1];
  return 0;
}

/* A plateau that is reached in 10 steps of 1/2. */
static int plateau(const double *x, double *v) {
  v[0] = x[0] < 5 ? 1 : 1e-10;
  v[1] = 0;
  return 0;
}

static gd_run_options looking_every(uint64_t steps) {
  gd_run_options options;
  gd_run_options_init(&options);
  options.check_every = steps;
  return options;
}

START_TEST(a_field_that_becomes_small_on_the_way_is_not_at_rest) {
  gd_run_result result;
  gd_run_options options = looking_every(60);
  double x[] = {3, 1}, y[] = {0, 0};
  assert_ok(run_field(slow_and_fast, NULL, &options, x, &result));
  ck_assert_int_eq(result.stop, GD_STOP_SMALL_FIELD);
  ck_assert_uint_eq(result.steps, 60);
  options = looking_every(1);
  assert_ok(run_field(plateau, NULL, &options, y, &result));
  ck_assert_int_eq(result.stop, GD_STOP_SMALL_FIELD);
  ck_assert_uint_eq(result.steps, 10);
}
END_TEST

/* The stop depends on the point, not on the run that came there. */
START_TEST(a_run_that_goes_on_says_the_same) {
  field *const fields[] = {plateau, three_zeros};
  for (size_t k = 0; k < 2; k++) {
    field *f = fields[k];
    const test_game kind = game_of(&f, NULL);
    gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 0.5);
    const gd_run_options some = only_steps(4), looks = looking_every(1);
    gd_run_result whole, rest, again;
    double x[] = {0.25, 0}, y[] = {0.25, 0};
    assert_ok(run_field(f, NULL, &looks, y, &whole));
    assert_ok(gd_run(stepper, x, &some, NULL));
    assert_ok(gd_run(stepper, x, &looks, &rest));
    ck_assert_int_eq(rest.stop, whole.stop);
    ck_assert_uint_eq(rest.steps + 4, whole.steps);
    assert_ok(gd_run(stepper, x, &looks, &again));
    ck_assert_int_eq(again.stop, whole.stop);
    ck_assert_uint_eq(again.steps, 0);
    ck_assert_int_eq(whole.stop, k == 0 ? GD_STOP_SMALL_FIELD : GD_STOP_GRADIENT);
    release_steps(stepper);
  }
}
END_TEST

/* ---- where the look fails ---- */

/* The second call is the look ahead. */
START_TEST(a_look_that_tells_nothing_leaves_the_point_at_rest) {
  static const int codes[] = {0, 3}; /* a NaN; outside the domain */
  for (size_t k = 0; k < 2; k++) {
    failing_calls calls = {.fail_at = 2, .code = codes[k]};
    const test_game kind = failing_game(&calls);
    gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 0.5);
    gd_run_result result;
    double x[] = {1e-9, 0};
    assert_ok(gd_run(stepper, x, NULL, &result));
    ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
    ck_assert_uint_eq(calls.calls, 2);
    release_steps(stepper);
  }
}
END_TEST

START_TEST(an_abort_in_the_look_ends_the_run) {
  failing_calls calls = {.fail_at = 2, .code = -7};
  const test_game kind = failing_game(&calls);
  gd_stepper *stepper = steps_of(&kind, GD_SIMULTANEOUS, 0.5);
  gd_run_result result;
  double x[] = {1e-9, 0};
  assert_fails(gd_run(stepper, x, NULL, &result), GD_ERR_CALLBACK, "returned -7");
  ck_assert(x[0] == 1e-9 && x[1] == 0);
  release_steps(stepper);
}
END_TEST

/* Ahead of 1e308 there are no numbers. */
START_TEST(a_point_too_large_to_look_ahead_is_at_rest) {
  gd_run_options options;
  gd_run_result result;
  gd_run_options_init(&options);
  options.divergence_norm = INFINITY;
  double x[] = {1.5e308, 0};
  assert_ok(run_field(plateau, NULL, &options, x, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.counts.gradients, 1);
}
END_TEST

/* ---- with a set ---- */

static int away_from_the_middle(const double *x, double *v) {
  for (int k = 0; k < 2; k++) v[k] = x[k] - 0.5;
  return 0;
}

static int to_the_corner(const double *x, double *v) {
  (void)x;
  v[0] = 1;
  v[1] = 2;
  return 0;
}

/* The middle of the box is a solution, and so is every corner, where the natural residual is 0 although |v| > 0.7. */
START_TEST(solutions_on_both_sides_make_no_small_field) {
  ck_assert_int_eq(end_of(away_from_the_middle, project_on_unit_box, 0.5 + 1e-9, 0.5).stop, GD_STOP_GRADIENT);
  ck_assert_int_eq(end_of(away_from_the_middle, project_on_unit_box, 0.5 + 1e-9, 0.5 - 1e-9).stop, GD_STOP_GRADIENT);
}
END_TEST

/* The set ends 1e-10 ahead of the point, at the solution. */
START_TEST(a_point_close_to_a_solution_at_a_corner_is_at_rest) {
  const gd_run_result result = end_of(to_the_corner, project_on_unit_box, 1 - 1e-10, 1);
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.counts.gradients, 3);
}
END_TEST

/* v = 10^6 (1, 1) moves nothing on the simplex, and the rest of v is of size 1e-10. */
static int weak_on_the_simplex(const double *x, double *v) {
  v[0] = 1e6 + 0x1p-33 * (x[0] + 1);
  v[1] = 1e6;
  return 0;
}

START_TEST(a_field_that_is_small_along_the_set_is_not_at_rest) {
  const gd_run_result result = end_of(weak_on_the_simplex, project_on_simplex, 0.5, 0.5);
  ck_assert_int_eq(result.stop, GD_STOP_SMALL_FIELD);
  ck_assert(result.gradient_norm > 0 && result.gradient_norm < 1e-9);
}
END_TEST

static int lost_in_rounding(const double *x, double *v) {
  v[0] = 1e-20 * (x[1] - 0.25);
  v[1] = 1e-20;
  return 0;
}

/* P(x + v) = x in numbers of 53 bits.  At (0.5, 0.5) the field goes on; at (1, 1) it points out of the box. */
START_TEST(a_field_lost_in_the_rounding_of_the_point_is_small_but_for_corners) {
  gd_run_result result = end_of(lost_in_rounding, project_on_unit_box, 0.5, 0.5);
  ck_assert_int_eq(result.stop, GD_STOP_SMALL_FIELD);
  ck_assert_double_eq(result.gradient_norm, 0);
  result = end_of(lost_in_rounding, project_on_unit_box, 1, 1);
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  ck_assert_uint_eq(result.counts.gradients, 2);
}
END_TEST

TEST_SUITE("small_field", a_small_field_is_not_at_rest, a_point_without_any_field_is_at_rest,
           another_zero_at_a_round_distance_makes_no_small_field, ahead_is_as_far_as_the_point_is_large,
           a_field_that_becomes_small_on_the_way_is_not_at_rest, a_run_that_goes_on_says_the_same,
           a_look_that_tells_nothing_leaves_the_point_at_rest, an_abort_in_the_look_ends_the_run,
           a_point_too_large_to_look_ahead_is_at_rest, solutions_on_both_sides_make_no_small_field,
           a_point_close_to_a_solution_at_a_corner_is_at_rest, a_field_that_is_small_along_the_set_is_not_at_rest,
           a_field_lost_in_the_rounding_of_the_point_is_small_but_for_corners)
