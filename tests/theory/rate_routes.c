/* SPDX-License-Identifier: BSD-3-Clause */
/* rate_routes.c -- which way leads to the rates of a method, that all ways agree, and intervals of stable steps. */
#include <gamedyn/models.h>
#include <math.h>

#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/matrices.h"
#include "support/suite.h"

enum { MOST = 6 };
static const double origin[MOST] = {0};

/* An affine game of two players, v = J x. */
static gd_game *affine(size_t p, size_t q, const double *J) {
  gd_game *game = NULL;
  assert_ok(gd_model_affine(&game, 2, (const size_t[]){p, q}, J, p + q, NULL, NULL));
  return game;
}

static gd_linearisation *linearise(gd_game *game, const double *x) {
  gd_linearisation *at = NULL;
  assert_ok(gd_linearise(&at, game, x, NULL));
  return at;
}

static gd_rate_route route_of(gd_stepper *stepper, gd_linearisation *at) {
  gd_rate_route route = GD_RATE_BY_MAP;
  assert_ok(gd_rate_route_find(stepper, at, &route));
  return route;
}

/* Damped enough that most methods have stable steps. */
static void random_jacobian(gd_rng *rng, size_t n, double *J) {
  gd_rng_fill_normal(rng, n * n, J);
  for (size_t k = 0; k < n; k++) J[k + k * n] -= 4;
}

/* Every method, with one step size for all players and with one for each: the way that is taken agrees with the
 * derivative of one step, which every method has and which knows no formula. */
START_TEST(takes_a_way_that_agrees_with_the_derivative_of_one_step) {
  const gd_method *method;
  for (size_t m = 0; (method = gd_method_at(m)) != NULL; m++)
    for (uint64_t seed = 0; seed < 40; seed++) {
      gd_rng rng = gd_rng_make(seed, m);
      const size_t p = 1 + seed % 3, q = 1 + seed / 3 % 3, n = p + q;
      double J[MOST * MOST], rate, by_map;
      const double own[] = {uniform(&rng, 0.01, 0.1), seed % 2 ? uniform(&rng, 0.01, 0.1) : 0.05};
      random_jacobian(&rng, n, J);
      gd_game *game = affine(p, q, J);
      gd_stepper *stepper = NULL;
      gd_linearisation *at = linearise(game, origin);
      assert_ok(gd_stepper_create(&stepper, game, method));
      if (seed % 2) assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, own));
      assert_ok(gd_rate(stepper, at, 0.08, &rate));
      assert_ok(by_map_rate(stepper, origin, 0.08, &by_map));
      assert_close(rate, by_map, 1e-7, 1e-7);
      gd_stepper_destroy(stepper);
      gd_linearisation_destroy(at);
      gd_game_destroy(game);
    }
}
END_TEST

/* predictive's prediction has a length of its own: with step sizes h_i it acts on no modes.  A scaling acts on none. */
START_TEST(chooses_the_cheapest_way) {
  static const struct {
    const char *method, *scaling;
    double ratio;
    gd_rate_route route;
  } cases[] = {{GD_SIMULTANEOUS, GD_SCALING_NONE, 1, GD_RATE_BY_MODES},
               {GD_OPTIMISTIC, GD_SCALING_NONE, 2, GD_RATE_BY_MODES},
               {GD_PREDICTIVE, GD_SCALING_NONE, 1, GD_RATE_BY_MODES},
               {GD_PREDICTIVE, GD_SCALING_NONE, 2, GD_RATE_BY_MAP},
               {GD_CONSENSUS, GD_SCALING_NONE, 2, GD_RATE_BY_FIELD},
               {GD_ALTERNATING, GD_SCALING_NONE, 2, GD_RATE_BY_ALTERNATION},
               {GD_ALTERNATING, GD_SCALING_RMSPROP, 1, GD_RATE_BY_MAP},
               {GD_SIMULTANEOUS, GD_SCALING_ADAM, 1, GD_RATE_BY_MAP}};
  const double J[] = {-1, 1, -1, -1};
  gd_game *game = affine(1, 1, J);
  gd_linearisation *at = linearise(game, origin);
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    const double steps[] = {0.1, 0.1 * cases[k].ratio};
    gd_stepper *stepper = NULL;
    assert_ok(gd_stepper_create_named(&stepper, game, cases[k].method));
    assert_ok(gd_stepper_set_scaling(stepper, cases[k].scaling));
    assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, steps));
    ck_assert_int_eq(route_of(stepper, at), cases[k].route);
    ck_assert_str_ne(gd_rate_route_text(cases[k].route), "unknown");
    gd_stepper_destroy(stepper);
  }
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* v = -(x, y) with step sizes h (1, r): |1 - h| and |1 - h r| are below 1 up to 2 / max(1, r) of the first player's,
 * and so up to 2 of the largest. */
