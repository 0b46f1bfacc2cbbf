/* SPDX-License-Identifier: BSD-3-Clause */
/* problem_general.c -- games that are more than two players' matrices: any Jacobian, any model. */
#include <gamedyn/models.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/matrix_file.h"
#include "support/problem.h"

/* "2,3" as sizes that add up to n; returns how many. */
static size_t parse_blocks(const char *text, size_t n, size_t *sizes) {
  size_t count = 0, sum = 0;
  for (const char *from = text; from; count++) {
    char *end = NULL;
    const unsigned long size = *from >= '0' && *from <= '9' ? strtoul(from, &end, 10) : 0;
    if (size == 0 || size > n - sum || (*end && *end != ',')) {
      die("--blocks: '%s' is not a list such as 2,3 of positive sizes that add up to %zu", text, n);
    }
    sizes[count] = size;
    sum += size;
    from = *end ? end + 1 : NULL;
  }
  if (sum != n) die("--blocks: '%s' adds up to %zu, but the Jacobian has %zu rows", text, sum, n);
  return count;
}

/* True for [-A -C; C' -B] with A [p by p] and B symmetric: the Jacobian of a two-player zero-sum game. */
static bool is_zero_sum(size_t n, size_t p, const double *J) {
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < n; i++) {
      const bool same_player = (i < p) == (j < p);
      if (J[i + j * n] != (same_player ? J[j + i * n] : -J[j + i * n])) return false;
    }
  }
  return true;
}

/* As a zero-sum game where J is of that form, so that the theorems about those apply; else as any affine game. */
static gd_game *game_of_jacobian(size_t players, const size_t *sizes, size_t n, const double *J) {
  gd_game *game = NULL;
  if (players != 2 || !is_zero_sum(n, sizes[0], J)) {
    must_for("--jacobian", gd_model_affine(&game, players, sizes, J, n, NULL, NULL));
    return game;
  }
  const size_t p = sizes[0], q = sizes[1];
  double *M = new_matrix(n, n);
  for (size_t k = 0; k < n * n; k++) M[k] = J[k] == 0.0 ? 0.0 : -J[k];
  must_for("--jacobian", gd_model_quadratic(&game, p, q, M, n, M + p * (n + 1), n, M + p * n, n, NULL));
  free(M);
  return game;
}

size_t *problem_blocks(const char *blocks, size_t n, size_t *players) {
  if (!blocks) die("--jacobian: --blocks was expected too, such as --blocks %zu,%zu", n - n / 2, n / 2);
  size_t *sizes = new_array(NULL, n, sizeof *sizes);
  *players = parse_blocks(blocks, n, sizes);
  return sizes;
}

game_problem problem_of_jacobian(const common_options *common, const char *path, const char *blocks) {
  if (problem_is_sparse_jacobian(common, path)) return problem_sparse_jacobian(common, path, blocks);
  gd_matrix *J = matrix_file_read("--jacobian", path);
  const size_t n = gd_matrix_rows(J);
  if (gd_matrix_columns(J) != n) {
    die("--jacobian: %s is %zu by %zu; a square matrix was expected", path, n, gd_matrix_columns(J));
  }
  size_t players = 0, *sizes = problem_blocks(blocks, n, &players);
  gd_game *game = game_of_jacobian(players, sizes, n, gd_matrix_values(J));
  free(sizes);
  gd_matrix_destroy(J);
  char words[160];
  snprintf(words, sizeof words, "game with the Jacobian %s, players with %s variables", file_name(path), blocks);
  return problem_of_game(common, game, words);
}

static _Noreturn void die_unknown_model(const char *name) {
  char names[512] = "";
  const gd_model *model = NULL;
  for (size_t k = 0; (model = gd_model_at(k)) != NULL; k++) {
    const size_t used = strlen(names);
    snprintf(names + used, sizeof names - used, "%s%s", k ? ", " : "", model->name);
  }
  die("--model: there is no '%s'; the models are %s", name, names);
}

game_problem problem_of_model(const common_options *common, const char *name) {
  const gd_model *model = gd_model_find(name);
  if (!model) die_unknown_model(name);
  gd_game *game = NULL;
  must_for("--model", model->create_random(&game, common->size, common->seed, NULL));
  char words[160];
  snprintf(words, sizeof words, "random %s game, %zu variables, seed %llu", name, gd_game_size(game),
           (unsigned long long)common->seed);
  return problem_of_game(common, game, words);
}
