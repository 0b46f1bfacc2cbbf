/* SPDX-License-Identifier: BSD-3-Clause */
/* bilinear.c -- each method's step on U = theta' C omega, singular value by singular value: its 2 by 2 block and its
 * spectral radius in closed form.  s = h sigma; v = (-C omega, C' theta). */
#include "laws/every.h"
#include "support/linear_game.h"

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>

typedef struct step {
  double h, sigma, gamma;
} step;

typedef struct closed_form {
  const char *method, *param; /* a parameter to set, or NULL */
  double value;
  double (*squared_radius)(const step *at);
  void (*block)(const step *at, double block[4]); /* [1 1; 2 1; 1 2; 2 2], NULL: the method has memory */
} closed_form;

static double times(const step *at) { return at->h * at->sigma; }

static double simultaneous_radius(const step *at) { return 1 + times(at) * times(at); }

static void simultaneous_block(const step *at, double b[4]) {
  memcpy(b, (double[]){1, times(at), -times(at), 1}, 4 * sizeof *b);
}

/* l^2 - (2 - s^2) l + 1: on the unit circle up to s = 2 */
static double alternating_radius(const step *at) {
  const double half = times(at) * times(at) / 2;
  if (half <= 2) return 1;
  return pow(half - 1 + sqrt((1 - half) * (1 - half) - 1), 2);
}

static void alternating_block(const step *at, double b[4]) {
  const double s = times(at);
  memcpy(b, (double[]){1, s, -s, 1 - s * s}, 4 * sizeof *b);
}

static double optimistic_radius(const step *at) {
  const double s = times(at);
  return s <= 0.5 ? (1 + sqrt(1 - 4 * s * s)) / 2 : 2 * s * s + s * sqrt(4 * s * s - 1);
}

/* predictive and consensus: [1 - h gamma sigma^2, -s; s, 1 - h gamma sigma^2] */
static void predictive_block(const step *at, double b[4]) {
  const double s = times(at), diagonal = 1 - s * at->gamma * at->sigma;
  memcpy(b, (double[]){diagonal, s, -s, diagonal}, 4 * sizeof *b);
}

static double predictive_radius(const step *at) {
  const double pull = at->h * at->gamma * at->sigma * at->sigma;
  return 1 - 2 * pull + pull * pull + times(at) * times(at);
}

static void extragradient_block(const step *at, double b[4]) { predictive_block(&(step){at->h, at->sigma, at->h}, b); }

static double extragradient_radius(const step *at) {
  const double square = times(at) * times(at);
  return 1 - square + square * square;
}

static void implicit_block(const step *at, double b[4]) {
  const double s = times(at), d = 1 + s * s;
  memcpy(b, (double[]){1 / d, s / d, -s / d, 1 / d}, 4 * sizeof *b);
}

static double implicit_radius(const step *at) { return 1 / (1 + times(at) * times(at)); }

/* 1 + i s - s^2/2 - i s^3/6 + s^4/24, cut at the order: real part on the diagonal */
static void taylor_block(const step *at, int order, double b[4]) {
  const double s = times(at), re = 1 - s * s / 2 + (order >= 4 ? pow(s, 4) / 24 : 0),
               im = s - (order >= 3 ? pow(s, 3) / 6 : 0);
  memcpy(b, (double[]){re, im, -im, re}, 4 * sizeof *b);
}

static void order_2_block(const step *at, double b[4]) { taylor_block(at, 2, b); }

static void order_3_block(const step *at, double b[4]) { taylor_block(at, 3, b); }

static void order_4_block(const step *at, double b[4]) { taylor_block(at, 4, b); }

static double order_2_radius(const step *at) { return 1 + pow(times(at), 4) / 4; }

static double order_3_radius(const step *at) { return 1 - pow(times(at), 4) / 12 + pow(times(at), 6) / 36; }

static double order_4_radius(const step *at) { return 1 - pow(times(at), 6) / 72 + pow(times(at), 8) / 576; }

