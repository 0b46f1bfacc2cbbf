/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit_krylov.c -- a matrix-free implicit step of a bilinear game, h sigma = 1, beside a fresh LU of I - h J and
 * the solution with it; peer_scipy.py solves the same system by scipy's gmres to the same tolerance. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 2000 /* p = q */
#define N (2 * SIDE)

typedef struct problem {
  gd_stepper *stepper;
  double *start, *x, *A, *factors;
  int *pivots;
} problem;

static void step(void *context) {
  problem *p = context;
  memcpy(p->x, p->start, N * sizeof *p->x);
  must(gd_stepper_step(p->stepper, p->x));
}

static void fresh_lu(void *context) {
  problem *p = context;
  memcpy(p->factors, p->A, sizeof(double) * N * N);
  memcpy(p->x, p->start, N * sizeof *p->x);
  must(LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, N, N, p->factors, N, p->pivots) ? GD_ERR_LAPACK : GD_OK);
  must(LAPACKE_dgetrs_work(LAPACK_COL_MAJOR, 'N', N, 1, p->factors, N, p->pivots, p->x, N) ? GD_ERR_LAPACK : GD_OK);
}

static double largest_singular_value(gd_game *game, const double *x) {
  gd_operator *J = NULL;
  gd_spectrum_options options;
  double sigma;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_MODULUS, options.count = 1, options.dense_limit = 0, options.tolerance = 1e-6;
  must(gd_operator_jacobian(&J, game, x));
  must(gd_singular_values(J, &options, &sigma, NULL));
  gd_operator_destroy(J);
  return sigma;
}

/* A = I - h J */
static void fill_matrix(gd_game *game, double h, problem *p) {
  must(gd_game_jacobian(game, p->start, p->A, N));
  for (size_t k = 0; k < (size_t)N * N; k++) p->A[k] = (k % (N + 1) == 0) - h * p->A[k];
}

int main(void) {
  gd_game *game;
  gd_eval_options matrix_free, dense;
  problem p = {.start = make_numbers(N, 1), .x = make_numbers(N, 1), .A = make_numbers((size_t)N * N, 2)};
  double *C = make_numbers((size_t)SIDE * SIDE, 3);
  p.factors = make_numbers((size_t)N * N, 4);
  p.pivots = calloc(N, sizeof *p.pivots);
  for (uint64_t k = 0; k < (uint64_t)SIDE * SIDE; k++) /* the same numbers in Python */
    C[k] = (double)((k * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) >> 33) * 0x1p-30 - 1;
  for (size_t k = 0; k < N; k++) p.start[k] = cos((double)k);
  gd_eval_options_init(&matrix_free);
  gd_eval_options_init(&dense);
  dense.dense_limit = N;
  must(gd_model_bilinear(&game, SIDE, SIDE, C, SIDE, NULL));
  const double h = 1 / largest_singular_value(game, p.start);
  must(gd_game_configure(game, &dense));
  fill_matrix(game, h, &p);
  must(gd_game_configure(game, &matrix_free));
  must(gd_stepper_create(&p.stepper, game, gd_method_find(GD_IMPLICIT)));
  must(gd_stepper_set(p.stepper, GD_STEP_SIZE, h));
  const contender contenders[] = {{"step", step, &p}, {"fresh_lu", fresh_lu, &p}};
  measure("implicit_krylov.2000", ONCE, 5, contenders, 2);
  gd_stepper_destroy(p.stepper);
  gd_game_destroy(game);
  free(p.start), free(p.x), free(p.A), free(p.factors), free(p.pivots), free(C);
  return EXIT_SUCCESS;
}
