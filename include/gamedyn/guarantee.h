/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Guarantee: the promise of a theorem of Liang & Stokes 2019, "Interaction Matters", for a two-player zero-sum game
 * min over theta, max over omega of U: a step size, a rate, a number of steps.  If a hypothesis fails, the result is
 * GD_ERR_HYPOTHESIS, never a number. */
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

/** The promise: a run of steps of size step_size that starts at distance <= radius from the equilibrium is at distance
 * <= epsilon after
 *     ceil(steps_factor * log(factor * radius / epsilon))
 * steps. */
typedef struct gd_guarantee {
  double step_size;    /**< the step size the theorem chooses */
  double rate;         /**< exp(-1 / steps_factor): the promised contraction per step, < 1 */
  double factor;       /**< constant in front of radius: 1, or 4 sqrt 2 for optimistic */
  double steps_factor; /**< steps per unit of log(factor radius / epsilon) */
  double condition;    /**< the condition number in the bound: beta/alpha, or lambda_max/lambda_min of C C' */
  const char *theorem; /**< "Liang & Stokes 2019, Theorem 3"; static storage */
  double radius;       /**< largest distance from the equilibrium at which a run may start, because the hypothesis
                          holds up to there; may be INFINITY */
  bool estimated;      /**< the constants, and so the promise, are estimates from samples */
  double reserved[8];
} gd_guarantee;

/** The number of steps that the theorem promises from distance <= radius to distance <= epsilon; 0 if
 * epsilon >= factor radius.
 * @param radius > 0.  @param epsilon > 0.  @param steps a whole number, as a double.
 * @return GD_ERR_HYPOTHESIS if `radius` is larger than the guarantee's. */
GD_API gd_status gd_guarantee_steps(const gd_guarantee *guarantee, double radius, double epsilon, double *steps);

/* The theorems' formulas.  The caller states that the game meets the hypothesis: the constants of Theorem 1 hold
 * wherever the run goes, and the games of Theorems 3 to 6 are bilinear.  gd_guarantee_compute() checks the game itself.
 * lambda_min, lambda_max: extreme eigenvalues of C C', 0 < lambda_min <= lambda_max, else GD_ERR_HYPOTHESIS (C must be
 * square and of full rank).  alpha: least eigenvalue of diag(A^2, B^2).  beta: greatest eigenvalue of M M'.
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

/** Corollary 1: on U = |theta|^2/2 - |omega|^2/2 + theta' C omega no step size contracts the squared distance by a
 * factor per step below s/(1+s), s = lambda_min.  The step size h = 1/(1+s) attains it.
 * @param lambda_min > 0, else GD_ERR_HYPOTHESIS.
 * @param per_step_factor the factor of the distance (not squared): sqrt(s/(1+s)). */
GD_API gd_status gd_lower_bound_simultaneous(double lambda_min, double *per_step_factor);
/** The least number of steps of a simultaneous run from radius to epsilon on that game:
 * 2 log(radius/epsilon)/log(1 + 1/s).
 * @param lambda_min > 0, else GD_ERR_HYPOTHESIS. */
GD_API gd_status gd_lower_bound_steps(double lambda_min, double radius, double epsilon, double *steps);

/** The constants in the theorems' hypotheses, computed from the game. */
typedef struct gd_game_constants {
  double alpha, beta; /**< Theorem 1; NaN if A or B is not positive semidefinite */
  /** extreme eigenvalues of C C', C = d2U/dtheta domega; lambda_min is 0 if p != q or C is rank-deficient */
  double lambda_min, lambda_max;
  double lambda_min_nonzero; /**< the smallest nonzero one, which determines the rate on the range of C */
  size_t rank;    /**< rank of C; singular values up to max(p,q) eps sigma_max (1e-8 sigma_max if J is differenced) are
                     0; (size_t)-1 by products alone, which do not count zeros */
  bool flat;      /**< A and B are 0 at all points examined (up to 1e-8 |J| if J is differenced) */
  bool bilinear;  /**< flat, and the game is GD_AFFINE: A and B are 0 everywhere, as Theorems 3 to 6 require */
  bool estimated; /**< true: the worst over samples of a ball, which may be better than the truth; false: exact */
  double radius;  /**< radius of the ball the constants are for: INFINITY for an affine game, 0 for one point */
  double gradient_norm; /**< |v(x)|: 0 at an equilibrium */
  double reserved[8];
} gd_game_constants;

/** Compute the constants of a game at the point of a linearisation.  They are exact for radius 0 and for an affine
 * game.  Otherwise they are the worst over `samples` random points of the ball of that radius around the point, and
 * marked as estimated.
 * Above the game's dense_limit products alone are used.  The rank is then not counted, and lambda_min of a square C is
 * its smallest nonzero value, which is the true one if C has full rank.
 * @return GD_ERR_HYPOTHESIS unless the game has two players, is GD_ZERO_SUM and has no feasible set.  GD_NOT_CONVERGED
 * if a solver reached its limit of products; the constants are then its last values.  GD_ERR_UNSUPPORTED for a large
 * partitioned game. */
GD_API gd_status gd_game_constants_compute(gd_linearisation *linearisation, double radius, size_t samples,
                                           uint64_t seed, gd_game_constants *constants);

/** The promise of the theorem about a method, from the constants of a game at its equilibrium.  A hypothesis must be
 * known to hold wherever the run goes.  Theorems 3 to 6 need `bilinear`, which is known for affine games only.  Theorem
 * 1 holds within the ball of the constants; its promise is an estimate if they are.
 * @param method GD_SIMULTANEOUS, GD_OPTIMISTIC, GD_PREDICTIVE, GD_IMPLICIT or GD_CONSENSUS, or an abbreviation.
 * @param gamma > 0, a parameter of the predictive and the consensus method; ignored for the others.
 * @return GD_ERR_HYPOTHESIS if a hypothesis fails or is not known (the message says which), if the centre of the ball
 * is no equilibrium, and for methods without a theorem; GD_ERR_NAME for an unknown method. */
GD_API gd_status gd_guarantee_compute(gd_guarantee *guarantee, const char *method, const gd_game_constants *constants,
                                      double gamma);

#ifdef __cplusplus
}
#endif
#endif
