/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum_ends.c -- Krylov-Schur for eigenvalues, Golub-Kahan for singular values, from either end. */
#include "support/spectrum_ends.h"

#include <math.h>

#include "support/die.h"

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
