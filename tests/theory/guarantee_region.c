/* SPDX-License-Identifier: BSD-3-Clause */
/* guarantee_region.c -- a theorem promises something where its hypothesis is known wherever the run goes, and else says
 * why it does not. */
#include <gamedyn/guarantee.h>
#include <gamedyn/models.h>
#include <gamedyn/stepper.h>

#include "support/at_point.h"
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

/* The Dirac-GAN is bilinear at 0 and nowhere else: U = f(theta psi), U_tt = f'' psi^2. */
START_TEST(promises_nothing_for_games_that_are_bilinear_at_one_point) {
  static const char *const methods[] = {GD_OPTIMISTIC, GD_PREDICTIVE, GD_IMPLICIT, GD_CONSENSUS};
  gd_game *game = NULL;
  gd_game_constants at, around;
  gd_guarantee g = {.step_size = 7};
  const double origin2[2] = {0, 0};
  assert_ok(gd_model_dirac_gan(&game, 1, GD_GAN_LOGISTIC, NULL));
  assert_ok(constants_at(game, origin2, 0, 0, 0, &at));
  assert_ok(constants_at(game, origin2, 3, 50, 1, &around));
  ck_assert(at.flat && !at.bilinear && at.radius == 0 && at.gradient_norm == 0);
  ck_assert(!around.flat && !around.bilinear && around.radius == 3 && around.estimated);
  for (size_t k = 0; k < 4; k++) {
    assert_fails(gd_guarantee_compute(&g, methods[k], &at, 1), GD_ERR_HYPOTHESIS, "they need not be 0 everywhere");
    assert_fails(gd_guarantee_compute(&g, methods[k], &around, 1), GD_ERR_HYPOTHESIS, "A or B is not 0");
  }
  ck_assert(g.step_size == 7);
  gd_game_destroy(game);
}
END_TEST

/* C = diag(1, 2): lambda 1 and 4, on an affine game, so that the promise holds from any distance. */
START_TEST(promises_what_is_known_of_affine_games) {
  const double C[] = {1, 0, 0, 2}, x[4] = {0};
  gd_game *game = NULL;
  gd_game_constants c;
  gd_guarantee found, formula;
  double steps;
  assert_ok(gd_model_bilinear(&game, 2, 2, C, 2, NULL));
  assert_ok(constants_at(game, x, 0, 0, 0, &c));
  ck_assert(c.bilinear && c.flat && isinf(c.radius));
  assert_ok(gd_guarantee_compute(&found, "omd", &c, 0));
  assert_ok(gd_guarantee_optimistic(&formula, 1, 4));
  assert_close(found.step_size, formula.step_size, 1e-14, 0);
  assert_close(found.steps_factor, formula.steps_factor, 1e-14, 0);
  ck_assert(isinf(found.radius) && !found.estimated);
  assert_ok(gd_guarantee_steps(&found, 1e6, 1, &steps));
  assert_ok(gd_guarantee_compute(&found, GD_CONSENSUS, &c, 0.5));
  assert_ok(gd_guarantee_consensus(&formula, 1, 4, 0.5));
  assert_close(found.step_size, formula.step_size, 1e-14, 0);
  assert_fails(gd_guarantee_compute(&found, GD_CONSENSUS, &c, 0), GD_ERR_ARGUMENT, "gamma is 0");
  assert_fails(gd_guarantee_compute(&found, GD_SIMULTANEOUS, &c, 0), GD_ERR_HYPOTHESIS, "strongly convex-concave");
  assert_fails(gd_guarantee_compute(&found, GD_EXTRAGRADIENT, &c, 0), GD_ERR_HYPOTHESIS, "no theorem about");
  assert_fails(gd_guarantee_compute(&found, "newton", &c, 0), GD_ERR_NAME, "there is no method \"newton\"");
  assert_fails(gd_guarantee_compute(&found, NULL, &c, 0), GD_ERR_ARGUMENT, "method is NULL");
  gd_game_destroy(game);
}
END_TEST

/* The curved game is strongly convex-concave around its equilibrium.  At one point nothing is known of a ball, and in a
 * ball nothing of what is outside; a ball around another point is none around the equilibrium. */
START_TEST(theorem_1_holds_within_its_ball) {
  const test_game kind = curved_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_game_constants c;
  gd_guarantee g;
  double x[5], steps;
  assert_ok(gd_game_solution(game, x));
  assert_ok(constants_at(game, x, 0, 0, 0, &c));
  assert_fails(gd_guarantee_compute(&g, GD_SIMULTANEOUS, &c, 0), GD_ERR_HYPOTHESIS, "these are for one point");
  assert_ok(constants_at(game, x, 0.25, 100, 2, &c));
  assert_ok(gd_guarantee_compute(&g, GD_SIMULTANEOUS, &c, 0));
  ck_assert(g.estimated && g.radius == 0.25);
  assert_ok(gd_guarantee_steps(&g, 0.25, 1e-3, &steps));
  assert_fails(gd_guarantee_steps(&g, 0.26, 1e-3, &steps), GD_ERR_HYPOTHESIS, "expected at most 0.25");
  x[0] += 0.1;
  assert_ok(constants_at(game, x, 0.25, 100, 2, &c));
  assert_fails(gd_guarantee_compute(&g, GD_SIMULTANEOUS, &c, 0), GD_ERR_HYPOTHESIS, "around an equilibrium");
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("guarantee_region", promises_nothing_for_games_that_are_bilinear_at_one_point,
           promises_what_is_known_of_affine_games, theorem_1_holds_within_its_ball)