static const closed_form forms[] = {
    {GD_SIMULTANEOUS, NULL, 0, simultaneous_radius, simultaneous_block},
    {GD_ALTERNATING, NULL, 0, alternating_radius, alternating_block},
    {GD_OPTIMISTIC, NULL, 0, optimistic_radius, NULL},
    {GD_PREDICTIVE, "gamma", 0.75, predictive_radius, predictive_block},
    {GD_CONSENSUS, "gamma", 0.75, predictive_radius, predictive_block},
    {GD_EXTRAGRADIENT, NULL, 0, extragradient_radius, extragradient_block},
    {GD_IMPLICIT, NULL, 0, implicit_radius, implicit_block},
    {GD_RUNGE_KUTTA, "order", 2, order_2_radius, order_2_block},
    {GD_RUNGE_KUTTA, "order", 3, order_3_radius, order_3_block},
    {GD_RUNGE_KUTTA, "order", 4, order_4_radius, order_4_block},
};
enum { FORMS = sizeof forms / sizeof *forms };

/* Away from the double roots of optimistic (s = 1/2) and alternating (s = 2). */
static const double sizes[] = {0.01, 0.1, 0.3, 0.45, 0.55, 0.7, 1, 1.25, 1.9, 2.2, 2.9};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* The derivative of the form's step on v = J x, J [n by n], two players of n/2 variables. */
static gd_operator *map_of(const closed_form *form, linear_game *data, double h, gd_stepper **stepper) {
  gd_game *game = create_linear_game(data, GD_ZERO_SUM, NULL);
  const double origin[EVERY_N] = {0};
  gd_operator *op = NULL;
  assert_ok(gd_stepper_create_named(stepper, game, form->method));
  assert_ok(gd_stepper_set(*stepper, GD_STEP_SIZE, h));
  if (form->param) assert_ok(gd_stepper_set(*stepper, form->param, form->value));
  assert_ok(gd_stepper_map(&op, *stepper, origin));
  return op;
}

static void discard(gd_operator *op, gd_stepper *stepper) {
  gd_game *game = gd_stepper_game(stepper);
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
}

static double radius_of(gd_operator *op) {
  gd_spectrum *spectrum = NULL;
  assert_ok(gd_spectrum_compute(&spectrum, op, NULL));
  const double radius = gd_spectrum_radius(spectrum);
  gd_spectrum_destroy(spectrum);
  return radius;
}

START_TEST(each_block_is_the_closed_form) {
  for (size_t f = 0; f < FORMS; f++)
    for (size_t k = 0; k < SIZES; k++) {
      const double sigma = 0.5 + (double)(k % 3), J[4] = {0, sigma, -sigma, 0};
      const step at = {sizes[k] / sigma, sigma, forms[f].value};
      linear_game data = {{1, 1}, 2, J};
      gd_stepper *stepper = NULL;
      gd_operator *op = map_of(&forms[f], &data, at.h, &stepper);
      double M[16], expected[4];
      if (forms[f].block) {
        assert_ok(gd_operator_assemble(op, M, 2));
        forms[f].block(&at, expected);
        for (int i = 0; i < 4; i++) assert_close(M[i], expected[i], 1e-13, 1e-13);
      }
      assert_close(radius_of(op), sqrt(forms[f].squared_radius(&at)), 1e-10, 0);
      discard(op, stepper);
    }
}
END_TEST

/* z = (x, previous gradient): [I + 2 h J, -h I; J, 0]. */
START_TEST(the_optimistic_step_is_the_closed_form) {
  const double J[4] = {0, 3, -3, 0}, h = 0.125;
  linear_game data = {{1, 1}, 2, J};
  gd_stepper *stepper = NULL;
  gd_operator *op = map_of(&forms[2], &data, h, &stepper);
  double M[16];
  assert_ok(gd_operator_assemble(op, M, 4));
  for (int j = 0; j < 2; j++)
    for (int i = 0; i < 2; i++) {
      assert_close(M[i + 4 * j], (i == j) + 2 * h * J[i + 2 * j], 0, 1e-15);
      assert_close(M[2 + i + 4 * j], J[i + 2 * j], 0, 1e-15);
      assert_close(M[i + 4 * (2 + j)], i == j ? -h : 0, 0, 1e-15);
      assert_close(M[2 + i + 4 * (2 + j)], 0, 0, 0);
    }
  discard(op, stepper);
}
END_TEST

