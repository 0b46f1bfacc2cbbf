/* SPDX-License-Identifier: BSD-3-Clause */
/* planar.c -- Nagarajan & Kolter 2017, Figure 3: the games and what is known of them in closed form. */
#include "support/planar.h"

#include <gamedyn/derive.h>
#include <gamedyn/stability.h>
#include <math.h>

#include "support/die.h"

const double planar_equilibrium[2] = {0.0, 1.0};

gd_game *planar_game(gd_gan_loss loss, double eta) {
  enum { DISCRIMINATOR, GENERATOR };
  gd_game *plain = NULL, *regularised = NULL;
  must(gd_model_nk_planar(&plain, loss, NULL));
  must_for("--eta", gd_derive_gradient_penalty(&regularised, plain, GENERATOR, DISCRIMINATOR, eta));
  gd_game_destroy(plain);
  return regularised;
}

/* K_DD = E y^4 = 1/5 and K_DG = 2 E z^2 = 2/3 for y and z uniform on [-1, 1]; f' and f'' are those of the loss at 0. */
double planar_abscissa(gd_gan_loss loss, double eta) {
  const double f1 = loss == GD_GAN_WASSERSTEIN ? 1.0 : 0.5, f2 = loss == GD_GAN_WASSERSTEIN ? 0.0 : -0.25;
  const double P = f1 * 2.0 / 3.0, Q = -2.0 * f2 / 5.0 + 2.0 * eta * P * P;
  gd_rate_bounds bounds = {.non_real = 0.0};
  if (Q > 0) must(gd_saddle_rate_bounds(Q, Q, P * P, &bounds));
  return bounds.non_real;
}

double planar_energy(const double *x) { return x[0] * x[0] + 0.5 * x[1] * x[1] - log(fabs(x[1])); }
