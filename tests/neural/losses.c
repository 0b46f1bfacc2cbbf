/* SPDX-License-Identifier: BSD-3-Clause */
/* losses.c -- utilities of GANs against their published formulas, and the bounds of f-divergences against the
 * divergences. */
#include "support/suite.h"

#include <gamedyn/neural.h>
#include <gamedyn/rng.h>

enum { FAMILIES = GD_FAMILY_F_TOTAL_VARIATION + 1, REAL = 5, FAKE = 3 };

static double softplus(double t) { return log(1 + exp(t)); }

static double square(double t) { return t * t; }

/* The losses as papers print them, for outputs r, f: of the discriminator at data, at what is generated, and of the
 * generator; zero-sum ones have no loss of the generator's. */
static void printed_losses(gd_gan_family family, double r, double f, double losses[3]) {
  const double ln2 = log(2), zero_sum = NAN;
#define LOSSES(at_real, at_fake, generator) losses[0] = (at_real), losses[1] = (at_fake), losses[2] = (generator)
  switch (family) {
  case GD_FAMILY_STANDARD: /* -log D(x) - log(1 - D(G(z))), D = sigmoid(r) */
  case GD_FAMILY_F_GAN:
    LOSSES(-log(1 / (1 + exp(-r))), -log(1 - 1 / (1 + exp(-f))), zero_sum);
    break;
  case GD_FAMILY_NON_SATURATING:
    LOSSES(softplus(-r), softplus(f), -log(1 / (1 + exp(-f))));
    break;
  case GD_FAMILY_JS:
    LOSSES(softplus(-r), softplus(f), log(1 - 1 / (1 + exp(-f))));
    break;
  case GD_FAMILY_KL:
    LOSSES(softplus(-r), softplus(f), -f);
    break;
  case GD_FAMILY_WASSERSTEIN:
    LOSSES(-r, f, zero_sum);
    break;
  case GD_FAMILY_LEAST_SQUARES:
    LOSSES(square(r - 1) / 2, square(f) / 2, square(f - 1) / 2);
    break;
  case GD_FAMILY_HINGE:
    LOSSES(fmax(0, 1 - r), fmax(0, 1 + f), -f);
    break;
  case GD_FAMILY_F_KL: /* f*(t) = e^(t-1) */
    LOSSES(-r, exp(f - 1), zero_sum);
    break;
  case GD_FAMILY_F_REVERSE_KL: /* f*(t) = -1 - log(-t), t = -e^-v */
    LOSSES(exp(-r), -1 - log(exp(-f)), zero_sum);
    break;
  case GD_FAMILY_F_PEARSON: /* f*(t) = t^2/4 + t */
    LOSSES(-r, square(f) / 4 + f, zero_sum);
    break;
  case GD_FAMILY_F_HELLINGER: /* f*(t) = t / (1 - t), t = 1 - e^-v */
    LOSSES(exp(-r) - 1, (1 - exp(-f)) / exp(-f), zero_sum);
    break;
  case GD_FAMILY_F_JENSEN_SHANNON: /* f*(t) = -log(2 - e^t), t = log 2 - log(1 + e^-v) */
    LOSSES(softplus(-r) - ln2, -log(2 - exp(ln2 - softplus(-f))), zero_sum);
    break;
  default: /* total variation: f*(t) = t, t = tanh(v) / 2 */
    LOSSES(-tanh(r) / 2, tanh(f) / 2, zero_sum);
  }
#undef LOSSES
}

/* Utilities as a function of the outputs, which are parameters. */
static gd_function *create_utilities(gd_gan_family family, size_t real, size_t fake) {
  gd_graph *graph = NULL;
  gd_node utilities[2];
  gd_function *function = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  const gd_node r = gd_graph_parameter(graph, "real", 0, 1, real), f = gd_graph_parameter(graph, "fake", 0, 1, fake);
  assert_ok(gd_gan_utilities(r, f, family, utilities));
  assert_ok(gd_function_create(&function, graph, 2, utilities));
  gd_graph_destroy(graph);
  return function;
}

START_TEST(utilities_are_the_printed_losses_with_the_opposite_sign) {
  gd_rng rng = gd_rng_make(5, 0);
  for (int family = 0; family < FAMILIES; family++) {
    gd_function *function = create_utilities((gd_gan_family)family, REAL, FAKE);
    double outputs[REAL + FAKE], u[2], losses[3], discriminator = 0, generator = 0;
    gd_rng_fill_normal(&rng, REAL + FAKE, outputs);
    for (size_t k = 0; k < REAL; k++) {
      printed_losses((gd_gan_family)family, outputs[k], 0, losses);
      discriminator -= losses[0] / REAL;
    }
    for (size_t k = 0; k < FAKE; k++) {
      printed_losses((gd_gan_family)family, 0, outputs[REAL + k], losses);
      discriminator -= losses[1] / FAKE;
      generator -= losses[2] / FAKE;
    }
    assert_ok(gd_function_evaluate(function, NULL, outputs, (double *[]){u, u + 1}));
    assert_close(u[1], discriminator, 1e-14, 1e-15);
    if (isnan(generator))
      ck_assert_double_eq(u[0], -u[1]);
    else
      assert_close(u[0], generator, 1e-14, 1e-15);
    gd_function_destroy(function);
  }
}
END_TEST

/* ---- f-divergences ---- */

