/* SPDX-License-Identifier: BSD-3-Clause */
/* programs.c -- the programs of a graph's game: made when they are asked for, from a copy of the graph; products at one
 * point compute what does not depend on the direction once. */
#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/gamedyn.h>
#include <gamedyn/graph.h>
#include <pthread.h>

/* u = (tanh(x y), -x y^2): v = (y / cosh^2(xy), -2xy).  With s = 1 / cosh^2(xy) and t = tanh(xy), J has the rows
 * (-2 y^2 s t, s - 2xy s t) and (-2y, -2x). */
static gd_graph *create_graph(const gd_env *env, gd_node u[2]) {
  gd_graph *graph = NULL;
  if (gd_graph_create(&graph, env) < 0) return NULL;
  const gd_node x = gd_graph_parameter(graph, "x", 0, 1, 1), y = gd_graph_parameter(graph, "y", 1, 1, 1);
  const gd_node xy = gd_node_multiply(x, y);
  u[0] = gd_node_tanh(xy);
  u[1] = gd_node_negate(gd_node_multiply(xy, y));
  return graph;
}

static gd_game *create_game(const gd_env *env) {
  gd_game *game = NULL;
  gd_node u[2];
  gd_graph *graph = create_graph(env, u);
  assert_ok(gd_game_from_graph(&game, graph, 2, u, NULL));
  gd_graph_destroy(graph);
  return game;
}

static void expect_product(gd_game *game, const double z[2], const double u[2]) {
  const double x = z[0], y = z[1], s = 1 / (cosh(x * y) * cosh(x * y)), t = tanh(x * y);
  double Ju[2], Jtu[2];
  assert_ok(gd_game_jvp(game, z, u, Ju));
  assert_close(Ju[0], -2 * y * y * s * t * u[0] + (s - 2 * x * y * s * t) * u[1], 0, 1e-14);
  assert_close(Ju[1], -2 * y * u[0] - 2 * x * u[1], 0, 1e-14);
  assert_ok(gd_game_vjp(game, z, u, Jtu));
  assert_close(Jtu[0], -2 * y * y * s * t * u[0] - 2 * y * u[1], 0, 1e-14);
  assert_close(Jtu[1], (s - 2 * x * y * s * t) * u[0] - 2 * x * u[1], 0, 1e-14);
}

START_TEST(products_follow_the_point_in_any_order_of_calls) {
  static const double points[][2] = {{0.5, -1.25}, {0.5, -1.25}, {0.5, -0.75}, {-2, -0.75}, {0.5, -1.25}};
  static const double directions[][2] = {{1, 0}, {0, 1}, {3, -2}};
  gd_game *game = create_game(NULL);
  double v[2], J[4];
  for (size_t k = 0; k < 5; k++)
    for (size_t j = 0; j < 3; j++) {
      expect_product(game, points[k], directions[j]);
      if (j == 1) assert_ok(gd_game_gradient(game, points[(k + 1) % 5], v));
      if (j == 2) assert_ok(gd_game_jacobian(game, points[(k + 2) % 5], J, 2));
    }
  gd_game_destroy(game);
}
END_TEST

/* u_1 = sum of w * x, where w is drawn: v = w, so J = 0; u_1 = sum of w x^2 / 2 has J = diag(w). */
START_TEST(products_at_one_point_follow_the_draw) {
  gd_sampler sampler = {0};
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  assert_ok(gd_sampler_uniform(&sampler, 3, NULL));
  assert_ok(gd_graph_create(&graph, NULL));
  const gd_node x = gd_graph_parameter(graph, "x", 0, 3, 1), w = gd_graph_input(graph, "w", 3, 1, &sampler);
  const gd_node u = gd_node_sum(gd_node_scale(gd_node_multiply(w, gd_node_square(x)), 0.5), GD_OVER_ALL);
  assert_ok(gd_game_from_graph(&game, graph, 1, &u, NULL));
  const double at[3] = {1, 1, 1}; /* v = w here */
  double v[3], Ju[3], last = 2;
  for (uint64_t k = 0; k < 4; k++) {
    gd_game_set_draw(game, &(gd_draw){.index = k, .batch_size = 1});
    assert_ok(gd_game_jvp(game, at, (const double[]){1, 10, 100}, Ju));
    assert_ok(gd_game_gradient(game, at, v));
    ck_assert(v[0] != last);
    last = v[0];
    assert_close(Ju[0], v[0], 0, 1e-15);
    assert_close(Ju[1], 10 * v[1], 0, 1e-15);
    assert_close(Ju[2], 100 * v[2], 0, 1e-15);
  }
  gd_game_destroy(game);
  gd_graph_destroy(graph);
}
END_TEST

