/* SPDX-License-Identifier: BSD-3-Clause */
/* iteration.c -- derivatives of iterations in closed form, after Mescheder, Nowozin & Geiger 2017.
 *
 * Players who move in turn.  A move of player i is x -> x + h_i P_i v(x), P_i the projection on its block, with the
 * derivative I + h_i P_i J at an equilibrium; a round is their product in the order of play,
 *
 *     M = ... (I + h_j P_j J)^(n_j) (I + h_i P_i J)^(n_i),
 *
 * which for two players with one step each and L the part of J below the diagonal blocks is (I - h L)^-1 (I + h (J -
 * L)).
 *
 * Lemma 6.  F(x) = x + h A(x) v(x) with A invertible rests where v does, and there F' = I + h A J. */
#include "base/dense.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"
#include "game/interior.h"
#include "game/limits.h"
#include "theory/at_rest.h"

#include <float.h>
#include <gamedyn/stability.h>
#include <math.h>
#include <string.h>

/* ---- players in turn ---- */

typedef struct workspace {
  gdi_env env;
  size_t n;
  double *J, *M, *room; /* [n by n] */
  double *values;       /* [n] */
} workspace;

static void release(workspace *w) {
  gdi_release(&w->env, w->values);
  gdi_release(&w->env, w->room);
  gdi_release(&w->env, w->M);
  gdi_release(&w->env, w->J);
}

static gd_status prepare(workspace *w, gd_game *game, const double *x) {
  const size_t n = gd_game_size(game);
  *w = (workspace){.n = n};
  GD_TRY(gdi_env_copy(&w->env, gd_game_env(game)));
  w->J = gdi_allocate(&w->env, gdi_times(n, n), sizeof *w->J);
  w->M = gdi_allocate(&w->env, gdi_times(n, n), sizeof *w->M);
  w->room = gdi_allocate(&w->env, gdi_times(n, n), sizeof *w->room);
  w->values = gdi_allocate(&w->env, n, sizeof *w->values);
  if (!w->J || !w->M || !w->room || !w->values) return GD_ERR_MEMORY;
  for (size_t k = 0; k < n; k++) w->M[k + k * n] = 1;
  return gd_game_jacobian(game, x, w->J, n);
}

/* M <- (I + h P J) M for the rows of one block. */
static void move(workspace *w, size_t start, size_t size, double h) {
  const gdi_product product = {
      .rows = size, .columns = w->n, .inner = w->n, .A = w->J + start, .lda = w->n, .B = w->M, .ldb = w->n};
  gdi_matrix_product(&product, w->room, size);
  for (size_t j = 0; j < w->n; j++)
    for (size_t i = 0; i < size; i++) w->M[start + i + j * w->n] += h * w->room[i + j * size];
}

static gd_status check_turns(const gd_game *game, const gd_turns *turns) {
  const size_t players = gd_game_players(game);
  GDI_REQUIRE(turns->step_sizes, "gd_alternating_matrix: step_sizes is NULL, expected one for each player");
  for (size_t i = 0; i < players; i++) {
    GDI_REQUIRE(isfinite(turns->step_sizes[i]), "gd_alternating_matrix: step size %zu is %g", i, turns->step_sizes[i]);
    GDI_REQUIRE(!turns->order || turns->order[i] < players,
                "gd_alternating_matrix: order[%zu] is %zu of a game with %zu players", i, turns->order[i], players);
  }
  return GD_OK;
}

