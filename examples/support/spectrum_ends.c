/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum_ends.c -- Krylov-Schur for eigenvalues, Golub-Kahan for singular values, from either end. */
#include "support/spectrum_ends.h"

#include <math.h>

#include "support/die.h"

static const double CLOSE = 1e-8;   /* relative: residuals of what counts as found, and what counts as found before */
static const double ZERO = 1e-12;   /* of the largest modulus */
static const double CHAIN = 1.5e-8; /* sqrt eps, of |A|: two zeros in a chain come as small as that by rounding */

static gd_spectrum_options options_for(gd_which which) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = which;
  options.count = ENDS;
  options.subspace = 60;
  options.max_products = 2000;
  options.dense_limit = 0;
  return options;
}

/* The values of one end; returns how many are not 0. */
static size_t find_end(gd_operator *op, gd_which which, double *values, bool *converged) {
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op), least = rows < columns ? rows : columns;
  const gd_spectrum_options options = options_for(which);
  const gd_status status = gd_singular_values(op, &options, values, NULL);
  must(status);
  *converged = *converged && status == GD_OK;
  size_t count = 0;
  while (count < ENDS && count < least && values[count] > 0) count++;
  return count;
}

singular_ends singular_ends_find(gd_operator *op) {
  singular_ends ends = {.converged = true};
  ends.n_largest = find_end(op, GD_LARGEST_MODULUS, ends.largest, &ends.converged);
  ends.n_smallest = find_end(op, GD_SMALLEST_REAL, ends.smallest, &ends.converged);
  return ends;
}

/* Room for everything that is found, conjugate pairs side by side. */
typedef struct value_list {
  double re[8 * (ENDS + 1)], im[8 * (ENDS + 1)];
  size_t count;
} value_list;

static bool is_known(const value_list *list, double re, double im) {
  for (size_t k = 0; k < list->count; k++) {
    if (hypot(list->re[k] - re, list->im[k] - im) <= CLOSE * hypot(re, im)) return true;
  }
  return false;
}

static void add(value_list *list, double re, double im) {
  for (int member = 0; member < (im != 0.0 ? 2 : 1); member++) {
    list->re[list->count] = re;
    list->im[list->count++] = member ? -im : im;
  }
}

/* Those of largest modulus come first, so that `radius` is known to the others.  Up to `noise` they are left out.  True
 * if all converged. */
static bool add_end(value_list *list, gd_operator *op, gd_which which, double noise, double *radius) {
  const gd_spectrum_options options = options_for(which);
  gd_spectrum *spectrum = NULL;
  const gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  must(status);
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k], modulus = hypot(re, im);
    *radius = fmax(*radius, modulus);
    const bool is_zero = modulus <= fmax(noise, ZERO * *radius);
    const bool found = gd_spectrum_residual(spectrum)[k] <= CLOSE * modulus && !is_zero;
    if (im >= 0 && found && !is_known(list, re, im)) add(list, re, im);
  }
  gd_spectrum_destroy(spectrum);
  return status == GD_OK;
}

gd_spectrum *spectrum_ends_find(gd_operator *op, double norm, bool *converged) {
  static const gd_which ends[] = {GD_LARGEST_MODULUS, GD_LARGEST_REAL, GD_SMALLEST_REAL, GD_LARGEST_IMAGINARY};
  value_list list = {.count = 0};
  double radius = 0.0;
  for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
    if (!add_end(&list, op, ends[k], CHAIN * norm, &radius)) *converged = false;
  }
  if (list.count == 0) add(&list, 0.0, 0.0);
  gd_spectrum *spectrum = NULL;
  must(gd_spectrum_from_values(&spectrum, list.count, list.re, list.im, NULL));
  return spectrum;
}

gd_spectrum *spectrum_ends_bilinear(const singular_ends *ends, double gamma) {
  value_list list = {.count = 0};
  for (size_t k = 0; k < ends->n_largest + ends->n_smallest; k++) {
    const double s = k < ends->n_largest ? ends->largest[k] : ends->smallest[k - ends->n_largest];
    if (!is_known(&list, -gamma * s * s, s)) add(&list, -gamma * s * s, s);
  }
  gd_spectrum *spectrum = NULL;
  must(gd_spectrum_from_values(&spectrum, list.count, list.re, list.im, NULL));
  return spectrum;
}
