/* SPDX-License-Identifier: BSD-3-Clause */
/* Resting: where a trained game would come to rest, what kind of point that is, and which method gets there fastest.
 *
 * Training leaves a point at which v is small, but not 0, and what eigenvalues say is about points where it is.  So
 * Newton's method goes on from there; the point that it finds is told apart by the eigenvalues of J, and the methods
 * that act mode by mode are compared by their rates.  A trained GAN rests, as a rule, where J has a null space, for
 * networks have more weights than their utilities tell apart, and a few eigenvalues on the right: rates are those along
 * the directions that are left. */
#ifndef SUPPORT_RESTING_H
#define SUPPORT_RESTING_H

#include <gamedyn/classify.h>
#include <gamedyn/game.h>
#include <gamedyn/solve.h>
#include <gamedyn/spectrum.h>
#include <stdio.h>

/* How close to 0, relative to |J|, eigenvalues count as 0; and how small |v| is where nothing moves. */
#define RESTING_TOLERANCE 1e-6

enum { RESTING_METHODS = 6 };

/* A method near the point. */
typedef struct resting_method {
  const char *name;
  double largest_step;     /* below which all step sizes are stable; 0: none is */
  double step, rate;       /* the fastest step size, and the factor of the slowest mode in a step of it */
  double evaluations;      /* of v or of products with J, in a step */
  double for_three_digits; /* evaluations that bring the point 1000 times closer; NaN: none do */
} resting_method;

typedef struct resting_point {
  size_t n;
  double *x;            /* [n] */
  double before, moved; /* |v| where training ended, and how far from there the point is */
  gd_newton_stop stop;
  gd_classification kind;
  gd_spectrum *spectrum; /* of J; some of its ends, if there are more variables than the dense limit */
  bool complete;         /* all of it */
  bool compared;         /* methods are: complete, stationary, and something comes near, or turns about */
  resting_method methods[RESTING_METHODS]; /* fewest evaluations first */
} resting_point;

typedef struct resting_options {
  uint64_t products;  /* that Newton's method may spend; 0: the point itself is looked at */
  size_t dense_limit; /* variables up to which all eigenvalues are computed; at most 2000 */
  double gamma;       /* of the predictive and consensus methods */
} resting_options;

/* From x [n] on the game, which is configured anew, without draws. */
resting_point resting_find(gd_game *game, const double *x, const resting_options *options);
void resting_destroy(resting_point *it);

/* What was found, in words and as a table. */
void resting_print(const resting_point *it, const resting_options *options);

/* A panel: the eigenvalues, those on the right marked. */
void resting_draw(FILE *script, const resting_point *it);

#endif
