/* SPDX-License-Identifier: BSD-3-Clause */
/* Small dense algebra for the programs: column-major, contiguous. */
#ifndef SUPPORT_DENSE_H
#define SUPPORT_DENSE_H

#include <stddef.h>

double norm(size_t n, const double *a);
double distance(size_t n, const double *a, const double *b);

/* out = A B; A [rows by inner], B [inner by columns], out apart from both. */
void multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B, double *out);

/* out = A' ; A [rows by columns]. */
void transpose(size_t rows, size_t columns, const double *A, double *out);

/* Singular values, descending, [min(rows, columns)]; the caller frees them. */
double *singular_values(size_t rows, size_t columns, const double *A);

/* Largest singular value; INFINITY if an entry is not finite. */
double operator_norm(size_t rows, size_t columns, const double *A);

#endif
