/* SPDX-License-Identifier: BSD-3-Clause */
/* The search for the largest norm among the powers of a matrix, or among its exponentials. */
#ifndef GDI_LINEAR_GROWTH_SEARCH_H
#define GDI_LINEAR_GROWTH_SEARCH_H

#include "base/memory.h"
#include "dense/schur.h"

#include <gamedyn/nonnormal.h>
#include <stdbool.h>
#include <stddef.h>

enum { GDI_GROWTH_LEVELS = 96 };

typedef struct gdi_growth_search {
  const gdi_env *env;
  gd_operator *op; /* A or M; n by n */
  size_t n;
  double unit;       /* unit of time */
  double slack;      /* the wanted factor between the largest value and the bound; G_0 */
  uint64_t products; /* left */
  double *power[GDI_GROWTH_LEVELS], *room[GDI_GROWTH_LEVELS]; /* P^(2^k); what begins half an interval of length 2^k */
  double within[GDI_GROWTH_LEVELS];                           /* G_k */
  double *copy, *values;                                      /* [n by n], [n]: for norms */
  double largest, at;                                         /* f so far, its a */
  /* of a flow; T NULL: of steps */
  const double *T;  /* the generator, quasi-triangular */
  const double *D;  /* [n], scales T to D^-1 T D; the largest is 1 */
  double numerical; /* an upper bound of the numerical abscissa of D^-1 T D */
  double *change;   /* [n by n], T E */
} gdi_growth_search;

/* Room for power[level] and room[level]. */
gd_status gdi_growth_level(gdi_growth_search *s, size_t level);
void gdi_growth_release(gdi_growth_search *s);

/* Search from power[0].  GD_NOT_CONVERGED if f does not fall to 1, or if max_products was reached; *growth is then the
 * bracket found so far. */
gd_status gdi_growth_run(gdi_growth_search *s, gd_growth *growth);

/* out = A B, all [n by n] */
void gdi_growth_multiply(size_t n, const double *A, const double *B, double *out);

/* |E|_2; INFINITY if E is not finite. */
gd_status gdi_growth_norm(gdi_growth_search *s, const double *E, double *norm);

/* ---- the Schur form A = Q T Q' ---- */

typedef struct gdi_growth_schur {
  gdi_schur schur;
  double radius;   /* the largest |eigenvalue| */
  double rounding; /* bound of |E| in A + E = Q T Q'; 0 if T has the entries of A, permuted */
  double *doubts;  /* [n], error of each eigenvalue, to first order */
} gdi_growth_schur;

gd_status gdi_growth_factor(gdi_growth_search *s, const double *A, gdi_growth_schur *form);
void gdi_growth_schur_destroy(const gdi_env *env, gdi_growth_schur *form); /* also of what factor left half-built */

/* If rounding of A may change *growth by more than a fraction `accuracy`, it becomes unknown: GD_NOT_CONVERGED. */
gd_status gdi_growth_check_rounding(const gdi_growth_schur *form, double accuracy, double time, gd_growth *growth);

/* No growth; unbounded growth; undecided because of rounding. */
extern const gd_growth gdi_growth_none, gdi_growth_endless, gdi_growth_unknown;

/* ---- what grows: A or M [n by n] is the matrix of s->op; s has op, env, n, products, copy and values ---- */

/* growth_flow.c: exp(t A) */
gd_status gdi_growth_of_flow(gdi_growth_search *s, const double *A, double accuracy, gd_growth *growth);
/* growth_lift.c: the growth of displacements of x alone, for an operator with a lift */
gd_status gdi_growth_of_distances(gdi_growth_search *s, const double *M, double accuracy, gd_growth *growth);

#endif
