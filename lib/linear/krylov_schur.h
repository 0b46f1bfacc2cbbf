/* SPDX-License-Identifier: BSD-3-Clause */
/* Some eigenvalues of an operator known by its products. */
#ifndef GDI_LINEAR_KRYLOV_SCHUR_H
#define GDI_LINEAR_KRYLOV_SCHUR_H

#include "linear/basis.h"
#include "linear/eigen.h"

#include <gamedyn/spectrum.h>
#include <stdint.h>

/* The result: `eigen.n` eigenvalues, in no order.  The caller destroys it. */
typedef struct gdi_krylov_answer {
  gdi_eigen eigen;   /* residual and vectors always there; vectors [operator's size by n] in the basis' memory */
  gdi_basis basis;   /* owns the memory of the vectors */
  size_t converged;  /* number of eigenvalues with a residual within the tolerance */
  uint64_t products; /* products of the operator, those for residuals included */
  double largest;    /* |A z| seen, over |z| = 1 */
  double defect;     /* |V'V - I|, largest entry, of the basis they were found in */
  bool whole;        /* that was all of space: nothing is missing */
  bool hidden;       /* something may be, see outline.h */
} gdi_krylov_answer;

/* Compute the eigenvalues that options->which, count and target specify. @return GD_NOT_CONVERGED if fewer than
 * requested are within the tolerance; errors of products. */
gd_status gdi_krylov_schur(gd_operator *op, const gd_spectrum_options *options, gdi_krylov_answer *answer);
/* The largest number of vectors it keeps for an operator of size n: all n if n is less than twice the requested
 * subspace. */
size_t gdi_krylov_subspace(size_t n, const gd_spectrum_options *options);
void gdi_krylov_answer_destroy(const gdi_env *env, gdi_krylov_answer *answer);

/* GD_OK if the options are valid for a solver by products.  `what` names the results in messages, n is the dimension.
 * In spectrum.c. */
gd_status gdi_spectrum_check_options(const char *what, size_t n, const gd_spectrum_options *options);

#endif
