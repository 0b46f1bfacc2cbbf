/* SPDX-License-Identifier: BSD-3-Clause */
/* look.c -- a program of a user's: a ready-made game, its kind, its spectrum, the rates of a method.
 *
 * U = theta^2/2 - omega^2/2 + theta omega at 0: J = [[-1, -1], [1, -1]] with eigenvalues -1 +- i and singular values
 * sqrt 2.  Simultaneous ascent is stable below 2 / 2 = 1, and fastest at h = 1/2 with rate sqrt(1/2). */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdio.h>

static int passed, failed;

static void expect(int holds, const char *what) {
  if (!holds) printf("wrong: %s\n", what);
  if (holds)
    passed++;
  else
    failed++;
}

static void look_at_spectrum(gd_game *game, const double *x) {
  double values[2];
  gd_operator *J = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_IMAGINARY, options.count = 2, options.vectors = true;
  expect(gd_operator_jacobian(&J, game, x) == GD_OK, "J is an operator");
  expect(gd_spectrum_compute(&spectrum, J, &options) == GD_OK, "it has a spectrum");
  expect(gd_spectrum_count(spectrum) == 2, "of two eigenvalues");
  expect(fabs(gd_spectrum_real(spectrum)[0] + 1) < 1e-14 && fabs(gd_spectrum_imaginary(spectrum)[0] - 1) < 1e-14,
         "the first of which is -1 + i");
  expect(gd_singular_values(J, NULL, values, NULL) == GD_OK && fabs(values[0] - sqrt(2)) < 1e-14, "sqrt 2");
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(J);
}

static void look_at_kind(gd_linearisation *at) {
  gd_classification kind;
  gd_classify_options options;
  gd_classify_options_init(&options);
  expect(gd_classify(at, &options, &kind) == GD_OK, "the point is classified");
  expect(kind.kind == GD_POINT_STABLE_NASH && kind.nash == GD_HOLDS_STRICTLY && kind.hurwitz, "a stable Nash point");
  expect(fabs(kind.spectral_abscissa + 1) < 1e-14 && fabs(kind.own_curvature + 1) < 1e-14, "with curvature -1");
}

static void look_at_rates(gd_game *game, gd_linearisation *at) {
  double largest = 0, fastest = 0, rate = 0;
  gd_stepper *stepper = NULL;
  expect(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS) == GD_OK, "a stepper is made by name");
  expect(gd_largest_stable_step(stepper, at, &largest) == GD_OK && fabs(largest - 1) < 1e-6, "it is stable below 1");
  expect(gd_fastest_step(stepper, at, &fastest, &rate) == GD_OK && fabs(fastest - 0.5) < 1e-4, "fastest at 1/2");
  expect(fabs(rate - sqrt(0.5)) < 1e-6, "with rate sqrt(1/2)");
  gd_stepper_destroy(stepper);
}

int main(void) {
  const double one[] = {1}, x[] = {0, 0};
  gd_game *game = NULL;
  gd_linearisation *at = NULL;
  expect(gd_model_quadratic(&game, 1, 1, one, 1, one, 1, one, 1, NULL) == GD_OK, "the game is made");
  expect(gd_linearise(&at, game, x, NULL) == GD_OK, "the origin is linearised");
  if (at) {
    look_at_spectrum(game, x);
    look_at_kind(at);
    look_at_rates(game, at);
  }
  gd_linearisation_destroy(at);
  gd_game_destroy(game);
  printf("%d passed, %d failed\n", passed, failed);
  return failed > 0;
}
