/* SPDX-License-Identifier: BSD-3-Clause */
/* dirac_gan.c -- the Dirac-GAN under all its losses: closed forms, circles, and the consensus field with its right
 * coefficient. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/derive.h>
#include <gamedyn/models.h>
#include <gamedyn/rng.h>

enum { LOSSES = GD_GAN_TV + 1 };

static gd_game *create(size_t dimension, gd_gan_loss loss) {
  gd_game *game = NULL;
  assert_ok(gd_model_dirac_gan(&game, dimension, loss, NULL));
  return game;
}

static bool is_zero_sum(gd_gan_loss loss) { return loss != GD_GAN_NON_SATURATING && loss != GD_GAN_KL; }

/* f(s), f'(s), g(s), g'(s), written down again */
static void closed_form(gd_gan_loss loss, double s, double f[2], double g[2]) {
  const double logistic[2] = {-log(1 + exp(-s)), 1 / (1 + exp(s))}, swapped[2] = {log(1 + exp(s)), 1 / (1 + exp(-s))};
  const double line[2] = {s, 1}, tangent[2] = {tanh(s), 1 - tanh(s) * tanh(s)};
  const double *const fs[LOSSES] = {logistic, line, logistic, logistic, tangent};
  const double *const gs[LOSSES] = {logistic, line, swapped, line, tangent};
  memcpy(f, fs[loss], 2 * sizeof *f);
  memcpy(g, gs[loss], 2 * sizeof *g);
}

/* v = (-g' psi, f' theta), u_1 = f(s) + f(0), u_0 = -u_1 or -g(s) */
START_TEST(gradient_and_utilities_have_their_closed_forms) {
  static const double points[][2] = {{0.5, -1.5}, {2, 1}, {-0.25, -3}, {0, 4}, {1, 1}};
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_game *game = create(1, (gd_gan_loss)loss);
    for (size_t k = 0; k < sizeof points / sizeof *points; k++) {
      const double theta = points[k][0], psi = points[k][1];
      double f[2], g[2], at_0[2], unused[2], v[2], own, u[2], du[2];
      closed_form((gd_gan_loss)loss, theta * psi, f, g);
      closed_form((gd_gan_loss)loss, 0, at_0, unused);
      assert_ok(gd_game_gradient(game, points[k], v));
      assert_close(v[0], -g[1] * psi, 1e-14, 0);
      assert_close(v[1], f[1] * theta, 1e-14, 0);
      for (size_t player = 0; player < 2; player++) {
        assert_ok(gd_game_player_gradient(game, player, points[k], &own));
        ck_assert(own == v[player]);
      }
      assert_ok(gd_game_utilities(game, points[k], u));
      assert_close(u[1], f[0] + at_0[0], 1e-14, 1e-15);
      assert_close(u[0], is_zero_sum((gd_gan_loss)loss) ? -u[1] : -g[0], 1e-14, 1e-15);
      assert_ok(gd_game_utility_gradient(game, 0, points[k], du));
      assert_close(du[1], -g[1] * theta, 1e-14, 0);
      assert_ok(gd_game_utility_gradient(game, 1, points[k], du));
      assert_close(du[0], f[1] * psi, 1e-14, 0);
    }
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(passes_the_check_under_every_loss_in_any_dimension) {
  static const double x[10] = {0.3, -0.7, 0.9, 0.2, -0.4, 0.8, 1.1, -0.6, 0.1, 0.5};
  for (int loss = 0; loss < LOSSES; loss++)
    for (size_t dimension = 1; dimension <= 5; dimension += 2) {
      gd_game *game = create(dimension, (gd_gan_loss)loss);
      gd_game_check_report report;
      assert_ok(gd_game_check(game, x, 3, &report));
      ck_assert_double_ge(report.jvp_many_vs_jvp, 0);
      ck_assert_double_ge(report.gradient_many_vs_gradient, 0);
      ck_assert_double_ge(report.jacobian_vs_jvp, 0);
      ck_assert_double_ge(report.vjp_vs_jvp, 0);
      ck_assert_double_ge(report.player_gradient_vs_gradient, 0);
      ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
      gd_game_destroy(game);
    }
}
END_TEST

/* J = [[0, -g'(0) I], [f'(0) I, 0]], so that eigenvalues are +-i sqrt(f'(0) g'(0)); f'(0) = 1/2 for logistic ones. */
START_TEST(turns_about_its_equilibrium) {
  static const double slopes[LOSSES][2] = {{0.5, 0.5}, {1, 1}, {0.5, 0.5}, {0.5, 1}, {1, 1}}; /* f'(0), g'(0) */
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_game *game = create(2, (gd_gan_loss)loss);
    double x[4] = {9, 9, 9, 9}, J[16];
    assert_ok(gd_game_solution(game, x));
    for (int k = 0; k < 4; k++) ck_assert(x[k] == 0);
    assert_ok(gd_game_jacobian(game, x, J, 4));
    for (int j = 0; j < 4; j++)
      for (int i = 0; i < 4; i++)
        ck_assert(J[i + 4 * j] == (i == j + 2 ? slopes[loss][0] : j == i + 2 ? -slopes[loss][1] : 0));
    gd_game_destroy(game);
  }
}
END_TEST

