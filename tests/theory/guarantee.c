/* SPDX-License-Identifier: BSD-3-Clause */
/* guarantee.c -- the theorems' formulas, their hypotheses, and the constants they ask for, on games worked by hand. */
#include <gamedyn/guarantee.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/linear_game.h"
#include "support/suite.h"

/* lambda_min = 1/4, lambda_max = 4, gamma = 1/2: kappa^2 = 16. */
START_TEST(states_what_each_theorem_promises) {
  gd_guarantee g;
  assert_ok(gd_guarantee_simultaneous(&g, 4, 100)); /* 2/100; 2 * 25 */
  assert_close(g.step_size, 0.02, 1e-15, 0);
  assert_close(g.steps_factor, 50, 1e-15, 0);
  assert_close(g.condition, 25, 1e-15, 0);
  assert_close(g.factor, 1, 0, 0);
  assert_close(g.rate, exp(-0.02), 1e-15, 0);
  ck_assert_str_eq(g.theorem, "Liang & Stokes 2019, Theorem 1");
  assert_ok(gd_guarantee_optimistic(&g, 0.25, 4)); /* 1/(2 sqrt 8); 16 * 16 */
  assert_close(g.step_size, 1 / (4 * sqrt(2)), 1e-15, 0);
  assert_close(g.steps_factor, 256, 1e-15, 0);
  assert_close(g.condition, 16, 1e-15, 0);
  assert_close(g.factor, 4 * sqrt(2), 1e-15, 0);
  ck_assert_str_eq(g.theorem, "Liang & Stokes 2019, Theorem 3");
  assert_ok(gd_guarantee_predictive(&g, 0.25, 4, 0.5)); /* (1/8)/(4 + 4); 2 * 8/(1/64) */
  assert_close(g.step_size, 1.0 / 64, 1e-15, 0);
  assert_close(g.steps_factor, 1024, 1e-15, 0);
  assert_close(g.condition, 16, 1e-15, 0);
  ck_assert_str_eq(g.theorem, "Liang & Stokes 2019, Theorem 4");
  assert_ok(gd_guarantee_implicit(&g, 0.25, 4)); /* 1/2; (2 + sqrt 2) 16 */
  assert_close(g.step_size, 0.5, 1e-15, 0);
  assert_close(g.steps_factor, 32 + 16 * sqrt(2), 1e-15, 0);
  ck_assert_str_eq(g.theorem, "Liang & Stokes 2019, Theorem 5");
  assert_ok(gd_guarantee_consensus(&g, 0.25, 4, 0.5));
  assert_close(g.step_size, 1.0 / 64, 1e-15, 0);
  assert_close(g.steps_factor, 1024, 1e-15, 0);
  ck_assert_str_eq(g.theorem, "Liang & Stokes 2019, Theorem 6");
}
END_TEST

START_TEST(counts_the_steps_of_a_promise) {
  gd_guarantee g;
  double steps;
  assert_ok(gd_guarantee_simultaneous(&g, 1, 5));
  assert_ok(gd_guarantee_steps(&g, 1, exp(-1.05), &steps)); /* 10 * 1.05 = 10.5 */
  assert_close(steps, 11, 0, 0);
  assert_ok(gd_guarantee_steps(&g, 2, 2, &steps));
  assert_close(steps, 0, 0, 0);
  assert_ok(gd_guarantee_steps(&g, 2, 3, &steps));
  assert_close(steps, 0, 0, 0);
  assert_ok(gd_guarantee_steps(&g, 1e300, 1e-300, &steps)); /* 10 log 1e600 = 13815.5 */
  assert_close(steps, 13816, 0, 0);
  assert_ok(gd_guarantee_optimistic(&g, 1, 1));
  assert_ok(gd_guarantee_steps(&g, 1, 1, &steps)); /* 16 log(4 sqrt 2) = 27.7 */
  assert_close(steps, 28, 0, 0);
}
END_TEST

