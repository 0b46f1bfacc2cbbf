/* SPDX-License-Identifier: BSD-3-Clause */
/* network.c -- perceptrons: initial weights by their moments, outputs and slopes by hand. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/neural.h>
#include <gamedyn/rng.h>

enum { IN = 150, OUT = 200, COUNT = IN * OUT };

static gd_graph *create_graph(void) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  return graph;
}

static gd_mlp mlp_of(size_t layers, const size_t *widths) {
  return (gd_mlp){.struct_size = sizeof(gd_mlp), .layers = layers, .widths = widths};
}

static gd_network *create_network(gd_graph *graph, const gd_mlp *spec) {
  gd_network *network = NULL;
  assert_ok(gd_network_create(&network, graph, spec));
  return network;
}

/* The initial point of a network alone in a graph. */
static void initial_of(const gd_mlp *spec, double *x) {
  gd_graph *graph = create_graph();
  gd_network *network = create_network(graph, spec);
  assert_ok(gd_graph_initial(graph, x));
  gd_network_destroy(network);
  gd_graph_destroy(graph);
}

/* ---- initial values ---- */

typedef struct start {
  gd_initialisation initialisation;
  double variance; /* for gain 1 */
  bool uniform;
} start;

/* Of N numbers the mean square deviates from the variance s^2 by s^2 sqrt(k / N): k = 2 for normal ones, and 4/5 for
 * uniform ones, whose fourth moment is 9/5 s^4. */
START_TEST(weights_start_with_the_variance_they_are_named_for) {
  const start starts[] = {{GD_INITIAL_XAVIER_UNIFORM, 2.0 / (IN + OUT), true},
                          {GD_INITIAL_XAVIER_NORMAL, 2.0 / (IN + OUT), false},
                          {GD_INITIAL_HE_NORMAL, 2.0 / IN, false},
                          {GD_INITIAL_HE_UNIFORM, 2.0 / IN, true}};
  const size_t widths[] = {IN, OUT};
  static double x[COUNT + OUT];
  for (size_t k = 0; k < 4; k++) {
    gd_mlp spec = mlp_of(1, widths);
    spec.initialisation = starts[k].initialisation, spec.gain = 0.7;
    initial_of(&spec, x);
    const double variance = 0.49 * starts[k].variance, bound = sqrt(3 * variance);
    double sum = 0, squares = 0, most = 0;
    for (size_t i = 0; i < COUNT; i++) sum += x[i], squares += x[i] * x[i], most = fmax(most, fabs(x[i]));
    assert_close(sum / COUNT, 0, 0, 5 * sqrt(variance / COUNT));
    assert_close(squares / COUNT, variance, 5 * sqrt((starts[k].uniform ? 0.8 : 2) / COUNT), 0);
    if (starts[k].uniform) ck_assert(most <= bound && most > 0.999 * bound);
    for (size_t i = COUNT; i < COUNT + OUT; i++) ck_assert_double_eq(x[i], 0);
  }
}
END_TEST

/* W'W = g^2 I if W is tall, W W' = g^2 I if it is wide. */
START_TEST(orthogonal_weights_are_orthonormal_times_the_gain) {
  static const size_t shapes[][2] = {{7, 7}, {4, 9}, {9, 4}, {1, 5}, {5, 1}, {40, 60}};
  static double x[4000];
  for (size_t k = 0; k < 6; k++) {
    const size_t in = shapes[k][0], out = shapes[k][1], least = in < out ? in : out;
    gd_mlp spec = mlp_of(1, shapes[k]);
    spec.initialisation = GD_INITIAL_ORTHOGONAL, spec.gain = 0.8, spec.seed = k;
    initial_of(&spec, x);
    for (size_t i = 0; i < least; i++)
      for (size_t j = 0; j < least; j++) {
        double dot = 0;
        for (size_t l = 0; l < (in > out ? in : out); l++)
          dot += out >= in ? x[l + i * out] * x[l + j * out] : x[i + l * out] * x[j + l * out];
        assert_close(dot, i == j ? 0.64 : 0, 0, 1e-15 * (double)(in + out));
      }
  }
}
END_TEST

