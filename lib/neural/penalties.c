/* SPDX-License-Identifier: BSD-3-Clause */
/* penalties.c -- penalties as nodes, on the slope of a GAN's discriminator or on the players' gradients. */
#include "graph/graph.h"
#include "neural/neural.h"

gd_node gd_gan_gradient_penalty(const gd_network *discriminator, gd_node real, gd_node fake, gd_node uniform) {
  /* u real + (1 - u) fake */
  const gd_node points = gd_node_add(fake, gd_node_multiply(uniform, gd_node_subtract(real, fake)));
  const gd_node lengths = gd_node_norm(gd_network_gradient(discriminator, points), GD_OVER_ROWS);
  return gd_node_mean(gd_node_square(gd_node_shift(lengths, -1)), GD_OVER_ALL);
}

gd_node gd_gan_zero_centred_penalty(const gd_network *discriminator, gd_node points) {
  const gd_node squares = gd_node_sum(gd_node_square(gd_network_gradient(discriminator, points)), GD_OVER_ROWS);
  return gd_node_scale(gd_node_mean(squares, GD_OVER_ALL), 0.5);
}

static gd_node squared_slope(gd_node utility, gd_node parameter) {
  return gd_node_sum(gd_node_square(gd_node_gradient(utility, parameter)), GD_OVER_ALL);
}

gd_node gd_gan_generator_penalty(const gd_network *discriminator, gd_node utility) {
  gd_node total = gd_graph_fill(utility.graph, 0, 1, 1);
  for (size_t k = 0; k < gd_network_layers(discriminator); k++) {
    const gd_node biases = gd_network_biases(discriminator, k);
    total = gd_node_add(total, squared_slope(utility, gd_network_weights(discriminator, k)));
    if (biases.index) total = gd_node_add(total, squared_slope(utility, biases));
  }
  return total;
}

gd_node gd_graph_consensus_penalty(size_t n_players, const gd_node *utilities) {
  if (n_players == 0 || !utilities) return (gd_node){0};
  gd_graph *graph = utilities[0].graph;
  gd_node total = gd_graph_fill(graph, 0, 1, 1);
  for (size_t k = 0; graph && k < graph->parameters.count; k++) {
    const gdi_parameter own = *gdi_parameter_at(graph, k);
    if (own.player < n_players)
      total = gd_node_add(total, squared_slope(utilities[own.player], (gd_node){graph, own.node}));
  }
  return gd_node_scale(total, 0.5);
}
