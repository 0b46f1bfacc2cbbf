/* SPDX-License-Identifier: BSD-3-Clause */
/* roots.c -- norms, roots, powers and ratios, simplified when they are made.
 *
 *     sqrt(a^2) = |a|             sqrt(sum a^2) = |a|        (a^p) with p = 0, 1, 2, 1/2, -1
 *     |a|^2 = sum a^2             |a|^p = (sum a^2)^(p/2)    for even p
 *     sqrt(a)^2 = a, a >= 0       sqrt(a)^p = a^(p/2)
 *
 * Norms have a kink where they are 0, but their even powers have none; by the chain rule, without simplification, they
 * would have one.  Also, the squares of a norm's entries may overflow or underflow where the norm does not. */
#include "graph/factor.h"
#include "graph/graph.h"

#include <math.h>

#define NODE(index) (*gdi_node_at(graph, index))

static gdi_index unary(gd_graph *graph, gdi_op op, double p, gdi_index a) { return gdi_build_unary(graph, op, p, a); }

/* ---- norms ---- */

/* The axis among those that differ for this shape. */
static gd_axis axis_for(gd_axis axis, const gdi_node *node) {
  if (axis != GD_OVER_ALL) return axis;
  return node->columns == 1 ? GD_OVER_ROWS : node->rows == 1 ? GD_OVER_COLUMNS : GD_OVER_ALL;
}

static bool has_one_term(gd_axis axis, const gdi_node *node) {
  return (axis == GD_OVER_ROWS && node->rows == 1) || (axis == GD_OVER_COLUMNS && node->columns == 1);
}

gdi_index gdi_build_norm(gd_graph *graph, gd_axis axis, gdi_index a) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  axis = axis_for(axis, &node);
  if (node.op == GDI_NORM && !has_one_term(axis, &node)) return gdi_build_norm(graph, GD_OVER_ALL, node.a);
  if (has_one_term(axis, &node)) return unary(graph, GDI_ABSOLUTE, 0, a);
  if (node.op == GDI_ABSOLUTE) return gdi_build_norm(graph, axis, node.a);
  if (node.op == GDI_SCALE && gdi_factor_may_move(node.p))
    return unary(graph, GDI_SCALE, fabs(node.p), gdi_build_norm(graph, axis, node.a));
  return gdi_node_intern(graph, &(gdi_node){.op = GDI_NORM,
                                            .a = a,
                                            .rows = axis == GD_OVER_COLUMNS ? node.rows : 1,
                                            .columns = axis == GD_OVER_ROWS ? node.columns : 1,
                                            .row = axis});
}

/* The sum of squares of which a norm is the root. */
static gdi_index sum_of_squares(gd_graph *graph, const gdi_node *norm) {
  return gdi_build_sum_along(graph, (gd_axis)norm->row, unary(graph, GDI_SQUARE, 0, norm->a));
}

/* The norm whose square a is; 0 if a is no sum of squares. */
static gdi_index norm_of_squares(gd_graph *graph, gdi_index a) {
  const gdi_node outer = NODE(a);
  const bool over_rows = outer.op == GDI_SUM_ROWS, sums = over_rows || outer.op == GDI_SUM_COLUMNS;
  if (outer.op == GDI_SQUARE) return unary(graph, GDI_ABSOLUTE, 0, outer.a);
  if (!sums) return 0;
  const gdi_node inner = NODE(outer.a);
  if (inner.op == GDI_SQUARE) return gdi_build_norm(graph, over_rows ? GD_OVER_ROWS : GD_OVER_COLUMNS, inner.a);
  const bool both = inner.op == (over_rows ? GDI_SUM_COLUMNS : GDI_SUM_ROWS) && NODE(inner.a).op == GDI_SQUARE;
  return both ? gdi_build_norm(graph, GD_OVER_ALL, NODE(inner.a).a) : 0;
}

/* ---- roots and powers ---- */

static bool is_never_negative(gdi_op op) {
  return op == GDI_ABSOLUTE || op == GDI_NORM || op == GDI_SQUARE || op == GDI_SQRT || op == GDI_EXP ||
         op == GDI_SIGMOID || op == GDI_SOFTPLUS;
}

