/* SPDX-License-Identifier: BSD-3-Clause */
/* penalties.c -- penalties of discriminators whose slopes are known in closed form: linear ones, and one hidden layer
 * of ReLU units without biases. */
#include "support/suite.h"

#include <gamedyn/neural.h>
#include <gamedyn/rng.h>

enum { UNITS = 6, SAMPLES = 20, WEIGHTS = 3 * UNITS };

typedef struct judge {
  gd_graph *graph;
  gd_network *network;
} judge;

static judge create_judge(size_t layers, const size_t *widths, bool without_biases) {
  judge made = {0};
  const gd_mlp spec = {
      .struct_size = sizeof spec, .layers = layers, .widths = widths, .without_biases = without_biases};
  assert_ok(gd_graph_create(&made.graph, NULL));
  assert_ok(gd_network_create(&made.network, made.graph, &spec));
  return made;
}

static void release(judge *own) {
  gd_network_destroy(own->network);
  gd_graph_destroy(own->graph);
}

/* The nodes' values at x. */
static void evaluate(const judge *own, size_t count, const gd_node *nodes, const double *x, double *const *out) {
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, own->graph, count, nodes));
  assert_ok(gd_function_evaluate(function, NULL, x, out));
  gd_function_destroy(function);
}

/* D(x) = w'x + b has the slope w everywhere: (|w| - 1)^2 with the gradient 2 (|w| - 1) w / |w| at w, and |w|^2 / 2. */
START_TEST(a_linear_discriminator_pays_for_its_one_slope) {
  const size_t widths[] = {3, 1};
  const double x[] = {2, -1, 2, 0.7}, real[] = {1, 2, 3, 4, 5, 6}, fake[] = {0, 1, 0, 1, 0, -1}, u[] = {0.2, 0.9};
  judge own = create_judge(1, widths, false);
  const gd_node r = gd_graph_constant(own.graph, 3, 2, real), f = gd_graph_constant(own.graph, 3, 2, fake);
  const gd_node penalty = gd_gan_gradient_penalty(own.network, r, f, gd_graph_constant(own.graph, 1, 2, u));
  const gd_node nodes[] = {penalty, gd_node_gradient(penalty, gd_network_weights(own.network, 0)),
                           gd_node_gradient(penalty, gd_network_biases(own.network, 0)),
                           gd_gan_zero_centred_penalty(own.network, f)};
  double P, gradient[3], of_bias, R;
  evaluate(&own, 4, nodes, x, (double *[]){&P, gradient, &of_bias, &R});
  assert_close(P, 4, 1e-15, 0); /* |w| = 3 */
  for (size_t k = 0; k < 3; k++) assert_close(gradient[k], 4 * x[k] / 3, 1e-15, 0);
  ck_assert_double_eq(of_bias, 0);
  assert_close(R, 4.5, 1e-15, 0);
  release(&own);
}
END_TEST

/* D(x) = sum_i v_i max(w_i.x, 0).  With m_i = 1 where w_i.x > 0 its slope is G = sum_i v_i m_i w_i, and
 *
 *     P = (|G| - 1)^2,  dP/dv_i = c m_i G.w_i,  dP/dw_i = c v_i m_i G,  c = 2 (|G| - 1) / |G|,
 *
 * as Liang & Stokes 2019 need it; each a mean over points.  x = (W [UNITS by 2], v). */
static double add_closed_form(const double *x, const double point[2], double *of_w, double *of_v) {
  const double *v = x + 2 * UNITS;
  double G[2] = {0, 0};
  bool m[UNITS];
  for (size_t i = 0; i < UNITS; i++) {
    m[i] = x[i] * point[0] + x[UNITS + i] * point[1] > 0;
    if (m[i]) G[0] += v[i] * x[i], G[1] += v[i] * x[UNITS + i];
  }
  const double length = hypot(G[0], G[1]), c = 2 * (length - 1) / length / SAMPLES;
  for (size_t i = 0; i < UNITS; i++) {
    if (!m[i]) continue;
    of_v[i] += c * (G[0] * x[i] + G[1] * x[UNITS + i]);
    of_w[i] += c * v[i] * G[0], of_w[UNITS + i] += c * v[i] * G[1];
  }
  return (length - 1) * (length - 1) / SAMPLES;
}

