/* SPDX-License-Identifier: BSD-3-Clause */
/* words.c -- every failure has words of its own: never those of an older one, and those of gd_fail() to the caller. */
#include "laws/every.h"
#include "support/at_point.h"

#include <gamedyn/gamedyn.h>
#include <limits.h>

/* after the interface */
#include "every_call.h"

/* ---- without arguments ---- */

#define OLD "an older failure, long dealt with"

static void fail_before(void) { ck_assert_int_eq(gd_fail(GD_ERR_IO, OLD), GD_ERR_IO); }

START_TEST(every_function_without_arguments) {
  const size_t count = sizeof calls / sizeof *calls;
  ck_assert_uint_gt(count, 150);
  for (size_t k = 0; k < count; k++) {
    fail_before();
    const gd_status status = calls[k].call();
    ck_assert_msg(status < 0, "%s of nothing is %s", calls[k].name, gd_status_name(status));
    ck_assert_msg(gd_last_error()[0] && !strstr(gd_last_error(), OLD), "%s of nothing says \"%s\"", calls[k].name,
                  gd_last_error());
  }
}
END_TEST

/* ---- functions of the user's ---- */

/* What they all do: return this code, after words for a status if there is one. */
typedef struct failing {
  int code;
  gd_status status;
} failing;

static failing next;

static int falter(void) {
  if (next.status) gd_fail(next.status, "theta is %g", 0.5);
  return next.code;
}

static int fail_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[0], v[1] = -x[1];
  return falter();
}

static int fail_utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  (void)data, (void)draw, (void)x;
  u[0] = u[1] = 0;
  return falter();
}

static int fail_player(void *data, const gd_draw *draw, size_t player, const double *x, double *v) {
  (void)data, (void)draw, (void)player;
  v[0] = -x[player];
  return falter();
}

static int fail_product(void *data, const gd_draw *draw, const double *x, const double *u, double *out) {
  (void)data, (void)draw, (void)x;
  out[0] = -u[0], out[1] = -u[1];
  return falter();
}

static int fail_both(void *data, const gd_draw *draw, const double *x, double *v, double *out) {
  v[0] = v[1] = 0;
  return fail_gradient(data, draw, x, out);
}

static int fail_points(void *data, const gd_draw *draw, size_t k, const double *X, double *V) {
  (void)data, (void)draw;
  for (size_t i = 0; i < 2 * k; i++) V[i] = -X[i];
  return falter();
}

static int fail_products(void *data, const gd_draw *draw, const double *x, size_t k, const double *U, double *JU) {
  (void)x;
  return fail_points(data, draw, k, U, JU);
}

static int fail_jacobian(void *data, const gd_draw *draw, const double *x, double *J, size_t ldj) {
  (void)data, (void)draw, (void)x;
  J[0] = J[1 + ldj] = -1, J[1] = J[ldj] = 0;
  return falter();
}

static int fail_point(void *data, double *x) {
  (void)data;
  x[0] = x[1] = 0;
  return falter();
}

static int fail_apply(void *context, const double *u, double *out) { return fail_product(context, NULL, u, u, out); }

static int fail_respond(void *context, const double *x, double *y) {
  (void)context, (void)x;
  *y = 0;
  return falter();
}

static int fail_fill(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  (void)context, (void)draw;
  for (size_t k = 0; k < rows * columns; k++) out[k] = 1;
  return falter();
}

static gd_status fail_init(gd_stepper *stepper) {
  (void)stepper;
  return falter();
}

static gd_status fail_step(gd_stepper *stepper, gd_game *game, double *x) {
  (void)stepper, (void)game, (void)x;
  return falter();
}

static gd_status fail_modulus(const void *params, double re, double im, double *modulus) {
  (void)params, (void)re, (void)im;
  *modulus = 0.5;
  return falter();
}

static gd_status fail_prepare(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  (void)context, (void)member, (void)rng, (void)stepper, (void)x;
  return falter();
}

/* ---- what calls them ---- */

static const gd_game_ops every_callback = {.struct_size = sizeof(gd_game_ops),
                                           .gradient = fail_gradient,
                                           .player_gradient = fail_player,
                                           .utilities = fail_utilities,
                                           .utility_gradient = fail_player,
                                           .jvp = fail_product,
                                           .vjp = fail_product,
                                           .jvp_many = fail_products,
                                           .gradient_many = fail_points,
                                           .jacobian = fail_jacobian,
                                           .solution = fail_point,
                                           .gradient_vjp = fail_both};
