/* SPDX-License-Identifier: BSD-3-Clause */
/* singular.c -- singular values of an operator, each with its residual: by LAPACK, or golub_kahan.c if it is large. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/eigen.h"
#include "linear/golub_kahan.h"
#include "linear/krylov_schur.h"
#include "linear/operator.h"

#include <float.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <string.h>

gd_status gdi_svd_create(const gdi_env *env, gdi_svd *svd, size_t rows, size_t columns, double *A, size_t lda,
                         bool factors) {
  const size_t least = rows < columns ? rows : columns;
  *svd = (gdi_svd){.rows = rows, .columns = columns, .least = least};
  bool ok = (svd->values = gdi_allocate(env, least, sizeof *A)) != NULL;
  if (factors) {
    ok = ok && (svd->matrix = gdi_allocate(env, gdi_times(rows, columns), sizeof *A));
    ok = ok && (svd->left = gdi_allocate(env, gdi_times(rows, rows), sizeof *A));
    ok = ok && (svd->right_transposed = gdi_allocate(env, gdi_times(columns, columns), sizeof *A));
  }
  gd_status status = ok ? GD_OK : GD_ERR_MEMORY;
  if (ok) {
    if (factors)
      for (size_t j = 0; j < columns; j++) memcpy(svd->matrix + j * rows, A + j * lda, rows * sizeof *A);
    status = gdi_singular_values(env, rows, columns, A, lda, svd->values, svd->left, svd->right_transposed);
  }
  if (status < 0) gdi_svd_destroy(env, svd);
  return status;
}

void gdi_svd_destroy(const gdi_env *env, gdi_svd *svd) {
  gdi_release(env, svd->values);
  gdi_release(env, svd->matrix);
  gdi_release(env, svd->left);
  gdi_release(env, svd->right_transposed);
  *svd = (gdi_svd){0};
}

/* |product_k - s_k vector_k| for each k; vector k starts at vectors + k*start, its entries `stride` apart. */
static void column_residuals(const gdi_svd *svd, size_t length, size_t count, double *product, const double *vectors,
                             size_t start, size_t stride, double *norms) {
  for (size_t k = 0; k < count; k++) {
    double *column = product + k * length;
    if (k < svd->least)
      for (size_t i = 0; i < length; i++) column[i] -= svd->values[k] * vectors[k * start + i * stride];
    norms[k] = gdi_vector_norm(length, column);
  }
}

gd_status gdi_svd_residuals(const gdi_env *env, const gdi_svd *svd, double *left, double *right) {
  const size_t rows = svd->rows, columns = svd->columns;
  double *product = gdi_allocate(env, gdi_times(rows, columns), sizeof *product);
  if (!product) return GD_ERR_MEMORY;
  gdi_matrix_product(&(gdi_product){.transpose_a = true,
                                    .rows = columns,
                                    .columns = rows,
                                    .inner = rows,
                                    .A = svd->matrix,
                                    .lda = rows,
                                    .B = svd->left,
                                    .ldb = rows},
                     product, columns);
  column_residuals(svd, columns, rows, product, svd->right_transposed, 1, columns, left);
  gdi_matrix_product(&(gdi_product){.transpose_b = true,
                                    .rows = rows,
                                    .columns = columns,
                                    .inner = columns,
                                    .A = svd->matrix,
                                    .lda = rows,
                                    .B = svd->right_transposed,
                                    .ldb = columns},
                     product, rows);
  column_residuals(svd, rows, columns, product, svd->left, rows, 1, right);
  gdi_release(env, product);
  return GD_OK;
}

/* Residuals of pairs from those of each side. */
static gd_status pair_residuals(const gdi_env *env, const gdi_svd *svd, double *residuals) {
  double *sides = gdi_allocate(env, svd->rows + svd->columns, sizeof *sides);
  if (!sides) return GD_ERR_MEMORY;
  const gd_status status = gdi_svd_residuals(env, svd, sides, sides + svd->rows);
  if (status == GD_OK)
    for (size_t k = 0; k < svd->least; k++) residuals[k] = hypot(sides[k], sides[svd->rows + k]) * sqrt(0.5);
  gdi_release(env, sides);
  return status;
}

static gd_status decompose(gd_operator *op, double *A, double *values, double *residuals) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op);
  GD_TRY(gdi_operator_assemble_finite(op, A));
  gdi_svd svd;
  GD_TRY(gdi_svd_create(env, &svd, rows, columns, A, rows, residuals != NULL));
  const gd_status status = residuals ? pair_residuals(env, &svd, residuals) : GD_OK;
  if (status == GD_OK) memcpy(values, svd.values, svd.least * sizeof *values);
  gdi_svd_destroy(env, &svd);
  return status;
}

/* Copy the values in the requested order: only nonzero ones if the smallest are wanted, padded with 0. */
static void select_values(const gd_spectrum_options *options, size_t rows, size_t columns, double *all, double *values,
                          double *residuals) {
  const size_t least = rows < columns ? rows : columns, longer = rows + columns - least;
  const bool smallest = options->which == GD_SMALLEST_REAL;
  const size_t count = options->which != GD_SPECTRUM_ALL && options->count < least ? options->count : least;
  size_t known = least;
  while (smallest && known > 0 && all[known - 1] <= (double)longer * DBL_EPSILON * all[0]) known--;
  for (size_t k = 0; k < count; k++) {
    const bool there = k < known;
    const size_t from = smallest ? known - 1 - k : k;
    values[k] = there ? all[from] : 0;
    if (residuals) residuals[k] = there ? all[least + from] : 0;
  }
}

static gd_status solve_densely(gd_operator *op, const gd_spectrum_options *options, double *values, double *residuals) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op), least = rows < columns ? rows : columns;
  double *A = gdi_allocate(env, gdi_times(rows, columns), sizeof *A), *all = gdi_allocate(env, 2 * least, sizeof *all);
  gd_status status = A && all ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) status = decompose(op, A, all, residuals ? all + least : NULL);
  if (status == GD_OK) select_values(options, rows, columns, all, values, residuals);
  gdi_release(env, all);
  gdi_release(env, A);
  return status;
}

gd_status gd_singular_values(gd_operator *op, const gd_spectrum_options *options, double *values, double *residuals) {
  GDI_REQUIRE(op && values, "gd_singular_values: %s is NULL", op ? "values" : "op");
  GD_TRY(gdi_operator_check_whole(op, "gd_singular_values"));
  gd_spectrum_options own;
  gd_spectrum_options_init(&own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_spectrum_options, &own, options));
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op);
  GDI_REQUIRE((unsigned)own.which <= GD_SMALLEST_REAL,
              "gd_singular_values: which is %d, expected GD_SPECTRUM_ALL, GD_LARGEST_MODULUS, GD_LARGEST_REAL or "
              "GD_SMALLEST_REAL",
              (int)own.which);
  GDI_REQUIRE(own.count > 0 || own.which == GD_SPECTRUM_ALL, "gd_spectrum_options: count is 0, expected at least 1");
  if (rows <= own.dense_limit && columns <= own.dense_limit) return solve_densely(op, &own, values, residuals);
  GD_TRY(gdi_spectrum_check_options("singular values", rows < columns ? rows : columns, &own));
  return gdi_golub_kahan(op, &own, values, residuals);
}
