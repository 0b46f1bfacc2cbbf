/* SPDX-License-Identifier: BSD-3-Clause */
/* mescheder_statements.c -- the lemmas of "The Numerics of GANs" that have no program of their own.
 *
 * Mescheder, Nowozin & Geiger 2017: Lemma 1, Corollary 2, Proposition 3, Lemmas 6 and 7, Corollary 8.  v is the
 * direction of motion and J its Jacobian.  The model is the planar GAN of a discriminator w y^2 and a generator a z,
 * with its equilibrium at (0, 1).  Corollary 8 has the hypothesis that print omits, J invertible. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/planar.h"
#include "support/rates_of.h"
#include "support/statement.h"

enum { MOST = 6, SQUARE = MOST * MOST };

/* The game v = J x + b of n players with one variable each. */
static gd_game *affine(size_t n, const double *J, const double *b) {
  const size_t blocks[MOST] = {1, 1, 1, 1, 1, 1};
  gd_game *game = NULL;
  must(gd_model_affine(&game, n, blocks, J, n, b, NULL));
  return game;
}

/* Largest eigenvalue of the symmetric part. */
static double largest_symmetric(size_t n, const double *J) {
  const double origin[MOST] = {0};
  gd_game *game = affine(n, J, NULL);
  gd_field_constants constants;
  gd_linearisation *at = new_linearisation(game, origin);
  must(gd_field_constants_compute(at, &constants));
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  return constants.monotonicity;
}

/* G G' / n of `rank` random columns G [n by rank]: positive semidefinite. */
static void draw_semidefinite(gd_rng *rng, size_t n, size_t rank, double *S) {
  double G[SQUARE], transposed[SQUARE];
  gd_rng_fill_normal(rng, n * rank, G);
  transpose(n, rank, G, transposed);
  multiply(n, rank, n, G, transposed, S);
  for (size_t k = 0; k < n * n; k++) S[k] /= (double)n;
}

static void draw_symmetric(gd_rng *rng, size_t n, double *S) {
  double G[SQUARE];
  gd_rng_fill_normal(rng, n * n, G);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) S[i + j * n] = G[i + j * n] + G[j + i * n];
  }
}

/* J = [[-A, -C], [C', -B]] of two players with m variables each; without zero_sum the last block is random instead. */
static void assemble(gd_rng *rng, size_t m, const double *A, const double *B, bool zero_sum, double *J) {
  double C[SQUARE], D[SQUARE];
  const size_t n = 2 * m;
  gd_rng_fill_normal(rng, m * m, C);
  gd_rng_fill_normal(rng, m * m, D);
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < m; j++) {
      J[i + j * n] = -A[i + j * m];
      J[i + (m + j) * n] = -C[i + j * m];
      J[m + i + j * n] = zero_sum ? C[j + i * m] : D[i + j * m];
      J[m + i + (m + j) * n] = -B[i + j * m];
    }
  }
}

static void planar_jacobian(double w, double a, double *J) {
  const double x[2] = {w, a};
  gd_game *game = planar_game(GD_GAN_LOGISTIC, 0.0);
  must(gd_game_jacobian(game, x, J, 2));
  gd_game_destroy(game);
}

/* The largest eigenvalue of J's symmetric part is that of the players' own blocks, which gives both directions. */
static double lemma1(gd_rng *rng, statement_case which) {
  enum { OWN = 3 };
  double A[OWN * OWN], B[OWN * OWN], J[SQUARE];
  if (which == STATEMENT_MODEL) {
    const double w = statement_uniform(rng, -1.0, 1.0), a = statement_uniform(rng, 0.5, 1.5);
    planar_jacobian(w, a, J);
    return fabs(largest_symmetric(2, J) - fmax(J[0], J[3])) / operator_norm(2, 2, J);
  }
  draw_symmetric(rng, OWN, A);
  draw_symmetric(rng, OWN, B);
  assemble(rng, OWN, A, B, which != STATEMENT_OUTSIDE, J);
  for (size_t k = 0; k < sizeof A / sizeof *A; k++) {
    A[k] = -A[k];
    B[k] = -B[k];
  }
  const double own = fmax(largest_symmetric(OWN, A), largest_symmetric(OWN, B));
  return fabs(largest_symmetric(2 * OWN, J) - own) / operator_norm(2 * OWN, 2 * OWN, J);
}

