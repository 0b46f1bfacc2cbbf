/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem3_optimistic.c -- optimistic gradients converge on a bilinear game, and in how many steps.
 *
 * Liang & Stokes 2019, "Interaction Matters", Theorem 3: on min over theta, max over omega of
 * theta' C omega, C square of full rank, the method x' = x + 2 h v(x) - h v(previous x) with
 *
 *     h = 1 / (2 sqrt(2 lambda_max))
 *
 * comes from distance r to distance epsilon within 16 (lambda_max / lambda_min) log(4 sqrt(2) r / epsilon)
 * steps; lambda_min and lambda_max are the extreme eigenvalues of C C'. */
#include <gamedyn/gamedyn.h>

#include "support/claim.h"
#include "support/trial.h"

int main(int argc, char **argv) {
  common_options common = options_default();
  const usage_text usage = {
      .purpose = "Theorem 3 of Liang & Stokes 2019: optimistic gradients on a bilinear game.",
      .details = "Without --matrix the game is random: C uniform on [0, 1).  C must be square and of full rank."};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_bilinear(&common);
  printf("Theorem 3, optimistic, on a %s\n", problem.words);
  const gd_game_constants constants = bilinear_constants(&problem);
  gd_guarantee guarantee;
  must(gd_guarantee_optimistic(&guarantee, constants.lambda_min, constants.lambda_max));

  gd_stepper *stepper = new_stepper(problem.game, GD_OPTIMISTIC, common.gamma);
  const int code = claim_test(&common, &problem, stepper, &guarantee);
  gd_stepper_destroy(stepper);
  problem_destroy(&problem);
  return code;
}
