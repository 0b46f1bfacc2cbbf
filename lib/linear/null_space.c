/* SPDX-License-Identifier: BSD-3-Clause */
/* null_space.c -- the eigenvalues that are left when the null space is taken away.
 *
 * With the singular value decomposition A = U S V', r values of it above the tolerance, A = U_1 S_1 V_1', and because B
 * C and C B have the same eigenvalues but for zeros, those of A are those of the r by r matrix
 *
 *     S_1 V_1'U_1
 *
 * and n - r zeros.  If a null vector has a chain (A z' = z), the small matrix has an eigenvalue 0 still. */
#include "base/dense.h"
#include "base/error.h"
#include "linear/eigen.h"
#include "linear/operator.h"

#include <float.h>
#include <gamedyn/spectrum.h>
#include <math.h>

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
  double *small = gdi_allocate(env, r * r, sizeof *small);
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
  size_t r = 0;
  while (r < n && svd.values[r] > fmax(tolerance, (double)n * DBL_EPSILON) * svd.values[0]) r++;
  const gd_status status = r > 0 ? find_rest(env, &svd, r, spectrum) : gdi_fail(GD_ERR_HYPOTHESIS, "the operator is 0");
  gdi_svd_destroy(env, &svd);
  if (status >= 0) *nullity = n - r;
  return status;
}

gd_status gd_spectrum_off_null_space(gd_spectrum **spectrum, gd_operator *op, double tolerance, size_t *nullity) {
  GDI_REQUIRE(spectrum && op && nullity, "gd_spectrum_off_null_space: %s is NULL",
              !spectrum ? "spectrum"
              : op      ? "nullity"
                        : "op");
  GD_TRY(gdi_operator_check_whole(op, "gd_spectrum_off_null_space"));
  const size_t n = gd_operator_rows(op), columns = gd_operator_columns(op);
  GDI_REQUIRE(n == columns, "gd_spectrum_off_null_space: the operator is %zu by %zu, expected a square one", n,
              columns);
  GDI_REQUIRE(tolerance >= 0 && tolerance < 1,
              "gd_spectrum_off_null_space: tolerance is %g, expected 0 <= tolerance < 1", tolerance);
  const gdi_env *env = gdi_operator_env(op);
  double *A = gdi_allocate(env, n * n, sizeof *A);
  const gd_status status = A ? take_away(op, tolerance, A, spectrum, nullity) : GD_ERR_MEMORY;
  gdi_release(env, A);
  return status;
}
