/* SPDX-License-Identifier: BSD-3-Clause */
/* map_rates.c -- rates from the derivative of one step: for every method, against closed forms and spectrum_rate(). */
#include <gamedyn/rates.h>

#include "dense/algebra.h"
#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/linear_game.h"
#include "support/suite.h"

#include <math.h>

static const double origin[8] = {0};

/* U = theta omega: sigma = 1, and J is constant. */
static gd_game *rotation(void) {
  test_game kind = rotation_game();
  kind.traits |= GD_AFFINE;
  return create_test_game(&kind, NULL);
}

/* Steps and rate^2 of each method on the rotation, as in rates.c; consensus is predictive, 1 - h gamma +- ih;
 * alternating has determinant 1, so it never contracts.  Runge-Kutta is of order 4. */
START_TEST(agrees_with_closed_forms_on_a_rotation) {
  const struct {
    const char *method;
    double stable, fastest, rate_squared;
  } rows[] = {{GD_SIMULTANEOUS, 0, 0, 1},
              {GD_ALTERNATING, 0, 0, 1},
              {GD_PREDICTIVE, 1, 0.5, 0.5},
              {GD_IMPLICIT, INFINITY, INFINITY, 0},
              {GD_CONSENSUS, 1, 0.5, 0.5},
              {GD_EXTRAGRADIENT, 1, M_SQRT1_2, 0.75},
              {GD_RUNGE_KUTTA, 2 * M_SQRT2, 2.449489742783178, 0.25}};
  gd_game *game = rotation();
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_stepper *stepper;
    double h, rate;
    assert_ok(gd_stepper_create_named(&stepper, game, rows[k].method));
    assert_ok(by_map_largest_stable_step(stepper, origin, &h));
    assert_close(h, rows[k].stable, 1e-10, 0);
    assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
    assert_close(h, rows[k].fastest, 1e-10, 0);
    assert_close(rate * rate, rows[k].rate_squared, 0, 1e-10);
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

/* A random attracting J: blocks [[-a, -b], [b, -a]] behind a random change of basis Q (I + small) Q'. */
static void random_attracting(gd_rng *rng, size_t pairs, double *J) {
  const size_t n = 2 * pairs;
  double Q[64], D[64] = {0}, QD[64];
  for (size_t k = 0; k < pairs; k++) {
    const double a = log_uniform(rng, 0.1, 3), b = log_uniform(rng, 0.1, 3);
    D[2 * k * (n + 1)] = D[(2 * k + 1) * (n + 1)] = -a;
    D[2 * k + 1 + 2 * k * n] = b;
    D[2 * k + (2 * k + 1) * n] = -b;
    if (k + 1 < pairs) D[2 * k + (2 * k + 2) * n] = 0.3; /* not normal */
  }
  random_orthogonal(rng, n, Q);
  gdi_matrix_product(&(gdi_product){.rows = n, .columns = n, .inner = n, .A = Q, .lda = n, .B = D, .ldb = n}, QD, n);
  gdi_matrix_product(
      &(gdi_product){.transpose_b = true, .rows = n, .columns = n, .inner = n, .A = QD, .lda = n, .B = Q, .ldb = n}, J,
      n);
}

static gd_spectrum *spectrum_at(gd_game *game, const double *x) {
  gd_operator *op;
  gd_spectrum *spectrum;
  assert_ok(gd_operator_jacobian(&op, game, x));
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  gd_operator_destroy(op);
  return spectrum;
}

/* Rate at some steps, largest stable and fastest step by both ways.  `doubt` is the error of a spectral radius. */
static void compare(gd_stepper *stepper, const double *x, double doubt) {
  gd_spectrum *spectrum = spectrum_at(gd_stepper_game(stepper), x);
  double by_modes, by_map, modes_rate, map_rate;
  for (double h = 1e-3; h < 2; h *= 7) {
    assert_ok(spectrum_rate(stepper, spectrum, h, &by_modes));
    assert_ok(by_map_rate(stepper, x, h, &by_map));
    assert_close(by_map, by_modes, doubt, 0);
  }
  assert_ok(spectrum_largest_stable_step(stepper, spectrum, &by_modes));
  assert_ok(by_map_largest_stable_step(stepper, x, &by_map));
  assert_close(by_map, by_modes, 100 * doubt, 0);
  assert_ok(spectrum_fastest_step(stepper, spectrum, &by_modes, &modes_rate));
  assert_ok(by_map_fastest_step(stepper, x, &by_map, &map_rate));
  assert_close(map_rate, modes_rate, doubt, 1e-9);
  ck_assert_int_eq(isinf(by_map), isinf(by_modes));
  gd_spectrum_destroy(spectrum);
}

/* A double root, where optimistic is fastest on one mode, is found by LAPACK to the square root of rounding only:
 * hence 1e-7. */
START_TEST(agrees_with_stability_functions_on_random_games) {
  gd_rng rng = gd_rng_make(11, 0);
  size_t compared = 0;
  for (int k = 0; k < 8; k++) {
    double J[64];
    const size_t pairs = 1 + k % 4;
    random_attracting(&rng, pairs, J);
    linear_game data = {.sizes = {1, 2 * pairs - 1}, .J = J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    for (size_t m = 0; gd_method_at(m); m++) {
      if (!gd_method_at(m)->mode_modulus) continue;
      gd_stepper *stepper;
      assert_ok(gd_stepper_create(&stepper, game, gd_method_at(m)));
      compare(stepper, origin, 1e-7);
      gd_stepper_destroy(stepper);
      compared++;
    }
    gd_game_destroy(game);
  }
  ck_assert_uint_ge(compared, 8 * 6);
}
END_TEST

/* Consensus on bilinear games is predictive: 2 gamma/(1 + gamma^2 lM), and so on; see rates.c. */
START_TEST(rates_consensus_by_its_closed_form) {
  const double sigma[] = {2, 0.5}, gammas[] = {0.1, 0.4, 1};
  gd_rng rng = gd_rng_make(12, 0);
  double U[4], V[4], C[4], J[16];
  random_orthogonal(&rng, 2, U);
  random_orthogonal(&rng, 2, V);
  compose(2, 2, U, sigma, V, C);
  zero_sum_jacobian(2, 2, NULL, NULL, C, J);
  linear_game data = {.sizes = {2, 2}, .J = J};
  gd_game *game = create_linear_game(&data, GD_ZERO_SUM, NULL);
  gd_stepper *stepper;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_CONSENSUS));
  for (int k = 0; k < 3; k++) {
    const double gamma = gammas[k], g2 = gamma * gamma, lM = 4, lm = 0.25;
    double h, rate, fastest = gamma / (1 + g2 * lm);
    if (g2 * (lM - lm) > 1) fastest = 2 * gamma / (1 + g2 * (lm + lM));
    assert_ok(gd_stepper_set(stepper, "gamma", gamma));
    assert_ok(by_map_largest_stable_step(stepper, origin, &h));
    assert_close(h, 2 * gamma / (1 + g2 * lM), 1e-10, 0);
    assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
    assert_close(h, fastest, 1e-9, 0);
    assert_close(rate * rate, pow(1 - fastest * gamma * lm, 2) + fastest * fastest * lm, 1e-9, 0);
  }
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* J has the eigenvalue -1 below, where predictive with its default gamma = 1 stands still, lambda + gamma lambda^2 = 0:
 * whether that mode is stable would be decided by rounding. */
static void avoid_neutral_mode(gd_stepper *stepper) {
  double gamma;
  if (gd_stepper_get(stepper, "gamma", 0, &gamma) == GD_OK) assert_ok(gd_stepper_set(stepper, "gamma", 0.5));
}

/* A game that is not affine: J at its equilibrium decides, to the accuracy of differences. */
START_TEST(rates_curved_games_at_their_equilibrium) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  double x[5];
  assert_ok(gd_game_solution(game, x));
  for (size_t m = 0; gd_method_at(m); m++) {
    if (!gd_method_at(m)->mode_modulus) continue;
    gd_stepper *stepper;
    assert_ok(gd_stepper_create(&stepper, game, gd_method_at(m)));
    assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.125));
    avoid_neutral_mode(stepper);
    compare(stepper, x, 1e-7);
    double back;
    assert_ok(gd_stepper_get(stepper, GD_STEP_SIZE, 1, &back));
    assert_close(back, 0.125, 0, 0); /* the stepper is as it was */
    ck_assert_uint_eq(gd_stepper_steps(stepper), 0);
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