static const gd_game_ops with_a_set = {
    .struct_size = sizeof(gd_game_ops), .gradient = fail_gradient, .project = fail_point};
static const gd_game_ops one_callback = {.struct_size = sizeof(gd_game_ops), .gradient = fail_gradient};

typedef struct refusing_params {
  const double *step_size;
} refusing_params;
typedef struct refusing_state {
  char unused;
} refusing_state;
static const gd_param params_table[] = {GD_PARAM_STEP_SIZE(refusing_params)};
static const gd_method refusing = {GD_METHOD_HEAD(refusing, params_table), .init = fail_init, .step = fail_step,
                                   .mode_modulus = fail_modulus};

/* Objects made while nothing fails, by a test that is about to fail. */
typedef struct scene {
  gd_game *game, *plain, *set, *derived, *response, *of_graph;
  gd_stepper *stepper, *consensus;
  gd_operator *op;
  gd_spectrum *spectrum;
  gd_function *function;
  gd_sampler sampler;
  gd_ensemble *ensemble;
  double x[2], out[2], J[4];
} scene;

static gd_game *create(const gd_game_ops *ops) {
  gd_game *game = NULL;
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = ops, .n_players = 2, .block_sizes = (const size_t[]){1, 1}};
  assert_ok(gd_game_create(&game, &spec));
  return game;
}

/* u_0 = theta y, u_1 = -theta^2, y a sample. */
static void set_graph(scene *s) {
  gd_graph *graph = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  gd_sampler sampler = s->sampler;
  const gd_node theta = gd_graph_parameter(graph, "theta", 0, 1, 1), phi = gd_graph_parameter(graph, "phi", 1, 1, 1);
  const gd_node y = gd_graph_input(graph, "y", 1, 1, &sampler), u = gd_node_multiply(theta, y);
  assert_ok(gd_game_from_graph(&s->of_graph, graph, 2, (const gd_node[]){u, gd_node_multiply(u, phi)}, NULL));
  assert_ok(gd_function_create(&s->function, graph, 1, &u));
  gd_graph_destroy(graph);
}

static scene set_scene(void) {
  next = (failing){0};
  scene s = {.game = create(&every_callback), .plain = create(&one_callback), .set = create(&with_a_set), .x = {1, 1}};
  s.sampler = (gd_sampler){.struct_size = sizeof s.sampler, .fill = fail_fill};
  assert_ok(gd_derive_consensus(&s.derived, s.game, 0.25));
  assert_ok(gd_derive_best_response(&s.response, s.game, 1, fail_respond, NULL));
  set_graph(&s);
  assert_ok(gd_stepper_create(&s.stepper, s.game, &refusing));
  assert_ok(gd_stepper_create_named(&s.consensus, s.game, GD_CONSENSUS));
  assert_ok(gd_operator_create(&s.op, 2, fail_apply, fail_apply, NULL, NULL));
  assert_ok(gd_spectrum_from_values(&s.spectrum, 1, (const double[]){-1}, (const double[]){0}, NULL));
  return s;
}

static void clear_scene(scene *s) {
  next = (failing){0};
  gd_ensemble_destroy(s->ensemble);
  gd_spectrum_destroy(s->spectrum);
  gd_operator_destroy(s->op);
  gd_stepper_destroy(s->consensus);
  gd_stepper_destroy(s->stepper);
  gd_function_destroy(s->function);
  gd_game_destroy(s->of_graph);
  gd_game_destroy(s->response);
  gd_game_destroy(s->derived);
  gd_game_destroy(s->set);
  gd_game_destroy(s->plain);
  gd_game_destroy(s->game);
}

typedef gd_status attempt(scene *s);

