/* SPDX-License-Identifier: BSD-3-Clause */
/* A graph evaluated the plain way: node after node, entry after entry, nothing fused and no memory shared. */
#ifndef TESTS_GRAPH_PLAIN_H
#define TESTS_GRAPH_PLAIN_H

#include "graph/graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct plain {
  const gd_graph *graph;
  const double *x, *u; /* the point and a direction */
  double **value;      /* by node */
} plain;

static double plain_at(const plain *own, gdi_index k, size_t i, size_t j) {
  const gdi_node *node = gdi_node_at(own->graph, k);
  return own->value[k][(node->rows == 1 ? 0 : i) + (node->columns == 1 ? 0 : j) * node->rows];
}

static double plain_unary(const gdi_node *node, double a) {
  switch (node->op) {
  case GDI_SCALE:
    return node->p * a;
  case GDI_SHIFT:
    return a + node->p;
  case GDI_EXP:
    return exp(a);
  case GDI_LOG:
    return log(a);
  case GDI_TANH:
    return tanh(a);
  case GDI_SECH2:
    return 1 / (cosh(node->p * a) * cosh(node->p * a));
  case GDI_SIGMOID:
    return 0.5 + 0.5 * tanh(a / 2);
  case GDI_SOFTPLUS:
    return log(1 + exp(a));
  case GDI_RAMP:
    return a > 0 ? a : node->p * a;
  case GDI_STEP:
    return a > 0 ? 1 : node->p;
  case GDI_SQUARE:
    return a * a;
  case GDI_SQRT:
    return sqrt(a);
  case GDI_POWER:
    return pow(a, node->p);
  case GDI_RECIPROCAL:
    return 1 / a;
  case GDI_ABSOLUTE:
    return fabs(a);
  case GDI_NONNEGATIVE:
    return a >= 0 ? a : (double)NAN;
  default: /* GDI_WIDEN, GDI_DETACH */
    return a;
  }
}

static double plain_product(const plain *own, const gdi_node *node, size_t i, size_t j) {
  const gdi_node *left = gdi_node_at(own->graph, node->a), *right = gdi_node_at(own->graph, node->b);
  const size_t terms = node->row ? left->rows : left->columns;
  double sum = 0;
  for (size_t k = 0; k < terms; k++)
    sum += own->value[node->a][node->row ? k + i * left->rows : i + k * left->rows] *
           own->value[node->b][node->column ? j + k * right->rows : k + j * right->rows];
  return sum;
}

static double plain_sum(const plain *own, const gdi_node *node, size_t i, size_t j) {
  const gdi_node *inner = gdi_node_at(own->graph, node->a);
  double sum = 0;
  if (node->op == GDI_SUM_ROWS)
    for (size_t k = 0; k < inner->rows; k++) sum += own->value[node->a][k + j * inner->rows];
  else
    for (size_t k = 0; k < inner->columns; k++) sum += own->value[node->a][i + k * inner->rows];
  return sum;
}

static double plain_norm(const plain *own, const gdi_node *node, size_t i, size_t j) {
  const gdi_node *inner = gdi_node_at(own->graph, node->a);
  const double *a = own->value[node->a];
  double norm = 0;
  for (size_t k = 0; k < inner->columns; k++)
    for (size_t r = 0; r < inner->rows; r++)
      if ((node->rows == 1 || r == i) && (node->columns == 1 || k == j)) norm = hypot(norm, a[r + k * inner->rows]);
  return norm;
}

static double plain_ratio(double a, double b) { return b == 0 ? 0 : isinf(b) ? (double)NAN : a / b; }

static double plain_part(const plain *own, const gdi_node *node, size_t i, size_t j) {
  const gdi_node *inner = gdi_node_at(own->graph, node->a);
  if (node->op == GDI_SLICE) return own->value[node->a][i + node->row + (j + node->column) * inner->rows];
  if (node->op == GDI_TRANSPOSE) return own->value[node->a][j + i * inner->rows];
  if (node->op == GDI_PAD) {
    const bool inside =
        i >= node->row && i < node->row + inner->rows && j >= node->column && j < node->column + inner->columns;
    return inside ? own->value[node->a][i - node->row + (j - node->column) * inner->rows] : 0;
  }
  const bool stack = node->op == GDI_STACK, first = stack ? i < inner->rows : j < inner->columns;
  const gdi_node *other = gdi_node_at(own->graph, node->b);
  if (first) return own->value[node->a][i + j * inner->rows];
  return own->value[node->b][stack ? i - inner->rows + j * other->rows : i + (j - inner->columns) * other->rows];
}