/* s/(1 + s) = 3/4 for s = 3; log(100)/log(4/3) * 2 = 32.01... */
START_TEST(bounds_simultaneous_play_from_below) {
  double factor, steps;
  assert_ok(gd_lower_bound_simultaneous(3, &factor));
  assert_close(factor, sqrt(0.75), 1e-15, 0);
  assert_ok(gd_lower_bound_steps(3, 1, 0.01, &steps));
  assert_close(steps, 2 * log(100) / log(4.0 / 3), 1e-14, 0);
  assert_ok(gd_lower_bound_steps(1e-9, 1, 0.01, &steps)); /* as s -> 0: log 1e4 / log 1e9 */
  assert_close(steps, 4.0 / 9, 1e-9, 0);
  assert_ok(gd_lower_bound_steps(3, 1, 2, &steps));
  assert_close(steps, 0, 0, 0);
}
END_TEST

START_TEST(refuses_games_outside_the_hypotheses) {
  gd_guarantee g = {.step_size = 7};
  assert_fails(gd_guarantee_simultaneous(&g, 0, 1), GD_ERR_HYPOTHESIS, "strongly convex-concave game: alpha = 0");
  assert_fails(gd_guarantee_simultaneous(&g, NAN, NAN), GD_ERR_HYPOTHESIS, "alpha = nan");
  assert_fails(gd_guarantee_simultaneous(&g, 2, 1), GD_ERR_HYPOTHESIS, "beta = 1");
  assert_fails(gd_guarantee_simultaneous(&g, 2, INFINITY), GD_ERR_HYPOTHESIS, "beta = inf");
  assert_fails(gd_guarantee_optimistic(&g, 0, 1), GD_ERR_HYPOTHESIS, "Theorem 3 needs a square C of full rank");
  assert_fails(gd_guarantee_predictive(&g, -1, 1, 1), GD_ERR_HYPOTHESIS, "lambda_min = -1");
  assert_fails(gd_guarantee_implicit(&g, 2, 1), GD_ERR_HYPOTHESIS, "lambda_max = 1");
  assert_fails(gd_guarantee_consensus(&g, 1, INFINITY, 1), GD_ERR_HYPOTHESIS, "Theorem 6: lambda_max = inf");
  assert_close(g.step_size, 7, 0, 0);
}
END_TEST

START_TEST(says_which_argument_is_wrong) {
  gd_guarantee g;
  double out;
  assert_fails(gd_guarantee_simultaneous(NULL, 1, 1), GD_ERR_ARGUMENT, "guarantee is NULL");
  assert_fails(gd_guarantee_optimistic(NULL, 1, 1), GD_ERR_ARGUMENT, "guarantee is NULL");
  assert_fails(gd_guarantee_implicit(&g, NAN, 1), GD_ERR_ARGUMENT, "lambda_min is nan");
  assert_fails(gd_guarantee_predictive(&g, 1, 1, 0), GD_ERR_ARGUMENT, "gamma is 0");
  assert_fails(gd_guarantee_consensus(&g, 1, 1, NAN), GD_ERR_ARGUMENT, "gamma is nan");
  assert_fails(gd_guarantee_predictive(&g, 1, 1, 1e-200), GD_ERR_NONFINITE, "overflow");
  assert_ok(gd_guarantee_implicit(&g, 1, 1));
  assert_fails(gd_guarantee_steps(NULL, 1, 1, &out), GD_ERR_ARGUMENT, "guarantee is NULL");
  assert_fails(gd_guarantee_steps(&g, 1, 1, NULL), GD_ERR_ARGUMENT, "steps is NULL");
  assert_fails(gd_guarantee_steps(&g, 0, 1, &out), GD_ERR_ARGUMENT, "radius is 0");
  assert_fails(gd_guarantee_steps(&g, 1, -1, &out), GD_ERR_ARGUMENT, "epsilon is -1");
  assert_fails(gd_lower_bound_simultaneous(0, &out), GD_ERR_HYPOTHESIS, "Corollary 1 needs a square C of full rank");
  assert_fails(gd_lower_bound_simultaneous(NAN, &out), GD_ERR_ARGUMENT, "lambda_min is nan");
  assert_fails(gd_lower_bound_simultaneous(1, NULL), GD_ERR_ARGUMENT, "per_step_factor is NULL");
  assert_fails(gd_lower_bound_steps(-1, 1, 1, &out), GD_ERR_HYPOTHESIS, "lambda_min = -1");
  assert_fails(gd_lower_bound_steps(1, NAN, 1, &out), GD_ERR_ARGUMENT, "radius is nan");
  assert_fails(gd_lower_bound_steps(1, 1, 1, NULL), GD_ERR_ARGUMENT, "steps is NULL");
}
END_TEST

