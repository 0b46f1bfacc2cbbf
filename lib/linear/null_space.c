/* SPDX-License-Identifier: BSD-3-Clause */
/* null_space.c -- the eigenvalues of a matrix without those of its null space.
 *
 * With the singular value decomposition A = U S V', r values of it above the tolerance, A = U_1 S_1 V_1', and because B
 * C and C B have the same eigenvalues but for zeros, those of A are those of the r by r matrix
 *
 *     S_1 V_1'U_1
 *
 * and n - r zeros.  If a null vector z has a Jordan chain (A z' = z), the small matrix still has an eigenvalue 0. */
#include "linear/null_space.h"

#include "base/error.h"
#include "dense/algebra.h"
#include "linear/eigen.h"
#include "linear/operator.h"

#include <float.h>
#include <gamedyn/spectrum.h>
#include <math.h>

#define NEAR 1e-6 /* the two zeros of a chain are computed as +-1e-8, those of a longer one farther away */

size_t gdi_null_space_count(size_t n, const double *values, double tolerance) {
  const double zero = fmax(tolerance, (double)n * DBL_EPSILON) * values[0];
  size_t count = 0;
  while (count < n && values[n - 1 - count] <= zero) count++;
  return count;
}

bool gdi_null_space_is_near(const gd_spectrum *spectrum, double norm) {
  const double *re = gd_spectrum_real(spectrum), *im = gd_spectrum_imaginary(spectrum);
  double least = INFINITY;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) least = fmin(least, hypot(re[k], im[k]));
  return least <= NEAR * norm;
}

/* small = S_1 V_1'U_1, [r by r] */
static void restrict_to_range(const gdi_svd *svd, size_t r, double *small) {
  const gdi_product product = {.rows = r,
                               .columns = r,
                               .inner = svd->rows,
                               .A = svd->right_transposed,
                               .lda = svd->columns,
                               .B = svd->left,
                               .ldb = svd->rows};
  gdi_matrix_product(&product, small, r);
  for (size_t j = 0; j < r; j++)
    for (size_t i = 0; i < r; i++) small[i + j * r] *= svd->values[i];
}

static gd_status find_rest(const gdi_env *env, const gdi_svd *svd, size_t r, gd_spectrum **spectrum) {
  double *small = gdi_allocate(env, gdi_times(r, r), sizeof *small);
  gd_operator *op = NULL;
  gd_status status = small ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) {
    restrict_to_range(svd, r, small);
    status = gd_operator_dense(&op, r, r, small, r, &env->env);
  }
  if (status == GD_OK) {
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    options.dense_limit = r;
    status = gd_spectrum_compute(spectrum, op, &options);
  }
  gd_operator_destroy(op);
  gdi_release(env, small);
  return status;
}

static gd_status take_away(gd_operator *op, double tolerance, double *A, gd_spectrum **spectrum, size_t *nullity) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  gdi_svd svd;
  GD_TRY(gdi_operator_assemble_finite(op, A));
  GD_TRY(gdi_svd_create(env, &svd, n, n, A, n, true));
  const size_t r = n - gdi_null_space_count(n, svd.values, tolerance);
  const gd_status status = r > 0 ? find_rest(env, &svd, r, spectrum) : gdi_fail(GD_ERR_HYPOTHESIS, "the operator is 0");
  gdi_svd_destroy(env, &svd);
  if (status >= 0) *nullity = n - r;
  return status;
}

/* A = sign A', entry by entry. */
static bool is_mirrored(size_t n, const double *A, double sign) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i <= j; i++)
      if (A[i + j * n] != sign * A[j + i * n]) return false;
  return true;
}

/* For a normal matrix: the moduli are the singular values, and the nonzero eigenvalues remain. */
static gd_status leave_of_normal(const gd_spectrum *all, double tolerance, const gdi_env *env, gd_spectrum **moving,
                                 size_t *nullity) {
  const size_t n = gd_spectrum_count(all);
  const double *re = gd_spectrum_real(all), *im = gd_spectrum_imaginary(all);
  const double zero = fmax(tolerance, (double)n * DBL_EPSILON) * gd_spectrum_radius(all);
  double *kept = gdi_allocate(env, 2 * n, sizeof *kept);
  if (!kept) return GD_ERR_MEMORY;
  size_t r = 0;
  for (size_t k = 0; k < n; k++)
    if (hypot(re[k], im[k]) > zero) kept[r] = re[k], kept[n + r++] = im[k];
  *nullity = n - r;
  const gd_status status = r > 0 && r < n ? gd_spectrum_from_values(moving, r, kept, kept + n, &env->env) : GD_OK;
  gdi_release(env, kept);
  return status;
}

gd_status gdi_null_space_leave(gd_operator *op, const gd_spectrum *all, double *A, gd_spectrum **moving,
                               size_t *nullity) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  const double tolerance = gdi_operator_doubt(op);
  gdi_svd svd;
  GD_TRY(gdi_operator_assemble_finite(op, A));
  if (is_mirrored(n, A, 1) || is_mirrored(n, A, -1)) return leave_of_normal(all, tolerance, env, moving, nullity);
  GD_TRY(gdi_svd_create(env, &svd, n, n, A, n, true));
  *nullity = gdi_null_space_count(n, svd.values, tolerance);
  const gd_status status = *nullity > 0 && *nullity < n ? find_rest(env, &svd, n - *nullity, moving) : GD_OK;
  gdi_svd_destroy(env, &svd);
  return status;
}

gd_status gd_spectrum_nonzero(gd_spectrum **spectrum, gd_operator *op, double tolerance, size_t *nullity) {
  GDI_REQUIRE(spectrum && op && nullity, "gd_spectrum_nonzero: %s is NULL",
              !spectrum ? "spectrum"
              : op      ? "nullity"
                        : "op");
  GD_TRY(gdi_operator_check_whole(op, "gd_spectrum_nonzero"));
  const size_t n = gd_operator_rows(op), columns = gd_operator_columns(op);
  GDI_REQUIRE(n == columns, "gd_spectrum_nonzero: the operator is %zu by %zu, expected a square one", n, columns);
  GDI_REQUIRE(tolerance >= 0 && tolerance < 1, "gd_spectrum_nonzero: tolerance is %g, expected 0 <= tolerance < 1",
              tolerance);
  const gdi_env *env = gdi_operator_env(op);
  double *A = gdi_allocate(env, gdi_times(n, n), sizeof *A);
  const gd_status status = A ? take_away(op, tolerance, A, spectrum, nullity) : GD_ERR_MEMORY;
  gdi_release(env, A);
  return status;
}
