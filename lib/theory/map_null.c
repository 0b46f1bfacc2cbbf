/* SPDX-License-Identifier: BSD-3-Clause */
/* map_null.c -- the eigenvalues of one step without those of null directions of J.
 *
 * A step of any method leaves z with J z = 0 unchanged, since v is 0 along z: (M - I)(z, memory at rest) = 0.  If M - I
 * has no more null vectors than J, these are removed from M - I, and 1 is added to the remaining eigenvalues.  If it
 * has more, something else does not move either, and it counts. */
#include "theory/map_null.h"

#include "base/memory.h"
#include "kernels/vector.h"
#include "linear/null_space.h"
#include "linear/operator.h"

#include <float.h>
#include <math.h>

#define NEAR 1e-6

/* |M - I|_F, by its matrix. */
static gd_status find_norm(gd_operator *shifted, const gdi_env *env, double *norm) {
  const size_t n = gd_operator_rows(shifted);
  double *A = gdi_allocate(env, gdi_times(n, n), sizeof *A);
  const gd_status status = A ? gdi_operator_assemble_finite(shifted, A) : GD_ERR_MEMORY;
  if (status >= 0) *norm = gdi_vector_norm(n * n, A);
  gdi_release(env, A);
  return status;
}

static void take_largest(const gd_spectrum *left, double *re, double *im) {
  double largest = -1;
  for (size_t k = 0; k < gd_spectrum_count(left); k++) {
    const double a = 1 + gd_spectrum_real(left)[k], b = fabs(gd_spectrum_imaginary(left)[k]);
    if (hypot(a, b) <= largest) continue;
    largest = hypot(a, b);
    *re = a, *im = b;
  }
}

/* `nullity` of J against that of M - I. */
static gd_status leave(gd_operator *shifted, size_t nullity, double doubt, const gdi_env *env, double *re, double *im) {
  gd_spectrum *left = NULL;
  size_t found;
  double norm;
  GD_TRY(find_norm(shifted, env, &norm));
  const double tolerance = (double)gd_operator_rows(shifted) * doubt / norm;
  if (!(tolerance < 0.5)) return GD_OK; /* the step is so short that rounding hides its moves */
  GD_TRY(gd_spectrum_nonzero(&left, shifted, tolerance, &found));
  if (found == nullity) take_largest(left, re, im);
  gd_spectrum_destroy(left);
  return GD_OK;
}

gd_status gdi_map_leave_null_directions(gd_operator *M, gd_linearisation *at, double doubt, double *re, double *im) {
  const gdi_env *env = gdi_operator_env(M);
  size_t nullity = 0;
  if (hypot(*re - 1, *im) > NEAR || !at->dense) return GD_OK;
  GD_TRY(gd_linearisation_null_directions(at, &nullity));
  if (nullity == 0) return GD_OK;
  gd_operator *shifted = NULL;
  GD_TRY(gd_operator_shift(&shifted, 1, M, -1, &env->env));
  const gd_status status = leave(shifted, nullity, doubt, env, re, im);
  gd_operator_destroy(shifted);
  return status;
}
