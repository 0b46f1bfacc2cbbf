/* SPDX-License-Identifier: BSD-3-Clause */
/* point.c -- quantities of a linear map by products alone: its norm, its symmetric part, its extreme eigenvalues. */
#include "theory/point.h"

#include "base/error.h"
#include "base/memory.h"
#include "kernels/vector.h"
#include "linear/operator.h"

#include <gamedyn/nonnormal.h>
#include <math.h>

#define SAME 1e-3 /* eigenvalues of A and A' that agree so far are one */

gd_status gdi_largest_singular_value(gd_operator *op, const gd_spectrum_options *options, double *value) {
  gd_spectrum_options own = *options;
  own.which = GD_LARGEST_MODULUS, own.count = 1, own.vectors = false;
  return gd_singular_values(op, &own, value, NULL);
}

gd_status gdi_largest_symmetric(gd_operator *op, double sign, const gd_spectrum_options *options, double *value) {
  gd_operator *signed_op = NULL;
  gd_nonnormality found;
  GD_TRY(gd_operator_shift(&signed_op, sign, op, 0, &gdi_operator_env(op)->env));
  const gd_status status = gd_nonnormality_compute(signed_op, options, &found);
  gd_operator_destroy(signed_op);
  if (status >= 0) *value = found.numerical_abscissa;
  return status;
}

gd_status gdi_extreme_eigenvalue(gd_operator *op, gd_which which, const gd_spectrum_options *options, double *re,
                                 double *im, bool *complete) {
  gd_spectrum_options own = *options;
  gd_spectrum *spectrum = NULL;
  own.which = which, own.count = 1, own.vectors = false, own.symmetric = false;
  const gd_status status = gd_spectrum_compute(&spectrum, op, &own);
  if (status >= 0) {
    const bool found = gd_spectrum_converged(spectrum) > 0;
    *re = found ? gd_spectrum_real(spectrum)[0] : NAN;
    *im = found ? gd_spectrum_imaginary(spectrum)[0] : NAN;
    if (complete) *complete = gd_spectrum_complete(spectrum);
  }
  gd_spectrum_destroy(spectrum);
  return status;
}

/* ---- condition ---- */

static gd_status apply_transposed(void *context, const double *u, double *out) {
  return gd_operator_apply_transpose(context, u, out);
}

static gd_status apply_again(void *context, const double *w, double *out) { return gd_operator_apply(context, w, out); }

static void leave_alone(void *context) { (void)context; }

/* The eigenvector z [2 n], real and imaginary part, of the first eigenvalue re + i im. */
static gd_status find_vector(gd_operator *op, gd_which which, const gd_spectrum_options *options, double *z, double *re,
                             double *im) {
  const size_t n = gd_operator_rows(op);
  gd_spectrum_options own = *options;
  gd_spectrum *spectrum = NULL;
  own.which = which, own.count = 1, own.vectors = true, own.symmetric = false;
  gd_status status = gd_spectrum_compute(&spectrum, op, &own);
  *re = *im = NAN;
  if (status >= 0 && gd_spectrum_converged(spectrum) > 0) {
    *re = gd_spectrum_real(spectrum)[0];
    *im = gd_spectrum_imaginary(spectrum)[0];
    status = gd_spectrum_vector(spectrum, 0, z, z + n);
  }
  gd_spectrum_destroy(spectrum);
  return status;
}

/* |y'z| for unit eigenvectors y of A' and z of A with the same eigenvalue; y is the conjugate of a left eigenvector. */
static double product_of(size_t n, const double *y, const double *z) {
  const double re = gdi_vector_dot(n, y, z) - gdi_vector_dot(n, y + n, z + n);
  const double im = gdi_vector_dot(n, y, z + n) + gdi_vector_dot(n, y + n, z);
  return hypot(re, im);
}

static gd_status compare_vectors(gd_operator *op, gd_operator *transposed, gd_which which,
                                 const gd_spectrum_options *options, double *z, double *condition) {
  const size_t n = gd_operator_rows(op);
  double re, im, other_re, other_im;
  *condition = INFINITY;
  gd_status status = find_vector(op, which, options, z, &re, &im);
  if (status >= 0) status = find_vector(transposed, which, options, z + 2 * n, &other_re, &other_im);
  if (status < 0) return status;
  const bool same = hypot(re - other_re, im - other_im) <= SAME * hypot(re, im);
  if (same) *condition = 1 / product_of(n, z + 2 * n, z);
  return GD_OK;
}

gd_status gdi_extreme_condition(gd_operator *op, gd_which which, const gd_spectrum_options *options,
                                double *condition) {
  static const gdi_operator_table table = {apply_transposed, apply_again, leave_alone};
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  gd_operator *transposed = NULL;
  double *z = gdi_allocate(env, 4 * n, sizeof *z);
  gd_status status = z ? gdi_operator_create(&transposed, n, n, &table, op, &env->env) : GD_ERR_MEMORY;
  if (status >= 0) status = compare_vectors(op, transposed, which, options, z, condition);
  gd_operator_destroy(transposed);
  gdi_release(env, z);
  return status;
}
