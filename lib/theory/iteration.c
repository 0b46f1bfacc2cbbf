/* SPDX-License-Identifier: BSD-3-Clause */
/* iteration.c -- derivatives of iterations in closed form, after Mescheder, Nowozin & Geiger 2017.
 *
 * Alternating moves.  A move of player i is x -> x + h_i P_i v(x), P_i the projection onto its block.  Its derivative
 * at an equilibrium is I + h_i P_i J.  The derivative of a round is the product in the order of play,
 *
 *     M = ... (I + h_j P_j J)^(n_j) (I + h_i P_i J)^(n_i).
 *
 * For two players with one step each it is
 *
 *     (I - h L)^-1 (I + h (J - L)),   L the part of J below the diagonal blocks.
 *
 * Lemma 6.  If A is invertible, the fixed points of F(x) = x + h A(x) v(x) are the zeros of v; there F' = I + h A J. */
#include "theory/iteration.h"
#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "theory/at_rest.h"

#include <float.h>
#include <gamedyn/stability.h>
#include <math.h>
#include <string.h>

/* ---- alternating moves ---- */

/* M <- (I + h P J) M for the rows of one block; room [n by n]. */
static void move(size_t n, const double *J, size_t start, size_t size, double h, double *M, size_t ldm, double *room) {
  const gdi_product product = {.rows = size, .columns = n, .inner = n, .A = J + start, .lda = n, .B = M, .ldb = ldm};
  gdi_matrix_product(&product, room, size);
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < size; i++) M[start + i + j * ldm] += h * room[i + j * size];
}

gd_status gdi_alternating_matrix(gd_linearisation *at, const gd_alternation *turns, double *M, size_t ldm) {
  const size_t n = at->n;
  const double *J;
  GD_TRY(gd_linearisation_matrix(at, &J));
  double *room = gdi_scratch_matrix(at, 0);
  if (!room) return GD_ERR_MEMORY;
  for (size_t j = 0; j < n; j++) {
    memset(M + j * ldm, 0, n * sizeof *M);
    M[j + j * ldm] = 1;
  }
  for (size_t turn = 0; turn < gd_game_players(at->game); turn++) {
    const size_t player = turns->order ? turns->order[turn] : turn;
    const uint64_t moves = turns->inner_steps ? turns->inner_steps[player] : 1;
    for (uint64_t k = 0; k < moves; k++)
      move(n, J, gd_game_block_start(at->game, player), gd_game_block_size(at->game, player), turns->step_sizes[player],
           M, ldm, room);
  }
  return GD_OK;
}

static gd_status check_turns(const gd_game *game, const gd_alternation *turns) {
  const size_t players = gd_game_players(game);
  GDI_REQUIRE(turns->step_sizes, "gd_alternating_matrix: step_sizes is NULL, expected one for each player");
  for (size_t i = 0; i < players; i++) {
    GDI_REQUIRE(isfinite(turns->step_sizes[i]), "gd_alternating_matrix: step size %zu is %g", i, turns->step_sizes[i]);
    GDI_REQUIRE(!turns->order || turns->order[i] < players,
                "gd_alternating_matrix: order[%zu] is %zu, expected less than the number of players, %zu", i,
                turns->order[i], players);
  }
  return GD_OK;
}

gd_status gd_alternating_matrix(gd_linearisation *linearisation, const gd_alternation *turns, double *M, size_t ldm) {
  GDI_REQUIRE(linearisation && turns && M, "gd_alternating_matrix: %s is NULL",
              !linearisation ? "linearisation"
              : turns        ? "M"
                             : "turns");
  GD_TRY(gdi_linearisation_check(linearisation, "gd_alternating_matrix"));
  const size_t n = linearisation->n;
  GDI_REQUIRE(ldm >= n, "gd_alternating_matrix: ldm is %zu, expected at least n = %zu", ldm, n);
  GD_TRY(gdi_matrix_check_side(ldm));
  GD_TRY(check_turns(linearisation->game, turns));
  GD_TRY(gdi_linearisation_check_dense(linearisation, "gd_alternating_matrix"));
  GD_TRY(gdi_check_at_rest(linearisation, "gd_alternating_matrix"));
  return gdi_alternating_matrix(linearisation, turns, M, ldm);
}

