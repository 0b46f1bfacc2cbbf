/* SPDX-License-Identifier: BSD-3-Clause */
/* sparse_read.c -- Matrix Market files of the `coordinate` format, entry by entry; others are read by the library.
 *
 *     %%MatrixMarket matrix coordinate real general
 *     % a comment
 *     rows columns entries
 *     row column value            from 1 on; symmetric and skew-symmetric files hold what is on and below the diagonal
 */
#include <ctype.h>
#include <gamedyn/matrix.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/sparse.h"

enum { LINE_SIZE = 1100 };

typedef struct coordinate_file {
  const char *option, *path;
  FILE *file;
  size_t line;
  char text[LINE_SIZE];
  int mirror; /* of an entry below the diagonal: 0, 1 or -1 times it above */
  size_t rows, columns, entries;
} coordinate_file;

static bool next_line(coordinate_file *it) {
  it->line++;
  return fgets(it->text, sizeof it->text, it->file) != NULL;
}

/* The next line that is neither blank nor a comment. */
static bool next_data(coordinate_file *it) {
  while (next_line(it)) {
    const char *word = it->text + strspn(it->text, " \t\r\n");
    if (*word && *word != '%') return true;
  }
  return false;
}

/* The banner of a coordinate file of real or whole numbers. */
static bool read_banner(coordinate_file *it) {
  char field[16], symmetry[16], more[2];
  if (!next_line(it)) return false;
  for (char *letter = it->text; *letter; letter++) *letter = (char)tolower((unsigned char)*letter);
  if (sscanf(it->text, "%%%%matrixmarket matrix coordinate %15s %15s %1s", field, symmetry, more) != 2) return false;
  const bool mirrored = strcmp(symmetry, "symmetric") == 0, turned = strcmp(symmetry, "skew-symmetric") == 0;
  it->mirror = mirrored ? 1 : turned ? -1 : 0;
  return (strcmp(field, "real") == 0 || strcmp(field, "integer") == 0) &&
         (mirrored || turned || strcmp(symmetry, "general") == 0);
}

static bool begin(coordinate_file *it) {
  char more[2];
  it->file = fopen(it->path, "r");
  if (!it->file || !read_banner(it) || !next_data(it)) return false;
  return sscanf(it->text, "%zu %zu %zu %1s", &it->rows, &it->columns, &it->entries, more) == 3 && it->rows > 0 &&
         it->columns > 0;
}

static void end(coordinate_file *it) {
  if (it->file) fclose(it->file);
}

bool sparse_peek(const char *path, size_t *rows, size_t *columns) {
  coordinate_file it = {.path = path};
  const bool good = begin(&it);
  end(&it);
  if (good) {
    *rows = it.rows;
    *columns = it.columns;
  }
  return good;
}

static _Noreturn void refuse(const coordinate_file *it, const char *expected) {
  die("%s: %s:%zu: '%.*s', expected %s", it->option, it->path, it->line, (int)strcspn(it->text, "\r\n"), it->text,
      expected);
}

static void read_entry(coordinate_file *it, sparse_matrix *matrix) {
  size_t row = 0, column = 0;
  int read = 0;
  char *rest = NULL;
  if (sscanf(it->text, "%zu %zu %n", &row, &column, &read) != 2 || read == 0) refuse(it, "row, column and value");
  const double value = strtod(it->text + read, &rest);
  if (rest == it->text + read || rest[strspn(rest, " \t\r\n")] || !isfinite(value)) refuse(it, "a finite value");
  if (row < 1 || row > it->rows || column < 1 || column > it->columns) refuse(it, "an entry of the matrix");
  if (it->mirror && (row < column || (it->mirror < 0 && row == column))) refuse(it, "an entry below the diagonal");
  sparse_add(matrix, row - 1, column - 1, value);
  if (it->mirror && row != column) sparse_add(matrix, column - 1, row - 1, it->mirror * value);
}

static int compare_entries(const void *a, const void *b) {
  const sparse_entry *one = a, *other = b;
  if (one->row != other->row) return one->row < other->row ? -1 : 1;
  return (one->column > other->column) - (one->column < other->column);
}

static void refuse_doubles(const coordinate_file *it, sparse_matrix *matrix) {
  sparse_sort(matrix, compare_entries);
  for (size_t k = 1; k < matrix->count; k++) {
    const sparse_entry *entry = &matrix->entries[k];
    if (compare_entries(entry - 1, entry) == 0) {
      die("%s: %s: entry %zu %zu is given twice", it->option, it->path, entry->row + 1, entry->column + 1);
    }
  }
}

static sparse_matrix read_dense(const char *option, const char *path) {
  gd_matrix *dense = NULL;
  must_for(option, gd_matrix_read(&dense, path, NULL));
  sparse_matrix matrix = {.rows = gd_matrix_rows(dense), .columns = gd_matrix_columns(dense)};
  const double *values = gd_matrix_values(dense);
  for (size_t i = 0; i < matrix.rows; i++) {
    for (size_t j = 0; j < matrix.columns; j++) {
      if (values[i + j * matrix.rows] != 0.0) sparse_add(&matrix, i, j, values[i + j * matrix.rows]);
    }
  }
  gd_matrix_destroy(dense);
  return matrix;
}

sparse_matrix sparse_read(const char *option, const char *path) {
  coordinate_file it = {.option = option, .path = path};
  const bool good = begin(&it);
  sparse_matrix matrix = {.rows = it.rows, .columns = it.columns};
  for (size_t k = 0; good && k < it.entries; k++) {
    if (!next_data(&it)) die("%s: %s ends after %zu of %zu entries", option, path, k, it.entries);
    read_entry(&it, &matrix);
  }
  if (good && next_data(&it)) refuse(&it, "the end of the file");
  end(&it);
  if (!good) return read_dense(option, path);
  refuse_doubles(&it, &matrix);
  return matrix;
}
