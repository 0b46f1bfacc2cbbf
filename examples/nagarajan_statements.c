/* SPDX-License-Identifier: BSD-3-Clause */
/* nagarajan_statements.c -- Proposition 3.1 of "Gradient descent GAN optimization is locally stable".
 *
 * Nagarajan & Kolter 2017: V = E f(D(x)) + E f(-D(G(z))) can be concave in the discriminator and in the generator too,
 * for discriminators as close to the equilibrium as one likes.  The paper's example is linear: D(y) = s y + t and G(z)
 * = a z + b, with f logistic.  Its second derivatives are, with f'' < 0,
 *
 *     V_DD = E f''(D(x)) (x, 1)(x, 1)' + E f''(-D(G(z))) (G, 1)(G, 1)',    V_GG = s^2 E f''(-D(G(z))) (z, 1)(z, 1)'.
 *
 * The model is the planar GAN, D(y) = w y^2 and G(z) = a z: V is concave in a for w > 0 and convex in it for small w <
 * 0. */
#include <gamedyn/gamedyn.h>
#include <math.h>

#include "support/die.h"
#include "support/planar.h"
#include "support/statement.h"

enum { SAMPLES = 32 };

/* f'' of f(t) = -log(1 + exp(-t)) */
static double bend(double t) { return -1.0 / ((1.0 + exp(t)) * (1.0 + exp(-t))); }

/* A symmetric matrix [2 by 2]. */
typedef struct form {
  double xx, x1, one;
} form;

static void form_add(form *sum, double weight, double x) {
  sum->xx += weight * x * x / SAMPLES;
  sum->x1 += weight * x / SAMPLES;
  sum->one += weight / SAMPLES;
}

static double form_largest(const form *it) {
  return 0.5 * (it->xx + it->one) + hypot(0.5 * (it->xx - it->one), it->x1);
}

/* x and z are uniform on SAMPLES midpoints of [-1, 1]. */
static double linear_gan(gd_rng *rng) {
  const double s = statement_uniform(rng, -2.0, 2.0), t = statement_uniform(rng, -2.0, 2.0);
  const double a = statement_uniform(rng, -2.0, 2.0), b = statement_uniform(rng, -2.0, 2.0);
  form discriminator = {0}, generator = {0};
  for (size_t k = 0; k < SAMPLES; k++) {
    const double x = (2.0 * (double)k + 1.0) / SAMPLES - 1.0, G = a * x + b;
    form_add(&discriminator, bend(s * x + t), x);
    form_add(&discriminator, bend(-s * G - t), G);
    form_add(&generator, bend(-s * G - t), x);
  }
  return fmax(form_largest(&discriminator), form_largest(&generator)); /* the latter over s^2 */
}

/* |w| over four decades down to 1e-4, where the equilibrium is.  The generator descends V, so that J has -V_aa. */
static double planar_gan(gd_rng *rng, double sign) {
  const double w = sign * pow(10.0, statement_uniform(rng, -4.0, 0.0)), x[2] = {w, statement_uniform(rng, 0.5, 1.5)};
  double J[4];
  gd_game *game = planar_game(GD_GAN_LOGISTIC, 0.0);
  must(gd_game_jacobian(game, x, J, 2));
  gd_game_destroy(game);
  return fmax(J[0], -J[3] / fabs(w));
}

static double proposition31(gd_rng *rng, statement_case which) {
  return which == STATEMENT_RANDOM ? linear_gan(rng) : planar_gan(rng, which == STATEMENT_OUTSIDE ? -1.0 : 1.0);
}

static const statement list[] = {
    {"Proposition 3.1",
     "the objective of a GAN can be concave in both players, also close to the equilibrium.",
     "largest curvature of V along a player's own variables, the generator's over s^2 or |w|",
     0.0,
     {"the linear GAN, s, t, a, b from -2 to 2", "the planar GAN, w from 1e-4 to 1",
      "the planar GAN, w from -1 to -1e-4"},
     proposition31}};

int main(int argc, char **argv) {
  return statements_run(
      "Proposition 3.1 of Nagarajan & Kolter 2017: a GAN's objective that is concave in both players.",
      "all|proposition3.1", list, sizeof list / sizeof *list, argc, argv);
}
