/* SPDX-License-Identifier: BSD-3-Clause */
/* zero_sum.c -- the bilinear and the quadratic game against their formulas on numbers worked by hand. */
#include <gamedyn/models.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <stdint.h>

/* p = 2, q = 3; C = [[1, 3, 5], [2, 4, 6]], theta = (1, -1), omega = (2, 0, 1):
 *   C omega = (7, 10), C' theta = (-1, -1, -1), theta' C omega = -3.
 * A = [[2, 1], [1, 3]]: A theta = (1, -2), theta' A theta = 3.
 * B = diag(1, 2, 4) with B_01 = 1: B omega = (2, 2, 4), omega' B omega = 8. */
static const double C[] = {1, 2, 3, 4, 5, 6}, A[] = {2, 1, 1, 3}, B[] = {1, 1, 0, 1, 2, 0, 0, 0, 4};
static const double point[] = {1, -1, 2, 0, 1};

static gd_game *make_bilinear(void) {
  gd_game *game = NULL;
  assert_ok(gd_model_bilinear(&game, 2, 3, C, 2, NULL));
  return game;
}

static gd_game *make_quadratic(void) {
  gd_game *game = NULL;
  assert_ok(gd_model_quadratic(&game, 2, 3, A, 2, B, 3, C, 2, NULL));
  return game;
}

static void assert_vector(size_t n, const double *actual, const double *expected) {
  for (size_t k = 0; k < n; k++) ck_assert_double_eq(actual[k], expected[k]);
}

START_TEST(bilinear_follows_its_formulas) {
  gd_game *game = make_bilinear();
  double v[5], u[2], g[5];
  assert_ok(gd_game_gradient(game, point, v));
  assert_vector(5, v, (const double[]){-7, -10, -1, -1, -1});
  assert_ok(gd_game_player_gradient(game, 0, point, v));
  assert_vector(2, v, (const double[]){-7, -10});
  assert_ok(gd_game_player_gradient(game, 1, point, v));
  assert_vector(3, v, (const double[]){-1, -1, -1});
  assert_ok(gd_game_utilities(game, point, u));
  assert_vector(2, u, (const double[]){3, -3});
  assert_ok(gd_game_utility_gradient(game, 0, point, g)); /* -dU/dx */
  assert_vector(5, g, (const double[]){-7, -10, 1, 1, 1});
  assert_ok(gd_game_utility_gradient(game, 1, point, g));
  assert_vector(5, g, (const double[]){7, 10, -1, -1, -1});
  assert_ok(gd_game_solution(game, g));
  assert_vector(5, g, (const double[]){0, 0, 0, 0, 0});
  gd_game_destroy(game);
}
END_TEST

START_TEST(quadratic_follows_its_formulas) {
  gd_game *game = make_quadratic();
  double v[5], u[2], g[5];
  assert_ok(gd_game_gradient(game, point, v));
  assert_vector(5, v, (const double[]){-8, -8, -3, -3, -5});
  assert_ok(gd_game_player_gradient(game, 0, point, v));
  assert_vector(2, v, (const double[]){-8, -8});
  assert_ok(gd_game_player_gradient(game, 1, point, v));
  assert_vector(3, v, (const double[]){-3, -3, -5});
  assert_ok(gd_game_utilities(game, point, u)); /* U = 3/2 - 8/2 - 3 = -5.5 */
  assert_vector(2, u, (const double[]){5.5, -5.5});
  assert_ok(gd_game_utility_gradient(game, 1, point, g)); /* dU/dx = (A theta + C omega, C' theta - B omega) */
  assert_vector(5, g, (const double[]){8, 8, -3, -3, -5});
  gd_game_destroy(game);
}
END_TEST

