/* SPDX-License-Identifier: BSD-3-Clause */
/* The ends of a spectrum, or of the singular values, of an operator too large for a matrix, from products alone. */
#ifndef SUPPORT_SPECTRUM_ENDS_H
#define SUPPORT_SPECTRUM_ENDS_H

#include <gamedyn/spectrum.h>

enum { ENDS = 6 }; /* how many are looked for at each end */

/* Extreme singular values but zeros: the largest first, the smallest first.  There may be fewer than ENDS. */
typedef struct singular_ends {
  size_t n_largest, n_smallest;
  double largest[ENDS], smallest[ENDS];
  bool converged;
} singular_ends;

singular_ends singular_ends_find(gd_operator *op);

#endif
