/* SPDX-License-Identifier: BSD-3-Clause */
/* spectra.c -- eigenvalues of games beside LAPACK's dgeev on the same matrix: a bilinear game through
 * its singular values, a general game without copies. */
#include "measure.h"

#include <gamedyn/gamedyn.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

#define BILINEAR_SIDE 1000
#define GENERAL_SIZE 1000

typedef struct problem {
  size_t n;
  gd_game *game;
  double *J, *A, *re, *im; /* J; a copy for dgeev to destroy */
  double *x;
} problem;

static void spectrum(void *context) {
  problem *p = context;
  gd_operator *J;
  gd_spectrum *eigenvalues;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.residuals = false;
  must(gd_operator_jacobian(&J, p->game, p->x));
  must(gd_spectrum_compute(&eigenvalues, J, &options));
  gd_spectrum_destroy(eigenvalues);
  gd_operator_destroy(J);
}

/* Its work space is asked for and allocated each time, as in the library. */
static void dgeev(void *context) {
  problem *p = context;
  const int n = (int)p->n;
  double best;
  memcpy(p->A, p->J, p->n * p->n * sizeof *p->A);
  LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', 'N', n, p->A, n, p->re, p->im, NULL, 1, NULL, 1, &best, -1);
  double *work = malloc((size_t)best * sizeof *work);
  const int failed = !work || LAPACKE_dgeev_work(LAPACK_COL_MAJOR, 'N', 'N', n, p->A, n, p->re, p->im, NULL, 1, NULL, 1,
                                                 work, (int)best);
  free(work);
  must(failed ? GD_ERR_LAPACK : GD_OK);
}

static void run(problem *p, const char *prefix, size_t turns) {
  p->n = gd_game_size(p->game);
  p->J = make_numbers(p->n * p->n, 1);
  p->A = make_numbers(p->n * p->n, 1);
  p->re = make_numbers(p->n, 1);
  p->im = make_numbers(p->n, 1);
  p->x = make_numbers(p->n, 1);
  must(gd_game_jacobian(p->game, p->x, p->J, p->n));
  const contender contenders[] = {{"spectrum", spectrum, p}, {"dgeev", dgeev, p}};
  measure(prefix, ONCE, turns, contenders, 2);
  free(p->J), free(p->A), free(p->re), free(p->im), free(p->x);
  gd_game_destroy(p->game);
}

int main(void) {
  const size_t one_player[] = {GENERAL_SIZE};
  problem p = {0};
  double *numbers = make_numbers(GENERAL_SIZE * GENERAL_SIZE, 7);
  must(gd_model_affine(&p.game, 1, one_player, numbers, GENERAL_SIZE, NULL, NULL));
  run(&p, "spectrum.general", 3);
  must(gd_model_bilinear(&p.game, BILINEAR_SIDE, BILINEAR_SIDE, numbers, BILINEAR_SIDE, NULL));
  run(&p, "spectrum.bilinear", 2);
  free(numbers);
  return EXIT_SUCCESS;
}
