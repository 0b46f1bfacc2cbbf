/* SPDX-License-Identifier: BSD-3-Clause */
/* checks.c -- tests that a point is in the domain of a graph, and that derivatives exist there.
 *
 * The logarithm of a negative number is NaN, but steps and gates may hide it, and its slope 1/a is a valid number.  A
 * norm has no second derivative at 0, and neither has a ramp, but the formulas give a number.  So programs check the
 * operands of their operations.
 *
 * The slope of a ramp is 1 or p, that of a norm a / |a|; at 0 they have one by convention.  These slopes jump at 0, as
 * steps do, so the next derivative does not exist there.  For ramps the convention is used in all derivatives, as in
 * other systems for training networks. */
#include "graph/checks.h"

#include "base/error.h"

#include <math.h>

#define NODE(index) (*gdi_node_at(graph, index))

/* ---- requirements of operations ---- */

static gdi_requirement requirement_of_power(double p) {
  const bool whole = p == floor(p);
  if (p < 0) return whole ? GDI_NOT_ZERO : GDI_POSITIVE;
  return whole ? GDI_ANYTHING : GDI_NOT_NEGATIVE;
}

/* A reciprocal with p = 1 is the slope of a logarithm.  The root of infinity is infinite, but a number that overflowed
 * may have a finite root. */
static gdi_requirement requirement_of(const gdi_node *node) {
  switch (node->op) {
  case GDI_LOG:
    return GDI_POSITIVE;
  case GDI_SQRT:
    return GDI_FINITE_NOT_NEGATIVE;
  case GDI_NONNEGATIVE:
    return GDI_NOT_NEGATIVE;
  case GDI_RECIPROCAL:
    return node->p == 1 ? GDI_POSITIVE : GDI_NOT_ZERO;
  case GDI_POWER:
    return requirement_of_power(node->p);
  default:
    return GDI_ANYTHING;
  }
}

/* A square and the like plus a positive number. */
static bool is_surely_positive(const gd_graph *graph, gdi_index a) {
  const gdi_node node = NODE(a);
  if (node.op != GDI_SHIFT || !(node.p > 0)) return false;
  const gdi_op op = NODE(node.a).op;
  return op == GDI_SQUARE || op == GDI_ABSOLUTE || op == GDI_NORM || op == GDI_EXP || op == GDI_SIGMOID ||
         op == GDI_SOFTPLUS;
}

static bool is_sure(const gd_graph *graph, gdi_index a, gdi_requirement requirement) {
  if (requirement == GDI_ANYTHING) return true;
  return requirement != GDI_FINITE_NOT_NEGATIVE && is_surely_positive(graph, a);
}

static gdi_index build_check(gd_graph *graph, gdi_index a, gdi_requirement requirement, gdi_op op) {
  while (NODE(a).op == GDI_WIDEN || NODE(a).op == GDI_SAME || NODE(a).op == GDI_DETACH) a = NODE(a).a;
  return gdi_node_intern(
      graph, &(gdi_node){.op = GDI_CHECK, .a = a, .rows = 1, .columns = 1, .row = requirement, .column = op});
}

static gd_status add_check(gd_graph *graph, gdi_index a, gdi_requirement requirement, gdi_op op, gdi_list *checks) {
  if (is_sure(graph, a, requirement)) return GD_OK;
  const gdi_index check = build_check(graph, a, requirement, op);
  gdi_index *added = check ? gdi_list_add(checks, &graph->env, sizeof *added) : NULL;
  if (!added) gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for a check");
  if (added) *added = check;
  return graph->status;
}

/* ---- which nodes ---- */

/* The number of nodes up to the last of y[count]. */
static size_t nodes_up_to(size_t count, const gdi_index *y) {
  gdi_index last = 0;
  for (size_t k = 0; k < count; k++)
    if (y[k] > last) last = y[k];
  return (size_t)last + 1;
}

