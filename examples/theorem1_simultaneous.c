/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem1_simultaneous.c -- simultaneous gradients converge on a strongly convex-concave game.
 *
 * Liang & Stokes 2019, "Interaction Matters", Theorem 1: on min over theta, max over omega of
 * theta' A theta / 2 - omega' B omega / 2 + theta' C omega, A and B positive definite, x' = x + h v(x) with
 *
 *     h = sqrt(alpha) / beta
 *
 * comes from distance r to distance epsilon within 2 (beta / alpha) log(r / epsilon) steps; alpha is the least
 * eigenvalue of diag(A^2, B^2), beta the greatest of M M', M = [A C; -C' B] = -J. */
#include <gamedyn/gamedyn.h>

#include "support/claim.h"
#include "support/rates_of.h"
#include "support/trial.h"

int main(int argc, char **argv) {
  common_options common = options_default();
  const usage_text usage = {
      .purpose = "Theorem 1 of Liang & Stokes 2019: simultaneous gradients on a strongly convex-concave game.",
      .details =
          "Without files the game is random: C uniform on [0, 1), A and B of the form I + G G'/p, G standard normal.\n"
          "A and B must be symmetric and positive definite; a file left out is a zero matrix."};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_quadratic(&common);
  printf("Theorem 1, simultaneous, on a %s\n", problem.words);
  gd_game_constants constants;
  gd_linearisation *at = new_linearisation(problem.game, problem.equilibrium);
  must(gd_game_constants_compute(at, 0.0, 0, 0, &constants));
  print_constant("alpha", constants.alpha, "least eigenvalue of diag(A^2, B^2)");
  print_constant("beta", constants.beta, "greatest eigenvalue of M M'");
  gd_guarantee guarantee;
  must(gd_guarantee_simultaneous(&guarantee, constants.alpha, constants.beta));

  gd_stepper *stepper = new_stepper(problem.game, GD_SIMULTANEOUS, common.gamma);
  const int code = claim_test(&common, &problem, stepper, &guarantee);
  gd_stepper_destroy(stepper);
  gd_linearisation_destroy(at);
  problem_destroy(&problem);
  return code;
}
