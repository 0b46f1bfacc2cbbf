/* SPDX-License-Identifier: BSD-3-Clause */
/* copies.c -- copies side by side are the game, each for itself: field, products, feasible set, and every step. */
#include <gamedyn/derive.h>
#include <gamedyn/stepper.h>

#include "derive/two_threads.h"
#include "support/failing_memory.h"
#include "support/games.h"

enum { COPIES = 3, MOST = 5, ALL = COPIES * MOST };

typedef struct pair {
  gd_game *base, *copies;
  size_t n;
  double X[ALL], x[COPIES][MOST]; /* the same points, as lanes and one by one */
} pair;

static void to_lanes(const pair *p, double (*x)[MOST], double *X) {
  for (size_t c = 0; c < COPIES; c++)
    for (size_t j = 0; j < p->n; j++) X[c + COPIES * j] = x[c][j];
}

static pair pair_of(const test_game *kind) {
  pair p = {.base = create_test_game(kind, NULL)};
  gd_rng rng = gd_rng_make(8, 0);
  p.n = gd_game_size(p.base);
  assert_ok(gd_derive_copies(&p.copies, p.base, COPIES));
  for (size_t c = 0; c < COPIES; c++) {
    gd_rng_fill_normal(&rng, p.n, p.x[c]);
    for (size_t j = 0; j < p.n; j++) p.x[c][j] /= 2;
  }
  to_lanes(&p, p.x, p.X);
  return p;
}

static void release(pair *p) {
  gd_game_destroy(p->copies);
  gd_game_destroy(p->base);
}

static const struct {
  test_game (*kind)(void);
} kinds[] = {{rotation_game}, {curved_game}, {general_game}, {boxed_game}, {noisy_game}};
enum { KINDS = sizeof kinds / sizeof *kinds };

START_TEST(a_players_block_is_its_variables_in_all_copies) {
  const test_game kind = general_game();
  pair p = pair_of(&kind);
  ck_assert_str_eq(gd_game_name(p.copies), "copies(general)");
  ck_assert_uint_eq(gd_game_size(p.copies), COPIES * 4);
  ck_assert_uint_eq(gd_game_players(p.copies), 3);
  ck_assert_uint_eq(gd_game_block_start(p.copies, 1), COPIES);
  ck_assert_uint_eq(gd_game_block_size(p.copies, 1), COPIES * 2);
  ck_assert_uint_eq(gd_game_traits(p.copies), gd_game_traits(p.base));
  release(&p);
}
END_TEST

/* Field, players' parts of it, utility gradients and products of each copy have the bits of the base's. */
START_TEST(each_copy_answers_as_the_base_does) {
  const test_game kind = kinds[_i].kind();
  pair p = pair_of(&kind);
  double v[COPIES][MOST], V[ALL], expected[ALL], U[ALL];
  for (size_t c = 0; c < COPIES; c++) assert_ok(gd_game_gradient(p.base, p.x[c], v[c]));
  to_lanes(&p, v, expected);
  assert_ok(gd_game_gradient(p.copies, p.X, V));
  ck_assert_mem_eq(V, expected, COPIES * p.n * sizeof *V);
  for (size_t i = 0; i < gd_game_players(p.copies); i++) {
    assert_ok(gd_game_player_gradient(p.copies, i, p.X, V));
    ck_assert_mem_eq(V, expected + gd_game_block_start(p.copies, i), gd_game_block_size(p.copies, i) * sizeof *V);
  }
  memcpy(U, expected, sizeof U);
  if (gd_game_source(p.copies, GD_JVP) == GD_SOURCE_NATIVE) {
    for (size_t c = 0; c < COPIES; c++) assert_ok(gd_game_jvp(p.base, p.x[c], v[c], expected + c * MOST));
    assert_ok(gd_game_jvp(p.copies, p.X, U, V));
    for (size_t c = 0; c < COPIES; c++)
      for (size_t j = 0; j < p.n; j++) ck_assert(V[c + COPIES * j] == expected[c * MOST + j]);
  }
  if (gd_game_source(p.copies, GD_VJP) == GD_SOURCE_NATIVE) {
    for (size_t c = 0; c < COPIES; c++) assert_ok(gd_game_vjp(p.base, p.x[c], v[c], expected + c * MOST));
    assert_ok(gd_game_vjp(p.copies, p.X, U, V));
    for (size_t c = 0; c < COPIES; c++)
      for (size_t j = 0; j < p.n; j++) ck_assert(V[c + COPIES * j] == expected[c * MOST + j]);
  }
  release(&p);
}
END_TEST

