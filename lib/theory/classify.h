/* SPDX-License-Identifier: BSD-3-Clause */
/* What the classifications with and without matrices have in common. */
#ifndef GDI_THEORY_CLASSIFY_H
#define GDI_THEORY_CLASSIFY_H

#include "theory/linearisation.h"

#include <gamedyn/classify.h>

/* classify_dense.c, and classify_large.c, from products; *c has gradient_norm, and all else that is not found stays as
 * it is: unknown.  What follows from kind, nash and minimax together is the caller's. */
gd_status gdi_classify_densely(gd_linearisation *at, const gd_classify_options *options, gd_classification *c);
gd_status gdi_classify_by_products(gd_linearisation *at, const gd_classify_options *options, gd_classification *c);

/* Scales and resolutions of c, stationary and at_rest; norm is |J|_2. */
gd_status gdi_classify_measure(gd_linearisation *at, double norm, const gd_classify_options *options,
                               gd_classification *c);

/* An estimate of how much J changes from x to `point`, by products; |J| where there is no J. */
gd_status gdi_classify_change(gd_linearisation *at, const double *point, double norm, double *change);

/* A zero-sum game of two. */
bool gdi_classify_has_leaders(const gd_game *game);
/* What holds of a minimax point with either of two leading. */
int gdi_classify_either(const int holds[2]);

#endif
