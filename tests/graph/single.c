/* SPDX-License-Identifier: BSD-3-Clause */
/* single.c -- games that compute in floats, beside the same games in doubles. */
#include "neural/gan_recipe.h"
#include "support/failing_memory.h"
#include "support/suite.h"

/* ---- exact where floats are ---- */

enum { ROWS = 3, INNER = 5, COLUMNS = 70 };

/* y = sum of max(0, W A + b)^2 - (W A) 2, and its gradient, for small integers: every number on the way is an integer
 * below 2^24, which a float holds exactly, in whatever order sums are taken. */
static void integers_of(gd_precision precision, double *y, double *gradient) {
  double A[INNER * COLUMNS], x[ROWS * INNER + ROWS];
  gd_graph *graph = NULL;
  gd_function *function = NULL;
  for (size_t k = 0; k < INNER * COLUMNS; k++) A[k] = (double)(k * k % 7) - 3;
  for (size_t k = 0; k < ROWS * INNER + ROWS; k++) x[k] = (double)(k * 5 % 11) - 5;
  assert_ok(gd_graph_create(&graph, NULL));
  const gd_node W = gd_graph_parameter(graph, "W", 0, ROWS, INNER), b = gd_graph_parameter(graph, "b", 0, ROWS, 1);
  const gd_node product = gd_node_product(W, gd_graph_constant(graph, INNER, COLUMNS, A));
  const gd_node square = gd_node_square(gd_node_relu(gd_node_add(product, b)));
  const gd_node sum = gd_node_sum(gd_node_subtract(square, gd_node_scale(product, 2)), GD_OVER_ALL);
  const gd_node nodes[] = {sum, gd_node_gradient(sum, W), gd_node_gradient(sum, b)};
  assert_ok(gd_graph_set_precision(graph, precision));
  assert_ok(gd_function_create(&function, graph, 3, nodes));
  assert_ok(gd_function_evaluate(function, NULL, x, (double *[]){y, gradient, gradient + ROWS * INNER}));
  gd_function_destroy(function);
  gd_graph_destroy(graph);
}

START_TEST(integers_are_exact) {
  double y, y_single, gradient[ROWS * INNER + ROWS], single[ROWS * INNER + ROWS];
  integers_of(GD_PRECISION_DOUBLE, &y, gradient);
  integers_of(GD_PRECISION_SINGLE, &y_single, single);
  ck_assert(y > 1000 && y < 1 << 24);
  ck_assert_double_eq(y, y_single);
  for (size_t k = 0; k < ROWS * INNER + ROWS; k++) ck_assert_double_eq(gradient[k], single[k]);
}
END_TEST

/* x + 1 - 1 of x = 2^-30 is 0 in floats, and 2^-30 in doubles: it is floats that are computed in. */
START_TEST(small_terms_are_lost) {
  const double x = 0x1p-30;
  for (gd_precision precision = GD_PRECISION_DOUBLE; precision <= GD_PRECISION_SINGLE; precision++) {
    gd_graph *graph = NULL;
    gd_function *function = NULL;
    double y = 7;
    assert_ok(gd_graph_create(&graph, NULL));
    assert_ok(gd_graph_set_precision(graph, precision));
    const gd_node one = gd_graph_constant(graph, 1, 1, (double[]){1});
    const gd_node result = gd_node_subtract(gd_node_add(gd_graph_parameter(graph, "x", 0, 1, 1), one), one);
    assert_ok(gd_function_create(&function, graph, 1, &result));
    assert_ok(gd_function_evaluate(function, NULL, &x, (double *[]){&y}));
    ck_assert_double_eq(y, precision == GD_PRECISION_SINGLE ? 0 : x);
    gd_function_destroy(function);
    gd_graph_destroy(graph);
  }
}
END_TEST

/* ---- close elsewhere ---- */

/* Terms of these small networks are of order 1, and each is rounded some ten times by 2^-24 = 6e-8: 1e-5 is for a
 * hundred such. */
static void assert_near(size_t n, const double *single, const double *exact) {
  double largest = 1;
  for (size_t k = 0; k < n; k++) largest = fmax(largest, fabs(exact[k]));
  for (size_t k = 0; k < n; k++) assert_close(single[k], exact[k], 0, 1e-5 * largest);
}

enum { PRODUCTS = 5 };

static void products_of(gd_precision precision, int family, int which, double products[PRODUCTS][MOST]) {
  const gd_draw draw = {3, 4, 5, 1};
  recipe own;
  double x[MOST], u[MOST];
  smooth_recipe(&own, NULL);
  set_penalties(&own.spec, which);
  own.spec.family = (gd_gan_family)family, own.spec.precision = precision;
  gd_neural_gan *gan = create(&own);
  gd_game *game = gd_neural_gan_game(gan);
  random_point(game, 1, x);
  random_point(game, 2, u);
  for (size_t k = 0; k < gd_game_size(game); k++) x[k] *= 0.5;
  gradient_under(game, &draw, x, products[0]);
  assert_ok(gd_game_jvp(game, x, u, products[1]));
  assert_ok(gd_game_vjp(game, x, u, products[2]));
  assert_ok(gd_game_utilities(game, x, products[3]));
  assert_ok(gd_neural_gan_generate(gan, &draw, x, products[4]));
  gd_neural_gan_destroy(gan);
}

START_TEST(what_a_gan_gives_is_close) {
  static const size_t sizes[PRODUCTS] = {30, 30, 30, 2, 6};
  for (int family = 0; family <= GD_FAMILY_F_TOTAL_VARIATION; family++)
    for (int which = 0; which < PENALTIES; which++) {
      double exact[PRODUCTS][MOST], single[PRODUCTS][MOST];
      products_of(GD_PRECISION_DOUBLE, family, which, exact);
      products_of(GD_PRECISION_SINGLE, family, which, single);
      for (size_t k = 0; k < PRODUCTS; k++) assert_near(sizes[k], single[k], exact[k]);
      ck_assert(memcmp(exact[0], single[0], 30 * sizeof(double)) != 0);
    }
}
END_TEST

/* ---- what is wrong ---- */

START_TEST(precisions_are_checked_and_overflow_is_found) {
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  double x = 1e30, v = 5;
  assert_ok(gd_graph_create(&graph, NULL));
  assert_fails(gd_graph_set_precision(NULL, GD_PRECISION_SINGLE), GD_ERR_ARGUMENT, "graph is NULL");
  assert_fails(gd_graph_set_precision(graph, (gd_precision)2), GD_ERR_ARGUMENT, "precision is 2");
  assert_ok(gd_graph_set_precision(graph, GD_PRECISION_SINGLE));
  const gd_node node = gd_graph_parameter(graph, "x", 0, 1, 1);
  const gd_node utility = gd_node_multiply(gd_node_square(node), node); /* whose slope 3 x^2 = 3e60 is no float */
  assert_ok(gd_game_from_graph(&game, graph, 1, &utility, NULL));
  assert_fails(gd_game_gradient(game, &x, &v), GD_ERR_NONFINITE, "");
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

static gd_status make_and_ask(const gd_env *env, void *argument) {
  recipe own;
  (void)argument;
  smooth_recipe(&own, env);
  if (!own.data.fill || !own.latent.fill) return GD_ERR_MEMORY;
  own.spec.precision = GD_PRECISION_SINGLE;
  return ask_once(&own, env);
}

START_TEST(survives_any_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(make_and_ask, NULL), 30); }
END_TEST

TEST_SUITE("single", integers_are_exact, small_terms_are_lost, what_a_gan_gives_is_close,
           precisions_are_checked_and_overflow_is_found, survives_any_refused_allocation)
