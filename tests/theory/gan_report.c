/* SPDX-License-Identifier: BSD-3-Clause */
/* gan_report.c -- Theorems 3.1 and 3.2 of Nagarajan & Kolter 2017 read off games, null spaces included. */
#include <gamedyn/derive.h>
#include <gamedyn/models.h>
#include <gamedyn/stability.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/linear_game.h"
#include "support/suite.h"

enum { MOST = 12 };

static gd_spectrum *rest_of(gd_game *game, const double *x, size_t *nullity) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_operator_jacobian(&op, game, x));
  assert_ok(gd_spectrum_nonzero(&spectrum, op, 1e-10, nullity));
  gd_operator_destroy(op);
  return spectrum;
}

/* Every eigenvalue off the null space obeys its bound; as many as are left. */
static void assert_bounded(gd_game *game, const double *x, const gd_gan_report *report) {
  size_t nullity;
  gd_spectrum *rest = rest_of(game, x, &nullity);
  ck_assert_uint_eq(nullity, report->null_discriminator + report->null_generator);
  ck_assert_uint_eq(gd_spectrum_count(rest), gd_game_size(game) - nullity);
  ck_assert(report->real_bound < 0 && report->non_real_bound < 0);
  for (size_t k = 0; k < gd_spectrum_count(rest); k++) {
    const double re = gd_spectrum_real(rest)[k], im = gd_spectrum_imaginary(rest)[k];
    /* a pair that is all but real may meet and part by rounding, its real part right to the root of it */
    const double limit = fabs(im) <= 1e-6 * fabs(re) ? fmax(report->real_bound, report->non_real_bound)
                         : im == 0                   ? report->real_bound
                                                     : report->non_real_bound;
    ck_assert_msg(re <= limit * (1 - 1e-9), "%g + %g i, expected Re <= %g", re, im, limit);
  }
  gd_spectrum_destroy(rest);
}

/* D = w y^2, G = a z on [-1, 1]: K_DD = E y^4 = 1/5, K_DG = E 2 z^2 a = 2/3 up to sign; f'(0) = 1/2, f''(0) = -1/4.
 * Complex eigenvalues then have Re <= f'' K_DD = -1/20, which is what they have. */
START_TEST(reads_the_planar_gan) {
  const double x[] = {0, 1};
  gd_game *game = NULL;
  gd_gan_report report;
  assert_ok(gd_model_nk_planar(&game, GD_GAN_LOGISTIC, NULL));
  assert_ok(gan_report_at(game, x, 0, 0.5, -0.25, 0, &report));
  assert_close(report.kdd_min, 0.2, 1e-13, 0);
  assert_close(report.kdd_max, 0.2, 1e-13, 0);
  assert_close(report.kdg_min, 4.0 / 9, 1e-13, 0);
  assert_close(report.kdg_max, 4.0 / 9, 1e-13, 0);
  assert_close(report.non_real_bound, -0.05, 1e-13, 0);
  ck_assert(report.null_discriminator == 0 && report.null_generator == 0);
  gd_game_destroy(game);
}
END_TEST

/* The same with the Wasserstein loss and eta = 1/2: s = 4/9; complex ones Re <= -2/9, as they have. */
START_TEST(reads_the_planar_wgan) {
  const double x[] = {0, 1};
  gd_game *base = NULL, *game = NULL;
  gd_gan_report report;
  assert_ok(gd_model_nk_planar(&base, GD_GAN_WASSERSTEIN, NULL));
  assert_ok(gan_report_at(base, x, 0, 1, 0, 0.5, &report));
  ck_assert(isnan(report.kdd_min) && isnan(report.kdd_max));
  assert_close(report.kdg_min, 4.0 / 9, 1e-13, 0);
  assert_close(report.non_real_bound, -2.0 / 9, 1e-13, 0);
  assert_ok(gd_derive_gradient_penalty(&game, base, 1, 0, 0.5));
  gd_spectrum *rest;
  size_t nullity;
  rest = rest_of(game, x, &nullity);
  assert_close(gd_spectrum_real(rest)[0], -2.0 / 9, 1e-8, 0); /* differenced */
  gd_spectrum_destroy(rest);
  gd_game_destroy(game);
  gd_game_destroy(base);
}
END_TEST

/* Full matrices in the plane: an antisymmetric W and a rotation of A, a dimension each. */
START_TEST(counts_the_equilibria_of_the_linear_quadratic_gan) {
  const double S[] = {2, 0.5, 0.5, 1};
  gd_lq_gan spec = {.struct_size = sizeof spec, .dimension = 2, .covariance = S, .ldc = 2};
  gd_game *game = NULL;
  gd_gan_report report;
  double x[MOST];
  assert_ok(gd_model_lq_gan(&game, &spec, NULL));
  assert_ok(gd_game_solution(game, x));
  assert_ok(gan_report_at(game, x, 0, 0.5, -0.25, 0, &report));
  ck_assert(report.null_discriminator == 1 && report.null_generator == 1);
  assert_bounded(game, x, &report);
  gd_game_destroy(game);
  spec.triangular = true; /* isolated */
  assert_ok(gd_model_lq_gan(&game, &spec, NULL));
  assert_ok(gd_game_solution(game, x));
  assert_ok(gan_report_at(game, x, 0, 0.5, -0.25, 0, &report));
  ck_assert(report.null_discriminator == 0 && report.null_generator == 0);
  assert_bounded(game, x, &report);
  gd_game_destroy(game);
}
END_TEST