/* The eigenvalues of a round have the sum 2 - a^2 and the product 1. */
gd_status gd_alternating_bilinear_modulus(double a, double *modulus) {
  GDI_REQUIRE(modulus, "gd_alternating_bilinear_modulus: modulus is NULL");
  GDI_REQUIRE(a >= 0 && isfinite(a), "gd_alternating_bilinear_modulus: a is %g, expected a finite number >= 0", a);
  const double half = a * a / 2 - 1;
  *modulus = a <= 2 ? 1 : half + sqrt(half * half - 1);
  return GD_OK;
}

/* ---- Lemma 6 ---- */

/* A transformed iteration, with scratch for its report. */
typedef struct transformed {
  gd_linearisation *at;
  const double *A;
  size_t lda;
  double step_size;
  double *matrix; /* [n by n] */
  double *values; /* [2 n] */
} transformed;

/* *rate = spectral radius of I + h A J */
static gd_status find_rate(const transformed *t, double *rate) {
  const size_t n = t->at->n;
  const double *J;
  double *re = t->values, *im = re + n;
  GD_TRY(gd_linearisation_matrix(t->at, &J));
  const gdi_product product = {.rows = n, .columns = n, .inner = n, .A = t->A, .lda = t->lda, .B = J, .ldb = n};
  gdi_matrix_product(&product, t->matrix, n);
  for (size_t k = 0; k < n * n; k++) t->matrix[k] *= t->step_size;
  for (size_t k = 0; k < n; k++) t->matrix[k + k * n] += 1;
  GD_TRY(gdi_eigen_general(&t->at->env, n, t->matrix, n, re, im, NULL));
  *rate = 0;
  for (size_t k = 0; k < n; k++) *rate = fmax(*rate, hypot(re[k], im[k]));
  return GD_OK;
}

static gd_status look(const transformed *t, gd_transformed_report *report) {
  const size_t n = t->at->n;
  gdi_matrix_vector(false, n, n, t->step_size, t->A, t->lda, t->at->v, t->values);
  report->gradient_norm = t->at->gradient_norm;
  report->move_norm = gdi_vector_norm(n, t->values);
  for (size_t j = 0; j < n; j++) memcpy(t->matrix + j * n, t->A + j * t->lda, n * sizeof *t->A);
  GD_TRY(gdi_singular_values(&t->at->env, n, n, t->matrix, n, t->values, NULL, NULL));
  report->least_singular_value = t->values[n - 1];
  report->invertible = t->values[n - 1] > (double)n * DBL_EPSILON * t->values[0];
  return find_rate(t, &report->rate);
}

static gd_status check_transformed(const gd_linearisation *at, const double *A, size_t lda, double step_size,
                                   const gd_transformed_report *report) {
  GDI_REQUIRE(at && A && report, "gd_transformed_report_compute: %s is NULL",
              !at ? "linearisation"
              : A ? "report"
                  : "A");
  GD_TRY(gdi_linearisation_check(at, "gd_transformed_report_compute"));
  GDI_REQUIRE(lda >= at->n, "gd_transformed_report_compute: lda is %zu, expected at least n = %zu", lda, at->n);
  GD_TRY(gdi_matrix_check_side(lda));
  GDI_REQUIRE(step_size > 0 && isfinite(step_size),
              "gd_transformed_report_compute: step_size is %g, expected more than 0", step_size);
  size_t row, column;
  if (!gdi_matrix_is_finite(at->n, at->n, A, lda, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "gd_transformed_report_compute: A[%zu, %zu] is %g", row, column,
                    A[row + column * lda]);
  return gdi_linearisation_check_dense(at, "gd_transformed_report_compute");
}

gd_status gd_transformed_report_compute(gd_linearisation *linearisation, const double *A, size_t lda, double step_size,
                                        gd_transformed_report *report) {
  GD_TRY(check_transformed(linearisation, A, lda, step_size, report));
  gd_linearisation *at = linearisation;
  transformed t = {.at = at, .A = A, .lda = lda, .step_size = step_size, .matrix = gdi_scratch_matrix(at, 0)};
  gd_transformed_report found = {0};
  t.values = gdi_allocate(&at->env, 2 * at->n, sizeof *t.values);
  const gd_status status = t.matrix && t.values ? look(&t, &found) : GD_ERR_MEMORY;
  gdi_release(&at->env, t.values);
  if (status >= 0) *report = found;
  return status;
}