static double plain_entry(const plain *own, const gdi_node *node, size_t i, size_t j) {
  switch (node->op) {
  case GDI_FILL:
    return node->p;
  case GDI_ADD:
    return plain_at(own, node->a, i, j) + plain_at(own, node->b, i, j);
  case GDI_SUBTRACT:
    return plain_at(own, node->a, i, j) - plain_at(own, node->b, i, j);
  case GDI_MULTIPLY:
    return plain_at(own, node->a, i, j) * plain_at(own, node->b, i, j);
  case GDI_CHECKED:
    return plain_at(own, node->a, i, j);
  case GDI_CHECK:
    return 0; /* no result of a program */
  case GDI_GATE:
    return plain_at(own, node->a, i, j) * (plain_at(own, node->b, i, j) > 0 ? 1 : node->p);
  case GDI_RATIO:
    return plain_ratio(plain_at(own, node->a, i, j), plain_at(own, node->b, i, j));
  case GDI_NORM:
    return plain_norm(own, node, i, j);
  case GDI_SUM_ROWS:
  case GDI_SUM_COLUMNS:
    return plain_sum(own, node, i, j);
  case GDI_PRODUCT:
    return plain_product(own, node, i, j);
  case GDI_TRANSPOSE:
  case GDI_SLICE:
  case GDI_PAD:
  case GDI_STACK:
  case GDI_BESIDE:
    return plain_part(own, node, i, j);
  default:
    return plain_unary(node, plain_at(own, node->a, i, j));
  }
}

static void plain_leaf(const plain *own, const gdi_node *node, double *out) {
  static const gd_draw zeros = {0};
  if (node->op == GDI_CONSTANT) {
    memcpy(out, ((double *const *)own->graph->constants.items)[node->column], node->rows * node->columns * sizeof *out);
  } else if (node->op == GDI_INPUT) {
    const gd_sampler *sampler = &gdi_input_at(own->graph, node->column)->sampler;
    sampler->fill(sampler->context, &zeros, node->rows, node->columns, out);
  } else {
    const double *from = node->row == GDI_POINT ? own->x : own->u;
    for (size_t k = 0; k < node->rows * node->columns; k++)
      out[k] = from ? from[gdi_parameter_start(own->graph, node->column) + k] : 0;
  }
}

/* Every node of the graph at x (and u, or NULL); value[k] is node k, until plain_release(). */
static inline plain plain_evaluate(const gd_graph *graph, const double *x, const double *u) {
  plain own = {graph, x, u, calloc(graph->nodes.count, sizeof(double *))};
  for (gdi_index k = 1; k < graph->nodes.count; k++) {
    const gdi_node *node = gdi_node_at(graph, k);
    own.value[k] = calloc(node->rows * node->columns, sizeof(double));
    if (node->op <= GDI_CONSTANT)
      plain_leaf(&own, node, own.value[k]);
    else
      for (size_t j = 0; j < node->columns; j++)
        for (size_t i = 0; i < node->rows; i++) own.value[k][i + j * node->rows] = plain_entry(&own, node, i, j);
  }
  return own;
}

/* Whether the operation is defined for this entry of its operand. */
static bool plain_fits(const gdi_node *node, double a) {
  const bool whole = node->p == floor(node->p);
  switch (node->op) {
  case GDI_LOG:
    return a > 0;
  case GDI_SQRT:
    return a >= 0 && isfinite(a);
  case GDI_NONNEGATIVE:
    return a >= 0;
  case GDI_RECIPROCAL: /* with p = 1 a logarithm's slope */
    return node->p == 1 ? a > 0 : a != 0;
  case GDI_POWER:
    return (whole || a >= 0) && (node->p > 0 || a != 0);
  case GDI_CHECK: /* of kinks; the others repeat what is above */
    return a != 0;
  default:
    return true;
  }
}

/* Whether every operation that these nodes are made of is defined, and has the derivatives that are taken. */
static inline bool plain_is_defined(const plain *own, size_t count, const gd_node *nodes) {
  bool *needed = calloc(own->graph->nodes.count, sizeof *needed), defined = true;
  for (size_t k = 0; k < count; k++) needed[nodes[k].index] = true;
  for (size_t k = own->graph->nodes.count - 1; k > 0; k--) {
    const gdi_node *node = gdi_node_at(own->graph, (gdi_index)k);
    if (!needed[k]) continue;
    needed[node->a] = needed[node->b] = true;
    for (size_t i = 0;
         node->a && i < gdi_node_at(own->graph, node->a)->rows * gdi_node_at(own->graph, node->a)->columns; i++)
      if (!plain_fits(node, own->value[node->a][i])) defined = false;
  }
  free(needed);
  return defined;
}

static inline void plain_release(plain *own) {
  for (size_t k = 1; k < own->graph->nodes.count; k++) free(own->value[k]);
  free(own->value);
}

#endif
