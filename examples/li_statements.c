/* SPDX-License-Identifier: BSD-3-Clause */
/* li_statements.c -- the lemmas on the optimal dynamics of the GMM-GAN that have no program of their own.
 *
 * Li, Madry, Peebles & Schmidt 2018, Lemmas 4.1 to 4.5: f is total variation between the generator's means
 * mu and the target's, and mu' = mu - eta grad f(mu).  The paper leaves the constants of Lemmas 4.2 to 4.5 open; those
 * chosen here are printed.  The random instances have random targets; the model is the paper's target, -1/2 and 1/2. */
#include <gamedyn/gamedyn.h>
#include <math.h>

#include "support/die.h"
#include "support/statement.h"

enum { MEANS = 2, SAMPLES = 200 };
static const double BOX = 2.0, APART = 0.5, NEAR = 0.005; /* C, gamma and delta = gamma / 100 */
static const double OPTIMUM = 0.05;                       /* Opt(delta) of Lemma 4.3, which the way must avoid */

static double look(const double *target, const double *mu, double *gradient) {
  const gd_mixture mixture = {.struct_size = sizeof mixture, .count = MEANS, .means = target};
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  gan.target = &mixture;
  double f = NAN;
  must(gd_gmm_gan_distance(&gan, mu, &f, gradient));
  return f;
}

static double turn_of(const double *target, const double *mu, double step) {
  const gd_mixture mixture = {.struct_size = sizeof mixture, .count = MEANS, .means = target};
  gd_gmm_gan gan;
  gd_gmm_gan_init(&gan);
  gan.target = &mixture;
  double c = NAN;
  must(gd_gmm_gan_gradient_change(&gan, mu, step, SAMPLES, &c));
  return c;
}

/* Two means in B(C), more than `apart` from each other. */
static void draw_apart(gd_rng *rng, double C, double apart, double *means) {
  do {
    for (size_t k = 0; k < MEANS; k++) means[k] = statement_uniform(rng, -C, C);
  } while (!gd_gmm_gan_in_sep(MEANS, means, apart));
}

static void draw_target(gd_rng *rng, statement_case which, double *target) {
  target[0] = -0.5;
  target[1] = 0.5;
  if (which != STATEMENT_MODEL) draw_apart(rng, BOX, APART, target);
}

static void step_from(const double *target, const double *mu, double eta, double *moved) {
  double gradient[MEANS];
  look(target, mu, gradient);
  for (size_t k = 0; k < MEANS; k++) moved[k] = mu[k] - eta * gradient[k];
}

/* (f(mu') - f(mu)) / (eta |grad f|^2) + 1 - c.  Outside, c >= 1 is taken for 0.9. */
static double lemma41(gd_rng *rng, statement_case which) {
  double target[MEANS], mu[MEANS], gradient[MEANS], moved[MEANS], c, eta;
  do {
    draw_target(rng, which, target);
    draw_apart(rng, BOX, 0.0, mu);
    eta = which == STATEMENT_OUTSIDE ? statement_uniform(rng, 10.0, 40.0) : statement_uniform(rng, 0.01, 1.0);
    c = turn_of(target, mu, eta);
  } while (which == STATEMENT_OUTSIDE ? c < 1.0 : c >= 1.0);
  const double f = look(target, mu, gradient), square = gradient[0] * gradient[0] + gradient[1] * gradient[1];
  for (size_t k = 0; k < MEANS; k++) moved[k] = mu[k] - eta * gradient[k];
  return (look(target, moved, NULL) - f) / (eta * square) + 1.0 - (which == STATEMENT_OUTSIDE ? 0.9 : c);
}

/* K / |grad f|, K = delta exp(-C^2) / C.  Outside, both means are halfway between the target's, where symmetry makes
 * the gradient 0. */
static double lemma42(gd_rng *rng, statement_case which) {
  double target[MEANS], mu[MEANS], gradient[MEANS];
  do {
    draw_target(rng, which, target);
    draw_apart(rng, BOX, OPTIMUM, mu);
  } while (gd_gmm_gan_in_rect(MEANS, mu, target, 0.0));
  if (which == STATEMENT_OUTSIDE) mu[0] = mu[1] = 0.5 * (target[0] + target[1]);
  look(target, mu, gradient);
  return OPTIMUM * exp(-BOX * BOX) / BOX / hypot(gradient[0], gradient[1]);
}