gd_status gd_alternating_matrix(gd_game *game, const double *x, const gd_turns *turns, double *M, size_t ldm) {
  GDI_REQUIRE(game && x && turns && M, "gd_alternating_matrix: %s is NULL",
              !game    ? "game"
              : !x     ? "x"
              : !turns ? "turns"
                       : "M");
  GD_TRY(gdi_game_check_whole(game, "gd_alternating_matrix"));
  GD_TRY(gdi_game_check_point(game, x, "gd_alternating_matrix"));
  const size_t n = gd_game_size(game);
  GDI_REQUIRE(ldm >= n, "gd_alternating_matrix: ldm is %zu, expected at least n = %zu", ldm, n);
  GD_TRY(check_turns(game, turns));
  GD_TRY(gdi_game_check_interior(game, x, "gd_alternating_matrix"));
  workspace w;
  gd_status status = prepare(&w, game, x);
  if (status >= 0) status = gdi_check_at_rest(game, x, w.J, w.values, "gd_alternating_matrix");
  for (size_t turn = 0; turn < gd_game_players(game) && status >= 0; turn++) {
    const size_t player = turns->order ? turns->order[turn] : turn;
    const uint64_t moves = turns->inner_steps ? turns->inner_steps[player] : 1;
    for (uint64_t k = 0; k < moves; k++)
      move(&w, gd_game_block_start(game, player), gd_game_block_size(game, player), turns->step_sizes[player]);
  }
  for (size_t j = 0; j < n && status >= 0; j++) memcpy(M + j * ldm, w.M + j * n, n * sizeof *M);
  release(&w);
  return status;
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

/* report->rate = spectral radius of I + h A J */
static gd_status find_rate(workspace *w, const double *A, size_t lda, double step_size, double *rate) {
  const size_t n = w->n;
  const gdi_product product = {.rows = n, .columns = n, .inner = n, .A = A, .lda = lda, .B = w->J, .ldb = n};
  gdi_matrix_product(&product, w->room, n);
  for (size_t k = 0; k < n * n; k++) w->room[k] *= step_size;
  for (size_t k = 0; k < n; k++) w->room[k + k * n] += 1;
  GD_TRY(gdi_eigen_general(&w->env, n, w->room, n, w->values, w->M, NULL)); /* M [n] for imaginary parts */
  *rate = 0;
  for (size_t k = 0; k < n; k++) *rate = fmax(*rate, hypot(w->values[k], w->M[k]));
  return GD_OK;
}

static gd_status look(workspace *w, gd_game *game, const double *x, const double *A, size_t lda, double step_size,
                      gd_transformed_report *report) {
  const size_t n = w->n;
  GD_TRY(gd_game_gradient(game, x, w->values));
  gdi_matrix_vector(false, n, n, step_size, A, lda, w->values, w->room);
  report->gradient_norm = gdi_vector_norm(n, w->values);
  report->move_norm = gdi_vector_norm(n, w->room);
  for (size_t j = 0; j < n; j++) memcpy(w->room + j * n, A + j * lda, n * sizeof *A);
  GD_TRY(gdi_singular_values(&w->env, n, n, w->room, n, w->values, NULL, NULL));
  report->least_singular_value = w->values[n - 1];
  report->invertible = w->values[n - 1] > (double)n * DBL_EPSILON * w->values[0];
  return find_rate(w, A, lda, step_size, &report->rate);
}

gd_status gd_transformed_report_at(gd_game *game, const double *x, const double *A, size_t lda, double step_size,
                                   gd_transformed_report *report) {
  GDI_REQUIRE(game && x && A && report, "gd_transformed_report_at: %s is NULL",
              !game ? "game"
              : !x  ? "x"
              : !A  ? "A"
                    : "report");
  GD_TRY(gdi_game_check_whole(game, "gd_transformed_report_at"));
  GD_TRY(gdi_game_check_point(game, x, "gd_transformed_report_at"));
  const size_t n = gd_game_size(game);
  GDI_REQUIRE(lda >= n, "gd_transformed_report_at: lda is %zu, expected at least n = %zu", lda, n);
  GD_TRY(gdi_matrix_check_side(lda));
  GDI_REQUIRE(step_size > 0 && isfinite(step_size), "gd_transformed_report_at: step_size is %g, expected more than 0",
              step_size);
  size_t row, column;
  if (!gdi_matrix_is_finite(n, n, A, lda, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "gd_transformed_report_at: A[%zu, %zu] is %g", row, column,
                    A[row + column * lda]);
  GD_TRY(gdi_game_check_interior(game, x, "gd_transformed_report_at"));
  workspace w;
  gd_transformed_report found = {0};
  gd_status status = prepare(&w, game, x);
  if (status >= 0) status = look(&w, game, x, A, lda, step_size, &found);
  release(&w);
  if (status >= 0) *report = found;
  return status;
}
