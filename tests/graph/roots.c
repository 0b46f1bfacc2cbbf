/* SPDX-License-Identifier: BSD-3-Clause */
/* roots.c -- norms and roots: at every size, and smooth where their even powers are. */
#include "support/at_point.h"
#include "support/suite.h"

#include <gamedyn/classify.h>
#include <gamedyn/graph.h>

static gd_graph *create(void) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  return graph;
}

/* One player raises -u(x), x [2 by 1]. */
typedef gd_node utility(gd_node x);

static gd_game *create_game(utility *u, gd_precision precision) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  assert_ok(gd_graph_set_precision(graph, precision));
  const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 1), minus = gd_node_negate(u(x));
  assert_ok(gd_game_from_graph(&game, graph, 1, &minus, NULL));
  gd_graph_destroy(graph);
  return game;
}

static gd_node norm(gd_node x) { return gd_node_norm(x, GD_OVER_ALL); }
static gd_node sum(gd_node x) { return gd_node_sum(x, GD_OVER_ALL); }
static gd_node root_of_squares(gd_node x) { return gd_node_sqrt(sum(gd_node_square(x))); }
static gd_node norm_of_columns(gd_node x) { return norm(gd_node_transpose(x)); }
static gd_node norm_of_norms(gd_node x) {
  const gd_node beside = gd_node_beside(gd_node_scale(x, 0.6), gd_node_scale(x, 0.8));
  return norm(gd_node_norm(beside, GD_OVER_COLUMNS));
}

/* The gradient of -|x| at s (3, 4) is (-0.6, -0.8), also where s^2 overflows or underflows; and the utility is -5 s. */
START_TEST(norms_have_their_slope_at_every_size) {
  utility *const forms[] = {norm, root_of_squares, norm_of_columns, norm_of_norms};
  const double sizes[2][7] = {{1, 1e160, 1e-170, 3e307, 1e-308, 1e-320, 1e100},
                              {1, 1e20, 1e-24, 6e37f, 1e-38, 1e-40, 1e10}};
  for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
    for (int precision = GD_PRECISION_DOUBLE; precision <= GD_PRECISION_SINGLE; precision++)
      for (size_t k = 0; k < 7; k++) {
        gd_game *game = create_game(forms[f], (gd_precision)precision);
        const double s = sizes[precision][k], x[] = {3 * s, 4 * s}, epsilon = precision ? 1e-6 : 1e-14;
        /* Subnormal numbers have fewer digits. */
        const double tolerance = k == 5 ? (precision ? 1e-4 : 1e-3) : epsilon;
        double v[2], u;
        assert_ok(gd_game_gradient(game, x, v));
        assert_close(v[0], -0.6, tolerance, 0);
        assert_close(v[1], -0.8, tolerance, 0);
        assert_ok(gd_game_utilities(game, x, &u));
        assert_close(u, -5 * s, tolerance, 0);
        gd_game_destroy(game);
      }
}
END_TEST

static gd_node square_of_norm(gd_node x) { return gd_node_square(norm(x)); }
static gd_node norm_by_norm(gd_node x) { return gd_node_multiply(norm(x), gd_node_scale(norm(x), 3)); }
static gd_node power_of_norm(gd_node x) { return gd_node_power(norm(x), 2); }
static gd_node square_of_root(gd_node x) { return gd_node_square(root_of_squares(x)); }
static gd_node power_of_root(gd_node x) { return gd_node_power(root_of_squares(x), 2); }
static gd_node square_of_root_mean_square(gd_node x) {
  return gd_node_square(gd_node_sqrt(gd_node_mean(gd_node_square(x), GD_OVER_ALL)));
}
static gd_node squares_of_sizes(gd_node x) { return sum(gd_node_square(gd_node_sqrt(gd_node_square(x)))); }
static gd_node squares_of_half_powers(gd_node x) { return sum(gd_node_square(gd_node_power(gd_node_square(x), 0.5))); }
static gd_node fourth_power(gd_node x) { return gd_node_power(norm(x), 4); }
static gd_node square_of_square(gd_node x) { return gd_node_square(square_of_norm(x)); }

/* Of c |x|^2 the second derivative is 2 c I at every point, of |x|^4 it is 4 |x|^2 I + 8 x x', at 0 as elsewhere. */
static void check_second_derivative(utility *u, double squares, double fourths, const double *x) {
  gd_game *game = create_game(u, GD_PRECISION_DOUBLE);
  const double s = x[0] * x[0] + x[1] * x[1], e[] = {1, 0};
  double J[4], column[2];
  assert_ok(gd_game_jacobian(game, x, J, 2));
  for (size_t k = 0; k < 4; k++) {
    const double identity = k == 0 || k == 3 ? 1 : 0;
    assert_close(J[k], -2 * squares * identity - fourths * (4 * s * identity + 8 * x[k % 2] * x[k / 2]), 1e-14, 1e-15);
  }
  assert_ok(gd_game_jvp(game, x, e, column));
  for (size_t k = 0; k < 2; k++) assert_close(column[k], J[k], 1e-14, 1e-15);
  assert_ok(gd_game_vjp(game, x, e, column));
  for (size_t k = 0; k < 2; k++) assert_close(column[k], J[2 * k], 1e-14, 1e-15);
  gd_game_destroy(game);
}

