/* SPDX-License-Identifier: BSD-3-Clause */
/* parameters.c -- every method and scaling says what it is; every parameter keeps to the range it states. */
#include "laws/every.h"

static void assert_words(const char *text, const char *what) {
  ck_assert_msg(text && strlen(text) >= 3, "%s is missing", what);
  ck_assert_msg(text[0] != ' ' && text[strlen(text) - 1] != '.' && !strchr(text, '\n'), "%s: one clause, no stop",
                what);
}

START_TEST(every_method_says_what_it_is) {
  const gd_method *method;
  for (size_t k = 0; (method = gd_method_at(k)); k++) {
    assert_words(method->name, "name");
    assert_words(method->summary, method->name);
    assert_words(method->source, method->name);
    ck_assert_msg(strpbrk(method->source, "0123456789"), "%s: its source has no year", method->name);
    ck_assert_uint_eq(method->struct_size, sizeof *method);
    for (size_t j = 0; j < k; j++) ck_assert_str_ne(gd_method_at(j)->name, method->name);
  }
}
END_TEST

static void assert_row_is_right(const gd_param *row) {
  assert_words(row->name, "a parameter's name");
  assert_words(row->summary, row->name);
  ck_assert_msg(row->lower <= row->initial && row->initial <= row->upper, "%s: default out of range", row->name);
  ck_assert_msg(row->kind <= GD_KIND_COUNT_PER_PLAYER, "%s: unknown kind", row->name);
  if (row->kind == GD_KIND_FLAG) ck_assert(row->lower == 0 && row->upper == 1);
  if (row->kind != GD_KIND_REAL && row->kind != GD_KIND_REAL_PER_PLAYER)
    ck_assert(row->initial == floor(row->initial) && row->lower >= 0);
}

static double value_of(const gd_stepper *stepper, const char *name) {
  double value = NAN;
  assert_ok(gd_stepper_get(stepper, name, 0, &value));
  return value;
}

/* The value is refused in words that name parameter and range, and the old one stays. */
static void assert_refused(gd_stepper *stepper, const gd_param *row, const char *name, double value) {
  char range[96]; /* an end at the largest double is none */
  const double before = value_of(stepper, name);
  snprintf(range, sizeof range, row->upper < DBL_MAX ? "expected %g to %g" : "expected %g or more, and finite",
           row->lower, row->upper);
  assert_fails(gd_stepper_set(stepper, name, value), GD_ERR_ARGUMENT, row->name);
  if (!(value >= row->lower && value <= row->upper))
    assert_fails(gd_stepper_set(stepper, name, value), GD_ERR_ARGUMENT, range);
  ck_assert(value_of(stepper, name) == before);
}

static void assert_range_holds(gd_stepper *stepper, const gd_param *row, const char *name) {
  assert_row_is_right(row);
  ck_assert_msg(value_of(stepper, name) == row->initial, "%s does not start at its default", name);
  const double bad[] = {nextafter(row->lower, -INFINITY), nextafter(row->upper, INFINITY), NAN, INFINITY, -INFINITY};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) assert_refused(stepper, row, name, bad[k]);
  const bool whole = row->kind != GD_KIND_REAL && row->kind != GD_KIND_REAL_PER_PLAYER;
  if (whole && row->lower < row->upper) assert_refused(stepper, row, name, row->lower + 0.5);
  const double good[] = {row->lower, row->upper, row->initial};
  for (size_t k = 0; k < 3; k++) {
    assert_ok(gd_stepper_set(stepper, name, good[k]));
    ck_assert(value_of(stepper, name) == good[k]);
  }
}

START_TEST(every_parameter_keeps_to_its_range) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_method *method;
  const gd_param *row;
  for (size_t m = 0; (method = gd_method_at(m)); m++) {
    gd_stepper *stepper = NULL;
    assert_ok(gd_stepper_create(&stepper, game, method));
    for (size_t k = 0; (row = gd_method_param(method, k)); k++) assert_range_holds(stepper, row, row->name);
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

START_TEST(every_parameter_of_a_scaling_keeps_to_its_range) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  const char *scaling;
  const gd_param *row;
  for (size_t s = 0; (scaling = gd_scaling_at(s)); s++) {
    gd_stepper *stepper = NULL;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
    assert_ok(gd_stepper_set_scaling(stepper, scaling));
    ck_assert_str_eq(gd_stepper_scaling(stepper), scaling);
    for (size_t k = 0; (row = gd_scaling_param(scaling, k)); k++) {
      char name[96];
      snprintf(name, sizeof name, "%s.%s", scaling, row->name);
      assert_range_holds(stepper, row, name);
    }
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

/* The ends of every range can be stepped with: nothing crashes, and a step either succeeds or says why not. */
START_TEST(the_ends_of_every_range_can_be_stepped_with) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  const gd_method *method;
  const gd_param *row;
  for (size_t m = 0; (method = gd_method_at(m)); m++)
    for (size_t k = 0; (row = gd_method_param(method, k)); k++)
      for (int end = 0; end < 2; end++) {
        gd_stepper *stepper = NULL;
        double x[5] = {1, 0.5, -1, 0.5, 2};
        assert_ok(gd_stepper_create(&stepper, game, method));
        if (end && strcmp(row->name, "inner_steps") == 0)
          assert_ok(gd_stepper_set(stepper, row->name, 100)); /* a billion moves take too long */
        else
          assert_ok(gd_stepper_set(stepper, row->name, end ? row->upper : row->lower));
        const gd_status status = gd_stepper_step(stepper, x);
        ck_assert_msg(status >= 0 || status == GD_ERR_NONFINITE, "%s: %s", row->name, gd_status_name(status));
        gd_stepper_destroy(stepper);
      }
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("parameters", every_method_says_what_it_is, every_parameter_keeps_to_its_range,
           every_parameter_of_a_scaling_keeps_to_its_range, the_ends_of_every_range_can_be_stepped_with)
