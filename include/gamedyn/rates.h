/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Rates: what a method does near an equilibrium, from the eigenvalues of the Jacobian there.
 * The rate is the factor per step of the slowest mode: < 1 means locally stable. */
#ifndef GAMEDYN_RATES_H
#define GAMEDYN_RATES_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/spectrum.h>
#include <gamedyn/stepper.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* For methods with mode_modulus, unscaled, with one step size for all players and the other parameters as the stepper
 * has them now; else GD_ERR_UNSUPPORTED.  A projection is not seen.
 *
 * Every eigenvalue counts: one that is 0, as a bilinear game has whose C is not square and of full rank, holds the
 * rate at 1 for ever, though the other modes may converge (to a point that depends on the start).  To ask about those,
 * leave the zeros out with gd_spectrum_from_values().  Steps are exact to about 1e-14 times the inverse of how far the
 * deciding modulus falls below 1: a mode whose modulus stays within 3e-14 of 1 is not told from one that never moves,
 * and counts as not stable. */

/** The largest modulus over the spectrum at a step size >= 0. */
GD_API gd_status gd_rate(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double step_size,
                         double *rate);
/** Supremum of the step sizes h such that every step size in (0, h) is stable (rate < 1): 0 if there is none,
 * INFINITY if all are stable. */
GD_API gd_status gd_largest_stable_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum,
                                        double *step_size);
/** The step size of smallest rate, and that rate.  Without a stable step, or if every rate is 1 to rounding: 0
 * and 1.  If the rate falls for ever (implicit): INFINITY and its limit. */
GD_API gd_status gd_fastest_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double *step_size,
                                 double *rate);

/* The same from the derivative of one step (gd_stepper_map), for every method, scaled or not, at the equilibrium x
 * [n].  Each look at a step size costs a dense eigenproblem of the derivative's size, the searches a few hundred looks.
 * Games that are not affine are differenced, so a rate counts as below 1 only if it is by 3e-9 (by 5e-13 on affine
 * ones).  A step size at which no step can be taken (outside the domain, not finite) is not stable.  A schedule of the
 * step size multiplies what is asked for or found.  The stepper is left as it was. */

/** The spectral radius at a step size. */
/** Like gd_rate(). */
GD_API gd_status gd_map_rate(gd_stepper *stepper, const double *x, double step_size, double *rate);
/** Like gd_largest_stable_step(). */
/** See gd_largest_stable_step(). */
GD_API gd_status gd_map_largest_stable_step(gd_stepper *stepper, const double *x, double *step_size);
/** Like gd_fastest_step(). */
/** See gd_fastest_step(). */
GD_API gd_status gd_map_fastest_step(gd_stepper *stepper, const double *x, double *step_size, double *rate);

/** Of the Jacobian at one point. */
typedef struct gd_field_constants {
  double lipschitz;         /**< |J|_2 */
  double monotonicity;      /**< largest eigenvalue of (J + J')/2: <= 0 where the field is monotone */
  double rotation;          /**< |(J - J')/2|_2 */
  double spectral_abscissa; /**< largest real part over eigenvalues of J */
  double reserved[8];
} gd_field_constants;

/** The constants of the field at x [n]: up to dense_limit from one Jacobian, two singular value and two eigenvalue
 * problems, above it from products alone.
 * @param options dense_limit, and what limits the solvers by products; NULL: defaults.
 * @return GD_NOT_CONVERGED if a solver by products ran out of them: lipschitz, monotonicity and rotation are then lower
 * bounds, spectral_abscissa NaN if it was not found; GD_ERR_UNSUPPORTED if the game has no transposed product or is
 * spread over processes. */
GD_API gd_status gd_field_constants_at(gd_game *game, const double *x, const gd_spectrum_options *options,
                                       gd_field_constants *constants);

/** What kind of point it is, from the Jacobian J there.  Eigenvalues count as on the imaginary axis within tolerance
 * |J|; the first row that fits decides. */
typedef enum gd_point_kind {
  GD_POINT_UNDECIDED = 0,      /**< within tolerance, or by the products spent, it may be one thing or another */
  GD_POINT_NOT_STATIONARY = 1, /**< |v| > tolerance */
  GD_POINT_SADDLE = 2,         /**< eigenvalues on the right and on the left */
  GD_POINT_REPELLER = 3,       /**< on the right and none on the left */
  GD_POINT_CENTRE = 4,         /**< none on the right, some on the imaginary axis other than 0: the linear flow turns */
  GD_POINT_MANIFOLD = 5,       /**< all on the left but for zeros, along which v vanishes: a manifold of equilibria */
  GD_POINT_STABLE_NASH = 6,    /**< all on the left, a local Nash point */
  GD_POINT_LOCAL_MINIMAX = 7,  /**< all on the left, no Nash point, but a strict local minimax (Stackelberg) point */
  GD_POINT_ATTRACTOR = 8       /**< all on the left, and none of these */
} gd_point_kind;

/** A few words for a kind: "saddle"; static storage. */
GD_API const char *gd_point_kind_text(gd_point_kind kind);

#define GD_UNKNOWN_COUNT ((size_t)-1) /**< a number that products alone do not tell */

/** What kind of point x is, with the numbers the verdict rests on. */
typedef struct gd_classification {
  double gradient_norm;
  double own_curvature;           /**< over players, largest eigenvalue of the own block: <= 0 at a local Nash point */
  double spectral_abscissa;       /**< largest real part over eigenvalues of J; NaN if it was not found */
  double largest_imag_real_ratio; /**< max |Im/Re| over eigenvalues of J; INFINITY with one on the imaginary axis, those
                                     at 0 left out; NaN if it was not found */
  bool stationary;                /**< |v| <= tolerance */
  bool local_nash;  /**< stationary, and no own block has an eigenvalue > tolerance |J| (necessary condition) */
  bool stable_nash; /**< local_nash and hurwitz */
  bool hurwitz;     /**< every eigenvalue has a real part < -tolerance |J| */
  int kind;         /**< a gd_point_kind */
  size_t n_left, n_zero, n_imaginary, n_right; /**< eigenvalues of J, n in all; GD_UNKNOWN_COUNT */
  /** Of a zero-sum game of two: with player i leading, largest eigenvalue of J_ii - J_ij J_jj^-1 J_ji, its utility's
   * curvature when the other answers best; < 0 at a strict local minimax point (Jin, Netrapalli & Jordan 2020).  NaN
   * where the other's own block is not negative definite, or in other games. */
  double leader_curvature[2];
  double manifold_residual; /**< along null vectors of J, the largest |v| / (|J| distance) left after correction: 0 on a
                               manifold of equilibria; NaN without such vectors */
  uint64_t reserved[1];
} gd_classification;

/** Classify x [n].  Densely up to the game's dense_limit; above it from products alone (Lanczos for own blocks and for
 * the symmetric part, which decides monotone and antisymmetric games by itself; Krylov-Schur for the others), and then
 * eigenvalues are not counted but where they are all on one side, and zero ones make the point undecided.
 * @param tolerance > 0, absolute for |v| and relative to |J|_2 for eigenvalues; 1e-8 is a good start.
 * @return GD_ERR_UNSUPPORTED above dense_limit if the game has no transposed product or is spread over processes. */
GD_API gd_status gd_classify(gd_game *game, const double *x, double tolerance, gd_classification *classification);

#ifdef __cplusplus
}
#endif
#endif