/* p d(v) + q e(v) less p d(0) + q e(0), by the discriminator's utility for outputs v where real, fake or both. */
static double bound(gd_function *function, double p, double q, double v) {
  double nothing[2], at_real[2], at_fake[2];
  assert_ok(gd_function_evaluate(function, NULL, (const double[]){0, 0}, (double *[]){nothing, nothing + 1}));
  assert_ok(gd_function_evaluate(function, NULL, (const double[]){v, 0}, (double *[]){at_real, at_real + 1}));
  assert_ok(gd_function_evaluate(function, NULL, (const double[]){0, v}, (double *[]){at_fake, at_fake + 1}));
  return p * (at_real[1] - nothing[1]) + q * (at_fake[1] - nothing[1]);
}

typedef struct divergence {
  gd_gan_family family;
  double real_at_zero, fake_at_zero; /* d(0), e(0) */
  double best, f;                    /* the best v at u = p/q, and f(u) */
} divergence;

/* Nowozin, Cseke & Tomioka 2016, table 1; f*(g(0)) = -e(0) by hand. */
static size_t divergences_at(double u, divergence *out) {
  const double ln2 = log(2);
  const divergence all[] = {
      {GD_FAMILY_F_KL, 0, -exp(-1), 1 + log(u), u * log(u)},
      {GD_FAMILY_F_REVERSE_KL, -1, 1, log(u), -log(u)},
      {GD_FAMILY_F_PEARSON, 0, 0, 2 * (u - 1), square(u - 1)},
      {GD_FAMILY_F_HELLINGER, 0, 0, log(u) / 2, square(sqrt(u) - 1)},
      {GD_FAMILY_F_JENSEN_SHANNON, 0, 0, log(u), u * log(u) - (u + 1) * log((1 + u) / 2)},
      {GD_FAMILY_F_GAN, -ln2, -ln2, log(u), u * log(u) - (u + 1) * log(u + 1)},
  };
  memcpy(out, all, sizeof all);
  return sizeof all / sizeof *all;
}

/* sup_v p d(v) + q e(v) = q f(p/q), at the v stated. */
START_TEST(the_best_discriminator_attains_the_divergence) {
  static const double densities[][2] = {{0.3, 0.5}, {1.2, 0.4}, {0.7, 0.7}, {0.05, 1.1}};
  for (size_t k = 0; k < 4; k++) {
    const double p = densities[k][0], q = densities[k][1];
    divergence all[8];
    const size_t count = divergences_at(p / q, all);
    for (size_t i = 0; i < count; i++) {
      gd_function *function = create_utilities(all[i].family, 1, 1);
      const double v = all[i].best, there = bound(function, p, q, v);
      const double at_zero = p * all[i].real_at_zero + q * all[i].fake_at_zero;
      assert_close(there + at_zero, q * all[i].f, 1e-13, 1e-14);
      for (double step = 0.01; step < 2; step *= 2) {
        ck_assert_double_lt(bound(function, p, q, v + step), there);
        ck_assert_double_lt(bound(function, p, q, v - step), there);
      }
      gd_function_destroy(function);
    }
  }
}
END_TEST

/* tanh(v) (p - q) / 2 grows towards |p - q| / 2 as v goes to infinity with the sign of p - q. */
START_TEST(total_variation_is_attained_at_infinity) {
  gd_function *function = create_utilities(GD_FAMILY_F_TOTAL_VARIATION, 1, 1);
  assert_close(bound(function, 0.3, 0.8, -40), 0.25, 1e-15, 0);
  assert_close(bound(function, 0.8, 0.3, 40), 0.25, 1e-15, 0);
  ck_assert_double_lt(bound(function, 0.8, 0.3, 1), bound(function, 0.8, 0.3, 2));
  gd_function_destroy(function);
}
END_TEST

START_TEST(wrong_outputs_and_families_are_named) {
  gd_graph *graph = NULL, *other = NULL;
  gd_node u[2] = {{NULL, 7}, {NULL, 8}};
  assert_ok(gd_graph_create(&graph, NULL));
  assert_ok(gd_graph_create(&other, NULL));
  const gd_node r = gd_graph_parameter(graph, "r", 0, 1, 2), none = {graph, 0};
  const gd_node stranger = gd_graph_parameter(other, "f", 0, 1, 2);
  assert_fails(gd_gan_utilities(r, r, GD_FAMILY_HINGE, NULL), GD_ERR_ARGUMENT, "utilities is NULL");
  assert_fails(gd_gan_utilities((gd_node){0}, r, GD_FAMILY_HINGE, u), GD_ERR_ARGUMENT,
               "real_output belongs to no graph");
  assert_fails(gd_gan_utilities(r, (gd_node){0}, GD_FAMILY_HINGE, u), GD_ERR_ARGUMENT,
               "fake_output belongs to no graph");
  assert_fails(gd_gan_utilities(r, none, GD_FAMILY_HINGE, u), GD_ERR_ARGUMENT, "fake_output is no node");
  assert_fails(gd_gan_utilities(r, r, (gd_gan_family)FAMILIES, u), GD_ERR_ARGUMENT, "family is 14");
  assert_fails(gd_gan_utilities(r, r, (gd_gan_family)-1, u), GD_ERR_ARGUMENT, "family is -1");
  assert_ok(gd_graph_status(graph));
  assert_fails(gd_gan_utilities(r, stranger, GD_FAMILY_HINGE, u), GD_ERR_ARGUMENT, "different graphs");
  assert_fails(gd_gan_utilities(r, r, GD_FAMILY_HINGE, u), GD_ERR_ARGUMENT, "different graphs");
  ck_assert_uint_eq(u[0].index, 7);
  gd_graph_destroy(graph);
  gd_graph_destroy(other);
}
END_TEST

TEST_SUITE("losses", utilities_are_the_printed_losses_with_the_opposite_sign,
           the_best_discriminator_attains_the_divergence, total_variation_is_attained_at_infinity,
           wrong_outputs_and_families_are_named)
