/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c -- a program of a user's: a game and a method of its own, an environment, a run that is watched.
 *
 * U = theta omega; v = (-omega, theta).  Its own method is x' = x + h v, whose modulus on the modes +-i is
 * sqrt(1 + h^2).  From (3, 4) two steps of 1/2 lead to (3 - 2, 4 + 3/2) and (1 - 11/4, 11/2 + 1/2) = (-7/4, 6). */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static int passed, failed;

static void expect(int holds, const char *what) {
  if (!holds) printf("wrong: %s\n", what);
  if (holds)
    passed++;
  else
    failed++;
}

/* ---- the game ---- */

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)draw;
  ++*(int *)data;
  v[0] = -x[1], v[1] = x[0];
  return 0;
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  (void)data, (void)draw, (void)x;
  Ju[0] = -u[1], Ju[1] = u[0];
  return 0;
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  (void)data, (void)draw;
  u[0] = -x[0] * x[1], u[1] = x[0] * x[1];
  return 0;
}

/* ---- the method ---- */

typedef struct euler_params {
  const double *step_size;
} euler_params;

typedef struct euler_state {
  double *v;
} euler_state;

static gd_status init(gd_stepper *stepper) {
  euler_state *state = gd_stepper_state(stepper);
  state->v = gd_stepper_scratch(stepper);
  return state->v ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  euler_state *state = gd_stepper_state(stepper);
  (void)game;
  GD_TRY(gd_stepper_direction(stepper, x, state->v));
  return gd_stepper_move(stepper, x, x, 1, state->v);
}

static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const double h = ((const euler_params *)params)->step_size[0];
  *modulus = hypot(1 + h * re, h * im);
  return GD_OK;
}

static const gd_param euler_table[] = {GD_PARAM_STEP_SIZE(euler_params)};
static const gd_method euler = {
    GD_METHOD_HEAD(euler, euler_table),
    .summary = "x + h v",
    .source = "Euler 1768",
    .traits = GD_METHOD_LINEAR | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};

/* ---- the environment ---- */

static int allocations, messages;

static void *allocate(void *context, size_t bytes) {
  (void)context;
  allocations++;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void release(void *context, void *memory, size_t bytes) {
  (void)context, (void)bytes;
  allocations--;
  free(memory);
}

static void hear(void *context, gd_log_level level, const char *text) {
  (void)context, (void)level, (void)text;
  messages++;
}

/* ---- the run ---- */

static int watch(void *context, const gd_progress *progress) {
  double *last = context;
  last[0] = progress->x[0], last[1] = progress->x[1], last[2] = (double)progress->step;
  return progress->step == 2;
}

static void run(gd_game *game) {
  double x[] = {3, 4}, last[3] = {0}, u[2], modulus = 0;
  gd_stepper *stepper = NULL;
  gd_linearisation *at = NULL;
  gd_run_options options;
  gd_run_result result;
  const gd_observer observer = {watch, last};
  gd_run_options_init(&options);
  options.observers = &observer, options.n_observers = 1, options.max_steps = 10;
  expect(gd_stepper_create(&stepper, game, &euler) == GD_OK, "a method of one's own makes a stepper");
  expect(gd_stepper_set(stepper, GD_STEP_SIZE, 0.5) == GD_OK, "its step size is set");
  expect(gd_run(stepper, x, &options, &result) == GD_OK, "it runs");
  expect(x[0] == -1.75 && x[1] == 6, "two steps lead to (-7/4, 6)");
  expect(last[0] == x[0] && last[1] == x[1] && last[2] == 2, "the observer saw the last point");
  expect(result.stop == GD_STOP_OBSERVER && result.steps == 2, "the observer stopped the run");
  expect(result.x_norm == 6.25 && result.counts.gradients >= 2, "the result is filled");
  expect(gd_game_utilities(game, x, u) == GD_OK && u[0] == 10.5 && u[1] == -10.5, "utilities");
  x[0] = x[1] = 0;
  expect(gd_linearise(&at, game, x, NULL) == GD_OK, "the origin is linearised");
  expect(gd_rate(stepper, at, 0.5, &modulus) == GD_OK && fabs(modulus - sqrt(1.25)) < 1e-15, "rate sqrt(5/4)");
  gd_linearisation_destroy(at);
  gd_stepper_destroy(stepper);
}

int main(void) {
  int calls = 0;
  const size_t sizes[] = {1, 1};
  const gd_allocator allocator = {.struct_size = sizeof allocator, .allocate = allocate, .release = release};
  const gd_logger logger = {.struct_size = sizeof logger, .level = GD_LOG_DEBUG, .message = hear};
  const gd_env env = {.struct_size = sizeof env, .allocator = &allocator, .logger = &logger};
  const gd_game_ops ops = {
      .struct_size = sizeof ops, .name = "turn", .gradient = gradient, .jvp = jvp, .utilities = utilities};
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = &calls,
                             .n_players = 2,
                             .block_sizes = sizes,
                             .traits = GD_ZERO_SUM | GD_AFFINE,
                             .env = &env};
  gd_game *game = NULL;
  expect(gd_version() >= GD_VERSION, "the library is not older than the program");
  expect(gd_game_create(&game, &spec) == GD_OK, "the game is made");
  if (game) run(game);
  expect(calls > 2 && messages > 0 && allocations > 0, "callbacks, messages and memory are the program's");
  gd_game_destroy(game);
  expect(allocations == 0, "all memory came back");
  printf("%d passed, %d failed\n", passed, failed);
  return failed > 0;
}
