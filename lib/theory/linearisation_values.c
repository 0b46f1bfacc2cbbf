/* SPDX-License-Identifier: BSD-3-Clause */
/* linearisation_values.c -- spectra, singular values and norms of J at a point, each computed once.
 *
 * Dense: LAPACK on the matrix.  Singular values come from a decomposition with factors where one was made.  The
 * rotation |(J - J')/2|_2 is the root of the largest eigenvalue of R'R, R = (J - J')/2: it costs half of R's singular
 * values, and squares harm the largest value by rounding only.
 *
 * The departure from normality is sqrt(|J|_F^2 - sum |lambda|^2).  That difference cancels where J is nearly normal.
 * The strictly upper part of J's Schur form has the same norm, and is used then. */
#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "linear/null_space.h"
#include "linear/operator.h"
#include "theory/axis.h"
#include "theory/linearisation.h"
#include "theory/point.h"

#include <math.h>
#include <string.h>

#define CANCELS 1e-3 /* departures below this part of |J|_F are taken from the Schur form */

/* The status is kept with the value, and returned whenever the value is read. */
static gd_status read_kept(const gdi_kept *kept, double *value) {
  *value = kept->value;
  if (kept->status > 0) return gdi_fail(kept->status, "linearisation: a solver reached max_products");
  return GD_OK;
}

static void keep(gdi_kept *kept, gd_status status, double value) { *kept = (gdi_kept){value, status, true}; }

/* ---- dense ---- */

/* *matrix = a copy of J that may be overwritten. */
static gd_status copy_matrix(gd_linearisation *at, double **matrix) {
  const double *J;
  GD_TRY(gd_linearisation_matrix(at, &J));
  *matrix = gdi_scratch_matrix(at, 0);
  if (!*matrix) return GD_ERR_MEMORY;
  memcpy(*matrix, J, at->n * at->n * sizeof *J);
  return GD_OK;
}

/* *part = (J + sign J')/2 */
static gd_status form_part(gd_linearisation *at, double sign, double **part) {
  const double *J;
  const size_t n = at->n;
  GD_TRY(gd_linearisation_matrix(at, &J));
  double *out = *part = gdi_scratch_matrix(at, 0);
  if (!out) return GD_ERR_MEMORY;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) out[i + j * n] = 0.5 * J[i + j * n] + 0.5 * sign * J[j + i * n];
  return GD_OK;
}

gd_status gdi_linearisation_svd(gd_linearisation *at, const gdi_svd **svd) {
  double *matrix;
  if (!at->has_svd) {
    GD_TRY(copy_matrix(at, &matrix));
    GD_TRY(gdi_svd_create(&at->env, &at->svd, at->n, at->n, matrix, at->n, true));
    at->has_svd = true;
  }
  *svd = &at->svd;
  return GD_OK;
}

gd_status gd_linearisation_singular_values(gd_linearisation *at, const double **values) {
  GDI_REQUIRE(at && values, "gd_linearisation_singular_values: %s is NULL", at ? "values" : "linearisation");
  double *matrix;
  if (!at->singular && at->has_svd) {
    *values = at->svd.values;
    return GD_OK;
  }
  if (!at->singular) {
    GD_TRY(copy_matrix(at, &matrix));
    double *found = gdi_allocate(&at->env, at->n, sizeof *found);
    if (!found) return GD_ERR_MEMORY;
    const gd_status status = gdi_singular_values(&at->env, at->n, at->n, matrix, at->n, found, NULL, NULL);
    if (status < 0) {
      gdi_release(&at->env, found);
      return status;
    }
    at->singular = found;
  }
  *values = at->singular;
  return GD_OK;
}

gd_status gdi_linearisation_symmetric(gd_linearisation *at, const double **values) {
  double *part;
  if (!at->symmetric) {
    GD_TRY(form_part(at, 1, &part));
    double *found = gdi_allocate(&at->env, at->n, sizeof *found);
    if (!found) return GD_ERR_MEMORY;
    const gd_status status = gdi_eigen_symmetric(&at->env, at->n, part, at->n, false, found);
    if (status < 0) {
      gdi_release(&at->env, found);
      return status;
    }
    at->symmetric = found;
  }
  *values = at->symmetric;
  return GD_OK;
}

