/* SPDX-License-Identifier: BSD-3-Clause */
/* cycles.c -- a run that goes in circles, or outwards, is never said to have arrived, however short its steps. */
#include "laws/every.h"

#include <gamedyn/run.h>

/* A run on the rotation from (1, 0) with the default rules. */
static gd_run_result run_on_rotation(const char *method, double step_size) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  gd_run_result result;
  double x[2] = {1, 0};
  assert_ok(gd_stepper_create_named(&stepper, game, method));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, step_size));
  assert_ok(gd_run(stepper, x, NULL, &result));
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return result;
}

/* 10000 steps multiply |x| by (1 + h^2)^5000: beyond the default 1e12 for h = 0.1 (e^49.8 = 4e21) but not 0.05. */
START_TEST(simultaneous_play_diverges_or_runs_out_of_steps) {
  ck_assert_int_eq(run_on_rotation(GD_SIMULTANEOUS, 0.1).stop, GD_STOP_DIVERGED);
  for (double h = 0.05; h > 1e-12; h /= 10) {
    const gd_run_result result = run_on_rotation(GD_SIMULTANEOUS, h);
    ck_assert_int_eq(result.stop, GD_STOP_STEPS);
    assert_close(result.x_norm, pow(1 + h * h, 5000), 1e-9, 0);
  }
}
END_TEST

/* On the invariant ellipse x^2 + y^2 - h x y = 1, |x|^2 is between 1/(1 + h/2) and 1/(1 - h/2). */
START_TEST(alternating_play_runs_out_of_steps) {
  for (double h = 1; h > 1e-12; h /= 10) {
    const gd_run_result result = run_on_rotation(GD_ALTERNATING, h);
    ck_assert_int_eq(result.stop, GD_STOP_STEPS);
    ck_assert(result.x_norm * result.x_norm > (1 - 1e-9) / (1 + h / 2));
    ck_assert(result.x_norm * result.x_norm < (1 + 1e-9) / (1 - h / 2));
  }
}
END_TEST

/* While what contracts does arrive, and says so. */
START_TEST(contracting_methods_arrive) {
  ck_assert_int_eq(run_on_rotation(GD_OPTIMISTIC, 0.5).stop, GD_STOP_GRADIENT);
  ck_assert_int_eq(run_on_rotation(GD_EXTRAGRADIENT, 0.5).stop, GD_STOP_GRADIENT);
  ck_assert_int_eq(run_on_rotation(GD_IMPLICIT, 1).stop, GD_STOP_GRADIENT);
}
END_TEST

TEST_SUITE("cycles", simultaneous_play_diverges_or_runs_out_of_steps, alternating_play_runs_out_of_steps,
           contracting_methods_arrive)