/* ---- constants ---- */

static const double origin[8] = {0};

static gd_game_constants constants_of(size_t p, size_t q, const double *J) {
  linear_game data = {.sizes = {p, q}, .J = J};
  gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
  gd_game_constants constants;
  /* an affine game is the same everywhere, so a ball changes nothing */
  assert_ok(constants_at(game, origin, 5, 0, 0, &constants));
  ck_assert(!constants.estimated);
  gd_game_destroy(game);
  return constants;
}

/* A = diag(2, 3), B = 5, C = 0: alpha = 4, beta = 25, nothing of C. */
START_TEST(finds_the_constants_of_separate_players) {
  const double J[] = {-2, 0, 0, 0, -3, 0, 0, 0, -5};
  const gd_game_constants c = constants_of(2, 1, J);
  assert_close(c.alpha, 4, 1e-14, 0);
  assert_close(c.beta, 25, 1e-14, 0);
  ck_assert_uint_eq(c.rank, 0);
  assert_close(c.lambda_min, 0, 0, 0);
  assert_close(c.lambda_max, 0, 0, 0);
  assert_close(c.lambda_min_nonzero, 0, 0, 0);
  ck_assert(!c.bilinear);
}
END_TEST

/* A = B = 1, C = 2: M M' = 5 I. */
START_TEST(finds_the_constants_of_a_quadratic_game) {
  const double J[] = {-1, 2, -2, -1};
  const gd_game_constants c = constants_of(1, 1, J);
  assert_close(c.alpha, 1, 1e-14, 0);
  assert_close(c.beta, 5, 1e-14, 0);
  assert_close(c.lambda_min, 4, 1e-14, 0);
  assert_close(c.lambda_max, 4, 1e-14, 0);
  ck_assert_uint_eq(c.rank, 1);
}
END_TEST

/* A = -1: convex-concave it is not. */
START_TEST(has_no_alpha_without_convexity) {
  const double J[] = {1, 2, -2, -1};
  const gd_game_constants c = constants_of(1, 1, J);
  ck_assert(isnan(c.alpha) && isnan(c.beta));
  assert_close(c.lambda_max, 4, 1e-14, 0);
  gd_guarantee g;
  assert_fails(gd_guarantee_simultaneous(&g, c.alpha, c.beta), GD_ERR_HYPOTHESIS, "not positive semidefinite");
}
END_TEST

/* A = 1, C = 1 and B a rounding error of either sign: no curvature, and so no promise of Theorem 1, not one of 10^30
 * steps. */
START_TEST(takes_curvature_within_rounding_for_none) {
  for (double B = -1e-17; B < 1e-16; B += 2e-17) {
    const double J[] = {-1, 1, -1, -B};
    const gd_game_constants c = constants_of(1, 1, J);
    gd_guarantee g;
    assert_close(c.alpha, 0, 0, 0);
    assert_fails(gd_guarantee_simultaneous(&g, c.alpha, c.beta), GD_ERR_HYPOTHESIS, "alpha");
  }
}
END_TEST

/* C = (3, 4) [1 by 2], sigma = 5; C = [[2, 2], [2, 2]], sigma = 4, 0. */
START_TEST(tells_rank_from_size) {
  const double wide[] = {0, 3, 4, -3, 0, 0, -4, 0, 0};
  gd_game_constants c = constants_of(1, 2, wide);
  ck_assert(c.bilinear);
  ck_assert_uint_eq(c.rank, 1);
  assert_close(c.lambda_max, 25, 1e-14, 0);
  assert_close(c.lambda_min_nonzero, 25, 1e-14, 0);
  assert_close(c.lambda_min, 0, 0, 0);
  const double deficient[] = {0, 0, 2, 2, 0, 0, 2, 2, -2, -2, 0, 0, -2, -2, 0, 0};
  c = constants_of(2, 2, deficient);
  ck_assert(c.bilinear);
  ck_assert_uint_eq(c.rank, 1);
  assert_close(c.lambda_max, 16, 1e-14, 0);
  assert_close(c.lambda_min_nonzero, 16, 1e-14, 0);
  assert_close(c.lambda_min, 0, 0, 0);
}
END_TEST

