/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Rates: how fast a method converges near a stationary point, and with which step sizes.
 *
 *     game + point = linearisation          linearisation + method = rates
 *
 * Near a stationary point one step of a method is a linear map of the distance to it (and of the method's memory).  The
 * rate is the spectral radius of that map, the factor per step of the slowest mode: below 1 the point is locally stable
 * under the method.  The functions below find the cheapest exact way to it by themselves, see gd_rate_route. */
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

/** Where rates come from. */
typedef enum gd_rate_route {
  GD_RATE_BY_MODES = 0, /**< the method's stability function on the eigenvalues of J, or of diag(h_i) J where players
                           have step sizes of their own */
  GD_RATE_BY_FIELD = 1, /**< consensus: the same for the field v - gamma J'v, whose Jacobian is J - gamma J'J */
  GD_RATE_BY_ALTERNATION =
      2,             /**< alternating: the eigenvalues of a round of moves in closed form, gd_alternating_matrix() */
  GD_RATE_BY_MAP = 3 /**< the eigenvalues of the derivative of one step, gd_stepper_map_at_rest() */
} gd_rate_route;

/** A few words for a route: "stability function"; static storage. */
GD_API const char *gd_rate_route_text(gd_rate_route route);
/** The route that the functions below take.
 * @return as gd_rate(). */
GD_API gd_status gd_rate_route_find(gd_stepper *stepper, gd_linearisation *linearisation, gd_rate_route *route);

/* What holds for all of them.
 *
 * STEP SIZES.  `step_size` is that of every player.  Where the stepper's players have step sizes of their own, it is
 * the largest of them, and the others keep their ratios to it.  A schedule multiplies it by its factor of now.  Other
 * parameters are those that the stepper has.  The stepper is left as it was.
 *
 * THE POINT must be stationary: |v| at most 1e-6 of what a displacement by max(1, |x|) makes of v, else
 * GD_ERR_HYPOTHESIS.  By the map the step itself must rest there, see gd_stepper_map_at_rest().  A point on the edge of
 * a feasible set is GD_ERR_HYPOTHESIS.
 *
 * NULL DIRECTIONS of J are left out, as a bilinear game has whose C is not square or short of rank: nothing moves along
 * them, and a run tends to a point that depends on its start.  gd_linearisation_null_directions() counts them.  A zero
 * that is no null direction of its own (of a chain, along which points drift), or one that was put into a spectrum with
 * gd_spectrum_from_values(), holds the rate at 1.
 *
 * LARGE GAMES.  Where J is known by products, rates are those of the ends of its spectrum, of the eigenvalues that were
 * found; gd_spectrum_complete() of gd_linearisation_spectrum() says so.  On a bilinear game the ends decide: the factor
 * of a mode first falls and then grows with its eigenvalue, or does one of both, in every method of the library.
 *
 * RESOLUTION.  By stability functions steps are exact to about 1e-14 times the inverse of how far the deciding modulus
 * falls below 1; a mode whose modulus stays within 3e-14 of 1 counts as not stable.  By matrices (turns and map) each
 * look at a step size costs a dense eigenproblem, the searches several hundred looks; a rate counts as below 1 only if
 * it is by 5e-13, or by 3e-9 where the map is differenced, as games that are not affine are.  A step size at which no
 * step can be taken (outside the domain, not finite) is not stable. */

/** The rate at a step size >= 0.
 * @return GD_ERR_HYPOTHESIS as above; GD_ERR_UNSUPPORTED if only eigenvalues are known and the method does not act on
 * them alone (scaled methods, alternating, consensus, unequal step sizes); GD_ERR_ARGUMENT if the stepper's game and
 * the linearisation's are of different sizes; what the game, LAPACK and solvers return. */
GD_API gd_status gd_rate(gd_stepper *stepper, gd_linearisation *linearisation, double step_size, double *rate);

/** Supremum of the step sizes h such that every step size in (0, h) is stable (rate < 1): 0 if there is none,
 * INFINITY if all are stable.
 *
 * Windows of unstable step sizes in between are found if they are wider than 1e-6 of their step size: |R|^2 - 1 is
 * interpolated on pieces of the axis until it is resolved to 1e-10, and its roots decide where to look.  That holds for
 * stability functions that are polynomials, rational or algebraic functions of h, as all of the library's; a bump of
 * one's own that fits between 17 places an octave cannot be told from none.  By matrices the determinants of Jury's
 * conditions are interpolated up to 12 variables of the map and without null directions, and windows wider than 1e-4 of
 * their step size are found; else the rate is sampled at 16 places an octave up to 12 variables, 8 up to 100 and 4
 * beyond, so that windows narrower than 4, 9 or 19 % of their step size may be jumped over.
 * @return GD_NOT_CONVERGED if a modulus is so rough that a million looks do not resolve it: narrow windows may be
 * missing; as gd_rate(). */
GD_API gd_status gd_largest_stable_step(gd_stepper *stepper, gd_linearisation *linearisation, double *step_size);

/** Step sizes that are stable: all h with lower < h < upper; lower may be 0 and upper INFINITY.  Frozen. */
typedef struct gd_step_interval {
  double lower, upper;
} gd_step_interval;

/** All intervals of stable step sizes, in increasing order, with the resolution of gd_largest_stable_step().  Some
 * methods are unstable at small and stable at larger steps.
 * @param intervals [capacity]; those beyond are left out.
 * @param count how many there are, those left out included; at most 64 are told apart.
 * @return as gd_largest_stable_step(). */
GD_API gd_status gd_stable_intervals(gd_stepper *stepper, gd_linearisation *linearisation, gd_step_interval *intervals,
                                     size_t capacity, size_t *count);

/** The step size of smallest rate, and that rate.  Without a stable step, or if every rate is 1 to rounding: 0
 * and 1.  If the rate falls for ever (implicit): INFINITY and its limit.
 *
 * Windows of stable step sizes are found like unstable ones above, but among rates that are all above 2 only if they
 * are wider than 4 % of their step size.  Within them the rate is sampled at 16 places an octave (by matrices as
 * above), and its lowest local minima are refined.  Then the search asks where |R| is below the smallest rate found, as
 * it asks above where |R| is below 1, and goes on there until the answer is nowhere.  So no interval wider than the
 * resolution has a lower rate.  The search ends at a rate of 2e-7; by matrices at 7e-7 on affine games, and 6e-5 on
 * others.
 * @return GD_NOT_CONVERGED as gd_largest_stable_step(), or if eight such searches still found lower rates; as
 * gd_rate(). */
GD_API gd_status gd_fastest_step(gd_stepper *stepper, gd_linearisation *linearisation, double *step_size, double *rate);

/** Of the Jacobian at one point. */
typedef struct gd_field_constants {
  double lipschitz;         /**< |J|_2 */
  double monotonicity;      /**< largest eigenvalue of (J + J')/2: <= 0 where the field is monotone */
  double rotation;          /**< |(J - J')/2|_2 */
  double spectral_abscissa; /**< largest real part over eigenvalues of J, of those found if the status is not GD_OK */
  double reserved[8];
} gd_field_constants;

/** The constants of the field at a point.
 * @return GD_NOT_CONVERGED if a solver by products ran out of them: lipschitz, monotonicity and rotation are then lower
 * bounds, spectral_abscissa NaN if it was not found; GD_ERR_UNSUPPORTED if J is known by products and has no transposed
 * one. */
GD_API gd_status gd_field_constants_compute(gd_linearisation *linearisation, gd_field_constants *constants);

#ifdef __cplusplus
}
#endif
#endif
