/* SPDX-License-Identifier: BSD-3-Clause */
/* affine.c -- any J and b: its formulas, its utilities where there are any, its traits, its solution. */
#include <gamedyn/models.h>

#include "support/failing_memory.h"
#include "support/suite.h"

#include <stdint.h>

/* Players of 1 and 2 variables; rows of J: (-2, 1, 3), (4, -1, 5), (6, 5, -3); b = (1, 0, -1); x = (1, 2, -1):
 *   J x = (-3, -3, 19), v = (-2, -3, 18).
 * u_0 = -2/2 + (1 2 - 3 1) + 1 = -1
 * u_1 = (-1 4 + 2 5 2 (-1) - 3 1) / 2 + 2 4 - 6 1 - 0 + 1 = (-4 - 20 - 3) / 2 + 3 = -10.5 */
static const double J[] = {-2, 4, 6, 1, -1, 5, 3, 5, -3}, b[] = {1, 0, -1}, point[] = {1, 2, -1};
static const size_t blocks[] = {1, 2};

static gd_game *make(const double *matrix, const double *constant) {
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, blocks, matrix, 3, constant, NULL));
  return game;
}

static void assert_vector(size_t n, const double *actual, const double *expected) {
  for (size_t k = 0; k < n; k++) ck_assert_double_eq(actual[k], expected[k]);
}

START_TEST(follows_its_formulas) {
  gd_game *game = make(J, b);
  double v[3], u[2], g[3];
  assert_ok(gd_game_gradient(game, point, v));
  assert_vector(3, v, (const double[]){-2, -3, 18});
  assert_ok(gd_game_player_gradient(game, 0, point, v));
  assert_vector(1, v, (const double[]){-2});
  assert_ok(gd_game_player_gradient(game, 1, point, v));
  assert_vector(2, v, (const double[]){-3, 18});
  assert_ok(gd_game_utilities(game, point, u));
  assert_vector(2, u, (const double[]){-1, -10.5});
  /* du_0/dx = (v_0, J_01' x_0) = (-2, 1, 3);  du_1/dx = (J_10' x_1, v_1) = (4 2 - 6, ...) */
  assert_ok(gd_game_utility_gradient(game, 0, point, g));
  assert_vector(3, g, (const double[]){-2, 1, 3});
  assert_ok(gd_game_utility_gradient(game, 1, point, g));
  assert_vector(3, g, (const double[]){2, -3, 18});
  gd_game_destroy(game);
}
END_TEST

START_TEST(products_are_rows_and_columns_of_J) {
  gd_game *game = make(J, b);
  double copy[4 * 3], out[3], U[3 * 3] = {0};
  assert_ok(gd_game_jacobian(game, point, copy, 4));
  for (size_t j = 0; j < 3; j++) {
    double unit[3] = {0};
    unit[j] = U[j + 3 * j] = 1;
    assert_vector(3, copy + 4 * j, J + 3 * j);
    assert_ok(gd_game_jvp(game, point, unit, out));
    assert_vector(3, out, J + 3 * j);
    assert_ok(gd_game_vjp(game, point, unit, out));
    for (size_t i = 0; i < 3; i++) ck_assert_double_eq(out[i], J[j + 3 * i]);
  }
  double X[9], V[9];
  for (size_t k = 0; k < 9; k++) X[k] = U[k % 3 * 3 + k / 3]; /* the unit vectors as lanes */
  assert_ok(gd_game_gradient_many(game, 3, X, V));
  for (size_t lane = 0; lane < 3; lane++)
    for (size_t i = 0; i < 3; i++) ck_assert_double_eq(V[lane + 3 * i], J[i + 3 * lane] + b[i]);
  gd_game_destroy(game);
}
END_TEST

/* Own blocks that are not symmetric are no gradients of anything. */
START_TEST(has_no_utilities_when_an_own_block_is_not_symmetric) {
  double skewed[9];
  memcpy(skewed, J, sizeof skewed);
  skewed[2 + 3 * 1] = 4;
  gd_game *game = make(skewed, b);
  double u[2], v[3];
  ck_assert_int_eq(gd_game_source(game, GD_UTILITIES), GD_SOURCE_NONE);
  assert_fails(gd_game_utilities(game, point, u), GD_ERR_UNSUPPORTED, "utilities");
  assert_ok(gd_game_gradient(game, point, v));
  assert_vector(3, v, (const double[]){-2, -3, 16});
  gd_game_destroy(game);
}
END_TEST

START_TEST(finds_its_traits_from_J_and_b) {
  const double symmetric[] = {-2, 4, 6, 4, -1, 5, 6, 5, -3}, coupling[] = {0, -1, 2, 1, 0, 0, -2, 0, 0};
  const uint32_t always = GD_AFFINE | GD_THREAD_SAFE;
  const struct {
    const double *J, *b;
    uint32_t traits;
  } rows[] = {{J, b, always},
              {symmetric, b, always | GD_POTENTIAL},
              {coupling, NULL, always | GD_ZERO_SUM},
              {coupling, (const double[]){0, 0, 0}, always | GD_ZERO_SUM},
              {coupling, (const double[]){1, -1, 2}, always}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_game *game = make(rows[k].J, rows[k].b);
    ck_assert_uint_eq(gd_game_traits(game), rows[k].traits);
    assert_ok(gd_game_check(game, point, 1, NULL));
    gd_game_destroy(game);
  }
}
END_TEST