/* U = theta^2/2 + theta^4/4 - omega^2/2 + theta omega: A = 1 + 3 theta^2, B = C = 1. */
static int quartic_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[0] - x[0] * x[0] * x[0] - x[1];
  v[1] = x[0] - x[1];
  return 0;
}

static int quartic_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  (void)data, (void)draw;
  J[0] = -1 - 3 * x[0] * x[0];
  J[1] = 1;
  J[ldj] = J[ldj + 1] = -1;
  return 0;
}

static gd_game *quartic_game(bool native, uint32_t traits) {
  static const size_t sizes[] = {1, 1};
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .gradient = quartic_gradient, .jacobian = native ? quartic_jacobian : NULL};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = sizes, .traits = traits};
  gd_game *game;
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

/* |[[-a, -1], [1, -1]]|^2 = ((a^2 + 3) + sqrt((a^2 + 3)^2 - 4 (a + 1)^2))/2 */
static double quartic_beta(double theta) {
  const double a = 1 + 3 * theta * theta, trace = a * a + 3, determinant = a + 1;
  return (trace + sqrt(trace * trace - 4 * determinant * determinant)) / 2;
}

START_TEST(is_exact_at_a_point_and_an_estimate_over_a_ball) {
  const double x[] = {1, 0};
  gd_game_constants here, ball, again, wide;
  gd_game *game = quartic_game(true, GD_ZERO_SUM);
  assert_ok(constants_at(game, x, 0, 0, 0, &here));
  ck_assert(!here.estimated && !here.bilinear);
  assert_close(here.alpha, 1, 1e-14, 0);
  assert_close(here.beta, quartic_beta(1), 1e-14, 0);
  assert_ok(constants_at(game, x, 0.5, 400, 9, &ball));
  assert_ok(constants_at(game, x, 0.5, 400, 9, &again));
  ck_assert(ball.estimated);
  assert_close(ball.alpha, 1, 1e-14, 0); /* B = 1 everywhere */
  ck_assert_double_eq(ball.beta, again.beta);
  /* the worst point, theta = 3/2, is at the rim: 400 points come near it and never reach it */
  ck_assert_double_gt(ball.beta, 0.9 * quartic_beta(1.5));
  ck_assert_double_lt(ball.beta, quartic_beta(1.5));
  assert_ok(constants_at(game, x, 0.5, 1, 9, &wide));
  ck_assert_double_ge(wide.beta, here.beta); /* the centre is always among them */
  gd_game_destroy(game);
}
END_TEST

/* U = theta omega + theta^3/6 - ...: convex only for theta >= 0, so a ball around 0 is not. */
static int cubic_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[0] * x[0] / 2 - x[1];
  v[1] = x[0];
  return 0;
}

START_TEST(keeps_the_worst_of_a_ball) {
  static const size_t sizes[] = {1, 1};
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = cubic_gradient};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = sizes, .traits = GD_ZERO_SUM};
  gd_game *game;
  gd_game_constants c;
  assert_ok(gd_game_create(&game, &spec));
  assert_ok(constants_at(game, origin, 0, 0, 0, &c)); /* A = theta = 0 there, to the differencing's doubt */
  ck_assert(c.flat && !c.bilinear); /* and not elsewhere, which a game that is not affine does not tell */
  assert_close(c.alpha, 0, 0, 1e-16);
  assert_ok(constants_at(game, origin, 1, 20, 3, &c));
  ck_assert(!c.bilinear && isnan(c.alpha) && isnan(c.beta));
  assert_close(c.lambda_min, 1, 1e-9, 0);
  gd_game_destroy(game);
}
END_TEST

