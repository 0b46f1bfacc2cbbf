/* SPDX-License-Identifier: BSD-3-Clause */
/* mescheder.c -- Lemmas 4, 7 and 9 and Corollaries 5 and 8 on closed forms and on random matrices. */
#include "support/at_point.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/gamedyn.h>
#include <gamedyn/stability.h>

enum { INSTANCES = 1000, SIZE_MAX_ = 6 };

/* An affine game whose Jacobian is J [n by n]; player blocks n - n/2 and n/2, or one block. */
static gd_game *game_of(size_t n, const double *J) {
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, n > 1 ? 2 : 1, (const size_t[]){n > 1 ? n - n / 2 : 1, n / 2}, J, n, NULL, NULL));
  return game;
}

static gd_consensus_report report_of(size_t n, const double *J, double gamma) {
  const double x[SIZE_MAX_] = {0};
  gd_consensus_report report;
  gd_game *game = game_of(n, J);
  assert_ok(consensus_report_at(game, x, gamma, &report));
  gd_game_destroy(game);
  return report;
}

START_TEST(an_euler_step_is_twice_the_real_part_over_the_square) {
  double h;
  assert_ok(gd_largest_euler_step(-1, 0, &h));
  assert_close(h, 2, 1e-15, 0);
  assert_ok(gd_largest_euler_step(-3, 4, &h)); /* 2 * 3 / 25 */
  assert_close(h, 0.24, 1e-15, 0);
  assert_ok(gd_largest_euler_step(0, 1, &h));
  ck_assert_double_eq(h, 0);
  assert_ok(gd_largest_euler_step(1e-3, 1, &h));
  ck_assert_double_eq(h, 0);
  assert_ok(gd_largest_euler_step(-3e200, 4e200, &h)); /* no overflow: 0.24 / 1e200 */
  assert_close(h, 0.24e-200, 1e-15, 0);
}
END_TEST

/* 1 + h lambda is inside the unit circle just below the step and outside just above, whatever lambda. */
START_TEST(the_euler_step_is_where_the_unit_circle_is_crossed) {
  gd_rng rng = gd_rng_make(4, 0);
  for (int k = 0; k < 20 * INSTANCES; k++) {
    double z[2], h;
    gd_rng_fill_normal(&rng, 2, z);
    z[0] = -fabs(z[0]);
    assert_ok(gd_largest_euler_step(z[0], z[1], &h));
    /* |1 + h lambda|^2 - 1 = h |lambda|^2 (h - h*), so a relative 1e-6 of h* decides with room for rounding */
    const double below = h * (1 - 1e-6), above = h * (1 + 1e-6);
    const double change = h * h * (z[0] * z[0] + z[1] * z[1]) * 1e-6;
    if (change < 1e-14) continue;
    ck_assert_double_lt(hypot(1 + below * z[0], below * z[1]), 1);
    ck_assert_double_gt(hypot(1 + above * z[0], above * z[1]), 1);
  }
}
END_TEST

START_TEST(a_spectrum_takes_the_smallest_step_of_its_eigenvalues) {
  gd_spectrum *spectrum = NULL;
  double h;
  assert_ok(gd_spectrum_from_values(&spectrum, 3, (const double[]){-1, -3, -3}, (const double[]){0, 4, -4}, NULL));
  assert_ok(gd_spectrum_largest_euler_step(spectrum, &h));
  assert_close(h, 0.24, 1e-15, 0);
  gd_spectrum_destroy(spectrum);
}
END_TEST

/* THEORY's counterexample: A = [[0, 1], [-1, 0]], gamma = 1.  A - A'A = A - I has eigenvalues -1 +- i, so the ratio is
 * 1; print would allow 1/2.  |A - A'| = 2 and rho = 1, so the corrected bound is 1 / (2 / 2) = 1: tight. */
START_TEST(the_printed_lemma_9_fails_on_a_rotation_and_the_corrected_one_is_tight) {
  const gd_consensus_report report = report_of(2, (const double[]){0, -1, 1, 0}, 1);
  assert_close(report.rho, 1, 1e-15, 0);
  assert_close(report.rotation_norm, 2, 1e-15, 0);
  assert_close(report.monotonicity, 0, 0, 1e-15);
  ck_assert_double_eq(report.c, 0);
  ck_assert(isinf(report.ratio));
  assert_close(report.consensus_ratio, 1, 1e-14, 0);
  assert_close(report.ratio_bound, 1, 1e-15, 0);
  assert_close(report.consensus_monotonicity, -1, 1e-15, 0);
  ck_assert(report.hypothesis);
  ck_assert_double_gt(report.consensus_ratio, 1 / (report.c + 2 * report.rho * report.rho * 1));
}
END_TEST

