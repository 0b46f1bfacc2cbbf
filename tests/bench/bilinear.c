/* SPDX-License-Identifier: BSD-3-Clause */
/* bilinear.c -- a step of a bilinear game beside two products by BLAS, beside reading C at all, and
 * beside itself on two threads; eight trajectories at once beside eight, one after the other. */
#include "measure.h"

#include "kernels/vector.h"

#include <cblas.h>
#include <gamedyn/gamedyn.h>
#include <stdio.h>
#include <stdlib.h>

#define TURNS 61
#define POINTS 8
#define STEP_SIZE 1e-3

typedef struct problem {
  size_t n; /* p = q */
  double *C, *x, *v, *X, *V;
  gd_game *game, *shared_game;
  gd_stepper *stepper, *shared_stepper;
  gd_thread_pool *pool;
} problem;

static void step(void *context) {
  problem *p = context;
  must(gd_stepper_step(p->stepper, p->x));
}

static void step_on_two_threads(void *context) {
  problem *p = context;
  must(gd_stepper_step(p->shared_stepper, p->x));
}

static void gradient_by_blas(const problem *p, const double *x, double *v) {
  const int n = (int)p->n;
  cblas_dgemv(CblasColMajor, CblasNoTrans, n, n, -1, p->C, n, x + p->n, 1, 0, v, 1);
  cblas_dgemv(CblasColMajor, CblasTrans, n, n, 1, p->C, n, x, 1, 0, v + p->n, 1);
}

static void two_products(void *context) {
  const problem *p = context;
  gradient_by_blas(p, p->x, p->v);
}

static void eight_by_blas(void *context) {
  const problem *p = context;
  for (size_t k = 0; k < POINTS; k++) gradient_by_blas(p, p->X + k * 2 * p->n, p->V + k * 2 * p->n);
}

static void eight_together(void *context) {
  problem *p = context;
  must(gd_game_gradient_many(p->game, POINTS, p->X, p->V));
}

/* One pass over C with next to no arithmetic, as wide as the processor allows. */
static void read_matrix(void *context) {
  const problem *p = context;
  p->v[0] = (double)gdi_vector_first_nonfinite(p->n * p->n, p->C);
}

static void make_problem(problem *p, size_t n) {
  *p = (problem){.n = n,
                 .C = make_numbers(n * n, 1),
                 .x = make_numbers(2 * n, 2),
                 .v = make_numbers(2 * n, 3),
                 .X = make_numbers(POINTS * 2 * n, 4),
                 .V = make_numbers(POINTS * 2 * n, 5)};
  for (size_t k = 0; k < n * n; k++) p->C[k] /= (double)n; /* so that x stays small for all steps of a benchmark */
  must(gd_thread_pool_create(&p->pool, 2));
  const gd_executor executor = gd_thread_pool_executor(p->pool);
  const gd_env env = {.struct_size = sizeof env, .executor = &executor};
  must(gd_model_bilinear(&p->game, n, n, p->C, n, NULL));
  must(gd_model_bilinear(&p->shared_game, n, n, p->C, n, &env));
  must(gd_stepper_create(&p->stepper, p->game, gd_method_find(GD_SIMULTANEOUS)));
  must(gd_stepper_create(&p->shared_stepper, p->shared_game, gd_method_find(GD_SIMULTANEOUS)));
  must(gd_stepper_set(p->stepper, GD_STEP_SIZE, STEP_SIZE));
  must(gd_stepper_set(p->shared_stepper, GD_STEP_SIZE, STEP_SIZE));
}

static void destroy_problem(problem *p) {
  gd_stepper_destroy(p->shared_stepper);
  gd_stepper_destroy(p->stepper);
  gd_game_destroy(p->shared_game);
  gd_game_destroy(p->game);
  gd_thread_pool_destroy(p->pool);
  free(p->C), free(p->x), free(p->v), free(p->X), free(p->V);
}

int main(void) {
  static const size_t sizes[] = {500, 1000, 2000};
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    problem p;
    char prefix[40];
    make_problem(&p, sizes[k]);
    snprintf(prefix, sizeof prefix, "bilinear.%zu", sizes[k]);
    const contender alone[] = {{"step", step, &p}, {"two_products", two_products, &p}, {"read", read_matrix, &p}};
    const contender threads[] = {{"step_alone", step, &p}, {"step_two_threads", step_on_two_threads, &p}};
    const contender points[] = {{"eight_together", eight_together, &p}, {"eight_by_blas", eight_by_blas, &p}};
    measure(prefix, SETTLED, TURNS, alone, 3);
    measure(prefix, ON_WALL, TURNS, threads, 2);
    measure(prefix, SETTLED, TURNS, points, 2);
    destroy_problem(&p);
  }
  return EXIT_SUCCESS;
}