gd_status gdi_antisymmetric_norm(gd_linearisation *at, double *K, double *square, double *norm) {
  const size_t n = at->n;
  double scale = 0; /* squares neither overflow nor vanish */
  for (size_t k = 0; k < n * n; k++) scale = fmax(scale, fabs(K[k]));
  *norm = 0;
  if (scale == 0) return GD_OK;
  for (size_t k = 0; k < n * n; k++) K[k] /= scale;
  gdi_matrix_product(
      &(gdi_product){.transpose_a = true, .rows = n, .columns = n, .inner = n, .A = K, .lda = n, .B = K, .ldb = n},
      square, n);
  GD_TRY(gdi_eigen_symmetric(&at->env, n, square, n, false, K)); /* K is no longer needed */
  *norm = scale * sqrt(fmax(K[n - 1], 0));
  return GD_OK;
}

static gd_status find_rotation(gd_linearisation *at, double *rotation) {
  double *R, *square = gdi_scratch_matrix(at, 1);
  GD_TRY(form_part(at, -1, &R));
  return square ? gdi_antisymmetric_norm(at, R, square, rotation) : GD_ERR_MEMORY;
}

static gd_status compute_spectrum(gd_linearisation *at, bool vectors, gd_spectrum **spectrum) {
  const double *J;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.vectors = vectors, options.residuals = false, options.dense_limit = at->n;
  GD_TRY(gd_linearisation_matrix(at, &J));
  return gd_spectrum_compute(spectrum, at->J, &options);
}

/* |y| |z| / |y*z| of every eigenvalue, in the spectrum's order. */
static gd_status find_conditions(gd_linearisation *at) {
  double *vectors = gdi_scratch_matrix(at, 0), *found = gdi_allocate(&at->env, at->n, sizeof *found);
  gd_status status = vectors && found ? GD_OK : GD_ERR_MEMORY;
  if (status >= 0) {
    gdi_spectrum_copy_vectors(at->modes, vectors);
    status = gdi_axis_conditions(&at->env, at->n, gd_spectrum_imaginary(at->modes), vectors, found);
  }
  if (status < 0)
    gdi_release(&at->env, found);
  else
    at->conditions = found;
  return status;
}

gd_status gdi_linearisation_modes(gd_linearisation *at, const gd_spectrum **spectrum, const double **conditions) {
  if (!at->modes) GD_TRY(compute_spectrum(at, true, &at->modes));
  if (!at->conditions) GD_TRY(find_conditions(at));
  *spectrum = at->modes;
  *conditions = at->conditions;
  return GD_OK;
}

gd_status gd_linearisation_null_directions(gd_linearisation *at, size_t *count) {
  GDI_REQUIRE(at && count, "gd_linearisation_null_directions: %s is NULL", at ? "count" : "linearisation");
  const double *values;
  GD_TRY(gd_linearisation_singular_values(at, &values));
  *count = gdi_null_space_count(at->n, values, gdi_linearisation_doubt(at));
  return GD_OK;
}

static double departure_of(const gd_spectrum *spectrum, double norm) {
  const double *re = gd_spectrum_real(spectrum), *im = gd_spectrum_imaginary(spectrum);
  double share = 1;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double modulus = hypot(re[k], im[k]) / norm;
    share -= modulus * modulus;
  }
  return norm * sqrt(fmax(share, 0));
}

static gd_status find_nonnormality_densely(gd_linearisation *at, gd_nonnormality *found) {
  const double *J, *symmetric;
  const gd_spectrum *spectrum;
  GD_TRY(gd_linearisation_matrix(at, &J));
  GD_TRY(gdi_linearisation_symmetric(at, &symmetric));
  GD_TRY(gd_linearisation_spectrum(at, &spectrum));
  *found = (gd_nonnormality){.numerical_abscissa = symmetric[at->n - 1], .norm = gdi_vector_norm(at->n * at->n, J)};
  found->departure = found->norm > 0 ? departure_of(spectrum, found->norm) : 0;
  if (found->norm == 0 || found->departure > CANCELS * found->norm) return GD_OK;
  return gd_nonnormality_compute(at->J, &at->solver, found);
}

/* ---- both ---- */

gd_status gd_linearisation_spectrum(gd_linearisation *at, const gd_spectrum **spectrum) {
  GDI_REQUIRE(at && spectrum, "gd_linearisation_spectrum: %s is NULL", at ? "spectrum" : "linearisation");
  if (at->given || at->modes) {
    *spectrum = at->given ? at->given : at->modes;
    return GD_OK;
  }
  if (!at->values) {
    const gd_status status = at->dense ? compute_spectrum(at, false, &at->values) : gdi_linearisation_find_ends(at);
    if (status < 0) return status;
  }
  *spectrum = at->values;
  if (at->ends_status > 0) return gdi_fail(at->ends_status, "linearisation: not all ends of the spectrum were found");
  return GD_OK;
}

