/* SPDX-License-Identifier: BSD-3-Clause */
/* differences.c -- how exact differences are, at what price, and what happens at the edge of a domain.
 *
 * The default step is t = 2^-18, the power of two below the cube root of epsilon, times a power
 * of two near max(1, |x|).  Central differences are off by at most t^2 |v'''| / 6 and by rounding,
 * a few eps |v| / t. */
#include "support/games.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>

static uint64_t gradients_of(const gd_game *game) {
  gd_counts counts;
  gd_game_counts(game, &counts);
  return counts.gradients;
}

static test_game without_products(test_game kind) {
  kind.ops.jvp = NULL;
  kind.ops.vjp = NULL;
  kind.ops.jvp_many = NULL;
  kind.ops.jacobian = NULL;
  return kind;
}

START_TEST(differences_products_of_curved_games) {
  const test_game kind = general_game(), differenced = without_products(kind);
  gd_game *exact = create_test_game(&kind, NULL), *game = create_test_game(&differenced, NULL);
  gd_rng rng = gd_rng_make(1, 1);
  for (int round = 0; round < 20; round++) {
    double x[4], u[4], expected[4], Ju[4];
    gd_rng_fill_normal(&rng, 4, x);
    gd_rng_fill_normal(&rng, 4, u);
    assert_ok(gd_game_jvp(exact, x, u, expected));
    assert_ok(gd_game_jvp(game, x, u, Ju));
    /* |v'''| <= 1; |v| < 20 and |u| < 4: 10 eps |v| |u| / t < 5e-9 */
    for (int k = 0; k < 4; k++) assert_close(Ju[k], expected[k], 0, 5e-9);
  }
  ck_assert_uint_eq(gradients_of(game), 40);
  gd_game_destroy(exact);
  gd_game_destroy(game);
}
END_TEST

/* v = (x0^3, x1^3), two players */
static int cubic_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (int k = 0; k < 2; k++) v[k] = x[k] * x[k] * x[k];
  return 0;
}

/* ((x + t)^3 - (x - t)^3) / 2t = 3 x^2 + t^2 shows the step: 2^-7 is the power of two below 0.01,
 * and times 4, that below max(1, |x|) = 5, it is 2^-5. */
