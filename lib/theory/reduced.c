/* SPDX-License-Identifier: BSD-3-Clause */
/* reduced.c -- the linearised game off its idle directions.
 *
 * With W = [J(:, i); J(i, :)'] for player i, [2n by n_i], a direction d of the player is idle if W d = 0.  The leading
 * eigenvectors of W'W, as many as W has singular values that are not 0, span the others; side by side they are Q, and
 * the game is v = Q'J Q z. */
#include "base/error.h"
#include "base/sizes.h"
#include "dense/algebra.h"
#include "theory/linearisation.h"

#include <float.h>
#include <gamedyn/models.h>
#include <math.h>
#include <string.h>

typedef struct reduction {
  const gdi_env *env;
  const gd_game *game;
  const double *J; /* [n by n] */
  size_t n;
  double zero;   /* singular values of W up to this are 0 */
  double *W, *S; /* [2n by the largest block], twice; that block squared */
  double *values;
  double *Q;        /* [n by n], of which m columns count */
  size_t m, *sizes; /* [players], of the reduced game; 0: all of the player is idle */
} reduction;

static void fill_influence(const reduction *r, size_t first, size_t size) {
  for (size_t j = 0; j < size; j++)
    for (size_t k = 0; k < r->n; k++) {
      r->W[k + j * 2 * r->n] = r->J[k + (first + j) * r->n];
      r->W[r->n + k + j * 2 * r->n] = r->J[first + j + k * r->n];
    }
}

static gd_status find_rank(reduction *r, size_t first, size_t size, size_t *rank) {
  fill_influence(r, first, size);
  GD_TRY(gdi_singular_values(r->env, 2 * r->n, size, r->W, 2 * r->n, r->values, NULL, NULL));
  *rank = 0;
  while (*rank < size && r->values[*rank] > r->zero) ++*rank;
  return GD_OK;
}

/* Columns m, m + 1, ... of Q. */
static gd_status add_player(reduction *r, size_t player) {
  const size_t first = gd_game_block_start(r->game, player), size = gd_game_block_size(r->game, player);
  size_t rank;
  GD_TRY(find_rank(r, first, size, &rank));
  fill_influence(r, first, size); /* the decomposition has overwritten it */
  const gdi_product square = {.transpose_a = true,
                              .rows = size,
                              .columns = size,
                              .inner = 2 * r->n,
                              .A = r->W,
                              .B = r->W,
                              .lda = 2 * r->n,
                              .ldb = 2 * r->n};
  gdi_matrix_product(&square, r->S, size);
  GD_TRY(gdi_eigen_symmetric(r->env, size, r->S, size, true, r->values)); /* ascending */
  for (size_t k = 0; k < rank; k++)
    memcpy(r->Q + first + (r->m + k) * r->n, r->S + (size - 1 - k) * size, size * sizeof *r->S);
  r->m += rank;
  r->sizes[player] = rank;
  return GD_OK;
}

static gd_status make_game(const reduction *r, gd_game **game) {
  const size_t n = r->n, m = r->m;
  double *JQ = gdi_allocate(r->env, gdi_times(n, m), sizeof *JQ),
         *small = gdi_allocate(r->env, gdi_times(m, m), sizeof *small);
  size_t players = 0;
  for (size_t k = 0; k < gd_game_players(r->game); k++)
    if (r->sizes[k] > 0) r->sizes[players++] = r->sizes[k];
  gd_status status = JQ && small ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    gdi_matrix_product(&(gdi_product){.rows = n, .columns = m, .inner = n, .A = r->J, .B = r->Q, .lda = n, .ldb = n},
                       JQ, n);
    gdi_matrix_product(
        &(gdi_product){
            .transpose_a = true, .rows = m, .columns = m, .inner = n, .A = r->Q, .B = JQ, .lda = n, .ldb = n},
        small, m);
    status = gd_model_affine(game, players, r->sizes, small, m, NULL, gd_game_env(r->game));
  }
  gdi_release(r->env, small);
  gdi_release(r->env, JQ);
  return status;
}

static gd_status open_reduction(reduction *r) {
  const size_t players = gd_game_players(r->game);
  size_t widest = 0;
  for (size_t k = 0; k < players; k++)
    if (gd_game_block_size(r->game, k) > widest) widest = gd_game_block_size(r->game, k);
  r->W = gdi_allocate(r->env, gdi_times(gdi_times(2, r->n), widest), sizeof *r->W);
  r->S = gdi_allocate(r->env, gdi_times(widest, widest), sizeof *r->S);
  r->values = gdi_allocate(r->env, widest, sizeof *r->values);
  r->Q = gdi_allocate(r->env, gdi_times(r->n, r->n), sizeof *r->Q);
  r->sizes = gdi_allocate(r->env, players, sizeof *r->sizes);
  return r->W && r->S && r->values && r->Q && r->sizes ? GD_OK : GD_ERR_MEMORY;
}

static gd_status reduce(reduction *r, gd_game **game) {
  GD_TRY(open_reduction(r));
  for (size_t k = 0; k < gd_game_players(r->game); k++) GD_TRY(add_player(r, k));
  if (r->m == 0) return gdi_fail(GD_ERR_HYPOTHESIS, "gd_linearisation_reduce: J is 0, so that all directions are idle");
  return make_game(r, game);
}

gd_status gd_linearisation_reduce(gd_linearisation *at, gd_game **game, double *basis) {
  double norm;
  GDI_REQUIRE(game, "gd_linearisation_reduce: game is NULL");
  GD_TRY(gdi_linearisation_check_dense(at, "gd_linearisation_reduce"));
  GD_TRY(gd_linearisation_norm(at, &norm));
  reduction r = {.env = &at->env, .game = at->game, .n = at->n};
  r.zero = fmax(2 * (double)at->n * DBL_EPSILON, gdi_linearisation_doubt(at)) * norm;
  GD_TRY(gd_linearisation_matrix(at, &r.J));
  const gd_status status = reduce(&r, game);
  if (status == GD_OK && basis) memcpy(basis, r.Q, r.n * r.m * sizeof *basis);
  gdi_release(r.env, r.sizes);
  gdi_release(r.env, r.Q);
  gdi_release(r.env, r.values);
  gdi_release(r.env, r.S);
  gdi_release(r.env, r.W);
  return status;
}