static gd_status gradient(scene *s) { return gd_game_gradient(s->game, s->x, s->out); }
static gd_status player(scene *s) { return gd_game_player_gradient(s->game, 1, s->x, s->out); }
static gd_status utilities(scene *s) { return gd_game_utilities(s->game, s->x, s->out); }
static gd_status utility(scene *s) { return gd_game_utility_gradient(s->game, 0, s->x, s->out); }
static gd_status jvp(scene *s) { return gd_game_jvp(s->game, s->x, (const double[]){1, 0}, s->out); }
static gd_status vjp(scene *s) { return gd_game_vjp(s->game, s->x, (const double[]){1, 0}, s->out); }
static gd_status both(scene *s) { return gd_game_gradient_vjp(s->game, s->x, s->J, s->out); }
static gd_status many(scene *s) { return gd_game_gradient_many(s->game, 1, s->x, s->out); }
static gd_status products(scene *s) { return gd_game_jvp_many(s->game, s->x, 1, (const double[]){1, 0}, s->out); }
static gd_status jacobian(scene *s) { return gd_game_jacobian(s->game, s->x, s->J, 2); }
static gd_status project(scene *s) { return gd_game_project(s->set, s->x); }
static gd_status solution(scene *s) { return gd_game_solution(s->game, s->x); }
static gd_status difference(scene *s) { return gd_game_jvp(s->plain, s->x, (const double[]){1, 0}, s->out); }
static gd_status derived(scene *s) { return gd_game_gradient(s->derived, s->x, s->out); }
static gd_status response(scene *s) { return gd_game_gradient(s->response, s->x, s->out); }
static gd_status apply(scene *s) { return gd_operator_apply(s->op, s->x, s->out); }
static gd_status transposed(scene *s) { return gd_operator_apply_transpose(s->op, s->x, s->out); }
static gd_status singular(scene *s) { return gd_singular_values(s->op, NULL, s->out, NULL); }
static gd_status sample(scene *s) { return gd_sampler_fill(&s->sampler, NULL, 1, 2, s->out); }
static gd_status of_graph(scene *s) { return gd_game_gradient(s->of_graph, s->x, s->out); }
static gd_status function(scene *s) { return gd_function_evaluate(s->function, NULL, s->x, (double *[]){s->out}); }
static gd_status consensus(scene *s) { return gd_stepper_step(s->consensus, s->x); }
static gd_status run(scene *s) { return gd_run(s->consensus, s->x, NULL, NULL); }
static gd_status step(scene *s) { return gd_stepper_step(s->stepper, s->x); }
static gd_status rate(scene *s) { return spectrum_rate(s->stepper, s->spectrum, 0.5, s->out); }

static gd_status init(scene *s) {
  gd_stepper *stepper = NULL;
  return gd_stepper_create(&stepper, s->plain, &refusing);
}

static gd_status prepare(scene *s) {
  gd_ensemble_options options;
  gd_ensemble_options_init(&options);
  options.prepare = fail_prepare;
  assert_ok(gd_ensemble_run(&s->ensemble, s->plain, gd_method_find(GD_SIMULTANEOUS), &options));
  return gd_ensemble_result(s->ensemble, 0, NULL);
}

/* Callbacks return codes; the last four return statuses. */
static attempt *const attempts[] = {gradient,  player,   utilities,  utility,  jvp,      vjp,        both,
                                    many,      products, jacobian,   project,  solution, difference, derived,
                                    response,  apply,    transposed, singular, sample,   of_graph,   function,
                                    consensus, run,      step,       rate,     init,     prepare};
enum { ATTEMPTS = sizeof attempts / sizeof *attempts, CODES = ATTEMPTS - 4 };

/* A failure of the kind, after an older one with the status that the code would be. */
static void assert_words(size_t k, failing kind, gd_status expected, const char *words) {
  scene s = set_scene();
  gd_fail(GD_ERR_DOMAIN, OLD);
  next = kind;
  const gd_status status = attempts[k](&s);
  ck_assert_msg(status == expected, "attempt %zu: %s, expected %s (%s)", k, gd_status_name(status),
                gd_status_name(expected), gd_last_error());
  ck_assert_msg(strstr(gd_last_error(), words) && !strstr(gd_last_error(), OLD), "attempt %zu says \"%s\"", k,
                gd_last_error());
  clear_scene(&s);
}

START_TEST(a_function_that_fails_without_words) {
  for (size_t k = 0; k < ATTEMPTS; k++) {
    const bool is_code = k < CODES;
    assert_words(k, (failing){GD_ERR_DOMAIN, 0}, is_code ? GD_ERR_CALLBACK : GD_ERR_DOMAIN,
                 is_code ? "returned -6" : "returned GD_ERR_DOMAIN");
  }
}
END_TEST

START_TEST(a_function_that_says_why) {
  for (size_t k = 0; k < ATTEMPTS; k++) {
    assert_words(k, (failing){GD_ERR_HYPOTHESIS, GD_ERR_HYPOTHESIS}, GD_ERR_HYPOTHESIS, "theta is 0.5");
    if (k < CODES) assert_words(k, (failing){-1, GD_ERR_CALLBACK}, GD_ERR_CALLBACK, "theta is 0.5");
    /* another failure within, dealt with or not, is quoted */
    if (k < CODES) assert_words(k, (failing){-77, GD_ERR_LAPACK}, GD_ERR_CALLBACK, "-77");
    if (k < CODES) assert_words(k, (failing){-77, GD_ERR_LAPACK}, GD_ERR_CALLBACK, "theta is 0.5");
  }
}
END_TEST

