/* SPDX-License-Identifier: BSD-3-Clause */
/* fuzz.c -- random graphs: programs against a plain evaluator, derivatives of the first three orders against
 * differences of the order before, and forward over reverse against reverse over forward. */
#include "support/suite.h"

#include "graph/plain.h"
#include "graph/random_graph.h"

#include <gamedyn/game.h>

enum { GRAPHS = 1000, SMOOTH_GRAPHS = 200 };

static double *normal_vector(uint64_t seed, size_t n) {
  double *x = calloc(n + 1, sizeof *x);
  gd_rng rng = gd_rng_make(seed, 5);
  gd_rng_fill_normal(&rng, n, x);
  return x;
}

/* Sums of at most 521 terms of order 1, a few levels deep: 1e-11 leaves two digits. */
static void compare_node(const plain *by_hand, gd_node node, const double *values) {
  const gdi_index k = (gdi_index)node.index;
  for (size_t i = 0; i < gd_node_rows(node) * gd_node_columns(node); i++)
    assert_close(values[i], by_hand->value[k][i], 1e-11, 1e-11);
}

static void compare_nodes(random_graph *own, size_t count, const gd_node *nodes, const double *x) {
  gd_function *function = NULL;
  double *outputs[MOST_NODES];
  for (size_t k = 0; k < count; k++)
    outputs[k] = calloc(gd_node_rows(nodes[k]) * gd_node_columns(nodes[k]), sizeof(double));
  assert_ok(gd_function_create(&function, own->graph, count, nodes));
  plain by_hand = plain_evaluate(own->graph, x, NULL);
  const bool defined = plain_is_defined(&by_hand, count, nodes);
  for (size_t again = 0; again < 2; again++) /* what is left over from once must not matter */
    ck_assert_int_eq(gd_function_evaluate(function, NULL, x, outputs), defined ? GD_OK : GD_ERR_DOMAIN);
  for (size_t k = 0; defined && k < count; k++) compare_node(&by_hand, nodes[k], outputs[k]);
  plain_release(&by_hand);
  for (size_t k = 0; k < count; k++) free(outputs[k]);
  gd_function_destroy(function);
}

START_TEST(programs_agree_with_a_plain_evaluator) {
  for (uint64_t seed = 0; seed < GRAPHS; seed++) {
    random_graph own = random_graph_create(seed, 4 + seed % 20, false);
    gd_node nodes[8];
    size_t count = 0;
    for (; count < 4; count++) nodes[count] = pick(&own);
    const gd_node total = random_graph_total(&own);
    nodes[count++] = total;
    for (size_t k = 0; k < 3; k++) nodes[count++] = gd_node_gradient(total, own.nodes[k]);
    assert_ok(gd_graph_status(own.graph));
    double *x = normal_vector(seed, gd_graph_size(own.graph, SIZE_MAX));
    compare_nodes(&own, count, nodes, x);
    free(x);
    gd_graph_destroy(own.graph);
  }
}
END_TEST

/* ---- derivatives ---- */

/* <y's entries, weights 1> of a 1 by 1 node at x + t u */
static double value_along(gd_function *function, size_t n, const double *x, const double *u, double t) {
  double *moved = calloc(n + 1, sizeof *moved), value = 0, *output[] = {&value};
  for (size_t k = 0; k < n; k++) moved[k] = x[k] + t * u[k];
  assert_ok(gd_function_evaluate(function, NULL, moved, output));
  free(moved);
  return value;
}

/* Fourth-order central differences: the error is h^4 f^(5) / 30 and rounding / h, each near 1e-11 for h = 2e-3. */
static double difference(gd_function *function, size_t n, const double *x, const double *u) {
  const double h = 2e-3;
  return (8 * (value_along(function, n, x, u, h) - value_along(function, n, x, u, -h)) -
          (value_along(function, n, x, u, 2 * h) - value_along(function, n, x, u, -2 * h))) /
         (12 * h);
}

static double evaluate_once(random_graph *own, gd_node node, const double *x) {
  gd_function *function = NULL;
  double value = 0, *output[] = {&value};
  assert_ok(gd_function_create(&function, own->graph, 1, &node));
  assert_ok(gd_function_evaluate(function, NULL, x, output));
  gd_function_destroy(function);
  return value;
}

/* The parameters of a graph, and constants as a direction for each. */
typedef struct directions {
  gd_node parameters[3], along[3];
} directions;

static directions directions_of(random_graph *own, const double *u) {
  directions d;
  for (size_t k = 0; k < 3; k++) {
    d.parameters[k] = own->nodes[k];
    d.along[k] = gd_graph_constant(own->graph, gd_node_rows(own->nodes[k]), gd_node_columns(own->nodes[k]),
                                   u + gd_node_start(own->nodes[k]));
  }
  return d;
}

/* sum over parameters of <gradient of y, direction> */
static gd_node by_reverse(random_graph *own, gd_node y, const directions *d) {
  gd_node total = gd_graph_fill(own->graph, 0, 1, 1);
  for (size_t k = 0; k < 3; k++)
    total = gd_node_add(total,
                        gd_node_sum(gd_node_multiply(gd_node_gradient(y, d->parameters[k]), d->along[k]), GD_OVER_ALL));
  return total;
}

static gd_node by_forward(random_graph *own, gd_node y, const directions *d) {
  gd_node total = gd_graph_fill(own->graph, 0, 1, 1);
  for (size_t k = 0; k < 3; k++) total = gd_node_add(total, gd_node_derivative(y, d->parameters[k], d->along[k]));
  return total;
}

static void check_order(random_graph *own, gd_node y, gd_node derivative, const double *x, const double *u) {
  const size_t n = gd_graph_size(own->graph, SIZE_MAX);
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, own->graph, 1, &y));
  const double by_differences = difference(function, n, x, u), exact = evaluate_once(own, derivative, x);
  assert_close(exact, by_differences, 1e-6, 1e-6);
  gd_function_destroy(function);
}

/* What counts as given moves under differences, and not under derivatives. */
static bool has_detached(const random_graph *own) {
  for (gdi_index k = 1; k < own->graph->nodes.count; k++)
    if (gdi_node_at(own->graph, k)->op == GDI_DETACH) return true;
  return false;
}

/* y', y'', y''' along one direction; each order once by the gradient and once along the direction, which agree to
 * rounding. */
START_TEST(derivatives_of_three_orders_agree_with_differences_and_each_other) {
  for (uint64_t seed = 0; seed < SMOOTH_GRAPHS; seed++) {
    random_graph own = random_graph_create(5000 + seed, 3 + seed % 9, true);
    const size_t n = gd_graph_size(own.graph, SIZE_MAX);
    double *x = normal_vector(seed, n), *u = normal_vector(seed + 1, n);
    for (size_t k = 0; k < n; k++) u[k] *= 0.3 / sqrt((double)n);
    const directions d = directions_of(&own, u);
    gd_node y = random_graph_total(&own);
    for (size_t order = 1; order <= 3; order++) {
      const gd_node reverse = by_reverse(&own, y, &d), forward = by_forward(&own, y, &d);
      assert_ok(gd_graph_status(own.graph));
      assert_close(evaluate_once(&own, reverse, x), evaluate_once(&own, forward, x), 1e-9, 1e-10);
      if (!has_detached(&own)) check_order(&own, y, reverse, x, u);
      y = order % 2 ? forward : reverse;
    }
    free(x);
    free(u);
    gd_graph_destroy(own.graph);
  }
}
END_TEST

TEST_SUITE("fuzz", programs_agree_with_a_plain_evaluator,
           derivatives_of_three_orders_agree_with_differences_and_each_other)
