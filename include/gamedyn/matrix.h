/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Matrix: a dense matrix of finite real numbers that owns them.  It is copied from an array, or read from a file: a
 * Matrix Market file (Boisvert, Pozo & Remington 1996, NISTIR 5935), a NumPy array, or samples in IDX, NumPy or text
 * files, which become its columns. */
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

/** Copy an array into a matrix.
 * @param rows,columns 1 or more.  @param values [rows by columns].
 * @return GD_ERR_NONFINITE, naming the entry. */
GD_API gd_status gd_matrix_create(gd_matrix **matrix, size_t rows, size_t columns, const double *values,
                                  const gd_env *env);

/** Read a Matrix Market file: `matrix`, `array` or `coordinate`, `real` or `integer`, `general`,
 * `symmetric` or `skew-symmetric`; the matrix is stored densely and in full.  Upper and lower case
 * are alike, numbers have a decimal point whatever the locale, blank lines and comments may stand
 * anywhere after the first line, lines end in LF or CR LF and have up to 1024 characters.
 * Files that give an entry twice or above the diagonal of a symmetric matrix are malformed.
 * A few bytes may stand for a huge matrix of zeros: a `coordinate` file may have at most 2^25 numbers
 * (256 megabytes), or 64 for each entry it lists; an `array` from a pipe at most 2^25.  gd_sparse_read() has no
 * such limit.
 * @param matrix set on success.  @param env may be NULL.
 * @return GD_ERR_IO if the file cannot be opened or read; GD_ERR_FORMAT if it is malformed,
 * with gd_last_error() naming file, line and what was expected there; GD_ERR_UNSUPPORTED for
 * complex, pattern or hermitian files and beyond the limit. */
GD_API gd_status gd_matrix_read(gd_matrix **matrix, const char *path, const gd_env *env);

/** Read samples from a file, whose first bytes tell its format.  Each sample becomes a column of the matrix.
 *
 *   IDX (MNIST's)    numbers of any of its types; the first axis counts samples, the others are a sample's numbers
 *   NumPy, 1 to 3    whole numbers, f4, f8 and bool, either byte order; axes as above; Fortran order with 2 at most
 *   text             a sample a line of up to 2^20 characters.  Fields are separated by semicolons, else commas, else
 *                    tabs, else blanks, whichever the first line has.  That line may hold names: then each of its
 *                    fields begins with a letter or _, quotes and brackets aside, and none is a word for a value such
 *                    as TRUE or NaN.  The character # begins a comment, blank lines do not count.  Lines end in LF or
 *                    CR LF.
 *
 * Numbers stay as they are: bytes come as 0 to 255.  Those of 64 bits are rounded to double.  What a header promises is
 * checked against the file's length before anything is allocated.
 * @param matrix set on success.  @param env may be NULL.
 * @return GD_ERR_IO if the file cannot be opened or read; GD_ERR_FORMAT if it is malformed or has NaN or infinity, with
 * gd_last_error() naming file, line or byte (from 0), and what was expected there; GD_ERR_UNSUPPORTED for other types
 * and versions, compressed files, and binary ones that come through a pipe. */
GD_API gd_status gd_matrix_read_samples(gd_matrix **matrix, const char *path, const gd_env *env);
/** Read a NumPy array of one or two axes, as numpy.save() writes it, of the versions and types that gd_matrix_read_samples()
 * reads, in either order.  Entry [i, j] of the array is entry (i, j) of the matrix; an array of one axis is a column.
 * @param matrix set on success.  @param env may be NULL.
 * @return GD_ERR_IO if the file cannot be opened or read; GD_ERR_FORMAT if it is malformed or has NaN or infinity, with
 * gd_last_error() naming file, byte (from 0) and what was expected there; GD_ERR_UNSUPPORTED for other types, versions
 * and numbers of axes, and for pipes. */
GD_API gd_status gd_matrix_read_npy(gd_matrix **matrix, const char *path, const gd_env *env);

/** The same from memory, such as a member of an .npz archive.
 * @param name what messages call the bytes.  @param bytes [size].
 * @return as gd_matrix_read_npy(), but for GD_ERR_IO. */
GD_API gd_status gd_matrix_parse_npy(gd_matrix **matrix, const char *name, const void *bytes, size_t size,
                                     const gd_env *env);

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

/** Replace every number by factor * number + offset: 1 / 255.0 and 0 take bytes to [0, 1].  Not while a sampler of the
 * matrix is at work.
 * @return GD_ERR_NONFINITE if factor or offset is not finite or the numbers overflow; they then stay as they were. */
GD_API gd_status gd_matrix_scale(gd_matrix *matrix, double factor, double offset);

#ifdef __cplusplus
}
#endif
#endif
