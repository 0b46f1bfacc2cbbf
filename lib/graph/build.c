/* SPDX-License-Identifier: BSD-3-Clause */
/* build.c -- creates nodes and simplifies them.  Derivatives of derivatives consist mostly of zeros, ones, transposes
 * of transposes and scalars that are widened and summed again; none of these should be computed.
 *
 * Simplification assumes finite values: 0 a becomes 0 for any a, and (p a) b becomes p (a b), which applies a factor
 * later.  The factor left out of a value this way is between 2^-24 and 2^24 (factor.c), so a value overflows or
 * underflows only if it was close to doing so as it was written. */
#include "graph/factor.h"
#include "graph/graph.h"
#include "graph/scalar.h"

#include <math.h>

#define NODE(index) (*gdi_node_at(graph, index))

static bool has_shape(const gdi_node *node, size_t rows, size_t columns) {
  return node->rows == rows && node->columns == columns;
}

static gdi_index make(gd_graph *graph, gdi_node node) { return gdi_node_intern(graph, &node); }

gdi_index gdi_build_fill(gd_graph *graph, double value, size_t rows, size_t columns) {
  return make(graph, (gdi_node){.op = GDI_FILL, .p = value, .rows = rows, .columns = columns});
}

/* ---- entry by entry ---- */

/* Two successive scalings, or shifts, become one if that loses no precision; a scaling by 1 or a shift by 0 is left
 * out. */
static gdi_index build_affine(gd_graph *graph, gdi_op op, double p, gdi_index a) {
  const gdi_node node = NODE(a);
  const bool scale = op == GDI_SCALE;
  if (scale && p == 0) return gdi_build_fill(graph, 0, node.rows, node.columns);
  if (p == (scale ? 1 : 0)) return a;
  if (node.op == op && (scale ? gdi_factors_combine(p, node.p) : gdi_terms_combine(p, node.p)))
    return build_affine(graph, op, scale ? p * node.p : p + node.p, node.a);
  return make(graph, (gdi_node){.op = op, .a = a, .p = p, .rows = node.rows, .columns = node.columns});
}

gdi_index gdi_build_unary(gd_graph *graph, gdi_op op, double p, gdi_index a) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  if (node.op == GDI_FILL && op != GDI_SAME && isfinite(gdi_scalar_unary(op, p, node.p)))
    return gdi_build_fill(graph, gdi_scalar_unary(op, p, node.p), node.rows, node.columns);
  if (node.op == GDI_WIDEN && op != GDI_DETACH && op != GDI_SAME)
    return gdi_build_widen(graph, gdi_build_unary(graph, op, p, node.a), node.rows, node.columns);
  if (op == GDI_SCALE || op == GDI_SHIFT) return build_affine(graph, op, p, a);
  const gdi_index simpler = gdi_build_simpler_root(graph, op, p, a);
  if (simpler) return simpler;
  return make(graph, (gdi_node){.op = op, .a = a, .p = p, .rows = node.rows, .columns = node.columns});
}

gdi_index gdi_build_widen(gd_graph *graph, gdi_index a, size_t rows, size_t columns) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  if (has_shape(&node, rows, columns)) return a;
  if (node.op == GDI_FILL) return gdi_build_fill(graph, node.p, rows, columns);
  if (node.op == GDI_WIDEN) return gdi_build_widen(graph, node.a, rows, columns);
  return make(graph, (gdi_node){.op = GDI_WIDEN, .a = a, .rows = rows, .columns = columns});
}

static size_t wider(size_t one, size_t other) { return one > other ? one : other; }

/* The operand before it was widened, if the other one is wide enough to widen the result. */
static gdi_index unwidened(const gd_graph *graph, gdi_index a, gdi_index other) {
  const gdi_node node = NODE(a), with = NODE(other);
  if (node.op != GDI_WIDEN) return a;
  const gdi_node *inner = &NODE(node.a);
  const bool same = wider(inner->rows, with.rows) == node.rows && wider(inner->columns, with.columns) == node.columns;
  return same ? node.a : a;
}

