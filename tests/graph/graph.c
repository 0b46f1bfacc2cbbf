/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- expression graphs as callers meet them: games against closed forms and against gd_game_check(), draws,
 * and memory that runs out. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/data.h>
#include <gamedyn/graph.h>
#include <gamedyn/models.h>
#include <gamedyn/rng.h>
#include <string.h>

static gd_graph *create(void) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  return graph;
}

/* psi maximises f(psi theta) + f(0), theta minimises it, f(t) = -softplus(-t): the Dirac-GAN of models.h */
START_TEST(dirac_gan_is_the_model) {
  gd_graph *graph = create();
  const gd_node theta = gd_graph_parameter(graph, "theta", 0, 1, 1), psi = gd_graph_parameter(graph, "psi", 1, 1, 1);
  const gd_node f = gd_node_negate(gd_node_softplus(gd_node_negate(gd_node_multiply(theta, psi))));
  const gd_node u = gd_node_shift(f, -log(2));
  const gd_node utilities[] = {gd_node_negate(u), u};
  gd_game *game = NULL, *model = NULL;
  assert_ok(gd_game_from_graph(&game, graph, 2, utilities, "dirac"));
  assert_ok(gd_model_dirac_gan(&model, 1, GD_GAN_LOGISTIC, NULL));
  gd_graph_destroy(graph);
  const double x[] = {0.7, -1.3};
  double v[2], expected[2], J[4], model_J[4];
  assert_ok(gd_game_check(game, x, 1, NULL));
  ck_assert(gd_game_traits(game) & GD_ZERO_SUM);
  ck_assert(!(gd_game_traits(game) & GD_STOCHASTIC));
  assert_ok(gd_game_gradient(game, x, v));
  assert_ok(gd_game_gradient(model, x, expected));
  for (size_t k = 0; k < 2; k++) assert_close(v[k], expected[k], 1e-14, 0);
  assert_ok(gd_game_jacobian(game, x, J, 2));
  assert_ok(gd_game_jacobian(model, x, model_J, 2));
  for (size_t k = 0; k < 4; k++) assert_close(J[k], model_J[k], 1e-14, 1e-16);
  gd_game_destroy(game);
  gd_game_destroy(model);
}
END_TEST

/* u_0 = sum x^2 step(z) + sum x^2 step(w), w [2 by 1] being repeated beside itself: du_0/dx = 2 x (step(z) + step(w)),
 * and a step has no slope.  u_1 = sum l(z)^2 + l(w)^2 for l(z) = z where z > 0, else p z: du_1/dz = 2 z, or 2 p^2 z,
 * also where p < 0 makes l positive on both sides. */
START_TEST(steps_are_gates_without_slopes_of_their_own) {
  for (double p = -0.5; p <= 0.5; p += 0.5) {
    gd_graph *graph = create();
    const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 2), z = gd_graph_parameter(graph, "z", 1, 2, 2),
                  w = gd_graph_parameter(graph, "w", 1, 2, 1), squares = gd_node_square(x);
    const gd_node by_z = gd_node_multiply(squares, gd_node_step(z)), by_w = gd_node_multiply(gd_node_step(w), squares);
    const gd_node ramps =
        gd_node_add(gd_node_square(gd_node_leaky_relu(z, p)), gd_node_square(gd_node_leaky_relu(w, p)));
    const gd_node utilities[] = {gd_node_sum(gd_node_add(by_z, by_w), GD_OVER_ALL), gd_node_sum(ramps, GD_OVER_ALL)};
    gd_game *game = NULL;
    assert_ok(gd_game_from_graph(&game, graph, 2, utilities, "steps"));
    gd_graph_destroy(graph);
    const double point[] = {1, 2, 3, 4, 5, -6, -7, 8, -9, 10}; /* by columns: x, z, w */
    const double q = 2 * p * p, v[] = {2 * 1, 4 * 1 + 0, 0, 2 * 4 * 2, 10, -6 * q, -7 * q, 16, 2 * -9 * q, 2 * 20};
    double found[10], J[100];
    assert_ok(gd_game_gradient(game, point, found));
    for (size_t k = 0; k < 10; k++) assert_close(found[k], v[k], 1e-15, 1e-15);
    assert_ok(gd_game_jacobian(game, point, J, 10));
    for (size_t k = 0; k < 100; k++) assert_close(J[k], k % 11 ? 0 : v[k / 11] / point[k / 11], 1e-15, 1e-15);
    gd_game_destroy(game);
  }
}
END_TEST

