/* SPDX-License-Identifier: BSD-3-Clause */
/* entries.c -- any bytes as a Matrix Market file, read entry by entry: in order, within the matrix, or refused; and
 * what the dense reader takes, this one takes for the same matrix. */
#include "fuzz/fuzz.h"

#include <gamedyn/matrix.h>
#include <gamedyn/sparse.h>
#include <math.h>
#include <string.h>

static void check_order(const gd_sparse *entries) {
  const gd_entry *list = gd_sparse_entries(entries);
  for (size_t k = 0; k < gd_sparse_count(entries); k++) {
    FUZZ_CHECK(list[k].row < gd_sparse_rows(entries) && list[k].column < gd_sparse_columns(entries));
    FUZZ_CHECK(isfinite(list[k].value));
    FUZZ_CHECK(k == 0 || list[k - 1].row < list[k].row ||
               (list[k - 1].row == list[k].row && list[k - 1].column < list[k].column));
  }
}

static void compare(const gd_sparse *entries, const gd_matrix *matrix) {
  const size_t rows = gd_matrix_rows(matrix), columns = gd_matrix_columns(matrix);
  size_t k = 0;
  FUZZ_CHECK(rows == gd_sparse_rows(entries) && columns == gd_sparse_columns(entries));
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) {
      const gd_entry *next = k < gd_sparse_count(entries) ? gd_sparse_entries(entries) + k : NULL;
      const int is_here = next && next->row == i && next->column == j;
      FUZZ_CHECK(gd_matrix_values(matrix)[i + j * rows] == (is_here ? next->value : 0));
      k += (size_t)is_here;
    }
  FUZZ_CHECK(k == gd_sparse_count(entries));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  gd_sparse *entries = NULL;
  gd_matrix *matrix = NULL;
  const char *path = fuzz_file(bytes, count);
  const gd_status status = gd_sparse_read(&entries, path, fuzz_env());
  FUZZ_CHECK((status >= 0) == (entries != NULL));
  if (entries)
    check_order(entries);
  else
    FUZZ_CHECK(strlen(gd_last_error()) > 0);
  const gd_status dense = gd_matrix_read(&matrix, path, fuzz_env());
  FUZZ_CHECK(dense < 0 || entries || status == GD_ERR_MEMORY);
  if (matrix && entries && gd_matrix_rows(matrix) * gd_matrix_columns(matrix) < 10000) compare(entries, matrix);
  gd_matrix_destroy(matrix);
  gd_sparse_destroy(entries);
  FUZZ_CHECK(fuzz_allocated() == 0);
  return 0;
}