/* J x = -b by hand: x = (1, 2, -1) for b = -J x = (3, 3, -19). */
START_TEST(solves_for_its_stationary_point) {
  double x[3];
  gd_game *game = make(J, (const double[]){3, 3, -19});
  assert_ok(gd_game_solution(game, x));
  for (size_t k = 0; k < 3; k++) assert_close(x[k], point[k], 1e-13, 0);
  gd_game_destroy(game);
  game = make(J, NULL);
  assert_ok(gd_game_solution(game, x));
  assert_vector(3, x, (const double[]){0, 0, 0});
  gd_game_destroy(game);
}
END_TEST

/* J = e e' with e = (1, 1, 1): b = -3 e has the solutions sum x = 3, of least norm (1, 1, 1);
 * b = (1, 0, 0) has none. */
START_TEST(a_singular_J_has_the_solution_of_least_norm_or_none) {
  const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
  double x[3];
  gd_game *game = make(ones, (const double[]){-3, -3, -3});
  assert_ok(gd_game_solution(game, x));
  for (size_t k = 0; k < 3; k++) assert_close(x[k], 1, 1e-13, 0);
  gd_game_destroy(game);
  game = make(ones, (const double[]){1, 0, 0});
  ck_assert_int_eq(gd_game_solution(game, x), GD_ERR_DOMAIN);
  gd_game_destroy(game);
}
END_TEST

START_TEST(bad_arguments_are_refused_in_words) {
  gd_game *game = NULL;
  const size_t empty[] = {1, 0}, huge[] = {1, SIZE_MAX};
  const double bad[] = {0, 0, 0, 0, 0, 0, 0, -(double)INFINITY, 0};
  assert_fails(gd_model_affine(NULL, 2, blocks, J, 3, b, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_affine(&game, 0, blocks, J, 3, b, NULL), GD_ERR_ARGUMENT, "n_players is 0");
  assert_fails(gd_model_affine(&game, 2, NULL, J, 3, b, NULL), GD_ERR_ARGUMENT, "block_sizes is NULL");
  assert_fails(gd_model_affine(&game, 2, empty, J, 3, b, NULL), GD_ERR_ARGUMENT, "block_sizes[1] is 0");
  assert_fails(gd_model_affine(&game, 2, huge, J, 3, b, NULL), GD_ERR_ARGUMENT, "block_sizes[1] is ");
  assert_fails(gd_model_affine(&game, 2, blocks, NULL, 3, b, NULL), GD_ERR_ARGUMENT, "J is NULL");
  assert_fails(gd_model_affine(&game, 2, blocks, J, 2, b, NULL), GD_ERR_ARGUMENT, "leading dimension of J");
  assert_fails(gd_model_affine(&game, 2, blocks, bad, 3, b, NULL), GD_ERR_NONFINITE, "J[1, 2] is -inf");
  assert_fails(gd_model_affine(&game, 2, blocks, J, 3, bad + 6, NULL), GD_ERR_NONFINITE, "b[1] is -inf");
  ck_assert_ptr_null(game);
}
END_TEST

static gd_status create(const gd_env *env, void *argument) {
  (void)argument;
  gd_game *game = NULL;
  const gd_status status = gd_model_affine(&game, 2, blocks, J, 3, b, env);
  gd_game_destroy(game);
  return status;
}

START_TEST(each_refused_allocation_is_survived) { ck_assert_uint_ge(refuse_each_allocation(create, NULL), 6); }
END_TEST

static gd_status solve_singular(const gd_env *env, void *argument) {
  const double ones[] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, constant[] = {-3, -3, -3};
  double x[3];
  gd_game *game = NULL;
  (void)argument;
  gd_status status = gd_model_affine(&game, 2, blocks, ones, 3, constant, env);
  if (status == GD_OK) status = gd_game_solution(game, x);
  gd_game_destroy(game);
  return status;
}

/* Beyond those of the game: J, a copy, pivots; U, V', values, a vector and LAPACK's own. */
START_TEST(a_solution_without_memory_says_so_and_leaks_nothing) {
  ck_assert_uint_ge(refuse_each_allocation(solve_singular, NULL), 6 + 8);
}
END_TEST

TEST_SUITE("affine", follows_its_formulas, products_are_rows_and_columns_of_J,
           has_no_utilities_when_an_own_block_is_not_symmetric, finds_its_traits_from_J_and_b,
           solves_for_its_stationary_point, a_singular_J_has_the_solution_of_least_norm_or_none,
           bad_arguments_are_refused_in_words, each_refused_allocation_is_survived,
           a_solution_without_memory_says_so_and_leaks_nothing)
