/* SPDX-License-Identifier: BSD-3-Clause */
/* sizes.c -- structs of older and newer programs: every caller-filled struct is read at the size that it had in its first
 * published version, and at a larger one whose rest is zero. */
#include <gamedyn/gamedyn.h>

#include "base/first_sizes.h"
#include "support/suite.h"

/* Room for a struct and for what a later version may add. */
enum { ROOM = 1024, MORE = 64 };

static const double one[] = {1}, origin[] = {0, 0};

static gd_game *rotation(void) {
  gd_game *game = NULL;
  assert_ok(gd_model_bilinear(&game, 1, 1, one, 1, NULL));
  return game;
}

static gd_operator *identity(void) {
  gd_operator *op = NULL;
  assert_ok(gd_operator_dense(&op, 1, 1, one, 1, NULL));
  return op;
}

static gd_linearisation *at_origin(gd_game *game) {
  gd_linearisation *at = NULL;
  assert_ok(gd_linearise(&at, game, origin, NULL));
  return at;
}

/* ---- options: fill in the defaults, then call something that reads them ---- */

#define OPTIONS(type, ...)                                                                                             \
  static void fill_##type(void *s) { type##_init((type *)s); }                                                         \
  static gd_status call_##type(const void *s) {                                                                        \
    gd_game *game = rotation();                                                                                        \
    gd_operator *op = identity();                                                                                      \
    gd_status status = GD_OK;                                                                                          \
    __VA_ARGS__;                                                                                                       \
    gd_operator_destroy(op);                                                                                           \
    gd_game_destroy(game);                                                                                             \
    return status;                                                                                                     \
  }

OPTIONS(gd_eval_options, status = gd_game_configure(game, s))
OPTIONS(gd_spectrum_options, {
  gd_spectrum *spectrum = NULL;
  status = gd_spectrum_compute(&spectrum, op, s);
  gd_spectrum_destroy(spectrum);
})
OPTIONS(gd_solve_options, {
  double x[] = {0};
  status = gd_gmres_solve(op, one, x, s, NULL);
})
OPTIONS(gd_newton_options, {
  double x[] = {1, 1};
  status = gd_newton_solve(game, x, s, NULL);
})
OPTIONS(gd_growth_options, {
  gd_growth growth;
  status = gd_step_growth(op, s, &growth);
  if (status > 0) status = GD_OK;
})
OPTIONS(gd_classify_options, {
  gd_classification kind;
  gd_linearisation *at = at_origin(game);
  status = gd_classify(at, s, &kind);
  gd_linearisation_destroy(at);
})
OPTIONS(gd_analysis_options, {
  gd_analysis *analysis = NULL;
  gd_linearisation *at = at_origin(game);
  status = gd_analysis_create(&analysis, at, s);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
})
OPTIONS(gd_run_options, {
  double x[] = {0, 0};
  gd_stepper *stepper = NULL;
  assert_ok(gd_stepper_create_named(&stepper, game, GD_OPTIMISTIC));
  status = gd_run(stepper, x, s, NULL);
  gd_stepper_destroy(stepper);
})
OPTIONS(gd_ensemble_options, {
  gd_ensemble *ensemble = NULL;
  status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_OPTIMISTIC), s);
  gd_ensemble_destroy(ensemble);
})
OPTIONS(gd_consensus_options, {
  gd_game *derived = NULL;
  status = gd_derive_consensus_with(&derived, game, s);
  gd_game_destroy(derived);
})
OPTIONS(gd_gmm_gan, {
  gd_game *model = NULL;
  status = gd_model_gmm_gan(&model, s, NULL);
  gd_game_destroy(model);
})

/* ---- specs and tables ---- */

#define SPEC(type, value, ...)                                                                                         \
  static void fill_##type(void *s) { *(type *)s = (type)value; }                                                       \
  static gd_status call_##type(const void *s) {                                                                        \
    gd_status status = GD_OK;                                                                                          \
    __VA_ARGS__;                                                                                                       \
    return status;                                                                                                     \
  }
#define WITH(...)                                                                                                      \
  { __VA_ARGS__ }

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = -x[0];
  return 0;
}

static const size_t single[] = {1}, widths[] = {1, 1};

static gd_status make_game(const gd_game_ops *ops, const gd_game_spec *spec) {
  gd_game *game = NULL;
  const gd_game_spec own = {.struct_size = sizeof own, .ops = ops, .n_players = 1, .block_sizes = single};
  const gd_status status = gd_game_create(&game, spec ? spec : &own);
  gd_game_destroy(game);
  return status;
}

