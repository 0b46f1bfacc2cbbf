/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix.c -- a dense matrix that owns its numbers. */
#include "base/matrix.h"

#include "base/error.h"
#include "base/memory.h"

struct gd_matrix {
  gdi_env env;
  size_t rows, columns;
  double *values; /* [rows by columns], column-major */
};

gd_status gdi_matrix_create(gd_matrix **matrix, double **values, size_t rows, size_t columns, const gd_env *env) {
  gd_status status;
  const size_t count = gdi_times(rows, columns);
  if (count == SIZE_MAX) return gdi_fail(GD_ERR_MEMORY, "out of memory: a matrix of %zu by %zu", rows, columns);
  gd_matrix *made = gdi_create(env, sizeof *made, offsetof(gd_matrix, env), &status);
  if (!made) return status;
  made->rows = rows;
  made->columns = columns;
  made->values = gdi_allocate(&made->env, count, sizeof *made->values);
  if (!made->values) {
    gd_matrix_destroy(made);
    return GD_ERR_MEMORY;
  }
  *values = made->values;
  *matrix = made;
  return GD_OK;
}

void gd_matrix_destroy(gd_matrix *matrix) {
  if (!matrix) return;
  gdi_release(&matrix->env, matrix->values);
  gdi_destroy(matrix, offsetof(gd_matrix, env));
}

size_t gd_matrix_rows(const gd_matrix *matrix) { return matrix ? matrix->rows : 0; }

size_t gd_matrix_columns(const gd_matrix *matrix) { return matrix ? matrix->columns : 0; }

const double *gd_matrix_values(const gd_matrix *matrix) { return matrix ? matrix->values : NULL; }
