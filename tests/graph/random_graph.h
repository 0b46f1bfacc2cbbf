/* SPDX-License-Identifier: BSD-3-Clause */
/* Random graphs: two players' parameters, an input and a constant of random shapes, and random operations on them whose
 * values stay of order 1.  Smooth ones have no kinks, so that differences can judge their derivatives. */
#ifndef TESTS_GRAPH_RANDOM_GRAPH_H
#define TESTS_GRAPH_RANDOM_GRAPH_H

#include <gamedyn/graph.h>
#include <gamedyn/rng.h>
#include <math.h>

enum { MOST_NODES = 64 };

typedef struct random_graph {
  gd_graph *graph;
  gd_rng rng;
  bool smooth;
  gd_node nodes[MOST_NODES];
  size_t count;
} random_graph;

static int fill_normal(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  gd_rng rng = gd_draw_rng(draw);
  (void)context;
  gd_rng_fill_normal(&rng, rows * columns, out);
  return 0;
}

static const gd_sampler normal_sampler = {.struct_size = sizeof(gd_sampler), .fill = fill_normal};

static size_t below(random_graph *own, size_t bound) { return (size_t)gd_rng_below(&own->rng, bound); }

/* Mostly small; now and then longer than a tile, or an odd number, or whole lanes of doubles or floats. */
static size_t random_side(random_graph *own) {
  static const size_t sides[] = {1, 1, 2, 3, 4, 7, 8, 16, 17};
  return below(own, 60) == 0 ? 521 : sides[below(own, 9)];
}

static void keep(random_graph *own, gd_node node) { own->nodes[own->count++] = node; }

static gd_node pick(random_graph *own) { return own->nodes[below(own, own->count)]; }

static gd_node smooth_unary(random_graph *own, gd_node a) {
  const gd_node positive = gd_node_shift(gd_node_square(a), 1);
  switch (below(own, 11)) {
  case 0:
    return gd_node_exp(gd_node_tanh(a));
  case 1:
    return gd_node_log(positive);
  case 2:
    return gd_node_sigmoid(a);
  case 3:
    return gd_node_softplus(a);
  case 4:
    return gd_node_tanh(gd_node_square(a));
  case 5:
    return gd_node_sqrt(positive);
  case 6:
    return gd_node_power(positive, -0.7);
  case 7:
    return gd_node_reciprocal(positive);
  case 8:
    return gd_node_scale(gd_node_variable(gd_node_shift(a, 0.3)), -0.8);
  case 9:
    return gd_node_detach(gd_node_tanh(a));
  default:
    return gd_node_tanh(a);
  }
}

static gd_node kinked_unary(random_graph *own, gd_node a) {
  switch (below(own, 3)) {
  case 0:
    return gd_node_relu(a);
  case 1:
    return gd_node_leaky_relu(a, 0.2);
  default:
    return gd_node_step(a);
  }
}

static bool axis_fits(size_t a, size_t b) { return a == b || a == 1 || b == 1; }

/* Another node that can be widened against a, or a itself. */
static gd_node partner(random_graph *own, gd_node a) {
  for (size_t attempt = 0; attempt < 8; attempt++) {
    const gd_node b = pick(own);
    if (axis_fits(gd_node_rows(a), gd_node_rows(b)) && axis_fits(gd_node_columns(a), gd_node_columns(b))) return b;
  }
  return a;
}

static gd_node random_binary(random_graph *own, gd_node a) {
  const gd_node b = partner(own, a);
  switch (below(own, 4)) {
  case 0:
    return gd_node_add(a, b);
  case 1:
    return gd_node_subtract(a, b);
  case 2:
    return gd_node_divide(a, gd_node_shift(gd_node_square(b), 1));
  default:
    return gd_node_multiply(gd_node_tanh(a), b);
  }
}

/* Products of what happens to fit, transposed or not. */
static gd_node random_product(random_graph *own, gd_node a) {
  for (size_t attempt = 0; attempt < 8; attempt++) {
    gd_node b = pick(own);
    if (below(own, 2)) b = gd_node_transpose(b);
    if (below(own, 2)) a = gd_node_transpose(a);
    if (gd_node_columns(a) == gd_node_rows(b))
      return gd_node_scale(gd_node_product(a, b), 1 / sqrt((double)gd_node_columns(a)));
  }
  return gd_node_scale(gd_node_product(a, gd_node_transpose(a)), 1 / sqrt((double)gd_node_columns(a)));
}

static gd_node random_part(random_graph *own, gd_node a) {
  const size_t rows = 1 + below(own, gd_node_rows(a)), columns = 1 + below(own, gd_node_columns(a));
  const size_t row = below(own, gd_node_rows(a) - rows + 1), column = below(own, gd_node_columns(a) - columns + 1);
  const gd_node part = gd_node_slice(a, row, column, rows, columns);
  if (below(own, 2)) return gd_node_stack(part, gd_node_scale(part, 0.5));
  return gd_node_beside(gd_node_tanh(part), part);
}

static gd_node random_sum(random_graph *own, gd_node a) {
  const gd_axis axis = (gd_axis)below(own, 3);
  if (below(own, 2)) return gd_node_mean(a, axis);
  return gd_node_norm(gd_node_scale(a, 0.1), axis);
}

static gd_node random_operation(random_graph *own) {
  const gd_node a = pick(own);
  switch (below(own, 8)) {
  case 0:
  case 1:
    return own->smooth || below(own, 2) ? smooth_unary(own, a) : kinked_unary(own, a);
  case 2:
  case 3:
    return random_binary(own, a);
  case 4:
  case 5:
    return random_product(own, a);
  case 6:
    return random_part(own, a);
  default:
    return random_sum(own, a);
  }
}

static void random_leaves(random_graph *own) {
  const size_t inner = random_side(own), samples = random_side(own);
  double values[12 * 600];
  keep(own, gd_graph_parameter(own->graph, "W", 0, random_side(own), inner));
  keep(own, gd_graph_parameter(own->graph, "b", 1, inner, 1));
  keep(own, gd_graph_parameter(own->graph, NULL, 1, inner, samples));
  keep(own, gd_graph_input(own->graph, "z", inner, samples, &normal_sampler));
  gd_rng_fill_normal(&own->rng, inner < 12 ? inner * 7 : 7, values);
  keep(own, gd_graph_constant(own->graph, inner < 12 ? inner : 1, 7, values));
}

/* The graph of the seed, with `operations` on top of its leaves. */
static inline random_graph random_graph_create(uint64_t seed, size_t operations, bool smooth) {
  random_graph own = {.rng = gd_rng_make(seed, 77), .smooth = smooth};
  if (gd_graph_create(&own.graph, NULL) < 0) return own;
  random_leaves(&own);
  while (own.count < operations + 5) {
    const gd_node made = random_operation(&own);
    if (gd_node_rows(made) * gd_node_columns(made) < 20000) keep(&own, made);
  }
  return own;
}

/* The mean of what all nodes come to, each once more through tanh: it depends on everything. */
static inline gd_node random_graph_total(random_graph *own) {
  gd_node total = gd_graph_fill(own->graph, 0, 1, 1);
  for (size_t k = 0; k < own->count; k++)
    total = gd_node_add(total, gd_node_mean(gd_node_tanh(own->nodes[k]), GD_OVER_ALL));
  return total;
}

#endif
