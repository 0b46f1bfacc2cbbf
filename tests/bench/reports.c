/* SPDX-License-Identifier: BSD-3-Clause */
/* reports.c -- six reports at one point, beside the four decompositions that they rest on.
 *
 * The reports are the kind of the point, the theorems' constants, the field's constants, the consensus report,
 * non-normality and the GAN report.  The small game is min over theta, max over omega with random curvature and a dense
 * interaction.  The large one is known by its products alone: theta_i and omega_i interact, and omega_{i+1} a little, with
 * some coefficients apart from the others, so that there are outermost eigenvalues to find.  Of it the consensus and the
 * GAN report are refused, since they are about all eigenvalues; the other four are made, and the decompositions are of
 * the outermost values. */
#include "measure.h"

#include <gamedyn/classify.h>
#include <gamedyn/derive.h>
#include <gamedyn/guarantee.h>
#include <gamedyn/models.h>
#include <gamedyn/rates.h>
#include <gamedyn/stability.h>
#include <math.h>
#include <stdlib.h>

enum { SIDE = 200, N = 2 * SIDE, LARGE_SIDE = 50000, LARGE = 2 * LARGE_SIDE, APART = 12 };

typedef struct problem {
  gd_game *game, *field;
  double *x;    /* [its size] */
  bool refuses; /* the reports about all eigenvalues */
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

static void must_be(gd_status expected, gd_status status) { must(status == expected ? GD_OK : GD_ERR_ARGUMENT); }

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
  must_be(p->refuses ? GD_ERR_UNSUPPORTED : GD_OK, gd_consensus_report_compute(at, 1, &consensus));
  must(gd_linearisation_nonnormality(at, &nonnormality));
  must_be(p->refuses ? GD_ERR_UNSUPPORTED : GD_ERR_HYPOTHESIS, /* it is no GAN */
          gd_gan_report_compute(at, 0, 1, -1, 0, &gan));
  gd_linearisation_destroy(at);
}

/* All eigenvalues of a small game, the rightmost ones of a large one. */
static void compute(gd_game *game, const double *x, bool is_symmetric) {
  gd_operator *op;
  gd_spectrum *spectrum;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.symmetric = is_symmetric;
  if (gd_game_size(game) > N) options.which = GD_LARGEST_REAL;
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

/* ---- the large game ---- */

typedef struct banded {
  double theta[LARGE_SIDE], omega[LARGE_SIDE], both[LARGE_SIDE]; /* a, b, c */
} banded;

/* J u, or J'u with sign -1. */
static int multiply(const banded *g, double sign, const double *u, double *out) {
  for (size_t i = 0; i < LARGE_SIDE; i++) {
    const size_t next = i + 1 < LARGE_SIDE ? i + 1 : 0, last = i > 0 ? i - 1 : LARGE_SIDE - 1;
    out[i] = -g->theta[i] * u[i] - sign * (g->both[i] * u[LARGE_SIDE + i] + 0.01 * u[LARGE_SIDE + next]);
    out[LARGE_SIDE + i] = -g->omega[i] * u[LARGE_SIDE + i] + sign * (g->both[i] * u[i] + 0.01 * u[last]);
  }
  return 0;
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  return multiply(data, 1, x, v);
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)draw, (void)x;
  return multiply(data, 1, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  (void)draw, (void)x;
  return multiply(data, -1, w, Jtw);
}

static void fill_coefficients(banded *g) {
  for (size_t i = 0; i < LARGE_SIDE; i++) {
    const double t = (double)i / LARGE_SIDE;
    g->theta[i] = 1 + 0.05 * t, g->omega[i] = 1.05 - 0.05 * t, g->both[i] = 1 + 0.1 * t;
  }
  for (size_t k = 0; k < APART; k++) {
    const double t = (double)k;
    g->theta[k * 997] = g->omega[k * 997] = 0.2 + 0.05 * t;
    g->theta[k * 997 + 1] = g->omega[k * 997 + 1] = 3 + 0.3 * t;
    g->both[k * 911 + 3] = 2 + 0.3 * t;
    g->both[k * 811 + 5] = 0.1 + 0.05 * t;
  }
}

static void fill_large(problem *p, banded *g) {
  const size_t sizes[] = {LARGE_SIDE, LARGE_SIDE};
  const gd_game_ops ops = {.struct_size = sizeof ops, .name = "banded", .gradient = gradient, .jvp = jvp, .vjp = vjp};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = g,
                             .n_players = 2,
                             .block_sizes = sizes,
                             .traits = GD_ZERO_SUM | GD_AFFINE};
  fill_coefficients(g);
  p->x = calloc(LARGE, sizeof *p->x);
  p->refuses = true;
  must(gd_game_create(&p->game, &spec));
  must(gd_derive_consensus(&p->field, p->game, 1));
}

/* The same by products: the largest and the smallest singular value, and both ends of the symmetric part. */
static void four_large(void *context) {
  problem *p = context;
  double value, least, largest;
  gd_operator *op;
  gd_linearisation *at;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.count = 1;
  compute(p->game, p->x, false);
  compute(p->field, p->x, false);
  must(gd_operator_jacobian(&op, p->game, p->x));
  options.which = GD_LARGEST_MODULUS;
  must(gd_singular_values(op, &options, &value, NULL));
  options.which = GD_SMALLEST_REAL;
  must(gd_singular_values(op, &options, &value, NULL));
  gd_operator_destroy(op);
  must(gd_linearise(&at, p->game, p->x, NULL));
  must(gd_linearisation_symmetric_part(at, &least, &largest));
  gd_linearisation_destroy(at);
}

/* ---- both ---- */

static void empty(problem *p) {
  gd_game_destroy(p->field);
  gd_game_destroy(p->game);
  free(p->x);
}

int main(void) {
  static banded coefficients;
  problem small = {0}, large = {0};
  fill(&small);
  fill_large(&large, &coefficients);
  const contender of_small[] = {{"six", six, &small}, {"four", four, &small}};
  const contender of_large[] = {{"six", six, &large}, {"four", four_large, &large}};
  measure("reports.400", ONCE, 5, of_small, 2);
  measure("reports.100000", ONCE, 3, of_large, 2);
  empty(&large);
  empty(&small);
}
