/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse.c -- rows of J one after the other, each a list of columns and values: J u gathers, J' w scatters. */
#include "support/sparse.h"

#include <gamedyn/matrix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/die.h"

void sparse_add(sparse_matrix *matrix, size_t row, size_t column, double value) {
  if (matrix->count == matrix->capacity) {
    matrix->capacity = matrix->capacity ? size_times(2, matrix->capacity) : 256;
    matrix->entries = new_array(matrix->entries, matrix->capacity, sizeof *matrix->entries);
  }
  matrix->entries[matrix->count++] = (gd_entry){row, column, value};
}

/* An empty matrix has no entries to point to, and qsort() wants some. */
void sparse_sort(sparse_matrix *matrix, int (*compare)(const void *, const void *)) {
  if (matrix->count > 0) qsort(matrix->entries, matrix->count, sizeof *matrix->entries, compare);
}

bool sparse_peek(const char *path, size_t *rows, size_t *columns) {
  struct stat facts;
  gd_matrix_shape shape;
  if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
  if (gd_matrix_peek(path, &shape) != GD_OK || !shape.is_coordinate) return false;
  *rows = shape.rows;
  *columns = shape.columns;
  return true;
}

sparse_matrix sparse_read(const char *option, const char *path) {
  gd_entries *entries = NULL;
  must_for(option, gd_entries_read(&entries, path, NULL));
  sparse_matrix matrix = {.rows = gd_entries_rows(entries), .columns = gd_entries_columns(entries)};
  for (size_t k = 0; k < gd_entries_count(entries); k++) {
    const gd_entry *entry = &gd_entries_list(entries)[k];
    sparse_add(&matrix, entry->row, entry->column, entry->value);
  }
  gd_entries_destroy(entries);
  return matrix;
}

void sparse_destroy(sparse_matrix *matrix) { free(matrix->entries); }

/* ---- the game ---- */

/* Row i has the entries first[i] to first[i + 1]. */
typedef struct sparse_rows {
  size_t n;
  size_t *first;   /* [n + 1] */
  size_t *columns; /* [first[n]] */
  double *values;
  size_t *starts; /* [players + 1], first row of each player */
} sparse_rows;

static void destroy(void *data) {
  sparse_rows *rows = data;
  free(rows->first);
  free(rows->columns);
  free(rows->values);
  free(rows->starts);
  free(rows);
}

static void multiply_rows(const sparse_rows *rows, size_t from, size_t to, const double *u, double *out) {
  for (size_t i = from; i < to; i++) {
    double sum = 0.0;
    for (size_t k = rows->first[i]; k < rows->first[i + 1]; k++) sum += rows->values[k] * u[rows->columns[k]];
    out[i - from] = sum;
  }
}

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  const sparse_rows *rows = data;
  (void)draw;
  multiply_rows(rows, 0, rows->n, x, v);
  return 0;
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  const sparse_rows *rows = data;
  (void)draw;
  multiply_rows(rows, rows->starts[player], rows->starts[player + 1], x, v_i);
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)x;
  return gradient(data, draw, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  const sparse_rows *rows = data;
  (void)draw;
  (void)x;
  memset(Jtw, 0, rows->n * sizeof *Jtw);
  for (size_t i = 0; i < rows->n; i++) {
    for (size_t k = rows->first[i]; k < rows->first[i + 1]; k++) Jtw[rows->columns[k]] += rows->values[k] * w[i];
  }
  return 0;
}

static int jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  const sparse_rows *rows = data;
  (void)draw;
  (void)x;
  for (size_t j = 0; j < rows->n; j++) memset(J + j * ldj, 0, rows->n * sizeof *J);
  for (size_t i = 0; i < rows->n; i++) {
    for (size_t k = rows->first[i]; k < rows->first[i + 1]; k++) J[i + rows->columns[k] * ldj] = rows->values[k];
  }
  return 0;
}

static int solution(void *data, double *x) {
  const sparse_rows *rows = data;
  memset(x, 0, rows->n * sizeof *x);
  return 0;
}

static size_t *new_counts(size_t count) {
  size_t *counts = new_array(NULL, count, sizeof *counts);
  memset(counts, 0, count * sizeof *counts);
  return counts;
}

static sparse_rows *rows_create(const sparse_matrix *J) {
  sparse_rows *rows = new_array(NULL, 1, sizeof *rows);
  *rows = (sparse_rows){.n = J->rows,
                        .first = new_counts(size_plus(J->rows, 2)),
                        .columns = new_counts(J->count),
                        .values = new_numbers(J->count)};
  /* first[i + 2] counts row i, then first[i + 1] is where it begins and moves on to where it ends */
  for (size_t k = 0; k < J->count; k++) rows->first[J->entries[k].row + 2]++;
  for (size_t i = 2; i <= J->rows; i++) rows->first[i] += rows->first[i - 1];
  for (size_t k = 0; k < J->count; k++) {
    const size_t place = rows->first[J->entries[k].row + 1]++;
    rows->columns[place] = J->entries[k].column;
    rows->values[place] = J->entries[k].value;
  }
  return rows;
}

gd_game *sparse_game(const sparse_matrix *J, size_t players, const size_t *sizes, uint32_t traits) {
  const gd_game_ops ops = {.struct_size = sizeof ops,
                           .name = "sparse",
                           .destroy = destroy,
                           .gradient = gradient,
                           .player_gradient = player_gradient,
                           .jvp = jvp,
                           .vjp = vjp,
                           .jacobian = jacobian,
                           .solution = solution};
  sparse_rows *rows = rows_create(J);
  rows->starts = new_counts(size_plus(players, 1));
  for (size_t i = 0; i < players; i++) rows->starts[i + 1] = rows->starts[i] + sizes[i];
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = rows,
                             .n_players = players,
                             .block_sizes = sizes,
                             .traits = traits | GD_AFFINE | GD_THREAD_SAFE};
  gd_game *game = NULL;
  must(gd_game_create(&game, &spec));
  return game;
}
