/* SPDX-License-Identifier: BSD-3-Clause */
/* graph.c -- expression graphs as callers meet them: games against closed forms and against gd_game_check(), draws,
 * words for what does not fit, and memory that runs out. */
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

/* d|a|/da = a / |a|, and 0 at 0, where also second derivatives are finite */
START_TEST(norms_have_a_derivative_at_zero) {
  gd_graph *graph = create();
  const gd_node a = gd_graph_parameter(graph, "a", 0, 2, 1);
  const gd_node norm = gd_node_norm(a, GD_OVER_ALL), slope = gd_node_gradient(norm, a);
  const gd_node nodes[] = {norm, slope, gd_node_gradient(slope, a)};
  const double zero[] = {0, 0}, x[] = {3, -4};
  double value, g[2], h[2], *outputs[] = {&value, g, h};
  gd_function *function = NULL;
  assert_ok(gd_function_create(&function, graph, 3, nodes));
  assert_ok(gd_function_evaluate(function, NULL, zero, outputs));
  ck_assert(value == 0 && g[0] == 0 && g[1] == 0 && h[0] == 0 && h[1] == 0);
  assert_ok(gd_function_evaluate(function, NULL, x, outputs));
  assert_close(value, 5, 1e-15, 0);
  assert_close(g[0], 0.6, 1e-15, 0);
  assert_close(g[1], -0.8, 1e-15, 0);
  gd_function_destroy(function);
  gd_graph_destroy(graph);
}
END_TEST

/* ---- what does not fit ---- */

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
static gd_node bad_parameter(gd_graph *graph, gd_node a) {
  (void)a;
  return gd_graph_parameter(graph, "b", 0, 0, 3);
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
  assert_fails(gd_graph_status(one), GD_ERR_ARGUMENT, "meets a node of another graph");
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
  assert_fails(gd_node_set_initial(total, (const double[]){1}), GD_ERR_ARGUMENT, "node is no parameter");
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
  assert_fails(gd_function_evaluate(function, NULL, &x, output), GD_ERR_CALLBACK, "a sampler returned -3");
  ck_assert(v == 7);
  gd_function_destroy(function);
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

/* ---- memory ---- */

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

TEST_SUITE("graph", dirac_gan_is_the_model, a_penalised_gan_passes_the_check_with_every_product_native,
           equal_draws_give_equal_bits, many_directions_are_the_bits_of_one_at_a_time, points_are_laid_out_by_player,
           unused_parameters_have_zero_gradients, norms_have_a_derivative_at_zero,
           the_first_mistake_is_kept_with_its_words, nodes_of_two_graphs_do_not_meet,
           games_need_a_scalar_utility_and_a_parameter_for_each_player, failures_of_samplers_are_the_games,
           running_out_of_memory_leaves_nothing_behind)
