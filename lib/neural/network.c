/* SPDX-License-Identifier: BSD-3-Clause */
/* network.c -- multilayer perceptrons: h_0 = s x, h_k = act(W_k h_{k-1} + b_k), the last without an activation; and
 * their gradient at the input, s W_1' (act'_1 W_2' (act'_2 ... W_L' 1)). */
#include "base/error.h"
#include "base/first_sizes.h"
#include "graph/checks.h"
#include "graph/graph.h"
#include "neural/neural.h"

#include <math.h>
#include <stdio.h>

struct gd_network {
  gd_graph *graph;
  size_t layers;
  gd_activation activation;
  double slope, input_scale;
  gd_node *weights, *biases; /* [layers] each, in one block; biases without nodes if there are none */
};

/* ---- options ---- */

static gd_status check_widths(const gd_mlp *own, const char *name) {
  GDI_REQUIRE(own->layers > 0, "%s: layers is 0, expected 1 or more", name);
  GDI_REQUIRE(own->widths, "%s: widths is NULL, expected %zu numbers", name, own->layers + 1);
  for (size_t k = 0; k <= own->layers; k++)
    GDI_REQUIRE(own->widths[k] > 0, "%s: widths[%zu] is 0, expected 1 or more", name, k);
  return GD_OK;
}

gd_status gdi_mlp_read(gd_mlp *own, const gd_mlp *spec, const char *name) {
  *own = (gd_mlp){.struct_size = sizeof *own};
  GDI_REQUIRE(spec, "%s is NULL, expected a gd_mlp", name);
  GD_TRY(GDI_SIZED_READ(gd_mlp, own, spec));
  GD_TRY(check_widths(own, name));
  GDI_REQUIRE((unsigned)own->activation <= GD_ACTIVATION_NONE, "%s: activation is %d, expected a gd_activation", name,
              (int)own->activation);
  GDI_REQUIRE((unsigned)own->initialisation <= GD_INITIAL_ORTHOGONAL,
              "%s: initialisation is %d, expected a gd_initialisation", name, (int)own->initialisation);
  GDI_REQUIRE(isfinite(own->slope), "%s: slope is %g, expected a finite number", name, own->slope);
  GDI_REQUIRE(isfinite(own->gain) && own->gain >= 0, "%s: gain is %g, expected a positive number, or 0 for 1", name,
              own->gain);
  GDI_REQUIRE(isfinite(own->input_scale), "%s: input_scale is %g, expected a finite number", name, own->input_scale);
  if (own->slope == 0) own->slope = 0.2;
  if (own->gain == 0) own->gain = 1;
  if (own->input_scale == 0) own->input_scale = 1;
  return GD_OK;
}

/* ---- parameters ---- */

static gd_node add_parameter(gd_network *own, const gd_mlp *spec, size_t layer, bool bias) {
  char name[96];
  snprintf(name, sizeof name, "%.40s: %s %zu", spec->name ? spec->name : "network", bias ? "biases" : "weights",
           layer + 1);
  return gd_graph_parameter(own->graph, name, spec->player, spec->widths[layer + 1], bias ? 1 : spec->widths[layer]);
}

static gd_status add_layer(gd_network *own, const gd_mlp *spec, size_t layer) {
  const gdi_env *env = &own->graph->env;
  own->weights[layer] = add_parameter(own, spec, layer, false);
  if (!spec->without_biases) own->biases[layer] = add_parameter(own, spec, layer, true);
  GD_TRY(gd_graph_status(own->graph));
  double *values = gdi_allocate(env, gdi_times(spec->widths[layer], spec->widths[layer + 1]), sizeof *values);
  if (!values) return GD_ERR_MEMORY;
  gd_status status = gdi_weights_fill(env, spec, layer, values);
  if (status == GD_OK) status = gd_node_set_initial(own->weights[layer], values);
  gdi_release(env, values);
  return status;
}

static gd_status fill_in(gd_network *own, const gd_mlp *spec) {
  own->weights = gdi_allocate(&own->graph->env, 2 * own->layers, sizeof *own->weights);
  if (!own->weights) return GD_ERR_MEMORY;
  own->biases = own->weights + own->layers;
  for (size_t k = 0; k < own->layers; k++) GD_TRY(add_layer(own, spec, k));
  return GD_OK;
}

gd_status gd_network_create(gd_network **network, gd_graph *graph, const gd_mlp *spec) {
  gd_mlp read;
  GDI_REQUIRE(network && graph, "%s is NULL", network ? "graph" : "network");
  GD_TRY(gdi_mlp_read(&read, spec, "spec"));
  GD_TRY(gd_graph_status(graph));
  gd_network *own = gdi_allocate(&graph->env, 1, sizeof *own);
  if (!own) return GD_ERR_MEMORY;
  own->graph = gdi_graph_hold(graph);
  own->layers = read.layers, own->activation = read.activation;
  own->slope = read.slope, own->input_scale = read.input_scale;
  const gd_status status = fill_in(own, &read);
  if (status == GD_OK)
    *network = own;
  else
    gd_network_destroy(own);
  return status;
}

