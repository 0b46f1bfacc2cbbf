/* SPDX-License-Identifier: BSD-3-Clause */
/* problem.c -- games and starting points from files or from the seed.
 *
 * Streams of the seed: 0 for C, 2 for A, 3 for B. */
#include "support/problem.h"

#include <dlfcn.h>
#include <gamedyn/models.h>
#include <gamedyn/rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/matrix_file.h"

/* The stream of the seed each kind of number is drawn from; 1 is that of starts. */
enum { STREAM_C = 0, STREAM_A = 2, STREAM_B = 3 };

typedef struct dense_block {
  size_t rows, columns;
  double *values; /* column-major; NULL: absent */
} dense_block;

static dense_block block_read(const char *option, const char *path) {
  if (!path) return (dense_block){0};
  gd_matrix *matrix = matrix_file_read(option, path);
  dense_block block = {.rows = gd_matrix_rows(matrix), .columns = gd_matrix_columns(matrix)};
  block.values = new_matrix(block.rows, block.columns);
  memcpy(block.values, gd_matrix_values(matrix), block.rows * block.columns * sizeof *block.values);
  gd_matrix_destroy(matrix);
  return block;
}

static dense_block block_uniform(size_t size, uint64_t seed) {
  dense_block block = {.rows = size, .columns = size, .values = new_matrix(size, size)};
  gd_rng rng = gd_rng_make(seed, STREAM_C);
  gd_rng_fill_uniform(&rng, size * size, block.values);
  return block;
}

static dense_block block_identity(size_t size) {
  dense_block block = {.rows = size, .columns = size, .values = new_matrix(size, size)};
  for (size_t k = 0; k < size; k++) block.values[k * (size + 1)] = 1.0;
  return block;
}

/* I + G G'/size: symmetric bit by bit, since entries (i, j) and (j, i) add the same products in the same order. */
static dense_block block_definite(size_t size, uint64_t seed, uint64_t stream) {
  dense_block block = block_identity(size);
  double *G = new_matrix(size, size);
  gd_rng rng = gd_rng_make(seed, stream);
  gd_rng_fill_normal(&rng, size * size, G);
  for (size_t j = 0; j < size; j++) {
    for (size_t i = 0; i < size; i++) {
      double sum = 0.0;
      for (size_t k = 0; k < size; k++) sum += G[i + k * size] * G[j + k * size];
      block.values[i + j * size] += sum / (double)size;
    }
  }
  free(G);
  return block;
}

static void must_be_square(const char *option, const char *path, const dense_block *block, size_t size) {
  if (!block->values || (block->rows == size && block->columns == size)) return;
  die("%s: %s is %zu by %zu; %zu by %zu was expected", option, path, block->rows, block->columns, size, size);
}

static void must_be_identity(const char *option, const char *path, const dense_block *block, size_t size) {
  must_be_square(option, path, block, size);
  for (size_t j = 0; j < block->columns; j++) {
    for (size_t i = 0; i < block->rows; i++) {
      if (block->values[i + j * block->rows] != (i == j)) die("%s: %s must be the identity here", option, path);
    }
  }
}

/* A start from a file, or in a random direction at --radius from the equilibrium; returns the distance. */
static double make_start(const common_options *common, size_t n, const double *equilibrium, double *start) {
  if (!common->start) {
    point_around(common, n, equilibrium, start);
    return common->radius;
  }
  point_read("--start", common->start, n, start);
  const double radius = distance(n, start, equilibrium);
  if (!(radius > 0)) die("--start: %s is the equilibrium itself", common->start);
  return radius;
}

game_problem problem_of_game(const common_options *common, gd_game *game, const char *words) {
  const size_t n = gd_game_size(game);
  game_problem problem = {.game = game, .n = n, .equilibrium = new_numbers(n), .start = new_numbers(n)};
  problem.point = point_choose(common, game, problem.equilibrium);
  problem.radius = make_start(common, n, problem.equilibrium, problem.start);
  problem.work = (double)n * (double)n;
  snprintf(problem.words, sizeof problem.words, "%s", words);
  return problem;
}

static game_problem problem_of_blocks(const common_options *common, dense_block A, dense_block B, dense_block C,
                                      const char *words) {
  const size_t p = C.values ? C.rows : A.rows, q = C.values ? C.columns : B.rows;
  gd_game *game = NULL;
  if (A.values || B.values) {
    must(gd_model_quadratic(&game, p, q, A.values, p, B.values, q, C.values, p, NULL));
  } else {
    must_for("--matrix", gd_model_bilinear(&game, p, q, C.values, p, NULL));
  }
  free(A.values);
  free(B.values);
  free(C.values);
  return problem_of_game(common, game, words);
}

