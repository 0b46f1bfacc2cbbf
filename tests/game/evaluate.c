/* SPDX-License-Identifier: BSD-3-Clause */
/* evaluate.c -- gradients, utilities and the feasible set: right numbers, by which callback, how
 * often, and what is said when they fail. */
#include "support/games.h"
#include "support/suite.h"

#include <math.h>
#include <stdio.h>

static const double x4[4] = {0.3, -0.7, 0.9, 0.2};

static gd_counts counts_of(const gd_game *game) {
  gd_counts counts;
  gd_game_counts(game, &counts);
  return counts;
}

START_TEST(gives_the_gradient_and_its_blocks) {
  test_game kind = general_game();
  /* by the formulas of games.h at x4 */
  const double v[4] = {-0.3 - 0.7 * 0.2, 0.7 + sin(0.3) + 0.81, -0.9 + 0.2 - 2 * 0.7 * 0.9, -0.2 + 0.3 * 0.9};
  for (int native = 1; native >= 0; native--) {
    if (!native) kind.ops.player_gradient = NULL;
    gd_game *game = create_test_game(&kind, NULL);
    double all[4], block[3] = {0, 0, 99};
    assert_ok(gd_game_gradient(game, x4, all));
    for (int k = 0; k < 4; k++) assert_close(all[k], v[k], 1e-15, 0);
    assert_ok(gd_game_player_gradient(game, 1, x4, block));
    assert_close(block[0], v[1], 1e-15, 0);
    assert_close(block[1], v[2], 1e-15, 0);
    ck_assert(block[2] == 99);
    ck_assert_uint_eq(counts_of(game).player_gradients, native ? 1 : 0);
    ck_assert_uint_eq(counts_of(game).gradients, native ? 1 : 2);
    gd_game_reset_counts(game);
    ck_assert_uint_eq(counts_of(game).gradients, 0);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(gives_utilities_and_their_gradients_by_three_ways) {
  test_game kind = general_game();
  gd_game *game = create_test_game(&kind, NULL);
  double utilities[3], g[4];
  assert_ok(gd_game_utilities(game, x4, utilities));
  assert_close(utilities[0], -0.045 - 0.3 * 0.7 * 0.2, 1e-15, 0);
  /* du_1/dx = (cos(x0) x1, -x1 + sin x0 + x2^2, -x2 + x3 + 2 x1 x2, x2) */
  const double exact[4] = {-0.7 * cos(0.3), 0.7 + sin(0.3) + 0.81, -0.7 - 2 * 0.7 * 0.9, 0.9};
  assert_ok(gd_game_utility_gradient(game, 1, x4, g));
  for (int k = 0; k < 4; k++) assert_close(g[k], exact[k], 1e-15, 0);
  ck_assert_uint_eq(counts_of(game).utility_gradients, 1);
  gd_game_destroy(game);

  kind.ops.utility_gradient = NULL;
  game = create_test_game(&kind, NULL);
  assert_ok(gd_game_utility_gradient(game, 1, x4, g));
  /* t = 2^-18, third derivatives at most 1: t^2/6 = 2.4e-12, and rounding eps/t = 6e-11 */
  for (int k = 0; k < 4; k++) assert_close(g[k], exact[k], 0, 2e-10);
  ck_assert_uint_eq(counts_of(game).utilities, 8);
  gd_game_destroy(game);
}
END_TEST

START_TEST(derives_utility_gradients_of_a_zero_sum_game_exactly) {
  test_game kind = curved_game();
  const double x[5] = {0.3, -0.7, 0.9, 0.2, -0.4};
  gd_game *native = create_test_game(&kind, NULL);
  kind.ops.utility_gradient = NULL;
  kind.ops.utilities = NULL;
  gd_game *derived = create_test_game(&kind, NULL);
  for (size_t player = 0; player < 2; player++) {
    double expected[5], g[5];
    assert_ok(gd_game_utility_gradient(native, player, x, expected));
    assert_ok(gd_game_utility_gradient(derived, player, x, g));
    for (int k = 0; k < 5; k++) assert_close(g[k], expected[k], 0, 0);
  }
  ck_assert_uint_eq(counts_of(derived).gradients, 2);
  gd_game_destroy(native);
  gd_game_destroy(derived);
}
END_TEST

START_TEST(takes_a_lone_players_gradient_for_its_utilitys) {
  test_game kind = noisy_game();
  kind.n_players = 1;
  kind.block_sizes[0] = 2;
  gd_game *game = create_test_game(&kind, NULL);
  double g[2];
  assert_ok(gd_game_utility_gradient(game, 0, (const double[]){1, 2}, g));
  ck_assert(g[0] == -1 && g[1] == -2);
  ck_assert_int_eq(gd_game_source(game, GD_UTILITY_GRADIENT), GD_SOURCE_DERIVED);
  gd_game_destroy(game);
}
END_TEST

START_TEST(names_the_entry_that_is_not_finite) {
  failing_calls calls = {.fail_at = 1};
  test_game kind = failing_game(&calls);
  gd_game *game = create_test_game(&kind, NULL);
  double v[2];
  const double x[2] = {1, 2};
  assert_fails(gd_game_gradient(game, x, v), GD_ERR_NONFINITE, "gradient[1] (player 1, variable 0) is nan");
  calls.calls = 0;
  assert_fails(gd_game_utilities(game, x, v), GD_ERR_NONFINITE, "utilities[1] is nan");
  calls.calls = 0;
  assert_fails(gd_game_jvp(game, x, x, v), GD_ERR_NONFINITE, "jvp[1] (player 1, variable 0) is nan");
  calls.calls = 0;
  assert_fails(gd_game_vjp(game, x, x, v), GD_ERR_NONFINITE, "vjp[1] (player 1, variable 0) is nan");
  assert_ok(gd_game_gradient(game, x, v));
  gd_game_destroy(game);
}
END_TEST

/* v_k = 1 / x_k, so that a zero anywhere shows */
static int inverse_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const size_t n = *(size_t *)data;
  (void)draw;
  for (size_t k = 0; k < n; k++) v[k] = 1 / x[k];
  return 0;
}

static int inverse_player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  const size_t n = *(size_t *)data, start = player == 0 ? 0 : 14, end = player == 0 ? 14 : n;
  (void)draw;
  for (size_t k = start; k < end; k++) v_i[k - start] = 1 / x[k];
  return 0;
}

