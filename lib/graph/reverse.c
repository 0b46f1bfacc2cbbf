/* SPDX-License-Identifier: BSD-3-Clause */
/* reverse.c -- the gradient of a graph as a graph (reverse mode): adjoints from the result to the leaves.
 *
 * With g the adjoint of y, C = A B contributes g B' to A and A' g to B; the adjoint of a sum is widened, that of a
 * widened node is summed.  A node in the list x is a variable: its adjoint is complete when it is reached, and is also
 * passed on to its operands. */
#include "graph/checks.h"
#include "graph/graph.h"

#include <string.h>

/* adjoints [count of nodes], by node; 0: zero */
typedef struct reverse {
  gd_graph *graph;
  gdi_index *adjoint;
  bool *reaches; /* true for nodes that depend on one of x */
  size_t n_held; /* nodes that are taken as they are, whatever they depend on */
  const gdi_index *held;
} reverse;

static void give(reverse *own, gdi_index to, gdi_index share) {
  if (!to || !share || !own->reaches[to]) return;
  gdi_index *sum = own->adjoint + to;
  *sum = *sum ? gdi_build_binary(own->graph, GDI_ADD, *sum, share) : share;
}

static bool wants(const reverse *own, gdi_index to) { return to && own->reaches[to]; }

static gdi_index times(reverse *own, gdi_index a, gdi_index b) {
  return gdi_build_binary(own->graph, GDI_MULTIPLY, a, b);
}

static void give_narrowed(reverse *own, gdi_index to, gdi_index share) {
  if (wants(own, to)) give(own, to, gdi_build_narrow(own->graph, share, to));
}

static void reverse_product(reverse *own, const gdi_node *node, gdi_index g) {
  const bool ta = node->row, tb = node->column;
  if (wants(own, node->a))
    give(own, node->a,
         ta ? gdi_build_product(own->graph, node->b, tb, g, true)
            : gdi_build_product(own->graph, g, false, node->b, !tb));
  if (wants(own, node->b))
    give(own, node->b,
         tb ? gdi_build_product(own->graph, g, true, node->a, ta)
            : gdi_build_product(own->graph, node->a, !ta, g, false));
}

static void reverse_binary(reverse *own, const gdi_node *node, gdi_index g) {
  const bool multiply = node->op == GDI_MULTIPLY;
  if (wants(own, node->a)) give_narrowed(own, node->a, multiply ? times(own, g, node->b) : g);
  if (!wants(own, node->b)) return;
  gdi_index share = multiply ? times(own, g, node->a) : g;
  if (node->op == GDI_SUBTRACT) share = gdi_build_unary(own->graph, GDI_SCALE, -1, g);
  give_narrowed(own, node->b, share);
}

/* r = a / b gives g / b to a and -r (g / b) to b. */
static void reverse_ratio(reverse *own, gdi_index r, const gdi_node *node, gdi_index g) {
  const gdi_index share = gdi_build_ratio(own->graph, g, node->b);
  give_narrowed(own, node->a, share);
  if (wants(own, node->b))
    give_narrowed(own, node->b, gdi_build_unary(own->graph, GDI_SCALE, -1, times(own, r, share)));
}

static void reverse_join(reverse *own, const gdi_node *node, gdi_index g) {
  const gdi_node one = *gdi_node_at(own->graph, node->a), other = *gdi_node_at(own->graph, node->b);
  const bool stack = node->op == GDI_STACK;
  const gdi_window first = {0, 0, one.rows, one.columns};
  const gdi_window second = {stack ? one.rows : 0, stack ? 0 : one.columns, other.rows, other.columns};
  if (wants(own, node->a)) give(own, node->a, gdi_build_slice(own->graph, g, first));
  if (wants(own, node->b)) give(own, node->b, gdi_build_slice(own->graph, g, second));
}

static void reverse_unary(reverse *own, gdi_index y, gdi_index g) {
  const gdi_node node = *gdi_node_at(own->graph, y);
  const gdi_index slope = wants(own, node.a) ? gdi_derivative_unary(own->graph, y) : 0;
  if (slope) give(own, node.a, times(own, g, slope));
}