START_TEST(weights_are_a_function_of_seed_player_and_layer) {
  const size_t widths[] = {3, 3, 3};
  double x[24], other[24];
  gd_mlp spec = mlp_of(2, widths);
  initial_of(&spec, x);
  initial_of(&spec, other);
  ck_assert_mem_eq(x, other, sizeof x);
  ck_assert_mem_ne(x, x + 12, 9 * sizeof *x);
  spec.seed = 1;
  initial_of(&spec, other);
  ck_assert_mem_ne(x, other, 9 * sizeof *x);
  spec.seed = 0, spec.player = 1;
  initial_of(&spec, other);
  ck_assert_mem_ne(x, other, 9 * sizeof *x);
}
END_TEST

/* ---- outputs and slopes ---- */

static double active(const gd_mlp *spec, double a) {
  switch (spec->activation) {
  case GD_ACTIVATION_RELU:
    return a > 0 ? a : 0;
  case GD_ACTIVATION_LEAKY_RELU:
    return a > 0 ? a : spec->slope * a;
  case GD_ACTIVATION_TANH:
    return tanh(a);
  case GD_ACTIVATION_SIGMOID:
    return 1 / (1 + exp(-a));
  case GD_ACTIVATION_SOFTPLUS:
    return log(1 + exp(a));
  default:
    return a;
  }
}

static double slope(const gd_mlp *spec, double a) {
  const double s = 1 / (1 + exp(-a));
  switch (spec->activation) {
  case GD_ACTIVATION_RELU:
    return a > 0;
  case GD_ACTIVATION_LEAKY_RELU:
    return a > 0 ? 1 : spec->slope;
  case GD_ACTIVATION_TANH:
    return 1 - tanh(a) * tanh(a);
  case GD_ACTIVATION_SIGMOID:
    return s * (1 - s);
  case GD_ACTIVATION_SOFTPLUS:
    return s;
  default:
    return 1;
  }
}

/* Two inputs, three units, one output: v' act(s W z + b) + c and its slope s W'(v act'(s W z + b)); x = (W, b, v, c).
 */
static double by_hand(const gd_mlp *spec, const double *x, const double *z, double gradient[2]) {
  double output = x[12];
  gradient[0] = gradient[1] = 0;
  for (size_t i = 0; i < 3; i++) {
    const double a = spec->input_scale * (x[i] * z[0] + x[3 + i] * z[1]) + x[6 + i];
    output += x[9 + i] * active(spec, a);
    for (size_t j = 0; j < 2; j++) gradient[j] += spec->input_scale * x[9 + i] * slope(spec, a) * x[i + 3 * j];
  }
  return output;
}

START_TEST(a_network_and_its_slope_are_what_they_are_by_hand) {
  const size_t widths[] = {2, 3, 1};
  const double z[] = {0.3, -1.1, 2, 0.7, -0.4, 0.9, 1.2, 1.3};
  gd_rng rng = gd_rng_make(3, 4);
  for (int activation = 0; activation <= GD_ACTIVATION_NONE; activation++) {
    gd_graph *graph = create_graph();
    gd_mlp spec = mlp_of(2, widths);
    spec.activation = (gd_activation)activation, spec.slope = 0.3, spec.input_scale = 0.25;
    gd_network *network = create_network(graph, &spec);
    const gd_node input = gd_graph_constant(graph, 2, 4, z);
    const gd_node nodes[] = {gd_network_apply(network, input), gd_network_gradient(network, input)};
    double x[13], output[4], gradient[8], expected[2];
    gd_function *function = NULL;
    assert_ok(gd_function_create(&function, graph, 2, nodes));
    ck_assert_uint_eq(gd_graph_size(graph, 0), 13);
    gd_rng_fill_normal(&rng, 13, x);
    assert_ok(gd_function_evaluate(function, NULL, x, (double *[]){output, gradient}));
    for (size_t j = 0; j < 4; j++) {
      assert_close(output[j], by_hand(&spec, x, z + 2 * j, expected), 1e-14, 1e-14);
      for (size_t i = 0; i < 2; i++) assert_close(gradient[2 * j + i], expected[i], 1e-14, 1e-14);
    }
    gd_function_destroy(function);
    gd_network_destroy(network);
    gd_graph_destroy(graph);
  }
}
END_TEST

