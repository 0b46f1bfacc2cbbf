/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- whatever is made from an environment, with its k-th allocation refused, for every k: GD_ERR_MEMORY in
 * words, nothing left behind, nothing half made handed out. */
#include "laws/every.h"
#include "steppers/bytes.h"
#include "support/at_point.h"
#include "support/failing_memory.h"

#include <gamedyn/classify.h>
#include <gamedyn/operator.h>
#include <gamedyn/rates.h>
#include <gamedyn/run.h>
#include <gamedyn/spectrum.h>

/* A constructor hands out something exactly when it succeeds. */
#define ASSERT_ALL_OR_NOTHING(status, made) ck_assert(((status) >= 0) == ((made) != NULL))

/* ---- games ---- */

static gd_status attempt_game(const gd_env *env, void *argument) {
  every_game it;
  bool past;
  const gd_status status = every_game_create(&it, *(size_t *)argument, env, &past);
  every_game_destroy(&it);
  return status;
}

/* Every quantity there is, whatever its buffers. */
static gd_status evaluate_all(gd_game *game) {
  double x[EVERY_N], out[EVERY_N], J[EVERY_N * EVERY_N], lanes[2 * EVERY_N] = {0}, more[2 * EVERY_N];
  const size_t n = gd_game_size(game), players = gd_game_players(game);
  const double u[EVERY_N] = {1, 2};
  GD_TRY(every_point(game, 0.25, 1, x));
  GD_TRY(gd_game_gradient(game, x, out));
  GD_TRY(gd_game_player_gradient(game, players - 1, x, out));
  GD_TRY(gd_game_gradient_many(game, 2, lanes, more));
  if (gd_game_source(game, GD_UTILITY_GRADIENT) != GD_SOURCE_NONE) GD_TRY(gd_game_utility_gradient(game, 0, x, out));
  GD_TRY(gd_game_jvp(game, x, u, out));
  GD_TRY(gd_game_vjp(game, x, u, out));
  GD_TRY(gd_game_block_jvp(game, 0, players - 1, x, u, out));
  GD_TRY(gd_game_block_vjp(game, 0, players - 1, x, u, out));
  GD_TRY(gd_game_jacobian(game, x, J, n));
  return gd_game_check(game, x, 3, NULL);
}

static gd_status attempt_evaluation(const gd_env *env, void *argument) {
  every_game it;
  gd_game *copy = NULL;
  bool past;
  gd_status status = every_game_create(&it, *(size_t *)argument, env, &past);
  if (status == GD_OK) {
    status = gd_game_dup(&copy, it.game);
    ASSERT_ALL_OR_NOTHING(status, copy);
  }
  if (status == GD_OK) status = evaluate_all(copy);
  gd_game_destroy(copy);
  every_game_destroy(&it);
  return status;
}

static size_t count_games(void) {
  every_game it = {0};
  size_t count = 0;
  for (EVERY_GAME(it)) count++;
  return count;
}

START_TEST(games_and_their_evaluation) {
  for (size_t index = 0; index < count_games(); index++) {
    ck_assert_uint_ge(refuse_each_allocation(attempt_game, &index), 4);
    ck_assert_uint_ge(refuse_each_allocation(attempt_evaluation, &index), 6);
  }
}
END_TEST

/* ---- steppers ---- */

typedef struct stepping {
  size_t game;
  every_way way;
} stepping;

/* Create, scale, step, save, map, all but destroyed if any fails. */
static gd_status work_with(gd_stepper **stepper, gd_operator **op, gd_game *game, const every_way *way) {
  static bytes saved;
  double x[EVERY_N], in[5 * EVERY_N] = {1}, out[5 * EVERY_N];
  gd_status status = gd_stepper_create(stepper, game, way->method);
  ASSERT_ALL_OR_NOTHING(status, *stepper);
  GD_TRY(status);
  status = gd_stepper_set_scaling(*stepper, way->scaling);
  ck_assert_str_eq(gd_stepper_scaling(*stepper), status == GD_OK ? way->scaling : GD_SCALING_NONE);
  GD_TRY(status);
  GD_TRY(every_point(game, 0.125, 2, x));
  GD_TRY(gd_stepper_step(*stepper, x));
  saved = (bytes){0};
  GD_TRY(gd_stepper_save(*stepper, bytes_write, &saved));
  GD_TRY(bytes_load(&saved, *stepper));
  status = gd_stepper_map(op, *stepper, x);
  ASSERT_ALL_OR_NOTHING(status, *op);
  GD_TRY(status);
  return gd_operator_apply(*op, in, out);
}

static gd_status attempt_stepper(const gd_env *env, void *argument) {
  const stepping *what = argument;
  every_game it;
  gd_stepper *stepper = NULL;
  gd_operator *op = NULL;
  bool past;
  gd_status status = every_game_create(&it, what->game, env, &past);
  if (status == GD_OK) status = work_with(&stepper, &op, it.game, &what->way);
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
  every_game_destroy(&it);
  return status;
}

static bool is_refused(size_t index, const every_way *way) {
  every_game it;
  bool past;
  assert_ok(every_game_create(&it, index, NULL, &past));
  const bool answer = every_refuses(it.game, way);
  every_game_destroy(&it);
  return answer;
}

/* Every method on every game; of the scalings one each, in turn. */
START_TEST(steppers_their_scalings_maps_and_saves) {
  const size_t scalings = every_scaling_count();
  stepping what;
  for (what.game = 0; what.game < count_games(); what.game++)
    for (size_t k = 0; every_way_at(&what.way, k); k++) {
      const size_t scaling = k / 2 % scalings, method = k / 2 / scalings;
      if (!what.way.varied && scaling == (method + what.game) % scalings && !is_refused(what.game, &what.way))
        ck_assert_uint_ge(refuse_each_allocation(attempt_stepper, &what), 12);
    }
}
END_TEST