/* A point outside the domain of log is refused each time, and does not spoil the next one.  u = log(x): v = 1/x,
 * J = -1/x^2. */
START_TEST(a_point_outside_the_domain_is_refused_each_time) {
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  const gd_node u = gd_node_log(gd_graph_parameter(graph, "x", 0, 1, 1));
  assert_ok(gd_game_from_graph(&game, graph, 1, &u, NULL));
  gd_graph_destroy(graph);
  double Ju = 7;
  for (int k = 0; k < 3; k++) {
    assert_fails(gd_game_jvp(game, (const double[]){-2}, (const double[]){1}, &Ju), GD_ERR_DOMAIN, "log of \"x\"");
    assert_ok(gd_game_jvp(game, (const double[]){4}, (const double[]){1}, &Ju));
    assert_close(Ju, -1.0 / 16, 0, 1e-15);
  }
  gd_game_destroy(game);
}
END_TEST

/* ---- a copy of the graph ---- */

START_TEST(a_graph_may_grow_and_go_after_its_game_is_made) {
  gd_node u[2];
  gd_graph *graph = create_graph(NULL, u);
  gd_game *first = NULL, *second = NULL;
  assert_ok(gd_game_from_graph(&first, graph, 2, u, NULL));
  const uint64_t before = gd_node_square(u[0]).index;
  assert_ok(gd_game_from_graph(&second, graph, 2, u, NULL));
  const gd_node more = gd_node_exp(gd_node_square(u[1]));
  ck_assert_uint_eq(more.index, before + 2); /* games add no nodes to the user's graph */
  gd_graph_parameter(graph, "z", 0, 2, 2);
  expect_product(first, (const double[]){0.25, 3}, (const double[]){2, 1});
  gd_graph_destroy(graph);
  expect_product(second, (const double[]){0.25, 3}, (const double[]){2, 1});
  ck_assert_uint_eq(gd_game_size(first), 2);
  gd_game_destroy(first);
  gd_game_destroy(second);
}
END_TEST

/* ---- when programs are made ---- */

static gd_status ask_all(gd_game *game) {
  static const double x[2] = {1, 2}, u[2] = {3, 4};
  double out[4];
  GD_TRY(gd_game_gradient(game, x, out));
  GD_TRY(gd_game_utilities(game, x, out));
  for (size_t k = 0; k < 2; k++) {
    GD_TRY(gd_game_player_gradient(game, k, x, out));
    GD_TRY(gd_game_utility_gradient(game, k, x, out));
  }
  GD_TRY(gd_game_jvp(game, x, u, out));
  GD_TRY(gd_game_vjp(game, x, u, out));
  GD_TRY(gd_game_gradient_vjp(game, x, out, out + 2));
  return gd_game_jacobian(game, x, out, 2);
}

static const uint32_t all_needs = (1u << (GD_JACOBIAN + 1)) - 1;

START_TEST(a_prepared_game_allocates_nothing) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  gd_game *game = create_game(&memory.env);
  assert_ok(gd_game_prepare(game, all_needs));
  const size_t before = memory.calls;
  assert_ok(ask_all(game));
  ck_assert_uint_eq(memory.calls, before);
  gd_game_destroy(game);
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const bool *prepares = argument;
  gd_node u[2];
  gd_game *game = NULL;
  gd_graph *graph = create_graph(env, u);
  if (!graph) return GD_ERR_MEMORY;
  gd_status status = gd_game_from_graph(&game, graph, 2, u, NULL);
  if (status == GD_OK && *prepares) status = gd_game_prepare(game, all_needs);
  if (status == GD_OK) status = ask_all(game);
  gd_game_destroy(game);
  gd_graph_destroy(graph);
  return status;
}

