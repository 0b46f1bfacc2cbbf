/* SPDX-License-Identifier: BSD-3-Clause */
/* liang_statements.c -- Remark 1 of "Interaction Matters": simultaneous gradients of two players against one player's.
 *
 * Liang & Stokes 2019.  A single player who minimises a strongly convex function needs about kappa log(r / epsilon)
 * steps, kappa its condition number.  Theorem 1 needs 2 beta / alpha log(r / epsilon), and eigenvalue interlacing gives
 * beta >= lambda_max(A^2 + C C') >= lambda_max(A)^2, alpha <= lambda_min(A)^2, and the same for B.  So the two players
 * need at least twice the larger kappa^2.  The remark says no more than that they need more than one player alone. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/statement.h"

enum { OWN = 3, SQUARE = OWN * OWN };

/* The extreme eigenvalues of a positive definite matrix. */
typedef struct extremes {
  double least, most;
} extremes;

static extremes extremes_of(const double *A) {
  double *values = singular_values(OWN, OWN, A);
  const extremes it = {.least = values[OWN - 1], .most = values[0]};
  free(values);
  return it;
}

/* G G' + I / 10, and for the model the identity, as in Corollary 1. */
static void draw_definite(gd_rng *rng, statement_case which, double *A) {
  double G[SQUARE], transposed[SQUARE];
  memset(A, 0, SQUARE * sizeof *A);
  if (which != STATEMENT_MODEL) {
    gd_rng_fill_normal(rng, SQUARE, G);
    transpose(OWN, OWN, G, transposed);
    multiply(OWN, OWN, OWN, G, transposed, A);
  }
  for (size_t i = 0; i < OWN; i++) A[i + i * OWN] += which == STATEMENT_MODEL ? 1.0 : 0.1;
}

/* |M|_2^2 of M = [[A, C], [-C', B]]: the greatest eigenvalue of M M'. */
static double beta_of(const double *A, const double *B, const double *C) {
  double M[4 * SQUARE];
  const size_t n = 2 * (size_t)OWN;
  for (size_t i = 0; i < OWN; i++) {
    for (size_t j = 0; j < OWN; j++) {
      M[i + j * n] = A[i + j * OWN];
      M[i + (OWN + j) * n] = C[i + j * OWN];
      M[OWN + i + j * n] = -C[j + i * OWN];
      M[OWN + i + (OWN + j) * n] = B[i + j * OWN];
    }
  }
  const double size = operator_norm(n, n, M);
  return size * size;
}

/* Steps of a single player over those of Theorem 1.  Outside, that player's curvature varies over the ball, up to a
 * thousandfold, and alpha and beta are of the equilibrium alone. */
static double remark1(gd_rng *rng, statement_case which) {
  double A[SQUARE], B[SQUARE], C[SQUARE], varies = 0.0;
  draw_definite(rng, which, A);
  draw_definite(rng, which, B);
  gd_rng_fill_normal(rng, SQUARE, C);
  const extremes a = extremes_of(A), b = extremes_of(B);
  gd_guarantee promise;
  must(gd_guarantee_simultaneous(&promise, pow(fmin(a.least, b.least), 2.0), beta_of(A, B, C)));
  double single = fmax(a.most / a.least, b.most / b.least);
  gd_rng_fill_uniform(rng, 1, &varies);
  if (which == STATEMENT_OUTSIDE) single *= pow(10.0, 3.0 * varies);
  return single / promise.steps_factor;
}

static const statement list[] = {
    {"Remark 1",
     "two players by simultaneous gradients need at least the steps of either player alone.",
     "steps of a single player over those of Theorem 1",
     0.5 * (1.0 + 1e-12),
     {"strongly convex-concave quadratic games, 3 variables a player", "the game of Corollary 1, A = B = I",
      "curvature that varies over the ball, alpha and beta of the equilibrium alone"},
     remark1}};

int main(int argc, char **argv) {
  return statements_run("Remark 1 of Liang & Stokes 2019: the steps of two players against those of one.",
                        "all|remark1", list, sizeof list / sizeof *list, argc, argv);
}