/* A = -a I + s K, K a rotation: S = -a I, R = s K, so c = a/s; A'A = (a^2 + s^2) I; eigenvalues of A - gamma A'A are
 * -a - gamma (a^2 + s^2) +- i s, ratio s / (a + gamma (a^2 + s^2)), which the bound meets. */
START_TEST(a_damped_rotation_meets_the_bound) {
  const double a = 0.5, s = 3, gamma = 0.25, whole = a + gamma * (a * a + s * s);
  const gd_consensus_report report = report_of(2, (const double[]){-a, s, -s, -a}, gamma);
  assert_close(report.c, a / s, 1e-14, 0);
  assert_close(report.ratio, s / a, 1e-14, 0);
  assert_close(report.consensus_ratio, s / whole, 1e-14, 0);
  assert_close(report.ratio_bound, s / whole, 1e-14, 0);
  assert_close(report.consensus_monotonicity, -whole, 1e-14, 0);
}
END_TEST

START_TEST(a_symmetric_jacobian_has_no_rotation_to_bound) {
  const gd_consensus_report report = report_of(2, (const double[]){-1, 0, 0, -2}, 1);
  ck_assert_double_eq(report.ratio, 0);
  ck_assert_double_eq(report.ratio_bound, 0);
  ck_assert(report.hypothesis);
}
END_TEST

START_TEST(without_the_hypothesis_nothing_is_promised) {
  gd_consensus_report report = report_of(2, (const double[]){1, 0, 0, -2}, 1); /* not negative semidefinite */
  ck_assert(!report.hypothesis);
  ck_assert(isinf(report.ratio_bound));
  report = report_of(2, (const double[]){0, 0, 0, -2}, 1); /* singular: print's Corollary 8 forgets it */
  ck_assert(!report.hypothesis);
}
END_TEST

/* J = -G G' + K for random G [n by k] and antisymmetric K: negative semidefinite, definite for k >= n. */
static void random_dissipative(gd_rng *rng, size_t n, size_t k, double *J) {
  double G[SIZE_MAX_ * SIZE_MAX_], K[SIZE_MAX_ * SIZE_MAX_];
  gd_rng_fill_normal(rng, n * k, G);
  gd_rng_fill_normal(rng, n * n, K);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      J[i + j * n] = K[i + j * n] - K[j + i * n];
      for (size_t l = 0; l < k; l++) J[i + j * n] -= G[i + l * n] * G[j + l * n];
    }
}

/* Slack: c, rho and the eigenvalues carry errors of some n eps |J| / rho relative; 1e-9 covers rho / |J| > 1e-6. */
START_TEST(lemmas_7_and_9_hold_on_random_matrices) {
  gd_rng rng = gd_rng_make(9, 0);
  int tried = 0;
  double tightest = 0;
  for (int k = 0; k < INSTANCES; k++) {
    const size_t n = 2 + gd_rng_below(&rng, SIZE_MAX_ - 1), rank = gd_rng_below(&rng, n + 2);
    double J[SIZE_MAX_ * SIZE_MAX_], log_gamma;
    random_dissipative(&rng, n, rank < n ? rank : n, J);
    gd_rng_fill_normal(&rng, 1, &log_gamma);
    const gd_consensus_report report = report_of(n, J, exp(2 * log_gamma));
    if (!report.hypothesis || report.rho < 1e-6 * report.rotation_norm) continue;
    tried++;
    ck_assert_double_lt(report.consensus_monotonicity, 0);
    ck_assert_double_le(report.consensus_ratio, report.ratio_bound * (1 + 1e-9));
    tightest = fmax(tightest, report.consensus_ratio / report.ratio_bound);
  }
  ck_assert_int_gt(tried, INSTANCES / 2);
  ck_assert_double_gt(tightest, 0.99); /* the bound is sharp, so a looser one would not do */
}
END_TEST