void gd_network_destroy(gd_network *network) {
  if (!network) return;
  gd_graph *graph = network->graph;
  gdi_release(&graph->env, network->weights);
  gdi_release(&graph->env, network);
  gd_graph_destroy(graph);
}

size_t gd_network_layers(const gd_network *network) { return network ? network->layers : 0; }

static gd_node no_node(const gd_network *network) { return (gd_node){network ? network->graph : NULL, 0}; }

gd_node gd_network_weights(const gd_network *network, size_t layer) {
  return network && layer < network->layers ? network->weights[layer] : no_node(network);
}

gd_node gd_network_biases(const gd_network *network, size_t layer) {
  return network && layer < network->layers ? network->biases[layer] : no_node(network);
}

/* ---- as an expression ---- */

static gd_node activate(const gd_network *own, gd_node a) {
  switch (own->activation) {
  case GD_ACTIVATION_RELU:
    return gd_node_relu(a);
  case GD_ACTIVATION_LEAKY_RELU:
    return gd_node_leaky_relu(a, own->slope);
  case GD_ACTIVATION_TANH:
    return gd_node_tanh(a);
  case GD_ACTIVATION_SIGMOID:
    return gd_node_sigmoid(a);
  case GD_ACTIVATION_SOFTPLUS:
    return gd_node_softplus(a);
  default:
    return a;
  }
}

/* W h + b */
static gd_node map(const gd_network *own, size_t layer, gd_node h) {
  const gd_node product = gd_node_product(own->weights[layer], h);
  return own->biases[layer].index ? gd_node_add(product, own->biases[layer]) : product;
}

gd_node gd_network_apply(const gd_network *network, gd_node input) {
  if (!network) return (gd_node){input.graph, 0};
  gd_node h = gd_node_scale(input, network->input_scale);
  for (size_t k = 0; k < network->layers; k++) {
    if (k > 0) h = activate(network, h);
    h = map(network, k, h);
  }
  return h;
}

/* Weights made by gd_network_step() may depend on this input; they are held fixed in this gradient. */
gd_node gd_network_gradient(const gd_network *network, gd_node input) {
  const gd_node x = gd_node_variable(input), y = gd_network_apply(network, x);
  if (!y.index) return y;
  gd_graph *graph = network->graph;
  gdi_index *held = gdi_allocate(&graph->env, 2 * network->layers, sizeof *held), slope = 0;
  if (!held) gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for the gradient of a network");
  if (!held) return no_node(network);
  for (size_t k = 0; k < 2 * network->layers; k++) held[k] = (gdi_index)network->weights[k].index;
  gdi_list kinks = {0};
  gdi_reverse_holding(graph, (gdi_index)y.index, (gdi_index)x.index, 2 * network->layers, held, &slope, &kinks);
  if (!slope) slope = gdi_build_fill(graph, 0, gd_node_rows(x), gd_node_columns(x));
  slope = gdi_build_checked(graph, slope, &kinks);
  gdi_release(&graph->env, kinks.items);
  gdi_release(&graph->env, held);
  return (gd_node){graph, graph->status == GD_OK ? slope : 0};
}

/* ---- a network on its way ---- */

static gd_node further(gd_node parameter, gd_node utility, double step_size) {
  if (!parameter.index) return parameter;
  const gd_node slope = gd_node_gradient(utility, parameter);
  return gd_node_variable(gd_node_add(parameter, gd_node_scale(slope, step_size)));
}

gd_status gd_network_step(gd_network **moved, const gd_network *network, gd_node utility, double step_size) {
  GDI_REQUIRE(moved && network, "%s is NULL", moved ? "network" : "moved");
  GDI_REQUIRE(isfinite(step_size), "step_size is %g, expected a finite number", step_size);
  GD_TRY(gd_graph_status(network->graph));
  GDI_REQUIRE(utility.graph == network->graph && utility.index, "utility is not a node of the network's graph");
  const gdi_env *env = &network->graph->env;
  gd_network *own = gdi_allocate(env, 1, sizeof *own);
  gd_node *nodes = gdi_allocate(env, 2 * network->layers, sizeof *nodes);
  if (!own || !nodes) {
    gdi_release(env, nodes);
    gdi_release(env, own);
    return GD_ERR_MEMORY;
  }
  for (size_t k = 0; k < 2 * network->layers; k++) nodes[k] = further(network->weights[k], utility, step_size);
  *own = *network;
  own->graph = gdi_graph_hold(network->graph);
  own->weights = nodes, own->biases = nodes + own->layers;
  const gd_status status = gd_graph_status(own->graph);
  if (status == GD_OK)
    *moved = own;
  else
    gd_network_destroy(own);
  return status;
}
