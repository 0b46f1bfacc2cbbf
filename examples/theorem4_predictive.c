/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem4_predictive.c -- the predictive method converges on a bilinear game, and in how many steps.
 *
 * Liang & Stokes 2019, "Interaction Matters", Theorem 4: on min over theta, max over omega of
 * theta' C omega, C square of full rank, the method w = x + gamma v(x), x' = x + h v(w) with
 *
 *     h = gamma lambda_min / (lambda_max + gamma^2 lambda_max^2)
 *
 * comes from distance r to distance epsilon within
 * 2 (gamma^2 lambda_max^2 + lambda_max) / (gamma^2 lambda_min^2) log(r / epsilon) steps; lambda_min and
 * lambda_max are the extreme eigenvalues of C C'.  The bound is sharp, and for a fixed gamma it grows like
 * the fourth power of the condition number of C: on many games it asks for 10^7 steps and more.  The
 * exact worst case is found all the same, by repeated squaring; a measured run is cut at --steps. */
#include <gamedyn/gamedyn.h>

#include "support/claim.h"
#include "support/trial.h"

int main(int argc, char **argv) {
  common_options common = options_default();
  const usage_text usage = {
      .purpose = "Theorem 4 of Liang & Stokes 2019: the predictive method on a bilinear game.",
      .details = "Without --matrix the game is random: C uniform on [0, 1).  C must be square and of full rank.\n"
                 "The promise may be long: the measured run is cut at --steps, the exact worst case is not."};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_bilinear(&common);
  printf("Theorem 4, predictive, gamma = %g, on a %s\n", common.gamma, problem.words);
  const gd_game_constants constants = bilinear_constants(&problem);
  gd_guarantee guarantee;
  must(gd_guarantee_predictive(&guarantee, constants.lambda_min, constants.lambda_max, common.gamma));

  gd_stepper *stepper = new_stepper(problem.game, GD_PREDICTIVE, common.gamma);
  const int code = claim_test(&common, &problem, stepper, &guarantee);
  gd_stepper_destroy(stepper);
  problem_destroy(&problem);
  return code;
}
