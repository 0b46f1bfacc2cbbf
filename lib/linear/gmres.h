/* SPDX-License-Identifier: BSD-3-Clause */
/* GMRES with memory allocated in advance, for solvers that solve many systems. */
#ifndef GDI_LINEAR_GMRES_H
#define GDI_LINEAR_GMRES_H

#include "linear/basis.h"

#include <gamedyn/solve.h>

typedef struct gdi_gmres {
  size_t n, restart;
  gdi_basis basis;                /* [restart + 1] */
  double *R;                      /* [restart + 1 by restart], the triangle */
  double *cosine, *sine, *target; /* rotations and the turned right-hand side, [restart + 1] */
  double *y, *trial;              /* [restart + 1] */
  double *spread, *image;         /* V y and its preconditioned image [n]; with a preconditioner only */
  double size;                    /* the largest |A M v| of a unit vector v met by the run at hand */
} gdi_gmres;

/* @param preconditioned whether it will be used with a preconditioner. */
gd_status gdi_gmres_create(const gdi_env *env, gdi_gmres *gmres, size_t n, size_t restart, bool preconditioned);
void gdi_gmres_destroy(const gdi_env *env, gdi_gmres *gmres); /* also of what create left half-built */

/* A linear system and the tolerance: |b - A x| <= goal. */
typedef struct gdi_system {
  gd_operator *op, *preconditioner; /* the latter may be NULL */
  const double *b;
  double goal;
  uint64_t max_products;
} gdi_system;

/* Start from the given x.  Allocates nothing.  On a negative status the residual of x has not grown. */
gd_status gdi_gmres_run(gdi_gmres *gmres, const gdi_system *system, double *x, gd_solve_result *result);

/* rest = b - A x, and its norm; a start at 0 costs no product. */
gd_status gdi_residual(const gdi_system *system, const double *x, double *rest, gd_solve_result *result);

#endif
