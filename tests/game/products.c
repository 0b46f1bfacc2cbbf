/* SPDX-License-Identifier: BSD-3-Clause */
/* products.c -- J u, J'w, blocks of both and J itself, by every way there is, agree; each way
 * reaches the callbacks it should, as often as it should. */
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

static const double x4[4] = {0.3, -0.7, 0.9, 0.2}, x5[5] = {0.3, -0.7, 0.9, 0.2, -0.4};

static gd_counts counts_of(const gd_game *game) {
  gd_counts counts;
  gd_game_counts(game, &counts);
  return counts;
}

/* The game gives the products of the complete kind, to within `tolerance`. */
static void expect_products(const test_game *complete, gd_game *game, const double *x, double tolerance) {
  gd_game *exact = create_test_game(complete, NULL);
  const size_t n = gd_game_size(game);
  double u[5], w[5], expected[25], found[25], dots[2];
  gd_rng rng = gd_rng_make(3, 0);
  gd_rng_fill_normal(&rng, n, u);
  gd_rng_fill_normal(&rng, n, w);
  assert_ok(gd_game_jvp(exact, x, u, expected));
  assert_ok(gd_game_jvp(game, x, u, found));
  for (size_t k = 0; k < n; k++) assert_close(found[k], expected[k], 0, tolerance);
  assert_ok(gd_game_dot(game, w, found, &dots[0]));
  assert_ok(gd_game_vjp(exact, x, w, expected));
  assert_ok(gd_game_vjp(game, x, w, found));
  for (size_t k = 0; k < n; k++) assert_close(found[k], expected[k], 0, tolerance);
  assert_ok(gd_game_dot(game, u, found, &dots[1]));
  assert_close(dots[0], dots[1], 0, 10 * tolerance); /* <w, J u> = <J'w, u> */
  assert_ok(gd_game_jacobian(exact, x, expected, n));
  assert_ok(gd_game_jacobian(game, x, found, n));
  for (size_t k = 0; k < n * n; k++) assert_close(found[k], expected[k], 0, tolerance);
  gd_game_destroy(exact);
}

