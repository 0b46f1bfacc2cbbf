/* SPDX-License-Identifier: BSD-3-Clause */
/* at_rest.c -- compares |v| with the size of the field, as gd_classify() does. */
#include "theory/at_rest.h"

#include "base/error.h"
#include "kernels/vector.h"

#include <math.h>

static const double tolerance = 1e-8;

gd_status gdi_check_at_rest(gd_linearisation *at, const char *what) {
  const double *J;
  if (gd_game_traits(at->game) & GD_AFFINE) return GD_OK;
  GD_TRY(gd_linearisation_matrix(at, &J));
  const double most = tolerance * gdi_vector_norm(at->n * at->n, J) * fmax(1, gdi_vector_norm(at->n, at->x));
  if (at->gradient_norm <= most) return GD_OK;
  return gdi_fail(GD_ERR_HYPOTHESIS,
                  "%s: x is not stationary: |v| is %.3g, expected at most %.3g, 1e-8 |J| max(1, |x|)", what,
                  at->gradient_norm, most);
}