/* |grad f(mu') - grad f(mu)| / |grad f(mu)| over a move of size delta exp(-C^2) / C; outside, of size 2. */
static double lemma43(gd_rng *rng, statement_case which) {
  const double size = which == STATEMENT_OUTSIDE ? 2.0 : OPTIMUM * exp(-BOX * BOX) / BOX;
  double target[MEANS], mu[MEANS], moved[MEANS], before[MEANS], after[MEANS];
  bool within;
  do {
    draw_target(rng, which, target);
    draw_apart(rng, BOX, OPTIMUM, mu);
    const double angle = statement_uniform(rng, 0.0, 2.0 * acos(-1.0));
    moved[0] = mu[0] + size * cos(angle);
    moved[1] = mu[1] + size * sin(angle);
    within = gd_gmm_gan_in_box(MEANS, moved, BOX) && gd_gmm_gan_in_sep(MEANS, moved, OPTIMUM) &&
             !gd_gmm_gan_in_opt(MEANS, mu, target, OPTIMUM + size);
  } while (!within);
  look(target, mu, before);
  look(target, moved, after);
  return hypot(after[0] - before[0], after[1] - before[1]) / hypot(before[0], before[1]);
}

/* 1 - |mu'_1 - mu'_2| / delta, from means hardly more than delta apart.  Outside, delta = 1 exceeds the target's gap of
 * 1/2, so that means around the target must come closer. */
static double lemma44(gd_rng *rng, statement_case which) {
  const double delta = which == STATEMENT_OUTSIDE ? 1.0 : NEAR;
  double target[MEANS], mu[MEANS], moved[MEANS];
  draw_target(rng, which, target);
  mu[0] = statement_uniform(rng, -BOX, BOX);
  if (which == STATEMENT_OUTSIDE) {
    target[0] = mu[0] + statement_uniform(rng, 0.0, 0.5);
    target[1] = target[0] + 0.5;
  }
  mu[1] = mu[0] + delta * statement_uniform(rng, 1.0 + 1e-9, 1.0 + 1e-4);
  step_from(target, mu, delta / BOX, moved);
  return 1.0 - fabs(moved[1] - moved[0]) / delta;
}

/* max |mu'_i| / (2 C) - 1, from a mean near the edge of B(2 C).  Outside, the target lies beyond. */
static double lemma45(gd_rng *rng, statement_case which) {
  double target[MEANS], mu[MEANS], moved[MEANS];
  draw_target(rng, which, target);
  for (size_t k = 0; which == STATEMENT_OUTSIDE && k < MEANS; k++)
    target[k] = 3.0 * BOX + statement_uniform(rng, 0.0, 1.0);
  mu[0] = 2.0 * BOX * (1.0 - 1e-7 * statement_uniform(rng, 0.0, 1.0));
  mu[1] = statement_uniform(rng, -2.0 * BOX, 2.0 * BOX);
  step_from(target, mu, 0.1, moved);
  return fmax(fabs(moved[0]), fabs(moved[1])) / (2.0 * BOX) - 1.0;
}

static const statement list[] = {
    {"Lemma 4.1",
     "if grad f turns by at most c < 1 of itself on the way, f falls by eta (1 - c) |grad f|^2.",
     "(f(mu') - f(mu)) / (eta |grad f|^2) + 1 - c",
     1e-9,
     {"means in B(2), eta from 0.01 to 1, with c < 1", "the same for the paper's target",
      "eta from 10 to 40, with c >= 1 taken for 0.9"},
     lemma41},
    {"Lemma 4.2",
     "off Rect(0), with means apart and bounded, grad f is not small.",
     "K / |grad f(mu)|, K = delta exp(-C^2) / C",
     1.0,
     {"C = 2, gamma = 0.5, delta = 0.05", "the same for the paper's target",
      "equal means halfway between the target's"},
     lemma42},
    {"Lemma 4.3",
     "over short moves off Opt(delta), grad f changes by at most half of itself.",
     "|grad f(mu') - grad f(mu)| / |grad f(mu)|",
     0.5,
     {"C = 2, delta = 0.05, moves of delta exp(-C^2) / C", "the same for the paper's target", "moves of 2"},
     lemma43},
    {"Lemma 4.4",
     "small steps keep the generator's means more than delta apart.",
     "1 - |mu'_1 - mu'_2| / delta",
     0.0,
     {"gamma = 0.5, delta = 0.005, eta = delta / 2, mu hardly in Sep(delta)", "the same for the paper's target",
      "delta = 1, more than the target's gap of 0.5"},
     lemma44},
    {"Lemma 4.5",
     "small steps keep the generator's means in B(2 C).",
     "max |mu'_i| / (2 C) - 1",
     0.0,
     {"C = 2, eta = 0.1, one mean on the edge of B(2 C)", "the same for the paper's target", "a target beyond B(2 C)"},
     lemma45}};

int main(int argc, char **argv) {
  return statements_run(
      "Lemmas 4.1 to 4.5 of Li, Madry, Peebles & Schmidt 2018 on the optimal dynamics of the GMM-GAN,\n"
      "within their hypotheses and outside.",
      "all|lemma4.1|lemma4.2|lemma4.3|lemma4.4|lemma4.5", list, sizeof list / sizeof *list, argc, argv);
}