/* Marks the nodes of which y[count] consist; NULL without memory. */
static bool *find_needed(gd_graph *graph, size_t count, const gdi_index *y, size_t nodes, bool derivatives) {
  bool *needed = gdi_allocate(&graph->env, nodes, sizeof *needed);
  if (!needed) gdi_graph_fail(graph, GD_ERR_MEMORY, "no memory for the domain checks of a graph");
  for (size_t k = 0; needed && k < count; k++) needed[y[k]] = true;
  for (size_t k = nodes - 1; needed && k > 0; k--)
    if (needed[k] && !(derivatives && NODE((gdi_index)k).op == GDI_DETACH))
      needed[NODE((gdi_index)k).a] = needed[NODE((gdi_index)k).b] = true;
  return needed;
}

gd_status gdi_checks_of_domain(gd_graph *graph, size_t count, const gdi_index *y, gdi_list *checks) {
  const size_t nodes = nodes_up_to(count, y);
  bool *needed = find_needed(graph, count, y, nodes, false);
  for (gdi_index k = 1; needed && k < nodes && graph->status == GD_OK; k++) {
    const gdi_node node = NODE(k);
    if (needed[k] && node.a) add_check(graph, node.a, requirement_of(&node), node.op, checks);
  }
  gdi_release(&graph->env, needed);
  return graph->status;
}

/* The node that must not be 0 for this one to have a derivative; 0: none.
 *
 * Ramps are left out: every derivative uses their negative side.  In a network with silent units and biases of 0 the
 * operands of ramps are 0, and it would have no J. */
static gdi_index kink_of(const gd_graph *graph, const gdi_node *node, const bool *moves) {
  if (node->op == GDI_RATIO) return moves[node->a] || moves[node->b] ? node->b : 0;
  const gdi_index by = node->op == GDI_STEP ? node->a : node->op == GDI_GATE ? node->b : 0;
  return by && moves[by] && NODE(by).op != GDI_RAMP ? by : 0;
}

gd_status gdi_checks_of_kinks(gd_graph *graph, size_t count, const gdi_index *y, const bool *moves, gdi_list *kinks) {
  const size_t nodes = nodes_up_to(count, y);
  bool *needed = kinks ? find_needed(graph, count, y, nodes, true) : NULL;
  for (gdi_index k = 1; needed && k < nodes && graph->status == GD_OK; k++) {
    const gdi_node node = NODE(k);
    const gdi_index kink = needed[k] ? kink_of(graph, &node, moves) : 0;
    if (kink) add_check(graph, kink, GDI_NO_KINK, node.op, kinks);
  }
  gdi_release(&graph->env, needed);
  return graph->status;
}

gdi_index gdi_build_checked(gd_graph *graph, gdi_index a, const gdi_list *checks) {
  for (size_t k = 0; a && k < checks->count; k++) {
    const gdi_node node = NODE(a);
    a = gdi_node_intern(graph, &(gdi_node){.op = GDI_CHECKED,
                                           .a = a,
                                           .b = ((const gdi_index *)checks->items)[k],
                                           .rows = node.rows,
                                           .columns = node.columns});
  }
  return a;
}

/* ---- words ---- */

gd_status gdi_check_fail(const gd_graph *graph, gdi_index check, size_t at) {
  static const char *const expected[GDI_REQUIREMENTS] = {
      [GDI_ANYTHING] = "a number",
      [GDI_POSITIVE] = "a positive number",
      [GDI_NOT_NEGATIVE] = "a number from 0",
      [GDI_FINITE_NOT_NEGATIVE] = "a finite number from 0",
      [GDI_NOT_ZERO] = "a number other than 0",
      [GDI_NO_KINK] = "a number other than 0",
  };
  const gdi_node node = NODE(check);
  const size_t rows = NODE(node.a).rows, row = at % rows, column = at / rows;
  const gdi_description what = gdi_node_describe(graph, node.a);
  if (node.row == GDI_NO_KINK)
    return gdi_fail(GD_ERR_DOMAIN,
                    "%s is 0 in row %zu, column %zu: the operand has a jump there, so it has no derivative", what.text,
                    row, column);
  return gdi_fail(GD_ERR_DOMAIN, "%s of %s: row %zu, column %zu is outside the domain, expected %s",
                  gdi_op_name((gdi_op)node.column), what.text, row, column, expected[node.row]);
}
