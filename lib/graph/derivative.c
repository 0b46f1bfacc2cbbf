/* SPDX-License-Identifier: BSD-3-Clause */
/* derivative.c -- the derivatives of operations of one operand, as nodes.
 *
 *     (e^a)' = e^a          (log a)' = 1/a       tanh' = 1 - tanh^2      sigmoid' = s (1 - s)
 *     softplus' = sigmoid   (a^p)' = p a^(p-1)   sqrt' = 1/(2 sqrt), 0 at 0, so that norms have a derivative at 0
 *
 * A step's derivative is 0, also where it jumps. */
#include "graph/graph.h"

static gdi_index unary(gd_graph *graph, gdi_op op, double p, gdi_index a) { return gdi_build_unary(graph, op, p, a); }

/* 1 - y^2 */
static gdi_index of_tanh(gd_graph *graph, gdi_index y) {
  return unary(graph, GDI_SHIFT, 1, unary(graph, GDI_SCALE, -1, unary(graph, GDI_SQUARE, 0, y)));
}

/* y - y^2 */
static gdi_index of_sigmoid(gd_graph *graph, gdi_index y) {
  return gdi_build_binary(graph, GDI_SUBTRACT, y, unary(graph, GDI_SQUARE, 0, y));
}

static gdi_index of_power(gd_graph *graph, double p, gdi_index a) {
  const gdi_index power = p == 2 ? a : unary(graph, GDI_POWER, p - 1, a);
  return unary(graph, GDI_SCALE, p, power);
}

gdi_index gdi_derivative_unary(gd_graph *graph, gdi_index y) {
  const gdi_node node = *gdi_node_at(graph, y);
  switch (node.op) {
  case GDI_SCALE:
    return gdi_build_fill(graph, node.p, node.rows, node.columns);
  case GDI_SHIFT:
  case GDI_SAME:
    return gdi_build_fill(graph, 1, node.rows, node.columns);
  case GDI_EXP:
    return y;
  case GDI_LOG:
    return unary(graph, GDI_RECIPROCAL, 0, node.a);
  case GDI_TANH:
    return of_tanh(graph, y);
  case GDI_SIGMOID:
    return of_sigmoid(graph, y);
  case GDI_SOFTPLUS:
    return unary(graph, GDI_SIGMOID, 0, node.a);
  case GDI_RAMP:
    return unary(graph, GDI_STEP, node.p, node.p < 0 ? node.a : y); /* of one sign, and y is there anyway */
  case GDI_SQUARE:
    return unary(graph, GDI_SCALE, 2, node.a);
  case GDI_SQRT:
    return unary(graph, GDI_SCALE, 0.5, unary(graph, GDI_INVERSE, 0, y));
  case GDI_POWER:
    return of_power(graph, node.p, node.a);
  case GDI_RECIPROCAL:
  case GDI_INVERSE:
    return unary(graph, GDI_SCALE, -1, unary(graph, GDI_SQUARE, 0, y));
  default: /* GDI_DETACH, GDI_STEP */
    return 0;
  }
}
