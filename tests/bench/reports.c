/* SPDX-License-Identifier: BSD-3-Clause */
/* reports.c -- six reports at one point, beside the four decompositions that they rest on.
 *
 * The game is min over theta, max over omega with random curvature and a dense interaction.  The reports are the kind
 * of the point, the theorems' constants, the field's constants, the consensus report, non-normality and the GAN report.
 */
#include "measure.h"

#include <gamedyn/classify.h>
#include <gamedyn/derive.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/models.h>
#include <gamedyn/rates.h>
#include <gamedyn/stability.h>
#include <math.h>
#include <stdlib.h>

enum { SIDE = 200, N = 2 * SIDE };

typedef struct problem {
  gd_game *game, *field;
  double *x; /* [N] */
} problem;

static double *symmetric(uint64_t seed) {
  double *A = make_numbers(SIDE * SIDE, seed);
  for (size_t j = 0; j < SIDE; j++)
    for (size_t i = j; i < SIDE; i++) A[i + j * SIDE] = A[j + i * SIDE] + (i == j ? 2 * sqrt(SIDE) : 0);
  return A;
}

static void fill(problem *p) {
  double *A = symmetric(1), *B = symmetric(2), *C = make_numbers(SIDE * SIDE, 3);
  p->x = calloc(N, sizeof *p->x);
  must(gd_model_quadratic(&p->game, SIDE, SIDE, A, SIDE, B, SIDE, C, SIDE, NULL));
  must(gd_derive_consensus(&p->field, p->game, 1));
  free(A), free(B), free(C);
}

static void six(void *context) {
  problem *p = context;
  gd_linearisation *at;
  gd_classification kind;
  gd_game_constants constants;
  gd_field_constants field;
  gd_consensus_report consensus;
  gd_nonnormality nonnormality;
  gd_gan_report gan;
  must(gd_linearise(&at, p->game, p->x, NULL));
  must(gd_classify(at, NULL, &kind));
  must(gd_game_constants_compute(at, 0, 0, 0, &constants));
  must(gd_field_constants_compute(at, &field));
  must(gd_consensus_report_compute(at, 1, &consensus));
  must(gd_linearisation_nonnormality(at, &nonnormality));
  if (gd_gan_report_compute(at, 0, 1, -1, 0, &gan) != GD_ERR_HYPOTHESIS) must(GD_ERR_ARGUMENT); /* it is no GAN */
  gd_linearisation_destroy(at);
}

static void compute(gd_game *game, const double *x, bool is_symmetric) {
  gd_operator *op;
  gd_spectrum *spectrum;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.symmetric = is_symmetric;
  must((is_symmetric ? gd_operator_symmetric : gd_operator_jacobian)(&op, game, x));
  must(gd_spectrum_compute(&spectrum, op, &options));
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
}

/* One spectrum of J, one of the consensus field, one set of singular values, one symmetric spectrum. */
static void four(void *context) {
  problem *p = context;
  double values[N];
  gd_operator *op;
  compute(p->game, p->x, false);
  compute(p->field, p->x, false);
  must(gd_operator_jacobian(&op, p->game, p->x));
  must(gd_singular_values(op, NULL, values, NULL));
  gd_operator_destroy(op);
  compute(p->game, p->x, true);
}

int main(void) {
  problem p;
  fill(&p);
  const contender contenders[] = {{"six", six, &p}, {"four", four, &p}};
  measure("reports.400", ONCE, 5, contenders, 2);
  gd_game_destroy(p.field);
  gd_game_destroy(p.game);
  free(p.x);
}
