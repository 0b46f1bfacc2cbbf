/* SPDX-License-Identifier: BSD-3-Clause */
/* node.c -- the public operations: checks the shapes; build.c creates the node. */
#include "graph/checks.h"
#include "graph/graph.h"

#include <math.h>

static gd_node none(gd_graph *graph) { return (gd_node){graph, 0}; }

static gd_node made(gd_graph *graph, gdi_index index) { return (gd_node){graph, graph->status < 0 ? 0 : index}; }

static bool is_usable(gd_node a) { return a.graph && a.index && a.graph->status == GD_OK; }

static gdi_index of(gd_node a) { return (gdi_index)a.index; }

static gdi_description describe(gd_node a) { return gdi_node_describe(a.graph, of(a)); }

/* Both usable and of one graph. */
static bool are_usable(gd_node a, gd_node b) {
  if (!is_usable(a) || !b.graph) return false;
  if (b.graph != a.graph)
    return gdi_graph_fail(a.graph, GD_ERR_ARGUMENT, "%s: the operands belong to different graphs", describe(a).text);
  return is_usable(b);
}

static gd_node misfit(gd_node a, gd_node b, const char *what, const char *expected) {
  gdi_graph_fail(a.graph, GD_ERR_ARGUMENT, "%s of %s and %s: expected %s", what, describe(a).text, describe(b).text,
                 expected);
  return none(a.graph);
}

static gd_node out_of_range(gd_node a, const char *what, double value) {
  gdi_graph_fail(a.graph, GD_ERR_ARGUMENT, "the %s for %s is %g, expected a finite number", what, describe(a).text,
                 value);
  return none(a.graph);
}

/* ---- entry by entry ---- */

static bool axis_fits(size_t a, size_t b) { return a == b || a == 1 || b == 1; }

static gd_node binary(gdi_op op, gd_node a, gd_node b, const char *what) {
  if (!are_usable(a, b)) return none(a.graph);
  if (!axis_fits(gd_node_rows(a), gd_node_rows(b)) || !axis_fits(gd_node_columns(a), gd_node_columns(b)))
    return misfit(a, b, what, "equal shapes, or 1 row, 1 column or both to be widened");
  return made(a.graph, gdi_build_binary(a.graph, op, of(a), of(b)));
}

gd_node gd_node_add(gd_node a, gd_node b) { return binary(GDI_ADD, a, b, "sum"); }
gd_node gd_node_subtract(gd_node a, gd_node b) { return binary(GDI_SUBTRACT, a, b, "difference"); }
gd_node gd_node_multiply(gd_node a, gd_node b) { return binary(GDI_MULTIPLY, a, b, "product by entries"); }
gd_node gd_node_divide(gd_node a, gd_node b) {
  return binary(GDI_MULTIPLY, a, is_usable(b) ? gd_node_reciprocal(b) : b, "quotient");
}

static gd_node unary(gdi_op op, double p, gd_node a) {
  return is_usable(a) ? made(a.graph, gdi_build_unary(a.graph, op, p, of(a))) : none(a.graph);
}

static gd_node unary_with(gdi_op op, double p, gd_node a, const char *what) {
  return is_usable(a) && !isfinite(p) ? out_of_range(a, what, p) : unary(op, p, a);
}

