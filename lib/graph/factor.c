/* SPDX-License-Identifier: BSD-3-Clause */
/* factor.c -- decides which scalar factors may be moved.
 *
 * Every node made by simplification is a value of the expression as it was written, divided by a factor p that a later
 * scaling applies.  Since p is between 2^-24 and 2^24 for each node, a node overflows or underflows only if the value
 * is within a factor 2^24 of doing so.  The factors of a product are tested together, because both are left out of it.
 * Without a bound the factors of a chain of operations would multiply up to any size. */
#include "graph/factor.h"

#include <math.h>

gdi_factored gdi_factor_of(const gd_graph *graph, gdi_index a) {
  const gdi_node *node = gdi_node_at(graph, a);
  return node->op == GDI_SCALE ? (gdi_factored){node->p, node->a} : (gdi_factored){1, a};
}

static bool is_between(double p, double least, double most) { return fabs(p) >= least && fabs(p) <= most; }

bool gdi_factor_may_move(double p) { return is_between(p, 0x1p-24, 0x1p24); }

/* The product is a normal number in floats, too; or one of them only changes the sign. */
bool gdi_factors_combine(double p, double q) {
  return fabs(p) == 1 || fabs(q) == 1 || is_between(p * q, 0x1p-100, 0x1p100);
}

/* Only if the sum is exact: (a + 1) + 1e-20 is 1e-20 at a = -1. */
bool gdi_terms_combine(double p, double q) {
  const double sum = p + q;
  return isfinite(sum) && sum - p == q && sum - q == p;
}
