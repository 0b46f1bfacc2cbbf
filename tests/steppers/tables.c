/* SPDX-License-Identifier: BSD-3-Clause */
/* tables.c -- method tables that do not fit, and what goes wrong in init: refused in words, nothing left behind. */
#include "steppers/at_work.h"
#include "support/failing_memory.h"

typedef struct bare_params {
  const double *step_size;
  double gamma;
} bare_params;

typedef struct bare_state {
  int destroyed;
} bare_state;

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  (void)stepper, (void)game, (void)x;
  return GD_OK;
}

static const gd_param bare_table[] = {GD_PARAM_STEP_SIZE(bare_params),
                                      GD_PARAM(bare_params, gamma, GD_KIND_REAL, 0, 0, 1, "gamma")};

static const gd_method bare = {GD_METHOD_HEAD(bare, bare_table), .summary = "does nothing", .step = step};

/* The table is refused with this status and these words. */
static void assert_refused(const gd_method *method, gd_status status, const char *words) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, &memory.env);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create(&stepper, game, method), status, words);
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
  ck_assert_uint_eq(memory.live, 0);
}

START_TEST(a_bare_table_will_do) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create(&stepper, game, &bare));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(stepper, x));
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(sizes_and_step_are_needed) {
  gd_method method = bare;
  method.struct_size = 0;
  assert_refused(&method, GD_ERR_STRUCT, "gd_method: struct_size is 0");
  method.struct_size = sizeof method - 8;
  assert_refused(&method, GD_ERR_STRUCT, "gd_method");
  method = bare;
  method.step = NULL;
  assert_refused(&method, GD_ERR_STRUCT, "name and step must be set");
  method = bare;
  method.name = NULL;
  assert_refused(&method, GD_ERR_STRUCT, "name and step must be set");
  method = bare;
  method.params_size = 0;
  assert_refused(&method, GD_ERR_STRUCT, "params_size is 0");
  method = bare;
  method.param_size = 8;
  assert_refused(&method, GD_ERR_STRUCT, "rows missing or param_size 8, expected at least");
  method = bare;
  method.params = NULL;
  assert_refused(&method, GD_ERR_STRUCT, "rows missing");
  method.n_params = 0;
  assert_refused(&method, GD_ERR_STRUCT, "no GD_PARAM_STEP_SIZE row");
}
END_TEST

START_TEST(a_step_size_is_needed) {
  gd_method method = bare;
  method.params = bare_table + 1;
  method.n_params = 1;
  assert_refused(&method, GD_ERR_STRUCT, "method \"bare\": its parameter table has no GD_PARAM_STEP_SIZE row");
  static const gd_param shared[] = {GD_PARAM(bare_params, step_size, GD_KIND_REAL, 0, 0, 1, "of all players")};
  method.params = shared;
  assert_refused(&method, GD_ERR_STRUCT, "GD_PARAM_STEP_SIZE");
}
END_TEST

/* A table of the step size and this row. */
static void assert_row_refused(gd_param row, gd_status status, const char *words) {
  const gd_param rows[] = {bare_table[0], row};
  gd_method method = bare;
  method.params = rows;
  assert_refused(&method, status, words);
}

START_TEST(rows_must_fit_the_params_struct) {
  gd_param row = bare_table[1];
  row.offset = sizeof(bare_params) - 4;
  assert_row_refused(row, GD_ERR_STRUCT, "parameter \"gamma\": kind 0 at offset 12 does not fit");
  row.offset = sizeof(bare_params) + 1;
  assert_row_refused(row, GD_ERR_STRUCT, "does not fit a params struct of 16 bytes");
  row.offset = (size_t)-4;
  assert_row_refused(row, GD_ERR_STRUCT, "does not fit");
  row = bare_table[1];
  row.kind = (gd_param_kind)17;
  assert_row_refused(row, GD_ERR_STRUCT, "kind 17");
  row = bare_table[1];
  row.name = NULL;
  assert_row_refused(row, GD_ERR_STRUCT, "row 1 has no name");
  row.name = "";
  assert_row_refused(row, GD_ERR_STRUCT, "row 1 has no name");
}
END_TEST

START_TEST(initial_values_must_be_in_range) {
  gd_param row = bare_table[1];
  row.initial = 2;
  assert_row_refused(row, GD_ERR_ARGUMENT, "gamma = 2 is out of range: expected 0 to 1");
  row.initial = 0.5;
  row.kind = GD_KIND_FLAG;
  assert_row_refused(row, GD_ERR_ARGUMENT, "whole number");
}
END_TEST

START_TEST(needs_must_be_quantities_the_game_has) {
  gd_method method = bare;
  method.needs = 1u << 20;
  assert_refused(&method, GD_ERR_ARGUMENT, "needs");
  method.needs = 1u << GD_UTILITIES;
  test_game kind = rotation_game();
  kind.ops.utilities = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create(&stepper, game, &method), GD_ERR_UNSUPPORTED, "utilities");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(create_checks_its_arguments) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create(NULL, game, &bare), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_stepper_create(&stepper, NULL, &bare), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_stepper_create(&stepper, game, NULL), GD_ERR_ARGUMENT, "method is NULL");
  assert_ok(gd_stepper_create(&stepper, game, &bare));
  double x[2] = {0};
  assert_fails(gd_stepper_step(NULL, x), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_stepper_step(stepper, NULL), GD_ERR_ARGUMENT, "x is NULL");
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(no_stepper_has_nothing) {
  gd_stepper_destroy(NULL);
  gd_stepper_reset(NULL);
  gd_stepper_request_stop(NULL);
  ck_assert(!gd_stepper_take_stop_request(NULL));
  ck_assert_uint_eq(gd_stepper_steps(NULL), 0);
  ck_assert_ptr_null(gd_stepper_method(NULL));
  ck_assert_ptr_null(gd_stepper_game(NULL));
  ck_assert_ptr_null(gd_stepper_params(NULL));
  ck_assert_ptr_null(gd_stepper_state(NULL));
  ck_assert_ptr_null(gd_stepper_scaling(NULL));
}
END_TEST

static gd_status failing_init(gd_stepper *stepper) {
  ck_assert_ptr_nonnull(gd_stepper_scratch(stepper));
  ck_assert_ptr_nonnull(gd_stepper_memory(stepper, "kept"));
  return GD_ERR_HYPOTHESIS;
}

static int times_destroyed;

static void count_destroy(gd_stepper *stepper) {
  ck_assert_ptr_nonnull(gd_stepper_state(stepper));
  times_destroyed++;
}

START_TEST(a_failing_init_is_passed_on_and_cleaned_up) {
  gd_method method = bare;
  method.init = failing_init;
  method.destroy = count_destroy;
  times_destroyed = 0;
  assert_refused(&method, GD_ERR_HYPOTHESIS, "");
  ck_assert_int_eq(times_destroyed, 1);
}
END_TEST

TEST_SUITE("tables", a_bare_table_will_do, sizes_and_step_are_needed, a_step_size_is_needed,
           rows_must_fit_the_params_struct, initial_values_must_be_in_range, needs_must_be_quantities_the_game_has,
           create_checks_its_arguments, no_stepper_has_nothing, a_failing_init_is_passed_on_and_cleaned_up)
