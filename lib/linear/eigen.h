/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues and singular values of an assembled matrix, with residuals.  The structure of the matrix is used. */
#ifndef GDI_LINEAR_EIGEN_H
#define GDI_LINEAR_EIGEN_H

#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

/* All eigenvalues of an n by n matrix, in no order; conjugate pairs are adjacent, +im first. */
typedef struct gdi_eigen {
  size_t n;
  double *re, *im;  /* [n] */
  double *residual; /* [n], |A z - lambda z|; NULL: not wanted */
  double *vectors;  /* [n by n]; real ones in one column, Re and Im of a pair's first in two; NULL: not wanted */
} gdi_eigen;

/* Fill in the members for which the caller has allocated memory.  A, packed, is overwritten. @param symmetric the
 * caller states that A is symmetric; if false, this is tested. */
gd_status gdi_eigen_solve(const gdi_env *env, double *A, bool symmetric, gdi_eigen *eigen);

/* A = left diag(values) right', with all of both orthogonal factors and the matrix itself. */
typedef struct gdi_svd {
  size_t rows, columns, least; /* least = min(rows, columns) */
  double *values;              /* [least], descending */
  double *matrix;              /* [rows by columns], a copy */
  double *left;                /* [rows by rows] */
  double *right_transposed;    /* [columns by columns] */
} gdi_svd;

/* Decompose A, which is overwritten. @param factors false: values only; the other members are NULL. */
gd_status gdi_svd_create(const gdi_env *env, gdi_svd *svd, size_t rows, size_t columns, double *A, size_t lda,
                         bool factors);
void gdi_svd_destroy(const gdi_env *env, gdi_svd *svd);
/* left[k] = |A' y_k - s_k z_k| for each column y of `left`, right[k] = |A z_k - s_k y_k| for each row z of
 * `right_transposed`, s = 0 beyond `least`; left [rows], right [columns]. */
gd_status gdi_svd_residuals(const gdi_env *env, const gdi_svd *svd, double *left, double *right);

#endif
