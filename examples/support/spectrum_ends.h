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

/* Eigenvalues of largest modulus, real part and imaginary part, and of smallest real part, each once; those at 0 are
 * left out, and so are those that did not converge: *converged becomes false then.  `norm` is |op|, or 0 if it is not
 * known: what rounding may make of zeros in a chain is 0.  One 0 stands for none but zeros. */
gd_spectrum *spectrum_ends_find(gd_operator *op, double norm, bool *converged);

/* What a bilinear game's extreme singular values s say of its spectra: -gamma s^2 +- i s; of J itself with gamma = 0.
 */
gd_spectrum *spectrum_ends_bilinear(const singular_ends *ends, double gamma);

#endif
