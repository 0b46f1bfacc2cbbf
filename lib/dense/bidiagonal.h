/* SPDX-License-Identifier: BSD-3-Clause */
/* Singular values, without vectors, of matrices too large for the nearest cache. */
#ifndef GDI_DENSE_BIDIAGONAL_H
#define GDI_DENSE_BIDIAGONAL_H

#include "base/memory.h"

/* Singular values [columns], descending, of A [rows by columns], rows >= columns, which is overwritten.  Entries are to
 * be finite and far from overflow and underflow when squared. */
gd_status gdi_bidiagonal_singular_values(const gdi_env *env, size_t rows, size_t columns, double *A, size_t lda,
                                         double *values);

#endif
