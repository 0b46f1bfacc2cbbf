/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem5_implicit.c -- implicit steps converge on a bilinear game, and in how many steps.
 *
 * Liang & Stokes 2019, "Interaction Matters", Theorem 5: on min over theta, max over omega of
 * theta' C omega, C square of full rank, the method x' = x + h v(x') with
 *
 *     h = 1 / sqrt(lambda_max)
 *
 * comes from distance r to distance epsilon within (2 + sqrt(2)) (lambda_max / lambda_min) log(r / epsilon)
 * steps; lambda_min and lambda_max are the extreme eigenvalues of C C'.  Every step size converges, and the
 * larger the faster, so there is no fastest one. */
#include <gamedyn/gamedyn.h>

#include "support/claim.h"
#include "support/trial.h"

int main(int argc, char **argv) {
  common_options common = options_default();
  const usage_text usage = {
      .purpose = "Theorem 5 of Liang & Stokes 2019: implicit steps on a bilinear game.",
      .details = "Without --matrix the game is random: C uniform on [0, 1).  C must be square and of full rank."};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_bilinear(&common);
  printf("Theorem 5, implicit, on a %s\n", problem.words);
  const gd_game_constants constants = bilinear_constants(&problem);
  gd_guarantee guarantee;
  must(gd_guarantee_implicit(&guarantee, constants.lambda_min, constants.lambda_max));

  gd_stepper *stepper = new_stepper(problem.game, GD_IMPLICIT, common.gamma);
  const int code = claim_test(&common, &problem, stepper, &guarantee);
  gd_stepper_destroy(stepper);
  problem_destroy(&problem);
  return code;
}
