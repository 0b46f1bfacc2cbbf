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
 * has them now, on a game without a feasible set; else GD_ERR_UNSUPPORTED.
 *
 * Null directions of J are left out, as a bilinear game has whose C is not square or short of rank: nothing moves along
 * them, and a run tends to a point that depends on its start.  gd_spectrum_null_directions() says how many there are.
 * A zero that is no null direction of its own (of a chain, along which points drift), or one that was put into a
 * spectrum with gd_spectrum_from_values(), holds the rate at 1.  Steps are exact to about 1e-14 times the inverse of
 * how far the deciding modulus falls below 1: a mode whose modulus stays within 3e-14 of 1 is not told from one that
 * never moves, and counts as not stable. */

/** The largest modulus over the spectrum at a step size >= 0. */
GD_API gd_status gd_rate(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double step_size,
                         double *rate);
/** Supremum of the step sizes h such that every step size in (0, h) is stable (rate < 1): 0 if there is none,
 * INFINITY if all are stable.
 *
 * Windows of unstable step sizes in between are found if they are wider than 1e-6 of their step size: |R|^2 - 1 is
 * interpolated on pieces of the axis until it is resolved to 1e-10, and its roots decide where to look.  That holds for
 * stability functions that are polynomials, rational or algebraic functions of h, as all of the library's; a bump of
 * one's own that fits between 17 places an octave cannot be told from none.
 * @return GD_NOT_CONVERGED if a modulus is so rough that a million looks do not resolve it: narrow windows may be
 * missing.
 */
GD_API gd_status gd_largest_stable_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum,
                                        double *step_size);
/** The step size of smallest rate, and that rate.  Without a stable step, or if every rate is 1 to rounding: 0
 * and 1.  If the rate falls for ever (implicit): INFINITY and its limit.
 *
 * Windows of stable step sizes are found like unstable ones above, but among rates that are all above 2 only if they
 * are wider than 4 % of their step size.  Within them the rate is sampled at 16 places an octave, and its lowest local
 * minima are refined.  Then the search asks where |R| is below the smallest rate found, as it asks above where |R| is
 * below 1, and goes on there until the answer is nowhere.  So no interval wider than 1e-6 of its step size has a lower
 * rate.  The search ends at a rate of 2e-7.
 * @return GD_NOT_CONVERGED as gd_largest_stable_step(), or if eight such searches still found lower rates. */
GD_API gd_status gd_fastest_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double *step_size,
                                 double *rate);

/* The same from the derivative of one step at its fixed point, gd_stepper_map_at_rest(), for every method, scaled or
 * not, at the equilibrium x [n].  A point that is no fixed point of the step is refused with GD_ERR_HYPOTHESIS; the
 * tolerance is stated there, and what the rate of a scaled method means.  Each look at a step size costs a dense
 * eigenproblem of the derivative's size, the searches several hundred looks.  The searches interpolate the determinants
 * of Jury's conditions, the products of 1 - l_i, of 1 + l_i and of 1 - l_i l_j over eigenvalues of the derivative, up
 * to 12 variables of it and without null directions: windows wider than 1e-4 of their step size are found.  Else they
 * sample: at 16 places an octave up to 12 variables, 8 up to 100 and 4 beyond, so that windows narrower than 4, 9 or 19
 * % of their step size may be jumped over.  The same holds of intervals with a rate below that of the fastest step; its
 * search ends at a rate of 7e-7 on affine games, and of 6e-5 on others.  Games that are not affine are differenced, so
 * a rate counts as below 1 only if it is by 3e-9 (by 5e-13 on affine ones).  A step size at which no step can be taken
 * (outside the domain, not finite) is not stable.  A schedule of the step size multiplies what is asked for or found.
 * The stepper is left as it was.  With a feasible set x must lie in its interior: else GD_ERR_HYPOTHESIS. */

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
  double spectral_abscissa; /**< largest real part over eigenvalues of J, of those found if the status is not GD_OK */
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

#ifdef __cplusplus
}
#endif
#endif
