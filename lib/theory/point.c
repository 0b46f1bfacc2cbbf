/* SPDX-License-Identifier: BSD-3-Clause */
/* point.c -- what products alone say of a linear map: its norm, its symmetric part, its outermost eigenvalues. */
#include "theory/point.h"

#include "base/error.h"
#include "linear/operator.h"

#include <gamedyn/nonnormal.h>
#include <math.h>

gd_status gdi_point_check_products(const gd_game *game, const char *what) {
  if (gd_game_source(game, GD_VJP) == GD_SOURCE_NONE)
    return gdi_fail(GD_ERR_UNSUPPORTED, "%s: the game \"%s\" is larger than dense_limit and has no transposed product",
                    what, gd_game_name(game));
  return GD_OK;
}

gd_status gdi_largest_singular_value(gd_operator *op, const gd_spectrum_options *options, double *value) {
  gd_spectrum_options own = *options;
  own.which = GD_LARGEST_MODULUS, own.count = 1, own.vectors = false;
  return gd_singular_values(op, &own, value, NULL);
}

gd_status gdi_largest_symmetric(gd_operator *op, double sign, const gd_spectrum_options *options, double *value) {
  gd_operator *signed_op = NULL;
  gd_nonnormality found;
  GD_TRY(gd_operator_shift(&signed_op, sign, op, 0, &gdi_operator_env(op)->env));
  const gd_status status = gd_nonnormality_find(signed_op, options, &found);
  gd_operator_destroy(signed_op);
  if (status >= 0) *value = found.numerical_abscissa;
  return status;
}

gd_status gdi_extreme_eigenvalue(gd_operator *op, gd_which which, const gd_spectrum_options *options, double *re,
                                 double *im) {
  gd_spectrum_options own = *options;
  gd_spectrum *spectrum = NULL;
  own.which = which, own.count = 1, own.vectors = false, own.symmetric = false;
  const gd_status status = gd_spectrum_compute(&spectrum, op, &own);
  if (status >= 0) {
    const bool found = gd_spectrum_converged(spectrum) > 0;
    *re = found ? gd_spectrum_real(spectrum)[0] : NAN;
    *im = found ? gd_spectrum_imaginary(spectrum)[0] : NAN;
  }
  gd_spectrum_destroy(spectrum);
  return status;
}