START_TEST(utilities_are_added_up) {
  const test_game kind = curved_game();
  pair p = pair_of(&kind);
  double sum[2] = {0}, one[2], all[2], g[COPIES][MOST], expected[ALL], G[ALL];
  for (size_t c = 0; c < COPIES; c++) {
    assert_ok(gd_game_utilities(p.base, p.x[c], one));
    for (size_t i = 0; i < 2; i++) sum[i] += one[i];
    assert_ok(gd_game_utility_gradient(p.base, 1, p.x[c], g[c]));
  }
  to_lanes(&p, g, expected);
  assert_ok(gd_game_utilities(p.copies, p.X, all));
  assert_ok(gd_game_utility_gradient(p.copies, 1, p.X, G));
  ck_assert_mem_eq(all, sum, sizeof sum);
  ck_assert_mem_eq(G, expected, sizeof expected);
  release(&p);
}
END_TEST

START_TEST(passes_the_check_of_games) {
  const test_game kind = kinds[_i].kind();
  pair p = pair_of(&kind);
  assert_ok(gd_game_check(p.copies, p.X, 4, NULL));
  release(&p);
}
END_TEST

START_TEST(feasible_set_and_solution_are_the_bases_for_each_copy) {
  const test_game boxed = boxed_game(), curved = curved_game();
  pair p = pair_of(&boxed);
  for (size_t k = 0; k < 2 * COPIES; k++) p.X[k] = (double)k - 2; /* the box is [-1, 1]^2 */
  assert_ok(gd_game_project(p.copies, p.X));
  const double expected[] = {-1, -1, 0, 1, 1, 1};
  ck_assert_mem_eq(p.X, expected, sizeof expected);
  release(&p);
  p = pair_of(&curved);
  double solution[5] = {0.5, -0.25, 1, -1, 0.125}, X[ALL];
  assert_ok(gd_game_solution(p.copies, X));
  for (size_t k = 0; k < ALL; k++) ck_assert_double_eq(X[k], solution[k / COPIES]);
  release(&p);
}
END_TEST

/* ---- steps ---- */

static void compare_steps(const test_game *kind, const gd_method *method, const char *scaling) {
  pair p = pair_of(kind);
  gd_stepper *all = NULL, *one = NULL;
  const double step_sizes[] = {0x1p-6, 0x1p-7, 0x1p-5};
  assert_ok(gd_stepper_create(&all, p.copies, method));
  assert_ok(gd_stepper_create(&one, p.base, method));
  assert_ok(gd_stepper_set_scaling(all, scaling));
  assert_ok(gd_stepper_set_scaling(one, scaling));
  assert_ok(gd_stepper_set_players(all, GD_STEP_SIZE, step_sizes));
  assert_ok(gd_stepper_set_players(one, GD_STEP_SIZE, step_sizes));
  for (int step = 0; step < 4; step++) assert_ok(gd_stepper_step(all, p.X));
  for (size_t c = 0; c < COPIES; c++) {
    gd_stepper_reset(one);
    for (int step = 0; step < 4; step++) assert_ok(gd_stepper_step(one, p.x[c]));
    for (size_t j = 0; j < p.n; j++)
      ck_assert_msg(p.X[c + COPIES * j] == p.x[c][j], "%s with scaling %s on %s: variable %zu of copy %zu",
                    method->name, scaling, gd_game_name(p.base), j, c);
  }
  gd_stepper_destroy(one);
  gd_stepper_destroy(all);
  release(&p);
}

/* What GD_METHOD_LANEWISE promises, of every method in the registry that promises it. */
START_TEST(lanewise_methods_step_each_copy_as_it_would_alone) {
  size_t promised = 0;
  for (size_t m = 0; gd_method_at(m); m++) {
    if (!(gd_method_at(m)->traits & GD_METHOD_LANEWISE)) continue;
    promised++;
    for (size_t s = 0; gd_scaling_at(s); s++) {
      const test_game plain[] = {rotation_game(), curved_game(), boxed_game()};
      for (size_t k = 0; k < 3; k++)
        if (!plain[k].ops.project || !(gd_method_at(m)->traits & GD_METHOD_UNCONSTRAINED))
          compare_steps(&plain[k], gd_method_at(m), gd_scaling_at(s));
    }
  }
  ck_assert_uint_ge(promised, 7);
}
END_TEST

