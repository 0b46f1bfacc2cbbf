/* SPDX-License-Identifier: BSD-3-Clause */
/* rates_of.c -- the library's rates, with what the programs need besides. */
#include "support/rates_of.h"

#include <math.h>

#include "support/die.h"

gd_linearisation *new_linearisation(gd_game *game, const double *x) {
  gd_linearisation *at = NULL;
  must(gd_linearise(&at, game, x, NULL));
  return at;
}

gd_game *new_reduced_game(gd_game *game, const double *x) {
  gd_linearisation *at = new_linearisation(game, x);
  gd_game *reduced = NULL;
  must(gd_linearisation_reduce(at, &reduced, NULL));
  gd_linearisation_destroy(at);
  return reduced;
}

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

static bool is_affordable(const method_rates *rates) {
  const size_t n = gd_linearisation_size(rates->at);
  if (rates->route == GD_RATE_BY_ALTERNATION) return n <= RATES_TURNS_LIMIT;
  return rates->route != GD_RATE_BY_MAP || n <= RATES_MAP_LIMIT;
}

method_rates rates_create(gd_stepper *stepper, gd_linearisation *at, const gd_spectrum *consensus) {
  method_rates rates = {.stepper = stepper, .at = at};
  must(gd_rate_route_find(stepper, at, &rates.route));
  rates.rated = is_affordable(&rates);
  if (rates.route == GD_RATE_BY_MODES) {
    rates.modes = stepper;
    must(gd_linearisation_spectrum(at, &rates.spectrum));
  } else if (rates.route == GD_RATE_BY_FIELD) {
    must(gd_stepper_create_named(&rates.modes, gd_stepper_game(stepper), GD_SIMULTANEOUS));
    rates.owned = true;
    rates.spectrum = consensus;
  }
  return rates;
}

void rates_destroy(method_rates *rates) {
  if (rates->owned) gd_stepper_destroy(rates->modes);
}

double rates_at(const method_rates *rates, double step_size) {
  double rate = NAN;
  if (!rates->rated) return NAN;
  const gd_status status = gd_rate(rates->stepper, rates->at, step_size, &rate);
  if (status == GD_ERR_NONFINITE) return INFINITY; /* a step so long that it leaves the numbers */
  must(status);
  return rate;
}

double rates_largest_stable_step(const method_rates *rates) {
  double step_size = NAN;
  if (rates->rated) must(gd_largest_stable_step(rates->stepper, rates->at, &step_size));
  return step_size;
}

double rates_fastest_step(const method_rates *rates, double *rate) {
  double step_size = NAN;
  *rate = NAN;
  if (rates->rated) must(gd_fastest_step(rates->stepper, rates->at, &step_size, rate));
  return step_size;
}

double steps_at_rate(double rate, double radius, double epsilon) {
  if (!(rate < 1.0)) return NAN;
  if (epsilon >= radius) return 0.0;
  return rate > 0.0 ? ceil(log(epsilon / radius) / log(rate)) : 1.0;
}