/* No number that a callback may return is taken for success, or for a status that nothing within failed with. */
START_TEST(numbers_at_the_end_of_int) {
  for (size_t k = 0; k < CODES; k++)
    for (int more = 0; more <= 256; more += more < 20 ? 1 : 59)
      assert_words(k, (failing){INT_MIN + more, 0}, GD_ERR_CALLBACK, "returned -21474");
}
END_TEST

/* ---- one status whatever they return ---- */

static int refuse_bytes(void *context, const void *bytes, size_t count) {
  (void)context, (void)bytes, (void)count;
  return falter() ? falter() : 1;
}

static int refuse_to_read(void *context, void *bytes, size_t count) { return refuse_bytes(context, bytes, count); }

START_TEST(writing_and_reading) {
  scene s = set_scene();
  fail_before();
  assert_fails(gd_stepper_save(s.stepper, refuse_bytes, NULL), GD_ERR_IO, "the write function failed");
  fail_before();
  assert_fails(gd_stepper_load(s.stepper, refuse_to_read, NULL), GD_ERR_IO, "the read function failed");
  next = (failing){-1, GD_ERR_IO};
  assert_fails(gd_stepper_save(s.stepper, refuse_bytes, NULL), GD_ERR_IO, "theta is 0.5");
  assert_fails(gd_stepper_load(s.stepper, refuse_to_read, NULL), GD_ERR_IO, "theta is 0.5");
  clear_scene(&s);
}
END_TEST

static double nothing(void *context, size_t member, const double *x, const gd_run_result *result) {
  (void)context, (void)member, (void)x, (void)result;
  return NAN;
}

static double no_factor(void *context, uint64_t step) {
  (void)context;
  return step ? NAN : 1;
}

START_TEST(numbers_that_are_none) {
  scene s = set_scene();
  const double half = 0.5;
  double quantile;
  assert_ok(gd_ensemble_run(&s.ensemble, s.plain, gd_method_find(GD_SIMULTANEOUS), NULL));
  fail_before();
  assert_fails(gd_ensemble_quantiles(s.ensemble, nothing, NULL, 1, &half, &quantile), GD_ERR_NONFINITE,
               "the observable of member 0 is nan");
  assert_ok(gd_stepper_schedule(s.consensus, GD_STEP_SIZE, no_factor, NULL));
  assert_ok(gd_stepper_step(s.consensus, s.x));
  fail_before();
  assert_fails(gd_stepper_step(s.consensus, s.x), GD_ERR_NONFINITE, "the schedule of step_size gives nan at step 1");
  clear_scene(&s);
}
END_TEST

/* A trace keeps why it stopped the run. */
START_TEST(a_trace_that_failed) {
  scene s = set_scene();
  gd_trace *trace = NULL;
  gd_run_options options;
  gd_run_options_init(&options);
  assert_ok(gd_trace_create(&trace, s.of_graph, GD_TRACE_GRADIENT_NORM, NULL));
  const gd_observer observer = gd_trace_observer(trace);
  options.observers = &observer;
  options.n_observers = 1;
  options.gradient_tolerance = 0;
  options.max_steps = 1;
  next = (failing){GD_ERR_HYPOTHESIS, GD_ERR_HYPOTHESIS};
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, s.game, GD_SIMULTANEOUS));
  gd_run(stepper, s.x, &options, NULL);
  fail_before();
  assert_fails(gd_trace_status(trace), GD_ERR_HYPOTHESIS, "theta is 0.5");
  gd_stepper_destroy(stepper);
  gd_trace_destroy(trace);
  clear_scene(&s);
}
END_TEST

START_TEST(names_that_there_are_not) {
  scene s = set_scene();
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create_named(&stepper, s.game, "simultanous"), GD_ERR_NAME,
               "there is no method \"simultanous\"; the methods are simultaneous, alternating, optimistic");
  assert_fails(gd_stepper_set_scaling(s.stepper, "adma"), GD_ERR_NAME,
               "there is no scaling \"adma\"; the scalings are none, rmsprop, adam");
  clear_scene(&s);
}
END_TEST

TEST_SUITE("words", every_function_without_arguments, a_function_that_fails_without_words, a_function_that_says_why,
           numbers_at_the_end_of_int, writing_and_reading, numbers_that_are_none, a_trace_that_failed,
           names_that_there_are_not)