START_TEST(finds_infinity_anywhere_in_short_and_long_gradients) {
  for (size_t n = 15; n <= 40; n += 25) {
    test_game kind = rotation_game();
    kind.ops = (gd_game_ops){
        .struct_size = sizeof(gd_game_ops), .gradient = inverse_gradient, .player_gradient = inverse_player_gradient};
    kind.block_sizes[0] = 14;
    kind.block_sizes[1] = n - 14;
    kind.data = &n;
    gd_game *game = create_test_game(&kind, NULL);
    double x[40], v[40];
    for (size_t k = 0; k < n; k++) x[k] = 1;
    for (size_t k = 0; k < n; k++) {
      char words[96];
      x[k] = k % 2 ? 0.0 : -0.0;
      snprintf(words, sizeof words, "gradient[%zu] (player %d, variable %zu) is %sinf", k, k >= 14, k < 14 ? k : k - 14,
               k % 2 ? "" : "-");
      assert_fails(gd_game_gradient(game, x, v), GD_ERR_NONFINITE, words);
      x[k] = 1;
    }
    assert_ok(gd_game_gradient(game, x, v));
    x[14] = 0;
    assert_fails(gd_game_player_gradient(game, 1, x, v), GD_ERR_NONFINITE,
                 "player_gradient[0] (player 1, variable 0) is inf");
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(passes_on_what_callbacks_return) {
  failing_calls calls = {.fail_at = 1, .code = -4};
  test_game kind = failing_game(&calls);
  gd_game *game = create_test_game(&kind, NULL);
  double v[2];
  const double x[2] = {1, 2};
  assert_fails(gd_game_gradient(game, x, v), GD_ERR_CALLBACK, "gradient: the game's callback failed and returned -4");
  calls.calls = 0;
  assert_fails(gd_game_utilities(game, x, v), GD_ERR_CALLBACK, "utilities: the game's callback failed");
  calls = (failing_calls){.fail_at = 1, .code = 8};
  assert_fails(gd_game_utilities(game, x, v), GD_ERR_DOMAIN,
               "x is outside the game's domain (its callback returned 8)");
  calls.calls = 0;
  assert_fails(gd_game_jvp(game, x, x, v), GD_ERR_DOMAIN, "jvp: x is outside");
  ck_assert_uint_eq(counts_of(game).gradients, 1); /* failed calls reached a callback too */
  ck_assert_uint_eq(counts_of(game).utilities, 2);
  gd_game_destroy(game);
}
END_TEST

START_TEST(projects_or_leaves_x_alone) {
  test_game kind = boxed_game();
  gd_game *game = create_test_game(&kind, NULL);
  double x[2] = {3, -0.5};
  ck_assert(gd_game_projects(game));
  assert_ok(gd_game_project(game, x));
  ck_assert(x[0] == 1 && x[1] == -0.5);
  ck_assert_uint_eq(counts_of(game).projections, 1);
  assert_fails(gd_game_project(game, NULL), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_game_project(NULL, x), GD_ERR_ARGUMENT, "game is NULL");
  gd_game_destroy(game);
  kind = rotation_game();
  game = create_test_game(&kind, NULL);
  x[0] = 3;
  ck_assert(!gd_game_projects(game));
  assert_ok(gd_game_project(game, x));
  ck_assert(x[0] == 3);
  ck_assert_uint_eq(counts_of(game).projections, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(states_a_solution_or_says_it_has_none) {
  test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  double x[5], v[5];
  assert_ok(gd_game_solution(game, x));
  assert_ok(gd_game_gradient(game, x, v));
  for (int k = 0; k < 5; k++) ck_assert(v[k] == 0);
  assert_fails(gd_game_solution(game, NULL), GD_ERR_ARGUMENT, "x is NULL");
  gd_game_destroy(game);
  kind.ops.solution = NULL;
  game = create_test_game(&kind, NULL);
  assert_fails(gd_game_solution(game, x), GD_ERR_UNSUPPORTED, "solution: the game \"curved\" has no solution callback");
  gd_game_destroy(game);
}
END_TEST

START_TEST(evaluates_many_points_as_lanes) {
  test_game kind = curved_game();
  double X[15], V[15], x[5], v[5];
  gd_rng rng = gd_rng_make(1, 2);
  gd_rng_fill_normal(&rng, 15, X);
  for (int native = 1; native >= 0; native--) {
    if (!native) kind.ops.gradient_many = NULL;
    gd_game *game = create_test_game(&kind, NULL);
    assert_ok(gd_game_gradient_many(game, 3, X, V));
    ck_assert_uint_eq(counts_of(game).gradients, 3);
    for (int lane = 0; lane < 3; lane++) {
      for (int i = 0; i < 5; i++) x[i] = X[lane + 3 * i];
      assert_ok(gd_game_gradient(game, x, v));
      for (int i = 0; i < 5; i++) ck_assert(V[lane + 3 * i] == v[i]);
    }
    assert_ok(gd_game_gradient_many(game, 0, X, V));
    gd_game_destroy(game);
  }
}
END_TEST

static int nan_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  const int code = curved_game().ops.gradient_many(data, draw, k, X, V);
  V[1 + 3 * k] = NAN;
  return code;
}

static int broken_gradient_many(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  (void)data, (void)draw, (void)k, (void)X, (void)V;
  return -2;
}

START_TEST(names_the_lane_that_is_not_finite) {
  test_game kind = curved_game();
  const double X[10] = {0};
  double V[10];
  kind.ops.gradient_many = nan_gradient_many;
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_game_gradient_many(game, 2, X, V), GD_ERR_NONFINITE, "variable 3 of lane 1 is nan");
  gd_game_destroy(game);
  kind.ops.gradient_many = broken_gradient_many;
  game = create_test_game(&kind, NULL);
  assert_fails(gd_game_gradient_many(game, 2, X, V), GD_ERR_CALLBACK, "gradient_many: the game's callback failed");
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_null_aliases_and_players_that_are_not_there) {
  const test_game kind = general_game();
  gd_game *game = create_test_game(&kind, NULL);
  double x[4] = {0}, v[4];
  assert_fails(gd_game_gradient(NULL, x, v), GD_ERR_ARGUMENT, "gradient: game is NULL");
  assert_fails(gd_game_gradient(game, NULL, v), GD_ERR_ARGUMENT, "gradient: x is NULL");
  assert_fails(gd_game_gradient(game, x, NULL), GD_ERR_ARGUMENT, "gradient: v is NULL");
  assert_fails(gd_game_gradient(game, x, x), GD_ERR_ARGUMENT, "gradient: v overlaps x");
  assert_fails(gd_game_player_gradient(game, 0, x, NULL), GD_ERR_ARGUMENT, "v_i is NULL");
  assert_fails(gd_game_player_gradient(game, 3, x, v), GD_ERR_ARGUMENT, "player is 3, but the game has 3 players");
  assert_fails(gd_game_utilities(game, x, NULL), GD_ERR_ARGUMENT, "utilities is NULL");
  assert_fails(gd_game_utility_gradient(game, 3, x, v), GD_ERR_ARGUMENT, "player is 3, but the game has 3 players");
  assert_fails(gd_game_utility_gradient(game, 0, x, x), GD_ERR_ARGUMENT, "g overlaps x");
  assert_fails(gd_game_utility_gradient(game, 0, x, NULL), GD_ERR_ARGUMENT, "g is NULL");
  assert_fails(gd_game_gradient_many(game, 1, x, x), GD_ERR_ARGUMENT, "V overlaps X");
  assert_fails(gd_game_gradient_many(game, 1, NULL, x), GD_ERR_ARGUMENT, "X is NULL");
  assert_fails(gd_game_gradient_many(game, 1, x, NULL), GD_ERR_ARGUMENT, "V is NULL");
  assert_fails(gd_game_gradient_many(NULL, 1, x, v), GD_ERR_ARGUMENT, "game is NULL");
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("evaluate", gives_the_gradient_and_its_blocks, gives_utilities_and_their_gradients_by_three_ways,
           derives_utility_gradients_of_a_zero_sum_game_exactly, takes_a_lone_players_gradient_for_its_utilitys,
           names_the_entry_that_is_not_finite, finds_infinity_anywhere_in_short_and_long_gradients,
           passes_on_what_callbacks_return, projects_or_leaves_x_alone, states_a_solution_or_says_it_has_none,
           evaluates_many_points_as_lanes, names_the_lane_that_is_not_finite,
           refuses_null_aliases_and_players_that_are_not_there)