/* v = (1/x0 - x1, x0 - x1) for x0 >= 1/2, at (1, 1): J = [[-1, -1], [1, -1]], stable below h = 1, for -1 +- i.  Far
 * steps may leave the domain, which is no failure. */
START_TEST(takes_a_step_out_of_the_domain_for_unstable) {
  const test_game kind = half_plane_game();
  gd_game *game = create_test_game(&kind, NULL);
  const double x[] = {1, 1};
  gd_stepper *stepper;
  double h, rate;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(by_map_largest_stable_step(stepper, x, &h));
  assert_close(h, 1, 1e-7, 0);
  assert_ok(by_map_fastest_step(stepper, x, &h, &rate));
  assert_close(h, 0.5, 1e-4, 0); /* at the bottom differences tell h to the square root of their error */
  assert_close(rate, M_SQRT1_2, 1e-8, 0);
  gd_stepper_destroy(stepper);
  assert_ok(gd_stepper_create_named(&stepper, game, GD_EXTRAGRADIENT));
  const double rim[] = {0.5, 2};
  assert_fails(by_map_rate(stepper, rim, 1, &rate), GD_ERR_DOMAIN, "domain");
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* At the equilibrium of v = -x RMSProp's mean square is 0 and the move h v/sqrt(epsilon), epsilon = 1e-10: stable below
 * h = 2e-5. */
START_TEST(rates_scaled_methods) {
  const double J[] = {-1, 0, 0, -1};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *stepper;
  double h, rate;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set_scaling(stepper, GD_SCALING_RMSPROP));
  assert_ok(by_map_rate(stepper, origin, 0, &rate));
  assert_close(rate, 1, 1e-9, 0);
  assert_ok(by_map_largest_stable_step(stepper, origin, &h));
  assert_close(h, 2e-5, 1e-10, 0);
  assert_ok(by_map_rate(stepper, origin, 0.99 * h, &rate));
  ck_assert_double_lt(rate, 1);
  assert_ok(by_map_rate(stepper, origin, 1.01 * h, &rate));
  ck_assert_double_gt(rate, 1);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* ---- methods of one's own ---- */

typedef struct shrink_params {
  const double *step_size;
} shrink_params;

typedef struct shrink_state {
  int unused;
} shrink_state;

/* x' = x (1 - h), with a step size of at most 1/2: stable as far as it goes. */
static gd_status shrink_step(gd_stepper *stepper, gd_game *game, double *x) {
  const shrink_params *params = gd_stepper_params(stepper);
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] *= 1 - params->step_size[0];
  return GD_OK;
}

