/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_write.c -- dense matrices to Matrix Market files. */
#include "base/error.h"
#include "files/matrix.h"
#include "files/text_file.h"

#include <math.h>

typedef struct dense {
  size_t rows, columns, lda;
  const double *A;
} dense;

static gd_status check_finite(const dense *it) {
  for (size_t column = 0; column < it->columns; column++)
    for (size_t row = 0; row < it->rows; row++)
      if (!isfinite(it->A[row + column * it->lda]))
        return gdi_fail(GD_ERR_NONFINITE, "gd_matrix_write: A[%zu, %zu] is %g, expected a finite number", row, column,
                        it->A[row + column * it->lda]);
  return GD_OK;
}

static bool write_entries(FILE *file, const void *what) {
  const dense *it = what;
  bool is_good = fprintf(file, "%%%%MatrixMarket matrix array real general\n%zu %zu\n", it->rows, it->columns) > 0;
  for (size_t column = 0; is_good && column < it->columns; column++)
    for (size_t row = 0; is_good && row < it->rows; row++)
      is_good = fprintf(file, "%.17g\n", it->A[row + column * it->lda]) > 0;
  return is_good;
}

gd_status gd_matrix_write(const char *path, size_t rows, size_t columns, const double *A, size_t lda) {
  GDI_REQUIRE(path, "gd_matrix_write: path is NULL");
  GDI_REQUIRE(A, "gd_matrix_write: A is NULL");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_matrix_write: A is %zu by %zu, expected at least 1 by 1", rows, columns);
  GDI_REQUIRE(lda >= rows, "gd_matrix_write: lda is %zu, expected at least the number of rows, %zu", lda, rows);
  const dense it = {rows, columns, lda, A};
  gdi_env env;
  GD_TRY(check_finite(&it));
  GD_TRY(gdi_env_copy(&env, NULL));
  return gdi_text_file_write(path, write_entries, &it, &env);
}