gd_node gd_node_scale(gd_node a, double factor) { return unary_with(GDI_SCALE, factor, a, "factor"); }
gd_node gd_node_shift(gd_node a, double term) { return unary_with(GDI_SHIFT, term, a, "term"); }
gd_node gd_node_negate(gd_node a) { return unary(GDI_SCALE, -1, a); }
gd_node gd_node_exp(gd_node a) { return unary(GDI_EXP, 0, a); }
gd_node gd_node_log(gd_node a) { return unary(GDI_LOG, 0, a); }
gd_node gd_node_tanh(gd_node a) { return unary(GDI_TANH, 0, a); }
gd_node gd_node_sigmoid(gd_node a) { return unary(GDI_SIGMOID, 0, a); }
gd_node gd_node_softplus(gd_node a) { return unary(GDI_SOFTPLUS, 0, a); }
gd_node gd_node_relu(gd_node a) { return unary(GDI_RAMP, 0, a); }
gd_node gd_node_leaky_relu(gd_node a, double slope) { return unary_with(GDI_RAMP, slope, a, "slope"); }
gd_node gd_node_step(gd_node a) { return unary(GDI_STEP, 0, a); }
gd_node gd_node_square(gd_node a) { return unary(GDI_SQUARE, 0, a); }
gd_node gd_node_sqrt(gd_node a) { return unary(GDI_SQRT, 0, a); }
gd_node gd_node_power(gd_node a, double exponent) { return unary_with(GDI_POWER, exponent, a, "exponent"); }
gd_node gd_node_reciprocal(gd_node a) { return unary(GDI_RECIPROCAL, 0, a); }
gd_node gd_node_detach(gd_node a) { return unary(GDI_DETACH, 0, a); }

gd_node gd_node_widen(gd_node a, size_t rows, size_t columns) {
  if (!is_usable(a)) return none(a.graph);
  const bool fits = (gd_node_rows(a) == rows || gd_node_rows(a) == 1) &&
                    (gd_node_columns(a) == columns || gd_node_columns(a) == 1) && rows > 0 && columns > 0 &&
                    columns <= (SIZE_MAX >> 8) / rows;
  if (fits) return made(a.graph, gdi_build_widen(a.graph, of(a), rows, columns));
  gdi_graph_fail(a.graph, GD_ERR_ARGUMENT, "%s cannot be widened to %zu by %zu", describe(a).text, rows, columns);
  return none(a.graph);
}

/* ---- sums ---- */

typedef gdi_index along_axis(gd_graph *graph, gd_axis axis, gdi_index a);

static gd_node along(along_axis *build, gd_node a, gd_axis axis, const char *what) {
  if (!is_usable(a)) return none(a.graph);
  if (axis == GD_OVER_ALL || axis == GD_OVER_ROWS || axis == GD_OVER_COLUMNS)
    return made(a.graph, build(a.graph, axis, of(a)));
  gdi_graph_fail(a.graph, GD_ERR_ARGUMENT, "the axis of a %s over %s is %d, expected a gd_axis", what, describe(a).text,
                 (int)axis);
  return none(a.graph);
}

gd_node gd_node_sum(gd_node a, gd_axis axis) { return along(gdi_build_sum_along, a, axis, "sum"); }
gd_node gd_node_norm(gd_node a, gd_axis axis) { return along(gdi_build_norm, a, axis, "norm"); }

gd_node gd_node_mean(gd_node a, gd_axis axis) {
  const gd_node sum = gd_node_sum(a, axis);
  if (!is_usable(sum)) return sum;
  const double terms =
      (double)(gd_node_rows(a) / gd_node_rows(sum)) * (double)(gd_node_columns(a) / gd_node_columns(sum));
  return gd_node_scale(sum, 1 / terms);
}

/* ---- matrices ---- */

gd_node gd_node_product(gd_node a, gd_node b) {
  if (!are_usable(a, b)) return none(a.graph);
  if (gd_node_columns(a) != gd_node_rows(b))
    return misfit(a, b, "matrix product", "as many columns in the first as rows in the second");
  return made(a.graph, gdi_build_product(a.graph, of(a), false, of(b), false));
}

gd_node gd_node_transpose(gd_node a) {
  return is_usable(a) ? made(a.graph, gdi_build_transpose(a.graph, of(a))) : none(a.graph);
}

static bool part_fits(size_t start, size_t count, size_t of_all) {
  return count > 0 && count <= of_all && start <= of_all - count;
}

gd_node gd_node_slice(gd_node a, size_t row, size_t column, size_t rows, size_t columns) {
  if (!is_usable(a)) return none(a.graph);
  if (part_fits(row, rows, gd_node_rows(a)) && part_fits(column, columns, gd_node_columns(a)))
    return made(a.graph, gdi_build_slice(a.graph, of(a), (gdi_window){row, column, rows, columns}));
  gdi_graph_fail(a.graph, GD_ERR_ARGUMENT, "a slice of %zu by %zu from (%zu, %zu) does not lie in %s", rows, columns,
                 row, column, describe(a).text);
  return none(a.graph);
}