/* x' = x/2, whatever h. */
static gd_status halve_step(gd_stepper *stepper, gd_game *game, double *x) {
  (void)stepper;
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] /= 2;
  return GD_OK;
}

static gd_status abort_step(gd_stepper *stepper, gd_game *game, double *x) {
  const shrink_params *params = gd_stepper_params(stepper);
  (void)game, (void)x;
  return params->step_size[0] > 0.1 ? GD_ERR_CALLBACK : GD_OK;
}

START_TEST(rates_methods_of_ones_own) {
  static const gd_param bounded[] = {GD_PARAM(shrink_params, step_size, GD_KIND_REAL_PER_PLAYER, 0.1, 0, 0.5, "h")};
  static const gd_param table[] = {GD_PARAM_STEP_SIZE(shrink_params)};
  static const gd_method shrink = {GD_METHOD_HEAD(shrink, bounded), .traits = GD_METHOD_LINEAR, .step = shrink_step};
  static const gd_method halve = {GD_METHOD_HEAD(shrink, table), .step = halve_step};
  static const gd_method stop = {GD_METHOD_HEAD(shrink, table), .step = abort_step};
  gd_game *game = rotation();
  gd_stepper *stepper;
  double h = 7, rate = 8;
  assert_ok(gd_stepper_create(&stepper, game, &shrink));
  assert_ok(by_map_largest_stable_step(stepper, origin, &h));
  assert_close(h, 0.5, 1e-10, 0);
  assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
  assert_close(h, 0.5, 1e-10, 0);
  assert_close(rate, 0.5, 1e-10, 0);
  assert_fails(by_map_rate(stepper, origin, 0.6, &rate), GD_ERR_ARGUMENT, "step_size = 0.6");
  gd_stepper_destroy(stepper);
  assert_ok(gd_stepper_create(&stepper, game, &halve));
  assert_ok(by_map_largest_stable_step(stepper, origin, &h));
  ck_assert(isinf(h));
  assert_ok(by_map_fastest_step(stepper, origin, &h, &rate));
  assert_close(rate, 0.5, 1e-9, 0);
  gd_stepper_destroy(stepper);
  assert_ok(gd_stepper_create(&stepper, game, &stop));
  h = 7;
  ck_assert_int_eq(by_map_largest_stable_step(stepper, origin, &h), GD_ERR_CALLBACK);
  ck_assert_int_eq(by_map_fastest_step(stepper, origin, &h, &rate), GD_ERR_CALLBACK);
  assert_close(h, 7, 0, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(says_which_argument_is_wrong) {
  gd_game *game = rotation();
  gd_stepper *stepper;
  double h, rate;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  gd_linearisation *at = NULL;
  assert_ok(gd_linearise(&at, game, origin, NULL));
  assert_fails(gd_rate(NULL, at, 1, &rate), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(by_map_rate(stepper, NULL, 1, &rate), GD_ERR_ARGUMENT, "x is NULL");
  assert_fails(gd_rate(stepper, at, 1, NULL), GD_ERR_ARGUMENT, "rate is NULL");
  assert_fails(by_map_rate(stepper, origin, -1, &rate), GD_ERR_ARGUMENT, "step_size = -1");
  assert_fails(gd_largest_stable_step(NULL, at, &h), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_largest_stable_step(stepper, NULL, &h), GD_ERR_ARGUMENT, "linearisation is NULL");
  assert_fails(gd_largest_stable_step(stepper, at, NULL), GD_ERR_ARGUMENT, "step_size is NULL");
  assert_fails(gd_fastest_step(NULL, at, &h, &rate), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(gd_fastest_step(stepper, NULL, &h, &rate), GD_ERR_ARGUMENT, "linearisation is NULL");
  assert_fails(gd_fastest_step(stepper, at, &h, NULL), GD_ERR_ARGUMENT, "an output is NULL");
  gd_linearisation_destroy(at);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(leaks_nothing_when_memory_runs_out) {
  test_game kind = rotation_game();
  kind.traits |= GD_AFFINE;
  size_t fail_at = 1;
  for (bool done = false; !done; fail_at += 1 + fail_at / 3) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_game *game = create_test_game(&kind, &memory.env);
    gd_stepper *stepper;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC));
    double h = 7, rate = 8, step, J[4];
    assert_ok(gd_game_jacobian(game, origin, J, 2)); /* which an affine game keeps */
    const size_t live = memory.live;
    memory.calls = 0;
    memory.fail_at = fail_at;
    gd_status status = by_map_rate(stepper, origin, 0.5, &rate);
    if (status == GD_OK) status = by_map_fastest_step(stepper, origin, &h, &rate);
    done = memory.calls < fail_at;
    ck_assert_int_eq(status, done ? GD_OK : GD_ERR_MEMORY);
    ck_assert_uint_eq(memory.live, live);
    assert_ok(gd_stepper_get(stepper, GD_STEP_SIZE, 0, &step));
    assert_close(step, 0.01, 0, 0);
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
    ck_assert_uint_eq(memory.live, 0);
  }
  ck_assert_uint_gt(fail_at, 100);
}
END_TEST

TEST_SUITE("map_rates", agrees_with_closed_forms_on_a_rotation, agrees_with_stability_functions_on_random_games,
           rates_consensus_by_its_closed_form, rates_curved_games_at_their_equilibrium,
           takes_a_step_out_of_the_domain_for_unstable, rates_scaled_methods, rates_methods_of_ones_own,
           says_which_argument_is_wrong, leaks_nothing_when_memory_runs_out)
