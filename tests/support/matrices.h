/* SPDX-License-Identifier: BSD-3-Clause */
/* Square matrices that are hard on eigenvalue and linear solvers, n by n, column-major, packed. */
#ifndef TEST_MATRICES_H
#define TEST_MATRICES_H

#include <stddef.h>
#include <stdint.h>

typedef void matrix_kind(size_t n, double *A);

/* Independent normal entries of variance 1/n: eigenvalues fill the unit disc. */
void random_matrix(size_t n, double *A);
/* Q (D + N) Q' with Q orthogonal, N strictly upper and small: 8 eigenvalues within 1e-3 of 2, the rest in (-1, 1). */
void clustered_matrix(size_t n, double *A);
/* Grcar's Toeplitz matrix: -1 below the diagonal, 1 on it and on three above.  Highly non-normal. */
void grcar_matrix(size_t n, double *A);
/* Kahan's upper triangle diag(s^i) (I - c U), c = 1/4, s^2 + c^2 = 1, eigenvalues s^i.  Highly non-normal. */
void kahan_matrix(size_t n, double *A);
/* Q (J + D) Q' with Q orthogonal: a Jordan block of size 2 at 3, the rest diagonal in (-1, 1).  Defective. */
void jordan_matrix(size_t n, double *A);
/* [[-A, -C], [C', -B]] with A, B diagonal, positive: the Jacobian of a zero-sum game. */
void zero_sum_matrix(size_t n, double *A);
/* Q D Q' with Q orthogonal and D from -1.48 to 1.52, thinning out towards both ends.  Symmetric. */
void symmetric_matrix(size_t n, double *A);

/* Q [n by n], orthogonal, from a seed. */
void orthogonal_matrix(size_t n, uint64_t seed, double *Q);

#endif
