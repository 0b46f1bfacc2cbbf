/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Sparse matrices: the entries of a real matrix that are not zero, row by row.  Nothing of the size rows times columns
 * is made, so that the matrix may be larger than memory.  They come from an array of entries or from a Matrix Market
 * file, and serve as operators and as games. */
#ifndef GAMEDYN_SPARSE_H
#define GAMEDYN_SPARSE_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/operator.h>
#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One entry of a matrix.  Frozen: its members never change. */
typedef struct gd_entry {
  size_t row, column; /**< from 0 */
  double value;       /**< finite */
} gd_entry;

typedef struct gd_sparse gd_sparse;

/** Make a matrix from its entries, in any order.  Entries of the same place are added up, in their order.
 * @param rows,columns 0 or more.
 * @param entries [count], copied; may be NULL if count is 0.  @param env may be NULL.
 * @return GD_ERR_ARGUMENT for an entry outside the matrix; GD_ERR_NONFINITE for a value, or a sum, that is not finite. */
GD_API gd_status gd_sparse_create(gd_sparse **sparse, size_t rows, size_t columns, size_t count,
                                  const gd_entry *entries, const gd_env *env);

/** Read the files that gd_matrix_read() reads, as strictly, whatever their shape.  Symmetric and skew-symmetric
 * matrices have their entries above the diagonal too.  Zeros of a `coordinate` file are entries, zeros of an `array`
 * file are none.  Memory: at most 48 bytes an entry and as much again while they are put in order.
 * @param sparse set on success.  @param env may be NULL.
 * @return as gd_matrix_read(); GD_ERR_FORMAT also for a place that has two entries, without the line. */
GD_API gd_status gd_sparse_read(gd_sparse **sparse, const char *path, const gd_env *env);

GD_API void gd_sparse_destroy(gd_sparse *sparse);         /**< NULL is a no-op */
GD_API size_t gd_sparse_rows(const gd_sparse *sparse);    /**< 0 for NULL */
GD_API size_t gd_sparse_columns(const gd_sparse *sparse); /**< 0 for NULL */
GD_API size_t gd_sparse_count(const gd_sparse *sparse);   /**< entries; 0 for NULL */
/** [count], row by row and by columns in each row, every place at most once; lives as long as `sparse`.  NULL if there
 * are none. */
GD_API const gd_entry *gd_sparse_entries(const gd_sparse *sparse);

/** Entry (row, column); 0 where the matrix has none.  Cost: log2(count) comparisons. */
GD_API double gd_sparse_get(const gd_sparse *sparse, size_t row, size_t column);

/** Whether A = A', exactly; true for NULL.  Cost: count log2(count) comparisons. */
GD_API bool gd_sparse_is_symmetric(const gd_sparse *sparse);

/** The matrix as an operator, with products by A and by A'.  Copied: 12 bytes an entry.  A product costs 2 count
 * operations. @param env may be NULL. */
GD_API gd_status gd_operator_sparse(gd_operator **op, const gd_sparse *sparse, const gd_env *env);

/** The game v(x) = J x + b, known by its products; the game for gd_model_affine() where J is sparse.  Its stated
 * solution is 0 if b is 0; else it has none.  It has utilities where own blocks are symmetric: those of
 * gd_model_affine(), or with GD_ZERO_SUM those of gd_model_quadratic() and the terms of b.
 * @param block_sizes [n_players], each 1 or more, n in all.
 * @param J [n by n], copied.  @param b [n], copied; NULL: 0.
 * @param traits 0, or one that J's structure gives, which is checked exactly.  GD_POTENTIAL: J is symmetric.
 * GD_ZERO_SUM: two players, own blocks symmetric and J_21 = -J_12', so that there are utilities with u_1 + u_2 = 0 that
 * have this field.
 * @param env may be NULL.
 * @return GD_ERR_ARGUMENT for sizes that do not fit, and for a trait that does not hold; GD_ERR_NONFINITE for b. */
GD_API gd_status gd_model_sparse(gd_game **game, size_t n_players, const size_t *block_sizes, const gd_sparse *J,
                                 const double *b, uint32_t traits, const gd_env *env);

/** min over theta [p], max over omega [q] of U = theta'A theta / 2 - omega'B omega / 2 + theta'C omega, as
 * gd_model_quadratic(), known by its products.  Zero-sum; 0 is its stated solution.
 * @param A [p by p] and B [q by q], symmetric (checked exactly); NULL is zero.
 * @param C [p by q]; NULL is zero, if A and B are given.  @param env may be NULL.
 * @return GD_ERR_ARGUMENT for shapes that do not fit, and where A or B is not symmetric. */
GD_API gd_status gd_model_sparse_quadratic(gd_game **game, const gd_sparse *A, const gd_sparse *B, const gd_sparse *C,
                                           const gd_env *env);

#ifdef __cplusplus
}
#endif
#endif
