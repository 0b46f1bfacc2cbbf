/* SPDX-License-Identifier: BSD-3-Clause */
/* rates.c -- rates, largest stable and fastest steps against the closed forms for bilinear games.
 *
 * Eigenvalues are +-i sigma; s = h sigma; sM, sm the extreme sigma, kappa = sM/sm.  Moduli squared:
 *   simultaneous 1 + s^2;  extragradient 1 - s^2 + s^4;  implicit 1/(1 + s^2);
 *   predictive (1 - h gamma sigma^2)^2 + s^2;  Runge-Kutta 3: 1 - s^4/12 + s^6/36, 4: 1 - s^6/72 + s^8/576;
 *   optimistic (1 + sqrt(1 - 4 s^2))/2 up to s = 1/2, then 2 s^2 + s sqrt(4 s^2 - 1), which is 1 at s = 1/sqrt 3. */
#include <gamedyn/rates.h>

#include "support/at_point.h"
#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

static gd_game *game;

static gd_stepper *stepper_of(const char *method) {
  const test_game kind = rotation_game();
  if (!game) game = create_test_game(&kind, NULL);
  gd_stepper *stepper;
  assert_ok(gd_stepper_create_named(&stepper, game, method));
  return stepper;
}

/* a +- i sigma_k */
static gd_spectrum *pairs(double a, size_t count, const double *sigma) {
  double re[32], im[32];
  for (size_t k = 0; k < 2 * count; k++) {
    re[k] = a;
    im[k] = k % 2 ? -sigma[k / 2] : sigma[k / 2];
  }
  gd_spectrum *spectrum;
  assert_ok(gd_spectrum_from_values(&spectrum, 2 * count, re, im, NULL));
  return spectrum;
}

static gd_spectrum *reals(size_t count, const double *re) {
  const double im[8] = {0};
  gd_spectrum *spectrum;
  assert_ok(gd_spectrum_from_values(&spectrum, count, re, im, NULL));
  return spectrum;
}

/* Largest stable step, fastest step and its rate squared are as expected, the steps to 1e-10; the spectrum is used up.
 */
static void check_within(gd_stepper *stepper, gd_spectrum *spectrum, const double expected[3], double tolerance) {
  double h, rate;
  assert_ok(spectrum_largest_stable_step(stepper, spectrum, &h));
  assert_close(h, expected[0], 1e-10, 0);
  assert_ok(spectrum_fastest_step(stepper, spectrum, &h, &rate));
  assert_close(h, expected[1], 1e-10, 0);
  assert_close(rate * rate, expected[2], 0, tolerance);
  if (isfinite(h)) {
    double again;
    assert_ok(spectrum_rate(stepper, spectrum, h, &again));
    assert_close(again, rate, 1e-15, 0);
  }
  gd_spectrum_destroy(spectrum);
}

static void check_steps(gd_stepper *stepper, gd_spectrum *spectrum, double stable, double fastest,
                        double rate_squared) {
  check_within(stepper, spectrum, (const double[]){stable, fastest, rate_squared}, 1e-12);
}

START_TEST(simultaneous_never_settles_on_a_bilinear_game) {
  const double sigma[] = {2, 0.5, 1e-6};
  gd_stepper *stepper = stepper_of(GD_SIMULTANEOUS);
  check_steps(stepper, pairs(0, 3, sigma), 0, 0, 1);
  double rate;
  gd_spectrum *s = pairs(0, 1, sigma);
  assert_ok(spectrum_rate(stepper, s, 0.25, &rate)); /* s = 1/2 */
  assert_close(rate, sqrt(1.25), 1e-15, 0);
  assert_ok(spectrum_rate(stepper, s, 0, &rate));
  assert_close(rate, 1, 0, 0);
  gd_spectrum_destroy(s);
  gd_stepper_destroy(stepper);
}
END_TEST

/* lambda = -a +- i sigma: stable below 2 a/(a^2 + sM^2), fastest in the middle, rate^2 = sM^2/(a^2 + sM^2), for the
 * largest sigma is the slowest throughout. */