static gdi_index simpler_absolute(gd_graph *graph, gdi_index a) {
  const gdi_node node = NODE(a);
  if (is_never_negative(node.op)) return a;
  const bool moves = node.op == GDI_SCALE && gdi_factor_may_move(node.p);
  return moves ? unary(graph, GDI_SCALE, fabs(node.p), unary(graph, GDI_ABSOLUTE, 0, node.a)) : 0;
}

static gdi_index simpler_square_root(gd_graph *graph, gdi_index a) {
  const gdi_factored parts = gdi_factor_of(graph, a);
  if (parts.of == a) return norm_of_squares(graph, a);
  if (!(parts.factor > 0) || !gdi_factor_may_move(parts.factor)) return 0;
  return unary(graph, GDI_SCALE, sqrt(parts.factor), unary(graph, GDI_SQRT, 0, parts.of));
}

static gdi_index simpler_square(gd_graph *graph, gdi_index a) {
  const gdi_node node = NODE(a);
  if (node.op == GDI_ABSOLUTE) return unary(graph, GDI_SQUARE, 0, node.a);
  if (node.op == GDI_NORM) return sum_of_squares(graph, &node);
  if (node.op == GDI_SQRT) return unary(graph, GDI_NONNEGATIVE, 0, node.a);
  const bool moves = node.op == GDI_SCALE && gdi_factor_may_move(node.p * node.p);
  return moves ? unary(graph, GDI_SCALE, node.p * node.p, unary(graph, GDI_SQUARE, 0, node.a)) : 0;
}

static bool is_even(double p) { return fmod(p, 2) == 0; }

static gdi_index simpler_power(gd_graph *graph, double p, gdi_index a) {
  const gdi_node node = NODE(a);
  if (p == 0) return gdi_build_fill(graph, 1, node.rows, node.columns);
  if (p == 1) return a;
  if (p == 2) return unary(graph, GDI_SQUARE, 0, a);
  if (p == 0.5) return unary(graph, GDI_SQRT, 0, a);
  if (p == -1) return unary(graph, GDI_RECIPROCAL, 0, a);
  if (node.op == GDI_SQRT)
    return unary(graph, GDI_POWER, p / 2, is_even(p) ? unary(graph, GDI_NONNEGATIVE, 0, node.a) : node.a);
  if (node.op == GDI_ABSOLUTE && is_even(p)) return unary(graph, GDI_POWER, p, node.a);
  if (node.op == GDI_NORM && is_even(p)) return unary(graph, GDI_POWER, p / 2, sum_of_squares(graph, &node));
  return 0;
}

gdi_index gdi_build_simpler_root(gd_graph *graph, gdi_op op, double p, gdi_index a) {
  switch (op) {
  case GDI_ABSOLUTE:
    return simpler_absolute(graph, a);
  case GDI_SQRT:
    return simpler_square_root(graph, a);
  case GDI_SQUARE:
    return simpler_square(graph, a);
  case GDI_POWER:
    return simpler_power(graph, p, a);
  default:
    return 0;
  }
}

/* ---- ratios ---- */

/* Factors go outward from ratios, too. */
static gdi_index ratio_scaled(gd_graph *graph, gdi_index a, gdi_index b) {
  const gdi_factored one = gdi_factor_of(graph, a), other = gdi_factor_of(graph, b);
  const double p = one.factor / other.factor;
  if ((one.of == a && other.of == b) || !gdi_factor_may_move(p)) return 0;
  return unary(graph, GDI_SCALE, p, gdi_build_ratio(graph, one.of, other.of));
}

static size_t wider(size_t one, size_t other) { return one > other ? one : other; }

gdi_index gdi_build_ratio(gd_graph *graph, gdi_index a, gdi_index b) {
  if (!a || !b) return 0;
  const size_t rows = wider(NODE(a).rows, NODE(b).rows), columns = wider(NODE(a).columns, NODE(b).columns);
  if (NODE(a).op == GDI_FILL && NODE(a).p == 0) return gdi_build_fill(graph, 0, rows, columns);
  const gdi_index scaled = ratio_scaled(graph, a, b);
  if (scaled) return scaled;
  return gdi_node_intern(graph, &(gdi_node){.op = GDI_RATIO, .a = a, .b = b, .rows = rows, .columns = columns});
}
