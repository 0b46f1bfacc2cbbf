/* SPDX-License-Identifier: BSD-3-Clause */
/* small.c -- one step of a game of five variables, beside its callback alone: what the library adds. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <stdlib.h>

#define N 5
#define TURNS 61
#define STEP_SIZE 1e-9

/* v = M x, unrolled by the compiler: as cheap as a callback can be. */
static double matrix[N * N];

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  for (size_t i = 0; i < N; i++) v[i] = 0;
  for (size_t j = 0; j < N; j++)
    for (size_t i = 0; i < N; i++) v[i] += matrix[i + N * j] * x[j];
  return 0;
}

/* Called through a pointer the compiler cannot see through, as the library does. */
static int (*volatile callback)(void *data, const gd_draw *draw, const double *x, double *v) = gradient;

typedef struct problem {
  double x[N], v[N];
  gd_stepper *stepper;
} problem;

/* A thousand at once: a clock and a loop cost as much as one step. */
static void call_back(void *context) {
  problem *p = context;
  for (int k = 0; k < 1000; k++) callback(NULL, NULL, p->x, p->v);
}

static void step(void *context) {
  problem *p = context;
  for (int k = 0; k < 1000; k++) must(gd_stepper_step(p->stepper, p->x));
}

int main(void) {
  double *numbers = make_numbers(N * N, 1);
  for (size_t k = 0; k < N * N; k++) matrix[k] = numbers[k];
  free(numbers);
  const size_t blocks[] = {2, 3};
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient};
  const gd_game_spec spec = {.struct_size = sizeof spec, .ops = &ops, .n_players = 2, .block_sizes = blocks};
  gd_game *game;
  must(gd_game_create(&game, &spec));
  problem plain = {.x = {1, 2, 3, 4, 5}}, optimistic = plain;
  must(gd_stepper_create(&plain.stepper, game, gd_method_find(GD_SIMULTANEOUS)));
  must(gd_stepper_create(&optimistic.stepper, game, gd_method_find(GD_OPTIMISTIC)));
  must(gd_stepper_set(plain.stepper, GD_STEP_SIZE, STEP_SIZE));
  must(gd_stepper_set(optimistic.stepper, GD_STEP_SIZE, STEP_SIZE));
  const contender contenders[] = {
      {"callback", call_back, &plain}, {"simultaneous", step, &plain}, {"optimistic", step, &optimistic}};
  measure("small.thousand", SETTLED, TURNS, contenders, 3);
  gd_stepper_destroy(plain.stepper);
  gd_stepper_destroy(optimistic.stepper);
  gd_game_destroy(game);
  return EXIT_SUCCESS;
}
