/* SPDX-License-Identifier: BSD-3-Clause */
/* registry.c -- methods and scalings by name, by abbreviation and one after the other. */
#include "steppers/at_work.h"

START_TEST(lists_every_method_under_its_name) {
  const char *names[] = {GD_SIMULTANEOUS, GD_ALTERNATING, GD_OPTIMISTIC,    GD_PREDICTIVE,
                         GD_IMPLICIT,     GD_CONSENSUS,   GD_EXTRAGRADIENT, GD_RUNGE_KUTTA};
  size_t count = 0;
  for (; gd_method_at(count); count++) ck_assert_ptr_eq(gd_method_find(gd_method_at(count)->name), gd_method_at(count));
  ck_assert_uint_ge(count, sizeof names / sizeof *names);
  ck_assert_ptr_null(gd_method_at((size_t)-1));
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    ck_assert_ptr_nonnull(gd_method_find(names[k]));
    ck_assert_str_eq(gd_method_find(names[k])->name, names[k]);
  }
}
END_TEST

START_TEST(knows_the_papers_abbreviations) {
  const char *pairs[][2] = {{"sga", GD_SIMULTANEOUS}, {"alt", GD_ALTERNATING}, {"omd", GD_OPTIMISTIC},
                            {"pm", GD_PREDICTIVE},    {"iu", GD_IMPLICIT},     {"co", GD_CONSENSUS},
                            {"eg", GD_EXTRAGRADIENT}, {"rk4", GD_RUNGE_KUTTA}};
  for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
    ck_assert_ptr_eq(gd_method_find(pairs[k][0]), gd_method_find(pairs[k][1]));
}
END_TEST

START_TEST(finds_nothing_under_other_names) {
  ck_assert_ptr_null(gd_method_find(NULL));
  ck_assert_ptr_null(gd_method_find(""));
  ck_assert_ptr_null(gd_method_find("Simultaneous"));
  ck_assert_ptr_null(gd_method_find("simultaneous "));
}
END_TEST

START_TEST(lists_the_parameters_of_a_method) {
  const gd_method *method = gd_method_find(GD_ALTERNATING);
  const char *names[] = {"step_size", "inner_steps", "turn", "fresh_draw"};
  for (size_t k = 0; k < 4; k++) ck_assert_str_eq(gd_method_param(method, k)->name, names[k]);
  ck_assert_ptr_null(gd_method_param(method, 4));
  ck_assert_ptr_null(gd_method_param(NULL, 0));
  ck_assert_int_eq(gd_method_param(method, 0)->kind, GD_KIND_REAL_PER_PLAYER);
  ck_assert_int_eq(gd_method_param(method, 1)->kind, GD_KIND_COUNT_PER_PLAYER);
  ck_assert_int_eq(gd_method_param(method, 3)->kind, GD_KIND_FLAG);
}
END_TEST

START_TEST(lists_scalings_and_their_parameters) {
  ck_assert_str_eq(gd_scaling_at(0), GD_SCALING_NONE);
  ck_assert_str_eq(gd_scaling_at(1), GD_SCALING_RMSPROP);
  ck_assert_str_eq(gd_scaling_at(2), GD_SCALING_ADAM);
  ck_assert_ptr_null(gd_scaling_at((size_t)-1));
  ck_assert_ptr_null(gd_scaling_param(GD_SCALING_NONE, 0));
  ck_assert_str_eq(gd_scaling_param(GD_SCALING_RMSPROP, 0)->name, "decay");
  ck_assert_str_eq(gd_scaling_param(GD_SCALING_ADAM, 1)->name, "square_decay");
  ck_assert_ptr_null(gd_scaling_param(GD_SCALING_ADAM, 4));
  ck_assert_ptr_null(gd_scaling_param("nadam", 0));
  ck_assert_ptr_null(gd_scaling_param(NULL, 0));
}
END_TEST

START_TEST(says_what_it_does_not_know) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create_named(&stepper, game, "sgd"), GD_ERR_NAME, "there is no method \"sgd\"");
  assert_fails(gd_stepper_create_named(&stepper, game, NULL), GD_ERR_ARGUMENT, "method is NULL");
  ck_assert_ptr_null(stepper);
  assert_ok(gd_stepper_create_named(&stepper, game, "sga"));
  assert_fails(gd_stepper_set_scaling(stepper, "nadam"), GD_ERR_NAME, "there is no scaling \"nadam\"");
  assert_fails(gd_stepper_set_scaling(stepper, NULL), GD_ERR_ARGUMENT, "NULL");
  assert_fails(gd_stepper_set_scaling(NULL, "adam"), GD_ERR_ARGUMENT, "NULL");
  ck_assert_str_eq(gd_stepper_scaling(stepper), GD_SCALING_NONE);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("registry", lists_every_method_under_its_name, knows_the_papers_abbreviations,
           finds_nothing_under_other_names, lists_the_parameters_of_a_method, lists_scalings_and_their_parameters,
           says_what_it_does_not_know)
