/* SPDX-License-Identifier: BSD-3-Clause */
/* forward.c -- the derivative of a graph along a direction as a graph: tangents from the leaves to the results.
 *
 * The derivative of one of the variables x is its direction, whatever the variable is made of. */
#include "graph/checks.h"
#include "graph/graph.h"

#include <string.h>

typedef struct forward {
  gd_graph *graph;
  gdi_index *tangent; /* by node; 0: stands still */
} forward;

static gdi_index times(forward *own, gdi_index a, gdi_index b) {
  return gdi_build_binary(own->graph, GDI_MULTIPLY, a, b);
}

/* a + b, 0 standing for zero; of the shape of `like` in any case */
static gdi_index plus(forward *own, gdi_index a, gdi_index b, const gdi_node *like) {
  const gdi_index sum = a && b ? gdi_build_binary(own->graph, GDI_ADD, a, b) : a ? a : b;
  return sum ? gdi_build_widen(own->graph, sum, like->rows, like->columns) : 0;
}

/* r = a / b moves by a' / b - r (b' / b). */
static gdi_index forward_ratio(forward *own, gdi_index r, const gdi_node *node) {
  gdi_index a = own->tangent[node->a], b = own->tangent[node->b];
  if (a) a = gdi_build_ratio(own->graph, a, node->b);
  if (b) b = gdi_build_unary(own->graph, GDI_SCALE, -1, times(own, r, gdi_build_ratio(own->graph, b, node->b)));
  return plus(own, a, b, node);
}

/* |a| moves by the sum of a / |a| times how a moves. */
static gdi_index forward_norm(forward *own, gdi_index y, const gdi_node *node, gdi_index t) {
  return gdi_build_sum_along(own->graph, (gd_axis)node->row, times(own, t, gdi_build_ratio(own->graph, node->a, y)));
}

static gdi_index forward_binary(forward *own, const gdi_node *node) {
  gdi_index a = own->tangent[node->a], b = own->tangent[node->b];
  if (node->op == GDI_MULTIPLY) {
    a = a ? times(own, a, node->b) : 0;
    b = b ? times(own, b, node->a) : 0;
  } else if (node->op == GDI_SUBTRACT && b) {
    b = gdi_build_unary(own->graph, GDI_SCALE, -1, b);
  }
  return plus(own, a, b, node);
}

static gdi_index forward_product(forward *own, const gdi_node *node) {
  const gdi_index a = own->tangent[node->a], b = own->tangent[node->b];
  return plus(own, a ? gdi_build_product(own->graph, a, node->row, node->b, node->column) : 0,
              b ? gdi_build_product(own->graph, node->a, node->row, b, node->column) : 0, node);
}

static gdi_index still(forward *own, gdi_index of) {
  const gdi_node node = *gdi_node_at(own->graph, of);
  return gdi_build_fill(own->graph, 0, node.rows, node.columns);
}

static gdi_index forward_join(forward *own, const gdi_node *node) {
  gdi_index a = own->tangent[node->a], b = own->tangent[node->b];
  if (!a && !b) return 0;
  if (!a) a = still(own, node->a);
  if (!b) b = still(own, node->b);
  return gdi_build_join(own->graph, node->op, a, b);
}

static gdi_index forward_unary(forward *own, gdi_index y, gdi_index t) {
  const gdi_index slope = gdi_derivative_unary(own->graph, y);
  return slope ? times(own, t, slope) : 0;
}

static gdi_index forward_node(forward *own, gdi_index y) {
  gd_graph *graph = own->graph;
  const gdi_node node = *gdi_node_at(graph, y);
  const gdi_index t = node.a ? own->tangent[node.a] : 0;
  const gdi_window window = {node.row, node.column, node.rows, node.columns};
  switch (node.op) {
  case GDI_ADD:
  case GDI_SUBTRACT:
  case GDI_MULTIPLY:
    return forward_binary(own, &node);
  case GDI_RATIO:
    return forward_ratio(own, y, &node);
  case GDI_PRODUCT:
    return forward_product(own, &node);
  case GDI_STACK:
  case GDI_BESIDE:
    return forward_join(own, &node);
  default:
    if (!t) return 0;
  }
  switch (node.op) {
  case GDI_CHECKED:
    return gdi_build_checked(graph, t, &(gdi_list){.items = (void *)&node.b, .count = 1});
  case GDI_GATE:
    return gdi_build_gate(graph, t, node.b, node.p);
  case GDI_WIDEN:
    return gdi_build_widen(graph, t, node.rows, node.columns);
  case GDI_SUM_ROWS:
  case GDI_SUM_COLUMNS:
    return gdi_build_sum(graph, node.op, t);
  case GDI_NORM:
    return forward_norm(own, y, &node, t);
  case GDI_TRANSPOSE:
    return gdi_build_transpose(graph, t);
  case GDI_SLICE:
    return gdi_build_slice(graph, t, window);
  case GDI_PAD:
    return gdi_build_pad(graph, t, window);
  default:
    return forward_unary(own, y, t);
  }
}

static void run(forward *own, const gdi_move *move, gdi_index last) {
  for (size_t k = 0; k < move->count; k++) own->tangent[move->x[k]] = move->directions[k];
  for (gdi_index k = 1; k <= last && own->graph->status == GD_OK; k++)
    if (!own->tangent[k]) own->tangent[k] = forward_node(own, k);
}

static gdi_index greatest(size_t count, const gdi_index *of, gdi_index so_far) {
  for (size_t k = 0; k < count; k++)
    if (of[k] > so_far) so_far = of[k];
  return so_far;
}

/* Find out which nodes depend on the variables. */
static void find_kinks(const forward *own, gdi_index last, size_t count, const gdi_index *y, gdi_list *kinks) {
  bool *moves = gdi_allocate(&own->graph->env, (size_t)last + 1, sizeof *moves);
  if (!moves) gdi_graph_fail(own->graph, GD_ERR_MEMORY, "no memory for a derivative along a direction");
  for (gdi_index k = 1; moves && k <= last; k++) moves[k] = own->tangent[k] != 0;
  if (moves) gdi_checks_of_kinks(own->graph, count, y, moves, kinks);
  gdi_release(&own->graph->env, moves);
}

gd_status gdi_forward(gd_graph *graph, const gdi_move *move, size_t count, const gdi_index *y, gdi_index *derivatives,
                      gdi_list *kinks) {
  const gdi_index last = greatest(count, y, 0), room = greatest(move->count, move->x, last);
  forward own = {graph, gdi_allocate(&graph->env, (size_t)room + 1, sizeof(gdi_index))};
  if (own.tangent) {
    run(&own, move, last);
    find_kinks(&own, last, count, y, kinks);
    for (size_t k = 0; k < count; k++) derivatives[k] = own.tangent[y[k]];
  } else {
    gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for a derivative along a direction");
  }
  gdi_release(&graph->env, own.tangent);
  return graph->status;
}
