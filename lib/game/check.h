/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of gd_game_check() share this: a handle of their own, points, random directions, finite differences with
 * error estimates, and the first complaint. */
#ifndef GDI_GAME_CHECK_H
#define GDI_GAME_CHECK_H

#include "game/game.h"

#define GDI_CHECK_EXACT 1e-9    /* disagreement allowed between callbacks that compute the same thing */
#define GDI_CHECK_SOLVED 1e-6   /* and of what may come from somebody's iteration: projections, solutions */
#define GDI_CHECK_RESOLVED 1e-5 /* differences with two steps that agree as well as this are believed */
#define GDI_CHECK_ATTEMPTS 3    /* else the step is shortened, this often in all */
#define GDI_CHECK_LANES 3       /* points or vectors at once, in the _many checks */

typedef struct gdi_checker {
  gd_game *game; /* a handle of the checker's own: the caller's counts and draw stay as they are */
  size_t n;
  gd_rng rng;
  const double *x;           /* the point at which callbacks are compared */
  double size;               /* max(1, largest |x_k|) */
  double *v;                 /* the gradient there, and */
  double v_norm;             /* its norm */
  double scale;              /* scale of v: |v| + |J| max(1, |x|), |J| from one direction */
  double *u, *w;             /* random directions, standard normal */
  double *Ju, *Jw;           /* J u and J w by differences, and */
  double Ju_slack, Jw_slack; /* their tolerances */
  double *answer, *other, *point, *nearby;
  double *many;      /* [2 lanes n + 1] */
  double *utilities; /* [n_players] */
  gd_game_check_report report;
  char words[400]; /* the first complaint; "" so far none */
} gdi_checker;

/* check.c */
/* A random direction, standard normal. */
void gdi_check_direction(gdi_checker *c, double *u);
/* |a - sign b| over all ranks; uses `other`. */
gd_status gdi_check_distance(gdi_checker *c, const double *a, double sign, const double *b, double *distance);
/* Keep the worst. */
void gdi_check_worst(double *kept, double value);
/* Record a disagreement in words; the first one stays. */
void gdi_check_complain(gdi_checker *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `disagreement` relative to the larger of the two sizes. */
double gdi_check_relative(double disagreement, double size, double other_size);

/* The parts of the check, at the point c->x unless noted.  If a callback fails, its status is returned. */
gd_status gdi_check_products(gdi_checker *c);  /* check_products.c: jvp, vjp, jacobian, jvp_many */
gd_status gdi_check_utilities(gdi_checker *c); /* check_utilities.c: gradient and utility_gradient against utilities */
gd_status gdi_check_parts(gdi_checker *c);     /* check_fields.c: player_gradient, gradient_many, repeatability */
gd_status gdi_check_places(gdi_checker *c);    /* check_fields.c, once: project, solution */
gd_status gdi_check_traits(gdi_checker *c);    /* check_traits.c: zero-sum, potential, affine */

#endif
