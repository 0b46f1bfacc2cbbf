/* SPDX-License-Identifier: BSD-3-Clause */
/* map_modes.c -- eigenvalues of a step's derivative M, with error bounds.
 *
 * The error of M is that of LAPACK's Schur form, or 1e-9 if M is differenced.  The error of an eigenvalue is that of M
 * times its condition number. */
#include "theory/map_modes.h"

#include "base/memory.h"
#include "dense/schur.h"
#include "kernels/vector.h"
#include "linear/operator.h"
#include "theory/map_rates.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define DIFFERENCED 1e-9

/* |E| */
static double error_of(const gd_stepper *stepper, size_t size, double norm) {
  return gdi_map_is_exact(stepper) ? GDI_SCHUR_SAFETY * (double)size * DBL_EPSILON * norm : DIFFERENCED * fmax(norm, 1);
}

static gd_status find(const gd_stepper *stepper, gdi_schur *schur, double *doubts, gdi_map_mode *mode) {
  const size_t size = schur->capacity;
  const double norm = gdi_vector_norm(size * size, schur->T);
  GD_TRY(gdi_schur_factor(schur, size, false));
  gdi_schur_doubts(schur, size, norm, error_of(stepper, size, norm), doubts);
  for (size_t k = 0; k < size; k++) {
    const double re = schur->re[k], im = fabs(schur->im[k]);
    const gdi_map_mode found = {re, im, hypot(re, im) - 1, doubts[k]};
    if (k == 0 || found.excess - found.doubt > mode->excess - mode->doubt) *mode = found;
  }
  return GD_OK;
}

gd_status gdi_map_outermost(gd_stepper *stepper, const double *x, gdi_map_mode *mode) {
  gd_operator *op = NULL;
  GD_TRY(gd_stepper_map_at_rest(&op, stepper, x));
  const gdi_env *env = gdi_operator_env(op);
  const size_t size = gd_operator_rows(op);
  gdi_schur schur;
  gd_status status = gdi_schur_create(env, &schur, size);
  double *doubts = gdi_allocate(env, size, sizeof *doubts);
  if (status == GD_OK && !doubts) status = GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_operator_assemble_finite(op, schur.T);
  if (status == GD_OK) status = find(stepper, &schur, doubts, mode);
  gdi_release(env, doubts);
  gdi_schur_destroy(env, &schur);
  gd_operator_destroy(op);
  return status;
}