/* W (z / 2): the slope at z / 2 is W, though the expression does not have z / 2 in it once it is simplified. */
START_TEST(a_scaled_input_is_a_variable_like_any_other) {
  const size_t widths[] = {2, 1};
  const double z[] = {1, 2}, x[] = {3, -5};
  gd_graph *graph = create_graph();
  gd_mlp spec = mlp_of(1, widths);
  spec.without_biases = true, spec.input_scale = 4;
  gd_network *network = create_network(graph, &spec);
  const gd_node input = gd_node_scale(gd_graph_constant(graph, 2, 1, z), 0.5);
  const gd_node slope_there = gd_network_gradient(network, input);
  double gradient[2];
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, graph, 1, &slope_there));
  assert_ok(gd_function_evaluate(function, NULL, x, (double *[]){gradient}));
  ck_assert_double_eq(gradient[0], 12);
  ck_assert_double_eq(gradient[1], -20);
  gd_function_destroy(function);
  gd_network_destroy(network);
  gd_graph_destroy(graph);
}
END_TEST

START_TEST(parameters_are_made_once_and_can_be_had_by_layer) {
  const size_t widths[] = {2, 3, 1};
  gd_graph *graph = create_graph();
  gd_mlp spec = mlp_of(2, widths);
  gd_network *network = create_network(graph, &spec);
  const gd_node input = gd_graph_fill(graph, 1, 2, 4), other = gd_graph_fill(graph, 2, 2, 5);
  ck_assert_uint_eq(gd_node_columns(gd_network_apply(network, input)), 4);
  ck_assert_uint_eq(gd_node_columns(gd_network_apply(network, other)), 5);
  ck_assert_uint_eq(gd_graph_size(graph, SIZE_MAX), 13);
  ck_assert_uint_eq(gd_network_layers(network), 2);
  ck_assert_uint_eq(gd_node_start(gd_network_weights(network, 0)), 0);
  ck_assert_uint_eq(gd_node_start(gd_network_biases(network, 0)), 6);
  ck_assert_uint_eq(gd_node_start(gd_network_weights(network, 1)), 9);
  ck_assert_uint_eq(gd_node_start(gd_network_biases(network, 1)), 12);
  ck_assert_uint_eq(gd_network_weights(network, 2).index, 0);
  ck_assert_uint_eq(gd_network_biases(NULL, 0).index, 0);
  ck_assert_uint_eq(gd_network_layers(NULL), 0);
  gd_network_destroy(network);
  spec.without_biases = true;
  network = create_network(graph, &spec);
  ck_assert_uint_eq(gd_network_biases(network, 0).index, 0);
  ck_assert_uint_eq(gd_graph_size(graph, SIZE_MAX), 13 + 9);
  gd_network_destroy(network);
  gd_network_destroy(NULL);
  gd_graph_destroy(graph);
}
END_TEST

/* U = w'z + b has the gradient (z, 1), the same everywhere: two steps of h = 1/4 take (w, b) to (w, b) + (z, 1) / 2,
 * and U of both is U + |(z, 1)|^2 / 2, whose derivative at w is z. */
START_TEST(steps_go_along_the_gradient_and_derivatives_go_through_them) {
  const size_t widths[] = {2, 1};
  const double z[] = {3, -2}, x[] = {0.5, 7, -1};
  gd_graph *graph = create_graph();
  const gd_mlp spec = mlp_of(1, widths);
  gd_network *network = create_network(graph, &spec), *once = NULL, *twice = NULL;
  const gd_node input = gd_graph_constant(graph, 2, 1, z);
  assert_ok(gd_network_step(&once, network, gd_network_apply(network, input), 0.25));
  assert_ok(gd_network_step(&twice, once, gd_network_apply(once, input), 0.25));
  const gd_node end = gd_network_apply(twice, input);
  const gd_node nodes[] = {gd_network_weights(twice, 0), gd_network_biases(twice, 0), end,
                           gd_node_gradient(end, gd_network_weights(network, 0))};
  double weights[2], bias, output, slope[2];
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, graph, 4, nodes));
  assert_ok(gd_function_evaluate(function, NULL, x, (double *[]){weights, &bias, &output, slope}));
  ck_assert_double_eq(weights[0], 2);
  ck_assert_double_eq(weights[1], 6);
  ck_assert_double_eq(bias, -0.5);
  ck_assert_double_eq(output, 3 * 0.5 - 2 * 7 - 1 + (9 + 4 + 1) / 2.0);
  ck_assert(slope[0] == 3 && slope[1] == -2);
  assert_fails(gd_network_step(NULL, network, end, 1), GD_ERR_ARGUMENT, "moved is NULL");
  assert_fails(gd_network_step(&twice, NULL, end, 1), GD_ERR_ARGUMENT, "network is NULL");
  assert_fails(gd_network_step(&twice, network, end, NAN), GD_ERR_ARGUMENT, "step_size is nan");
  gd_function_destroy(function);
  gd_network_destroy(twice);
  gd_network_destroy(once);
  twice = NULL;
  assert_fails(gd_network_step(&twice, network, (gd_node){graph, 0}, 1), GD_ERR_ARGUMENT, "utility is not a node");
  ck_assert_ptr_null(twice);
  gd_network_destroy(network);
  gd_graph_destroy(graph);
}
END_TEST