/* A and B have random ranks, so that some of the points are Nash points by the skin of their teeth. */
static double corollary2(gd_rng *rng, statement_case which) {
  enum { OWN = 3 };
  double A[OWN * OWN], B[OWN * OWN], J[SQUARE];
  size_t n = 2;
  if (which == STATEMENT_MODEL) {
    planar_jacobian(0.0, statement_uniform(rng, 0.0, 1.0) < 0.5 ? -1.0 : 1.0, J);
  } else {
    n = 2 * OWN;
    draw_semidefinite(rng, OWN, 1 + (size_t)gd_rng_below(rng, OWN), A);
    draw_semidefinite(rng, OWN, 1 + (size_t)gd_rng_below(rng, OWN), B);
    assemble(rng, OWN, A, B, which != STATEMENT_OUTSIDE, J);
  }
  return largest_symmetric(n, J) / operator_norm(n, n, J);
}

/* y -> M y + q(y), with q of second order: y_i y_(i+1) / 10. */
static void move(size_t n, const double *M, double *y) {
  double moved[MOST];
  multiply(n, n, 1, M, y, moved);
  for (size_t i = 0; i < n; i++) moved[i] += 0.1 * y[i] * y[(i + 1) % n];
  memcpy(y, moved, n * sizeof *y);
}

/* Spectral radius of M. */
static double radius_of(size_t n, const double *M) {
  double identity[SQUARE] = {0}, shifted[SQUARE];
  const double origin[MOST] = {0};
  for (size_t i = 0; i < n; i++) identity[i + i * n] = 1.0;
  for (size_t k = 0; k < n * n; k++) shifted[k] = M[k] - identity[k];
  gd_game *game = affine(n, shifted, NULL);
  gd_transformed_report report;
  gd_linearisation *at = new_linearisation(game, origin);
  must(gd_transformed_report_compute(at, identity, n, 1.0, &report));
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  return report.rate;
}

/* Mean factor a step, over the second half of the run.  Halfway from r to 1 leaves room for (1 + r) / (2 r) to the
 * power of the steps: what a nonnormal M adds to its eigenvalues. */
static double factor_of_runs(gd_rng *rng, size_t n, const double *M, size_t steps) {
  double y[MOST], before = 0.0;
  gd_rng_fill_normal(rng, n, y);
  for (size_t i = 0; i < n; i++) y[i] *= 1e-3;
  for (size_t k = 0; k < 2 * steps; k++) {
    if (k == steps) before = norm(n, y);
    move(n, M, y);
  }
  return pow(norm(n, y) / before, 1.0 / (double)steps);
}

static double proposition3(gd_rng *rng, statement_case which) {
  double M[SQUARE];
  size_t n = 2, steps = 1000;
  if (which == STATEMENT_MODEL) { /* a simultaneous step at the equilibrium, of random size */
    const double h = statement_uniform(rng, 0.2, 0.6);
    planar_jacobian(0.0, 1.0, M);
    for (size_t k = 0; k < 4; k++) M[k] = h * M[k] + (k == 0 || k == 3 ? 1.0 : 0.0);
  } else {
    n = 2 + (size_t)gd_rng_below(rng, MOST - 1);
    steps = 100;
    gd_rng_fill_normal(rng, n * n, M);
    const double r = which == STATEMENT_OUTSIDE ? statement_uniform(rng, 1.05, 1.3) : statement_uniform(rng, 0.3, 0.9);
    const double scale = r / radius_of(n, M);
    for (size_t k = 0; k < n * n; k++) M[k] *= scale;
  }
  return factor_of_runs(rng, n, M, steps) / (0.5 * (1.0 + radius_of(n, M)));
}

/* The game v = J x + b, and A(x) = A0 + (g'x) A1. */
typedef struct transformed {
  size_t n;
  double J[SQUARE], b[MOST], A0[SQUARE], A1[SQUARE], g[MOST];
} transformed;

static transformed draw_transformed(gd_rng *rng, statement_case which) {
  transformed it = {.n = which == STATEMENT_MODEL ? 2 : 3};
  const size_t n = it.n;
  gd_rng_fill_normal(rng, n * n, it.J);
  gd_rng_fill_normal(rng, n, it.b);
  gd_rng_fill_normal(rng, n * n, it.A0);
  gd_rng_fill_normal(rng, n * n, it.A1);
  gd_rng_fill_normal(rng, n, it.g);
  if (which == STATEMENT_MODEL) planar_jacobian(0.0, 1.0, it.J);
  return it;
}

/* A(x) v(x) */
static void transformed_field(const transformed *it, const double *x, double *out) {
  double v[MOST], along = 0.0, A[SQUARE];
  multiply(it->n, it->n, 1, it->J, x, v);
  for (size_t i = 0; i < it->n; i++) {
    v[i] += it->b[i];
    along += it->g[i] * x[i];
  }
  for (size_t k = 0; k < it->n * it->n; k++) A[k] = it->A0[k] + along * it->A1[k];
  multiply(it->n, it->n, 1, A, v, out);
}