/* a op p for p the same everywhere, a being as large as the result. */
static gdi_index with_number(gd_graph *graph, gdi_op op, gdi_index a, double p) {
  if (op == GDI_MULTIPLY) return gdi_build_unary(graph, GDI_SCALE, p, a);
  return gdi_build_unary(graph, GDI_SHIFT, op == GDI_ADD ? p : -p, a);
}

static gdi_index with_left_number(gd_graph *graph, gdi_op op, double p, gdi_index b) {
  if (op != GDI_SUBTRACT) return with_number(graph, op, b, p);
  return gdi_build_unary(graph, GDI_SHIFT, p, gdi_build_unary(graph, GDI_SCALE, -1, b));
}

/* Sums and products commute: one order for both, so that they are one node. */
static void order(gdi_op op, gdi_index *a, gdi_index *b) {
  if ((op != GDI_ADD && op != GDI_MULTIPLY) || *a <= *b) return;
  const gdi_index first = *a;
  *a = *b, *b = first;
}

gdi_index gdi_build_gate(gd_graph *graph, gdi_index a, gdi_index b, double p) {
  if (!a || !b) return 0;
  const gdi_node node = NODE(a);
  if (node.op == GDI_FILL && node.p == 0) return a;
  if (node.op == GDI_SCALE && gdi_factor_may_move(node.p))
    return gdi_build_unary(graph, GDI_SCALE, node.p, gdi_build_gate(graph, node.a, b, p));
  return make(graph, (gdi_node){.op = GDI_GATE, .a = a, .b = b, .p = p, .rows = node.rows, .columns = node.columns});
}

/* a times b if b is a step, all three being of one shape; otherwise 0. */
static gdi_index gate_by_step(gd_graph *graph, gdi_index a, gdi_index b) {
  const gdi_node step = NODE(b);
  if (step.op != GDI_STEP || !has_shape(&NODE(a), step.rows, step.columns)) return 0;
  return gdi_build_gate(graph, a, step.a, step.p);
}

/* p a times q b becomes p q times (a b), so a value that differs by a factor between two players is computed once.  0
 * if there is no such factor, or if it may not be moved. */
static gdi_index multiply_scaled(gd_graph *graph, gdi_index a, gdi_index b) {
  const gdi_factored one = gdi_factor_of(graph, a), other = gdi_factor_of(graph, b);
  const double p = one.factor * other.factor;
  if ((one.of == a && other.of == b) || !gdi_factor_may_move(p)) return 0;
  return gdi_build_unary(graph, GDI_SCALE, p, gdi_build_binary(graph, GDI_MULTIPLY, one.of, other.of));
}

static gdi_index build_multiply(gd_graph *graph, gdi_index a, gdi_index b) {
  if (a == b) return gdi_build_unary(graph, GDI_SQUARE, 0, a);
  gdi_index simpler = multiply_scaled(graph, a, b);
  if (!simpler) simpler = gate_by_step(graph, a, b);
  return simpler ? simpler : gate_by_step(graph, b, a);
}

/* p a + p b becomes p (a + b), and p a + -p b becomes p (a - b); 0 for other factors. */
static gdi_index add_scaled(gd_graph *graph, gdi_op op, gdi_index a, gdi_index b) {
  const gdi_node one = NODE(a), other = NODE(b);
  if (one.op != GDI_SCALE || other.op != GDI_SCALE || fabs(one.p) != fabs(other.p)) return 0;
  if (!gdi_factor_may_move(one.p)) return 0;
  const gdi_op with = one.p == other.p ? op : op == GDI_ADD ? GDI_SUBTRACT : GDI_ADD;
  return gdi_build_unary(graph, GDI_SCALE, one.p, gdi_build_binary(graph, with, one.a, other.a));
}

