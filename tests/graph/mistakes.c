/* SPDX-License-Identifier: BSD-3-Clause */
/* mistakes.c -- what does not fit in a graph, and the words for it. */
#include "support/suite.h"

#include <gamedyn/data.h>
#include <gamedyn/graph.h>

static gd_graph *create(void) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  return graph;
}

typedef gd_node mistake(gd_graph *graph, gd_node a); /* a is "a", 2 by 3 */

static gd_node bad_sum(gd_graph *graph, gd_node a) {
  return gd_node_exp(gd_node_add(a, gd_node_name(gd_graph_fill(graph, 1, 3, 2), "c")));
}
static gd_node bad_product(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_product(a, gd_node_tanh(a));
}
static gd_node bad_slice(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_slice(a, 1, 1, 2, 1);
}
static gd_node bad_stack(gd_graph *graph, gd_node a) { return gd_node_stack(a, gd_graph_fill(graph, 0, 1, 2)); }
static gd_node bad_row(gd_graph *graph, gd_node a) { return gd_node_beside(a, gd_graph_fill(graph, 0, 1, 3)); }
static gd_node bad_widening(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_widen(a, 4, 3);
}
static gd_node bad_factor(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_scale(a, INFINITY);
}
static gd_node bad_axis(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_mean(a, (gd_axis)7);
}
static gd_node bad_direction(gd_graph *graph, gd_node a) {
  return gd_node_derivative(gd_node_tanh(a), a, gd_graph_fill(graph, 1, 2, 1));
}
static gd_node no_variable(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_gradient(gd_node_scale(gd_node_scale(a, 2), 3), gd_node_scale(a, 2));
}
static gd_node bad_parameter(gd_graph *graph, gd_node a) {
  (void)a;
  return gd_graph_parameter(graph, "b", 0, 0, 3);
}
static gd_node long_parameter(gd_graph *graph, gd_node a) {
  (void)a;
  return gd_graph_fill(graph, 1, (size_t)1 << 31, 1);
}
static gd_node wide_sum(gd_graph *graph, gd_node a) {
  const gd_node row = gd_graph_fill(graph, 1, 1, ((size_t)1 << 31) - 3);
  return gd_node_beside(gd_node_slice(a, 0, 0, 1, 3), row);
}
static gd_node bad_constant(gd_graph *graph, gd_node a) {
  (void)a;
  return gd_graph_constant(graph, 1, 2, (const double[]){1, NAN});
}
static gd_node no_values(gd_graph *graph, gd_node a) {
  (void)a;
  return gd_graph_constant(graph, 1, 2, NULL);
}
static gd_node bad_sampler(gd_graph *graph, gd_node a) {
  (void)a;
  return gd_graph_input(graph, "z", 2, 2, &(gd_sampler){.struct_size = sizeof(gd_sampler)});
}
static gd_node no_name(gd_graph *graph, gd_node a) {
  (void)graph;
  return gd_node_name(a, NULL);
}

START_TEST(the_first_mistake_is_kept_with_its_words) {
  static const struct {
    mistake *make;
    gd_status status;
    const char *words;
  } rows[] = {
      {bad_sum, GD_ERR_ARGUMENT, "sum of \"a\" [2 by 3] and \"c\" [3 by 2]: expected equal shapes"},
      {bad_product, GD_ERR_ARGUMENT, "matrix product of \"a\" [2 by 3] and node 2, tanh [2 by 3]: expected as many"},
      {bad_slice, GD_ERR_ARGUMENT, "a slice of 2 by 1 from (1, 1) does not lie in \"a\" [2 by 3]"},
      {bad_stack, GD_ERR_ARGUMENT, "expected as many columns in both"},
      {bad_row, GD_ERR_ARGUMENT, "expected as many rows in both"},
      {bad_widening, GD_ERR_ARGUMENT, "\"a\" [2 by 3] cannot be widened to 4 by 3"},
      {bad_factor, GD_ERR_ARGUMENT, "the factor for \"a\" [2 by 3] is inf"},
      {bad_axis, GD_ERR_ARGUMENT, "the axis of a sum over \"a\" [2 by 3] is 7"},
      {bad_direction, GD_ERR_ARGUMENT, "expected a direction of the node's own shape"},
      {no_variable, GD_ERR_ARGUMENT, "a derivative at node 2, scale [2 by 3]: expected a leaf, or the result of"},
      {long_parameter, GD_ERR_UNSUPPORTED, "a node of 2147483648 by 1, expected at most 2147483647"},
      {wide_sum, GD_ERR_UNSUPPORTED, "a node of 1 by 2147483648, expected at most 2147483647"},
      {bad_parameter, GD_ERR_ARGUMENT, "a parameter is 0 by 3, expected 1 or more"},
      {bad_constant, GD_ERR_NONFINITE, "values[1] (row 0, column 1) is nan"},
      {no_values, GD_ERR_ARGUMENT, "values is NULL, expected 1 by 2 numbers"},
      {bad_sampler, GD_ERR_ARGUMENT, "sampler: fill is NULL"},
      {no_name, GD_ERR_ARGUMENT, "the name of \"a\" [2 by 3] is NULL"},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_graph *graph = create();
    const gd_node a = gd_graph_parameter(graph, "a", 0, 2, 3);
    rows[k].make(graph, a);
    const gd_node after = gd_node_sum(gd_node_transpose(a), GD_OVER_ALL);
    ck_assert(after.index == 0 && gd_node_rows(after) == 0 && gd_node_columns(after) == 0);
    assert_fails(gd_graph_status(graph), rows[k].status, rows[k].words);
    gd_game *game = NULL;
    assert_fails(gd_game_from_graph(&game, graph, 1, &after, NULL), rows[k].status, rows[k].words);
    ck_assert_ptr_null(game);
    gd_graph_destroy(graph);
  }
}
END_TEST