static void same(gd_node one, gd_node other) { ck_assert_uint_eq(one.index, other.index); }

/* Factors go outward, past whatever is linear, so that what two players have different multiples of is one node. */
START_TEST(multiples_are_computed_once) {
  gd_graph *graph = create();
  const gd_node x = gd_graph_parameter(graph, "x", 0, 2, 3), y = gd_graph_parameter(graph, "y", 0, 2, 3),
                row = gd_graph_parameter(graph, "row", 0, 1, 3), W = gd_graph_parameter(graph, "W", 0, 4, 2);
  same(gd_node_multiply(gd_node_scale(x, 3), y), gd_node_scale(gd_node_multiply(x, y), 3));
  same(gd_node_multiply(x, gd_node_scale(row, 3)), gd_node_scale(gd_node_multiply(x, row), 3));
  same(gd_node_multiply(gd_node_scale(x, 3), gd_node_scale(x, 2)), gd_node_scale(gd_node_square(x), 6));
  same(gd_node_multiply(gd_node_scale(x, 3), gd_node_step(y)), gd_node_scale(gd_node_multiply(x, gd_node_step(y)), 3));
  same(gd_node_add(gd_node_scale(x, 3), gd_node_scale(y, 3)), gd_node_scale(gd_node_add(x, y), 3));
  same(gd_node_add(gd_node_scale(x, 3), gd_node_scale(y, -3)), gd_node_scale(gd_node_subtract(x, y), 3));
  same(gd_node_subtract(gd_node_scale(x, 3), gd_node_scale(row, -3)), gd_node_scale(gd_node_add(x, row), 3));
  same(gd_node_product(W, gd_node_scale(x, 3)), gd_node_scale(gd_node_product(W, x), 3));
  same(gd_node_sum(gd_node_scale(x, 3), GD_OVER_ROWS), gd_node_scale(gd_node_sum(x, GD_OVER_ROWS), 3));
  assert_ok(gd_graph_status(graph));
  gd_graph_destroy(graph);
}
END_TEST

/* ---- a GAN of two layers each with everything that GANs have: noise, data, a penalty on a gradient ---- */

enum { SAMPLES = 6 };

static gd_node input(gd_graph *graph, const char *name, size_t rows, uint64_t stream) {
  gd_sampler sampler = {0};
  if (gd_sampler_normal(&sampler, stream, NULL) < 0) return (gd_node){graph, 0};
  return gd_graph_input(graph, name, rows, SAMPLES, &sampler);
}

typedef struct two_layers {
  gd_node W, b, V;
} two_layers;

static two_layers layers(gd_graph *graph, size_t player, size_t in, size_t out) {
  return (two_layers){gd_graph_parameter(graph, "W", player, 4, in), gd_graph_parameter(graph, "b", player, 4, 1),
                      gd_graph_parameter(graph, "V", player, out, 4)};
}

static gd_node apply(two_layers net, gd_node x) {
  return gd_node_product(net.V, gd_node_tanh(gd_node_add(gd_node_product(net.W, x), net.b)));
}

static gd_node mean(gd_node a) { return gd_node_mean(a, GD_OVER_ALL); }

/* u_1 = E D(x) - E D(G(z)) - mean (|grad D| - 1)^2 at the data, u_0 = E D(G(z)) */
static gd_status create_gan(gd_game **game, gd_graph *graph) {
  const two_layers G = layers(graph, 0, 3, 2), D = layers(graph, 1, 2, 1);
  const gd_node x = input(graph, "x", 2, 0), fake = apply(G, input(graph, "z", 3, 1));
  const gd_node slope = gd_node_gradient(apply(D, x), x);
  const gd_node penalty = mean(gd_node_square(gd_node_shift(gd_node_norm(slope, GD_OVER_ROWS), -1)));
  const gd_node won = gd_node_subtract(mean(apply(D, x)), mean(apply(D, fake)));
  const gd_node utilities[] = {mean(apply(D, fake)), gd_node_subtract(won, penalty)};
  return gd_game_from_graph(game, graph, 2, utilities, "gan");
}

