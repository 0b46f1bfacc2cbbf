/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Rates: how fast a method converges near a stationary point, and with which step sizes.
 *
 *     game + point = linearisation          linearisation + method = rates
 *
 * Near a stationary point one step of a method is a linear map of the displacement from it (and of the method's
 * memory).  The rate is the spectral radius of that map: the factor per step of the slowest mode.  If it is below 1 the
 * point is locally stable under the method.  The functions below choose the cheapest exact way to compute it; see
 * gd_rate_route. */
#ifndef GAMEDYN_RATES_H
#define GAMEDYN_RATES_H

#include <gamedyn/export.h>
#include <gamedyn/game.h>
#include <gamedyn/linearisation.h>
#include <gamedyn/stepper.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The way in which rates are computed. */
typedef enum gd_rate_route {
  GD_RATE_BY_MODES = 0, /**< the method's stability function on the eigenvalues of J; of diag(h_i) J if the players have
                           different step sizes */
  GD_RATE_BY_FIELD = 1, /**< consensus: the same for the field v - gamma J'v, whose Jacobian is J - gamma J'J */
  GD_RATE_BY_ALTERNATION =
      2,             /**< alternating: the eigenvalues of a round of moves in closed form, gd_alternating_matrix() */
  GD_RATE_BY_MAP = 3 /**< the eigenvalues of the derivative of one step, gd_stepper_map_at_rest() */
} gd_rate_route;

/** A few words for a route: "stability function"; static storage. */
GD_API const char *gd_rate_route_text(gd_rate_route route);
/** Get the route that the functions below take.
 * @return as gd_rate(). */
GD_API gd_status gd_rate_route_find(gd_stepper *stepper, gd_linearisation *linearisation, gd_rate_route *route);

/* Common to all functions below.
 *
 * STEP SIZES.  `step_size` applies to every player.  If the players of the stepper have different step sizes, it is the
 * largest one, and the ratios are kept.  If there is a schedule, its current factor multiplies it.  All other
 * parameters are those of the stepper.  The stepper is unchanged on return.
 *
 * THE POINT must be stationary, else GD_ERR_HYPOTHESIS: |v| must be at most 1e-6 of the change of v under a
 * displacement by max(1, |x|).  For GD_RATE_BY_MAP x must be a fixed point of the step, see gd_stepper_map_at_rest().
 * A point on the edge of a feasible set is GD_ERR_HYPOTHESIS.
 *
 * NULL DIRECTIONS of J are left out.  A bilinear game has some if C is not square or rank-deficient.  Nothing moves
 * along them: a run converges to a point that depends on its start.  gd_linearisation_null_directions() counts them.  A
 * zero eigenvalue without a null direction of its own belongs to a Jordan chain, along which points drift; it keeps the
 * rate at 1.  So does a zero eigenvalue given to gd_spectrum_from_values().
 *
 * LARGE GAMES.  If J is known by products, rates are those of the eigenvalues found, the ends of the spectrum;
 * gd_spectrum_complete() of gd_linearisation_spectrum() is then false.  On a bilinear game the ends decide: in every
 * method of the library the factor of a mode first falls and then grows with its eigenvalue, or does only one of both.
 *
 * RESOLUTION of stability functions: step sizes are exact to about 1e-14 divided by (1 - the deciding modulus).  A mode
 * whose modulus is within 3e-14 of 1 counts as not stable.
 * RESOLUTION of matrices (GD_RATE_BY_ALTERNATION and GD_RATE_BY_MAP): each step size examined costs a dense
 * eigenproblem, and a search examines several hundred.  A rate counts as below 1 only if it is at most 1 - 5e-13, or 1 - 3e-9 if the map
 * is differenced (games that are not affine).  A step size at which no step can be taken (outside the domain, not
 * finite) is not stable. */

/** The rate at a step size >= 0.
 * @return GD_ERR_HYPOTHESIS as above.  GD_ERR_UNSUPPORTED if only eigenvalues are known and the method needs more
 * (scaled methods, alternating, consensus, unequal step sizes).  GD_ERR_ARGUMENT if the games of the stepper and of the
 * linearisation have different sizes.  Errors of the game, LAPACK and the solvers. */