/* <x, v> = s (f' - g') = 0 if g = f, so that |x + h v|^2 = (1 + h^2 f'(s)^2) |x|^2: steps leave every circle. */
START_TEST(steps_leave_circles_outwards) {
  const double h = 0.3;
  for (int loss = 0; loss < LOSSES; loss++) {
    if (!is_zero_sum((gd_gan_loss)loss)) continue;
    gd_game *game = create(3, (gd_gan_loss)loss);
    for (uint64_t seed = 0; seed < 200; seed++) {
      gd_rng rng = gd_rng_make(seed, 0);
      double x[6], v[6], f[2], g[2], across, before = 0, after = 0;
      gd_rng_fill_normal(&rng, 6, x);
      assert_ok(gd_game_gradient(game, x, v));
      assert_ok(gd_game_dot(game, x, v, &across));
      closed_form((gd_gan_loss)loss, x[0] * x[3] + x[1] * x[4] + x[2] * x[5], f, g);
      for (int k = 0; k < 6; k++) {
        before += x[k] * x[k];
        after += (x[k] + h * v[k]) * (x[k] + h * v[k]);
      }
      assert_close(across, 0, 0, 1e-15 * before);
      assert_close(after, (1 + h * h * f[1] * f[1]) * before, 1e-14, 0);
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* Logistic: |v|^2 / 2 = r^2 f'(s)^2 / 2 with r = |x|, whose gradient is f'^2 x + r^2 f' f'' (psi, theta), where
 * f'' = -f' (1 - f').  (A published program has half of the second term.) */
START_TEST(its_consensus_field_has_both_terms_in_full) {
  gd_game *game = create(2, GD_GAN_LOGISTIC), *consensus;
  const double gamma = 0.7;
  assert_ok(gd_derive_consensus(&consensus, game, gamma));
  for (uint64_t seed = 0; seed < 200; seed++) {
    gd_rng rng = gd_rng_make(seed, 0);
    double x[4], v[4], field[4], square = 0;
    gd_rng_fill_normal(&rng, 4, x);
    for (int k = 0; k < 4; k++) square += x[k] * x[k];
    const double slope = 1 / (1 + exp(x[0] * x[2] + x[1] * x[3])), curvature = -slope * (1 - slope);
    assert_ok(gd_game_gradient(game, x, v));
    assert_ok(gd_game_gradient(consensus, x, field));
    for (int k = 0; k < 4; k++) {
      const double pull = slope * slope * x[k] + square * slope * curvature * x[(k + 2) % 4];
      assert_close(field[k], v[k] - gamma * pull, 1e-13, 1e-14);
    }
  }
  gd_game_destroy(consensus);
  gd_game_destroy(game);
}
END_TEST

/* At s = -+800: f' is 1 and e^-800, which is 0; nothing overflows on the way. */
START_TEST(stays_finite_far_away) {
  gd_game *game = create(1, GD_GAN_LOGISTIC);
  double v[2], J[4], u[2];
  const double low[2] = {-20, 40}, high[2] = {20, 40};
  assert_ok(gd_game_gradient(game, low, v));
  ck_assert(v[0] == -40 && v[1] == -20);
  assert_ok(gd_game_utilities(game, low, u));
  assert_close(u[1], -800 - log(2), 1e-15, 0);
  assert_ok(gd_game_gradient(game, high, v));
  assert_close(v[0], 0, 0, 1e-300);
  assert_ok(gd_game_jacobian(game, high, J, 2));
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_game *other = create(1, (gd_gan_loss)loss);
    assert_ok(gd_game_jacobian(other, low, J, 2));
    assert_ok(gd_game_jacobian(other, high, J, 2));
    assert_ok(gd_game_utilities(other, high, u));
    gd_game_destroy(other);
  }
  gd_game_destroy(game);
}
END_TEST

START_TEST(has_the_traits_of_its_loss) {
  static const uint32_t traits[LOSSES] = {GD_ZERO_SUM, GD_ZERO_SUM | GD_AFFINE, 0, 0, GD_ZERO_SUM};
  for (int loss = 0; loss < LOSSES; loss++) {
    gd_game *game = create(4, (gd_gan_loss)loss);
    ck_assert_uint_eq(gd_game_traits(game), traits[loss] | GD_THREAD_SAFE);
    ck_assert_uint_eq(gd_game_players(game), 2);
    ck_assert_uint_eq(gd_game_block_size(game, 0), 4);
    ck_assert_uint_eq(gd_game_block_size(game, 1), 4);
    ck_assert_str_eq(gd_game_name(game), "dirac_gan");
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(refuses_what_makes_no_game) {
  gd_game *game = NULL;
  assert_fails(gd_model_dirac_gan(NULL, 1, GD_GAN_LOGISTIC, NULL), GD_ERR_ARGUMENT, "game is NULL");
  assert_fails(gd_model_dirac_gan(&game, 0, GD_GAN_LOGISTIC, NULL), GD_ERR_ARGUMENT, "dimension is 0, expected 1 to ");
  assert_fails(gd_model_dirac_gan(&game, SIZE_MAX, GD_GAN_LOGISTIC, NULL), GD_ERR_ARGUMENT, "dimension is ");
  assert_fails(gd_model_dirac_gan(&game, 1, (gd_gan_loss)5, NULL), GD_ERR_ARGUMENT,
               "loss is 5, expected a gd_gan_loss, 0 to 4");
  assert_fails(gd_model_dirac_gan(&game, 1, GD_GAN_TV, &(gd_env){0}), GD_ERR_STRUCT, "gd_env");
  ck_assert_ptr_null(game);
}
END_TEST

static gd_status create_and_use(const gd_env *env, void *argument) {
  gd_game *game = NULL;
  double x[4] = {1, 2, 3, 4}, v[4];
  (void)argument;
  GD_TRY(gd_model_dirac_gan(&game, 2, GD_GAN_LOGISTIC, env));
  const gd_status status = gd_game_gradient(game, x, v);
  gd_game_destroy(game);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(create_and_use, NULL), 4); }
END_TEST

TEST_SUITE("dirac_gan", gradient_and_utilities_have_their_closed_forms,
           passes_the_check_under_every_loss_in_any_dimension, turns_about_its_equilibrium,
           steps_leave_circles_outwards, its_consensus_field_has_both_terms_in_full, stays_finite_far_away,
           has_the_traits_of_its_loss, refuses_what_makes_no_game, survives_every_refused_allocation)
