/* SPDX-License-Identifier: BSD-3-Clause */
/* bilinear.c -- U = theta' C omega: the game on which methods differ most (Liang & Stokes 2019, section 3). */
#include "base/error.h"
#include "models/linear.h"
#include "models/zero_sum.h"

#include <gamedyn/models.h>

gd_status gd_model_bilinear(gd_game **game, size_t p, size_t q, const double *C, size_t ldc, const gd_env *env) {
  GDI_REQUIRE(game, "game is NULL, expected where to put the game");
  GD_TRY(gdi_check_side("p", p));
  GD_TRY(gdi_check_side("q", q));
  GD_TRY(gdi_check_matrix("C", p, q, C, ldc));
  return gdi_zero_sum_create(game, "bilinear", &(gdi_zero_sum){.p = p, .q = q, .C = C, .ldc = ldc}, env);
}
