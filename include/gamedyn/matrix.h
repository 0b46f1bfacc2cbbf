/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Matrix: a dense real matrix read from a Matrix Market file (Boisvert, Pozo & Remington
 * 1996, NISTIR 5935), or written to one.  Owns its numbers. */
#ifndef GAMEDYN_MATRIX_H
#define GAMEDYN_MATRIX_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_matrix gd_matrix;

/** Read a Matrix Market file: `matrix`, `array` or `coordinate`, `real` or `integer`, `general`,
 * `symmetric` or `skew-symmetric`; the matrix is stored densely and in full.  Upper and lower case
 * are alike, numbers have a decimal point whatever the locale, blank lines and comments may stand
 * anywhere after the first line, lines end in LF or CR LF and have up to 1024 characters.
 * Files that give an entry twice or above the diagonal of a symmetric matrix are malformed.
 * A few bytes may stand for a huge matrix of zeros: a `coordinate` file may have at most 2^25 numbers
 * (256 megabytes), or 64 for each entry it lists; an `array` from a pipe at most 2^25.  gd_entries_read() has no
 * such limit.
 * @param matrix set on success.  @param env may be NULL.
 * @return GD_ERR_IO if the file cannot be opened or read; GD_ERR_FORMAT if it is malformed,
 * with gd_last_error() naming file, line and what was expected there; GD_ERR_UNSUPPORTED for
 * complex, pattern or hermitian files and beyond the limit. */
GD_API gd_status gd_matrix_read(gd_matrix **matrix, const char *path, const gd_env *env);

/** What the first lines of a Matrix Market file say. */
typedef struct gd_matrix_shape {
  size_t rows, columns; /**< 1 or more */
  size_t entries;       /**< that the file lists */
  bool is_coordinate;   /**< of the format `coordinate`, else `array` */
  uint64_t reserved[4]; /**< 0 */
} gd_matrix_shape;

/** Read a file's first lines alone.  What follows them is not looked at; a pipe cannot be read again.
 * @return as gd_matrix_read(). */
GD_API gd_status gd_matrix_peek(const char *path, gd_matrix_shape *shape);

/** Write A [rows by columns], lda >= rows, as `matrix array real general` with 17 significant digits, so
 * that reading gives the same bits back.  rows and columns are 1 or more.
 * @return GD_ERR_NONFINITE if an entry is no finite number (the file is then as it was), GD_ERR_IO. */
GD_API gd_status gd_matrix_write(const char *path, size_t rows, size_t columns, const double *A, size_t lda);

GD_API void gd_matrix_destroy(gd_matrix *matrix);         /**< NULL is a no-op */
GD_API size_t gd_matrix_rows(const gd_matrix *matrix);    /**< 0 for NULL */
GD_API size_t gd_matrix_columns(const gd_matrix *matrix); /**< 0 for NULL */
/** [rows by columns], column-major, columns `rows` apart; lives as long as the matrix.  NULL for NULL. */
GD_API const double *gd_matrix_values(const gd_matrix *matrix);

#ifdef __cplusplus
}
#endif
#endif
