/* SPDX-License-Identifier: BSD-3-Clause */
/* matrix_write.c -- dense matrices to Matrix Market files. */
#include "base/error.h"
#include "files/atomic_file.h"
#include "files/matrix.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

static gd_status check_finite(size_t rows, size_t columns, const double *A, size_t lda) {
  for (size_t column = 0; column < columns; column++)
    for (size_t row = 0; row < rows; row++)
      if (!isfinite(A[row + column * lda]))
        return gdi_fail(GD_ERR_NONFINITE, "gd_matrix_write: A[%zu, %zu] is %g, expected a finite number", row, column,
                        A[row + column * lda]);
  return GD_OK;
}

static bool write_entries(FILE *file, size_t rows, size_t columns, const double *A, size_t lda) {
  bool is_good = fprintf(file, "%%%%MatrixMarket matrix array real general\n%zu %zu\n", rows, columns) > 0;
  for (size_t column = 0; is_good && column < columns; column++)
    for (size_t row = 0; is_good && row < rows; row++) is_good = fprintf(file, "%.17g\n", A[row + column * lda]) > 0;
  return is_good;
}

/* The decimal point is a point whatever the program's locale: this thread's is set aside meanwhile. */
static bool write_plainly(FILE *file, size_t rows, size_t columns, const double *A, size_t lda) {
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (!plain) return false;
  const locale_t before = uselocale(plain);
  const bool is_good = write_entries(file, rows, columns, A, lda);
  uselocale(before);
  freelocale(plain);
  return is_good;
}

/* A device or a pipe cannot be replaced; a directory is refused by the system. */
static bool is_written_to(const char *path) {
  struct stat facts;
  return stat(path, &facts) == 0 && !S_ISREG(facts.st_mode);
}

static gd_status write_to(const char *path, size_t rows, size_t columns, const double *A, size_t lda) {
  FILE *file = fopen(path, "w");
  const bool is_good = file && write_plainly(file, rows, columns, A, lda);
  const int reason = errno;
  const bool is_closed = !file || fclose(file) == 0;
  if (is_good && is_closed) return GD_OK;
  return gdi_fail(GD_ERR_IO, "%s: cannot be written: %s", gdi_short_path(path), strerror(is_good ? errno : reason));
}

static gd_status replace(const char *path, size_t rows, size_t columns, const double *A, size_t lda) {
  gdi_env env;
  gdi_atomic_file file;
  GD_TRY(gdi_env_copy(&env, NULL));
  GD_TRY(gdi_atomic_file_open(&file, path, &env));
  if (!write_plainly(file.file, rows, columns, A, lda)) file.reason = errno;
  return gdi_atomic_file_commit(&file);
}

gd_status gd_matrix_write(const char *path, size_t rows, size_t columns, const double *A, size_t lda) {
  GDI_REQUIRE(path, "gd_matrix_write: path is NULL");
  GDI_REQUIRE(A, "gd_matrix_write: A is NULL");
  GDI_REQUIRE(rows > 0 && columns > 0, "gd_matrix_write: A is %zu by %zu, expected at least 1 by 1", rows, columns);
  GDI_REQUIRE(lda >= rows, "gd_matrix_write: lda is %zu, expected at least the number of rows, %zu", lda, rows);
  GD_TRY(check_finite(rows, columns, A, lda));
  return is_written_to(path) ? write_to(path, rows, columns, A, lda) : replace(path, rows, columns, A, lda);
}
