/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Operator: a linear map known by its products with vectors.  The creator owns it.  It borrows the game or the
 * operators it is made from; points and matrices are copied where that is said.
 *
 * The operators of a partitioned game, and operators made from those, act on slices of vectors.  They can be applied.
 * Functions that take sums over a vector or assemble a matrix, such as solvers, refuse them with GD_ERR_UNSUPPORTED. */
#ifndef GAMEDYN_OPERATOR_H
#define GAMEDYN_OPERATOR_H

#include <gamedyn/env.h>
#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gd_operator gd_operator;

/** Sets out = A u.  Returns 0 on success, > 0 outside the domain, < 0 to abort.  `out` never aliases `u`. */
typedef int gd_apply_fn(void *context, const double *u, double *out);

/** A square operator given by the user's functions.  Every rank holds the whole vectors.
 * @param apply_transpose may be NULL.  @param env may be NULL. */
GD_API gd_status gd_operator_create(gd_operator **op, size_t n, gd_apply_fn *apply, gd_apply_fn *apply_transpose,
                                    void *context, const gd_env *env);
/** An operator from a dense matrix, rows by columns, which is copied; A[i + j*lda], lda >= rows. */
GD_API gd_status gd_operator_dense(gd_operator **op, size_t rows, size_t columns, const double *A, size_t lda,
                                   const gd_env *env);

/** J(x), at the game's current draw; x [n] is copied. */
GD_API gd_status gd_operator_jacobian(gd_operator **op, gd_game *game, const double *x);
/** (J + J')/2 */
GD_API gd_status gd_operator_symmetric(gd_operator **op, gd_game *game, const double *x);
/** (J - J')/2 */
GD_API gd_status gd_operator_antisymmetric(gd_operator **op, gd_game *game, const double *x);
/** The block J_ij = dv_i/dx_j, [size of block i by size of block j].  For i = j it is the Hessian of u_i in x_i. */
GD_API gd_status gd_operator_block(gd_operator **op, gd_game *game, size_t i, size_t j, const double *x);

/** a A + b B.  A and B have the same shape and are borrowed; they may be the same operator.
 * @param env may be NULL. */
GD_API gd_status gd_operator_sum(gd_operator **op, double a, gd_operator *A, double b, gd_operator *B,
                                 const gd_env *env);
/** a A + shift I, for example the I + h J of a step, or the A - shift I of an inverse iteration.  A is square and
 * borrowed.
 * @param env may be NULL. */
GD_API gd_status gd_operator_shift(gd_operator **op, double a, gd_operator *A, double shift, const gd_env *env);

GD_API void gd_operator_destroy(gd_operator *op); /**< NULL is a no-op */

GD_API size_t gd_operator_rows(const gd_operator *op);    /**< length of A u */
GD_API size_t gd_operator_columns(const gd_operator *op); /**< length of u */
/** out = A u; u [columns], out [rows].
 * @return GD_ERR_NONFINITE if an entry of the product is NaN or infinite, because A overflows or because u is not
 * finite; out then holds the product. */
GD_API gd_status gd_operator_apply(gd_operator *op, const double *u, double *out);
/** out = A' w; w [rows], out [columns].
 * @return GD_ERR_UNSUPPORTED without a transposed product; GD_ERR_NONFINITE as gd_operator_apply(). */
GD_API gd_status gd_operator_apply_transpose(gd_operator *op, const double *w, double *out);
/** The matrix itself: A[i + j*lda], lda >= rows.  Cost: a copy if the operator has a matrix, else `columns` products.
 * */
GD_API gd_status gd_operator_assemble(gd_operator *op, double *A, size_t lda);

#ifdef __cplusplus
}
#endif
#endif