/* With sums of utilities, a leader that looks ahead in all copies looks ahead in each. */
START_TEST(other_derived_games_may_be_made_of_copies) {
  const test_game kind = curved_game();
  pair p = pair_of(&kind);
  gd_game *of_copies = NULL, *unrolled = NULL, *copies = NULL;
  double V[ALL], W[ALL];
  assert_ok(gd_derive_unrolled(&of_copies, p.copies, 0, 1, 4, 0.1));
  assert_ok(gd_derive_unrolled(&unrolled, p.base, 0, 1, 4, 0.1));
  assert_ok(gd_derive_copies(&copies, unrolled, COPIES));
  assert_ok(gd_game_gradient(of_copies, p.X, V));
  assert_ok(gd_game_gradient(copies, p.X, W));
  ck_assert_mem_eq(V, W, sizeof V);
  gd_game_destroy(copies);
  gd_game_destroy(unrolled);
  gd_game_destroy(of_copies);
  release(&p);
}
END_TEST

/* ---- failures ---- */

START_TEST(fails_as_the_base_fails) {
  const test_game kind = half_plane_game();
  pair p = pair_of(&kind);
  double V[ALL];
  const double X[] = {1, 1, 0, 1, 1, 1}; /* the third copy has x0 = 0 < 1/2 */
  assert_fails(gd_game_gradient(p.copies, X, V), GD_ERR_DOMAIN, "outside the game's domain");
  const double Y[] = {1, 1, 1, 1, 1, 1};
  assert_ok(gd_game_gradient(p.copies, Y, V));
  release(&p);
}
END_TEST

START_TEST(what_the_base_differences_is_differenced_once) {
  const test_game kind = half_plane_game(); /* has no products */
  pair p = pair_of(&kind);
  ck_assert_int_eq(gd_game_source(p.copies, GD_JVP), GD_SOURCE_DIFFERENCED);
  ck_assert_int_eq(gd_game_source(p.copies, GD_UTILITIES), GD_SOURCE_NATIVE);
  ck_assert_int_eq(gd_game_source(p.copies, GD_UTILITY_GRADIENT), GD_SOURCE_DIFFERENCED);
  release(&p);
}
END_TEST

START_TEST(checks_its_arguments) {
  test_game kind = rotation_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_fails(gd_derive_copies(NULL, base, 2), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_derive_copies(&game, NULL, 2), GD_ERR_ARGUMENT, "base is NULL");
  assert_fails(gd_derive_copies(&game, base, 0), GD_ERR_ARGUMENT, "copies is 0");
  assert_fails(gd_derive_copies(&game, base, SIZE_MAX / 1024), GD_ERR_ARGUMENT, "expected 1 to");
  gd_game_destroy(base);
  kind.traits |= GD_PARTITIONED;
  base = create_test_game(&kind, NULL);
  assert_fails(gd_derive_copies(&game, base, 2), GD_ERR_UNSUPPORTED, "partitioned");
  ck_assert_ptr_null(game);
  gd_game_destroy(base);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const test_game kind = general_game();
  const gd_game_spec spec = test_game_spec(&kind, env);
  gd_game *base = NULL, *game = NULL;
  const double X[ALL] = {1};
  double V[ALL];
  (void)argument;
  gd_status status = gd_game_create(&base, &spec);
  if (status == GD_OK) status = gd_derive_copies(&game, base, COPIES);
  gd_game_destroy(base);
  if (status == GD_OK) status = gd_game_gradient(game, X, V);
  if (status == GD_OK) status = gd_game_vjp(game, X, X + 1, V);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 10); }
END_TEST

START_TEST(is_evaluated_on_two_threads) {
  const test_game kind = curved_game();
  gd_game *base = create_test_game(&kind, NULL), *game = NULL;
  assert_ok(gd_derive_copies(&game, base, 1)); /* which has 5 variables */
  gd_game_destroy(base);
  serve_two_threads(game);
}
END_TEST

Suite *make_suite(void) {
  const TTest *const tests[] = {a_players_block_is_its_variables_in_all_copies,
                                utilities_are_added_up,
                                feasible_set_and_solution_are_the_bases_for_each_copy,
                                lanewise_methods_step_each_copy_as_it_would_alone,
                                other_derived_games_may_be_made_of_copies,
                                fails_as_the_base_fails,
                                what_the_base_differences_is_differenced_once,
                                checks_its_arguments,
                                survives_every_refused_allocation,
                                is_evaluated_on_two_threads};
  Suite *suite = suite_create("copies");
  TCase *tcase = tcase_create("copies");
  tcase_set_timeout(tcase, 300);
  for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(tcase, tests[k]);
  tcase_add_loop_test(tcase, each_copy_answers_as_the_base_does, 0, KINDS);
  tcase_add_loop_test(tcase, passes_the_check_of_games, 0, KINDS);
  suite_add_tcase(suite, tcase);
  return suite;
}
