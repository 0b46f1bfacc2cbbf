/* SPDX-License-Identifier: BSD-3-Clause */
/* operations.c -- the list of operations is complete, and slopes keep their relative precision where functions are
 * flat.
 */
#include "support/suite.h"

#include "graph/random_graph.h"

#include "graph/graph.h"

START_TEST(every_operation_has_a_name_of_its_own) {
  for (int op = GDI_NONE; op < GDI_OPS; op++) {
    ck_assert_ptr_nonnull(gdi_op_name((gdi_op)op));
    ck_assert_uint_gt(strlen(gdi_op_name((gdi_op)op)), 0);
    for (int other = 0; other < op; other++) ck_assert_str_ne(gdi_op_name((gdi_op)op), gdi_op_name((gdi_op)other));
  }
}
END_TEST

/* The first derivatives of graphs with kinks have nodes of most operations. */
START_TEST(nodes_have_as_many_operands_as_their_operation) {
  for (uint64_t seed = 0; seed < 50; seed++) {
    random_graph own = random_graph_create(seed, 20, false);
    gd_node_gradient(random_graph_total(&own), own.nodes[0]);
    for (gdi_index k = 1; k < own.graph->nodes.count; k++) {
      const gdi_node *node = gdi_node_at(own.graph, k);
      ck_assert_uint_eq(gdi_op_operands(node->op), (size_t)(node->a != 0) + (node->b != 0));
    }
    gd_graph_destroy(own.graph);
  }
}
END_TEST

/* ---- names in messages ---- */

typedef gd_node making(gd_graph *graph, gd_node a); /* a is [2 by 3] */

static gd_node other(gd_graph *graph, size_t rows, size_t columns) {
  return gd_graph_parameter(graph, "b", 0, rows, columns);
}
static gd_node make_product_of_entries(gd_graph *graph, gd_node a) { return gd_node_multiply(a, other(graph, 2, 3)); }
static gd_node make_sum_over_rows(gd_graph *graph, gd_node a) { return (void)graph, gd_node_sum(a, GD_OVER_ROWS); }
static gd_node make_sum_over_columns(gd_graph *graph, gd_node a) {
  return (void)graph, gd_node_sum(a, GD_OVER_COLUMNS);
}
static gd_node make_product(gd_graph *graph, gd_node a) { return gd_node_product(a, other(graph, 3, 2)); }
static gd_node make_transpose(gd_graph *graph, gd_node a) { return (void)graph, gd_node_transpose(a); }
static gd_node make_slice(gd_graph *graph, gd_node a) { return (void)graph, gd_node_slice(a, 0, 0, 2, 2); }
static gd_node make_stack(gd_graph *graph, gd_node a) { return gd_node_stack(a, other(graph, 1, 3)); }
static gd_node make_beside(gd_graph *graph, gd_node a) { return gd_node_beside(a, other(graph, 2, 1)); }

START_TEST(messages_call_operations_by_their_names) {
  static const struct {
    making *make;
    const char *words;
  } rows[] = {
      {make_product_of_entries, "product by entries [2 by 3]"},
      {make_sum_over_rows, "sum over rows [1 by 3]"},
      {make_sum_over_columns, "sum over columns [2 by 1]"},
      {make_product, "matrix product [2 by 2]"},
      {make_transpose, "transpose [3 by 2]"},
      {make_slice, "slice [2 by 2]"},
      {make_stack, "stack [3 by 3]"},
      {make_beside, "beside [2 by 4]"},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_graph *graph = NULL;
    assert_ok(gd_graph_create(&graph, NULL));
    const gd_node a = gd_graph_parameter(graph, "a", 0, 2, 3);
    gd_node_add(rows[k].make(graph, a), other(graph, 7, 7)); /* shapes do not fit */
    assert_fails(gd_graph_status(graph), GD_ERR_ARGUMENT, rows[k].words);
    gd_graph_destroy(graph);
  }
}
END_TEST

/* ---- slopes ---- */

typedef gd_node curve(gd_node a);

/* The order'th derivative of a curve at x. */
static double derivative_at(curve *of, size_t order, double x, gd_precision precision) {
  gd_graph *graph = NULL;
  gd_function *function = NULL;
  double value = NAN, *outputs[] = {&value};
  assert_ok(gd_graph_create(&graph, NULL));
  assert_ok(gd_graph_set_precision(graph, precision));
  const gd_node a = gd_graph_parameter(graph, "a", 0, 1, 1);
  gd_node y = of(a);
  for (size_t k = 0; k < order; k++) y = gd_node_gradient(y, a);
  assert_ok(gd_function_create(&function, graph, 1, &y));
  assert_ok(gd_function_evaluate(function, NULL, &x, outputs));
  gd_function_destroy(function);
  gd_graph_destroy(graph);
  return value;
}

/* With e = e^-40 = 4e-18, 1 + e is 1 in doubles: sigmoid'(+-40) = e / (1 + e)^2 = e, sigmoid'' = -+e, and of softplus
 * one order later; tanh'(+-20) = 4 e, tanh'' = -+8 e.  Near 0, sigmoid'' = -x/8 and tanh'' = -2 x, to x^2. */
START_TEST(slopes_keep_their_relative_precision) {
  const double e = exp(-40), x = 1e-9;
  const struct {
    curve *of;
    size_t order;
    double at, expected;
  } rows[] = {
      {gd_node_sigmoid, 1, 40, e},       {gd_node_sigmoid, 1, -40, e},    {gd_node_sigmoid, 2, 40, -e},
      {gd_node_sigmoid, 2, -40, e},      {gd_node_sigmoid, 2, x, -x / 8}, {gd_node_softplus, 2, 40, e},
      {gd_node_softplus, 2, -40, e},     {gd_node_softplus, 3, 40, -e},   {gd_node_softplus, 1, -40, e},
      {gd_node_softplus, 3, -x, x / 8},  {gd_node_tanh, 1, 20, 4 * e},    {gd_node_tanh, 1, -20, 4 * e},
      {gd_node_tanh, 2, 20, -8 * e},     {gd_node_tanh, 2, -20, 8 * e},   {gd_node_tanh, 2, x, -2 * x},
      {gd_node_sigmoid, 1, 800, 0},      {gd_node_tanh, 1, -800, 0},      {gd_node_sigmoid, 1, 0, 0.25},
      {gd_node_sigmoid, 3, 0, -1.0 / 8}, {gd_node_tanh, 3, 0, -2},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    const double exact = derivative_at(rows[k].of, rows[k].order, rows[k].at, GD_PRECISION_DOUBLE);
    const double rounded = derivative_at(rows[k].of, rows[k].order, rows[k].at, GD_PRECISION_SINGLE);
    assert_close(exact, rows[k].expected, 1e-15, 0);
    assert_close(rounded, rows[k].expected, 1e-6, 0);
  }
}
END_TEST

TEST_SUITE("operations", every_operation_has_a_name_of_its_own, nodes_have_as_many_operands_as_their_operation,
           messages_call_operations_by_their_names, slopes_keep_their_relative_precision)
