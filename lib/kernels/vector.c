/* SPDX-License-Identifier: BSD-3-Clause */
/* vector.c -- norms that neither overflow nor underflow.
 *
 * A sum of squares between 2^-900 and the largest double is exact enough: terms that
 * underflowed are below 2^-1022 each.  Outside, the entries are first scaled by a power of two
 * to magnitude 1/2 .. 1, which rounds nothing. */
#include "kernels/vector.h"

#include <math.h>

static bool is_safe(double sum_of_squares) {
  return sum_of_squares > 0x1p-900 && sum_of_squares <= 0x1.fffffffffffffp1023;
}

/* (a - b)[k], b possibly absent */
static double entry(const double *a, const double *b, size_t k) { return b ? a[k] - b[k] : a[k]; }

static double largest_entry(size_t n, const double *a, const double *b) {
  double largest = 0;
  for (size_t k = 0; k < n; k++) {
    const double magnitude = fabs(entry(a, b, k));
    if (isnan(magnitude)) return magnitude;
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

static double scaled_norm(size_t n, const double *a, const double *b) {
  const double largest = largest_entry(n, a, b);
  if (largest == 0 || !isfinite(largest)) return largest;
  int exponent;
  frexp(largest, &exponent);
  double sum = 0;
  for (size_t k = 0; k < n; k++) {
    const double scaled = ldexp(entry(a, b, k), -exponent);
    sum += scaled * scaled;
  }
  return ldexp(sqrt(sum), exponent);
}

double gdi_vector_norm(size_t n, const double *x) {
  const double sum = gdi_kernels.vector->norm_squared(n, x);
  return is_safe(sum) ? sqrt(sum) : scaled_norm(n, x, NULL);
}

double gdi_vector_distance(size_t n, const double *a, const double *b) {
  const double sum = gdi_kernels.vector->distance_squared(n, a, b);
  return is_safe(sum) ? sqrt(sum) : scaled_norm(n, a, b);
}
