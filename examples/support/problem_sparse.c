/* SPDX-License-Identifier: BSD-3-Clause */
/* problem_sparse.c -- games of coordinate files with more variables than a matrix is to have. */
#include <gamedyn/matrix.h>
#include <gamedyn/sparse.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "support/die.h"
#include "support/problem.h"

/* Rows and columns of a `coordinate` file, from its first lines; false for every other file, good or bad, and for
 * pipes, which cannot be read again. */
static bool peek(const char *path, size_t *rows, size_t *columns) {
  struct stat facts;
  gd_matrix_shape shape;
  if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
  if (gd_matrix_peek(path, &shape) != GD_OK || !shape.is_coordinate) return false;
  *rows = shape.rows;
  *columns = shape.columns;
  return true;
}

/* Variables of a game, if the file that tells them is a coordinate file; else 0. */
static size_t count_variables(const common_options *common) {
  size_t rows = 0, columns = 0, more = 0;
  if (common->matrix) return peek(common->matrix, &rows, &columns) ? size_plus(rows, columns) : 0;
  if (!common->matrix_a || !common->matrix_b) return 0;
  const bool both = peek(common->matrix_a, &rows, &columns) && peek(common->matrix_b, &more, &columns);
  return both ? size_plus(rows, more) : 0;
}

bool problem_is_sparse(const common_options *common) { return count_variables(common) > common->dense_limit; }

bool problem_is_sparse_jacobian(const common_options *common, const char *path) {
  size_t rows = 0, columns = 0;
  return peek(path, &rows, &columns) && rows > common->dense_limit;
}

/* NULL where there is no file. */
static gd_sparse *read_block(const char *option, const char *path) {
  gd_sparse *block = NULL;
  if (path) must_for(option, gd_sparse_read(&block, path, NULL));
  return block;
}

static void must_be_symmetric(const char *option, const char *path, const gd_sparse *block, size_t size) {
  if (block && (gd_sparse_rows(block) != size || gd_sparse_columns(block) != size)) {
    die("%s: %s is %zu by %zu; %zu by %zu was expected", option, path, gd_sparse_rows(block), gd_sparse_columns(block),
        size, size);
  }
  if (!gd_sparse_is_symmetric(block)) die("%s: %s is not symmetric", option, path);
}

/* A few bytes can ask for any number of variables, and a vector has one number for each. */
static void must_be_few(const char *option, const char *path, size_t n) {
  enum { MOST_VARIABLES = 1 << 24 };
  if (n > MOST_VARIABLES)
    die("%s: %s makes a game of %zu variables; at most %d were expected", option, path, n, MOST_VARIABLES);
}

game_problem problem_sparse(const common_options *common) {
  gd_sparse *A = read_block("--matrix-a", common->matrix_a), *B = read_block("--matrix-b", common->matrix_b);
  gd_sparse *C = read_block("--matrix", common->matrix);
  const char *option = C ? "--matrix" : "--matrix-a", *path = C ? common->matrix : common->matrix_a;
  const size_t p = gd_sparse_rows(C ? C : A), q = C ? gd_sparse_columns(C) : gd_sparse_rows(B);
  must_be_few(option, path, size_plus(p, q));
  must_be_symmetric("--matrix-a", common->matrix_a, A, p);
  must_be_symmetric("--matrix-b", common->matrix_b, B, q);
  gd_game *game = NULL;
  must_for(option, gd_model_sparse_quadratic(&game, A, B, C, NULL));
  const size_t own = gd_sparse_count(A) + gd_sparse_count(B), both = gd_sparse_count(C);
  char words[160];
  snprintf(words, sizeof words, "%s game from %s, p = %zu, q = %zu, %zu entries", own ? "quadratic" : "bilinear",
           file_name(path), p, q, own + both);
  game_problem problem = problem_of_game(common, game, words);
  problem.work = 2.0 * (double)(own + 2 * both);
  gd_sparse_destroy(C);
  gd_sparse_destroy(B);
  gd_sparse_destroy(A);
  return problem;
}

game_problem problem_sparse_jacobian(const common_options *common, const char *path, const char *blocks) {
  gd_sparse *J = read_block("--jacobian", path);
  if (gd_sparse_columns(J) != gd_sparse_rows(J)) {
    die("--jacobian: %s is %zu by %zu; a square matrix was expected", path, gd_sparse_rows(J), gd_sparse_columns(J));
  }
  must_be_few("--jacobian", path, gd_sparse_rows(J));
  size_t players = 0, *sizes = problem_blocks(blocks, gd_sparse_rows(J), &players);
  gd_game *game = NULL;
  must_for("--jacobian", gd_model_sparse(&game, players, sizes, J, NULL, 0, NULL));
  char words[160];
  snprintf(words, sizeof words, "game with the Jacobian %s, players with %s variables, %zu entries", file_name(path),
           blocks, gd_sparse_count(J));
  game_problem problem = problem_of_game(common, game, words);
  problem.work = 2.0 * (double)gd_sparse_count(J);
  free(sizes);
  gd_sparse_destroy(J);
  return problem;
}