gd_status gd_linearisation_norm(gd_linearisation *at, double *norm) {
  GDI_REQUIRE(at && norm, "gd_linearisation_norm: %s is NULL", at ? "norm" : "linearisation");
  GD_TRY(gdi_linearisation_check(at, "gd_linearisation_norm"));
  const double *values;
  double found;
  if (at->dense) {
    GD_TRY(gd_linearisation_singular_values(at, &values));
    *norm = values[0];
    return GD_OK;
  }
  if (!at->norm.known) {
    const gd_status status = gdi_largest_singular_value(at->J, &at->solver, &found);
    if (status < 0) return status;
    keep(&at->norm, status, found);
  }
  return read_kept(&at->norm, norm);
}

/* sign times the largest eigenvalue of sign (J + J')/2 */
static gd_status symmetric_end(gd_linearisation *at, double sign, gdi_kept *kept, double *value) {
  double found;
  if (!kept->known) {
    const gd_status status = gdi_largest_symmetric(at->J, sign, &at->solver, &found);
    if (status < 0) return status;
    keep(kept, status, sign * found);
  }
  return read_kept(kept, value);
}

gd_status gd_linearisation_symmetric_part(gd_linearisation *at, double *least, double *largest) {
  GDI_REQUIRE(at && least && largest, "gd_linearisation_symmetric_part: %s is NULL",
              at ? "an output" : "linearisation");
  GD_TRY(gdi_linearisation_check(at, "gd_linearisation_symmetric_part"));
  const double *values;
  double low, high;
  if (at->dense) {
    GD_TRY(gdi_linearisation_symmetric(at, &values));
    *least = values[0], *largest = values[at->n - 1];
    return GD_OK;
  }
  const gd_status above = symmetric_end(at, 1, &at->largest, &high);
  if (above < 0) return above;
  const gd_status below = symmetric_end(at, -1, &at->least, &low);
  if (below < 0) return below;
  *least = low, *largest = high;
  return below > 0 ? below : above;
}

static gd_status rotation_by_products(gd_linearisation *at, double *rotation) {
  gd_operator *antisymmetric = NULL;
  GD_TRY(gd_operator_antisymmetric(&antisymmetric, at->game, at->x));
  const gd_status status = gdi_largest_singular_value(antisymmetric, &at->solver, rotation);
  gd_operator_destroy(antisymmetric);
  return status;
}

gd_status gd_linearisation_rotation(gd_linearisation *at, double *rotation) {
  GDI_REQUIRE(at && rotation, "gd_linearisation_rotation: %s is NULL", at ? "rotation" : "linearisation");
  GD_TRY(gdi_linearisation_check(at, "gd_linearisation_rotation"));
  if (!at->rotation.known) {
    double found;
    const gd_status status = at->dense ? find_rotation(at, &found) : rotation_by_products(at, &found);
    if (status < 0) return status;
    keep(&at->rotation, status, found);
  }
  return read_kept(&at->rotation, rotation);
}

gd_status gd_linearisation_nonnormality(gd_linearisation *at, gd_nonnormality *nonnormality) {
  GDI_REQUIRE(at && nonnormality, "gd_linearisation_nonnormality: %s is NULL", at ? "nonnormality" : "linearisation");
  GD_TRY(gdi_linearisation_check(at, "gd_linearisation_nonnormality"));
  gd_nonnormality found = {.departure = NAN, .norm = NAN};
  const gd_status status =
      at->dense ? find_nonnormality_densely(at, &found) : symmetric_end(at, 1, &at->largest, &found.numerical_abscissa);
  if (status >= 0) *nonnormality = found;
  return status;
}

gd_status gdi_linearisation_end(gd_linearisation *at, bool rightmost, double *re, bool *complete) {
  gdi_kept *kept = rightmost ? &at->rightmost : &at->leftmost;
  bool *all = rightmost ? &at->rightmost_complete : &at->leftmost_complete;
  if (!kept->known) {
    double found, im;
    const gd_status status =
        gdi_extreme_eigenvalue(at->J, rightmost ? GD_LARGEST_REAL : GD_SMALLEST_REAL, &at->solver, &found, &im, all);
    if (status < 0) return status;
    keep(kept, status, found);
  }
  if (complete) *complete = *all;
  return read_kept(kept, re);
}
