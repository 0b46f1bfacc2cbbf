/* SPDX-License-Identifier: BSD-3-Clause */
/* nk_planar.c -- the planar GAN of Nagarajan & Kolter: known values, integrals everywhere, and the eigenvalues of
 * Figure 3 with and without their penalty.
 *
 * s is the logistic function and I(u) the integral of z^2 s(u z^2) over [0, 1].  With u = w a^2 the logistic game has
 * V_w = I(-w) - a^2 I(u) and V_a = -2 w a I(u); w ascends V, a descends it. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/models.h>
#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>

enum { LOSSES = GD_GAN_TV + 1 };

static const double etas[] = {0, 0.25, 0.5, 1};
enum { ETAS = 4 };

static gd_game *create(gd_gan_loss loss) {
  gd_game *game = NULL;
  assert_ok(gd_model_nk_planar(&game, loss, NULL));
  return game;
}

/* The game of the figure: the generator, player 1, also descends eta |dV/dw|^2. */
static gd_game *penalised(gd_gan_loss loss, double eta) {
  gd_game *base = create(loss), *game = NULL;
  assert_ok(gd_derive_gradient_penalty(&game, base, 1, 0, eta));
  gd_game_destroy(base);
  return game;
}

/* At (0.5, 1.5), by integration with 30 digits: V = -1.5274..., V_w = -0.3527..., V_a = -0.3298..., V_wa = -0.8025...
 */
START_TEST(known_values_of_the_logistic_game) {
  const double x[2] = {0.5, 1.5};
  gd_game *game = create(GD_GAN_LOGISTIC);
  double v[2], own, u[2], J[4];
  assert_ok(gd_game_gradient(game, x, v));
  assert_close(v[0], -0.352787723127717612, 0, 1e-13);
  assert_close(v[1], 0.32982588571310368, 0, 1e-13);
  assert_close(v[1] / (2 * 0.5 * 1.5), 0.219883923808735787, 0, 1e-13); /* I(1.125) */
  for (size_t player = 0; player < 2; player++) {
    assert_ok(gd_game_player_gradient(game, player, x, &own));
    ck_assert(own == v[player]);
  }
  assert_ok(gd_game_utilities(game, x, u));
  assert_close(u[0], -1.52743939730070384, 0, 1e-13);
  ck_assert(u[1] == -u[0]);
  assert_ok(gd_game_jacobian(game, x, J, 2));
  assert_close(J[2], -0.802546594588338757, 0, 1e-13);
  assert_close(J[1], 0.802546594588338757, 0, 1e-13);
  gd_game_destroy(game);
}
END_TEST

/* da/dt = -V_a - 2 eta V_w V_wa at the same point */
START_TEST(known_values_under_the_penalty) {
  static const double known[ETAS] = {0.32982588571310368, 0.188261592808741936, 0.0466972999043801927,
                                     -0.236431285904343295};
  const double x[2] = {0.5, 1.5};
  for (int k = 0; k < ETAS; k++) {
    gd_game *game = penalised(GD_GAN_LOGISTIC, etas[k]);
    double v[2];
    assert_ok(gd_game_gradient(game, x, v));
    assert_close(v[0], -0.352787723127717612, 0, 1e-13);
    assert_close(v[1], known[k], 0, 1e-13);
    gd_game_destroy(game);
  }
}
END_TEST

/* w' = (1 - a^2) / 3, a' = 2 w a / 3 + (4 eta a / 9) (1 - a^2); H = w^2 + a^2 / 2 - log|a| has
 * dH/dt = -(4 eta / 9) (1 - a^2)^2: without a penalty it is conserved. */