START_TEST(step_sizes_keep_their_ratios) {
  const double J[] = {-1, 0, 0, -1};
  gd_game *game = affine(1, 1, J);
  gd_linearisation *at = linearise(game, origin);
  for (double r = 0.25; r <= 4; r *= 2) {
    const double steps[] = {0.1, 0.1 * r};
    gd_stepper *stepper = NULL;
    double h, rate, before;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
    assert_ok(gd_stepper_set_players(stepper, GD_STEP_SIZE, steps));
    assert_ok(gd_largest_stable_step(stepper, at, &h));
    assert_close(h, 2, 1e-12, 0);
    assert_ok(gd_rate(stepper, at, 0.5, &rate));
    assert_close(rate, 1 - 0.5 * fmin(r, 1 / r), 1e-12, 0);
    assert_ok(gd_stepper_get(stepper, GD_STEP_SIZE, 1, &before));
    assert_close(before, steps[1], 0, 0);
    gd_stepper_destroy(stepper);
  }
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

static double half(void *context, uint64_t step) {
  (void)context, (void)step;
  return 0.5;
}

/* A schedule of 1/2 makes twice the step stable, whatever the way. */
START_TEST(schedules_multiply_the_step_size) {
  static const char *const methods[] = {GD_SIMULTANEOUS, GD_ALTERNATING, GD_CONSENSUS, GD_OPTIMISTIC};
  const double J[] = {-1, 0, 0, -1};
  gd_game *game = affine(1, 1, J);
  gd_linearisation *at = linearise(game, origin);
  for (size_t k = 0; k < 4; k++) {
    gd_stepper *stepper = NULL;
    double plain, scheduled, by_map;
    assert_ok(gd_stepper_create_named(&stepper, game, methods[k]));
    assert_ok(gd_largest_stable_step(stepper, at, &plain));
    assert_ok(gd_stepper_schedule(stepper, GD_STEP_SIZE, half, NULL));
    assert_ok(gd_largest_stable_step(stepper, at, &scheduled));
    assert_ok(by_map_largest_stable_step(stepper, origin, &by_map));
    assert_close(scheduled, 2 * plain, 1e-9, 0);
    assert_close(by_map, scheduled, 1e-6, 0);
    gd_stepper_destroy(stepper);
  }
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

/* A round of the two moves on J = [[-1, b], [b, -4]] has the trace t = 2 - 5h + b^2 h^2 and the determinant
 * d = (1 - h)(1 - 4h).  Stable where |d| < 1 and |t| < 1 + d (Jury).  1 + d - t = (4 - b^2) h^2 > 0 for b < 2, and
 * d < 1 for h < 5/4, d > -1 always (its least value is -9/16).  1 + d + t = 4 - 10 h + (4 + b^2) h^2 is negative
 * between its roots (5 -+ sqrt(25 - 4 (4 + b^2))) / (4 + b^2), real for b < 3/2: so there are two intervals, one on
 * each side, cut off at 5/4. */
START_TEST(finds_every_interval_of_stable_steps) {
  for (double b = 1.25; b < 1.46; b += 0.05) {
    const double J[] = {-1, b, b, -4}, a = 4 + b * b, root = sqrt(25 - 4 * a);
    gd_game *game = affine(1, 1, J);
    gd_linearisation *at = linearise(game, origin);
    gd_stepper *stepper = NULL;
    gd_step_interval found[2] = {{7, 7}, {7, 7}};
    size_t count = 0;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
    assert_ok(gd_stable_intervals(stepper, at, found, 2, &count));
    ck_assert_uint_eq(count, 2);
    assert_close(found[0].lower, 0, 0, 0);
    assert_close(found[0].upper, (5 - root) / a, 1e-9, 0);
    assert_close(found[1].lower, (5 + root) / a, 1e-9, 0);
    assert_close(found[1].upper, 1.25, 1e-9, 0);
    found[1].lower = 7;
    assert_ok(gd_stable_intervals(stepper, at, found, 1, &count));
    ck_assert_uint_eq(count, 2);
    assert_close(found[1].lower, 7, 0, 0);
    gd_stepper_destroy(stepper);
    gd_linearisation_destroy(at);
    gd_game_destroy(game);
  }
}
END_TEST

/* v = (-y, x) - x (the origin is the only stationary point). */
START_TEST(refuses_rates_where_nothing_rests) {
  static const char *const methods[] = {GD_SIMULTANEOUS, GD_ALTERNATING, GD_CONSENSUS};
  const double J[] = {-1, 1, -1, -1}, x[] = {1, 2};
  gd_game *game = affine(1, 1, J);
  gd_linearisation *at = linearise(game, x);
  for (size_t k = 0; k < 3; k++) {
    gd_stepper *stepper = NULL;
    gd_rate_route route;
    double rate = 7, h = 7;
    size_t count = 7;
    assert_ok(gd_stepper_create_named(&stepper, game, methods[k]));
    assert_fails(gd_rate(stepper, at, 0.1, &rate), GD_ERR_HYPOTHESIS, "not stationary");
    assert_fails(gd_largest_stable_step(stepper, at, &h), GD_ERR_HYPOTHESIS, "not stationary");
    assert_fails(gd_fastest_step(stepper, at, &h, &rate), GD_ERR_HYPOTHESIS, "not stationary");
    assert_fails(gd_stable_intervals(stepper, at, NULL, 0, &count), GD_ERR_HYPOTHESIS, "not stationary");
    assert_fails(gd_rate_route_find(stepper, at, &route), GD_ERR_HYPOTHESIS, "not stationary");
    assert_close(rate + h + (double)count, 21, 0, 0);
    gd_stepper_destroy(stepper);
  }
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("rate_routes", takes_a_way_that_agrees_with_the_derivative_of_one_step, chooses_the_cheapest_way,
           step_sizes_keep_their_ratios, schedules_multiply_the_step_size, finds_every_interval_of_stable_steps,
           refuses_rates_where_nothing_rests)
