/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Matrix: a dense real matrix read from a Matrix Market file (Boisvert, Pozo & Remington
 * 1996, NISTIR 5935), or written to one.  Owns its numbers. */
#ifndef GAMEDYN_MATRIX_H
#define GAMEDYN_MATRIX_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_matrix gd_matrix;

/** Read a Matrix Market file: `matrix`, `array` or `coordinate`, `real` or `integer`, `general`,
 * `symmetric` or `skew-symmetric`; the matrix is stored densely and in full.  Upper and lower case
 * are alike, numbers have a decimal point whatever the locale, blank lines and comments may stand
 * anywhere after the first line, lines may end with CR LF and have up to 1024 characters.
 * Files that give an entry twice or above the diagonal of a symmetric matrix are malformed.
 * @param matrix set on success.  @param env may be NULL.
 * @return GD_ERR_IO if the file cannot be opened or read; GD_ERR_FORMAT if it is malformed,
 * with gd_last_error() naming file, line and what was expected there; GD_ERR_UNSUPPORTED for
 * complex, pattern or hermitian files. */
GD_API gd_status gd_matrix_read(gd_matrix **matrix, const char *path, const gd_env *env);

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
