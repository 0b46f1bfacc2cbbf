/* SPDX-License-Identifier: BSD-3-Clause */
/* catalog.c -- tables of one's own are found by name beside the library's, through an environment. */
#include "support/suite.h"

#include <gamedyn/analysis.h>
#include <gamedyn/catalog.h>
#include <gamedyn/derive.h>

/* ---- three tables under names of their own ---- */

static gd_status make_rotation(gd_game **game, size_t size, uint64_t seed, const gd_env *env) {
  const double one[] = {1};
  (void)size, (void)seed;
  return gd_model_bilinear(game, 1, 1, one, 1, env);
}

static gd_method mine; /* the library's extragradient */
static gd_derivation twice;
static const gd_model rotation = {sizeof(gd_model), "rotation", "theta omega", make_rotation};
static const gd_method *const methods[] = {&mine};
static const gd_model *const models[] = {&rotation};
static const gd_derivation *const derivations[] = {&twice};
static const gd_catalog catalog = {sizeof catalog, methods, 1, models, 1, derivations, 1};
static const gd_env env = {.struct_size = sizeof env, .catalog = &catalog};

static gd_game *make_game(void) {
  gd_game *game = NULL;
  mine = *gd_method_find(GD_EXTRAGRADIENT);
  mine.name = "mine";
  twice = *gd_derivation_find("copies");
  twice.name = "twice";
  assert_ok(gd_env_model_find(&env, "rotation")->create_random(&game, 1, 0, &env));
  return game;
}

START_TEST(finds_own_tables_after_the_library_s) {
  gd_game_destroy(make_game());
  ck_assert_ptr_eq(gd_env_method_find(&env, "mine"), &mine);
  ck_assert_ptr_eq(gd_env_model_find(&env, "rotation"), &rotation);
  ck_assert_ptr_eq(gd_env_derivation_find(&env, "twice"), &twice);
  ck_assert_ptr_eq(gd_env_method_find(&env, "eg"), gd_method_find(GD_EXTRAGRADIENT));
  ck_assert_ptr_eq(gd_env_model_find(&env, "bilinear"), gd_model_find("bilinear"));
  ck_assert_ptr_eq(gd_env_derivation_find(&env, "copies"), gd_derivation_find("copies"));
}
END_TEST

START_TEST(finds_none_of_them_without_the_environment) {
  ck_assert_ptr_null(gd_env_method_find(NULL, "mine"));
  ck_assert_ptr_null(gd_env_model_find(NULL, "rotation"));
  ck_assert_ptr_null(gd_env_derivation_find(NULL, "twice"));
  ck_assert_ptr_null(gd_env_method_find(&env, NULL));
  ck_assert_ptr_null(gd_env_model_find(&env, NULL));
  ck_assert_ptr_null(gd_env_derivation_find(&env, NULL));
}
END_TEST

/* Each list is the library's and then one more. */
#define ASSERT_ONE_MORE(kind)                                                                                          \
  do {                                                                                                                 \
    size_t count = 0;                                                                                                  \
    while (gd_##kind##_at(count)) count++;                                                                             \
    ck_assert_ptr_eq(gd_env_##kind##_at(&env, 0), gd_##kind##_at(0));                                                  \
    ck_assert_ptr_nonnull(gd_env_##kind##_at(&env, count));                                                            \
    ck_assert_ptr_null(gd_env_##kind##_at(&env, count + 1));                                                           \
    ck_assert_ptr_null(gd_env_##kind##_at(NULL, count));                                                               \
  } while (0)

START_TEST(lists_the_library_s_and_then_one_s_own) {
  ASSERT_ONE_MORE(method);
  ASSERT_ONE_MORE(model);
  ASSERT_ONE_MORE(derivation);
}
END_TEST

START_TEST(a_stepper_is_made_by_the_name_of_one_s_own_method) {
  gd_game *game = make_game();
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, "mine"));
  ck_assert_str_eq(gd_stepper_method(stepper)->name, "mine");
  gd_stepper_destroy(stepper);
  ck_assert_int_eq(gd_stepper_create_named(&stepper, game, "yours"), GD_ERR_NAME);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "mine")); /* it is one of those there are */
  gd_game_destroy(game);
}
END_TEST

/* A derived game has the environment of its base: copies of the rotation are analysed with the method too. */
START_TEST(an_analysis_has_a_row_for_it) {
  gd_game *base = make_game(), *game = NULL;
  const double origin[4] = {0};
  gd_linearisation *at = NULL;
  gd_analysis *analysis = NULL;
  gd_analysis_row row, library;
  size_t last, eg = 0;
  assert_ok(gd_derive(&game, base, gd_env_derivation_find(&env, "twice"), NULL));
  assert_ok(gd_linearise(&at, game, origin, NULL));
  assert_ok(gd_analysis_create(&analysis, at, NULL));
  last = gd_analysis_count(analysis) - 1;
  ck_assert_ptr_null(gd_method_at(last));
  assert_ok(gd_analysis_row_at(analysis, last, &row));
  ck_assert_str_eq(row.method, "mine");
  while (strcmp(gd_method_at(eg)->name, GD_EXTRAGRADIENT) != 0) eg++;
  assert_ok(gd_analysis_row_at(analysis, eg, &library));
  ck_assert(row.rate == library.rate && row.fastest_step == library.fastest_step); /* it is the same method */
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

START_TEST(a_catalogue_with_holes_is_refused) {
  static const gd_method *const hole[] = {NULL};
  gd_game *game = NULL;
  const double one[] = {1};
  gd_catalog bad = {.struct_size = sizeof bad, .methods = hole, .n_methods = 1};
  const gd_env with = {.struct_size = sizeof with, .catalog = &bad};
  ck_assert_int_eq(gd_model_bilinear(&game, 1, 1, one, 1, &with), GD_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "methods[0] is NULL"));
  bad = (gd_catalog){.struct_size = sizeof bad, .n_models = 2};
  ck_assert_int_eq(gd_model_bilinear(&game, 1, 1, one, 1, &with), GD_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(gd_last_error(), "n_models is 2"));
  ck_assert_ptr_null(game);
}
END_TEST

TEST_SUITE("catalog", finds_own_tables_after_the_library_s, finds_none_of_them_without_the_environment,
           lists_the_library_s_and_then_one_s_own, a_stepper_is_made_by_the_name_of_one_s_own_method,
           an_analysis_has_a_row_for_it, a_catalogue_with_holes_is_refused)