static gd_game *gan(void) {
  gd_graph *graph = create();
  gd_game *game = NULL;
  assert_ok(create_gan(&game, graph));
  gd_graph_destroy(graph);
  return game;
}

static void random_point(uint64_t seed, size_t n, double *x) {
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_normal(&rng, n, x);
}

START_TEST(a_penalised_gan_passes_the_check_with_every_product_native) {
  gd_game *game = gan();
  double x[64];
  gd_game_check_report report;
  ck_assert_uint_eq(gd_game_size(game), 12 + 4 + 8 + 8 + 4 + 4);
  ck_assert_uint_eq(gd_game_block_size(game, 0), 24);
  ck_assert_str_eq(gd_game_name(game), "gan");
  ck_assert(gd_game_traits(game) == (GD_STOCHASTIC | GD_THREAD_SAFE));
  random_point(4, gd_game_size(game), x);
  assert_ok(gd_game_check(game, x, 2, &report));
  ck_assert_double_ge(report.utility_gradient_vs_utilities, 0);
  ck_assert_double_ge(report.vjp_vs_jvp, 0);
  for (int quantity = GD_GRADIENT; quantity < GD_JACOBIAN; quantity++)
    ck_assert_int_eq(gd_game_source(game, (gd_quantity)quantity), GD_SOURCE_NATIVE);
  gd_game_destroy(game);
}
END_TEST

/* Draws name batches: the same one gives the same bits, on another handle too, whatever came between. */
START_TEST(equal_draws_give_equal_bits) {
  gd_game *game = gan(), *other = NULL;
  assert_ok(gd_game_dup(&other, game));
  const gd_draw one = {1, 2, 3, SAMPLES}, next = {1, 2, 4, SAMPLES}, *const draws[] = {&one, &next, NULL, &one};
  double x[64], v[4][64], w[64];
  const size_t n = gd_game_size(game);
  random_point(5, n, x);
  for (size_t k = 0; k < 4; k++) {
    gd_game_set_draw(game, draws[k]);
    gd_game_set_draw(other, draws[k]);
    assert_ok(gd_game_gradient(game, x, v[k]));
    assert_ok(gd_game_gradient(other, x, w));
    ck_assert(memcmp(v[k], w, n * sizeof *w) == 0);
  }
  ck_assert(memcmp(v[0], v[3], n * sizeof *w) == 0);
  ck_assert(memcmp(v[0], v[1], n * sizeof *w) != 0);
  ck_assert(memcmp(v[0], v[2], n * sizeof *w) != 0);
  gd_game_destroy(game);
  gd_game_destroy(other);
}
END_TEST

START_TEST(many_directions_are_the_bits_of_one_at_a_time) {
  gd_game *game = gan();
  double x[64], U[3 * 64], JU[3 * 64], Ju[64];
  const size_t n = gd_game_size(game);
  random_point(6, n, x);
  random_point(7, 3 * n, U);
  assert_ok(gd_game_jvp_many(game, x, 3, U, JU));
  for (size_t k = 0; k < 3; k++) {
    assert_ok(gd_game_jvp(game, x, U + k * n, Ju));
    ck_assert(memcmp(Ju, JU + k * n, n * sizeof *Ju) == 0);
  }
  gd_game_destroy(game);
}
END_TEST

