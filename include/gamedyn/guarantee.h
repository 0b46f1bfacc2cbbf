/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Guarantee: what a theorem of Liang & Stokes 2019, "Interaction Matters", promises for a
 * two-player zero-sum game min over theta, max over omega of U: a step size, a rate, a number
 * of steps.  A failed hypothesis is GD_ERR_HYPOTHESIS, never a number. */
#ifndef GAMEDYN_GUARANTEE_H
#define GAMEDYN_GUARANTEE_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/linearisation.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A promise: from distance <= radius, distance <= epsilon after `ceil(steps_factor * log(factor *
 * radius / epsilon))` steps of size step_size. */
typedef struct gd_guarantee {
  double step_size;    /**< the theorem's own choice */
  double rate;         /**< exp(-1 / steps_factor): the promised contraction per step, < 1 */
  double factor;       /**< constant in front of radius: 1, or 4 sqrt 2 for optimistic */
  double steps_factor; /**< steps per unit of log(factor radius / epsilon) */
  double condition;    /**< what drives it: beta/alpha, or lambda_max/lambda_min of C C' */
  const char *theorem; /**< "Liang & Stokes 2019, Theorem 3"; static storage */
  double radius;       /**< how far from the equilibrium the hypothesis holds, and a run may start; may be INFINITY */
  bool estimated;      /**< the constants are estimates from samples, so that the promise is one too */
  double reserved[8];
} gd_guarantee;

/** Smallest T the theorem states for distance <= epsilon from distance <= radius (0 if epsilon >= factor radius).
 * @param radius > 0.  @param epsilon > 0.  @param steps a whole number, as a double.
 * @return GD_ERR_HYPOTHESIS if radius is more than the guarantee's. */
GD_API gd_status gd_guarantee_steps(const gd_guarantee *guarantee, double radius, double epsilon, double *steps);

/* The theorems' formulas, for a caller who knows that the game meets the hypothesis: Theorem 1's constants hold
 * wherever the run goes, and the games of Theorems 3 to 6 are bilinear.  gd_guarantee_compute() looks at the game itself.
 * lambda_min, lambda_max: extreme eigenvalues of C C', 0 < lambda_min <= lambda_max, else GD_ERR_HYPOTHESIS (C must be
 * square and of full rank).  alpha = least eigenvalue of diag(A^2, B^2), beta = greatest eigenvalue of M M',
 * 0 < alpha <= beta. */
GD_API gd_status gd_guarantee_simultaneous(gd_guarantee *guarantee, double alpha,
                                           double beta); /**< Theorem 1: h = sqrt(alpha)/beta */
GD_API gd_status gd_guarantee_optimistic(gd_guarantee *guarantee, double lambda_min,
                                         double lambda_max); /**< Theorem 3: h = 1/(2 sqrt(2 lambda_max)) */
GD_API gd_status gd_guarantee_predictive(gd_guarantee *guarantee, double lambda_min, double lambda_max,
                                         double gamma); /**< Theorem 4 */
GD_API gd_status gd_guarantee_implicit(gd_guarantee *guarantee, double lambda_min,
                                       double lambda_max); /**< Theorem 5: h = 1/sqrt(lambda_max) */
GD_API gd_status gd_guarantee_consensus(gd_guarantee *guarantee, double lambda_min, double lambda_max,
                                        double gamma); /**< Theorem 6 */

/** Corollary 1: on U = |theta|^2/2 - |omega|^2/2 + theta' C omega no step size contracts the
 * squared distance faster per step than s/(1+s), s = lambda_min; reached at h = 1/(1+s).
 * @param lambda_min > 0, else GD_ERR_HYPOTHESIS.  @param per_step_factor of the distance: sqrt(s/(1+s)). */
GD_API gd_status gd_lower_bound_simultaneous(double lambda_min, double *per_step_factor);
/** Steps below which no simultaneous run gets from radius to epsilon there: 2 log(radius/epsilon)/log(1 + 1/s).
 * @param lambda_min > 0, else GD_ERR_HYPOTHESIS. */
GD_API gd_status gd_lower_bound_steps(double lambda_min, double radius, double epsilon, double *steps);

/** The constants those theorems ask for, from the game itself. */
typedef struct gd_game_constants {
  double alpha, beta;            /**< Theorem 1; NaN if A or B is not positive semidefinite */
  double lambda_min, lambda_max; /**< of C C', C = d2U/dtheta domega; lambda_min 0 if p != q or C is rank-deficient */
  double lambda_min_nonzero;     /**< smallest nonzero one, which drives the rate on the range of C */
  size_t rank;    /**< of C; singular values up to max(p,q) eps sigma_max (1e-8 if J is differenced) are 0; (size_t)-1
                     by products alone, which do not count zeros */
  bool flat;      /**< A and B vanish where they were looked at (up to 1e-8 |J| if J is differenced) */
  bool bilinear;  /**< flat, and the game is GD_AFFINE: they vanish everywhere, as Theorems 3 to 6 ask */
  bool estimated; /**< worst over samples of a ball, so an estimate from inside; false: exact */
  double radius;  /**< of the ball they are about: INFINITY of an affine game, 0 of one point */
  double gradient_norm; /**< |v(x)|: 0 at an equilibrium */
  double reserved[8];
} gd_game_constants;

/** At the point exactly (radius 0, or an affine game), else the worst over `samples` random points
 * of the ball of that radius around it, said to be estimated.  Above the game's dense_limit from products alone: rank
 * is then not counted, and lambda_min of a square C is its smallest nonzero value, which is the least if C has full
 * rank.
 * @return GD_ERR_HYPOTHESIS unless the game has two players, is GD_ZERO_SUM and has no feasible set; GD_NOT_CONVERGED
 * if a solver by products ran out of them: the constants are then what it had; GD_ERR_UNSUPPORTED for a large game
 * spread over processes. */
GD_API gd_status gd_game_constants_compute(gd_linearisation *linearisation, double radius, size_t samples,
                                           uint64_t seed, gd_game_constants *constants);

/** What the theorem about a method promises on a game, from the game's constants at its equilibrium x.  A hypothesis
 * counts if it is known wherever the run goes: the games of Theorems 3 to 6 are `bilinear`, which is known of affine
 * games alone; Theorem 1 holds within the constants' ball, and is an estimate if they are.
 * @param method GD_SIMULTANEOUS, GD_OPTIMISTIC, GD_PREDICTIVE, GD_IMPLICIT or GD_CONSENSUS, or an abbreviation.
 * @param gamma > 0, of the predictive and the consensus method; the others ignore it.
 * @return GD_ERR_HYPOTHESIS, saying which hypothesis fails or is not known: also for a ball whose centre is no
 * equilibrium, and for methods that no theorem is about; GD_ERR_NAME for an unknown method. */
GD_API gd_status gd_guarantee_compute(gd_guarantee *guarantee, const char *method, const gd_game_constants *constants,
                                      double gamma);

#ifdef __cplusplus
}
#endif
#endif
