/* SPDX-License-Identifier: BSD-3-Clause */
/* update.c -- the optimistic update alone, beside the calls to BLAS it replaces:
 *
 *     x += 2 h v;  x -= h previous;  previous = v      three passes
 *     x += h (2 v - previous), exchange pointers       one
 *
 * And the updates of Adam and RMSProp, by a stepper, beside one loop over bare arrays that does the same in place. */
#include "measure.h"

#include "kernels/vector.h"

#include <cblas.h>
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TURNS 61
#define STEP_SIZE 1e-12

typedef struct problem {
  size_t n;
  double *x, *v, *previous;
} problem;

static void one_pass(void *context) {
  problem *p = context;
  gdi_vector_extrapolate(p->n, STEP_SIZE, 2, p->v, 1, p->previous, p->x);
  double *const v = p->v;
  p->v = p->previous;
  p->previous = v;
}

static void three_passes(void *context) {
  const problem *p = context;
  cblas_daxpy((int)p->n, 2 * STEP_SIZE, p->v, 1, p->x, 1);
  cblas_daxpy((int)p->n, -STEP_SIZE, p->previous, 1, p->x, 1);
  cblas_dcopy((int)p->n, p->v, 1, p->previous, 1);
}

/* ---- scaled updates ---- */

typedef struct scaled {
  size_t n;
  gd_game *game;
  gd_stepper *stepper;
  double *x, *v, *mean, *square;
} scaled;

static int no_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw, (void)x, (void)v;
  return 0;
}

static void by_stepper(void *context) {
  scaled *p = context;
  must(gd_stepper_finish(p->stepper, p->x, p->v));
}

#if defined(__x86_64__)
#define FOR_EACH_CPU __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3")))
#else
#define FOR_EACH_CPU
#endif

FOR_EACH_CPU static void adam(size_t n, const double *restrict v, double *restrict mean, double *restrict square,
                              double *restrict x) {
  for (size_t k = 0; k < n; k++) {
    mean[k] = 0.9 * mean[k] + 0.1 * v[k];
    square[k] = 0.999 * square[k] + 0.001 * v[k] * v[k];
    x[k] += STEP_SIZE * (mean[k] / (sqrt(square[k]) + 1e-8));
  }
}

FOR_EACH_CPU static void rmsprop(size_t n, const double *restrict v, double *restrict square, double *restrict x) {
  for (size_t k = 0; k < n; k++) {
    square[k] = 0.9 * square[k] + 0.1 * v[k] * v[k];
    x[k] += STEP_SIZE * (v[k] / sqrt(square[k] + 1e-10));
  }
}

static void adam_loop(void *context) {
  const scaled *p = context;
  adam(p->n, p->v, p->mean, p->square, p->x);
}

static void rmsprop_loop(void *context) {
  const scaled *p = context;
  rmsprop(p->n, p->v, p->square, p->x);
}

static void compare_scaled(size_t n, const char *scaling, void (*loop)(void *context)) {
  const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = no_gradient};
  const gd_game_spec spec = {.struct_size = sizeof spec, .ops = &ops, .n_players = 1, .block_sizes = &n};
  scaled p = {n, NULL, NULL, make_numbers(n, 1), make_numbers(n, 2), make_numbers(n, 3), make_numbers(n, 4)};
  for (size_t k = 0; k < n; k++) p.square[k] = fabs(p.square[k]);
  must(gd_game_create(&p.game, &spec));
  must(gd_stepper_create_named(&p.stepper, p.game, GD_SIMULTANEOUS));
  must(gd_stepper_set_scaling(p.stepper, scaling));
  must(gd_stepper_set(p.stepper, GD_STEP_SIZE, STEP_SIZE));
  char prefix[40];
  snprintf(prefix, sizeof prefix, "update.%zu.%s", n, scaling);
  const contender contenders[] = {{"stepper", by_stepper, &p}, {"loop", loop, &p}};
  measure(prefix, SETTLED, TURNS, contenders, 2);
  gd_stepper_destroy(p.stepper);
  gd_game_destroy(p.game);
  free(p.x), free(p.v), free(p.mean), free(p.square);
}

int main(void) {
  static const size_t scaled_lengths[] = {10000, 4000000};
  for (size_t k = 0; k < 2; k++) {
    compare_scaled(scaled_lengths[k], GD_SCALING_ADAM, adam_loop);
    compare_scaled(scaled_lengths[k], GD_SCALING_RMSPROP, rmsprop_loop);
  }
  for (size_t n = 1000; n <= 10000000; n *= 10) {
    problem p = {n, make_numbers(n, 1), make_numbers(n, 2), make_numbers(n, 3)};
    char prefix[40];
    snprintf(prefix, sizeof prefix, "update.%zu", n);
    const contender contenders[] = {{"one_pass", one_pass, &p}, {"blas", three_passes, &p}};
    measure(prefix, SETTLED, n < 10000000 ? TURNS : TURNS / 6, contenders, 2);
    free(p.x), free(p.v), free(p.previous);
  }
  return EXIT_SUCCESS;
}
