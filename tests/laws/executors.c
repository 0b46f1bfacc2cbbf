/* SPDX-License-Identifier: BSD-3-Clause */
/* executors.c -- an executor that fails, leaves tasks out or runs them twice: its failure in words, or the right bits;
 * never another answer. */
#include "support/suite.h"

#include <gamedyn/gamedyn.h>

enum { SIDE = 400, N = 2 * SIDE, POINTS = 20, GRAPH_SIDE = 64, GRAPH_N = GRAPH_SIDE * GRAPH_SIDE };

/* ---- executors ---- */

typedef enum fault { NONE, REFUSES, LEAVES_ONE_OUT, RUNS_TWICE } fault;

/* Runs tasks one after the other; its call number fail_at (0: every one) has the fault. */
typedef struct faulty {
  fault fault;
  size_t calls, fail_at;
  gd_executor executor;
  gd_env env;
} faulty;

static int run_all(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  faulty *own = context;
  const bool due = ++own->calls == own->fail_at || own->fail_at == 0;
  const fault now = due ? own->fault : NONE;
  int first = 0;
  if (now == REFUSES) return -1;
  for (size_t k = now == LEAVES_ONE_OUT; k < count; k++)
    for (int times = 0; times < (now == RUNS_TWICE ? 2 : 1); times++) {
      const int code = task(argument, k);
      if (!first) first = code;
    }
  return first;
}

static void set_up(faulty *own) {
  *own = (faulty){.executor = {sizeof(gd_executor), own, run_all}};
  own->env = (gd_env){.struct_size = sizeof own->env, .executor = &own->executor};
}

/* ---- games that use one ---- */

static gd_game *create_bilinear(const gd_env *env) {
  static double C[SIDE * SIDE];
  gd_game *game = NULL;
  for (size_t k = 0; k < SIDE * SIDE; k++) C[k] = (double)(k * 37 % 101) / 100;
  assert_ok(gd_model_bilinear(&game, SIDE, SIDE, C, SIDE, env));
  return game;
}

/* u_0 = sum tanh(W tanh(W)), u_1 = b u_0. */
static gd_game *create_graph_game(const gd_env *env) {
  gd_graph *graph = NULL;
  gd_game *game = NULL;
  assert_ok(gd_graph_create(&graph, env));
  const gd_node W = gd_graph_parameter(graph, "W", 0, GRAPH_SIDE, GRAPH_SIDE);
  const gd_node b = gd_graph_parameter(graph, "b", 1, 1, 1);
  const gd_node u = gd_node_sum(gd_node_tanh(gd_node_product(W, gd_node_tanh(W))), GD_OVER_ALL);
  assert_ok(gd_game_from_graph(&game, graph, 2, (const gd_node[]){u, gd_node_multiply(b, u)}, NULL));
  gd_graph_destroy(graph);
  return game;
}

/* ---- what uses them ---- */

enum { ROOM = POINTS * N };
typedef gd_status attempt(gd_game *game, const double *x, double *out);

static gd_status player(gd_game *game, const double *x, double *out) {
  return gd_game_player_gradient(game, 0, x, out);
}
static gd_status other_player(gd_game *game, const double *x, double *out) {
  return gd_game_player_gradient(game, 1, x, out);
}
static gd_status jvp(gd_game *game, const double *x, double *out) { return gd_game_jvp(game, x, x + 1, out); }
static gd_status vjp(gd_game *game, const double *x, double *out) { return gd_game_vjp(game, x, x + 1, out); }
static gd_status utility(gd_game *game, const double *x, double *out) {
  return gd_game_utility_gradient(game, 0, x, out);
}
static gd_status both(gd_game *game, const double *x, double *out) {
  return gd_game_gradient_vjp(game, x, out, out + gd_game_size(game));
}
static gd_status many(gd_game *game, const double *x, double *out) {
  return gd_game_gradient_many(game, POINTS, x, out);
}
static gd_status products(gd_game *game, const double *x, double *out) {
  return gd_game_jvp_many(game, x, POINTS, x + 1, out);
}

