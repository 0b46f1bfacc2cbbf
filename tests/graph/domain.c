/* SPDX-License-Identifier: BSD-3-Clause */
/* domain.c -- where a graph is not defined, or has no derivative, it says so. */
#include "support/suite.h"

#include <gamedyn/graph.h>

static gd_graph *create(void) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  return graph;
}

/* One player raises u(x); x is 1 by 1. */
typedef gd_node curve(gd_node x);

static gd_game *create_game(curve *u) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  const gd_node utility = u(gd_graph_parameter(graph, "x", 0, 1, 1));
  assert_ok(gd_game_from_graph(&game, graph, 1, &utility, NULL));
  gd_graph_destroy(graph);
  return game;
}

typedef enum quantity { UTILITY, GRADIENT, PLAYER, SLOPE, JVP, VJP, JACOBIAN, BOTH, QUANTITIES } quantity;

static gd_status ask(gd_game *game, quantity what, double x, double *answer) {
  const double one = 1;
  double v;
  switch (what) {
  case UTILITY:
    return gd_game_utilities(game, &x, answer);
  case GRADIENT:
    return gd_game_gradient(game, &x, answer);
  case PLAYER:
    return gd_game_player_gradient(game, 0, &x, answer);
  case SLOPE:
    return gd_game_utility_gradient(game, 0, &x, answer);
  case JVP:
    return gd_game_jvp(game, &x, &one, answer);
  case VJP:
    return gd_game_vjp(game, &x, &one, answer);
  case JACOBIAN:
    return gd_game_jacobian(game, &x, answer, 1);
  default:
    return gd_game_gradient_vjp(game, &x, &v, answer);
  }
}

/* ---- where operations are defined ---- */

static gd_node log_of(gd_node x) { return gd_node_log(x); }
static gd_node log_less(gd_node x) { return gd_node_subtract(gd_node_log(x), x); }
static gd_node step_of_log(gd_node x) { return gd_node_multiply(x, gd_node_step(gd_node_log(x))); }
static gd_node ramp_of_log(gd_node x) { return gd_node_relu(gd_node_log(x)); }
static gd_node root(gd_node x) { return gd_node_sqrt(x); }
static gd_node root_squared(gd_node x) { return gd_node_square(gd_node_sqrt(x)); }
static gd_node root_to_the_fourth(gd_node x) { return gd_node_power(gd_node_sqrt(x), 4); }
static gd_node half_power(gd_node x) { return gd_node_power(x, 2.5); }
static gd_node negative_power(gd_node x) { return gd_node_power(x, -2); }
static gd_node negative_half_power(gd_node x) { return gd_node_power(x, -0.5); }
static gd_node reciprocal(gd_node x) { return gd_node_reciprocal(x); }
static gd_node quotient(gd_node x) { return gd_node_divide(gd_node_shift(x, 1), gd_node_tanh(x)); }

/* Every question fails at a point outside, also where the formula for the answer would give a number: the slope of
 * log(x) - x at -1 is no -2. */
