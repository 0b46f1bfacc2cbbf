/* SPDX-License-Identifier: BSD-3-Clause */
/* map_rates.c -- rates from the derivative of one step: for every method, against closed forms and gd_rate(). */
#include <gamedyn/rates.h>

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

static const double origin[8] = {0};

/* U = theta omega: sigma = 1, and J is constant. */
static gd_game *rotation(void) {
  test_game kind = rotation_game();
  kind.traits |= GD_AFFINE;
  return create_test_game(&kind, NULL);
}

/* Steps and rate^2 of each method on the rotation, as in rates.c; consensus is predictive, 1 - h gamma +- ih;
 * alternating has determinant 1, so it never contracts.  Runge-Kutta is of order 4. */
START_TEST(agrees_with_closed_forms_on_a_rotation) {
  const struct {
    const char *method;
    double stable, fastest, rate_squared;
  } rows[] = {{GD_SIMULTANEOUS, 0, 0, 1},
              {GD_ALTERNATING, 0, 0, 1},
              {GD_PREDICTIVE, 1, 0.5, 0.5},
              {GD_IMPLICIT, INFINITY, INFINITY, 0},
              {GD_CONSENSUS, 1, 0.5, 0.5},
              {GD_EXTRAGRADIENT, 1, M_SQRT1_2, 0.75},
              {GD_RUNGE_KUTTA, 2 * M_SQRT2, 2.449489742783178, 0.25}};
  gd_game *game = rotation();
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_stepper *stepper;
    double h, rate;
    assert_ok(gd_stepper_create_named(&stepper, game, rows[k].method));
    assert_ok(gd_map_largest_stable_step(stepper, origin, &h));
    assert_close(h, rows[k].stable, 1e-10, 0);
    assert_ok(gd_map_fastest_step(stepper, origin, &h, &rate));
    assert_close(h, rows[k].fastest, 1e-10, 0);
    assert_close(rate * rate, rows[k].rate_squared, 0, 1e-10);
    gd_stepper_destroy(stepper);
  }
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("map_rates", agrees_with_closed_forms_on_a_rotation)
