/* SPDX-License-Identifier: BSD-3-Clause */
/* What tests of runs begin with: a stepper on a game of its own whose steps are known in closed form.
 *
 * v = -x, where step size 1/2 halves x exactly; and the rotation, where each step of size h multiplies |x| by
 * sqrt(1 + h^2). */
#ifndef TEST_RUNS_H
#define TEST_RUNS_H

#include <gamedyn/run.h>

#include "support/games.h"
#include "support/suite.h"

/* A stepper of this method on a game of this kind; the game goes with release_steps(). */
static inline gd_stepper *steps_of(const test_game *kind, const char *method, double step_size) {
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, create_test_game(kind, NULL), method));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, step_size));
  return stepper;
}

static inline void release_steps(gd_stepper *stepper) {
  gd_game *game = gd_stepper_game(stepper);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}

static inline gd_stepper *halving_steps(void) {
  const test_game kind = noisy_game(); /* exact unless configured otherwise */
  return steps_of(&kind, GD_SIMULTANEOUS, 0.5);
}

static inline gd_stepper *rotating_steps(double step_size) {
  const test_game kind = rotation_game();
  return steps_of(&kind, GD_SIMULTANEOUS, step_size);
}

/* Options with every rule off but the number of steps. */
static inline gd_run_options only_steps(uint64_t steps) {
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = steps;
  options.gradient_tolerance = 0;
  return options;
}

#endif
