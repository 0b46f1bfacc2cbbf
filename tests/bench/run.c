/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c -- gd_run() beside as many bare steps, on v = -x. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 1000, TURNS = 15 };

typedef struct job {
  gd_stepper *stepper;
  double *x;
  size_t n, steps;
} job;

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const size_t n = *(const size_t *)data;
  (void)draw;
  for (size_t k = 0; k < n; k++) v[k] = -x[k];
  return 0;
}

static void run(void *context) {
  job *j = context;
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = j->steps;
  options.gradient_tolerance = 0; /* every rule off that asks for a gradient */
  must(gd_run(j->stepper, j->x, &options, NULL));
}

static void bare_steps(void *context) {
  job *j = context;
  for (size_t k = 0; k < j->steps; k++) must(gd_stepper_step(j->stepper, j->x));
}

static void compare(size_t n) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient};
  const gd_game_spec spec = {.struct_size = sizeof spec, .ops = &ops, .data = &n, .n_players = 1, .block_sizes = &n};
  job j = {.n = n, .steps = n < 100000 ? STEPS : STEPS / 4, .x = make_numbers(n, 1)};
  gd_game *game;
  must(gd_game_create(&game, &spec));
  must(gd_stepper_create_named(&j.stepper, game, GD_SIMULTANEOUS));
  must(gd_stepper_set(j.stepper, GD_STEP_SIZE, 1e-9));
  char prefix[40];
  snprintf(prefix, sizeof prefix, "run.%zu", n);
  const contender contenders[] = {{"run", run, &j}, {"bare", bare_steps, &j}};
  measure(prefix, SETTLED, TURNS, contenders, 2);
  gd_stepper_destroy(j.stepper);
  gd_game_destroy(game);
  free(j.x);
}

int main(void) {
  compare(10);
  compare(1000);
  compare(1000000);
  return EXIT_SUCCESS;
}
