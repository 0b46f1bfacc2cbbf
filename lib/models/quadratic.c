/* SPDX-License-Identifier: BSD-3-Clause */
/* quadratic.c -- U = theta' A theta / 2 - omega' B omega / 2 + theta' C omega: the quadratic approximation of a
 * zero-sum game at an equilibrium. */
#include "base/error.h"
#include "models/linear.h"
#include "models/zero_sum.h"

#include <gamedyn/models.h>

static gd_status check_symmetric(const char *name, size_t n, const double *M, size_t ldm) {
  if (!M) return GD_OK;
  GD_TRY(gdi_check_matrix(name, n, n, M, ldm));
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < j; i++)
      GDI_REQUIRE(M[i + j * ldm] == M[j + i * ldm],
                  "%s[%zu, %zu] is %.17g and %s[%zu, %zu] is %.17g, expected a symmetric matrix", name, i, j,
                  M[i + j * ldm], name, j, i, M[j + i * ldm]);
  return GD_OK;
}

gd_status gd_model_quadratic(gd_game **game, size_t p, size_t q, const double *A, size_t lda, const double *B,
                             size_t ldb, const double *C, size_t ldc, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  GD_TRY(gdi_check_side("p", p));
  GD_TRY(gdi_check_side("q", q));
  GD_TRY(check_symmetric("A", p, A, lda));
  GD_TRY(check_symmetric("B", q, B, ldb));
  if (C) GD_TRY(gdi_check_matrix("C", p, q, C, ldc));
  const gdi_zero_sum form = {p, q, A, B, C, lda, ldb, ldc};
  return gdi_zero_sum_create(game, "quadratic", &form, env);
}
