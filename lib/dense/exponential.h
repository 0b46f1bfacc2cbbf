/* SPDX-License-Identifier: BSD-3-Clause */
/* The exponential of a small matrix. */
#ifndef GDI_DENSE_EXPONENTIAL_H
#define GDI_DENSE_EXPONENTIAL_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stdbool.h>
#include <stddef.h>

/* Upper triangular, but for 2 by 2 blocks [[a, b], [c, a]] with b c < 0 on the diagonal: LAPACK's real Schur form. */
bool gdi_matrix_is_quasi_triangular(size_t n, const double *A);

/* E is exp(t A), A quasi-triangular: replace its diagonal blocks by their closed form, accurate to the last digits. */
void gdi_exponential_blocks(size_t n, double t, const double *A, double *E);

/* E = exp(scale A); A, E [n by n], packed, distinct, A finite.  GD_ERR_MEMORY. */
gd_status gdi_matrix_exponential(const gdi_env *env, size_t n, double scale, const double *A, double *E);

#endif
