/* SPDX-License-Identifier: BSD-3-Clause */
/* Sparse: matrices of which only the entries that are not zero are kept, from Matrix Market files, and the game v = J x
 * of one, known by its products.  For games too large for matrices of n by n numbers. */
#ifndef SUPPORT_SPARSE_H
#define SUPPORT_SPARSE_H

#include <gamedyn/entries.h>
#include <gamedyn/game.h>
#include <stdbool.h>

/* Entries in any order; owns them. */
typedef struct sparse_matrix {
  size_t rows, columns, count, capacity;
  gd_entry *entries;
} sparse_matrix;

/* Rows and columns of a `coordinate` file, from its first lines; false for every other file, good or bad, and for
 * pipes, which cannot be read again. */
bool sparse_peek(const char *path, size_t *rows, size_t *columns);

/* Any Matrix Market file, row by row; dies, naming file and line, if it is malformed. */
sparse_matrix sparse_read(const char *option, const char *path);

void sparse_add(sparse_matrix *matrix, size_t row, size_t column, double value);
/* Put the entries in the order of a comparison of two of them, as for qsort(). */
void sparse_sort(sparse_matrix *matrix, int (*compare)(const void *, const void *));
void sparse_destroy(sparse_matrix *matrix);

/* v = J x with players of these sizes; 0 is its solution.  Takes what it needs from J. */
gd_game *sparse_game(const sparse_matrix *J, size_t players, const size_t *sizes, uint32_t traits);

#endif