/* J = [[-A, -C], [C', -B]] */
START_TEST(the_jacobian_and_its_products_agree_entry_by_entry) {
  const double bilinear_J[] = {0, 0, 1, 3, 5, 0, 0, 2, 4, 6, -1, -2, 0, 0, 0, -3, -4, 0, 0, 0, -5, -6, 0, 0, 0};
  const double quadratic_J[] = {-2, -1, 1,  3,  5,  -1, -3, 2,  4,  6, -1, -2, -1,
                                -1, 0,  -3, -4, -1, -2, 0,  -5, -6, 0, 0,  -4};
  for (int k = 0; k < 2; k++) {
    gd_game *game = k ? make_quadratic() : make_bilinear();
    const double *expected = k ? quadratic_J : bilinear_J;
    double J[7 * 5], out[5], unit[5] = {0};
    assert_ok(gd_game_jacobian(game, point, J, 7));
    for (size_t j = 0; j < 5; j++) {
      assert_vector(5, J + 7 * j, expected + 5 * j);
      unit[j] = 1;
      assert_ok(gd_game_jvp(game, point, unit, out));
      assert_vector(5, out, expected + 5 * j);
      assert_ok(gd_game_vjp(game, point, unit, out));
      for (size_t i = 0; i < 5; i++) ck_assert_double_eq(out[i], expected[j + 5 * i]);
      unit[j] = 0;
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* Integers: every sum is exact, so lanes give the very numbers of one point after the other. */
START_TEST(many_points_equal_one_after_the_other) {
  for (size_t k = 1; k <= 19; k += 3) {
    gd_game *game = make_quadratic();
    double X[19 * 5], V[19 * 5], x[5], v[5];
    for (size_t lane = 0; lane < k; lane++)
      for (size_t i = 0; i < 5; i++) X[lane + k * i] = (double)(lane * i) - 3.0 * (double)i + 1;
    assert_ok(gd_game_gradient_many(game, k, X, V));
    for (size_t lane = 0; lane < k; lane++) {
      for (size_t i = 0; i < 5; i++) x[i] = X[lane + k * i];
      assert_ok(gd_game_gradient(game, x, v));
      for (size_t i = 0; i < 5; i++) ck_assert_double_eq(V[lane + k * i], v[i]);
    }
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(absent_matrices_are_zero) {
  gd_game *game = NULL;
  double v[5], J[25];
  assert_ok(gd_model_quadratic(&game, 2, 3, NULL, 0, NULL, 0, NULL, 0, NULL));
  assert_ok(gd_game_gradient(game, point, v));
  assert_vector(5, v, (const double[]){0, 0, 0, 0, 0});
  assert_ok(gd_game_jacobian(game, point, J, 5));
  for (size_t k = 0; k < 25; k++) ck_assert_double_eq(J[k], 0);
  ck_assert(gd_game_traits(game) & GD_POTENTIAL);
  gd_game_destroy(game);

  assert_ok(gd_model_quadratic(&game, 2, 3, A, 2, NULL, 0, NULL, 0, NULL));
  assert_ok(gd_game_gradient(game, point, v));
  assert_vector(5, v, (const double[]){-1, 2, 0, 0, 0});
  gd_game_destroy(game);
}
END_TEST

START_TEST(traits_say_what_holds) {
  gd_game *game = make_bilinear();
  const uint32_t expected = GD_ZERO_SUM | GD_AFFINE | GD_THREAD_SAFE;
  ck_assert_uint_eq(gd_game_traits(game), expected);
  ck_assert_str_eq(gd_game_name(game), "bilinear");
  for (gd_quantity what = GD_GRADIENT; what <= GD_JACOBIAN; what++)
    ck_assert_int_eq(gd_game_source(game, what), GD_SOURCE_NATIVE);
  gd_game_destroy(game);
  const double zero[6] = {0};
  assert_ok(gd_model_bilinear(&game, 2, 3, zero, 2, NULL));
  ck_assert_uint_eq(gd_game_traits(game), expected | GD_POTENTIAL);
  gd_game_destroy(game);
  game = make_quadratic();
  ck_assert_uint_eq(gd_game_traits(game), expected);
  ck_assert_str_eq(gd_game_name(game), "quadratic");
  gd_game_destroy(game);
}
END_TEST

START_TEST(bad_arguments_are_refused_in_words) {
  gd_game *game = NULL;
  const double bad[] = {1, 2, 3, 4, (double)NAN, 6}, skew[] = {1, 2, -2, 1};
  assert_fails(gd_model_bilinear(NULL, 2, 3, C, 2, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_bilinear(&game, 0, 3, C, 2, NULL), GD_ERR_ARGUMENT, "p is 0");
  assert_fails(gd_model_bilinear(&game, 2, SIZE_MAX, C, 2, NULL), GD_ERR_ARGUMENT, "q is ");
  assert_fails(gd_model_bilinear(&game, 2, 3, NULL, 2, NULL), GD_ERR_ARGUMENT, "C is NULL");
  assert_fails(gd_model_bilinear(&game, 2, 3, C, 1, NULL), GD_ERR_ARGUMENT, "leading dimension of C is 1");
  assert_fails(gd_model_bilinear(&game, 2, 3, bad, 2, NULL), GD_ERR_NONFINITE, "C[0, 2] is nan");
  assert_fails(gd_model_bilinear(&game, 2, 3, C, 2, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  assert_fails(gd_model_quadratic(NULL, 2, 3, A, 2, B, 3, C, 2, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_quadratic(&game, 0, 3, A, 2, B, 3, C, 2, NULL), GD_ERR_ARGUMENT, "p is 0");
  assert_fails(gd_model_quadratic(&game, 2, 0, A, 2, B, 3, C, 2, NULL), GD_ERR_ARGUMENT, "q is 0");
  assert_fails(gd_model_quadratic(&game, 2, 3, skew, 2, B, 3, C, 2, NULL), GD_ERR_ARGUMENT, "symmetric");
  assert_fails(gd_model_quadratic(&game, 2, 3, A, 2, B, 2, C, 2, NULL), GD_ERR_ARGUMENT, "leading dimension of B");
  assert_fails(gd_model_quadratic(&game, 2, 3, A, 2, B, 3, C, 0, NULL), GD_ERR_ARGUMENT, "leading dimension of C");
  ck_assert_ptr_null(game);
}
END_TEST

static gd_status use_both(const gd_env *env, void *argument) {
  (void)argument;
  gd_game *game = NULL;
  gd_status status = gd_model_bilinear(&game, 2, 3, C, 2, env);
  gd_game_destroy(game);
  game = NULL;
  if (status == GD_OK) status = gd_model_quadratic(&game, 2, 3, A, 2, B, 3, C, 2, env);
  gd_game_destroy(game);
  return status;
}

START_TEST(each_refused_allocation_is_survived) { ck_assert_uint_ge(refuse_each_allocation(use_both, NULL), 12); }
END_TEST

/* Three lanes pass through memory of their own. */
START_TEST(few_lanes_without_memory_fail_and_leak_nothing) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  gd_game *game = NULL;
  double X[15] = {0}, V[15];
  assert_ok(gd_model_bilinear(&game, 2, 3, C, 2, &memory.env));
  const size_t live = memory.live;
  memory.calls = 0;
  memory.fail_at = 1;
  assert_fails(gd_game_gradient_many(game, 3, X, V), GD_ERR_MEMORY, "memory");
  ck_assert_uint_eq(memory.live, live);
  assert_ok(gd_game_gradient_many(game, 3, X, V));
  ck_assert_uint_eq(memory.live, live);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("zero_sum", bilinear_follows_its_formulas, quadratic_follows_its_formulas,
           the_jacobian_and_its_products_agree_entry_by_entry, many_points_equal_one_after_the_other,
           absent_matrices_are_zero, traits_say_what_holds, bad_arguments_are_refused_in_words,
           each_refused_allocation_is_survived, few_lanes_without_memory_fail_and_leak_nothing)