START_TEST(rectified_units_pay_by_the_closed_form) {
  const size_t widths[] = {2, UNITS, 1};
  double x[WEIGHTS], real[2 * SAMPLES], fake[2 * SAMPLES], u[SAMPLES];
  gd_rng rng = gd_rng_make(11, 0);
  gd_rng_fill_normal(&rng, WEIGHTS, x);
  gd_rng_fill_normal(&rng, 2 * SAMPLES, real);
  gd_rng_fill_normal(&rng, 2 * SAMPLES, fake);
  gd_rng_fill_uniform(&rng, SAMPLES, u);
  judge own = create_judge(2, widths, true);
  const gd_node r = gd_graph_constant(own.graph, 2, SAMPLES, real), f = gd_graph_constant(own.graph, 2, SAMPLES, fake);
  const gd_node penalty = gd_gan_gradient_penalty(own.network, r, f, gd_graph_constant(own.graph, 1, SAMPLES, u));
  const gd_node nodes[] = {penalty, gd_node_gradient(penalty, gd_network_weights(own.network, 0)),
                           gd_node_gradient(penalty, gd_network_weights(own.network, 1))};
  double P, of_w[2 * UNITS], of_v[UNITS], expected = 0, expected_w[2 * UNITS] = {0}, expected_v[UNITS] = {0};
  evaluate(&own, 3, nodes, x, (double *[]){&P, of_w, of_v});
  for (size_t k = 0; k < SAMPLES; k++) {
    double point[2];
    for (size_t i = 0; i < 2; i++) point[i] = u[k] * real[2 * k + i] + (1 - u[k]) * fake[2 * k + i];
    expected += add_closed_form(x, point, expected_w, expected_v);
  }
  assert_close(P, expected, 1e-14, 0);
  for (size_t i = 0; i < 2 * UNITS; i++) assert_close(of_w[i], expected_w[i], 1e-13, 1e-14);
  for (size_t i = 0; i < UNITS; i++) assert_close(of_v[i], expected_v[i], 1e-13, 1e-14);
  release(&own);
}
END_TEST

/* u = w'a + b for the mean a of the points: |a|^2 + 1 with a bias, |a|^2 without. */
START_TEST(the_generator_pays_for_the_gradient_of_the_discriminator) {
  const size_t widths[] = {2, 1};
  const double points[] = {1, 2, 3, 6}, x[] = {5, 7, -1};
  for (int without = 0; without < 2; without++) {
    judge own = create_judge(1, widths, without);
    const gd_node output = gd_network_apply(own.network, gd_graph_constant(own.graph, 2, 2, points));
    const gd_node penalty = gd_gan_generator_penalty(own.network, gd_node_mean(output, GD_OVER_ALL));
    double P;
    evaluate(&own, 1, &penalty, x, (double *[]){&P});
    assert_close(P, without ? 20 : 21, 1e-15, 0);
    release(&own);
  }
}
END_TEST

/* In Jacobians points move with what makes them, unless detached. */
START_TEST(points_move_unless_detached) {
  const size_t widths[] = {1, 2, 1};
  const double x[] = {0.5, -0.3, 0.1, 0.2, 1.1, 0.7, 0, 0.4};
  judge own = {0};
  const gd_mlp spec = {.struct_size = sizeof spec, .layers = 2, .widths = widths, .activation = GD_ACTIVATION_TANH};
  assert_ok(gd_graph_create(&own.graph, NULL));
  assert_ok(gd_network_create(&own.network, own.graph, &spec));
  const gd_node point = gd_graph_parameter(own.graph, "point", 0, 1, 1);
  const gd_node nodes[] = {gd_node_gradient(gd_gan_zero_centred_penalty(own.network, point), point),
                           gd_node_gradient(gd_gan_zero_centred_penalty(own.network, gd_node_detach(point)), point)};
  double moving, still, slope = 0, bend = 0;
  evaluate(&own, 2, nodes, x, (double *[]){&moving, &still});
  for (size_t i = 0; i < 2; i++) { /* D' and D'' at the point x[7] */
    const double t = tanh(x[i] * x[7] + x[2 + i]);
    slope += x[4 + i] * x[i] * (1 - t * t);
    bend -= 2 * x[4 + i] * x[i] * x[i] * t * (1 - t * t);
  }
  assert_close(moving, slope * bend, 1e-14, 0);
  ck_assert_double_eq(still, 0);
  release(&own);
}
END_TEST

START_TEST(misfits_are_kept_by_the_graph) {
  const size_t widths[] = {2, 1};
  judge own = create_judge(1, widths, false);
  const gd_node points = gd_graph_fill(own.graph, 1, 3, 4);
  ck_assert_uint_eq(gd_gan_zero_centred_penalty(own.network, points).index, 0);
  assert_fails(gd_graph_status(own.graph), GD_ERR_ARGUMENT, "network: weights 1");
  ck_assert_uint_eq(gd_gan_gradient_penalty(own.network, points, points, points).index, 0);
  ck_assert_uint_eq(gd_graph_consensus_penalty(0, NULL).index, 0);
  ck_assert_uint_eq(gd_gan_generator_penalty(own.network, points).index, 0);
  release(&own);
}
END_TEST

TEST_SUITE("penalties", a_linear_discriminator_pays_for_its_one_slope, rectified_units_pay_by_the_closed_form,
           the_generator_pays_for_the_gradient_of_the_discriminator, points_move_unless_detached,
           misfits_are_kept_by_the_graph)
