/* SPDX-License-Identifier: BSD-3-Clause */
/* Factors: PA = LU of a square matrix, kept so that many systems can be solved with it, each in one read of the
 * factors.  Results are the same bits on every CPU. */
#ifndef GDI_DENSE_FACTORS_H
#define GDI_DENSE_FACTORS_H

#include "base/memory.h"

#include <gamedyn/status.h>
#include <stddef.h>

typedef struct gdi_factors {
  const gdi_env *env;
  size_t n, stride;
  double *entries; /* [i + j * stride]: A, to be written by the caller; then L below the diagonal and U */
  int *pivots;     /* [n] */
} gdi_factors;

/* Memory for a matrix of side n, all 0.  `env` is borrowed.  GD_ERR_MEMORY.  Call destroy afterwards, also on
 * failure. */
gd_status gdi_factors_create(gdi_factors *factors, const gdi_env *env, size_t n);
void gdi_factors_destroy(gdi_factors *factors); /* a no-op if it is all 0 */

/* Factor the entries in place, with partial pivoting.  GD_ERR_UNSUPPORTED, GD_ERR_LAPACK as gdi_lu_factor(). */
gd_status gdi_factors_compute(gdi_factors *factors);

/* b [n] becomes the solution of A x = b. */
void gdi_factors_solve(const gdi_factors *factors, double *b);

#endif