START_TEST(mirrors_the_jvp_of_a_zero_sum_game) {
  test_game kind = curved_game();
  const test_game complete = kind;
  kind.ops.vjp = NULL;
  kind.ops.jacobian = NULL;
  kind.ops.jvp_many = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  expect_products(&complete, game, x5, 1e-14);
  ck_assert_uint_eq(counts_of(game).jvps, 1 + 1 + 5); /* J u, J'w, five columns */
  ck_assert_uint_eq(counts_of(game).vjps + counts_of(game).gradients + counts_of(game).jacobians, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(mirrors_differences_of_a_zero_sum_game) {
  test_game kind = curved_game();
  const test_game complete = kind;
  kind.ops.vjp = NULL;
  kind.ops.jacobian = NULL;
  kind.ops.jvp_many = NULL;
  kind.ops.jvp = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  expect_products(&complete, game, x5, 1e-8); /* eps |v| |u| / t and t^2 |v'''| |u|^3 / 6, t = 2^-18 */
  ck_assert_uint_eq(counts_of(game).gradients, 2 * 7);
  gd_game_destroy(game);
}
END_TEST

START_TEST(assembles_the_jacobian_for_a_general_sum_vjp) {
  test_game kind = general_game();
  const test_game complete = kind;
  kind.ops.vjp = NULL;
  kind.ops.jacobian = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  expect_products(&complete, game, x4, 1e-14);
  ck_assert_uint_eq(counts_of(game).jvps, 1 + 4 + 4);
  gd_game_destroy(game);
}
END_TEST

START_TEST(takes_products_with_a_native_jacobian) {
  test_game kind = general_game();
  const test_game complete = kind;
  kind.ops.vjp = NULL;
  kind.ops.jvp = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  expect_products(&complete, game, x4, 1e-14);
  ck_assert_uint_eq(counts_of(game).jacobians, 3);
  ck_assert_uint_eq(counts_of(game).gradients, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(takes_one_of_many_products) {
  test_game kind = curved_game();
  const test_game complete = kind;
  kind.ops.vjp = NULL;
  kind.ops.jvp = NULL;
  kind.ops.jacobian = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  expect_products(&complete, game, x5, 1e-14);
  ck_assert_uint_eq(counts_of(game).jvps, 1 + 1 + 5);
  gd_game_destroy(game);
}
END_TEST

START_TEST(takes_the_jvp_of_a_potential_game_for_its_vjp) {
  const test_game kind = noisy_game();
  gd_game *game = create_test_game(&kind, NULL);
  double Jtw[2];
  assert_ok(gd_game_vjp(game, x4, (const double[]){3, 4}, Jtw));
  ck_assert(Jtw[0] == -3 && Jtw[1] == -4);
  ck_assert_uint_eq(counts_of(game).jvps, 1);
  gd_game_destroy(game);
}
END_TEST

/* An affine game with three players of 7 variables, J and b random: more columns than are assembled at once. */
typedef struct matrix_game {
  double J[21 * 21], b[21];
} matrix_game;

static int matrix_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const matrix_game *own = data;
  (void)draw;
  for (int i = 0; i < 21; i++) {
    v[i] = own->b[i];
    for (int j = 0; j < 21; j++) v[i] += own->J[i + 21 * j] * x[j];
  }
  return 0;
}

static gd_game *create_matrix_game(matrix_game *data, uint64_t seed) {
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_normal(&rng, 21 * 21, data->J);
  gd_rng_fill_normal(&rng, 21, data->b);
  const test_game kind = {.ops = {.struct_size = sizeof(gd_game_ops), .gradient = matrix_gradient},
                          .data = data,
                          .n_players = 3,
                          .block_sizes = {7, 7, 7},
                          .traits = GD_AFFINE};
  return create_test_game(&kind, NULL);
}

/* Rounding: 21 products of size one, b of size one, over a step of at least one. */
START_TEST(assembles_every_column_of_random_games) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    matrix_game data;
    gd_game *game = create_matrix_game(&data, seed);
    double x[21], J[23 * 21], w[21], Jtw[21];
    gd_rng rng = gd_rng_make(seed, 1);
    gd_rng_fill_normal(&rng, 21, x);
    gd_rng_fill_normal(&rng, 21, w);
    for (int k = 0; k < 23 * 21; k++) J[k] = 99;
    assert_ok(gd_game_jacobian(game, x, J, 23));
    for (int j = 0; j < 21; j++) {
      for (int i = 0; i < 21; i++) assert_close(J[i + 23 * j], data.J[i + 21 * j], 0, 1e-14);
      ck_assert(J[21 + 23 * j] == 99 && J[22 + 23 * j] == 99);
    }
    assert_ok(gd_game_vjp(game, x, w, Jtw));
    for (int j = 0; j < 21; j++) {
      double expected = 0;
      for (int i = 0; i < 21; i++) expected += data.J[i + 21 * j] * w[i];
      assert_close(Jtw[j], expected, 0, 1e-12);
    }
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(assembles_an_affine_games_jacobian_once) {
  matrix_game data;
  gd_game *game = create_matrix_game(&data, 1);
  double w[21] = {1}, Jtw[21];
  const double x[21] = {0}, y[21] = {1, 2, 3};
  assert_ok(gd_game_vjp(game, x, w, Jtw));
  ck_assert_uint_eq(counts_of(game).gradients, 42);
  assert_ok(gd_game_vjp(game, y, w, Jtw));
  ck_assert_uint_eq(counts_of(game).gradients, 42);
  for (int j = 0; j < 21; j++) assert_close(Jtw[j], data.J[21 * j], 0, 1e-14);
  gd_game_destroy(game);
}
END_TEST

/* J of general_game at x, rows: (-1, x3, 0, x1), (cos x0, -1, 2 x2, 0), (0, 2 x2, -1 + 2 x1, 1), (x2, 0, x0, -1);
 * blocks {0}, {1, 2}, {3} */
START_TEST(gives_single_blocks) {
  const test_game kind = general_game();
  gd_game *game = create_test_game(&kind, NULL);
  double out[3] = {0, 0, 99};
  assert_ok(gd_game_block_jvp(game, 1, 2, x4, (const double[]){2}, out));
  assert_close(out[0], 0, 0, 0);
  assert_close(out[1], 2, 1e-15, 0);
  ck_assert(out[2] == 99);
  assert_ok(gd_game_block_jvp(game, 0, 1, x4, (const double[]){1, 10}, out));
  assert_close(out[0], 0.2, 1e-15, 0);
  assert_ok(gd_game_block_vjp(game, 1, 1, x4, (const double[]){1, 10}, out));
  assert_close(out[0], -1 + 10 * 1.8, 1e-15, 0);
  assert_close(out[1], 1.8 + 10 * -2.4, 1e-15, 0);
  assert_ok(gd_game_block_vjp(game, 2, 1, x4, (const double[]){2}, out)); /* J_21' 2 = (0, 2 x0) */
  assert_close(out[0], 0, 0, 0);
  assert_close(out[1], 0.6, 1e-15, 0);
  assert_fails(gd_game_block_jvp(game, 3, 1, x4, out, out), GD_ERR_ARGUMENT, "player is 3, but the game has 3 players");
  assert_fails(gd_game_block_jvp(game, 0, 4, x4, out, out), GD_ERR_ARGUMENT, "player is 4");
  assert_fails(gd_game_block_vjp(game, 7, 0, x4, out, out), GD_ERR_ARGUMENT, "player is 7");
  assert_fails(gd_game_block_vjp(game, 0, 0, x4, NULL, out), GD_ERR_ARGUMENT, "direction is NULL");
  assert_fails(gd_game_block_jvp(game, 0, 0, NULL, out, out), GD_ERR_ARGUMENT, "x is NULL");
  gd_game_destroy(game);
}
END_TEST

static int broken_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const int code = general_game().ops.jacobian(NULL, draw, x, J, ldj);
  J[2 + 1 * ldj] = NAN;
  return code ? code : *(int *)data;
}

static int broken_jvp_many(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  (void)draw, (void)x, (void)U;
  for (size_t i = 0; i < 4 * k; i++) JU[i] = i == 4 ? INFINITY : 0;
  return *(int *)data;
}

START_TEST(says_what_fails_in_matrices) {
  int code = 0;
  double J[16], Ju[4];
  test_game kind = general_game();
  kind.ops.jacobian = broken_jacobian;
  kind.ops.jvp = NULL;
  kind.data = &code;
  gd_game *game = create_test_game(&kind, NULL);
  assert_fails(gd_game_jacobian(game, x4, J, 4), GD_ERR_NONFINITE, "jacobian[2] (player 1, variable 1) is nan");
  code = 2;
  assert_fails(gd_game_jacobian(game, x4, J, 4), GD_ERR_DOMAIN, "jacobian: x is outside");
  assert_fails(gd_game_jvp(game, x4, x4, Ju), GD_ERR_DOMAIN, "jacobian: x is outside");
  gd_game_destroy(game);
  kind.ops.jacobian = NULL;
  kind.ops.jvp_many = broken_jvp_many;
  game = create_test_game(&kind, NULL);
  assert_fails(gd_game_jacobian(game, x4, J, 4), GD_ERR_DOMAIN, "jvp_many: x is outside");
  code = 0;
  assert_fails(gd_game_jacobian(game, x4, J, 4), GD_ERR_NONFINITE, "jvp_many[0] (player 0, variable 0) is inf");
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_null_and_aliases) {
  const test_game kind = general_game();
  gd_game *game = create_test_game(&kind, NULL);
  double u[4] = {0}, out[16];
  assert_fails(gd_game_jvp(NULL, x4, u, out), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_game_jvp(game, NULL, u, out), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_game_jvp(game, x4, NULL, out), GD_ERR_ARGUMENT, "direction is NULL");
  assert_fails(gd_game_vjp(game, x4, u, NULL), GD_ERR_ARGUMENT, "output is NULL");
  assert_fails(gd_game_jvp(game, x4, u, u), GD_ERR_ARGUMENT, "output overlaps its direction");
  assert_fails(gd_game_vjp(game, u, x4, u), GD_ERR_ARGUMENT, "output overlaps its x");
  assert_fails(gd_game_jacobian(game, x4, out, 3), GD_ERR_ARGUMENT, "ldj is 3, expected at least n = 4");
  assert_fails(gd_game_jacobian(game, x4, NULL, 4), GD_ERR_ARGUMENT, "J is NULL");
  assert_fails(gd_game_jacobian(game, NULL, out, 4), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_game_jacobian(NULL, x4, out, 4), GD_ERR_ARGUMENT, "game is NULL");
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("products", mirrors_the_jvp_of_a_zero_sum_game, mirrors_differences_of_a_zero_sum_game,
           assembles_the_jacobian_for_a_general_sum_vjp, takes_products_with_a_native_jacobian,
           takes_one_of_many_products, takes_the_jvp_of_a_potential_game_for_its_vjp,
           assembles_every_column_of_random_games, assembles_an_affine_games_jacobian_once, gives_single_blocks,
           says_what_fails_in_matrices, refuses_null_and_aliases)
