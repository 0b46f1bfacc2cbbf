/* SPDX-License-Identifier: BSD-3-Clause */
/* checks.c -- checks of callers' matrices. */
#include "dense/checks.h"

#include "base/error.h"
#include "dense/algebra.h"

#include <limits.h>

gd_status gdi_check_side(const char *name, size_t size) {
  GDI_REQUIRE(size > 0 && size <= INT_MAX, "%s is %zu, expected 1 to %d", name, size, INT_MAX);
  return GD_OK;
}

gd_status gdi_check_matrix(const char *name, size_t rows, size_t columns, const double *M, size_t ldm) {
  GDI_REQUIRE(M, "%s is NULL, expected a matrix of %zu by %zu", name, rows, columns);
  GDI_REQUIRE(ldm >= rows, "the leading dimension of %s is %zu, expected at least its %zu rows", name, ldm, rows);
  size_t i, j;
  if (!gdi_matrix_is_finite(rows, columns, M, ldm, &i, &j))
    return gdi_fail(GD_ERR_NONFINITE, "%s[%zu, %zu] is %g, expected a finite number", name, i, j, M[i + j * ldm]);
  return GD_OK;
}