gdi_index gdi_build_binary(gd_graph *graph, gdi_op op, gdi_index a, gdi_index b) {
  if (!a || !b) return 0;
  const size_t rows = wider(NODE(a).rows, NODE(b).rows), columns = wider(NODE(a).columns, NODE(b).columns);
  if (NODE(b).op == GDI_FILL && (has_shape(&NODE(a), rows, columns) || (op == GDI_MULTIPLY && NODE(b).p == 0)))
    return gdi_build_widen(graph, with_number(graph, op, a, NODE(b).p), rows, columns);
  if (NODE(a).op == GDI_FILL && (has_shape(&NODE(b), rows, columns) || (op == GDI_MULTIPLY && NODE(a).p == 0)))
    return gdi_build_widen(graph, with_left_number(graph, op, NODE(a).p, b), rows, columns);
  if (op == GDI_SUBTRACT && a == b) return gdi_build_fill(graph, 0, rows, columns);
  a = unwidened(graph, a, b);
  b = unwidened(graph, b, a);
  const gdi_index simpler = op == GDI_MULTIPLY ? build_multiply(graph, a, b) : add_scaled(graph, op, a, b);
  if (simpler) return simpler;
  order(op, &a, &b);
  return make(graph, (gdi_node){.op = op, .a = a, .b = b, .rows = rows, .columns = columns});
}

/* ---- sums ---- */

gdi_index gdi_build_sum(gd_graph *graph, gdi_op op, gdi_index a) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  const bool over_rows = op == GDI_SUM_ROWS;
  const size_t terms = over_rows ? node.rows : node.columns;
  const size_t rows = over_rows ? 1 : node.rows, columns = over_rows ? node.columns : 1;
  if (terms == 1) return a;
  if (node.op == GDI_FILL) return gdi_build_fill(graph, node.p * (double)terms, rows, columns);
  if (node.op == GDI_SCALE && gdi_factor_may_move(node.p))
    return gdi_build_unary(graph, GDI_SCALE, node.p, gdi_build_sum(graph, op, node.a));
  if (node.op == GDI_WIDEN && (over_rows ? NODE(node.a).rows : NODE(node.a).columns) == 1)
    return gdi_build_widen(graph, gdi_build_unary(graph, GDI_SCALE, (double)terms, node.a), rows, columns);
  return make(graph, (gdi_node){.op = op, .a = a, .rows = rows, .columns = columns});
}

gdi_index gdi_build_sum_along(gd_graph *graph, gd_axis axis, gdi_index a) {
  if (a && axis != GD_OVER_COLUMNS) a = gdi_build_sum(graph, GDI_SUM_ROWS, a);
  if (a && axis != GD_OVER_ROWS) a = gdi_build_sum(graph, GDI_SUM_COLUMNS, a);
  return a;
}

gdi_index gdi_build_narrow(gd_graph *graph, gdi_index a, gdi_index like) {
  if (!a) return 0;
  const gdi_node to = NODE(like);
  if (to.rows == 1) a = gdi_build_sum(graph, GDI_SUM_ROWS, a);
  if (a && to.columns == 1) a = gdi_build_sum(graph, GDI_SUM_COLUMNS, a);
  return a;
}

/* ---- matrices ---- */

gdi_index gdi_build_transpose(gd_graph *graph, gdi_index a) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  if (node.rows == 1 && node.columns == 1) return a;
  if (node.op == GDI_TRANSPOSE) return node.a;
  if (node.op == GDI_FILL) return gdi_build_fill(graph, node.p, node.columns, node.rows);
  if (node.op == GDI_PRODUCT) return gdi_build_product(graph, node.b, !node.column, node.a, !node.row);
  return make(graph, (gdi_node){.op = GDI_TRANSPOSE, .a = a, .rows = node.columns, .columns = node.rows});
}

/* The product of the nodes of which a and b are multiples, times both factors; 0 if there are no factors, or if they
 * may not be moved. */
static gdi_index product_scaled(gd_graph *graph, gdi_index a, bool transpose_a, gdi_index b, bool transpose_b) {
  const gdi_factored one = gdi_factor_of(graph, a), other = gdi_factor_of(graph, b);
  const double p = one.factor * other.factor;
  if ((one.of == a && other.of == b) || !gdi_factor_may_move(p)) return 0;
  return gdi_build_unary(graph, GDI_SCALE, p, gdi_build_product(graph, one.of, transpose_a, other.of, transpose_b));
}