static gd_node join(gdi_op op, gd_node a, gd_node b) {
  if (!are_usable(a, b)) return none(a.graph);
  const bool stack = op == GDI_STACK;
  if (stack ? gd_node_columns(a) != gd_node_columns(b) : gd_node_rows(a) != gd_node_rows(b))
    return misfit(a, b, stack ? "stack" : "row", stack ? "as many columns in both" : "as many rows in both");
  return made(a.graph, gdi_build_join(a.graph, op, of(a), of(b)));
}

gd_node gd_node_stack(gd_node a, gd_node b) { return join(GDI_STACK, a, b); }
gd_node gd_node_beside(gd_node a, gd_node b) { return join(GDI_BESIDE, a, b); }

/* ---- derivatives ---- */

/* Simplification may replace a node by its operands, so expressions made from it need not depend on it.  Such nodes are
 * no variables. */
static bool is_variable(gd_node x) {
  static const bool reached_through[GDI_OPS] = {
      [GDI_FILL] = true,     [GDI_WIDEN] = true,     [GDI_SCALE] = true,    [GDI_SHIFT] = true,
      [GDI_PRODUCT] = true,  [GDI_TRANSPOSE] = true, [GDI_STACK] = true,    [GDI_BESIDE] = true,
      [GDI_SLICE] = true,    [GDI_STEP] = true,      [GDI_SQUARE] = true,   [GDI_SQRT] = true,
      [GDI_ABSOLUTE] = true, [GDI_NORM] = true,      [GDI_SUM_ROWS] = true, [GDI_SUM_COLUMNS] = true,
  };
  return !reached_through[gdi_node_at(x.graph, of(x))->op];
}

static bool require_variable(gd_node x) {
  if (is_variable(x)) return true;
  gdi_graph_fail(x.graph, GD_ERR_ARGUMENT, "a derivative at %s: expected a leaf, or the result of gd_node_variable()",
                 describe(x).text);
  return false;
}

gd_node gd_node_variable(gd_node a) { return is_usable(a) && is_variable(a) ? a : unary(GDI_SAME, 0, a); }

static gd_node or_zero(gd_node like, gdi_index index) {
  if (!index && like.graph->status == GD_OK)
    index = gdi_build_fill(like.graph, 0, gd_node_rows(like), gd_node_columns(like));
  return made(like.graph, index);
}

/* The derivative, with the condition that its checks pass; releases the list of checks. */
static gd_node checked(gd_node derivative, gdi_list *kinks) {
  gd_graph *graph = derivative.graph;
  const gdi_index index = gdi_build_checked(graph, of(derivative), kinks);
  gdi_release(&graph->env, kinks->items);
  return made(graph, index);
}

gd_node gd_node_gradient(gd_node y, gd_node x) {
  if (!are_usable(y, x) || !require_variable(x)) return none(y.graph);
  const gdi_index at = of(x);
  gdi_index gradient = 0;
  gdi_list kinks = {0};
  gdi_reverse(y.graph, of(y), 0, 1, &at, &gradient, &kinks);
  return checked(or_zero(x, gradient), &kinks);
}

gd_node gd_node_derivative(gd_node y, gd_node x, gd_node direction) {
  if (!are_usable(y, x) || !are_usable(x, direction) || !require_variable(x)) return none(y.graph);
  if (gd_node_rows(direction) != gd_node_rows(x) || gd_node_columns(direction) != gd_node_columns(x))
    return misfit(x, direction, "motion", "a direction of the node's own shape");
  const gdi_index at = of(x), along = of(direction), result = of(y);
  gdi_index derivative = 0;
  gdi_list kinks = {0};
  gdi_forward(y.graph, &(gdi_move){1, &at, &along}, 1, &result, &derivative, &kinks);
  return checked(or_zero(y, derivative), &kinks);
}