START_TEST(steps_as_far_as_it_is_told) {
  test_game kind = rotation_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops), .gradient = cubic_gradient};
  kind.traits = 0;
  gd_game *game = create_test_game(&kind, NULL);
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.difference_step = 0.01;
  assert_ok(gd_game_configure(game, &options));
  double Ju[2];
  assert_ok(gd_game_jvp(game, (const double[]){1, 0}, (const double[]){1, 0}, Ju));
  assert_close(Ju[0], 3 + 0x1p-14, 1e-13, 0);
  ck_assert(Ju[1] == 0);
  assert_ok(gd_game_jvp(game, (const double[]){1, 5}, (const double[]){2, 0}, Ju));
  assert_close(Ju[0], 2 * (3 + 0x1p-10), 1e-13, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(is_exact_on_linear_games_and_rounds_on_affine_ones) {
  const test_game kind = without_products(rotation_game());
  gd_game *game = create_test_game(&kind, NULL);
  double Ju[2];
  assert_ok(gd_game_jvp(game, (const double[]){0.1, 1e5}, (const double[]){1, 0}, Ju));
  ck_assert(Ju[0] == 0 && Ju[1] == 1);
  assert_ok(gd_game_jvp(game, (const double[]){0.1, 1e5}, (const double[]){0.1, -0.3}, Ju));
  assert_close(Ju[0], 0.3, 4 * DBL_EPSILON, 0);
  assert_close(Ju[1], 0.1, 4 * DBL_EPSILON, 0);
  ck_assert_uint_eq(gradients_of(game), 4);
  gd_game_destroy(game);
}
END_TEST

START_TEST(does_not_mind_the_length_of_the_direction) {
  test_game kind = without_products(rotation_game());
  kind.traits = 0; /* short steps */
  gd_game *game = create_test_game(&kind, NULL);
  double Ju[2];
  const double lengths[] = {1e-310, 1e-200, 1, 1e200, 1e307};
  for (size_t k = 0; k < 5; k++) {
    assert_ok(gd_game_jvp(game, (const double[]){0.5, 0.25}, (const double[]){lengths[k], 0}, Ju));
    assert_close(Ju[1], lengths[k], 1e-9, 0);
  }
  gd_game_reset_counts(game);
  assert_ok(gd_game_jvp(game, (const double[]){0.5, 0.25}, (const double[]){0, 0}, Ju));
  ck_assert(Ju[0] == 0 && Ju[1] == 0);
  ck_assert_uint_eq(gradients_of(game), 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_when_direction_or_point_is_no_number) {
  const test_game kind = without_products(half_plane_game());
  gd_game *game = create_test_game(&kind, NULL);
  double Ju[2] = {7, 7};
  assert_fails(gd_game_jvp(game, (const double[]){1, 1}, (const double[]){0, NAN}, Ju), GD_ERR_NONFINITE, "is nan");
  assert_fails(gd_game_jvp(game, (const double[]){1, 1}, (const double[]){0, INFINITY}, Ju), GD_ERR_NONFINITE, "nan");
  assert_fails(gd_game_jvp(game, (const double[]){1, NAN}, (const double[]){0, 1}, Ju), GD_ERR_NONFINITE, "nan");
  gd_game_destroy(game);
}
END_TEST

/* At x0 = 1/2, the edge: d(1/x0 - x1) along (1, 0) is -4.  One-sided differences are off by
 * t^2 |v'''| / 3 = 2^-36 * 96 / 3 < 5e-10. */
START_TEST(looks_to_one_side_at_the_edge_of_a_domain) {
  const test_game kind = half_plane_game();
  gd_game *game = create_test_game(&kind, NULL);
  const double x[2] = {0.5, 1};
  double Ju[2];
  assert_ok(gd_game_jvp(game, x, (const double[]){1, 0}, Ju)); /* ahead, behind: no; then 3 ahead */
  assert_close(Ju[0], -4, 0, 1e-9);
  assert_close(Ju[1], 1, 0, 1e-9);
  ck_assert_uint_eq(gradients_of(game), 5);
  assert_ok(gd_game_jvp(game, x, (const double[]){-1, 0}, Ju)); /* ahead: no; then 3 behind */
  assert_close(Ju[0], 4, 0, 1e-9);
  assert_close(Ju[1], -1, 0, 1e-9);
  ck_assert_uint_eq(gradients_of(game), 9);
  assert_ok(gd_game_jvp(game, x, (const double[]){0, 1}, Ju)); /* along the edge */
  assert_close(Ju[0], -1, 0, 1e-9);
  ck_assert_uint_eq(gradients_of(game), 11);
  gd_game_destroy(game);
}
END_TEST

/* u_0 = log x0 - x0 x1: du_0/dx = (1/x0 - x1, -x0), at the same edge. */
START_TEST(differences_utilities_at_the_edge_too) {
  const test_game kind = half_plane_game();
  gd_game *game = create_test_game(&kind, NULL);
  double g[2];
  assert_ok(gd_game_utility_gradient(game, 0, (const double[]){0.5, 1}, g));
  assert_close(g[0], 1, 0, 1e-9);
  assert_close(g[1], -0.5, 0, 1e-9);
  assert_fails(gd_game_utility_gradient(game, 0, (const double[]){0.25, 1}, g), GD_ERR_DOMAIN,
               "utilities: x is outside");
  gd_game_destroy(game);
}
END_TEST

START_TEST(gives_up_outside_the_domain) {
  const test_game kind = half_plane_game();
  gd_game *game = create_test_game(&kind, NULL);
  double Ju[2] = {7, 7};
  assert_fails(gd_game_jvp(game, (const double[]){0.25, 1}, (const double[]){1, 0}, Ju), GD_ERR_DOMAIN, "domain");
  ck_assert(Ju[0] == 7 && Ju[1] == 7);
  gd_game_destroy(game);
}
END_TEST

/* v = (-x0, -x1) for x0 <= 1/2, mirrored: the other way to leave a domain */
static int mirrored_utilities(void *data, const gd_draw *draw, const double *x, double *utilities) {
  (void)data, (void)draw;
  if (x[0] > 0.5) return 1;
  utilities[0] = -x[0] * x[0] / 2;
  utilities[1] = -x[1] * x[1] / 2;
  return 0;
}

START_TEST(looks_back_where_ahead_is_outside) {
  test_game kind = half_plane_game();
  kind.ops.utilities = mirrored_utilities;
  gd_game *game = create_test_game(&kind, NULL);
  double g[2];
  assert_ok(gd_game_utility_gradient(game, 0, (const double[]){0.5, 1}, g));
  assert_close(g[0], -0.5, 0, 1e-9);
  gd_game_destroy(game);
}
END_TEST

/* The rotation where x0 >= 100: 0 is outside, so the long step about 0 fails. */
static int far_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  if (x[0] < 100) return 1;
  v[0] = -x[1];
  v[1] = x[0];
  return 0;
}

START_TEST(differences_affine_games_about_x_where_0_is_outside) {
  test_game kind = without_products(rotation_game());
  kind.ops.gradient = far_gradient;
  gd_game *game = create_test_game(&kind, NULL);
  double Ju[2];
  assert_ok(gd_game_jvp(game, (const double[]){200, 1}, (const double[]){1, 2}, Ju));
  assert_close(Ju[0], -2, 1e-9, 0);
  assert_close(Ju[1], 1, 1e-9, 0);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_on_the_failure_of_any_call) {
  failing_calls calls = {0};
  test_game kind = failing_game(&calls);
  kind.ops.jvp = NULL;
  gd_game *game = create_test_game(&kind, NULL);
  const double x[2] = {1, 1};
  double Ju[2] = {7, 7};
  for (size_t k = 1; k <= 2; k++) {
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_jvp(game, x, x, Ju), GD_ERR_CALLBACK, "returned -3");
    ck_assert_uint_eq(calls.calls, k);
  }
  ck_assert(Ju[0] == 7 && Ju[1] == 7);
  gd_game_destroy(game);
  kind.traits = 0;
  kind.n_players = 2;
  game = create_test_game(&kind, NULL);
  for (size_t k = 1; k <= 4; k++) {
    calls = (failing_calls){0, k, -3};
    assert_fails(gd_game_utility_gradient(game, 1, x, Ju), GD_ERR_CALLBACK, "utilities: the game's callback failed");
  }
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("differences", differences_products_of_curved_games, steps_as_far_as_it_is_told,
           is_exact_on_linear_games_and_rounds_on_affine_ones, does_not_mind_the_length_of_the_direction,
           says_when_direction_or_point_is_no_number, looks_to_one_side_at_the_edge_of_a_domain,
           differences_utilities_at_the_edge_too, gives_up_outside_the_domain, looks_back_where_ahead_is_outside,
           differences_affine_games_about_x_where_0_is_outside, passes_on_the_failure_of_any_call)
