/* SPDX-License-Identifier: BSD-3-Clause */
/* The rates of a method at a point, as the programs print and draw them. */
#ifndef SUPPORT_RATES_OF_H
#define SUPPORT_RATES_OF_H

#include <gamedyn/rates.h>

/* Variables up to which rates by matrices are searched: a search takes hundreds of dense eigenproblems. */
enum { RATES_TURNS_LIMIT = 250, RATES_MAP_LIMIT = 120 };

typedef struct method_rates {
  bool rated; /* false: the search would take too long */
  gd_rate_route route;
  gd_stepper *stepper;         /* the one whose rates are asked for, borrowed */
  gd_linearisation *at;        /* where, borrowed */
  gd_stepper *modes;           /* whose stability function acts on `spectrum`; NULL by other routes */
  bool owned;                  /* `modes` is to be destroyed */
  const gd_spectrum *spectrum; /* of J, or of the consensus field's Jacobian, borrowed */
} method_rates;

/* consensus: the spectrum of the consensus field's Jacobian, for pictures; may be NULL. */
method_rates rates_create(gd_stepper *stepper, gd_linearisation *at, const gd_spectrum *consensus);
void rates_destroy(method_rates *rates);

/* NaN unless rated. */
double rates_at(const method_rates *rates, double step_size);
double rates_largest_stable_step(const method_rates *rates);
/* The step size; *rate is its rate. */
double rates_fastest_step(const method_rates *rates, double *rate);

gd_linearisation *new_linearisation(gd_game *game, const double *x);
/* The linearised game at x off its idle directions, whose equilibrium is 0; dies if J is 0. */
gd_game *new_reduced_game(gd_game *game, const double *x);
/* The spectrum of the Jacobian at x. */
gd_spectrum *new_spectrum(gd_game *game, const double *x);

/* Steps from radius to epsilon at a rate; NaN if the rate is not below 1. */
double steps_at_rate(double rate, double radius, double epsilon);

#endif