/* Parameters in the order of players, whatever the order of their making. */
START_TEST(points_are_laid_out_by_player) {
  gd_graph *graph = create();
  const gd_node late = gd_graph_parameter(graph, NULL, 1, 2, 1), early = gd_graph_parameter(graph, NULL, 0, 3, 1);
  const gd_node last = gd_graph_parameter(graph, NULL, 1, 1, 1);
  const double starts[] = {7, 8, 9}, expected[] = {7, 8, 9, 0, 0, 0};
  double x[6];
  ck_assert_uint_eq(gd_node_start(early), 0);
  ck_assert_uint_eq(gd_node_start(late), 3);
  ck_assert_uint_eq(gd_node_start(last), 5);
  ck_assert_uint_eq(gd_graph_size(graph, 1), 3);
  ck_assert_uint_eq(gd_graph_size(graph, SIZE_MAX), 6);
  assert_ok(gd_node_set_initial(early, starts));
  assert_ok(gd_graph_initial(graph, x));
  ck_assert(memcmp(x, expected, sizeof x) == 0);
  gd_graph_destroy(graph);
}
END_TEST

/* A utility that one parameter does not enter has a zero there, and not nothing. */
START_TEST(unused_parameters_have_zero_gradients) {
  gd_graph *graph = create();
  const gd_node a = gd_graph_parameter(graph, "a", 0, 2, 1), unused = gd_graph_parameter(graph, "unused", 0, 3, 1);
  const gd_node b = gd_graph_parameter(graph, "b", 1, 2, 1);
  const gd_node utilities[] = {gd_node_sum(gd_node_multiply(a, b), GD_OVER_ALL), gd_node_sum(b, GD_OVER_ALL)};
  gd_game *game = NULL;
  const double x[] = {1, 2, 3, 4, 5, 6, 7}, expected[] = {6, 7, 0, 0, 0, 1, 1};
  double v[7];
  ck_assert(unused.index > 0);
  assert_ok(gd_game_from_graph(&game, graph, 2, utilities, NULL));
  ck_assert_str_eq(gd_game_name(game), "graph");
  assert_ok(gd_game_gradient(game, x, v));
  for (size_t k = 0; k < 7; k++) ck_assert(v[k] == expected[k]);
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

/* d|a|/da = a / |a|, and by convention 0 at 0. */
START_TEST(norms_have_a_derivative_at_zero) {
  gd_graph *graph = create();
  const gd_node a = gd_graph_parameter(graph, "a", 0, 2, 1);
  const gd_node norm = gd_node_norm(a, GD_OVER_ALL), slope = gd_node_gradient(norm, a);
  const gd_node nodes[] = {norm, slope};
  const double zero[] = {0, 0}, x[] = {3, -4};
  double value, g[2], *outputs[] = {&value, g};
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, graph, 2, nodes));
  assert_ok(gd_function_evaluate(function, NULL, zero, outputs));
  ck_assert(value == 0 && g[0] == 0 && g[1] == 0);
  assert_ok(gd_function_evaluate(function, NULL, x, outputs));
  assert_close(value, 5, 1e-15, 0);
  assert_close(g[0], 0.6, 1e-15, 0);
  assert_close(g[1], -0.8, 1e-15, 0);
  gd_function_destroy(function);
  gd_graph_destroy(graph);
}
END_TEST

/* s = p / 2 as a variable of its own: d(sum 3 s)/ds = 3 and d(q's)/ds = q, although 3 s is 1.5 p and s' a transpose. */
START_TEST(derivatives_are_taken_at_variables) {
  gd_graph *graph = create();
  const gd_node p = gd_graph_parameter(graph, "p", 0, 2, 1), q = gd_graph_parameter(graph, "q", 1, 2, 1);
  const gd_node s = gd_node_variable(gd_node_scale(p, 0.5)), sum = gd_node_sum(gd_node_scale(s, 3), GD_OVER_ALL);
  const gd_node product = gd_node_product(gd_node_transpose(s), q);
  const gd_node nodes[] = {gd_node_gradient(sum, s), gd_node_gradient(product, s), gd_node_gradient(product, p)};
  const double x[] = {1, 2, 3, 4};
  double a[2], b[2], c[2], *outputs[] = {a, b, c};
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, graph, 3, nodes));
  assert_ok(gd_function_evaluate(function, NULL, x, outputs));
  ck_assert(a[0] == 3 && a[1] == 3 && b[0] == 3 && b[1] == 4 && c[0] == 1.5 && c[1] == 2);
  gd_function_destroy(function);
  gd_graph_destroy(graph);
}
END_TEST

