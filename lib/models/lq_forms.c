/* SPDX-License-Identifier: BSD-3-Clause */
/* lq_forms.c -- loops over the stored entries of a matrix, column by column. */
#include "models/lq_forms.h"

#include <string.h>

/* The first stored row of a column. */
static size_t top(gdi_lq_shape shape, size_t column) { return shape.triangular ? column : 0; }

size_t gdi_lq_entries(gdi_lq_shape shape) { return shape.triangular ? shape.d * (shape.d + 1) / 2 : shape.d * shape.d; }

double gdi_lq_value(gdi_lq_shape shape, const double *p, const double *y) {
  double sum = 0;
  for (size_t j = 0; j < shape.d; j++) {
    double column = 0;
    for (size_t i = top(shape, j); i < shape.d; i++) column += *p++ * y[i];
    sum += column * y[j];
  }
  for (size_t i = 0; i < shape.d; i++) sum += p[i] * y[i];
  return sum;
}

void gdi_lq_add_curved(gdi_lq_shape shape, const double *p, const double *y, double *out) {
  for (size_t j = 0; j < shape.d; j++)
    for (size_t i = top(shape, j); i < shape.d; i++, p++) {
      out[i] += *p * y[j];
      out[j] += *p * y[i];
    }
}

void gdi_lq_slope(gdi_lq_shape shape, const double *p, const double *y, double *out) {
  memcpy(out, p + gdi_lq_entries(shape), shape.d * sizeof *out);
  gdi_lq_add_curved(shape, p, y, out);
}

void gdi_lq_image(gdi_lq_shape shape, const double *p, const double *z, double *out) {
  memcpy(out, p + gdi_lq_entries(shape), shape.d * sizeof *out);
  for (size_t j = 0; j < shape.d; j++)
    for (size_t i = top(shape, j); i < shape.d; i++) out[i] += *p++ * z[j];
}

void gdi_lq_add_outer(gdi_lq_shape shape, double c, const double *a, const double *b, double *p) {
  for (size_t j = 0; j < shape.d; j++)
    for (size_t i = top(shape, j); i < shape.d; i++) *p++ += c * a[i] * b[j];
}

void gdi_lq_add_affine(gdi_lq_shape shape, double c, const double *a, const double *b, double *p) {
  gdi_lq_add_outer(shape, c, a, b, p);
  double *m = p + gdi_lq_entries(shape);
  for (size_t i = 0; i < shape.d; i++) m[i] += c * a[i];
}
