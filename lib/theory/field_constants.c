/* SPDX-License-Identifier: BSD-3-Clause */
/* field_constants.c -- norm, symmetric part, rotation and spectral abscissa of J(x). */
#include "base/error.h"
#include "theory/linearisation.h"

#include <gamedyn/rates.h>
#include <math.h>

/* Keep the first positive status. */
static gd_status note(gd_status status, gd_status *caveat) {
  if (status > 0 && *caveat == GD_OK) *caveat = status;
  return status < 0 ? status : GD_OK;
}

static gd_status find_abscissa(gd_linearisation *at, double *abscissa) {
  const gd_spectrum *spectrum;
  if (!at->dense) return gdi_linearisation_end(at, true, abscissa, NULL);
  GD_TRY(gd_linearisation_spectrum(at, &spectrum));
  *abscissa = gd_spectrum_abscissa(spectrum);
  return GD_OK;
}

static gd_status measure(gd_linearisation *at, gd_field_constants *constants) {
  gd_status caveat = GD_OK;
  double least;
  GD_TRY(note(gd_linearisation_norm(at, &constants->lipschitz), &caveat));
  GD_TRY(note(gd_linearisation_symmetric_part(at, &least, &constants->monotonicity), &caveat));
  GD_TRY(note(gd_linearisation_rotation(at, &constants->rotation), &caveat));
  GD_TRY(note(find_abscissa(at, &constants->spectral_abscissa), &caveat));
  return caveat;
}

gd_status gd_field_constants_compute(gd_linearisation *linearisation, gd_field_constants *constants) {
  GD_TRY(gdi_linearisation_check(linearisation, "gd_field_constants_compute"));
  GDI_REQUIRE(constants, "gd_field_constants_compute: constants is NULL");
  GD_TRY(gdi_linearisation_check_products(linearisation, "gd_field_constants_compute"));
  gd_field_constants found = {0};
  const gd_status status = measure(linearisation, &found);
  if (status >= 0) *constants = found;
  return status;
}