START_TEST(points_outside_the_domain_are_refused_whatever_is_asked) {
  const struct {
    curve *u;
    double x;
    const char *words;
  } rows[] = {
      {log_of, -1, "log of \"x\" [1 by 1]: row 0, column 0 is outside the domain, expected a positive number"},
      {log_of, 0, "expected a positive number"},
      {log_less, -1, "log of \"x\""},
      {step_of_log, -1, "log of \"x\""},
      {ramp_of_log, -1, "log of \"x\""},
      {root, -1, "sqrt of \"x\" [1 by 1]: row 0, column 0 is outside the domain, expected a finite number from 0"},
      {root_squared, -1, "square of a square root of \"x\""},
      {root_to_the_fourth, -1, "square of a square root of \"x\""},
      {half_power, -1, "power of \"x\" [1 by 1]: row 0, column 0 is outside the domain, expected a number from 0"},
      {negative_power, 0, "power of \"x\" [1 by 1]: row 0, column 0 is outside the domain, expected a number other"},
      {negative_half_power, 0, "expected a positive number"},
      {reciprocal, 0, "reciprocal of \"x\" [1 by 1]: row 0, column 0 is outside the domain, expected a number other"},
      {quotient, 0, "tanh [1 by 1]: row 0, column 0 is outside the domain, expected a number other than 0"},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_game *game = create_game(rows[k].u);
    for (quantity what = UTILITY; what < QUANTITIES; what++) {
      double answer = 42;
      assert_fails(ask(game, what, rows[k].x, &answer), GD_ERR_DOMAIN, rows[k].words);
      assert_ok(ask(game, what, 2, &answer));
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* Whole powers are defined everywhere: (-2)^3 = -8. */
START_TEST(whole_powers_are_defined_for_negative_numbers) {
  gd_graph *graph = create();
  gd_function *function = NULL;
  const gd_node cube = gd_node_power(gd_graph_parameter(graph, "x", 0, 1, 1), 3);
  double value = 0, *outputs[] = {&value};
  assert_ok(gd_function_create(&function, graph, 1, &cube));
  assert_ok(gd_function_evaluate(function, NULL, (const double[]){-2}, outputs));
  ck_assert_double_eq(value, -8);
  gd_function_destroy(function);
  gd_graph_destroy(graph);
}
END_TEST

static void check_function(gd_graph *graph, gd_node node, const double *x, gd_status status, const char *words) {
  gd_function *function = NULL;
  double values[6] = {42, 42, 42, 42, 42, 42}, *outputs[] = {values};
  assert_ok(gd_function_create(&function, graph, 1, &node));
  assert_fails(gd_function_evaluate(function, NULL, x, outputs), status, words);
  for (size_t k = 0; k < 6; k++) ck_assert_double_eq(values[k], 42);
  gd_function_destroy(function);
}

START_TEST(functions_name_the_entry_and_leave_outputs_alone) {
  gd_graph *graph = create();
  const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 3);
  const double at[] = {1, 2, 3, -4, 5, 800};
  check_function(graph, gd_node_log(x), at, GD_ERR_DOMAIN, "log of \"x\" [2 by 3]: row 1, column 1 is outside");
  check_function(graph, gd_node_gradient(gd_node_sum(gd_node_log(x), GD_OVER_ALL), x), at, GD_ERR_DOMAIN,
                 "\"x\" [2 by 3]: row 1, column 1 is outside the domain, expected a positive number");
  check_function(graph, gd_node_exp(x), at, GD_ERR_NONFINITE, "outputs[0][5] is inf");
  check_function(graph, gd_node_log(gd_graph_fill(graph, -1, 2, 3)), at, GD_ERR_DOMAIN, "log of node");
  gd_graph_destroy(graph);
}
END_TEST

/* x^2 overflows at 1e200, and with it 1 + x^2; the root's slope is 1 there, and not 0. */
static gd_node hyperbola(gd_node x) { return gd_node_sqrt(gd_node_shift(gd_node_square(x), 1)); }
START_TEST(roots_of_what_overflowed_are_refused) {
  gd_game *game = create_game(hyperbola);
  double answer;
  for (quantity what = UTILITY; what < QUANTITIES; what++)
    assert_fails(ask(game, what, 1e200, &answer), GD_ERR_DOMAIN, "expected a finite number from 0");
  assert_ok(ask(game, GRADIENT, 1e100, &answer));
  assert_close(answer, 1, 1e-15, 0);
  gd_game_destroy(game);
}
END_TEST

/* ---- where there is no derivative ---- */

static gd_node size(gd_node x) { return gd_node_norm(x, GD_OVER_ALL); }
static gd_node weighed_size(gd_node x) { return gd_node_multiply(gd_node_exp(x), size(x)); }
static gd_node ramp(gd_node x) { return gd_node_relu(x); }
static gd_node leaky(gd_node x) { return gd_node_leaky_relu(x, 0.2); }
static gd_node bent(gd_node x) { return gd_node_leaky_relu(x, -0.5); }
static gd_node ramp_squared(gd_node x) { return gd_node_square(gd_node_relu(x)); }
static gd_node leaky_squared(gd_node x) { return gd_node_square(gd_node_leaky_relu(x, 0.2)); }
static gd_node two_ramps(gd_node x) {
  return gd_node_square(gd_node_add(gd_node_relu(x), gd_node_relu(gd_node_negate(x))));
}
static gd_node between_one_and_two(gd_node x) { return gd_node_power(x, 1.5); }

/* Slopes at a kink are by convention, 0 for a norm and p for |x| bent; second derivatives there are refused.  Of x^1.5
 * half the squared gradient, 1.125 x, has a derivative: `refused` is a bit for each quantity. */
START_TEST(second_derivatives_at_a_kink_are_refused) {
  enum { ALL = 1 << JVP | 1 << JACOBIAN | 1 << VJP | 1 << BOTH };
  const struct {
    curve *u;
    double slope;
    int refused;
  } rows[] = {{size, 0, ALL}, {weighed_size, 0, ALL}, {bent, -0.5, ALL}, {between_one_and_two, 0, ALL & ~(1 << BOTH)}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_game *game = create_game(rows[k].u);
    double answer;
    for (quantity what = UTILITY; what < QUANTITIES; what++) {
      const gd_status expected = rows[k].refused >> what & 1 ? GD_ERR_DOMAIN : GD_OK,
                      status = ask(game, what, 0, &answer);
      ck_assert_msg(status == expected, "row %zu, quantity %d: %s", k, (int)what, gd_status_name(status));
      if (what >= GRADIENT && what <= SLOPE) assert_close(answer, rows[k].slope, 1e-15, 0);
      assert_ok(ask(game, what, 0.5, &answer));
    }
    gd_game_destroy(game);
  }
}
END_TEST

/* On the negative side max(x, 0) and its square are 0, a leaky ramp is 0.2 x and its square 0.04 x^2.  So is
 * (max(x, 0) + max(-x, 0))^2, x^2 elsewhere, made of what is 0 at 0. */
START_TEST(ramps_take_their_negative_side_in_every_derivative) {
  const struct {
    curve *u;
    double slope, second;
  } rows[] = {{ramp, 0, 0}, {leaky, 0.2, 0}, {ramp_squared, 0, 0}, {leaky_squared, 0, 0.08}, {two_ramps, 0, 0}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    gd_game *game = create_game(rows[k].u);
    double answer;
    assert_ok(ask(game, GRADIENT, 0, &answer));
    assert_close(answer, rows[k].slope, 1e-15, 0);
    const quantity seconds[] = {JVP, JACOBIAN, VJP};
    for (size_t j = 0; j < 3; j++) {
      assert_ok(ask(game, seconds[j], 0, &answer));
      assert_close(answer, rows[k].second, 1e-15, 0);
    }
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(the_words_name_the_place_of_a_kink) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 3),
                u = gd_node_sum(gd_node_square(gd_node_leaky_relu(x, -0.5)), GD_OVER_ALL);
  const double at[] = {1, -2, 3, 4, 5, 0}, direction[6] = {0};
  double v[6];
  assert_ok(gd_game_from_graph(&game, graph, 1, &u, NULL));
  assert_fails(gd_game_jvp(game, at, direction, v), GD_ERR_DOMAIN,
               "\"x\" [2 by 3] is 0 in row 1, column 2: the operand has a jump there, so it has no derivative");
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

/* The slope of a root is infinite at 0, and a step jumps there. */
static gd_node step(gd_node x) { return gd_node_multiply(gd_node_shift(x, 2), gd_node_step(x)); }
START_TEST(first_derivatives_that_do_not_exist_are_refused) {
  curve *const curves[] = {root, step};
  for (size_t k = 0; k < 2; k++) {
    gd_game *game = create_game(curves[k]);
    double answer;
    assert_ok(ask(game, UTILITY, 0, &answer));
    for (quantity what = GRADIENT; what < QUANTITIES; what++)
      ck_assert_int_eq(ask(game, what, 0, &answer), GD_ERR_DOMAIN);
    gd_game_destroy(game);
  }
}
END_TEST

START_TEST(gradients_of_gradients_as_nodes_are_refused_at_a_kink) {
  gd_graph *graph = create();
  const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 3),
                slope = gd_node_gradient(gd_node_square(gd_node_leaky_relu(x, -0.5)), x);
  const gd_node second = gd_node_scale(gd_node_gradient(slope, x), 2), along = gd_node_derivative(slope, x, x);
  const double at[] = {1, 2, 3, -4, 0, 6};
  check_function(graph, second, at, GD_ERR_DOMAIN, "\"x\" [2 by 3] is 0 in row 0, column 2");
  check_function(graph, along, at, GD_ERR_DOMAIN, "\"x\" [2 by 3] is 0 in row 0, column 2");
  gd_graph_destroy(graph);
}
END_TEST

/* Player 1 raises y step(x): at x = 0 its own gradient is a number, and player 0's, x y step(x), has none. */
START_TEST(players_answer_for_their_own_kinks) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  const gd_node x = gd_graph_parameter(graph, "x", 0, 1, 1), y = gd_graph_parameter(graph, "y", 1, 1, 1);
  const gd_node jump = gd_node_step(x);
  const gd_node u[] = {gd_node_multiply(y, jump), gd_node_multiply(y, gd_node_detach(jump))};
  const double at[] = {0, 1};
  double v[2] = {0};
  assert_ok(gd_game_from_graph(&game, graph, 2, u, NULL));
  assert_ok(gd_game_player_gradient(game, 1, at, v));
  ck_assert_double_eq(v[0], 0);
  assert_fails(gd_game_player_gradient(game, 0, at, v), GD_ERR_DOMAIN, "\"x\" [1 by 1] is 0");
  assert_fails(gd_game_gradient(game, at, v), GD_ERR_DOMAIN, "\"x\" [1 by 1] is 0");
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

TEST_SUITE("domain", points_outside_the_domain_are_refused_whatever_is_asked,
           whole_powers_are_defined_for_negative_numbers, functions_name_the_entry_and_leave_outputs_alone,
           roots_of_what_overflowed_are_refused, second_derivatives_at_a_kink_are_refused,
           ramps_take_their_negative_side_in_every_derivative, the_words_name_the_place_of_a_kink,
           first_derivatives_that_do_not_exist_are_refused, gradients_of_gradients_as_nodes_are_refused_at_a_kink,
           players_answer_for_their_own_kinks)
