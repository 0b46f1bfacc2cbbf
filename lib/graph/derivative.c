/* SPDX-License-Identifier: BSD-3-Clause */
/* derivative.c -- the derivatives of operations of one operand, as nodes.
 *
 *     (e^a)' = e^a          (log a)' = 1/a              (a^p)' = p a^(p-1)       sqrt' = 1/(2 sqrt)
 *     |a|' = a / |a|, taken as 0 at 0
 *     softplus' = sigmoid   sigmoid'(a) = sech(a/2)^2 / 4                        tanh'(a) = sech(a)^2
 *     (sech(p a)^2)' = -2 p sech(p a)^2 tanh(p a)
 *
 * Slopes of sigmoid and tanh in this form keep their relative precision where the function is flat.  s (1 - s) and
 * 1 - tanh^2 there are differences of equal numbers.
 *
 * A step's derivative is 0, also where it jumps. */
#include "graph/graph.h"

static gdi_index unary(gd_graph *graph, gdi_op op, double p, gdi_index a) { return gdi_build_unary(graph, op, p, a); }

static gdi_index fill_like(gd_graph *graph, double p, const gdi_node *like) {
  return gdi_build_fill(graph, p, like->rows, like->columns);
}

/* Each of these functions gives the slope of node y.  y is a copy, since creating nodes may move the list. */

static gdi_index of_zero(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)graph, (void)y, (void)node;
  return 0;
}

/* Never called: forward.c and reverse.c have rules for these operations. */
#define of_elsewhere of_zero

static gdi_index of_one(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return fill_like(graph, 1, &node);
}

static gdi_index of_scale(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return fill_like(graph, node.p, &node);
}

static gdi_index of_exp(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)graph, (void)node;
  return y;
}

static gdi_index of_log(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return unary(graph, GDI_RECIPROCAL, 1, node.a); /* of a positive number */
}

static gdi_index of_tanh(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return unary(graph, GDI_SECH2, 1, node.a);
}

static gdi_index of_sech2(gd_graph *graph, gdi_index y, gdi_node node) {
  const gdi_index tangent = unary(graph, GDI_TANH, 0, unary(graph, GDI_SCALE, node.p, node.a));
  return unary(graph, GDI_SCALE, -2 * node.p, gdi_build_binary(graph, GDI_MULTIPLY, y, tangent));
}

static gdi_index of_sigmoid(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return unary(graph, GDI_SCALE, 0.25, unary(graph, GDI_SECH2, 0.5, node.a));
}

static gdi_index of_softplus(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return unary(graph, GDI_SIGMOID, 0, node.a);
}

/* The result of a ramp has the sign of its operand, and is computed anyway. */
static gdi_index of_ramp(gd_graph *graph, gdi_index y, gdi_node node) {
  return unary(graph, GDI_STEP, node.p, node.p < 0 ? node.a : y);
}

static gdi_index of_square(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  return unary(graph, GDI_SCALE, 2, node.a);
}

static gdi_index of_sqrt(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)node;
  return unary(graph, GDI_SCALE, 0.5, unary(graph, GDI_RECIPROCAL, 0, y));
}

static gdi_index of_absolute(gd_graph *graph, gdi_index y, gdi_node node) { return gdi_build_ratio(graph, node.a, y); }

static gdi_index of_power(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)y;
  const gdi_index power = node.p == 2 ? node.a : unary(graph, GDI_POWER, node.p - 1, node.a);
  return unary(graph, GDI_SCALE, node.p, power);
}

static gdi_index of_reciprocal(gd_graph *graph, gdi_index y, gdi_node node) {
  (void)node;
  return unary(graph, GDI_SCALE, -1, unary(graph, GDI_SQUARE, 0, y));
}

gdi_index gdi_derivative_unary(gd_graph *graph, gdi_index y) {
#define SLOPE(name, text, operands, slope) [GDI_##name] = of_##slope,
  static gdi_index (*const slopes[GDI_OPS])(gd_graph *, gdi_index, gdi_node) = {GDI_OPERATIONS(SLOPE)};
#undef SLOPE
  const gdi_node node = *gdi_node_at(graph, y);
  return slopes[node.op](graph, y, node);
}
