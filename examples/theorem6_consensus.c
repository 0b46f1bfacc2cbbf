/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem6_consensus.c -- consensus optimisation converges on a bilinear game, and in how many steps.
 *
 * Liang & Stokes 2019, "Interaction Matters", Theorem 6: on min over theta, max over omega of
 * theta' C omega, C square of full rank, simultaneous steps of size
 *
 *     h = gamma lambda_min / (lambda_max + gamma^2 lambda_max^2)
 *
 * along the consensus field v - gamma J'v come from distance r to distance epsilon within
 * 2 (gamma^2 lambda_max^2 + lambda_max) / (gamma^2 lambda_min^2) log(r / epsilon) steps; lambda_min and
 * lambda_max are the extreme eigenvalues of C C'.  On bilinear games the iteration is that of the predictive
 * method, and so are the promise and its length (see theorem4_predictive.c). */
#include <gamedyn/gamedyn.h>

#include "support/claim.h"
#include "support/trial.h"

int main(int argc, char **argv) {
  common_options common = options_default();
  const usage_text usage = {
      .purpose = "Theorem 6 of Liang & Stokes 2019: consensus optimisation on a bilinear game.",
      .details = "Without --matrix the game is random: C uniform on [0, 1).  C must be square and of full rank.\n"
                 "The promise may be long: the measured run is cut at --steps, the exact worst case is not."};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_bilinear(&common);
  printf("Theorem 6, consensus, gamma = %g, on a %s\n", common.gamma, problem.words);
  const gd_game_constants constants = bilinear_constants(&problem);
  gd_guarantee guarantee;
  must(gd_guarantee_consensus(&guarantee, constants.lambda_min, constants.lambda_max, common.gamma));

  gd_stepper *stepper = new_stepper(problem.game, GD_CONSENSUS, common.gamma);
  const int code = claim_test(&common, &problem, stepper, &guarantee);
  gd_stepper_destroy(stepper);
  problem_destroy(&problem);
  return code;
}