GD_API gd_status gd_rate(gd_stepper *stepper, gd_linearisation *linearisation, double step_size, double *rate);

/** The supremum of the step sizes h such that every step size in (0, h) is stable (rate < 1).  It is 0 if there is
 * none, INFINITY if all are stable.
 *
 * Stability functions: windows of unstable step sizes are found if they are wider than 1e-6 of their step size.
 * |R|^2 - 1 is interpolated piecewise until it is resolved to 1e-10; its roots show where to search.  This holds for
 * stability functions that are polynomial, rational or algebraic in h, as all of the library's are.  In a function of
 * your own, a bump narrow enough to fit between 17 sample points per octave may be missed.
 *
 * Matrices: if the map has up to 12 variables and there are no null directions, the determinants of Jury's conditions
 * are interpolated, and windows wider than 1e-4 of their step size are found.  Otherwise the rate is sampled: at 16
 * points per octave up to 12 variables, 8 up to 100, 4 above.  Windows narrower than 4, 9 or 19 % of their step size
 * may then be missed.
 * @return GD_NOT_CONVERGED if a modulus is so rough that a million evaluations do not resolve it; narrow windows may
 * then be missed.  The errors of gd_rate(). */
GD_API gd_status gd_largest_stable_step(gd_stepper *stepper, gd_linearisation *linearisation, double *step_size);

/** An interval of stable step sizes: all h with lower < h < upper; lower may be 0 and upper INFINITY. */
typedef struct gd_step_interval {
  double lower, upper;
} gd_step_interval;

/** All intervals of stable step sizes, in increasing order, with the resolution of gd_largest_stable_step().  Some
 * methods are unstable at small and stable at larger step sizes.
 * @param intervals [capacity]; intervals beyond `capacity` are left out.
 * @param count the number of intervals, including those left out; at most 64 are distinguished.
 * @return as gd_largest_stable_step(). */
GD_API gd_status gd_stable_intervals(gd_stepper *stepper, gd_linearisation *linearisation, gd_step_interval *intervals,
                                     size_t capacity, size_t *count);

/** The step size with the smallest rate, and that rate.  If no step size is stable, or if every rate is 1 to rounding:
 * 0 and 1.  If the rate decreases with every increase of the step size (implicit): INFINITY and the limit of the rate.
 *
 * Windows of stable step sizes are found with the resolution above; among rates that are all above 2, only if they are
 * wider than 4 % of their step size.  Within the windows the rate is sampled at 16 points per octave (for matrices as
 * above), and the lowest local minima are refined.  Then the smallest rate found replaces 1, and the search is repeated
 * for step sizes with a lower rate, until there are none.  So no interval wider than the resolution has a lower rate.
 * The search ends at a rate of 2e-7; for matrices at 7e-7 on affine games, and 6e-5 on others.
 * @return GD_NOT_CONVERGED as gd_largest_stable_step(), or if eight such searches still found lower rates.  The errors
 * of gd_rate(). */
GD_API gd_status gd_fastest_step(gd_stepper *stepper, gd_linearisation *linearisation, double *step_size, double *rate);

/** Constants of the Jacobian at one point. */
typedef struct gd_field_constants {
  double lipschitz;         /**< |J|_2 */
  double monotonicity;      /**< largest eigenvalue of (J + J')/2: <= 0 where the field is monotone */
  double rotation;          /**< |(J - J')/2|_2 */
  double spectral_abscissa; /**< largest real part of an eigenvalue of J; of those found if the status is not GD_OK */
  double reserved[8];
} gd_field_constants;

/** Compute the constants of the field at a point.
 * @return GD_NOT_CONVERGED if a solver reached its limit of products: lipschitz, monotonicity and rotation are then
 * lower bounds, and spectral_abscissa is NaN if it was not found.  GD_ERR_UNSUPPORTED if J is known by products and has
 * no transposed product. */
GD_API gd_status gd_field_constants_compute(gd_linearisation *linearisation, gd_field_constants *constants);

#ifdef __cplusplus
}
#endif
#endif