START_TEST(each_allocation_may_fail) {
  ck_assert_uint_ge(refuse_each_allocation(attempt, &(bool){false}), 100);
  ck_assert_uint_ge(refuse_each_allocation(attempt, &(bool){true}), 100);
}
END_TEST

/* Every allocation of a first product is refused once; the same game then gives the product. */
START_TEST(a_game_recovers_from_a_lack_of_memory) {
  size_t k = 1;
  for (gd_status status = GD_ERR_MEMORY; status < 0; k++) {
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_game *game = create_game(&memory.env);
    memory.calls = 0;
    memory.fail_at = k;
    double Ju[2];
    status = gd_game_jvp(game, (const double[]){1, 2}, (const double[]){1, 0}, Ju);
    if (status < 0) ck_assert_int_eq(status, GD_ERR_MEMORY);
    memory.fail_at = 0;
    expect_product(game, (const double[]){0.5, 2}, (const double[]){3, 1});
    gd_game_destroy(game);
    ck_assert_uint_eq(memory.live, 0);
  }
  ck_assert_uint_ge(k, 10);
}
END_TEST

typedef struct asker {
  gd_game *game;
  pthread_t thread;
  gd_status status;
} asker;

static void *ask_on_a_thread(void *context) {
  asker *own = context;
  own->status = ask_all(own->game);
  return NULL;
}

START_TEST(handles_on_several_threads_may_ask_first) {
  enum { THREADS = 4 };
  for (int turn = 0; turn < 20; turn++) {
    gd_game *game = create_game(NULL);
    asker askers[THREADS];
    for (size_t k = 0; k < THREADS; k++) {
      assert_ok(gd_game_dup(&askers[k].game, game));
      ck_assert_int_eq(pthread_create(&askers[k].thread, NULL, ask_on_a_thread, askers + k), 0);
    }
    for (size_t k = 0; k < THREADS; k++) {
      pthread_join(askers[k].thread, NULL);
      assert_ok(askers[k].status);
      gd_game_destroy(askers[k].game);
    }
    expect_product(game, (const double[]){0.5, 2}, (const double[]){3, 1});
    gd_game_destroy(game);
  }
}
END_TEST

/* ---- growth ---- */

/* Bytes that a game of a chain of links takes with v and J u: y <- y - y^2 / 8, from x on. */
static size_t bytes_of_chain(size_t links) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  assert_ok(gd_graph_create(&graph, &memory.env));
  gd_node y = gd_graph_parameter(graph, "x", 0, 1, 1);
  for (size_t k = 0; k < links; k++) y = gd_node_subtract(y, gd_node_scale(gd_node_square(y), 0.125));
  assert_ok(gd_game_from_graph(&game, graph, 1, &y, NULL));
  assert_ok(gd_game_prepare(game, 1u << GD_JVP));
  const size_t bytes = memory.bytes;
  gd_game_destroy(game);
  gd_graph_destroy(graph);
  return bytes;
}

/* Eight times the links, and lists whose room doubles. */
START_TEST(memory_is_proportional_to_the_nodes) {
  const size_t small = bytes_of_chain(512), large = bytes_of_chain(4096);
  ck_assert_uint_lt(large, 10 * small); /* 8 times the links; 64 times if each program had a share of every node */
}
END_TEST

TEST_SUITE("programs", products_follow_the_point_in_any_order_of_calls, products_at_one_point_follow_the_draw,
           a_point_outside_the_domain_is_refused_each_time, a_graph_may_grow_and_go_after_its_game_is_made,
           a_prepared_game_allocates_nothing, each_allocation_may_fail, a_game_recovers_from_a_lack_of_memory,
           handles_on_several_threads_may_ask_first, memory_is_proportional_to_the_nodes)
