/* SPDX-License-Identifier: BSD-3-Clause */
/* compressed.c -- rows one after the other: A u gathers from u, A'w scatters into the result. */
#include "linear/compressed.h"

#include "base/error.h"
#include "base/sizes.h"

#include <string.h>

gd_status gdi_compressed_create(gdi_compressed *matrix, const gdi_env *env, const gd_sparse *sparse) {
  const size_t rows = gd_sparse_rows(sparse), count = gd_sparse_count(sparse);
  const gd_entry *entries = gd_sparse_entries(sparse);
  *matrix = (gdi_compressed){0};
  if (gd_sparse_columns(sparse) > UINT32_MAX)
    return gdi_fail(GD_ERR_UNSUPPORTED, "the sparse matrix has %zu columns, expected %u at most",
                    gd_sparse_columns(sparse), UINT32_MAX);
  *matrix = (gdi_compressed){.rows = rows, .columns = gd_sparse_columns(sparse)};
  matrix->first = gdi_allocate(env, gdi_plus(rows, 1), sizeof *matrix->first);
  matrix->column = gdi_allocate(env, count, sizeof *matrix->column);
  matrix->value = gdi_allocate(env, count, sizeof *matrix->value);
  if (!matrix->first || !matrix->column || !matrix->value) return GD_ERR_MEMORY;
  for (size_t k = 0; k < count; k++) {
    matrix->first[entries[k].row + 1]++;
    matrix->column[k] = (uint32_t)entries[k].column;
    matrix->value[k] = entries[k].value;
  }
  for (size_t i = 0; i < rows; i++) matrix->first[i + 1] += matrix->first[i];
  return GD_OK;
}

void gdi_compressed_destroy(gdi_compressed *matrix, const gdi_env *env) {
  gdi_release(env, matrix->value);
  gdi_release(env, matrix->column);
  gdi_release(env, matrix->first);
}

void gdi_compressed_multiply(const gdi_compressed *matrix, size_t from, size_t to, const double *u, double *out) {
  const size_t *first = matrix->first;
  const uint32_t *column = matrix->column;
  const double *value = matrix->value;
  for (size_t i = from; i < to; i++) {
    double sum = 0;
    for (size_t k = first[i]; k < first[i + 1]; k++) sum += value[k] * u[column[k]];
    out[i - from] = sum;
  }
}

void gdi_compressed_multiply_transposed(const gdi_compressed *matrix, const double *w, double *out) {
  memset(out, 0, matrix->columns * sizeof *out);
  for (size_t i = 0; i < matrix->rows; i++)
    for (size_t k = matrix->first[i]; k < matrix->first[i + 1]; k++) out[matrix->column[k]] += matrix->value[k] * w[i];
}

void gdi_compressed_assemble(const gdi_compressed *matrix, double *A, size_t lda) {
  for (size_t j = 0; j < matrix->columns; j++) memset(A + j * lda, 0, matrix->rows * sizeof *A);
  for (size_t i = 0; i < matrix->rows; i++)
    for (size_t k = matrix->first[i]; k < matrix->first[i + 1]; k++) A[i + matrix->column[k] * lda] = matrix->value[k];
}
