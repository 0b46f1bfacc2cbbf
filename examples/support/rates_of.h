/* SPDX-License-Identifier: BSD-3-Clause */
/* The rates of any method near an equilibrium, by the cheapest exact route:
 *   - a method that acts mode by mode: its stability function on the spectrum of the Jacobian;
 *   - consensus: simultaneous ascent on the spectrum of the consensus field's Jacobian;
 *   - any other method: the spectral radius of the derivative of one step, up to RATES_MAP_LIMIT variables. */
#ifndef SUPPORT_RATES_OF_H
#define SUPPORT_RATES_OF_H

#include <gamedyn/rates.h>

enum { RATES_MAP_LIMIT = 120 }; /* the search takes hundreds of dense eigenproblems: seconds at this size */

typedef enum rates_route { ROUTE_MODES, ROUTE_CONSENSUS, ROUTE_MAP, ROUTE_NONE } rates_route;

typedef struct method_rates {
  rates_route route;
  gd_stepper *stepper;         /* the one whose rates are asked for */
  gd_game *field;              /* consensus: the derived game, owned; else NULL */
  gd_spectrum *field_spectrum; /* consensus: of its Jacobian, owned; NULL if it was given */
  const gd_spectrum *spectrum; /* the one the stability function acts on */
  const double *x;             /* the equilibrium, borrowed */
} method_rates;

/* stepper, the spectrum of the Jacobian at x, and x are borrowed. */
method_rates rates_create(gd_stepper *stepper, const gd_spectrum *spectrum, const double *x);
/* The same with the spectrum of the consensus field's Jacobian, borrowed too; NULL: it is computed where needed. */
method_rates rates_create_with(gd_stepper *stepper, const gd_spectrum *spectrum, const gd_spectrum *consensus,
                               const double *x);
void rates_destroy(method_rates *rates);

/* NaN by ROUTE_NONE. */
double rates_at(const method_rates *rates, double step_size);
double rates_largest_stable_step(const method_rates *rates);
/* The step size; *rate is its rate. */
double rates_fastest_step(const method_rates *rates, double *rate);

/* The spectrum of the Jacobian at x. */
gd_spectrum *new_spectrum(gd_game *game, const double *x);

/* Steps from radius to epsilon at a rate; NaN if the rate is not below 1. */
double steps_at_rate(double rate, double radius, double epsilon);

#endif