gdi_index gdi_build_product(gd_graph *graph, gdi_index a, bool transpose_a, gdi_index b, bool transpose_b) {
  if (!a || !b) return 0;
  if (NODE(a).op == GDI_TRANSPOSE) return gdi_build_product(graph, NODE(a).a, !transpose_a, b, transpose_b);
  if (NODE(b).op == GDI_TRANSPOSE) return gdi_build_product(graph, a, transpose_a, NODE(b).a, !transpose_b);
  const gdi_index scaled = product_scaled(graph, a, transpose_a, b, transpose_b);
  if (scaled) return scaled;
  const gdi_node left = NODE(a), right = NODE(b);
  const size_t rows = transpose_a ? left.columns : left.rows, columns = transpose_b ? right.rows : right.columns;
  const size_t terms = transpose_a ? left.rows : left.columns;
  if ((left.op == GDI_FILL && left.p == 0) || (right.op == GDI_FILL && right.p == 0))
    return gdi_build_fill(graph, 0, rows, columns);
  if (terms == 1 && (rows == 1 || columns == 1)) /* a number times a vector can be fused */
    return gdi_build_binary(graph, GDI_MULTIPLY, transpose_a ? gdi_build_transpose(graph, a) : a,
                            transpose_b ? gdi_build_transpose(graph, b) : b);
  return make(graph, (gdi_node){.op = GDI_PRODUCT,
                                .a = a,
                                .b = b,
                                .rows = rows,
                                .columns = columns,
                                .row = transpose_a,
                                .column = transpose_b});
}

/* ---- parts ---- */

/* The slice of a join that lies in one of its parts; 0 if it lies in both. */
static gdi_index slice_of_part(gd_graph *graph, const gdi_node *join, gdi_window window) {
  const bool stack = join->op == GDI_STACK;
  const size_t first = stack ? NODE(join->a).rows : NODE(join->a).columns;
  size_t *start = stack ? &window.row : &window.column;
  const size_t count = stack ? window.rows : window.columns;
  if (*start + count <= first) return gdi_build_slice(graph, join->a, window);
  if (*start < first) return 0;
  *start -= first;
  return gdi_build_slice(graph, join->b, window);
}

gdi_index gdi_build_slice(gd_graph *graph, gdi_index a, gdi_window window) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  if (has_shape(&node, window.rows, window.columns)) return a;
  if (node.op == GDI_FILL) return gdi_build_fill(graph, node.p, window.rows, window.columns);
  if (node.op == GDI_STACK || node.op == GDI_BESIDE) {
    const gdi_index part = slice_of_part(graph, &node, window);
    if (part) return part;
  }
  return make(graph, (gdi_node){.op = GDI_SLICE,
                                .a = a,
                                .rows = window.rows,
                                .columns = window.columns,
                                .row = window.row,
                                .column = window.column});
}

gdi_index gdi_build_pad(gd_graph *graph, gdi_index a, gdi_window window) {
  if (!a) return 0;
  const gdi_node node = NODE(a);
  if (has_shape(&node, window.rows, window.columns)) return a;
  if (node.op == GDI_FILL && node.p == 0) return gdi_build_fill(graph, 0, window.rows, window.columns);
  return make(graph, (gdi_node){.op = GDI_PAD,
                                .a = a,
                                .rows = window.rows,
                                .columns = window.columns,
                                .row = window.row,
                                .column = window.column});
}

gdi_index gdi_build_join(gd_graph *graph, gdi_op op, gdi_index a, gdi_index b) {
  if (!a || !b) return 0;
  const gdi_node one = NODE(a), other = NODE(b);
  const size_t rows = op == GDI_STACK ? one.rows + other.rows : one.rows;
  const size_t columns = op == GDI_STACK ? one.columns : one.columns + other.columns;
  if (one.op == GDI_FILL && other.op == GDI_FILL && one.p == other.p)
    return gdi_build_fill(graph, one.p, rows, columns);
  return make(graph, (gdi_node){.op = op, .a = a, .b = b, .rows = rows, .columns = columns});
}