/* Also where the minus sign has been merged with the mean's factor. */
START_TEST(a_negated_mean_makes_a_zero_sum_game) {
  gd_graph *graph = create();
  const gd_node p = gd_graph_parameter(graph, "p", 0, 2, 1), q = gd_graph_parameter(graph, "q", 1, 2, 1);
  const gd_node mean_product = mean(gd_node_multiply(p, q));
  const gd_node opposed[] = {gd_node_negate(mean_product), mean_product}, shared[] = {mean_product, mean_product};
  gd_game *game = NULL;
  assert_ok(gd_game_from_graph(&game, graph, 2, opposed, NULL));
  ck_assert(gd_game_traits(game) & GD_ZERO_SUM);
  gd_game_destroy(game);
  assert_ok(gd_game_from_graph(&game, graph, 2, shared, NULL));
  ck_assert(!(gd_game_traits(game) & GD_ZERO_SUM));
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

/* ---- memory ---- */

/* u = tr(X'X) / 2 + sum y X e: J is the identity on X, e at y's columns and rows; with a leading dimension beyond n. */
START_TEST(a_small_jacobian_is_native_and_a_large_one_comes_from_products) {
  for (size_t side = 2; side <= 65; side += 63) {
    gd_graph *graph = create();
    gd_game *game = NULL;
    const gd_node X = gd_graph_parameter(graph, "X", 0, side, side), y = gd_graph_parameter(graph, "y", 0, 1, side);
    const gd_node products = gd_node_product(y, X);
    const gd_node u = gd_node_add(gd_node_scale(gd_node_sum(gd_node_square(X), GD_OVER_ALL), 0.5),
                                  gd_node_sum(products, GD_OVER_ALL));
    assert_ok(gd_game_from_graph(&game, graph, 1, &u, NULL));
    gd_graph_destroy(graph);
    const bool small = gd_game_size(game) <= 4096;
    ck_assert_int_eq(gd_game_source(game, GD_JACOBIAN), small ? GD_SOURCE_NATIVE : GD_SOURCE_NONE);
    if (small) {
      double J[7 * 6], x[6] = {1, 2, 3, 4, 5, 6};
      J[6] = 7; /* between columns */
      assert_ok(gd_game_jacobian(game, x, J, 7));
      for (size_t j = 0; j < 6; j++) /* X_kl is number k + 2 l, y_k number 4 + k; d2u / dX_kl dy_k = 1 */
        for (size_t i = 0; i < 6; i++) {
          const size_t low = i < j ? i : j, high = i < j ? j : i;
          const bool one = low < 4 && (i == j || high == 4 + low % 2);
          ck_assert_double_eq(J[i + 7 * j], one);
        }
      ck_assert(J[6] == 7);
    }
    gd_game_destroy(game);
  }
}
END_TEST

static gd_status make_and_use(const gd_env *env, void *argument) {
  double x[64] = {0.1}, v[64];
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  (void)argument;
  gd_status status = gd_graph_create(&graph, env);
  if (status == GD_OK) status = create_gan(&game, graph);
  if (status == GD_OK) status = gd_game_gradient(game, x, v);
  gd_game_destroy(game);
  gd_graph_destroy(graph);
  return status;
}

START_TEST(running_out_of_memory_leaves_nothing_behind) {
  ck_assert_uint_ge(refuse_each_allocation(make_and_use, NULL), 50);
}
END_TEST

TEST_SUITE("graph", dirac_gan_is_the_model, steps_are_gates_without_slopes_of_their_own, multiples_are_computed_once,
           a_penalised_gan_passes_the_check_with_every_product_native, equal_draws_give_equal_bits,
           many_directions_are_the_bits_of_one_at_a_time, points_are_laid_out_by_player,
           unused_parameters_have_zero_gradients, norms_have_a_derivative_at_zero, derivatives_are_taken_at_variables,
           a_negated_mean_makes_a_zero_sum_game, a_small_jacobian_is_native_and_a_large_one_comes_from_products,
           running_out_of_memory_leaves_nothing_behind)
