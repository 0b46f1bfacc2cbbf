/* SPDX-License-Identifier: BSD-3-Clause */
/* A Krylov decomposition A V = V S + v b', see krylov_schur.c, and the results computed from it. */
#ifndef GDI_LINEAR_KRYLOV_H
#define GDI_LINEAR_KRYLOV_H

#include "dense/schur.h"
#include "linear/basis.h"
#include "linear/order.h"

typedef struct gdi_krylov {
  const gdi_env *env;
  gd_operator *op;
  const gd_spectrum_options *options;
  size_t count, m, size; /* eigenvalues wanted; largest subspace; current subspace, k above */
  size_t width;          /* size of a block */
  gdi_basis basis;       /* V and v: `size` + width vectors */
  double *H;             /* S with b' below it, [m + width by m] */
  gdi_schur schur;       /* Schur form of S or S + g b' */
  double *spike;         /* Q'b [m by width] */
  double *shift;         /* g, or zeros; [m] */
  double shifted;        /* |v - V g| */
  double *estimate;      /* [m], of the residuals */
  gdi_unit *units;       /* [m], in the wanted order */
  size_t n_units;
  int *pivots; /* [m] */
  gd_rng rng;
  double largest; /* the largest |A v| so far, |v| = 1: a measure of |A| */
  uint64_t products;
  size_t converged, idle; /* at the last restart; restarts since that grew */
  size_t restarts;
  bool whole, hidden; /* V spans the whole space; eigenvalues may be hidden, see outline.h */
  double defect;      /* |V'V - I|, largest entry, at the end */
  bool *doubtful;     /* [m]: the eigenvector in the end was not of norm 1 */
} gdi_krylov;

/* Allocate memory for the subspace of `options`, with no vectors yet.  `op` and `options` are borrowed. */
gd_status gdi_krylov_create(gdi_krylov *k, gd_operator *op, const gd_spectrum_options *options);
void gdi_krylov_destroy(gdi_krylov *k); /* also of what create left half-built */
/* Truncate the decomposition after the first units in order: `goal` eigenvalues, or one more if a block would be cut.
 * Call it after gdi_krylov_look(). */
void gdi_krylov_cut(gdi_krylov *k, size_t goal);
/* Schur form of S + g b', which is S when g is zero. */
gd_status gdi_krylov_factor(gdi_krylov *k, bool symmetric);
/* Q'b, of the first `kept` columns of Q; exactly 0 where it is lost in rounding. */
void gdi_krylov_find_spike(gdi_krylov *k, size_t kept);
/* Residuals of the first `count` eigenvectors of T, as the decomposition has them. */
void gdi_krylov_estimate(gdi_krylov *k, size_t count);
/* The residual at which eigenvalue i of T has converged. */
double gdi_krylov_goal(const gdi_krylov *k, size_t i);
/* Compute all Ritz values (harmonic ones if the options say so), their residuals and their order. */
gd_status gdi_krylov_look(gdi_krylov *k);

#endif