/* ---- random GANs ---- */

typedef struct random_gan {
  size_t p, q, r, s; /* sizes; ranks of Q and of P */
  double J[MOST * MOST];
} random_gan;

/* Q = U diag U' on r of p dimensions, P = U X Y' with X [r by s] of rank s <= r, Y [q by s] orthonormal. */
static void make(random_gan *gan, uint64_t seed, bool flat) {
  gd_rng rng = gd_rng_make(seed, 0);
  double U[36], Y[36], X[36], d[6], Q[36] = {0}, P[36] = {0};
  gan->p = 1 + seed % 6, gan->q = 1 + seed / 6 % 6;
  gan->r = 1 + seed / 36 % gan->p;
  const size_t most = gan->r < gan->q ? gan->r : gan->q;
  gan->s = 1 + seed / 7 % most;
  random_orthogonal(&rng, gan->p, U);
  random_orthogonal(&rng, gan->q, Y);
  random_orthogonal(&rng, gan->r, X); /* its first s columns */
  for (size_t k = 0; k < 6; k++) d[k] = log_uniform(&rng, 0.1, 10);
  for (size_t i = 0; i < gan->p; i++) {
    for (size_t j = 0; j < gan->p; j++)
      for (size_t k = 0; k < gan->r && !flat; k++) Q[i + j * gan->p] += U[i + k * gan->p] * d[k] * U[j + k * gan->p];
    for (size_t j = 0; j < gan->q; j++)
      for (size_t k = 0; k < gan->s; k++)
        for (size_t l = 0; l < gan->r; l++)
          P[i + j * gan->p] += U[i + l * gan->p] * X[l + k * gan->r] * d[5 - k] * Y[j + k * gan->q];
  }
  for (size_t k = 0; k < gan->p * gan->q; k++) P[k] = -P[k];
  zero_sum_jacobian(gan->p, gan->q, Q, NULL, P, gan->J); /* [[-Q, P], [-P', 0]] */
}

static gd_game *create(const random_gan *gan) {
  gd_game *game = NULL;
  const size_t sizes[] = {gan->p, gan->q}, n = gan->p + gan->q;
  assert_ok(gd_model_affine(&game, 2, sizes, gan->J, n, NULL, NULL));
  return game;
}

