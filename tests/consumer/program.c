/* SPDX-License-Identifier: BSD-3-Clause */
/* program.c -- somebody else's C program: optimistic steps on a rotation reach its centre. */
#include <gamedyn/gamedyn.h>
#include <stdio.h>

int main(void) {
  const double C[1] = {1.0};
  double x[2] = {1.0, 1.0};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  gd_status status = gd_model_bilinear(&game, 1, 1, C, 1, NULL);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC);
  if (status == GD_OK) status = gd_stepper_set(stepper, GD_STEP_SIZE, 0.5);
  for (int k = 0; k < 100 && status == GD_OK; k++) status = gd_stepper_step(stepper, x);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  if (status != GD_OK) fprintf(stderr, "%s: %s\n", gd_status_name(status), gd_last_error());
  /* the rate of step size 1/2 is 1/sqrt 2, so 100 steps leave at most a few times 1e-15 */
  return status == GD_OK && gd_version() == GD_VERSION && x[0] * x[0] + x[1] * x[1] < 1e-24 ? 0 : 1;
}
