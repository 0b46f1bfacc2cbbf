/* SPDX-License-Identifier: BSD-3-Clause */
/* nonnormal.c -- numerical abscissa and Henrici's departure from normality.
 *
 * With the Schur form A = Q (D + N) Q', |A|_F^2 - sum |lambda|^2 = |N|_F^2, which is summed as it stands, without the
 * cancellation of the difference.  In the real form a pair's block [[a, b], [c, a]], b c < 0, adds
 * a^2 + a^2 + b^2 + c^2 - 2 (a^2 - b c) = (b + c)^2. */
#include "base/error.h"
#include "base/first_sizes.h"
#include "dense/algebra.h"
#include "dense/schur.h"
#include "kernels/vector.h"
#include "linear/operator.h"

#include <gamedyn/nonnormal.h>
#include <math.h>
#include <string.h>

/* |N|_F of a Schur form T [n by n]. */
static double departure_of(size_t n, const gdi_schur *schur) {
  const size_t ld = schur->capacity;
  double sum = 0;
  for (size_t j = 0; j < n; j++) {
    for (size_t i = 0; i < j; i++) {
      const bool in_block = i + 1 == j && schur->T[j + i * ld] != 0;
      const double entry = schur->T[i + j * ld] + (in_block ? schur->T[j + i * ld] : 0);
      sum = hypot(sum, entry);
    }
  }
  return sum;
}

static gd_status find_departure(const gdi_env *env, size_t n, const double *A, double *departure) {
  gdi_schur schur;
  gd_status status = gdi_schur_create(env, &schur, n);
  if (status == GD_OK) {
    memcpy(schur.T, A, n * n * sizeof *A);
    status = gdi_schur_factor(&schur, n, false);
  }
  if (status == GD_OK) *departure = departure_of(n, &schur);
  gdi_schur_destroy(env, &schur);
  return status;
}

/* A becomes (A + A')/2. */
static void make_symmetric(size_t n, double *A) {
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < j; i++) A[i + j * n] = A[j + i * n] = 0.5 * A[i + j * n] + 0.5 * A[j + i * n];
}

static gd_status measure(const gdi_env *env, size_t n, double *A, double *values, gd_nonnormality *found) {
  found->norm = gdi_vector_norm(n * n, A);
  GD_TRY(find_departure(env, n, A, &found->departure));
  make_symmetric(n, A);
  GD_TRY(gdi_eigen_symmetric(env, n, A, n, false, values));
  found->numerical_abscissa = values[n - 1];
  return GD_OK;
}

static gd_status find_densely(gd_operator *op, gd_nonnormality *found) {
  const gdi_env *env = gdi_operator_env(op);
  const size_t n = gd_operator_rows(op);
  double *A = gdi_allocate(env, gdi_times(n, n), sizeof *A), *values = gdi_allocate(env, n, sizeof *values);
  gd_status status = A && values ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK) status = gdi_operator_assemble_finite(op, A);
  if (status == GD_OK) status = measure(env, n, A, values, found);
  gdi_release(env, values);
  gdi_release(env, A);
  return status;
}

/* ---- by products ---- */

typedef struct symmetric_part {
  gd_operator *op;
  double *room; /* [n] */
} symmetric_part;

static gd_status apply_part(void *context, const double *u, double *out) {
  const symmetric_part *part = context;
  GD_TRY(gd_operator_apply_transpose(part->op, u, part->room));
  GD_TRY(gd_operator_apply(part->op, u, out));
  for (size_t k = 0; k < gd_operator_rows(part->op); k++) out[k] = 0.5 * out[k] + 0.5 * part->room[k];
  return GD_OK;
}

static void keep(void *context) { (void)context; } /* the context is find_by_products' own */

static const gdi_operator_table part_table = {apply_part, apply_part, keep};

static gd_status find_by_products(gd_operator *op, const gd_spectrum_options *options, gd_nonnormality *found) {
  const gdi_env *env = gdi_operator_env(op);
  symmetric_part part = {op, gdi_allocate(env, gd_operator_rows(op), sizeof *part.room)};
  gd_operator *symmetric = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options own = *options;
  own.which = GD_LARGEST_REAL, own.count = 1, own.symmetric = true, own.vectors = false;
  gd_status status = part.room ? GD_OK : GD_ERR_MEMORY;
  if (status == GD_OK)
    status = gdi_operator_create(&symmetric, gd_operator_rows(op), gd_operator_rows(op), &part_table, &part, &env->env);
  if (status == GD_OK) status = gd_spectrum_compute(&spectrum, symmetric, &own);
  if (status >= 0) *found = (gd_nonnormality){gd_spectrum_real(spectrum)[0], NAN, NAN, {0}};
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(symmetric);
  gdi_release(env, part.room);
  return status;
}

gd_status gd_nonnormality_compute(gd_operator *op, const gd_spectrum_options *options, gd_nonnormality *nonnormality) {
  GDI_REQUIRE(op && nonnormality, "gd_nonnormality_compute: %s is NULL", op ? "nonnormality" : "op");
  GD_TRY(gdi_operator_check_whole(op, "gd_nonnormality_compute"));
  const size_t n = gd_operator_rows(op);
  GDI_REQUIRE(n == gd_operator_columns(op),
              "gd_nonnormality_compute: the operator is %zu by %zu, expected a square one", n, gd_operator_columns(op));
  gd_spectrum_options own;
  gd_spectrum_options_init(&own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_spectrum_options, &own, options));
  gd_nonnormality found = {0};
  const gd_status status = n <= own.dense_limit ? find_densely(op, &found) : find_by_products(op, &own, &found);
  if (status >= 0) *nonnormality = found;
  return status;
}