START_TEST(bounds_all_eigenvalues_off_the_null_space_of_random_gans) {
  const double x[MOST] = {0};
  for (uint64_t seed = 0; seed < 1500; seed++) {
    random_gan gan;
    gd_gan_report report;
    make(&gan, seed, false);
    gd_game *game = create(&gan);
    assert_ok(gan_report_at(game, x, 0, 0.5, -0.25, 0, &report));
    ck_assert_uint_eq(report.null_discriminator, gan.p - gan.r);
    ck_assert_uint_eq(report.null_generator, gan.q - gan.s);
    assert_bounded(game, x, &report);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(bounds_them_under_a_gradient_penalty) {
  const double x[MOST] = {0}, etas[] = {0.01, 0.3, 5};
  for (uint64_t seed = 0; seed < 1500; seed++) {
    random_gan gan;
    gd_gan_report report;
    const double eta = etas[seed % 3];
    const bool flat = seed % 2;
    make(&gan, seed, flat);
    gd_game *base = create(&gan), *game = NULL;
    assert_ok(gd_derive_gradient_penalty(&game, base, 1, 0, eta));
    assert_ok(gan_report_at(base, x, 0, flat ? 1 : 0.5, flat ? 0 : -0.25, eta, &report));
    ck_assert_uint_eq(report.null_discriminator, gan.p - (flat ? gan.s : gan.r));
    assert_bounded(game, x, &report);
    gd_game_destroy(game);
    gd_game_destroy(base);
  }
}
END_TEST

/* ---- hypotheses ---- */

static void assert_refused(const double *J, double f2, double eta, const char *words) {
  const double x[2] = {0};
  gd_game *game = NULL;
  gd_gan_report report = {.kdg_min = 7};
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  assert_fails(gan_report_at(game, x, 0, 0.5, f2, eta, &report), GD_ERR_HYPOTHESIS, words);
  ck_assert(report.kdg_min == 7);
  gd_game_destroy(game);
}

START_TEST(says_which_hypothesis_fails) {
  const double fine[] = {-1, -1, 1, 0}, own[] = {-1, -1, 1, -0.5}, crooked[] = {-1, -0.5, 1, 0}, up[] = {1, -1, 1, 0};
  const double blind[] = {-1, 0, 0, 0}, flat[] = {0, -1, 1, 0};
  assert_refused(own, -0.25, 0, "own block is not 0");
  assert_refused(crooked, -0.25, 0, "J_GD is not -J_DG'");
  assert_refused(up, -0.25, 0, "not positive semidefinite");
  assert_refused(blind, -0.25, 0, "K_DG is 0");
  assert_refused(flat, -0.25, 0, "1 of them move the generator");
  assert_refused(fine, 0, 1, "f2 is 0, but the discriminator's own block is not");
  assert_refused(fine, 0, 0, "expected f1 != 0");
  assert_refused(fine, 0.5, 0, "f2 < 0 or eta > 0");
}
END_TEST

START_TEST(says_which_argument_is_wrong) {
  const double J[] = {-1, -1, 1, 0, 1, 1, 1, 1, 1}, x[3] = {0}, zero[] = {0, 0, 0, 0, 0, 0};
  gd_game *game = NULL;
  gd_gan_report report;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  size_t nullity;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, NULL));
  assert_fails(gan_report_at(NULL, x, 0, 1, -1, 0, &report), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gan_report_at(game, x, 2, 1, -1, 0, &report), GD_ERR_ARGUMENT, "discriminator is 2");
  assert_fails(gan_report_at(game, x, 0, 1, -1, -1, &report), GD_ERR_ARGUMENT, "eta = -1");
  gd_game_destroy(game);
  assert_ok(gd_model_affine(&game, 3, (const size_t[]){1, 1, 1}, J, 3, NULL, NULL));
  assert_fails(gan_report_at(game, x, 0, 1, -1, 0, &report), GD_ERR_HYPOTHESIS, "has 3");
  gd_game_destroy(game);
  assert_ok(gd_operator_dense(&op, 2, 2, zero, 2, NULL));
  assert_fails(gd_spectrum_nonzero(&spectrum, op, 0, &nullity), GD_ERR_HYPOTHESIS, "the operator is 0");
  assert_fails(gd_spectrum_nonzero(&spectrum, op, 1, &nullity), GD_ERR_ARGUMENT, "tolerance is 1");
  assert_fails(gd_spectrum_nonzero(&spectrum, NULL, 0, &nullity), GD_ERR_ARGUMENT, "op is NULL");
  gd_operator_destroy(op);
  assert_ok(gd_operator_dense(&op, 2, 3, zero, 2, NULL));
  assert_fails(gd_spectrum_nonzero(&spectrum, op, 0, &nullity), GD_ERR_ARGUMENT, "2 by 3");
  gd_operator_destroy(op);
}
END_TEST

/* a b' with a = (1, 2, 3)/10, b = (7, 11, 13)/10 has the eigenvalue b'a = 0.68 and two zeros; products are rounded, so
 * that its small singular values are 0 only up to that, and a tolerance of 0 does not ask for more. */
START_TEST(takes_zeros_of_rounding_for_zeros) {
  const double a[] = {0.1, 0.2, 0.3}, b[] = {0.7, 1.1, 1.3};
  double A[9];
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  size_t nullity = 9;
  for (size_t k = 0; k < 9; k++) A[k] = a[k % 3] * b[k / 3];
  assert_ok(gd_operator_dense(&op, 3, 3, A, 3, NULL));
  assert_ok(gd_spectrum_nonzero(&spectrum, op, 0, &nullity));
  ck_assert_uint_eq(nullity, 2);
  assert_close(gd_spectrum_real(spectrum)[0], 0.68, 1e-14, 0);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
}
END_TEST

/* [[0, 1], [0, 0]]: one null vector, and an eigenvalue 0 still. */
START_TEST(leaves_the_zero_of_a_chain) {
  const double N[] = {0, 0, 1, 0};
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  size_t nullity;
  assert_ok(gd_operator_dense(&op, 2, 2, N, 2, NULL));
  assert_ok(gd_spectrum_nonzero(&spectrum, op, 0, &nullity));
  ck_assert_uint_eq(nullity, 1);
  ck_assert_uint_eq(gd_spectrum_count(spectrum), 1);
  ck_assert(gd_spectrum_real(spectrum)[0] == 0);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double J[] = {-1, -1, 1, 0}, x[2] = {0};
  gd_game *game = NULL;
  gd_gan_report report;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  size_t nullity;
  (void)argument;
  GD_TRY(gd_model_affine(&game, 2, (const size_t[]){1, 1}, J, 2, NULL, env));
  gd_status status = gan_report_at(game, x, 0, 0.5, -0.25, 0, &report);
  if (status == GD_OK) status = gd_operator_jacobian(&op, game, x);
  if (status == GD_OK) status = gd_spectrum_nonzero(&spectrum, op, 0, &nullity);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 20); }
END_TEST

TEST_SUITE("gan_report", reads_the_planar_gan, reads_the_planar_wgan, counts_the_equilibria_of_the_linear_quadratic_gan,
           bounds_all_eigenvalues_off_the_null_space_of_random_gans, bounds_them_under_a_gradient_penalty,
           says_which_hypothesis_fails, says_which_argument_is_wrong, takes_zeros_of_rounding_for_zeros,
           leaves_the_zero_of_a_chain, survives_every_refused_allocation)