START_TEST(nodes_of_two_graphs_do_not_meet) {
  gd_graph *one = create(), *other = create();
  gd_node_add(gd_graph_fill(one, 1, 1, 1), gd_graph_fill(other, 1, 1, 1));
  assert_fails(gd_graph_status(one), GD_ERR_ARGUMENT, "the operands belong to different graphs");
  assert_ok(gd_graph_status(other));
  gd_graph_destroy(one);
  gd_graph_destroy(other);
}
END_TEST

START_TEST(games_need_a_scalar_utility_and_a_parameter_for_each_player) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  const gd_node a = gd_graph_parameter(graph, "a", 0, 2, 1), b = gd_graph_parameter(graph, "b", 2, 1, 1);
  const gd_node total = gd_node_sum(a, GD_OVER_ALL), wide[] = {a, total}, two[] = {total, total};
  const gd_node three[] = {total, total, b}, none[] = {total, {graph, 0}};
  assert_fails(gd_game_from_graph(&game, graph, 2, wide, NULL), GD_ERR_ARGUMENT,
               "utilities[0] is \"a\" [2 by 1], expected 1 by 1");
  assert_fails(gd_game_from_graph(&game, graph, 2, two, NULL), GD_ERR_ARGUMENT, "player 1 has no parameter");
  assert_fails(gd_game_from_graph(&game, graph, 1, two, NULL), GD_ERR_ARGUMENT,
               "\"b\" [1 by 1] belongs to player 2, expected one below 1");
  assert_fails(gd_game_from_graph(&game, graph, 3, three, NULL), GD_ERR_ARGUMENT, "player 1 has no parameter");
  assert_fails(gd_game_from_graph(&game, graph, 2, none, NULL), GD_ERR_ARGUMENT, "utilities[1] is no node");
  assert_fails(gd_game_from_graph(&game, graph, 0, two, NULL), GD_ERR_ARGUMENT, "n_players is 0");
  assert_fails(gd_game_from_graph(NULL, graph, 1, two, NULL), GD_ERR_ARGUMENT, "game is NULL");
  gd_function *function = NULL;
  assert_fails(gd_function_create(&function, graph, 0, two), GD_ERR_ARGUMENT, "count is 0");
  assert_fails(gd_function_create(&function, graph, 2, none), GD_ERR_ARGUMENT, "nodes[1] is no node");
  assert_fails(gd_node_set_initial(total, (const double[]){1}), GD_ERR_ARGUMENT, "node is not a parameter");
  assert_fails(gd_node_set_initial(b, (const double[]){NAN}), GD_ERR_NONFINITE, "values[0] is nan");
  ck_assert_uint_eq(gd_node_start(total), SIZE_MAX);
  gd_graph_destroy(graph);
}
END_TEST

static int failing_fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  (void)context, (void)draw, (void)rows, (void)columns, (void)out;
  return -3;
}

START_TEST(failures_of_samplers_are_the_games) {
  gd_graph *graph = create();
  const gd_sampler sampler = {.struct_size = sizeof sampler, .fill = failing_fill};
  const gd_node a = gd_graph_parameter(graph, "a", 0, 1, 1), z = gd_graph_input(graph, "z", 1, 1, &sampler);
  const gd_node u = gd_node_multiply(a, z);
  gd_game *game = NULL;
  gd_function *function = NULL;
  const double x = 1;
  double v = 7, *output[] = {&v};
  assert_ok(gd_game_from_graph(&game, graph, 1, &u, NULL));
  assert_fails(gd_game_gradient(game, &x, &v), GD_ERR_CALLBACK, "");
  assert_ok(gd_function_create(&function, graph, 1, &u));
  assert_fails(gd_function_evaluate(function, NULL, &x, output), GD_ERR_CALLBACK, "the sampler's fill returned -3");
  ck_assert(v == 7);
  gd_function_destroy(function);
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

TEST_SUITE("mistakes", the_first_mistake_is_kept_with_its_words, nodes_of_two_graphs_do_not_meet,
           games_need_a_scalar_utility_and_a_parameter_for_each_player, failures_of_samplers_are_the_games)
