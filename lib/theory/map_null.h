/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps off the null directions of J. */
#ifndef GDI_THEORY_MAP_NULL_H
#define GDI_THEORY_MAP_NULL_H

#include "theory/linearisation.h"

/* Where re + i im, the eigenvalue of largest modulus of one step's derivative M at x, is 1 to within 1e-6, because M
 * keeps the null directions of J: the largest of those that are left without them.  Else, and where M keeps more than
 * those, it stays.
 * @param doubt how much entries of M may be off. */
gd_status gdi_map_leave_null_directions(gd_operator *M, gd_linearisation *at, double doubt, double *re, double *im);

#endif