/* ---- what is wrong ---- */

START_TEST(malformed_networks_are_named) {
  const size_t widths[] = {2, 0, 1}, good[] = {2, 3, 1};
  gd_graph *graph = create_graph();
  gd_network *network = NULL;
  gd_mlp spec = mlp_of(2, good);
  assert_fails(gd_network_create(NULL, graph, &spec), GD_ERR_ARGUMENT, "network is NULL");
  assert_fails(gd_network_create(&network, NULL, &spec), GD_ERR_ARGUMENT, "graph is NULL");
  assert_fails(gd_network_create(&network, graph, NULL), GD_ERR_ARGUMENT, "spec is NULL");
  assert_fails(gd_network_create(&network, graph, &(gd_mlp){0}), GD_ERR_STRUCT, "gd_mlp");
  spec.widths = NULL;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "widths is NULL, expected 3");
  spec.widths = widths;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "widths[1] is 0");
  spec.widths = good, spec.layers = 0;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "layers is 0");
  spec.layers = 2, spec.activation = (gd_activation)6;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "activation is 6");
  spec.activation = GD_ACTIVATION_TANH, spec.initialisation = (gd_initialisation)-1;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "initialisation is -1");
  spec.initialisation = GD_INITIAL_HE_NORMAL, spec.gain = -2;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "gain is -2");
  spec.gain = 0, spec.slope = NAN;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "slope is nan");
  spec.slope = 0, spec.input_scale = INFINITY;
  assert_fails(gd_network_create(&network, graph, &spec), GD_ERR_ARGUMENT, "input_scale is inf");
  ck_assert_ptr_null(network);
  ck_assert_uint_eq(gd_graph_size(graph, SIZE_MAX), 0);
  spec.input_scale = 0, spec.name = "judge";
  network = create_network(graph, &spec);
  ck_assert_uint_eq(gd_network_apply(network, gd_graph_fill(graph, 1, 3, 1)).index, 0);
  assert_fails(gd_graph_status(graph), GD_ERR_ARGUMENT, "\"judge: weights 1\" [3 by 2]");
  ck_assert_uint_eq(gd_network_gradient(network, gd_graph_fill(graph, 1, 2, 1)).index, 0);
  ck_assert_uint_eq(gd_network_apply(NULL, (gd_node){0}).index, 0);
  gd_network *second = NULL;
  assert_fails(gd_network_create(&second, graph, &spec), GD_ERR_ARGUMENT, "judge: weights 1");
  gd_network_destroy(network);
  gd_graph_destroy(graph);
}
END_TEST

static gd_status make_and_apply(const gd_env *env, void *argument) {
  const size_t widths[] = {2, 3, 1};
  gd_graph *graph = NULL;
  gd_network *network = NULL;
  (void)argument;
  gd_mlp spec = mlp_of(2, widths);
  spec.initialisation = GD_INITIAL_ORTHOGONAL;
  gd_status status = gd_graph_create(&graph, env);
  if (status == GD_OK) status = gd_network_create(&network, graph, &spec);
  if (status == GD_OK) {
    gd_network_gradient(network, gd_node_tanh(gd_graph_fill(graph, 1, 2, 3)));
    status = gd_graph_status(graph);
  }
  gd_network_destroy(network);
  gd_graph_destroy(graph);
  return status;
}

START_TEST(survives_any_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(make_and_apply, NULL), 8); }
END_TEST

TEST_SUITE("network", weights_start_with_the_variance_they_are_named_for,
           orthogonal_weights_are_orthonormal_times_the_gain, weights_are_a_function_of_seed_player_and_layer,
           a_network_and_its_slope_are_what_they_are_by_hand, a_scaled_input_is_a_variable_like_any_other,
           parameters_are_made_once_and_can_be_had_by_layer,
           steps_go_along_the_gradient_and_derivatives_go_through_them, malformed_networks_are_named,
           survives_any_refused_allocation)