static gd_status run(gd_game *game, const double *x, double *out) {
  gd_stepper *stepper = NULL;
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 3;
  memcpy(out, x, gd_game_size(game) * sizeof *out);
  gd_status status = gd_stepper_create_named(&stepper, game, GD_EXTRAGRADIENT);
  if (status >= 0) status = gd_run(stepper, out, &options, NULL);
  gd_stepper_destroy(stepper);
  return status;
}

static gd_status members(gd_game *game, const double *x, double *out) {
  gd_ensemble *ensemble = NULL;
  gd_run_options rules;
  gd_ensemble_options options;
  gd_run_options_init(&rules);
  rules.max_steps = 1;
  gd_ensemble_options_init(&options);
  options.members = 3;
  options.run = &rules;
  options.start = x;
  gd_status status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_SIMULTANEOUS), &options);
  for (size_t k = 0; k < 3 && status >= 0; k++) status = gd_ensemble_result(ensemble, k, NULL);
  if (status >= 0) memcpy(out, gd_ensemble_point(ensemble, 2), gd_game_size(game) * sizeof *out);
  gd_ensemble_destroy(ensemble);
  return status;
}

static attempt *const of_bilinear[] = {gd_game_gradient, player, other_player, jvp, vjp, many, products, run, members};
static attempt *const of_graph[] = {gd_game_gradient, player, other_player, jvp, vjp, utility, both, run, members};
enum { ATTEMPTS = 9 };

/* ---- the law ---- */

static gd_game *create(bool graph, const gd_env *env) { return graph ? create_graph_game(env) : create_bilinear(env); }

/* Each attempt with each of its calls of run_all failing. */
static size_t fail_each_call(bool graph, fault which, const char *words) {
  static double x[ROOM + 1], out[ROOM];
  size_t failed = 0;
  faulty own;
  set_up(&own);
  gd_game *game = create(graph, &own.env);
  for (size_t k = 0; k <= ROOM; k++) x[k] = (double)(k % 13) / 100;
  for (size_t a = 0; a < ATTEMPTS; a++)
    for (size_t k = 1; k == 1 || own.calls >= k - 1; k++) {
      own.calls = 0, own.fail_at = k, own.fault = which;
      gd_fail(GD_ERR_CALLBACK, "an older failure");
      const gd_status status = (graph ? of_graph : of_bilinear)[a](game, x, out);
      if (own.calls < k) {
        assert_ok(status);
        break;
      }
      ck_assert_msg(status == GD_ERR_CALLBACK, "attempt %zu, call %zu: %s", a, k, gd_status_name(status));
      ck_assert_msg(strstr(gd_last_error(), words), "attempt %zu, call %zu: %s", a, k, gd_last_error());
      failed++;
    }
  gd_game_destroy(game);
  return failed;
}

/* On one processor graphs ask nobody, and an ensemble asks once. */
START_TEST(a_failing_executor_ends_in_its_failure) {
  for (int graph = 0; graph < 2; graph++) {
    ck_assert_uint_ge(fail_each_call(graph, REFUSES, "executor->run_all returned -1"), graph ? 1 : 12);
    ck_assert_uint_ge(fail_each_call(graph, LEAVES_ONE_OUT, "executor->run_all ran "), graph ? 1 : 12);
  }
}
END_TEST

START_TEST(tasks_run_twice_change_nothing) {
  static double x[ROOM + 1], out[ROOM], expected[ROOM];
  for (size_t k = 0; k <= ROOM; k++) x[k] = (double)(k % 13) / 100;
  for (int graph = 0; graph < 2; graph++) {
    faulty own;
    set_up(&own);
    own.fault = RUNS_TWICE;
    gd_game *game = create(graph, &own.env), *alone = create(graph, NULL);
    for (size_t a = 0; a < ATTEMPTS; a++) {
      attempt *ask = (graph ? of_graph : of_bilinear)[a];
      memset(out, 0, sizeof out), memset(expected, 0, sizeof expected);
      assert_ok(ask(game, x, out));
      assert_ok(ask(alone, x, expected));
      ck_assert_msg(memcmp(out, expected, sizeof out) == 0, "attempt %zu: other bits", a);
    }
    gd_game_destroy(alone);
    gd_game_destroy(game);
  }
}
END_TEST

TEST_SUITE("executors", a_failing_executor_ends_in_its_failure, tasks_run_twice_change_nothing)