/* On any C the radius is the largest over its singular values. */
START_TEST(the_spectral_radius_is_that_of_the_worst_singular_value) {
  const double sigmas[3] = {0.4, 1.1, 2.3};
  double U[9], V[9], C[9], J[36];
  gd_rng rng = gd_rng_make(1, 2);
  random_orthogonal(&rng, 3, U);
  random_orthogonal(&rng, 3, V);
  compose(3, 3, U, sigmas, V, C);
  zero_sum_jacobian(3, 3, NULL, NULL, C, J);
  for (size_t f = 0; f < FORMS; f++)
    for (size_t k = 0; k < SIZES; k++) {
      const double h = sizes[k] / 2;
      double worst = 0;
      linear_game data = {{3, 3}, 6, J};
      gd_stepper *stepper = NULL;
      gd_operator *op = map_of(&forms[f], &data, h, &stepper);
      for (int i = 0; i < 3; i++) worst = fmax(worst, forms[f].squared_radius(&(step){h, sigmas[i], forms[f].value}));
      assert_close(radius_of(op), sqrt(worst), 1e-10, 0);
      discard(op, stepper);
    }
}
END_TEST

START_TEST(stability_functions_are_the_closed_forms) {
  for (size_t f = 0; f < FORMS; f++)
    for (size_t k = 0; k < SIZES; k++) {
      const double J[4] = {0, 1, -1, 0};
      const step at = {sizes[k] / 1.5, 1.5, forms[f].value};
      linear_game data = {{1, 1}, 2, J};
      gd_stepper *stepper = NULL;
      gd_operator *op = map_of(&forms[f], &data, at.h, &stepper);
      const gd_method *method = gd_stepper_method(stepper);
      double up, down;
      if (method->mode_modulus) {
        assert_ok(method->mode_modulus(gd_stepper_params(stepper), 0, at.sigma, &up));
        assert_ok(method->mode_modulus(gd_stepper_params(stepper), 0, -at.sigma, &down));
        assert_close(up, sqrt(forms[f].squared_radius(&at)), 1e-13, 0);
        assert_close(down, up, 1e-15, 0);
      }
      discard(op, stepper);
    }
}
END_TEST

static void random_bilinear(uint64_t seed, double C[25], double J[100]) {
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_uniform(&rng, 25, C);
  zero_sum_jacobian(5, 5, NULL, NULL, C, J);
}

/* |theta|^2 + |omega|^2 - h theta' C omega */
static double invariant(double h, const double C[25], const double x[10]) {
  double sum = 0;
  for (int j = 0; j < 5; j++) {
    sum += x[j] * x[j] + x[5 + j] * x[5 + j];
    for (int i = 0; i < 5; i++) sum -= h * x[i] * C[i + 5 * j] * x[5 + j];
  }
  return sum;
}

START_TEST(alternating_keeps_its_invariant) {
  double C[25], J[100], x[10];
  random_bilinear(5, C, J);
  linear_game data = {{5, 5}, 10, J};
  gd_stepper *stepper = NULL;
  gd_operator *op = map_of(&forms[1], &data, 0.25, &stepper);
  gd_rng rng = gd_rng_make(6, 0);
  gd_rng_fill_normal(&rng, 10, x);
  const double start = invariant(0.25, C, x);
  for (int t = 0; t < 1000; t++) assert_ok(gd_stepper_step(stepper, x));
  assert_close(invariant(0.25, C, x), start, 1e-12, 0);
  discard(op, stepper);
}
END_TEST

START_TEST(consensus_and_predictive_agree_on_bilinear_games) {
  double C[25], J[100], x[10], y[10];
  random_bilinear(8, C, J);
  linear_game data = {{5, 5}, 10, J};
  gd_stepper *one = NULL, *other = NULL;
  gd_operator *op = map_of(&forms[3], &data, 0.0625, &one), *other_op = map_of(&forms[4], &data, 0.0625, &other);
  gd_rng rng = gd_rng_make(9, 0);
  gd_rng_fill_normal(&rng, 10, x);
  memcpy(y, x, sizeof x);
  for (int t = 0; t < 100; t++) {
    assert_ok(gd_stepper_step(one, x));
    assert_ok(gd_stepper_step(other, y));
    for (int k = 0; k < 10; k++) assert_close(x[k], y[k], 1e-12, 1e-13);
  }
  discard(op, one);
  discard(other_op, other);
}
END_TEST

TEST_SUITE("bilinear", each_block_is_the_closed_form, the_optimistic_step_is_the_closed_form,
           the_spectral_radius_is_that_of_the_worst_singular_value, stability_functions_are_the_closed_forms,
           alternating_keeps_its_invariant, consensus_and_predictive_agree_on_bilinear_games)