/* Makes x stationary by the choice of b. */
static void rest_at(transformed *it, const double *x) {
  multiply(it->n, it->n, 1, it->J, x, it->b);
  for (size_t i = 0; i < it->n; i++) it->b[i] = -it->b[i];
}

/* |F'(x) - (I + h A J)| / |h A J| for h = 1: F - x is a cubic at most, so that central differences of size d err by
 * d^2. */
static double lemma6(gd_rng *rng, statement_case which) {
  const double d = 1e-5;
  transformed it = draw_transformed(rng, which);
  const size_t n = it.n;
  double x[MOST], A[SQUARE], AJ[SQUARE], error[SQUARE], along = 0.0;
  gd_rng_fill_normal(rng, n, x);
  if (which != STATEMENT_OUTSIDE) rest_at(&it, x);
  for (size_t i = 0; i < n; i++) along += it.g[i] * x[i];
  for (size_t k = 0; k < n * n; k++) A[k] = it.A0[k] + along * it.A1[k];
  multiply(n, n, n, A, it.J, AJ);
  for (size_t j = 0; j < n; j++) {
    double after[MOST], before[MOST], moved[MOST];
    memcpy(moved, x, n * sizeof *x);
    moved[j] = x[j] + d;
    transformed_field(&it, moved, after);
    moved[j] = x[j] - d;
    transformed_field(&it, moved, before);
    for (size_t i = 0; i < n; i++) error[i + j * n] = (after[i] - before[i]) / (2.0 * d) - AJ[i + j * n];
  }
  return operator_norm(n, n, error) / operator_norm(n, n, AJ);
}

/* J = -a S + b (K - K'), S positive definite; within the hypothesis a > 0. */
static void draw_semidefinite_field(gd_rng *rng, size_t n, double a, double *J) {
  double S[SQUARE], K[SQUARE];
  draw_semidefinite(rng, n, n, S);
  gd_rng_fill_normal(rng, n * n, K);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) J[i + j * n] = -a * S[i + j * n] + K[i + j * n] - K[j + i * n];
  }
}

static gd_consensus_report consensus_at(size_t n, const double *J, double gamma) {
  const double origin[MOST] = {0};
  gd_game *game = affine(n, J, NULL);
  gd_consensus_report report;
  gd_linearisation *at = new_linearisation(game, origin);
  must(gd_consensus_report_compute(at, gamma, &report));
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  return report;
}

/* The symmetric part of J - gamma J'J is at most -gamma rho^2, which is the lemma with its margin. */
static double lemma7(gd_rng *rng, statement_case which) {
  const double gamma = pow(10.0, statement_uniform(rng, -1.0, 1.0));
  double J[SQUARE];
  size_t n = 2;
  gd_consensus_report report;
  do {
    if (which == STATEMENT_MODEL) {
      planar_jacobian(0.0, 1.0, J);
    } else {
      n = 2 + (size_t)gd_rng_below(rng, MOST - 1);
      draw_semidefinite_field(rng, n, which == STATEMENT_OUTSIDE ? -3.0 : 1.0, J);
    }
    report = consensus_at(n, J, gamma);
  } while (report.rho < 1e-3 * operator_norm(n, n, J)); /* rounding would drown the margin */
  return report.consensus_monotonicity / (gamma * report.rho * report.rho);
}

static double least_singular(size_t n, const double *J) {
  double *values = singular_values(n, n, J);
  const double least = values[n - 1];
  free(values);
  return least;
}

/* W = (I - gamma J')J has symmetric part <= -m, m = gamma rho^2, so that |I + h W|^2 <= 1 - 2 h m + h^2 |W|^2, which
 * h = m / |W|^2 brings below 1.  Without m, h = 1 / (10 |W|). */
/* [[0, -C], [C', 0]] with more variables on one side, so that J has a kernel. */
static void draw_singular(gd_rng *rng, size_t p, size_t q, double *J) {
  const size_t n = p + q;
  for (size_t i = 0; i < p; i++) {
    for (size_t j = p; j < n; j++) {
      J[j + i * n] = statement_uniform(rng, -1.0, 1.0);
      J[i + j * n] = -J[j + i * n];
    }
  }
}

