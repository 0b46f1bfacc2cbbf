/* SPDX-License-Identifier: BSD-3-Clause */
/* dense.c -- products by the definition; singular values by the library. */
#include "support/dense.h"

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"

/* The plain sum where it neither overflows nor underflows, for it is taken at every step of a run. */
static double length_of(size_t n, const double *a, const double *origin) {
  double sum = 0.0;
  for (size_t k = 0; k < n; k++) {
    const double entry = origin ? a[k] - origin[k] : a[k];
    sum += entry * entry;
  }
  if (sum > 1e-280 && sum < 1e300) return sqrt(sum);
  double length = 0.0;
  for (size_t k = 0; k < n; k++) length = hypot(length, origin ? a[k] - origin[k] : a[k]);
  return length;
}

double norm(size_t n, const double *a) { return length_of(n, a, NULL); }

double distance(size_t n, const double *a, const double *b) { return length_of(n, a, b); }

void multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B, double *out) {
  for (size_t j = 0; j < columns; j++) {
    double *column = out + j * rows;
    for (size_t i = 0; i < rows; i++) column[i] = 0.0;
    for (size_t k = 0; k < inner; k++) {
      const double factor = B[k + j * inner];
      for (size_t i = 0; i < rows; i++) column[i] += A[i + k * rows] * factor;
    }
  }
}

void transpose(size_t rows, size_t columns, const double *A, double *out) {
  for (size_t j = 0; j < columns; j++) {
    for (size_t i = 0; i < rows; i++) out[j + i * columns] = A[i + j * rows];
  }
}

double *singular_values(size_t rows, size_t columns, const double *A) {
  gd_operator *op = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.residuals = false;
  options.dense_limit = rows > columns ? rows : columns; /* the matrix is here already */
  double *values = new_numbers(rows < columns ? rows : columns);
  must(gd_operator_dense(&op, rows, columns, A, rows, NULL));
  must(gd_singular_values(op, &options, values, NULL));
  gd_operator_destroy(op);
  return values;
}

double operator_norm(size_t rows, size_t columns, const double *A) {
  for (size_t k = 0; k < rows * columns; k++) {
    if (!isfinite(A[k])) return INFINITY;
  }
  double *values = singular_values(rows, columns, A);
  const double largest = values[0];
  free(values);
  return largest;
}
