/* SPDX-License-Identifier: BSD-3-Clause */
/* field_constants.c -- norm, symmetric part, rotation and spectral abscissa of J(x).
 *
 * Up to dense_limit the operators below are assembled and solved by LAPACK; larger ones are asked for products. */
#include "base/error.h"
#include "base/sized.h"
#include "game/limits.h"
#include "theory/point.h"

#include <math.h>

/* The first caveat is kept. */
static gd_status note(gd_status status, gd_status *caveat) {
  if (status > 0) *caveat = status;
  return status < 0 ? status : GD_OK;
}

static gd_status measure(gd_operator *J, gd_operator *antisymmetric, const gd_spectrum_options *options,
                         gd_field_constants *constants) {
  gd_status caveat = GD_OK;
  double im;
  GD_TRY(note(gdi_largest_singular_value(J, options, &constants->lipschitz), &caveat));
  GD_TRY(note(gdi_largest_symmetric(J, 1, options, &constants->monotonicity), &caveat));
  GD_TRY(note(gdi_largest_singular_value(antisymmetric, options, &constants->rotation), &caveat));
  GD_TRY(note(gdi_extreme_eigenvalue(J, GD_LARGEST_REAL, options, &constants->spectral_abscissa, &im, NULL), &caveat));
  return caveat;
}

gd_status gd_field_constants_at(gd_game *game, const double *x, const gd_spectrum_options *options,
                                gd_field_constants *constants) {
  GDI_REQUIRE(game && x && constants, "gd_field_constants_at: %s is NULL", !game ? "game" : x ? "constants" : "x");
  GD_TRY(gdi_game_check_whole(game, "gd_field_constants_at"));
  GD_TRY(gdi_game_check_point(game, x, "gd_field_constants_at"));
  gd_spectrum_options own;
  gd_spectrum_options_init(&own);
  if (options) GD_TRY(gdi_sized_read(&own, sizeof own, options, sizeof own, "gd_spectrum_options"));
  if (gd_game_size(game) > own.dense_limit) GD_TRY(gdi_point_check_products(game, "gd_field_constants_at"));
  gd_operator *J = NULL, *antisymmetric = NULL;
  gd_field_constants found = {0};
  gd_status status = gd_operator_jacobian(&J, game, x);
  if (status == GD_OK) status = gd_operator_antisymmetric(&antisymmetric, game, x);
  if (status == GD_OK) status = measure(J, antisymmetric, &own, &found);
  gd_operator_destroy(antisymmetric);
  gd_operator_destroy(J);
  if (status >= 0) *constants = found;
  return status;
}
