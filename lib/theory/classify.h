/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the classifications with and without matrices. */
#ifndef GDI_THEORY_CLASSIFY_H
#define GDI_THEORY_CLASSIFY_H

#include "theory/linearisation.h"

#include <gamedyn/classify.h>

/* classify_dense.c; and classify_large.c, by products.  On entry *c has gradient_norm, and everything else is unknown;
 * members that are not computed stay unknown.  The caller sets the members that follow from kind, nash and minimax
 * together. */
gd_status gdi_classify_densely(gd_linearisation *at, const gd_classify_options *options, gd_classification *c);
gd_status gdi_classify_by_products(gd_linearisation *at, const gd_classify_options *options, gd_classification *c);

/* Scales and resolutions of c, stationary and at_rest; norm is |J|_2. */
gd_status gdi_classify_measure(gd_linearisation *at, double norm, const gd_classify_options *options,
                               gd_classification *c);

/* An estimate of the change of J from x to `point`, by products; |J| if J does not exist there. */
gd_status gdi_classify_change(gd_linearisation *at, const double *point, double norm, double *change);

/* True for a two-player zero-sum game. */
bool gdi_classify_has_leaders(const gd_game *game);
/* Combine the results for a minimax point with either of the two players as leader. */
int gdi_classify_either(const int holds[2]);

#endif
