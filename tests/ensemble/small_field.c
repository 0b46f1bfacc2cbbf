/* SPDX-License-Identifier: BSD-3-Clause */
/* small_field.c -- members side by side tell rest from a small field as they would alone. */
#include "ensemble/members.h"

/* v = -x exp(-|x|^2), in two variables: close to rest where x is small, a small field where x is large. */
static int bump(void *data, const gd_draw *draw, const double *x, double *v) {
  const double height = exp(-x[0] * x[0] - x[1] * x[1]);
  (void)data, (void)draw;
  for (int k = 0; k < 2; k++) v[k] = -x[k] * height;
  return 0;
}

static int project_on_box(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 2; k++) x[k] = fmin(fmax(x[k], -9), 9);
  return 0;
}

/* |x| = 1e-9, 2, 7 and 1e-300 in turn, x0 = x1: for |x| = 7 the field is 7 exp(-49) = 4e-21, and ahead, at
 * 7 (1 - 0.618) = 2.67, it is 2.67 exp(-7.15) = 2.1e-3, both below 1e-2.  For |x| = 2 it is 2 exp(-4) = 3.7e-2. */
static gd_status prepare_near_and_far(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  static const double sizes[] = {1e-9, 2, 7, 1e-300};
  (void)context, (void)rng;
  x[0] = x[1] = sizes[member % 4] / sqrt(2);
  return gd_stepper_set(stepper, GD_STEP_SIZE, 0.5);
}

static gd_ensemble *run_members(bool boxed, size_t lanes) {
  const test_game kind = {
      .ops = {.struct_size = sizeof kind.ops, .gradient = bump, .project = boxed ? project_on_box : NULL},
      .n_players = 1,
      .block_sizes = {2},
      .traits = boxed ? GD_BOX : 0};
  gd_game *game = create_test_game(&kind, NULL);
  gd_run_options run = member_steps(60);
  run.gradient_tolerance = 1e-2;
  gd_ensemble_options options = member_options(11, &run);
  options.prepare = prepare_near_and_far;
  options.lanes = lanes;
  gd_ensemble *ensemble = ensemble_of(game, GD_SIMULTANEOUS, &options);
  gd_game_destroy(game);
  return ensemble;
}

START_TEST(lanes_tell_a_small_field_as_single_runs_do) {
  for (int boxed = 0; boxed < 2; boxed++) {
    gd_ensemble *alone = run_members(boxed, 1);
    ck_assert_uint_eq(gd_ensemble_stopped(alone, GD_STOP_SMALL_FIELD), 3); /* members 2, 6 and 10 */
    ck_assert_uint_eq(gd_ensemble_stopped(alone, GD_STOP_GRADIENT), 8);
    for (size_t lanes = 2; lanes <= 16; lanes *= 2) {
      gd_ensemble *together = run_members(boxed, lanes);
      assert_same_ensembles(together, alone, 2, true);
      gd_ensemble_destroy(together);
    }
    gd_ensemble_destroy(alone);
  }
}
END_TEST

TEST_SUITE("small_field", lanes_tell_a_small_field_as_single_runs_do)
