/* SPDX-License-Identifier: BSD-3-Clause */
/* factors.c -- factors that move outward leave no value out of range that was in range as it was written. */
#include "support/suite.h"

#include <gamedyn/graph.h>

/* One link of a chain: the next y, [2 by 1], of y; and the factor by which y grows. */
typedef gd_node link(gd_graph *graph, gd_node y);

/* The utility is the sum over a chain's end; its gradient in y's two entries. */
static void gradient_of_chain(link *next, size_t links, double start, gd_precision precision, double *u, double *v) {
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  assert_ok(gd_graph_set_precision(graph, precision));
  gd_node y = gd_graph_parameter(graph, "y", 0, 2, 1);
  for (size_t k = 0; k < links; k++) y = next(graph, y);
  const gd_node total = gd_node_sum(y, GD_OVER_ALL);
  assert_ok(gd_game_from_graph(&game, graph, 1, &total, NULL));
  const double x[] = {start, start};
  assert_ok(gd_game_utilities(game, x, u));
  assert_ok(gd_game_gradient(game, x, v));
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}

/* y <- r y (1 - y) */
static double growth;
static gd_node logistic(gd_graph *graph, gd_node y) {
  (void)graph;
  return gd_node_scale(gd_node_multiply(y, gd_node_shift(gd_node_negate(y), 1)), growth);
}

/* The derivative is the product of r (1 - 2 y) along the way, in which nothing exceeds 1; each link rounds some times.
 */
static void check_logistic(double r, size_t links, gd_precision precision) {
  double u, v[2], y = 0.05, slope = 1;
  growth = r;
  gradient_of_chain(logistic, links, y, precision, &u, v);
  for (size_t k = 0; k < links; k++) slope *= r * (1 - 2 * y), y = r * y * (1 - y);
  const double epsilon = precision == GD_PRECISION_SINGLE ? 6e-8 : 1.2e-16;
  assert_close(u, 2 * y, 16 * epsilon * (double)links, 0);
  assert_close(v[0], slope, 16 * epsilon * (double)links, 0);
}

START_TEST(long_chains_of_the_logistic_map_stay_in_range) {
  const size_t single[] = {1, 20, 40, 50, 60, 80}, many[] = {1, 300, 600, 775, 900};
  for (size_t k = 0; k < 6; k++) check_logistic(2.5, single[k], GD_PRECISION_SINGLE);
  for (size_t k = 0; k < 5; k++) check_logistic(2.5, many[k], GD_PRECISION_DOUBLE);
  check_logistic(0.5, 1000, GD_PRECISION_DOUBLE);
}
END_TEST

/* The identity, each with a factor 8 that could be collected, and an 1/8 that could not. */
static gd_node constant(gd_graph *graph, double value, size_t rows, size_t columns) {
  const double values[] = {value, value, value, value};
  return gd_graph_constant(graph, rows, columns, values);
}
static gd_node by_entries(gd_graph *graph, gd_node y) {
  return gd_node_scale(gd_node_multiply(constant(graph, 0.125, 2, 1), y), 8);
}
static gd_node by_number(gd_graph *graph, gd_node y) {
  return gd_node_scale(gd_node_multiply(y, constant(graph, 0.125, 1, 1)), 8);
}
static gd_node by_matrix(gd_graph *graph, gd_node y) {
  return gd_node_scale(gd_node_product(constant(graph, 0.0625, 2, 2), y), 8);
}
static gd_node by_matrix_on_the_right(gd_graph *graph, gd_node y) {
  const gd_node row = gd_node_product(gd_node_transpose(y), constant(graph, 0.0625, 2, 2));
  return gd_node_transpose(gd_node_scale(row, 8));
}
static gd_node by_sum(gd_graph *graph, gd_node y) {
  const gd_node sum = gd_node_sum(gd_node_multiply(constant(graph, 0.0625, 2, 1), y), GD_OVER_ROWS);
  return gd_node_widen(gd_node_scale(sum, 8), 2, 1);
}
static gd_node by_gate(gd_graph *graph, gd_node y) {
  const gd_node open = gd_node_step(constant(graph, 1, 2, 1));
  return gd_node_scale(gd_node_multiply(gd_node_multiply(y, open), constant(graph, 0.125, 2, 1)), 8);
}
static gd_node by_addition(gd_graph *graph, gd_node y) {
  const gd_node z = gd_node_multiply(constant(graph, 0.0625, 2, 1), y);
  return gd_node_add(gd_node_scale(z, 8), gd_node_scale(z, 8));
}

/* A thousand times 8 is beyond doubles, and a hundred times beyond floats.  All values are powers of two: exact. */
START_TEST(factors_of_linear_links_stay_in_range) {
  link *const links[] = {by_entries, by_number, by_matrix, by_matrix_on_the_right, by_sum, by_gate, by_addition};
  for (size_t k = 0; k < sizeof links / sizeof *links; k++)
    for (int precision = GD_PRECISION_DOUBLE; precision <= GD_PRECISION_SINGLE; precision++) {
      double u, v[2];
      gradient_of_chain(links[k], precision == GD_PRECISION_SINGLE ? 100 : 1000, 0.5, (gd_precision)precision, &u, v);
      ck_assert_double_eq(u, 1);
      ck_assert_double_eq(v[0], 1);
      ck_assert_double_eq(v[1], 1);
    }
}
END_TEST

static double value_of(gd_graph *graph, gd_node y, double x) {
  gd_function *function = NULL;
  double value = NAN, *outputs[] = {&value};
  assert_ok(gd_function_create(&function, graph, 1, &y));
  assert_ok(gd_function_evaluate(function, NULL, &x, outputs));
  gd_function_destroy(function);
  return value;
}

/* 1e-200 (1e-200 x) is 1e-100 at 1e300, although the factors' product is 0; likewise 1e200 (1e200 x) at 1e-300; and
 * ((x + 1) + 1e-20) at -1 is 1e-20. */
START_TEST(factors_and_terms_in_a_row_are_combined_only_without_loss) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  const gd_node x = gd_graph_parameter(graph, "x", 0, 1, 1);
  assert_close(value_of(graph, gd_node_scale(gd_node_scale(x, 1e-200), 1e-200), 1e300), 1e-100, 1e-15, 0);
  assert_close(value_of(graph, gd_node_scale(gd_node_scale(x, 1e200), 1e200), 1e-300), 1e100, 1e-15, 0);
  assert_close(value_of(graph, gd_node_shift(gd_node_shift(x, 1), 1e-20), -1), 1e-20, 1e-15, 0);
  assert_close(value_of(graph, gd_node_shift(gd_node_shift(x, 1e308), 1e308), -1e308), 1e308, 1e-15, 0);
  gd_graph_destroy(graph);
}
END_TEST

TEST_SUITE("factors", long_chains_of_the_logistic_map_stay_in_range, factors_of_linear_links_stay_in_range,
           factors_and_terms_in_a_row_are_combined_only_without_loss)