START_TEST(even_powers_of_norms_are_smooth_at_0) {
  const struct {
    utility *u;
    double squares, fourths;
  } rows[] = {{square_of_norm, 1, 0},   {norm_by_norm, 3, 0},           {power_of_norm, 1, 0},
              {square_of_root, 1, 0},   {power_of_root, 1, 0},          {square_of_root_mean_square, 0.5, 0},
              {squares_of_sizes, 1, 0}, {squares_of_half_powers, 1, 0}, {fourth_power, 0, 1},
              {square_of_square, 0, 1}};
  const double points[][2] = {{0, 0}, {0.3, -0.4}, {0, 2}};
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
    for (size_t p = 0; p < 3; p++) check_second_derivative(rows[k].u, rows[k].squares, rows[k].fourths, points[p]);
}
END_TEST

START_TEST(the_maximum_of_a_squared_norm_is_a_stable_nash_point) {
  gd_game *game = create_game(square_of_norm, GD_PRECISION_DOUBLE);
  gd_classification kind;
  assert_ok(classify_at(game, (const double[]){0, 0}, NULL, &kind));
  ck_assert_int_eq(kind.kind, GD_POINT_STABLE_NASH);
  gd_game_destroy(game);
}
END_TEST

/* ---- what is simplified ---- */

static void same(gd_node one, gd_node other) { ck_assert_uint_eq(one.index, other.index); }

START_TEST(roots_and_powers_are_the_node_they_equal) {
  gd_graph *graph = create();
  const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 3), size = gd_node_sqrt(gd_node_square(x));
  same(gd_node_sqrt(gd_node_sum(gd_node_square(x), GD_OVER_ROWS)), gd_node_norm(x, GD_OVER_ROWS));
  same(gd_node_sqrt(gd_node_sum(gd_node_square(x), GD_OVER_COLUMNS)), gd_node_norm(x, GD_OVER_COLUMNS));
  same(gd_node_power(gd_node_sum(gd_node_square(x), GD_OVER_ALL), 0.5), gd_node_norm(x, GD_OVER_ALL));
  same(gd_node_norm(gd_node_norm(x, GD_OVER_ROWS), GD_OVER_ALL), gd_node_norm(x, GD_OVER_ALL));
  same(gd_node_norm(gd_node_scale(x, -3), GD_OVER_ALL), gd_node_scale(gd_node_norm(x, GD_OVER_ALL), 3));
  same(gd_node_norm(size, GD_OVER_ALL), gd_node_norm(x, GD_OVER_ALL));
  same(gd_node_sqrt(gd_node_square(size)), size);
  same(gd_node_square(size), gd_node_square(x));
  same(gd_node_power(size, 4), gd_node_power(x, 4));
  ck_assert_uint_ne(gd_node_power(size, 3).index, gd_node_power(x, 3).index); /* |-2|^3 = 8 */
  same(gd_node_power(x, 2), gd_node_square(x));
  same(gd_node_power(x, 1), x);
  same(gd_node_power(x, 0.5), gd_node_sqrt(x));
  same(gd_node_power(x, -1), gd_node_reciprocal(x));
  same(gd_node_power(x, 0), gd_graph_fill(graph, 1, 2, 3));
  same(gd_node_power(gd_node_sqrt(x), 3), gd_node_power(x, 1.5));
  same(gd_node_square(gd_node_scale(x, -1)), gd_node_square(x));
  assert_ok(gd_graph_status(graph));
  gd_graph_destroy(graph);
}
END_TEST

/* |x| has the slopes -1 and 1, and 0 by convention where it is 0. */
START_TEST(sizes_have_the_slope_0_at_0) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  const gd_node x = gd_graph_parameter(graph, "x", 0, 3, 1),
                u = gd_node_sum(gd_node_norm(x, GD_OVER_COLUMNS), GD_OVER_ALL);
  assert_ok(gd_game_from_graph(&game, graph, 1, &u, NULL));
  const double at[] = {-2, 0, 1e-300}, slopes[] = {-1, 0, 1};
  double v[3];
  assert_ok(gd_game_gradient(game, at, v));
  for (size_t k = 0; k < 3; k++) ck_assert_double_eq(v[k], slopes[k]);
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

/* A product with a step becomes a gate of what is below the step, which then no longer depends on it. */
START_TEST(what_simplifying_reaches_through_is_no_variable) {
  typedef gd_node make(gd_node x);
  make *const made[] = {gd_node_step, gd_node_square, gd_node_sqrt, norm, sum};
  for (size_t k = 0; k < sizeof made / sizeof *made; k++) {
    gd_graph *graph = create();
    const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 1), y = made[k](x);
    gd_node_gradient(gd_node_multiply(x, y), y);
    assert_fails(gd_graph_status(graph), GD_ERR_ARGUMENT, "expected a leaf, or the result of gd_node_variable()");
    gd_graph_destroy(graph);
  }
}
END_TEST

TEST_SUITE("roots", norms_have_their_slope_at_every_size, even_powers_of_norms_are_smooth_at_0,
           the_maximum_of_a_squared_norm_is_a_stable_nash_point, roots_and_powers_are_the_node_they_equal,
           sizes_have_the_slope_0_at_0, what_simplifying_reaches_through_is_no_variable)
