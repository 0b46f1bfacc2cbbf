/* SPDX-License-Identifier: BSD-3-Clause */
/* Dense algebra: the only code of the library that calls BLAS and LAPACK.
 *
 * Matrices are column-major, A[i + j*lda].  NaN and infinity are not checked here.  Callers that cannot exclude them
 * call gdi_matrix_is_finite() first, because LAPACK's iterations need not end on them.  Work space comes from the
 * environment.  Failures are GD_ERR_MEMORY, GD_ERR_UNSUPPORTED (a side beyond the range of LAPACK's int) and
 * GD_ERR_LAPACK; after any of them the contents of the matrix are undefined. */
#ifndef GDI_DENSE_ALGEBRA_H
#define GDI_DENSE_ALGEBRA_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

/* True if a matrix has no NaN and no infinity.  If false, row and column are those of the first such entry in column
 * order. */
bool gdi_matrix_is_finite(size_t rows, size_t columns, const double *A, size_t lda, size_t *row, size_t *column);

/* out = scale A x, or scale A' x if transposed; A [rows by columns]. */
void gdi_matrix_vector(bool transposed, size_t rows, size_t columns, double scale, const double *A, size_t lda,
                       const double *x, double *out);

/* out += scale A x; A [rows by columns]. */
void gdi_matrix_vector_add(size_t rows, size_t columns, double scale, const double *A, size_t lda, const double *x,
                           double *out);

/* The arguments of gdi_matrix_product(): out [rows by columns] = op(A) op(B), a sum of `inner` terms. */
typedef struct gdi_product {
  bool transpose_a, transpose_b;
  size_t rows, columns, inner;
  const double *A, *B;
  size_t lda, ldb;
} gdi_product;
void gdi_matrix_product(const gdi_product *product, double *out, size_t ldout);

/* The same for floats, and gdi_matrix_vector() with scale 1; A and B of the shape are ignored. */
void gdi_matrix_product_single(const gdi_product *shape, const float *A, const float *B, float *out, size_t ldout);
void gdi_matrix_vector_single(bool transposed, size_t rows, size_t columns, const float *A, size_t lda, const float *x,
                              float *out);

/* GD_OK if a side fits into the int of BLAS and LAPACK, else GD_ERR_UNSUPPORTED.  The products above do not check this;
 * functions that accept a matrix from a caller do. */
gd_status gdi_matrix_check_side(size_t side);

/* PA = LU in place by partial pivoting, pivots [n].
 * GD_ERR_LAPACK if A is singular to working precision: a pivot is exactly zero. */
gd_status gdi_lu_factor(size_t n, double *A, size_t lda, int *pivots);
/* b becomes the solution of A x = b (of A' x = b if transposed), from the factors. */
void gdi_lu_solve(bool transposed, size_t n, const double *factors, size_t lda, const int *pivots, double *b);
/* B [n by k], packed, becomes the solution of A X = B. */
void gdi_lu_solve_many(size_t n, const double *factors, size_t lda, const int *pivots, size_t k, double *B);

/* K = L^-1 K L^-T for a positive definite S = L L', which is overwritten; both [n by n], packed.  GD_ERR_LAPACK if S is
 * not positive definite to working precision. */
gd_status gdi_definite_divide(size_t n, double *S, double *K);

/* Eigenvalues re + i im [n] of a general matrix, which is overwritten.  A complex pair is adjacent, +im first.
 * Vectors [n by n], ldv = n, or NULL: real ones in one column, of a pair the real and imaginary part (of the +im
 * member) in two; each of Euclidean norm 1. */
gd_status gdi_eigen_general(const gdi_env *env, size_t n, double *A, size_t lda, double *re, double *im,
                            double *vectors);

/* Eigenvalues [n], ascending, of a symmetric matrix, whose lower triangle is read; with `vectors` the matrix becomes
 * the orthonormal eigenvectors, else it is destroyed. */
gd_status gdi_eigen_symmetric(const gdi_env *env, size_t n, double *A, size_t lda, bool vectors, double *values);

/* Singular values [min(rows, columns)], descending, of A, which is overwritten.  U [rows by rows] and Vt [columns by
 * columns], packed, all of both orthogonal factors of A = U S Vt; both or neither may be NULL. */
gd_status gdi_singular_values(const gdi_env *env, size_t rows, size_t columns, double *A, size_t lda, double *values,
                              double *U, double *Vt);

#endif