START_TEST(simultaneous_on_a_strongly_monotone_rotation) {
  const double sigma[] = {3, 1, 0.01};
  const double a[] = {0.5, 2, 30};
  gd_stepper *stepper = stepper_of(GD_SIMULTANEOUS);
  for (int k = 0; k < 3; k++) {
    const double size = a[k] * a[k] + 9;
    check_steps(stepper, pairs(-a[k], 3, sigma), 2 * a[k] / size, a[k] / size, 9 / size);
  }
  gd_stepper_destroy(stepper);
}
END_TEST

/* A dip only 5e-7 deep and 2e-6 wide is found.  m^2 = 1 - 2 h a + h^2 (a^2 + 1) with a = 1e-6: the boundary is where
 * rounding of m meets the slope, so 1e-16 / 1e-6 of it are certain, and half of those digits at the bottom. */
START_TEST(finds_a_narrow_stable_interval) {
  const double one = 1, a = 1e-6;
  gd_stepper *stepper = stepper_of(GD_SIMULTANEOUS);
  gd_spectrum *s = pairs(-a, 1, &one);
  double h, rate;
  assert_ok(spectrum_largest_stable_step(stepper, s, &h));
  assert_close(h, 2 * a / (1 + a * a), 1e-3, 0); /* m - 1 = 1e-12 at most: four digits of h survive */
  assert_ok(spectrum_fastest_step(stepper, s, &h, &rate));
  assert_close(h, a / (1 + a * a), 0.05, 0);
  ck_assert_double_lt(rate, 1);
  gd_spectrum_destroy(s);
  gd_stepper_destroy(stepper);
}
END_TEST

/* Gradient descent on a quadratic: 2/L; 2/(l + L) with rate (L - l)/(L + l).  At the crossing of two straight lines. */
START_TEST(simultaneous_on_a_potential) {
  const double lambda[] = {-1, -4, -10};
  gd_stepper *stepper = stepper_of(GD_SIMULTANEOUS);
  check_steps(stepper, reals(3, lambda), 0.2, 2.0 / 11, 81.0 / 121);
  const double wide[] = {-1e-6, -1};
  const double rate = (1 - 1e-6) / (1 + 1e-6);
  check_steps(stepper, reals(2, wide), 2, 2 / (1 + 1e-6), rate * rate);
  gd_stepper_destroy(stepper);
}
END_TEST

/* One sigma: at the double root s = 1/2, where rate^2 = 1/2 + sqrt(1 - 4 s^2)/2 turns an error of one part in 2^53 in
 * s into one of 1e-8. */
START_TEST(optimistic_on_a_rotation) {
  gd_stepper *stepper = stepper_of(GD_OPTIMISTIC);
  for (double sigma = 1e-3; sigma < 2e3; sigma *= 10)
    check_within(stepper, pairs(0, 1, &sigma), (const double[]){1 / (sqrt(3) * sigma), 0.5 / sigma, 0.5}, 3e-8);
  gd_stepper_destroy(stepper);
}
END_TEST

START_TEST(optimistic_on_bilinear_games) {
  const struct {
    double kappa, step, rate;
  } golden[] = {{1.5, .547161960940472508, .917586030407659313},
                {3, .570131045332098416, .98105825289544574},
                {10, .576708053724983459, .998330076804902482}};
  gd_stepper *stepper = stepper_of(GD_OPTIMISTIC);
  for (size_t k = 0; k < sizeof golden / sizeof *golden; k++)
    for (double scale = 1e-3; scale < 2e3; scale *= 1e3) {
      const double sigma[] = {scale, scale / golden[k].kappa, scale / sqrt(golden[k].kappa)};
      check_steps(stepper, pairs(0, 3, sigma), 1 / (sqrt(3) * scale), golden[k].step / scale,
                  golden[k].rate * golden[k].rate);
    }
  gd_stepper_destroy(stepper);
}
END_TEST

/* Stable below 2 gamma/(1 + gamma^2 lM); fastest at gamma/(1 + gamma^2 lm), rate^2 = 1/(1 + gamma^2 lm), if
 * gamma^2 (lM - lm) <= 1; else where the extreme modes cross, 2 gamma/(1 + gamma^2 (lm + lM)). */