START_TEST(the_wasserstein_game_has_its_closed_form_and_conserves_h) {
  static const double points[][2] = {{0.5, 1.5}, {-0.7, 0.4}, {2, -1.25}, {0, 3}, {-1.5, -0.1}};
  for (int k = 0; k < ETAS; k++) {
    gd_game *game = penalised(GD_GAN_WASSERSTEIN, etas[k]);
    for (size_t p = 0; p < sizeof points / sizeof *points; p++) {
      const double w = points[p][0], a = points[p][1], gap = 1 - a * a;
      double v[2];
      assert_ok(gd_game_gradient(game, points[p], v));
      assert_close(v[0], gap / 3, 1e-14, 1e-15);
      assert_close(v[1], 2 * w * a / 3 + 4 * etas[k] * a / 9 * gap, 1e-14, 1e-15);
      const double slope = 2 * w * v[0] + (a - 1 / a) * v[1];
      assert_close(slope, -4 * etas[k] / 9 * gap * gap, 1e-13, 1e-14);
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* J at (0, 1), either sign of a: GAN [[-1/10, -1/3], [(1 - eta/5) / 3, -2 eta / 9]],
 * WGAN [[0, -2/3], [2/3, -8 eta / 9]]; their eigenvalues are a complex pair for these eta. */
static void expect_figure(gd_gan_loss loss, double eta, const double J[4], const double known[2]) {
  gd_game *game = penalised(loss, eta);
  double x[2], found[4];
  gd_operator *J_at = NULL;
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_game_solution(game, x));
  ck_assert(x[0] == 0 && x[1] == 1);
  assert_ok(gd_game_jacobian(game, x, found, 2));
  for (int k = 0; k < 4; k++) assert_close(found[k], J[k], 0, 1e-10); /* differenced under the penalty */
  assert_ok(gd_operator_jacobian(&J_at, game, x));
  assert_ok(gd_spectrum_compute(&spectrum, J_at, NULL));
  const double half_trace = (J[0] + J[3]) / 2, determinant = J[0] * J[3] - J[1] * J[2];
  const double frequency = sqrt(determinant - half_trace * half_trace);
  for (int k = 0; k < 2; k++) {
    assert_close(gd_spectrum_real(spectrum)[k], half_trace, 0, 1e-10);
    assert_close(fabs(gd_spectrum_imaginary(spectrum)[k]), frequency, 0, 1e-10);
  }
  assert_close(half_trace, known[0], 0, 5e-7); /* as far as they are printed */
  assert_close(frequency, known[1], 0, 5e-7);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(J_at);
  gd_game_destroy(game);
}

START_TEST(the_eigenvalues_of_figure_3) {
  static const double gan[ETAS][2] = {
      {-0.05, 0.329562}, {-0.077778, 0.324132}, {-0.105556, 0.316179}, {-0.161111, 0.291812}};
  static const double wgan[ETAS][2] = {
      {0, 0.666667}, {-0.111111, 0.657342}, {-0.222222, 0.628539}, {-0.444444, 0.496904}};
  for (int k = 0; k < ETAS; k++) {
    const double eta = etas[k];
    const double J[4] = {-0.1, (1 - eta / 5) / 3, -1.0 / 3, -2 * eta / 9};
    const double J_wgan[4] = {0, 2.0 / 3, -2.0 / 3, -8 * eta / 9};
    expect_figure(GD_GAN_LOGISTIC, eta, J, gan[k]);
    expect_figure(GD_GAN_NON_SATURATING, eta, J, gan[k]); /* the same at an equilibrium */
    expect_figure(GD_GAN_WASSERSTEIN, eta, J_wgan, wgan[k]);
  }
}
END_TEST

/* f and g of each loss, with a derivative */
static void curve_at(gd_gan_loss loss, bool of_generator, double t, double out[2]) {
  const double s = 1 / (1 + exp(-t)), softplus = t > 0 ? t + log1p(exp(-t)) : log1p(exp(t));
  const double curves[LOSSES][4] = {{t - softplus, 1 - s, t - softplus, 1 - s},
                                    {t, 1, t, 1},
                                    {t - softplus, 1 - s, softplus, s},
                                    {t - softplus, 1 - s, t, 1},
                                    {tanh(t), 1 / cosh(t) / cosh(t), tanh(t), 1 / cosh(t) / cosh(t)}};
  memcpy(out, curves[loss] + (of_generator ? 2 : 0), 2 * sizeof *out);
}

/* Integrals over [0, 1] of the curve and of z^2 times its derivative at u z^2, with z = y^2 and Boole's rule on
 * 4000 panels: at |u| = 1e4 the curve turns within 0.1 of y = 0, so the error is near (h / 0.1)^6 = 2e-16. */
static void integrals(gd_gan_loss loss, bool of_generator, double u, double out[2]) {
  static const double boole[5] = {7, 32, 12, 32, 7};
  const int panels = 4000;
  out[0] = out[1] = 0;
  for (int panel = 0; panel < panels; panel++)
    for (int k = 0; k < 5; k++) {
      const double y = (panel + k / 4.0) / panels, z = y * y, weight = boole[k] / 90 / panels * 2 * y;
      double at[2];
      curve_at(loss, of_generator, u * z * z, at);
      out[0] += weight * at[0];
      out[1] += weight * z * z * at[1];
    }
}

START_TEST(integrals_are_exact_near_and_far) {
  static const double points[][2] = {{0.3, -0.8}, {-2, 1.5},   {18, 1},  {-30, 1.1}, {60, 0.5},
                                     {-500, 2},   {1000, 0.1}, {5, -40}, {-1e4, 1},  {1e-3, 50}};
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_game *game = create((gd_gan_loss)loss);
    for (size_t p = 0; p < sizeof points / sizeof *points; p++) {
      const double w = points[p][0], a = points[p][1], t = -w * a * a;
      double real[2], fake[2], cost[2], v[2], u[2];
      integrals((gd_gan_loss)loss, false, w, real);
      integrals((gd_gan_loss)loss, false, t, fake);
      integrals((gd_gan_loss)loss, true, t, cost);
      assert_ok(gd_game_gradient(game, points[p], v));
      assert_close(v[0], real[1] - a * a * fake[1], 0, 2e-14 * (1 + a * a));
      assert_close(v[1], 2 * w * a * cost[1], 0, 2e-14 * fabs(2 * w * a));
      assert_ok(gd_game_utilities(game, points[p], u));
      assert_close(u[0], real[0] + fake[0], 0, 1e-14 * (2 + fabs(w) + fabs(t)));
      const bool general = loss == GD_GAN_NON_SATURATING || loss == GD_GAN_KL;
      assert_close(u[1], general ? -cost[0] : -u[0], 0, 1e-14 * (1 + fabs(t)));
    }
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(passes_the_check_under_every_loss) {
  static const double points[][2] = {{0.3, -0.8}, {0, 1}, {-2, 1.5}, {50, 1.2}, {-70, 0.9}};
  for (int loss = 0; loss < LOSSES; loss++)
    for (size_t p = 0; p < sizeof points / sizeof *points; p++) {
      gd_game *game = create((gd_gan_loss)loss);
      gd_game_check_report report;
      assert_ok(gd_game_check(game, points[p], 3, &report));
      ck_assert_double_ge(report.jvp_many_vs_jvp, 0);
      ck_assert_double_ge(report.gradient_many_vs_gradient, 0);
      ck_assert_double_ge(report.jacobian_vs_jvp, 0);
      ck_assert_double_ge(report.vjp_vs_jvp, 0);
      ck_assert_double_ge(report.player_gradient_vs_gradient, 0);
      ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
      ck_assert_double_ge(report.solution_gradient, 0);
      gd_game_destroy(game);
    }
}
END_TEST

START_TEST(has_the_traits_of_its_loss) {
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_game *game = create((gd_gan_loss)loss);
    const bool general = loss == GD_GAN_NON_SATURATING || loss == GD_GAN_KL;
    ck_assert_uint_eq(gd_game_traits(game), GD_THREAD_SAFE | (general ? 0 : GD_ZERO_SUM));
    ck_assert_uint_eq(gd_game_size(game), 2);
    ck_assert_uint_eq(gd_game_block_size(game, 0), 1);
    ck_assert_str_eq(gd_game_name(game), "nk_planar");
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(says_where_numbers_end) {
  gd_game *game = create(GD_GAN_LOGISTIC);
  double v[2];
  assert_fails(gd_game_gradient(game, (const double[]){1, 1e200}, v), GD_ERR_NONFINITE, "gradient[");
  gd_game_destroy(game);
}
END_TEST

START_TEST(refuses_what_makes_no_game) {
  gd_game *game = NULL;
  assert_fails(gd_model_nk_planar(NULL, GD_GAN_LOGISTIC, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_nk_planar(&game, (gd_gan_loss)-1, NULL), GD_ERR_ARGUMENT,
               "loss is -1, expected a gd_gan_loss, 0 to 4");
  assert_fails(gd_model_nk_planar(&game, GD_GAN_TV, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  ck_assert_ptr_null(game);
}
END_TEST

static gd_status create_and_use(const gd_env *env, void *argument) {
  gd_game *game = NULL;
  double x[2] = {1, 2}, v[2];
  (void)argument;
  GD_TRY(gd_model_nk_planar(&game, GD_GAN_LOGISTIC, env));
  const gd_status status = gd_game_gradient(game, x, v);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(create_and_use, NULL), 4); }
END_TEST

TEST_SUITE("nk_planar", known_values_of_the_logistic_game, known_values_under_the_penalty,
           the_wasserstein_game_has_its_closed_form_and_conserves_h, the_eigenvalues_of_figure_3,
           integrals_are_exact_near_and_far, passes_the_check_under_every_loss, has_the_traits_of_its_loss,
           says_where_numbers_end, refuses_what_makes_no_game, survives_every_refused_allocation)