static gd_status make_in(const gd_allocator *a, const gd_logger *l, const gd_comm *c, const gd_executor *e) {
  const gd_env env = {sizeof env, a, l, c, e, NULL};
  gd_operator *op = NULL;
  const gd_status status = gd_operator_dense(&op, 1, 1, one, 1, &env);
  gd_operator_destroy(op);
  return status;
}

static void *allocate(void *context, size_t bytes) {
  (void)context;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void release(void *context, void *memory, size_t bytes) {
  (void)context, (void)bytes;
  free(memory);
}

static void hear(void *context, gd_log_level level, const char *text) { (void)context, (void)level, (void)text; }

static int reduce(void *context, gd_reduction op, double *values, size_t count) {
  (void)context, (void)op, (void)values, (void)count;
  return 0;
}

static int run_all(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  (void)context;
  for (size_t k = 0; k < count; k++) task(argument, k);
  return 0;
}

static int fill_samples(void *context, const gd_draw *draw, size_t rows, size_t columns, double *out) {
  (void)context, (void)draw;
  for (size_t k = 0; k < rows * columns; k++) out[k] = 0.5;
  return 0;
}

static const gd_game_ops ops = {.struct_size = sizeof ops, .gradient = gradient};

SPEC(gd_game_ops, WITH(.gradient = gradient), status = make_game(s, NULL))
SPEC(gd_game_spec, WITH(.ops = &ops, .n_players = 1, .block_sizes = single), status = make_game(NULL, s))
SPEC(gd_allocator, WITH(.allocate = allocate, .release = release), status = make_in(s, NULL, NULL, NULL))
SPEC(gd_logger, WITH(.message = hear), status = make_in(NULL, s, NULL, NULL))
SPEC(gd_comm, WITH(.size = 1, .reduce = reduce), status = make_in(NULL, NULL, s, NULL))
SPEC(gd_executor, WITH(.run_all = run_all), status = make_in(NULL, NULL, NULL, s))
SPEC(gd_catalog, WITH(.n_methods = 0), {
  const gd_env env = {.struct_size = sizeof env, .catalog = s};
  gd_operator *op = NULL;
  status = gd_operator_dense(&op, 1, 1, one, 1, &env);
  gd_operator_destroy(op);
})
SPEC(gd_env, WITH(.struct_size = 0), {
  gd_operator *op = NULL;
  status = gd_operator_dense(&op, 1, 1, one, 1, s);
  gd_operator_destroy(op);
})
static void fill_gd_method(void *s) { *(gd_method *)s = *gd_method_find(GD_SIMULTANEOUS); }
static gd_status call_gd_method(const void *s) {
  gd_game *game = rotation();
  gd_stepper *stepper = NULL;
  const gd_status status = gd_stepper_create(&stepper, game, s);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  return status;
}

static void fill_gd_derivation(void *s) { *(gd_derivation *)s = *gd_derivation_find("symplectic"); }
static gd_status call_gd_derivation(const void *s) {
  gd_game *game = rotation(), *derived = NULL;
  const gd_status status = gd_derive(&derived, game, s, NULL);
  gd_game_destroy(derived);
  gd_game_destroy(game);
  return status;
}

#define MODEL(type, value, call)                                                                                       \
  SPEC(type, WITH(value), {                                                                                            \
    gd_game *game = NULL;                                                                                              \
    status = call(&game, s, NULL);                                                                                     \
    gd_game_destroy(game);                                                                                             \
  })
MODEL(gd_lq_gan, .dimension = 1, gd_model_lq_gan)
SPEC(gd_covariance_gan, WITH(.dimension = 1, .latent = 1, .units = 1), {
  gd_game *game = NULL;
  status = gd_model_covariance_gan(&game, s, NULL);
  gd_game_destroy(game);
})
SPEC(gd_mixture, WITH(.count = 1, .means = one), {
  double density, cumulative;
  status = gd_mixture_evaluate(s, 0, &density, &cumulative);
})

#define SAMPLER(type, value, call)                                                                                     \
  SPEC(type, value, {                                                                                                  \
    gd_sampler sampler = {0};                                                                                          \
    status = call(&sampler, 0, s, NULL);                                                                               \
    gd_sampler_destroy(&sampler);                                                                                      \
  })
SAMPLER(gd_gaussian, WITH(.dimension = 1), gd_sampler_gaussian)
SPEC(gd_gaussian_mixture, WITH(.dimension = 1, .count = 1, .means = one), {
  gd_sampler sampler = {0};
  status = gd_sampler_mixture(&sampler, 0, s, NULL);
  gd_sampler_destroy(&sampler);
})
SAMPLER(gd_gaussian_ring, WITH(.count = 1), gd_sampler_ring)
SAMPLER(gd_gaussian_grid, WITH(.side = 1), gd_sampler_grid)
SPEC(gd_sampler, WITH(.fill = fill_samples), {
  double out[1];
  status = gd_sampler_fill(s, NULL, 1, 1, out);
})
SPEC(gd_mlp, WITH(.layers = 1, .widths = widths), {
  gd_graph *graph = NULL;
  gd_network *network = NULL;
  assert_ok(gd_graph_create(&graph, NULL));
  status = gd_network_create(&network, graph, s);
  gd_network_destroy(network);
  gd_graph_destroy(graph);
})
static void fill_gd_neural_gan_spec(void *s) {
  static const gd_mlp net = {.struct_size = sizeof net, .layers = 1, .widths = widths};
  static const gd_sampler source = {.struct_size = sizeof source, .fill = fill_samples};
  *(gd_neural_gan_spec *)s =
      (gd_neural_gan_spec){.generator = &net, .discriminator = &net, .batch = 1, .data = &source, .latent = &source};
}
static gd_status call_gd_neural_gan_spec(const void *s) {
  gd_neural_gan *gan = NULL;
  const gd_status status = gd_neural_gan_create(&gan, s, NULL);
  gd_neural_gan_destroy(gan);
  return status;
}

/* ---- the law ---- */

#define ROW(type)                                                                                                      \
  { #type, GDI_FIRST_##type, sizeof(type), fill_##type, call_##type }

static const struct {
  const char *name;
  size_t first, now;
  void (*fill)(void *s);
  gd_status (*call)(const void *s);
} rows[] = {ROW(gd_eval_options),     ROW(gd_spectrum_options),
            ROW(gd_solve_options),    ROW(gd_newton_options),
            ROW(gd_growth_options),   ROW(gd_classify_options),
            ROW(gd_analysis_options), ROW(gd_run_options),
            ROW(gd_ensemble_options), ROW(gd_consensus_options),
            ROW(gd_gmm_gan),          ROW(gd_game_ops),
            ROW(gd_game_spec),        ROW(gd_allocator),
            ROW(gd_logger),           ROW(gd_comm),
            ROW(gd_executor),         ROW(gd_env),
            ROW(gd_method),           ROW(gd_lq_gan),
            ROW(gd_covariance_gan),   ROW(gd_mixture),
            ROW(gd_gaussian),         ROW(gd_gaussian_mixture),
            ROW(gd_gaussian_ring),    ROW(gd_gaussian_grid),
            ROW(gd_sampler),          ROW(gd_mlp),
            ROW(gd_neural_gan_spec),  ROW(gd_derivation),
            ROW(gd_catalog)};

/* A struct of this size; beyond it the bytes are those of something else. */
static gd_status try_size(size_t k, size_t size, int beyond) {
  _Alignas(64) unsigned char bytes[ROOM] = {0};
  ck_assert_uint_le(rows[k].now + MORE, ROOM);
  rows[k].fill(bytes);
  memset(bytes + size, beyond, ROOM - size);
  memcpy(bytes, &size, sizeof size);
  return rows[k].call(bytes);
}

START_TEST(the_first_size_is_enough) {
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    const gd_status status = try_size(k, rows[k].first, 0xAA);
    ck_assert_msg(status >= 0, "%s of %zu bytes: %s, %s", rows[k].name, rows[k].first, gd_status_name(status),
                  gd_last_error());
  }
}
END_TEST

START_TEST(less_than_the_first_size_is_refused) {
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    const gd_status status = try_size(k, rows[k].first - 1, 0);
    ck_assert_msg(status == GD_ERR_STRUCT && strstr(gd_last_error(), rows[k].name), "%s: %s, %s", rows[k].name,
                  gd_status_name(status), gd_last_error());
  }
}
END_TEST

START_TEST(a_longer_struct_is_read_if_its_rest_is_zero) {
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    const gd_status status = try_size(k, rows[k].now + MORE, 0);
    ck_assert_msg(status >= 0, "%s: %s, %s", rows[k].name, gd_status_name(status), gd_last_error());
  }
}
END_TEST

START_TEST(a_longer_struct_with_news_is_refused) {
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    _Alignas(64) unsigned char bytes[ROOM] = {0};
    const size_t size = rows[k].now + MORE;
    rows[k].fill(bytes);
    memcpy(bytes, &size, sizeof size);
    bytes[size - 1] = 1;
    const gd_status status = rows[k].call(bytes);
    ck_assert_msg(status == GD_ERR_UNSUPPORTED && strstr(gd_last_error(), "does not know"), "%s: %s, %s", rows[k].name,
                  gd_status_name(status), gd_last_error());
  }
}
END_TEST

TEST_SUITE("sizes", the_first_size_is_enough, less_than_the_first_size_is_refused,
           a_longer_struct_is_read_if_its_rest_is_zero, a_longer_struct_with_news_is_refused)