/* Corollary 8: simultaneous steps of half the Euler bound on the consensus field contract towards the equilibrium. */
START_TEST(consensus_attracts_where_the_corollary_says) {
  const double J[] = {0, -2, 2, 0}, x0[] = {0, 0};
  gd_game *game = game_of(2, J), *consensus = NULL;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_stepper *stepper = NULL;
  double h, x[] = {1, 1};
  gd_run_result result;
  assert_ok(gd_derive_consensus(&consensus, game, 0.1));
  assert_ok(gd_operator_jacobian(&op, consensus, x0));
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  assert_ok(gd_spectrum_largest_euler_step(spectrum, &h));
  /* eigenvalues -0.4 +- 2i: h < 0.8 / 4.16 */
  assert_close(h, 0.8 / 4.16, 1e-13, 0);
  assert_ok(gd_stepper_create_named(&stepper, consensus, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, h / 2));
  assert_ok(gd_run(stepper, x, NULL, &result));
  ck_assert_int_eq(result.stop, GD_STOP_GRADIENT);
  gd_stepper_destroy(stepper);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  gd_game_destroy(consensus);
  gd_game_destroy(game);
}
END_TEST

/* The gamma that achieves a wanted bound does: bound(gamma(q)) = q; and 0 is enough when 1/c <= q. */
START_TEST(gamma_for_a_ratio_inverts_the_bound) {
  double gamma, bound;
  assert_ok(gd_consensus_gamma_for_ratio(0.1, 0.5, 3, 0.75, &gamma));
  assert_close(gamma, (1 / 0.75 - 0.1) * 3 / (2 * 0.25), 1e-14, 0);
  assert_ok(gd_consensus_ratio_bound(0.1, 0.5, gamma, 3, &bound));
  assert_close(bound, 0.75, 1e-14, 0);
  assert_ok(gd_consensus_gamma_for_ratio(2, 0.5, 3, 0.75, &gamma));
  ck_assert_double_eq(gamma, 0);
}
END_TEST

START_TEST(refuses_what_it_cannot_use) {
  double out = 7;
  gd_consensus_report report;
  gd_game *game = game_of(2, (const double[]){0, -1, 1, 0});
  const double x[] = {0, 0};
  assert_fails(gd_largest_euler_step(NAN, 0, &out), GD_ERR_ARGUMENT, "finite");
  assert_fails(gd_largest_euler_step(-1, 0, NULL), GD_ERR_ARGUMENT, "step_size is NULL");
  assert_fails(gd_spectrum_largest_euler_step(NULL, &out), GD_ERR_ARGUMENT, "spectrum is NULL");
  assert_fails(gd_consensus_ratio_bound(-1, 1, 1, 1, &out), GD_ERR_ARGUMENT, "c = -1");
  assert_fails(gd_consensus_ratio_bound(1, 1, 1, 1, NULL), GD_ERR_ARGUMENT, "ratio_bound is NULL");
  assert_fails(gd_consensus_gamma_for_ratio(1, 0, 1, 1, &out), GD_ERR_HYPOTHESIS, "rho is 0");
  assert_fails(gd_consensus_gamma_for_ratio(1, 1, 1, 0, &out), GD_ERR_ARGUMENT, "ratio = 0");
  assert_fails(gd_consensus_gamma_for_ratio(1, 1, 1, 1, NULL), GD_ERR_ARGUMENT, "gamma is NULL");
  assert_fails(consensus_report_at(game, x, -1, &report), GD_ERR_ARGUMENT, "gamma is -1");
  assert_fails(consensus_report_at(NULL, x, 1, &report), GD_ERR_ARGUMENT, "game is NULL");
  ck_assert_double_eq(out, 7);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("mescheder", an_euler_step_is_twice_the_real_part_over_the_square,
           the_euler_step_is_where_the_unit_circle_is_crossed, a_spectrum_takes_the_smallest_step_of_its_eigenvalues,
           the_printed_lemma_9_fails_on_a_rotation_and_the_corrected_one_is_tight, a_damped_rotation_meets_the_bound,
           a_symmetric_jacobian_has_no_rotation_to_bound, without_the_hypothesis_nothing_is_promised,
           lemmas_7_and_9_hold_on_random_matrices, consensus_attracts_where_the_corollary_says,
           gamma_for_a_ratio_inverts_the_bound, refuses_what_it_cannot_use)