START_TEST(predictive_on_bilinear_games) {
  const double cases[][3] = {{1, 1, 0.3}, {2, 0.5, 0.1}, {2, 0.5, 0.4}, {2, 0.5, 1}, {5, 1, 3}, {0.1, 0.02, 1}};
  gd_stepper *stepper = stepper_of(GD_PREDICTIVE);
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    const double sM = cases[k][0], sm = cases[k][1], gamma = cases[k][2], g2 = gamma * gamma;
    const double lM = sM * sM, lm = sm * sm, sigma[] = {sm, sM, sqrt(sm * sM)};
    double fastest = gamma / (1 + g2 * lm), squared = 1 / (1 + g2 * lm);
    if (g2 * (lM - lm) > 1) {
      fastest = 2 * gamma / (1 + g2 * (lm + lM));
      squared = pow(1 - fastest * gamma * lM, 2) + fastest * fastest * lM;
    }
    assert_ok(gd_stepper_set(stepper, "gamma", gamma));
    check_steps(stepper, pairs(0, 3, sigma), 2 * gamma / (1 + g2 * lM), fastest, squared);
  }
  gd_stepper_destroy(stepper);
}
END_TEST

/* Stable below 1/sM; fastest at 1/sqrt(lm + lM), rate^2 = 1 - lm lM/(lm + lM)^2; also with |lambda| over six decades.
 */
START_TEST(extragradient_on_bilinear_games) {
  const double kappas[] = {1, 1.5, 10, 1e3, 1e6};
  gd_stepper *stepper = stepper_of(GD_EXTRAGRADIENT);
  for (size_t k = 0; k < sizeof kappas / sizeof *kappas; k++) {
    const double sigma[] = {7, 7 / kappas[k]}, lM = 49, lm = 49 / (kappas[k] * kappas[k]);
    check_steps(stepper, pairs(0, 2, sigma), 1.0 / 7, 1 / sqrt(lm + lM), 1 - lm * lM / ((lm + lM) * (lm + lM)));
  }
  gd_stepper_destroy(stepper);
}
END_TEST

START_TEST(implicit_is_always_stable) {
  const double sigma[] = {3, 1e-3};
  gd_stepper *stepper = stepper_of(GD_IMPLICIT);
  check_steps(stepper, pairs(0, 2, sigma), INFINITY, INFINITY, 0);
  gd_spectrum *s = pairs(0, 2, sigma);
  double rate;
  assert_ok(spectrum_rate(stepper, s, 1000, &rate)); /* the slower mode: s = 1 */
  assert_close(rate, M_SQRT1_2, 1e-15, 0);
  gd_spectrum_destroy(s);
  gd_stepper_destroy(stepper);
}
END_TEST

START_TEST(runge_kutta_on_rotations) {
  const double sigma[] = {0.2};
  gd_stepper *stepper = stepper_of(GD_RUNGE_KUTTA);
  assert_ok(gd_stepper_set(stepper, "order", 2)); /* 1 + s^4/4 */
  check_steps(stepper, pairs(0, 1, sigma), 0, 0, 1);
  assert_ok(gd_stepper_set(stepper, "order", 3));
  check_steps(stepper, pairs(0, 1, sigma), sqrt(3) / 0.2, M_SQRT2 / 0.2, 8.0 / 9);
  assert_ok(gd_stepper_set(stepper, "order", 4));
  check_steps(stepper, pairs(0, 1, sigma), 2 * M_SQRT2 / 0.2, sqrt(6) / 0.2, 0.25);
  gd_stepper_destroy(stepper);
}
END_TEST

