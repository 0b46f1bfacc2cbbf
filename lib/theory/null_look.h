/* SPDX-License-Identifier: BSD-3-Clause */
/* The field along directions in which its derivative is 0. */
#ifndef GDI_THEORY_NULL_LOOK_H
#define GDI_THEORY_NULL_LOOK_H

#include "theory/resolution.h"

/* The field, or one player's part of it, near a point, and the decomposition A = U diag(values) V' of its derivative
 * there.  The vectors of the null space come last. */
typedef struct gdi_null_look {
  gdi_noise noise;
  size_t start, size, m; /* the variables looked at, and how many null directions they have */
  const double *U, *V;   /* [size by size], borrowed */
  const double *values;  /* [size], borrowed; the last m are taken for 0 */
  double norm;           /* |J| */
  double scale;          /* max(1, |x|_inf) */
  double gain;           /* |(W'Z)^-1| */
  double residual;       /* out: the largest |v| / (|J| distance) where v counted as 0 */
  bool rests;            /* out: v vanishes at the base, as far as can be told */
  double *base, *y, *v;  /* [n] */
  double *left;          /* W [n by m]: the last columns of U among zeros */
  double *mix;           /* factors of W'Z [m by m] */
  double *range;         /* [size] */
  double *b, *seen;      /* [m], the reduced field and its noise */
  double *s;             /* [m], a direction */
  int *pivots;           /* [m] */
} gdi_null_look;

/* The behaviour of the flow, or of a player's utility, along null directions. */
typedef enum gdi_trend {
  GDI_TREND_UNKNOWN,
  GDI_TREND_FLAT,   /* nothing moves, to rounding */
  GDI_TREND_IN,     /* towards the point from all sides, or utility falls; in part it may be flat, if so said */
  GDI_TREND_OUT,    /* away from it on one side at least, or utility rises */
  GDI_TREND_OUT_ALL /* away from it on all sides */
} gdi_trend;

/* To be followed by gdi_null_look_destroy(), also on failure.
 * @param x [n], corrected towards where v vanishes. */
gd_status gdi_null_look_create(gdi_null_look *look, const gdi_env *env, gd_game *game, const double *x, size_t start,
                               size_t size, size_t m, const double *U, const double *values, const double *V,
                               double norm);
void gdi_null_look_destroy(gdi_null_look *look);

/* If *order is below this, v follows the first power of the distance: there is an eigenvalue or a curvature. */
#define GDI_FIRST_ORDER 1.15

/* The trend of the flow.  GDI_TREND_IN is returned for m = 1 only.  *order is the largest power of the distance that v
 * follows. @param gradient the field is one utility's gradient. */
gd_status gdi_null_look_flow(gdi_null_look *look, bool gradient, gdi_trend *trend, double *order);

/* The trend of a player's utility. */
gd_status gdi_null_look_utility(gdi_null_look *look, gdi_trend *trend, double *order);

#endif
