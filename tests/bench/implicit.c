/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit.c -- the exact implicit step of an affine game with its factors kept, beside a fresh
 * factorisation, and beside reading the factors' memory once: no step can be faster than that. */
#include "measure.h"

#include "kernels/vector.h"

#include <gamedyn/gamedyn.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

#define N 2000
#define TURNS 9

typedef struct problem {
  gd_stepper *stepper;
  double *x, *A, *factors;
  int *pivots;
} problem;

static void step(void *context) {
  problem *p = context;
  must(gd_stepper_step(p->stepper, p->x));
}

static void fresh_factors(void *context) {
  problem *p = context;
  memcpy(p->factors, p->A, sizeof(double) * N * N);
  must(LAPACKE_dgetrf_work(LAPACK_COL_MAJOR, N, N, p->factors, N, p->pivots) ? GD_ERR_LAPACK : GD_OK);
}

static void read_factors(void *context) {
  problem *p = context;
  p->x[0] += (double)(gdi_vector_first_nonfinite((size_t)N * N, p->factors) - (size_t)N * N); /* adds 0 */
}

int main(void) {
  const size_t blocks[] = {N / 2, N / 2};
  problem p = {.x = make_numbers(N, 1), .A = make_numbers((size_t)N * N, 2), .factors = make_numbers((size_t)N * N, 3)};
  p.pivots = calloc(N, sizeof *p.pivots);
  for (size_t k = 0; k < N; k++) p.A[k + k * N] -= 100; /* stable: x shrinks and stays finite */
  gd_game *game;
  must(gd_model_affine(&game, 2, blocks, p.A, N, NULL, NULL));
  must(gd_stepper_create(&p.stepper, game, gd_method_find(GD_IMPLICIT)));
  must(gd_stepper_set(p.stepper, GD_STEP_SIZE, 1e-6));
  const contender contenders[] = {{"step", step, &p}, {"fresh_factors", fresh_factors, &p}, {"read", read_factors, &p}};
  measure("implicit.2000", SETTLED, TURNS, contenders, 3);
  gd_stepper_destroy(p.stepper);
  gd_game_destroy(game);
  free(p.x), free(p.A), free(p.factors), free(p.pivots);
  return EXIT_SUCCESS;
}