/* ---- operators and spectra ---- */

typedef gd_status make_operator(gd_operator **op, gd_game *game, const double *x);

static gd_status make_block(gd_operator **op, gd_game *game, const double *x) {
  return gd_operator_block(op, game, 0, gd_game_players(game) - 1, x);
}

static gd_status make_dense(gd_operator **op, gd_game *game, const double *x) {
  return gd_operator_dense(op, 1, gd_game_size(game), x, 1, gd_game_env(game));
}

static int twice(void *context, const double *u, double *out) {
  for (size_t k = 0; k < *(size_t *)context; k++) out[k] = 2 * u[k];
  return 0;
}

static gd_status make_own(gd_operator **op, gd_game *game, const double *x) {
  static size_t n;
  (void)x;
  n = gd_game_size(game);
  return gd_operator_create(op, n, twice, twice, &n, gd_game_env(game));
}

static make_operator *const operators[] = {
    gd_operator_jacobian, gd_operator_symmetric, gd_operator_antisymmetric, make_block, make_dense, make_own};
enum { OPERATORS = sizeof operators / sizeof *operators };

static gd_status use_operator(gd_operator *op) {
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op);
  const double in[EVERY_N] = {1};
  double out[EVERY_N], A[EVERY_N * EVERY_N];
  GD_TRY(gd_operator_apply(op, in, out));
  GD_TRY(gd_operator_apply_transpose(op, in, out));
  GD_TRY(gd_operator_assemble(op, A, rows));
  GD_TRY(gd_singular_values(op, NULL, out, A));
  if (rows != columns) return GD_OK;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.vectors = true;
  gd_spectrum *spectrum = NULL;
  const gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  ASSERT_ALL_OR_NOTHING(status, spectrum);
  gd_spectrum_destroy(spectrum);
  return status;
}

static gd_status attempt_operator(const gd_env *env, void *argument) {
  const size_t *what = argument;
  every_game it;
  gd_operator *op = NULL;
  double x[EVERY_N];
  bool past;
  gd_status status = every_game_create(&it, what[0], env, &past);
  if (status == GD_OK) status = every_point(it.game, 0.25, 1, x);
  if (status == GD_OK) {
    status = operators[what[1]](&op, it.game, x);
    ASSERT_ALL_OR_NOTHING(status, op);
  }
  if (status == GD_OK) status = use_operator(op);
  gd_operator_destroy(op);
  every_game_destroy(&it);
  return status;
}

START_TEST(operators_and_spectra) {
  for (size_t game = 0; game < count_games(); game++)
    for (size_t k = 0; k < OPERATORS; k++)
      ck_assert_uint_ge(refuse_each_allocation(attempt_operator, (size_t[]){game, k}), 8);
}
END_TEST

/* ---- runs, traces, rates ---- */

static gd_status trace_run(gd_stepper *stepper, gd_trace **trace, double *x) {
  const uint32_t columns = GD_TRACE_POINT | GD_TRACE_GRADIENT_NORM | GD_TRACE_DISTANCE;
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 40;
  const gd_status status = gd_trace_create(trace, gd_stepper_game(stepper), columns, x);
  ASSERT_ALL_OR_NOTHING(status, *trace);
  GD_TRY(status);
  const gd_observer observer = gd_trace_observer(*trace);
  options.observers = &observer;
  options.n_observers = 1;
  GD_TRY(gd_run(stepper, x, &options, NULL));
  return gd_trace_status(*trace);
}

static gd_status look_at_rates(gd_stepper *stepper, const double *x) {
  double rate;
  gd_classification classification;
  gd_field_constants constants;
  gd_spectrum *spectrum = NULL;
  const double zero[2] = {0, 0}, one[2] = {1, -1};
  const gd_status rated = by_map_rate(stepper, x, 0.0625, &rate);
  if (rated != GD_ERR_HYPOTHESIS) GD_TRY(rated); /* the run may have ended before it came to rest */
  GD_TRY(classify_at(gd_stepper_game(stepper), x, NULL, &classification));
  GD_TRY(field_constants_at(gd_stepper_game(stepper), x, NULL, &constants));
  gd_status status = gd_spectrum_from_values(&spectrum, 2, zero, one, gd_game_env(gd_stepper_game(stepper)));
  ASSERT_ALL_OR_NOTHING(status, spectrum);
  if (status == GD_OK && !gd_game_projects(gd_stepper_game(stepper)))
    status = spectrum_rate(stepper, spectrum, 0.0625, &rate);
  gd_spectrum_destroy(spectrum);
  return status;
}

static gd_status attempt_run(const gd_env *env, void *argument) {
  every_game it;
  gd_stepper *stepper = NULL;
  gd_trace *trace = NULL;
  double x[EVERY_N];
  bool past;
  gd_status status = every_game_create(&it, *(size_t *)argument, env, &past);
  if (status == GD_OK) status = gd_stepper_create_named(&stepper, it.game, GD_OPTIMISTIC);
  if (status == GD_OK) status = every_point(it.game, 0.125, 2, x);
  if (status == GD_OK) status = trace_run(stepper, &trace, x);
  if (status == GD_OK) status = look_at_rates(stepper, x);
  gd_trace_destroy(trace);
  gd_stepper_destroy(stepper);
  every_game_destroy(&it);
  return status;
}

START_TEST(runs_traces_and_rates) {
  for (size_t index = 0; index < count_games(); index++)
    ck_assert_uint_ge(refuse_each_allocation(attempt_run, &index), 20);
}
END_TEST

TEST_SUITE("memory", games_and_their_evaluation, steppers_their_scalings_maps_and_saves, operators_and_spectra,
           runs_traces_and_rates)
