/* SPDX-License-Identifier: BSD-3-Clause */
/* rates.c -- the rate seen when stepping is the spectral radius of the step's derivative, and for methods that act mode
 * by mode the largest value of their stability function over the spectrum. */
#define EVERY_TAME
#include "laws/every.h"
#include "support/at_point.h"
#include "support/linear_game.h"

#include <gamedyn/operator.h>
#include <gamedyn/rates.h>
#include <gamedyn/spectrum.h>

enum { N = 4 };

/* Some eigenvalues real, some not, in a basis that is not orthogonal; moduli near 1. */
static void random_jacobian(uint64_t seed, double J[N * N]) {
  gd_rng rng = gd_rng_make(seed, 3);
  gd_rng_fill_normal(&rng, N * N, J);
  for (size_t k = 0; k < N * N; k++) J[k] = J[k] / 2 - (k % (N + 1) == 0 ? 0.25 : 0);
}

static double spectral_radius(gd_operator *op) {
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  const double radius = gd_spectrum_radius(spectrum);
  gd_spectrum_destroy(spectrum);
  return radius;
}

static double map_radius(gd_stepper *stepper, const double *x) {
  gd_operator *op = NULL;
  assert_ok(gd_stepper_map(&op, stepper, x));
  const double radius = spectral_radius(op);
  gd_operator_destroy(op);
  return radius;
}

/* The largest modulus of the stability function over the spectrum of J at x. */
static double mode_radius(gd_stepper *stepper, const double *x) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  double worst = 0;
  assert_ok(gd_operator_jacobian(&op, gd_stepper_game(stepper), x));
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    double modulus;
    assert_ok(gd_stepper_method(stepper)->mode_modulus(gd_stepper_params(stepper), gd_spectrum_real(spectrum)[k],
                                                       gd_spectrum_imaginary(spectrum)[k], &modulus));
    worst = fmax(worst, modulus);
  }
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return worst;
}

/* Unscaled ways go at one rate wherever they are. */
static bool unscaled_way_at(every_way *way, size_t *index) {
  for (; every_way_at(way, *index); ++*index)
    if (strcmp(way->scaling, GD_SCALING_NONE) == 0) return true;
  return false;
}

/* On linear games the two agree to rounding.  Optimistic modes are roots of a quadratic, whose error is the root of
 * that of its coefficients only where two coincide, which random ones do not. */
