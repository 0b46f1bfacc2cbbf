/* SPDX-License-Identifier: BSD-3-Clause */
/* covariance.c -- S = L L', L lower triangular (Cholesky), column by column. */
#include "dense/covariance.h"

#include "base/error.h"
#include "dense/checks.h"

#include <math.h>
#include <string.h>

gd_status gdi_covariance_check(size_t d, const double *S, size_t lds) {
  if (!S) return GD_OK;
  GD_TRY(gdi_check_matrix("covariance", d, d, S, lds));
  for (size_t j = 0; j < d; j++)
    for (size_t i = 0; i < j; i++)
      GDI_REQUIRE(S[i + j * lds] == S[j + i * lds],
                  "covariance[%zu, %zu] is %.17g and covariance[%zu, %zu] is %.17g, expected a symmetric matrix", i, j,
                  S[i + j * lds], j, i, S[j + i * lds]);
  return GD_OK;
}

gd_status gdi_covariance_factor(size_t d, const double *S, size_t lds, double *L) {
  memset(L, 0, d * d * sizeof *L);
  for (size_t j = 0; j < d; j++)
    for (size_t i = j; i < d; i++) {
      double rest = S ? S[i + j * lds] : (double)(i == j);
      for (size_t k = 0; k < j; k++) rest -= L[i + k * d] * L[j + k * d];
      GDI_REQUIRE(i > j || rest > 0, "covariance is not positive definite: its pivot %zu is %g, expected more than 0",
                  j, rest);
      L[i + j * d] = i == j ? sqrt(rest) : rest / L[j + j * d];
    }
  return GD_OK;
}