/* Of a zero-sum game at a local Nash point, 3 variables a player. */
static void draw_nash(gd_rng *rng, double *J) {
  enum { OWN = 3 };
  double A[OWN * OWN], B[OWN * OWN];
  do {
    draw_semidefinite(rng, OWN, 1 + (size_t)gd_rng_below(rng, OWN), A);
    draw_semidefinite(rng, OWN, 1 + (size_t)gd_rng_below(rng, OWN), B);
    assemble(rng, OWN, A, B, true, J);
  } while (least_singular(2 * OWN, J) < 1e-2 * operator_norm(2 * OWN, 2 * OWN, J)); /* else 1 - rate is rounding */
}

static double corollary8(gd_rng *rng, statement_case which) {
  enum { P = 3, Q = 2 };
  const double gamma = statement_uniform(rng, 0.1, 2.0), origin[MOST] = {0};
  double J[SQUARE] = {0}, A[SQUARE], W[SQUARE];
  const size_t n = which == STATEMENT_MODEL ? 2 : which == STATEMENT_OUTSIDE ? P + Q : 2 * P;
  if (which == STATEMENT_MODEL) planar_jacobian(0.0, 1.0, J);
  if (which == STATEMENT_RANDOM) draw_nash(rng, J);
  if (which == STATEMENT_OUTSIDE) draw_singular(rng, P, Q, J);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) A[i + j * n] = (i == j ? 1.0 : 0.0) - gamma * J[j + i * n];
  }
  multiply(n, n, n, A, J, W);
  const double rho = least_singular(n, J), size = operator_norm(n, n, W);
  const double h = which == STATEMENT_OUTSIDE ? 0.1 / size : gamma * rho * rho / (size * size);
  gd_game *game = affine(n, J, NULL);
  gd_transformed_report report;
  gd_linearisation *at = new_linearisation(game, origin);
  must(gd_transformed_report_compute(at, A, n, h, &report));
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  return report.rate;
}

static const statement list[] = {
    {"Lemma 1",
     "in a zero-sum game v' is negative (semi)definite exactly if both players' own blocks are.",
     "|largest eigenvalue of v' + v'^T over 2 - largest of the own blocks| / |v'|",
     1e-12,
     {"zero-sum, 3 variables a player, own blocks of any sign", "the planar GAN away from its equilibrium",
      "general-sum games"},
     lemma1},
    {"Corollary 2",
     "at a local Nash point of a zero-sum game v' is negative semidefinite.",
     "largest eigenvalue of (v' + v'^T) / 2 over |v'|",
     1e-12,
     {"zero-sum, own blocks negative semidefinite of any rank", "the planar GAN at its two equilibria",
      "general-sum games at a local Nash point"},
     corollary2},
    {"Proposition 3",
     "eigenvalues of F' within radius r < 1 make x -> F(x) converge at a linear rate.",
     "measured factor a step over (1 + r) / 2",
     1.0,
     {"F(y) = M y + second order, r from 0.3 to 0.9", "steps of the planar GAN, linear part with a second order",
      "r from 1.05 to 1.3"},
     proposition3},
    {"Lemma 6",
     "x + h A(x) v(x) has the derivative I + h A v' where v = 0.",
     "|F' by differences - I - h A v'| / |h A v'|",
     1e-6,
     {"affine v, A linear in x, at v = 0", "v' of the planar GAN, A linear in x, at v = 0",
      "the same where v is not 0"},
     lemma6},
    {"Lemma 7",
     "v' negative semidefinite and invertible makes (I - gamma v'^T) v' negative definite.",
     "largest eigenvalue of its symmetric part over gamma rho^2, rho the least singular value of v'",
     -1.0 + 1e-6,
     {"2 to 6 variables, gamma from 0.1 to 10", "the planar GAN at its equilibrium", "v' positive definite plus skew"},
     lemma7},
    {"Corollary 8",
     "consensus converges to a local Nash point with v' invertible, for h > 0 small enough.",
     "spectral radius of I + h W, W = (I - gamma v'^T) v', h = gamma rho^2 / |W|^2",
     1.0 - 1e-13,
     {"zero-sum, own blocks negative semidefinite of any rank", "the planar GAN at its equilibrium",
      "bilinear, 3 against 2 variables: v' is singular, h = 1 / (10 |W|)"},
     corollary8}};

int main(int argc, char **argv) {
  return statements_run(
      "Statements of Mescheder, Nowozin & Geiger 2017: Lemma 1, Corollary 2, Proposition 3, Lemmas 6 and 7\n"
      "and Corollary 8, within their hypotheses and outside.",
      "all|lemma1|corollary2|proposition3|lemma6|lemma7|corollary8", list, sizeof list / sizeof *list, argc, argv);
}