/* One eigenvalue 0 holds every method at rate 1; one in the wrong half plane makes small steps unstable. */
START_TEST(modes_that_do_not_move_or_grow_decide) {
  const double null[] = {-1, 0}, growing[] = {-1, 0.01}, nothing[] = {0, 0};
  const char *methods[] = {GD_SIMULTANEOUS, GD_OPTIMISTIC, GD_PREDICTIVE, GD_EXTRAGRADIENT, GD_RUNGE_KUTTA};
  for (int k = 0; k < 5; k++) {
    gd_stepper *stepper = stepper_of(methods[k]);
    double rate;
    gd_spectrum *s = reals(2, null);
    assert_ok(spectrum_rate(stepper, s, 0.1, &rate));
    assert_close(rate, 1, 0, 0);
    check_steps(stepper, s, 0, 0, 1);
    check_steps(stepper, reals(2, nothing), 0, 0, 1);
    s = reals(2, growing);
    assert_ok(spectrum_largest_stable_step(stepper, s, &rate));
    assert_close(rate, 0, 0, 0);
    gd_spectrum_destroy(s);
    gd_stepper_destroy(stepper);
  }
}
END_TEST

/* ---- a method of one's own: its stability function decides, whatever it is ---- */

typedef struct odd_params {
  double level;
  const double *step_size;
} odd_params;

typedef struct odd_state {
  int unused;
} odd_state;

static gd_status odd_step(gd_stepper *stepper, gd_game *of, double *x) {
  (void)stepper, (void)of, (void)x;
  return GD_OK;
}

/* level < 0: fails; 0: NaN beyond h = 2; 1: a plateau of exactly 1 for h in [1, 2], stable on both sides;
 * 2: |1 - z/2| / |1 + z/2|, the trapezoidal rule for lambda < 0, which falls to 0 and rises to 1 again;
 * 3: a plateau of 1 - 1e-14, 1 to rounding, for h in [1, 2]; 4: up to such a plateau at h = 1, and down again from 2.
 */
static gd_status odd_modulus(const void *params, double re, double im, double *modulus) {
  const odd_params *p = params;
  const double h = p->step_size[0];
  (void)im;
  if (p->level < 0) return GD_ERR_CALLBACK;
  if (p->level == 0) *modulus = h > 2 ? NAN : exp(-h);
  if (p->level == 1) *modulus = h < 1 ? fabs(1 - 2 * h) : h <= 2 ? 1 : 0.5;
  if (p->level == 3) *modulus = h < 1 || h > 2 ? 0.5 : 1 - 1e-14;
  if (p->level == 4) *modulus = 1 - 1e-14 - 0.5 * fmax(0, fmax(1 - h, fmin(h - 2, 1)));
  if (p->level == 2) *modulus = fabs(1 + h * re / 2) / fabs(1 - h * re / 2);
  return GD_OK;
}

START_TEST(takes_any_stability_function) {
  static const gd_param table[] = {GD_PARAM(odd_params, level, GD_KIND_REAL, 0, -1, 9, "which"),
                                   GD_PARAM_STEP_SIZE(odd_params)};
  static const gd_method odd = {GD_METHOD_HEAD(odd, table), .step = odd_step, .mode_modulus = odd_modulus};
  const double lambda[] = {-1};
  const test_game kind = rotation_game();
  gd_game *own = create_test_game(&kind, NULL);
  gd_stepper *stepper;
  assert_ok(gd_stepper_create(&stepper, own, &odd));
  double h, rate;
  check_steps(stepper, reals(1, lambda), 2, 2, exp(-4));
  assert_ok(gd_stepper_set(stepper, "level", 1));
  gd_spectrum *s = reals(1, lambda);
  assert_ok(spectrum_largest_stable_step(stepper, s, &h));
  assert_close(h, 1, 1e-10, 0);
  assert_ok(spectrum_fastest_step(stepper, s, &h, &rate));
  assert_close(h, 0.5, 1e-10, 0);
  assert_close(rate, 0, 0, 1e-15);
  for (int level = 3; level <= 4; level++) { /* a modulus within 3e-14 of 1 is not below 1 */
    assert_ok(gd_stepper_set(stepper, "level", level));
    assert_ok(spectrum_largest_stable_step(stepper, s, &h));
    assert_close(h, 1, 1e-12, 0);
  }
  assert_ok(gd_stepper_set(stepper, "level", 2));
  check_steps(stepper, reals(1, lambda), INFINITY, 2, 0);
  assert_ok(gd_stepper_set(stepper, "level", -1));
  ck_assert_int_eq(spectrum_rate(stepper, s, 1, &rate), GD_ERR_CALLBACK);
  ck_assert_int_eq(spectrum_largest_stable_step(stepper, s, &h), GD_ERR_CALLBACK);
  ck_assert_int_eq(spectrum_fastest_step(stepper, s, &h, &rate), GD_ERR_CALLBACK);
  gd_spectrum_destroy(s);
  gd_stepper_destroy(stepper);
  gd_game_destroy(own);
}
END_TEST

