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

/* For methods with mode_modulus, with one step size for all players and the other parameters as set on the
 * stepper; else GD_ERR_UNSUPPORTED. */

/** The largest modulus over the spectrum at a step size >= 0. */
GD_API gd_status gd_rate(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double step_size,
                         double *rate);
/** Supremum of the step sizes h such that every step size in (0, h) is stable (rate < 1): 0 if there is none,
 * INFINITY if all are stable. */
GD_API gd_status gd_largest_stable_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum,
                                        double *step_size);
/** The step size of smallest rate, and that rate.  Without a stable step: 0 and 1.  If the rate falls for
 * ever (implicit): INFINITY and its limit. */
GD_API gd_status gd_fastest_step(const gd_stepper *stepper, const gd_spectrum *jacobian_spectrum, double *step_size,
                                 double *rate);

/* The same from the derivative of one step (gd_stepper_map), for every method, at the equilibrium x [n]; each
 * look at a step size costs a dense eigenproblem.  The stepper is left as it was. */
/** Like gd_rate(). */
GD_API gd_status gd_map_rate(gd_stepper *stepper, const double *x, double step_size, double *rate);
/** Like gd_largest_stable_step(). */
GD_API gd_status gd_map_largest_stable_step(gd_stepper *stepper, const double *x, double *step_size);
/** Like gd_fastest_step(). */
GD_API gd_status gd_map_fastest_step(gd_stepper *stepper, const double *x, double *step_size, double *rate);

/** Of the Jacobian at one point. */
typedef struct gd_field_constants {
  double lipschitz;         /**< |J|_2 */
  double monotonicity;      /**< largest eigenvalue of (J + J')/2: <= 0 where the field is monotone */
  double rotation;          /**< |(J - J')/2|_2 */
  double spectral_abscissa; /**< largest real part over eigenvalues of J */
  double reserved[8];
} gd_field_constants;

/** @param options NULL: defaults. */
GD_API gd_status gd_field_constants_at(gd_game *game, const double *x, const gd_spectrum_options *options,
                                       gd_field_constants *constants);

/** What kind of point x is, with the numbers the verdict rests on. */
typedef struct gd_classification {
  double gradient_norm;
  double own_curvature;           /**< over players, largest eigenvalue of the own block: <= 0 at a local Nash point */
  double spectral_abscissa;       /**< largest real part over eigenvalues of J */
  double largest_imag_real_ratio; /**< max |Im/Re| over eigenvalues of J; INFINITY with an eigenvalue on the axis */
  bool stationary;                /**< |v| <= tolerance */
  bool local_nash;  /**< stationary, and no own block has an eigenvalue > tolerance |J| (necessary condition) */
  bool stable_nash; /**< local_nash and hurwitz */
  bool hurwitz;     /**< spectral_abscissa < -tolerance |J| */
  uint64_t reserved[8];
} gd_classification;

/** @param tolerance > 0, absolute for |v| and relative to |J|_2 for eigenvalues; 1e-8 is a good start. */
GD_API gd_status gd_classify(gd_game *game, const double *x, double tolerance, gd_classification *classification);

#ifdef __cplusplus
}
#endif
#endif
