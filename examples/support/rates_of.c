/* SPDX-License-Identifier: BSD-3-Clause */
/* rates_of.c -- one way to ask, whatever route the answer takes. */
#include "support/rates_of.h"

#include <gamedyn/derive.h>
#include <math.h>
#include <string.h>

#include "support/die.h"

gd_spectrum *new_spectrum(gd_game *game, const double *x) {
  gd_operator *jacobian = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.residuals = false;
  must(gd_operator_jacobian(&jacobian, game, x));
  must(gd_spectrum_compute(&spectrum, jacobian, &options));
  gd_operator_destroy(jacobian);
  return spectrum;
}

static void make_consensus(method_rates *rates, gd_stepper *stepper, const gd_spectrum *consensus) {
  double gamma = 0.0;
  must(gd_stepper_get(stepper, "gamma", 0, &gamma));
  must(gd_derive_consensus(&rates->field, gd_stepper_game(stepper), gamma));
  must(gd_stepper_create_named(&rates->stepper, rates->field, GD_SIMULTANEOUS));
  if (!consensus) rates->field_spectrum = new_spectrum(rates->field, rates->x);
  rates->spectrum = consensus ? consensus : rates->field_spectrum;
  rates->route = ROUTE_CONSENSUS;
}

method_rates rates_create_with(gd_stepper *stepper, const gd_spectrum *spectrum, const gd_spectrum *consensus,
                               const double *x) {
  const gd_method *method = gd_stepper_method(stepper);
  method_rates rates = {.route = ROUTE_NONE, .stepper = stepper, .spectrum = spectrum, .x = x};
  if (method->mode_modulus) {
    rates.route = ROUTE_MODES;
  } else if (strcmp(method->name, GD_CONSENSUS) == 0) {
    make_consensus(&rates, stepper, consensus);
  } else if (gd_game_size(gd_stepper_game(stepper)) <= RATES_MAP_LIMIT) {
    rates.route = ROUTE_MAP;
  }
  return rates;
}

method_rates rates_create(gd_stepper *stepper, const gd_spectrum *spectrum, const double *x) {
  return rates_create_with(stepper, spectrum, NULL, x);
}

void rates_destroy(method_rates *rates) {
  if (rates->route == ROUTE_CONSENSUS) gd_stepper_destroy(rates->stepper);
  gd_spectrum_destroy(rates->field_spectrum);
  gd_game_destroy(rates->field);
}

double rates_at(const method_rates *rates, double step_size) {
  double rate = NAN;
  gd_status status = GD_OK;
  if (rates->route == ROUTE_MAP) {
    status = gd_map_rate(rates->stepper, rates->x, step_size, &rate);
  } else if (rates->route != ROUTE_NONE) {
    status = gd_rate(rates->stepper, rates->spectrum, step_size, &rate);
  }
  if (status == GD_ERR_NONFINITE) return INFINITY; /* a step so long that it leaves the numbers */
  must(status);
  return rate;
}

double rates_largest_stable_step(const method_rates *rates) {
  double step_size = NAN;
  if (rates->route == ROUTE_MAP) {
    must(gd_map_largest_stable_step(rates->stepper, rates->x, &step_size));
  } else if (rates->route != ROUTE_NONE) {
    must(gd_largest_stable_step(rates->stepper, rates->spectrum, &step_size));
  }
  return step_size;
}

double rates_fastest_step(const method_rates *rates, double *rate) {
  double step_size = NAN;
  *rate = NAN;
  if (rates->route == ROUTE_MAP) {
    must(gd_map_fastest_step(rates->stepper, rates->x, &step_size, rate));
  } else if (rates->route != ROUTE_NONE) {
    must(gd_fastest_step(rates->stepper, rates->spectrum, &step_size, rate));
  }
  return step_size;
}

double steps_at_rate(double rate, double radius, double epsilon) {
  if (!(rate < 1.0)) return NAN;
  if (epsilon >= radius) return 0.0;
  return rate > 0.0 ? ceil(log(epsilon / radius) / log(rate)) : 1.0;
}