/* Differenced Jacobians are in doubt by about 1e-11: that is no rank, and no curvature. */
START_TEST(allows_for_differencing) {
  const double x[] = {1, 0.3};
  gd_game_constants exact, differenced;
  gd_game *native = quartic_game(true, GD_ZERO_SUM), *bare = quartic_game(false, GD_ZERO_SUM);
  assert_ok(constants_at(native, x, 0, 0, 0, &exact));
  assert_ok(constants_at(bare, x, 0, 0, 0, &differenced));
  assert_close(differenced.alpha, exact.alpha, 1e-8, 0);
  assert_close(differenced.beta, exact.beta, 1e-8, 0);
  gd_game_destroy(native);
  gd_game_destroy(bare);
}
END_TEST

START_TEST(asks_for_two_players_in_a_zero_sum_game) {
  gd_game_constants c = {.alpha = 7};
  const double J[9] = {0};
  linear_game three = {.sizes = {1, 1, 1}, .J = J}, two = {.sizes = {1, 1}, .J = J};
  gd_game *many = create_linear_game(&three, GD_ZERO_SUM, NULL), *general = create_linear_game(&two, 0, NULL);
  gd_game *curved = quartic_game(true, GD_ZERO_SUM);
  assert_fails(constants_at(many, origin, 0, 0, 0, &c), GD_ERR_HYPOTHESIS, "has 3");
  assert_fails(constants_at(general, origin, 0, 0, 0, &c), GD_ERR_HYPOTHESIS, "zero-sum");
  assert_fails(constants_at(NULL, origin, 0, 0, 0, &c), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(constants_at(curved, NULL, 0, 0, 0, &c), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(constants_at(curved, origin, 0, 0, 0, NULL), GD_ERR_ARGUMENT, "constants is NULL");
  assert_fails(constants_at(curved, origin, -1, 1, 0, &c), GD_ERR_ARGUMENT, "radius is -1");
  assert_fails(constants_at(curved, origin, 1, 0, 0, &c), GD_ERR_ARGUMENT, "samples is 0");
  const double nowhere[] = {NAN, 0};
  assert_fails(constants_at(curved, nowhere, 1, 1, 0, &c), GD_ERR_NONFINITE, "x[0] is nan");
  assert_close(c.alpha, 7, 0, 0);
  gd_game_destroy(many);
  gd_game_destroy(general);
  gd_game_destroy(curved);
}
END_TEST

START_TEST(leaks_nothing_when_memory_runs_out) {
  const double J[] = {-1, 2, -2, -1};
  size_t fail_at = 1;
  for (bool done = false; !done; fail_at++) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    linear_game data = {.sizes = {1, 1}, .J = J};
    gd_game *game = create_linear_game(&data, GD_ZERO_SUM, &memory.env);
    gd_game_constants c = {.alpha = 7};
    memory.calls = 0;
    memory.fail_at = fail_at;
    const gd_status status = constants_at(game, origin, 0, 0, 0, &c);
    done = memory.calls < fail_at;
    ck_assert_int_eq(status, done ? GD_OK : GD_ERR_MEMORY);
    if (!done) assert_close(c.alpha, 7, 0, 0);
    gd_game_destroy(game);
    ck_assert_uint_eq(memory.live, 0);
  }
  ck_assert_uint_gt(fail_at, 8);
}
END_TEST

TEST_SUITE("guarantee", states_what_each_theorem_promises, counts_the_steps_of_a_promise,
           bounds_simultaneous_play_from_below, refuses_games_outside_the_hypotheses, says_which_argument_is_wrong,
           finds_the_constants_of_separate_players, finds_the_constants_of_a_quadratic_game,
           has_no_alpha_without_convexity, takes_curvature_within_rounding_for_none, tells_rank_from_size,
           is_exact_at_a_point_and_an_estimate_over_a_ball, keeps_the_worst_of_a_ball, allows_for_differencing,
           asks_for_two_players_in_a_zero_sum_game, leaks_nothing_when_memory_runs_out)