static void reverse_node(reverse *own, gdi_index y, gdi_index g) {
  gd_graph *graph = own->graph;
  const gdi_node node = *gdi_node_at(graph, y);
  if (!node.a || !wants(own, y)) return;
  const gdi_node inner = *gdi_node_at(graph, node.a);
  switch (node.op) {
  case GDI_ADD:
  case GDI_SUBTRACT:
  case GDI_MULTIPLY:
    reverse_binary(own, &node, g);
    break;
  case GDI_RATIO:
    reverse_ratio(own, y, &node, g);
    break;
  case GDI_NORM:
    give(own, node.a, times(own, g, gdi_build_ratio(graph, node.a, y)));
    break;
  case GDI_CHECKED:
    give(own, node.a, gdi_build_checked(graph, g, &(gdi_list){.items = (void *)&node.b, .count = 1}));
    break;
  case GDI_GATE:
    give(own, node.a, gdi_build_gate(graph, g, node.b, node.p));
    break;
  case GDI_WIDEN:
    give_narrowed(own, node.a, g);
    break;
  case GDI_SUM_ROWS:
  case GDI_SUM_COLUMNS:
    give(own, node.a, gdi_build_widen(graph, g, inner.rows, inner.columns));
    break;
  case GDI_PRODUCT:
    reverse_product(own, &node, g);
    break;
  case GDI_TRANSPOSE:
    give(own, node.a, gdi_build_transpose(graph, g));
    break;
  case GDI_SLICE:
    give(own, node.a, gdi_build_pad(graph, g, (gdi_window){node.row, node.column, inner.rows, inner.columns}));
    break;
  case GDI_PAD:
    give(own, node.a, gdi_build_slice(graph, g, (gdi_window){node.row, node.column, inner.rows, inner.columns}));
    break;
  case GDI_STACK:
  case GDI_BESIDE:
    reverse_join(own, &node, g);
    break;
  default:
    reverse_unary(own, y, g);
  }
}

static bool is_held(const reverse *own, gdi_index k) {
  for (size_t j = 0; j < own->n_held; j++)
    if (own->held[j] == k) return true;
  return false;
}

static void mark_what_reaches(reverse *own, gdi_index y, size_t count, const gdi_index *x) {
  for (size_t k = 0; k < count; k++) own->reaches[x[k]] = true;
  for (gdi_index k = 1; k <= y; k++) {
    const gdi_node *node = gdi_node_at(own->graph, k);
    const bool through = node->op != GDI_DETACH && node->op != GDI_STEP && node->op != GDI_CHECK;
    const bool by_second = wants(own, node->b) && node->op != GDI_GATE;
    if (through && (wants(own, node->a) || by_second) && !is_held(own, k)) own->reaches[k] = true;
  }
}

static void run(reverse *own, gdi_index y, gdi_index weight) {
  const gdi_node top = *gdi_node_at(own->graph, y);
  own->adjoint[y] = weight ? weight : gdi_build_fill(own->graph, 1, top.rows, top.columns);
  for (gdi_index k = y; k > 0 && own->graph->status == GD_OK; k--)
    if (own->adjoint[k]) reverse_node(own, k, own->adjoint[k]);
}

static gdi_index greatest(gdi_index y, size_t count, const gdi_index *x) {
  for (size_t k = 0; k < count; k++)
    if (x[k] > y) y = x[k];
  return y;
}

gd_status gdi_reverse_kinks(gd_graph *graph, gdi_index y, size_t count, const gdi_index *x, gdi_list *kinks) {
  reverse own = {.graph = graph, .reaches = gdi_allocate(&graph->env, (size_t)greatest(y, count, x) + 1, 1)};
  if (!own.reaches) gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for the checks of a gradient");
  if (own.reaches) mark_what_reaches(&own, y, count, x);
  if (own.reaches) gdi_checks_of_kinks(graph, 1, &y, own.reaches, kinks);
  gdi_release(&graph->env, own.reaches);
  return graph->status;
}

static gd_status find(reverse *own, gdi_index y, gdi_index weight, size_t count, const gdi_index *x,
                      gdi_index *gradients, gdi_list *kinks) {
  gd_graph *graph = own->graph;
  const size_t nodes = (size_t)greatest(y, count, x) + 1; /* those made on the way are not walked */
  own->adjoint = gdi_allocate(&graph->env, nodes, sizeof(gdi_index));
  own->reaches = gdi_allocate(&graph->env, nodes, 1);
  if (own->adjoint && own->reaches) {
    mark_what_reaches(own, y, count, x);
    gdi_checks_of_kinks(graph, 1, &y, own->reaches, kinks);
    if (own->reaches[y]) run(own, y, weight);
    for (size_t k = 0; k < count; k++) gradients[k] = own->adjoint[x[k]];
  } else {
    gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for the gradient of %s", gdi_node_describe(graph, y).text);
  }
  gdi_release(&graph->env, own->adjoint);
  gdi_release(&graph->env, own->reaches);
  return graph->status;
}

gd_status gdi_reverse(gd_graph *graph, gdi_index y, gdi_index weight, size_t count, const gdi_index *x,
                      gdi_index *gradients, gdi_list *kinks) {
  reverse own = {.graph = graph};
  return find(&own, y, weight, count, x, gradients, kinks);
}

gd_status gdi_reverse_holding(gd_graph *graph, gdi_index y, gdi_index x, size_t n_held, const gdi_index *held,
                              gdi_index *gradient, gdi_list *kinks) {
  reverse own = {.graph = graph, .n_held = n_held, .held = held};
  return find(&own, y, 0, 1, &x, gradient, kinks);
}