bool problem_has_files(const common_options *common) { return common->matrix || common->matrix_a || common->matrix_b; }

/* block + a I; an absent block is zero. */
static dense_block curved(dense_block block, size_t size, double a) {
  if (a == 0) return block;
  if (!block.values) block = (dense_block){size, size, new_matrix(size, size)};
  for (size_t k = 0; k < size; k++) block.values[k * (size + 1)] += a;
  return block;
}

/* With a I added to A and B. */
static game_problem problem_from_files(const common_options *common, double a) {
  if (!common->matrix && !(common->matrix_a && common->matrix_b)) {
    die("%s alone does not make a game; --matrix was expected too", common->matrix_a ? "--matrix-a" : "--matrix-b");
  }
  dense_block A = block_read("--matrix-a", common->matrix_a), B = block_read("--matrix-b", common->matrix_b);
  const dense_block C = block_read("--matrix", common->matrix);
  const size_t p = C.values ? C.rows : A.rows, q = C.values ? C.columns : B.rows;
  must_be_square("--matrix-a", common->matrix_a, &A, p);
  must_be_square("--matrix-b", common->matrix_b, &B, q);
  A = curved(A, p, a);
  B = curved(B, q, a);
  char words[160];
  snprintf(words, sizeof words, "%s game from %s, p = %zu, q = %zu", A.values || B.values ? "quadratic" : "bilinear",
           file_name(common->matrix ? common->matrix : common->matrix_a), p, q);
  return problem_of_blocks(common, A, B, C, words);
}

game_problem problem_bilinear(const common_options *common) {
  if (problem_is_sparse(common)) return problem_sparse(common);
  if (problem_has_files(common)) return problem_from_files(common, 0.0);
  char words[160];
  snprintf(words, sizeof words, "bilinear game, p = q = %zu, C uniform on [0, 1), seed %llu", (size_t)common->size,
           (unsigned long long)common->seed);
  return problem_of_blocks(common, (dense_block){0}, (dense_block){0}, block_uniform(common->size, common->seed),
                           words);
}

game_problem problem_quadratic(const common_options *common) {
  if (problem_has_files(common)) return problem_from_files(common, 0.0);
  const size_t size = common->size;
  char words[160];
  snprintf(words, sizeof words,
           "quadratic game, p = q = %zu, A and B of the form I + G G'/p, C uniform on [0, 1), seed %llu", size,
           (unsigned long long)common->seed);
  return problem_of_blocks(common, block_definite(size, common->seed, STREAM_A),
                           block_definite(size, common->seed, STREAM_B), block_uniform(size, common->seed), words);
}

game_problem problem_curved(const common_options *common, double a) {
  if (problem_has_files(common)) return problem_from_files(common, a);
  const size_t size = common->size;
  dense_block C = {size, size, new_matrix(size, size)};
  gd_rng rng = gd_rng_make(common->seed, STREAM_C);
  gd_rng_fill_normal(&rng, size * size, C.values);
  char words[160];
  snprintf(words, sizeof words, "game with p = q = %zu, C standard normal, seed %llu", size,
           (unsigned long long)common->seed);
  return problem_of_blocks(common, curved((dense_block){0}, size, a), curved((dense_block){0}, size, a), C, words);
}

game_problem problem_unit_curvature(const common_options *common) {
  dense_block A = block_read("--matrix-a", common->matrix_a), B = block_read("--matrix-b", common->matrix_b);
  dense_block C = common->matrix ? block_read("--matrix", common->matrix) : block_uniform(common->size, common->seed);
  must_be_identity("--matrix-a", common->matrix_a, &A, C.rows);
  must_be_identity("--matrix-b", common->matrix_b, &B, C.columns);
  if (!A.values) A = block_identity(C.rows);
  if (!B.values) B = block_identity(C.columns);
  char words[160];
  snprintf(words, sizeof words, "quadratic game, p = %zu, q = %zu, A = B = I, C from %s", C.rows, C.columns,
           common->matrix ? file_name(common->matrix) : "the seed, uniform on [0, 1)");
  return problem_of_blocks(common, A, B, C, words);
}

void problem_destroy(game_problem *problem) {
  gd_game_destroy(problem->game);
  if (problem->object) dlclose(problem->object); /* the game's functions were its */
  free(problem->equilibrium);
  free(problem->start);
}
