/* SPDX-License-Identifier: BSD-3-Clause */
/* windows.c -- step sizes that are stable again beyond others that are not: none is jumped over. */
#include <gamedyn/rates.h>

#include "support/at_point.h"
#include "support/linear_game.h"
#include "support/suite.h"

#include <math.h>

static const double origin[2] = {0};

/* Two players of one variable each who move in turn: x_0' = x_0 + h (a x_0 + b x_1), x_1' = x_1 + h (c x_0' + d x_1).
 * One round has the trace 2 + h (a + d) + h^2 b c and the determinant (1 + h a)(1 + h d). */
static double alternating_radius(const double J[4], double h) {
  const double half = 1 + h * (J[0] + J[3]) / 2 + h * h * J[1] * J[2] / 2;
  const double det = (1 + h * J[0]) * (1 + h * J[3]), discriminant = half * half - det;
  return discriminant < 0 ? sqrt(det) : fabs(half) + sqrt(discriminant);
}

/* J = [-1, b; b, -4]: an eigenvalue -1 where 1 + trace + determinant = 4 - 10 h + (b^2 + 4) h^2 is 0, at
 * (10 +- sqrt(100 - 16 (b^2 + 4))) / (2 (b^2 + 4)); between the two a round is unstable.  The determinant (1 - h)(1 - 4
 * h) is 1 at h = 5/4, where the second window ends.  The widest window without the first was once called stable to 5/4.
 */
