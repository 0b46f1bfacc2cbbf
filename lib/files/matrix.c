/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix.c -- a dense matrix that owns its numbers. */
#include "files/matrix.h"

#include "base/error.h"
#include "base/memory.h"
#include "dense/algebra.h"

#include <math.h>
#include <string.h>

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

gd_status gd_matrix_create(gd_matrix **matrix, size_t rows, size_t columns, const double *values, const gd_env *env) {
  double *own = NULL;
  size_t row, column;
  GDI_REQUIRE(matrix && values, "gd_matrix_create: %s is NULL", matrix ? "values" : "matrix");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_matrix_create: %zu rows by %zu columns, expected at least 1 by 1", rows,
              columns);
  if (!gdi_matrix_is_finite(rows, columns, values, rows, &row, &column))
    return gdi_fail(GD_ERR_NONFINITE, "values[%zu, %zu] is %g, expected a finite number", row, column,
                    values[row + column * rows]);
  GD_TRY(gdi_matrix_create(matrix, &own, rows, columns, env));
  memcpy(own, values, rows * columns * sizeof *own);
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

gd_status gd_matrix_scale(gd_matrix *matrix, double factor, double offset) {
  GDI_REQUIRE(matrix, "gd_matrix_scale: matrix is NULL");
  const size_t count = matrix->rows * matrix->columns;
  for (size_t k = 0; k < count; k++)
    if (!isfinite(factor * matrix->values[k] + offset))
      return gdi_fail(GD_ERR_NONFINITE, "gd_matrix_scale: %g %g + %g is %g, expected a finite number", factor,
                      matrix->values[k], offset, factor * matrix->values[k] + offset);
  for (size_t k = 0; k < count; k++) matrix->values[k] = factor * matrix->values[k] + offset;
  return GD_OK;
}
