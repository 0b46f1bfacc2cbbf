/* SPDX-License-Identifier: BSD-3-Clause */
/* problem_sparse.c -- games of coordinate files with more variables than a matrix is to have. */
#include <gamedyn/game.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/problem.h"
#include "support/sparse.h"

/* Variables of a game, if the file that tells them is a coordinate file; else 0. */
static size_t count_variables(const common_options *common) {
  size_t rows = 0, columns = 0, more = 0;
  if (common->matrix) return sparse_peek(common->matrix, &rows, &columns) ? size_plus(rows, columns) : 0;
  if (!common->matrix_a || !common->matrix_b) return 0;
  const bool both = sparse_peek(common->matrix_a, &rows, &columns) && sparse_peek(common->matrix_b, &more, &columns);
  return both ? size_plus(rows, more) : 0;
}

bool problem_is_sparse(const common_options *common) { return count_variables(common) > common->dense_limit; }

bool problem_is_sparse_jacobian(const common_options *common, const char *path) {
  size_t rows = 0, columns = 0;
  return sparse_peek(path, &rows, &columns) && rows > common->dense_limit;
}

/* An empty matrix where there is no file; symmetric unless it is C. */
static sparse_matrix read_block(const char *option, const char *path) {
  return path ? sparse_read(option, path) : (sparse_matrix){0};
}

static void must_be_square(const char *option, const char *path, const sparse_matrix *block, size_t size) {
  if (!path || (block->rows == size && block->columns == size)) return;
  die("%s: %s is %zu by %zu; %zu by %zu was expected", option, path, block->rows, block->columns, size, size);
}

static int by_column(const void *a, const void *b) {
  const gd_entry *one = a, *other = b;
  if (one->column != other->column) return one->column < other->column ? -1 : 1;
  return (one->row > other->row) - (one->row < other->row);
}

/* Sorted by rows, entries are those sorted by columns with rows and columns exchanged. */
static void must_be_symmetric(const char *option, const char *path, const sparse_matrix *block) {
  sparse_matrix turned = {0};
  for (size_t k = 0; k < block->count; k++) {
    sparse_add(&turned, block->entries[k].row, block->entries[k].column, block->entries[k].value);
  }
  sparse_sort(&turned, by_column);
  for (size_t k = 0; k < block->count; k++) {
    const gd_entry *one = &block->entries[k], *other = &turned.entries[k];
    if (one->row != other->column || one->column != other->row || one->value != other->value) {
      die("%s: %s is not symmetric", option, path);
    }
  }
  sparse_destroy(&turned);
}

/* J += scale block, its corner at (row, column). */
static void place(sparse_matrix *J, size_t row, size_t column, double scale, const sparse_matrix *block) {
  for (size_t k = 0; k < block->count; k++) {
    const gd_entry *entry = &block->entries[k];
    sparse_add(J, row + entry->row, column + entry->column, scale * entry->value);
  }
}

static void place_transposed(sparse_matrix *J, size_t row, size_t column, const sparse_matrix *block) {
  for (size_t k = 0; k < block->count; k++) {
    const gd_entry *entry = &block->entries[k];
    sparse_add(J, row + entry->column, column + entry->row, entry->value);
  }
}

static game_problem problem_of(const common_options *common, const sparse_matrix *J, size_t players,
                               const size_t *sizes, uint32_t traits, const char *words) {
  game_problem problem = problem_of_game(common, sparse_game(J, players, sizes, traits), words);
  problem.work = 2.0 * (double)J->count;
  return problem;
}

/* A few bytes can ask for any number of variables, and a vector has one number for each. */
static void must_be_few(const char *option, const char *path, size_t n) {
  enum { MOST_VARIABLES = 1 << 24 };
  if (n > MOST_VARIABLES)
    die("%s: %s makes a game of %zu variables; at most %d were expected", option, path, n, MOST_VARIABLES);
}

game_problem problem_sparse(const common_options *common) {
  sparse_matrix A = read_block("--matrix-a", common->matrix_a), B = read_block("--matrix-b", common->matrix_b);
  sparse_matrix C = read_block("--matrix", common->matrix);
  const size_t p = common->matrix ? C.rows : A.rows, q = common->matrix ? C.columns : B.rows, sizes[2] = {p, q};
  must_be_few(common->matrix ? "--matrix" : "--matrix-a", common->matrix ? common->matrix : common->matrix_a,
              size_plus(p, q));
  must_be_square("--matrix-a", common->matrix_a, &A, p);
  must_be_square("--matrix-b", common->matrix_b, &B, q);
  must_be_symmetric("--matrix-a", common->matrix_a, &A);
  must_be_symmetric("--matrix-b", common->matrix_b, &B);
  sparse_matrix J = {.rows = p + q, .columns = p + q};
  place(&J, 0, 0, -1.0, &A);
  place(&J, 0, p, -1.0, &C);
  place_transposed(&J, p, 0, &C);
  place(&J, p, p, -1.0, &B);
  char words[160];
  snprintf(words, sizeof words, "%s game from %s, p = %zu, q = %zu, %zu entries",
           A.count || B.count ? "quadratic" : "bilinear", file_name(common->matrix ? common->matrix : common->matrix_a),
           p, q, A.count + B.count + C.count);
  game_problem problem = problem_of(common, &J, 2, sizes, GD_ZERO_SUM, words);
  sparse_destroy(&A);
  sparse_destroy(&B);
  sparse_destroy(&C);
  sparse_destroy(&J);
  return problem;
}

game_problem problem_sparse_jacobian(const common_options *common, const char *path, const char *blocks) {
  sparse_matrix J = sparse_read("--jacobian", path);
  if (J.columns != J.rows) {
    die("--jacobian: %s is %zu by %zu; a square matrix was expected", path, J.rows, J.columns);
  }
  must_be_few("--jacobian", path, J.rows);
  size_t players = 0, *sizes = problem_blocks(blocks, J.rows, &players);
  char words[160];
  snprintf(words, sizeof words, "game with the Jacobian %s, players with %s variables, %zu entries", file_name(path),
           blocks, J.count);
  game_problem problem = problem_of(common, &J, players, sizes, 0, words);
  free(sizes);
  sparse_destroy(&J);
  return problem;
}