START_TEST(alternating_is_unstable_in_between) {
  const double b = 1.49, J[] = {-1, b, b, -4}, s = b * b + 4;
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *stepper = NULL;
  double h = NAN, rate = NAN;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
  ck_assert_int_eq(by_map_largest_stable_step(stepper, origin, &h), GD_OK);
  assert_close(h, (10 - sqrt(100 - 16 * s)) / (2 * s), 1e-11, 0);
  assert_ok(by_map_rate(stepper, origin, 0.8, &rate));
  ck_assert_double_gt(rate, 1);
  assert_ok(by_map_rate(stepper, origin, 1, &rate));
  ck_assert_double_lt(rate, 1);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* b from 1.4999 to 1.5: the window, from b = 1.5 on empty (100 = 16 s at s = 6.25), shrinks to a part of 3e-4 of its
 * step size. */
START_TEST(alternating_finds_narrow_windows) {
  for (double short_of = 1e-1; short_of > 1e-8; short_of /= 10) {
    const double b = 1.5 - short_of, J[] = {-1, b, b, -4}, s = b * b + 4;
    linear_game data = {.sizes = {1, 1}, .J = J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    gd_stepper *stepper = NULL;
    double h;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
    ck_assert_int_eq(by_map_largest_stable_step(stepper, origin, &h), GD_OK);
    const double root = sqrt(100 - 16 * s), width = root / s;
    if (width / h > 1e-4) assert_close(h, (10 - root) / (2 * s), 1e-8, 0);
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
  }
}
END_TEST

/* With half the trace t(h) and the determinant d(h) of a round, two real eigenvalues meet where t^2 = d, near h = 0.81.
 * Below, the larger modulus |t| + sqrt(t^2 - d) falls to it with a cusp; beyond, the pair has modulus sqrt(d), which
 * grows.  The rate there is sqrt(d) = 0.2226.  Another minimum, of 0.2245, lies at h = 0.646, and was once called the
 * lowest: 16 samples an octave do not see the cusp.  A bisection on t^2 - d finds it. */
START_TEST(alternating_finds_the_lowest_of_two_minima) {
  const double J[] = {-1.3231880188042526, 0.68550820630754239, 0.7014538688697356, -2.0847315249326384};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  gd_stepper *stepper = NULL;
  double h, rate, low = 0.77, high = 0.85;
  for (int k = 0; k < 60; k++) {
    const double middle = (low + high) / 2, half = 1 + middle * (J[0] + J[3]) / 2 + middle * middle * J[1] * J[2] / 2;
    *(half * half > (1 + middle * J[0]) * (1 + middle * J[3]) ? &low : &high) = middle;
  }
  assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
  ck_assert_int_eq(by_map_fastest_step(stepper, origin, &h, &rate), GD_OK);
  assert_close(h, high, 1e-9, 0);
  assert_close(rate, sqrt((1 + high * J[0]) * (1 + high * J[3])), 1e-7, 0);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}
END_TEST

/* ---- against scans ---- */

/* What a scan of `count` places evenly up to `top` sees of a rate. */
typedef struct seen {
  double first_unstable, lowest;
  int windows;
} seen;

typedef double rate_at(const void *of, double h);

static seen scan(rate_at *rate, const void *of, double top, size_t count) {
  seen it = {INFINITY, INFINITY, 0};
  bool before = false;
  for (size_t k = 1; k <= count; k++) {
    const double h = top * (double)k / (double)count, r = rate(of, h);
    const bool stable = r < 1 - 1e-12;
    if (!stable) it.first_unstable = fmin(it.first_unstable, h);
    it.lowest = fmin(it.lowest, r);
    it.windows += stable && !before;
    before = stable;
  }
  return it;
}

/* The largest stable step ends where the scan first sees instability, to within a place; the fastest is no slower than
 * any place.  `clear`: a window must be wider than this part of its step size to be asked for. */
static bool agrees(rate_at *rate, const void *of, double top, size_t count, double largest, double lowest) {
  const seen it = scan(rate, of, top, count);
  const double gap = top / (double)count;
  const bool first = largest == 0 ? it.first_unstable <= gap * (1 + 1e-9) || rate(of, gap / 64) >= 1 - 1e-9
                                  : largest <= it.first_unstable * (1 + 1e-9) &&
                                        (largest > fmin(top, it.first_unstable - 1.001 * gap) ||
                                         rate(of, largest * (1 + 1e-7)) > 1 - 1e-6);
  return first && lowest <= it.lowest + 1e-9;
}

static double alternating_rate(const void *of, double h) { return alternating_radius(of, h); }

/* Every eighth game is [[-1, b], [b, -4]] in some unit, b from 1.25 to 1.45.  There -1 is an eigenvalue of the step
 * where 4 - 10 h + (4 + b^2) h^2 = 0, twice for b < 3/2; both are below 5/4, where the determinant reaches 1, for
 * b > 6/5.  So there are two windows. */
static void two_windows(gd_rng *rng, double J[4]) {
  double u[2];
  gd_rng_fill_uniform(rng, 2, u);
  const double b = 1.25 + 0.2 * u[0], unit = exp(4 * u[1] - 2);
  J[0] = -unit, J[1] = J[2] = b * unit, J[3] = -4 * unit;
}

/* Own curvatures over two orders, couplings of either sign: every kind of crossing.  Beyond |1 + h a| |1 + h d| = 1
 * nothing is stable. */
static void random_two_by_two(gd_rng *rng, size_t k, double J[4]) {
  double u[6];
  if (k % 8 == 7) {
    two_windows(rng, J);
    return;
  }
  gd_rng_fill_normal(rng, 6, u);
  J[0] = -fabs(u[0]) * exp(u[4]) * (k % 4 == 3 ? 0.05 : 1);
  J[3] = -fabs(u[3]) * exp(u[5]) * (k % 4 == 3 ? 0.05 : 1);
  J[1] = u[1];
  J[2] = k % 2 ? -u[1] * exp(0.3 * u[2]) : u[2];
}

START_TEST(alternating_agrees_with_scans_of_random_games) {
  gd_rng rng = gd_rng_make(1, 0);
  const size_t games = test_instances(40, 10000), places = test_instances(10000, 100000);
  size_t several = 0;
  for (size_t k = 0; k < games; k++) {
    double J[4], h = NAN, rate = NAN, fastest = NAN;
    random_two_by_two(&rng, k, J);
    linear_game data = {.sizes = {1, 1}, .J = J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    gd_stepper *stepper = NULL;
    assert_ok(gd_stepper_create_named(&stepper, game, GD_ALTERNATING));
    ck_assert_int_eq(by_map_largest_stable_step(stepper, origin, &h), GD_OK);
    ck_assert_int_eq(by_map_fastest_step(stepper, origin, &fastest, &rate), GD_OK);
    const double top = 1.05 * (J[0] + J[3]) / (-J[0] * J[3]);
    if (!agrees(alternating_rate, J, top, places, h, rate))
      ck_abort_msg("game %zu: stable below %.12g, fastest %.12g", k, h, rate);
    several += scan(alternating_rate, J, top, 1000).windows > 1;
    gd_stepper_destroy(stepper);
    gd_game_destroy(game);
  }
  ck_assert_uint_ge(several, games / 8); /* so that there was something to miss */
}
END_TEST

/* ---- stability functions ---- */

/* Eigenvalues and the method they go through. */
typedef struct modes {
  gd_stepper *stepper;
  double re[3], im[3];
  size_t count;
} modes;

static double modes_rate(const void *of, double h) {
  const modes *m = of;
  double rate = 0;
  if (gd_stepper_set(m->stepper, GD_STEP_SIZE, h) < 0) return INFINITY;
  const void *params = gd_stepper_params(m->stepper);
  for (size_t k = 0; k < m->count; k++) {
    double modulus = INFINITY;
    if (gd_stepper_method(m->stepper)->mode_modulus(params, m->re[k], m->im[k], &modulus) < 0) return INFINITY;
    rate = fmax(rate, modulus);
  }
  return rate;
}

static gd_spectrum *random_modes(gd_rng *rng, modes *m) {
  double re[6], im[6];
  gd_spectrum *spectrum = NULL;
  m->count = 1 + gd_rng_below(rng, 3);
  for (size_t k = 0; k < m->count; k++) {
    double u[3];
    gd_rng_fill_normal(rng, 3, u);
    m->re[k] = re[2 * k] = re[2 * k + 1] = -fabs(u[0]) * exp(2 * u[1] - 2);
    m->im[k] = im[2 * k] = fabs(u[2]);
    im[2 * k + 1] = -im[2 * k];
  }
  assert_ok(gd_spectrum_from_values(&spectrum, 2 * m->count, re, im, NULL));
  return spectrum;
}

/* Steps h with h |lambda| up to 4: no method of these is stable beyond but the implicit one. */
static double farthest(const modes *m) {
  double least = INFINITY;
  for (size_t k = 0; k < m->count; k++) least = fmin(least, 1 / hypot(m->re[k], m->im[k]));
  return 4 * least;
}

START_TEST(stability_functions_agree_with_scans_of_random_spectra) {
  const char *methods[] = {GD_SIMULTANEOUS, GD_OPTIMISTIC, GD_PREDICTIVE, GD_EXTRAGRADIENT, GD_RUNGE_KUTTA};
  gd_rng rng = gd_rng_make(2, 0);
  const double J[] = {0, 1, -1, 0};
  linear_game data = {.sizes = {1, 1}, .J = J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  const size_t games = test_instances(40, 2000), places = test_instances(2000, 100000);
  for (size_t which = 0; which < 5; which++) {
    modes m = {0};
    assert_ok(gd_stepper_create_named(&m.stepper, game, methods[which]));
    for (size_t k = 0; k < games; k++) {
      gd_spectrum *spectrum = random_modes(&rng, &m);
      double h, rate, fastest;
      if (which == 2) assert_ok(gd_stepper_set(m.stepper, "gamma", 0.4));
      if (which == 4) assert_ok(gd_stepper_set(m.stepper, "order", 2 + (double)(k % 3)));
      ck_assert_int_eq(spectrum_largest_stable_step(m.stepper, spectrum, &h), GD_OK);
      ck_assert_int_eq(spectrum_fastest_step(m.stepper, spectrum, &fastest, &rate), GD_OK);
      if (!agrees(modes_rate, &m, farthest(&m), places, h, rate))
        ck_abort_msg("%s, spectrum %zu: stable below %.12g, fastest %.12g", methods[which], k, h, rate);
      gd_spectrum_destroy(spectrum);
    }
    gd_stepper_destroy(m.stepper);
  }
  gd_game_destroy(game);
}
END_TEST

TEST_SUITE("windows", alternating_is_unstable_in_between, alternating_finds_narrow_windows,
           alternating_finds_the_lowest_of_two_minima, alternating_agrees_with_scans_of_random_games,
           stability_functions_agree_with_scans_of_random_spectra)
