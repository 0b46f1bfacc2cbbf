/* SPDX-License-Identifier: BSD-3-Clause */
/* quotient.c -- idle directions, player by player, from singular values and symmetric eigenvectors. */
#include "support/quotient.h"

#include <float.h>
#include <gamedyn/models.h>
#include <gamedyn/spectrum.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"

/* W = [J(:,i); J(i,:)'], [2n by size], columns: what the player's variables do and what is done to them. */
static double *influence(size_t n, const double *J, size_t first, size_t size) {
  double *W = new_matrix(2 * n, size);
  for (size_t j = 0; j < size; j++) {
    for (size_t k = 0; k < n; k++) {
      W[k + j * 2 * n] = J[k + (first + j) * n];
      W[n + k + j * 2 * n] = J[first + j + k * n];
    }
  }
  return W;
}

static size_t numerical_rank(size_t rows, size_t columns, const double *W, double scale) {
  double *values = singular_values(rows, columns, W);
  size_t rank = 0;
  while (rank < columns && values[rank] > (double)rows * DBL_EPSILON * scale) rank++;
  free(values);
  return rank;
}

/* The `rank` leading eigenvectors of W'W into `basis`, [size by rank] with columns ld apart. */
static void row_space(size_t rows, size_t size, const double *W, size_t rank, double *basis, size_t ld) {
  double *Wt = new_matrix(rows, size), *S = new_matrix(size, size), *zero = new_numbers(size);
  transpose(rows, size, W, Wt);
  multiply(size, rows, size, Wt, W, S);
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.symmetric = true;
  options.vectors = true;
  must(gd_operator_dense(&op, size, size, S, size, NULL));
  must(gd_spectrum_compute(&spectrum, op, &options));
  for (size_t k = 0; k < rank; k++) must(gd_spectrum_vector(spectrum, k, basis + k * ld, zero));
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  free(Wt);
  free(S);
  free(zero);
}

/* Fill in the basis, one player after the other; sizes [n_players] receives the ranks.  Returns their sum. */
static size_t find_basis(gd_game *game, const double *J, double *basis, size_t *sizes) {
  const size_t n = gd_game_size(game);
  const double scale = operator_norm(n, n, J);
  size_t m = 0;
  for (size_t player = 0; player < gd_game_players(game); player++) {
    const size_t first = gd_game_block_start(game, player), size = gd_game_block_size(game, player);
    double *W = influence(n, J, first, size);
    sizes[player] = numerical_rank(2 * n, size, W, scale);
    row_space(2 * n, size, W, sizes[player], basis + first + m * n, n);
    m += sizes[player];
    free(W);
  }
  return m;
}

/* The affine game Q'JQ of the players that are not wholly idle. */
static gd_game *restricted(size_t n, const double *J, size_t m, const double *Q, size_t players, const size_t *sizes) {
  double *JQ = new_matrix(n, m), *Qt = new_matrix(m, n), *QJQ = new_matrix(m, m);
  multiply(n, n, m, J, Q, JQ);
  transpose(n, m, Q, Qt);
  multiply(m, n, m, Qt, JQ, QJQ);
  size_t *kept = new_array(NULL, players, sizeof *kept), n_kept = 0;
  for (size_t player = 0; player < players; player++) {
    if (sizes[player]) kept[n_kept++] = sizes[player];
  }
  gd_game *game = NULL;
  must(gd_model_affine(&game, n_kept, kept, QJQ, m, NULL, NULL));
  free(JQ);
  free(Qt);
  free(QJQ);
  free(kept);
  return game;
}

/* A direction that moves nothing is in the null space of J, so a J of full rank has none. */
static bool has_full_rank(gd_game *game, const double *equilibrium) {
  const size_t n = gd_game_size(game);
  gd_operator *op = NULL;
  double *values = new_numbers(n);
  must(gd_operator_jacobian(&op, game, equilibrium));
  must(gd_singular_values(op, NULL, values, NULL));
  const bool full = values[n - 1] > 2.0 * (double)n * DBL_EPSILON * values[0];
  gd_operator_destroy(op);
  free(values);
  return full;
}

/* Put the game on the complement of its idle directions in the place of the game itself. */
static void reduce(quotient *it, const double *equilibrium) {
  const size_t players = gd_game_players(it->game);
  size_t *sizes = new_array(NULL, players, sizeof *sizes);
  double *J = new_matrix(it->n, it->n);
  it->basis = new_matrix(it->n, it->n);
  must(gd_game_jacobian(it->game, equilibrium, J, it->n));
  it->m = find_basis(it->game, J, it->basis, sizes);
  if (it->m == 0) die("the Jacobian is zero: every point is an equilibrium and nothing moves");
  it->game = restricted(it->n, J, it->m, it->basis, players, sizes);
  memset(it->equilibrium, 0, it->n * sizeof *it->equilibrium);
  free(sizes);
  free(J);
}

quotient quotient_whole(gd_game *game, const double *equilibrium) {
  const size_t n = gd_game_size(game);
  quotient result = {.game = game, .n = n, .m = n, .equilibrium = new_numbers(n)};
  memcpy(result.equilibrium, equilibrium, n * sizeof *equilibrium);
  return result;
}

/* Null vectors of J: the last eigenvectors of J'J. */
static void find_still(quotient *it, gd_game *game, const double *equilibrium) {
  const size_t n = it->n;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  double *J = new_numbers(n * n), *all = new_numbers(n * n);
  must(gd_operator_jacobian(&op, game, equilibrium));
  must(gd_spectrum_compute(&spectrum, op, NULL));
  must(gd_operator_assemble(op, J, n));
  it->n_still = gd_spectrum_null_directions(spectrum);
  row_space(n, n, J, n, all, n);
  it->still = new_numbers(n * it->n_still + 1);
  memcpy(it->still, all + n * (n - it->n_still), n * it->n_still * sizeof *all);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  free(all);
  free(J);
}

quotient quotient_create(gd_game *game, const double *equilibrium) {
  quotient result = quotient_whole(game, equilibrium);
  if (has_full_rank(game, equilibrium)) return result;
  reduce(&result, equilibrium);
  find_still(&result, game, equilibrium);
  return result;
}

void quotient_limit(const quotient *it, const double *equilibrium, const double *start, double *limit) {
  memcpy(limit, it->basis ? start : equilibrium, it->n * sizeof *limit);
  for (size_t k = 0; k < it->m && it->basis; k++) {
    const double *column = it->basis + k * it->n;
    double along = 0.0;
    for (size_t i = 0; i < it->n; i++) along += column[i] * (start[i] - equilibrium[i]);
    for (size_t i = 0; i < it->n; i++) limit[i] -= along * column[i];
  }
}

void quotient_destroy(quotient *it) {
  if (it->basis) gd_game_destroy(it->game);
  free(it->equilibrium);
  free(it->basis);
  free(it->still);
}
