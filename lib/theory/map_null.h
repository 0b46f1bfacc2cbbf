/* SPDX-License-Identifier: BSD-3-Clause */
/* Eigenvalues of a step's derivative without those of null directions of J. */
#ifndef GDI_THEORY_MAP_NULL_H
#define GDI_THEORY_MAP_NULL_H

#include "theory/linearisation.h"

/* re + i im is the eigenvalue of largest modulus of one step's derivative M at x.  If it is 1 to within 1e-6 because M
 * leaves the null directions of J unchanged, it is replaced by the largest eigenvalue without these.  Otherwise, and if
 * M leaves more directions unchanged, it stays. @param doubt the error of the entries of M. */
gd_status gdi_map_leave_null_directions(gd_operator *M, gd_linearisation *at, double doubt, double *re, double *im);

#endif