START_TEST(says_what_it_cannot_rate) {
  const double one = 1;
  gd_spectrum *s = pairs(0, 1, &one);
  gd_stepper *stepper = stepper_of(GD_SIMULTANEOUS), *alternating = stepper_of(GD_ALTERNATING);
  double h = 7, rate = 8;
  assert_fails(spectrum_rate(NULL, s, 1, &rate), GD_ERR_ARGUMENT, "stepper is NULL");
  assert_fails(spectrum_rate(stepper, NULL, 1, &rate), GD_ERR_ARGUMENT, "spectrum is NULL");
  assert_fails(spectrum_rate(stepper, s, 1, NULL), GD_ERR_ARGUMENT, "rate is NULL");
  assert_fails(spectrum_rate(stepper, s, -1, &rate), GD_ERR_ARGUMENT, "step_size is -1");
  assert_fails(spectrum_rate(stepper, s, NAN, &rate), GD_ERR_ARGUMENT, "step_size is nan");
  assert_fails(spectrum_largest_stable_step(stepper, s, NULL), GD_ERR_ARGUMENT, "step_size is NULL");
  assert_fails(spectrum_fastest_step(stepper, s, &h, NULL), GD_ERR_ARGUMENT, "output is NULL");
  assert_fails(spectrum_rate(alternating, s, 1, &rate), GD_ERR_UNSUPPORTED,
               "alternating (scaling none) needs more than these");
  assert_ok(gd_stepper_set_scaling(stepper, GD_SCALING_ADAM));
  assert_fails(spectrum_fastest_step(stepper, s, &h, &rate), GD_ERR_UNSUPPORTED, "scaling adam");
  assert_close(h, 7, 0, 0);
  assert_close(rate, 8, 0, 0);
  gd_stepper_destroy(alternating);
  gd_stepper_destroy(stepper);
  gd_spectrum_destroy(s);
}
END_TEST

START_TEST(leaks_nothing_when_memory_runs_out) {
  const double one = 1;
  gd_spectrum *s = pairs(0, 1, &one);
  for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    const test_game kind = rotation_game();
    gd_game *own = create_test_game(&kind, &memory.env);
    gd_stepper *stepper;
    assert_ok(gd_stepper_create_named(&stepper, own, GD_EXTRAGRADIENT));
    const size_t live = memory.live;
    double h = 7, rate = 8;
    memory.calls = 0;
    memory.fail_at = fail_at;
    assert_fails(spectrum_rate(stepper, s, 1, &rate), GD_ERR_MEMORY, "out of memory");
    memory.calls = 0;
    assert_fails(spectrum_largest_stable_step(stepper, s, &h), GD_ERR_MEMORY, "out of memory");
    memory.calls = 0;
    assert_fails(spectrum_fastest_step(stepper, s, &h, &rate), GD_ERR_MEMORY, "out of memory");
    ck_assert_uint_eq(memory.live, live);
    assert_close(h, 7, 0, 0);
    gd_stepper_destroy(stepper);
    gd_game_destroy(own);
    ck_assert_uint_eq(memory.live, 0);
  }
  gd_spectrum_destroy(s);
}
END_TEST

TEST_SUITE("rates", simultaneous_never_settles_on_a_bilinear_game, simultaneous_on_a_strongly_monotone_rotation,
           finds_a_narrow_stable_interval, simultaneous_on_a_potential, optimistic_on_a_rotation,
           optimistic_on_bilinear_games, predictive_on_bilinear_games, extragradient_on_bilinear_games,
           implicit_is_always_stable, runge_kutta_on_rotations, modes_that_do_not_move_or_grow_decide,
           takes_any_stability_function, says_what_it_cannot_rate, leaks_nothing_when_memory_runs_out)