START_TEST(the_map_has_the_stability_functions_radius) {
  every_way way;
  const double origin[N] = {0};
  for (uint64_t seed = 0; seed < 20; seed++) {
    double J[N * N];
    random_jacobian(seed, J);
    linear_game data = {{2, 2}, N, J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    for (size_t k = 0; unscaled_way_at(&way, &k); k++) {
      if (!way.method->mode_modulus) continue;
      gd_stepper *stepper = every_stepper(game, &way, 0.125 + 0.01 * (double)seed);
      assert_close(map_radius(stepper, origin), mode_radius(stepper, origin), 1e-10, 0);
      gd_stepper_destroy(stepper);
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* log |X| where X holds the points of steppers that started from the unit vectors. */
static double log_size(size_t n, double points[N][N]) {
  double largest = 0, sum = 0;
  for (size_t k = 0; k < n * n; k++) largest = fmax(largest, fabs(points[k / n][k % n]));
  for (size_t k = 0; k < n * n; k++) sum += pow(points[k / n][k % n] / largest, 2);
  return log(largest) + log(sum) / 2;
}

/* Scaled ones near an equilibrium, where the mean squares are small beside epsilon. */
static void set_epsilon(gd_stepper *stepper, double epsilon) {
  char name[64];
  snprintf(name, sizeof name, "%s.epsilon", gd_stepper_scaling(stepper));
  if (strcmp(gd_stepper_scaling(stepper), GD_SCALING_NONE) != 0) assert_ok(gd_stepper_set(stepper, name, epsilon));
}

/* The rate between two times, from unit vectors times `start`. */
static double observed_rate(gd_game *game, const every_way *way, double step_size, double start, const int times[2]) {
  double points[N][N] = {{0}}, sizes[2] = {0};
  gd_stepper *steppers[N];
  for (size_t k = 0; k < N; k++) {
    steppers[k] = every_stepper(game, way, step_size);
    set_epsilon(steppers[k], 1);
    points[k][k] = start;
  }
  for (int t = 0, which = 0; which < 2; t++) {
    if (t == times[which]) sizes[which++] = log_size(N, points);
    for (size_t k = 0; k < N; k++) assert_step(steppers[k], points[k], every_label(game, way));
  }
  for (size_t k = 0; k < N; k++) gd_stepper_destroy(steppers[k]);
  return exp((sizes[1] - sizes[0]) / (times[1] - times[0]));
}

/* M = V L V^-1 gives  rho^t / K <= |M^t| <= K rho^t  with K the condition of V, so over 2000 steps the observed rate is
 * rho to 2 log(K) / 2000 < 0.5 % for K up to 100.  Small steps keep rho^t among the floating-point numbers. */
START_TEST(steps_on_linear_games_go_at_the_maps_rate) {
  every_way way;
  const double origin[N] = {0}, step_size = 1. / 32;
  for (uint64_t seed = 0; seed < 3; seed++) {
    double J[N * N];
    random_jacobian(seed, J);
    linear_game data = {{2, 2}, N, J};
    gd_game *game = create_linear_game(&data, 0, NULL);
    for (size_t k = 0; unscaled_way_at(&way, &k); k++) {
      gd_stepper *stepper = every_stepper(game, &way, step_size);
      const double radius = map_radius(stepper, origin);
      const double seen = observed_rate(game, &way, step_size, 1, (int[]){200, 2200});
      ck_assert_msg(fabs(log(seen / radius)) < 2 * log(100) / 2000, "%s: rate %.6g seen, radius %.6g",
                    every_label(game, &way), seen, radius);
      gd_stepper_destroy(stepper);
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* The same under every scaling with epsilon 1, from a distance of 1e-9: directions stay below 1e-8, so that their
 * squares are nothing beside epsilon, and after 300 steps neither is RMSProp's first mean square 1, which falls by 0.9
 * or 0.45 a step.  Over 700 steps the observed rate is rho to 2 log(100) / 700. */
START_TEST(scaled_steps_near_an_equilibrium_go_at_the_rate_of_the_map_at_rest) {
  every_way way;
  const double origin[N] = {0}, step_size = 1. / 32;
  const double J[N * N] = {-1, 1, 0.5, 0, -1, -0.5, 2, 1, 0, -2, -1, 1, 0.25, -1, -1, -0.5};
  linear_game data = {{2, 2}, N, J};
  gd_game *game = create_linear_game(&data, 0, NULL);
  size_t compared = 0;
  for (size_t k = 0; every_way_at(&way, k); k++) {
    if (strcmp(way.scaling, GD_SCALING_NONE) == 0) continue;
    double rate;
    gd_stepper *stepper = every_stepper(game, &way, step_size);
    set_epsilon(stepper, 1);
    assert_ok(by_map_rate(stepper, origin, step_size, &rate));
    gd_stepper_destroy(stepper);
    if (rate >= 1) continue;
    const double seen = observed_rate(game, &way, step_size, 1e-9, (int[]){300, 1000});
    ck_assert_msg(fabs(log(seen / rate)) < 2 * log(100) / 700, "%s: rate %.6g seen, %.6g told", every_label(game, &way),
                  seen, rate);
    compared++;
  }
  ck_assert_uint_ge(compared, 30);
  gd_game_destroy(game);
}
END_TEST

static double distance(size_t n, const double *x, const double *y) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
  return sqrt(sum);
}

/* Near an equilibrium of a curved game: from 1e-5 down to 1e-13, where the next order and rounding are both small.
 * The modes' phases shift the distance by a factor of 10 at most. */
static void assert_local_rate(gd_game *game, const every_way *way) {
  double solution[EVERY_N], x[EVERY_N], start = 0, end = 0;
  const size_t n = gd_game_size(game);
  assert_ok(gd_game_solution(game, solution));
  gd_stepper *stepper = every_stepper(game, way, 0.0625);
  const double radius = map_radius(stepper, solution);
  int steps = 0;
  every_point(game, 1e-4, 13, x);
  for (int t = 0; radius < 0.999 && t < 5000; t++) {
    const double now = distance(n, x, solution);
    if (start == 0 && now < 1e-5) start = now;
    if (start > 0) {
      end = now;
      if (now < 1e-13) break;
      steps++;
    }
    assert_step(stepper, x, every_label(game, way));
  }
  if (radius < 0.999)
    ck_assert_msg(fabs(log(end / start) / steps - log(radius)) < log(10) / steps, "%s: %d steps by %.6g, radius %.6g",
                  every_label(game, way), steps, exp(log(end / start) / steps), radius);
  gd_stepper_destroy(stepper);
}

START_TEST(steps_near_an_equilibrium_go_at_the_maps_rate) {
  every_game it = {0};
  every_way way;
  for (EVERY_GAME(it)) {
    double solution[EVERY_N];
    if (gd_game_solution(it.game, solution) < 0 || gd_game_traits(it.game) & GD_AFFINE) continue;
    for (size_t k = 0; unscaled_way_at(&way, &k); k++) assert_local_rate(it.game, &way);
  }
}
END_TEST

TEST_SUITE("rates", the_map_has_the_stability_functions_radius, steps_on_linear_games_go_at_the_maps_rate,
           scaled_steps_near_an_equilibrium_go_at_the_rate_of_the_map_at_rest,
           steps_near_an_equilibrium_go_at_the_maps_rate)
