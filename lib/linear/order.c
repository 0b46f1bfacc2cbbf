/* SPDX-License-Identifier: BSD-3-Clause */
/* order.c -- eigenvalues in the order a caller asks for.
 *
 * Ties of the first key are broken by the second key, then by the given order, so the order is deterministic. */
#include "linear/order.h"

#include <math.h>
#include <stdlib.h>

static int compare_units(const void *left, const void *right) {
  const gdi_unit *a = left, *b = right;
  if (a->first_key != b->first_key) return a->first_key > b->first_key ? -1 : 1;
  if (a->second_key != b->second_key) return a->second_key > b->second_key ? -1 : 1;
  return a->start < b->start ? -1 : 1;
}

static gdi_unit make_unit(size_t k, double re, double im, const gd_spectrum_options *options) {
  const gd_which which = options->which;
  gdi_unit unit = {re, im, k, im != 0 ? 2 : 1};
  if (which == GD_LARGEST_MODULUS) unit.first_key = hypot(re, im);
  if (which == GD_SMALLEST_REAL) unit.first_key = -re;
  if (which == GD_LARGEST_IMAGINARY) unit.first_key = im;
  if (which == GD_CLOSEST) unit.first_key = -hypot(re - options->target_re, im - fabs(options->target_im));
  if (which == GD_LARGEST_MODULUS || which == GD_LARGEST_IMAGINARY) unit.second_key = re;
  return unit;
}

size_t gdi_order_units(size_t n, const double *re, const double *im, const gd_spectrum_options *options,
                       gdi_unit *units) {
  size_t count = 0;
  for (size_t k = 0; k < n; k += units[count++].members) units[count] = make_unit(k, re[k], fabs(im[k]), options);
  qsort(units, count, sizeof *units, compare_units);
  return count;
}
