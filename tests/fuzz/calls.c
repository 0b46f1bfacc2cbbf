/* SPDX-License-Identifier: BSD-3-Clause */
/* calls.c -- any bytes as a sequence of public calls, of which some meet a refused allocation or an aborting callback:
 * each ends in an answer or in its own failure and words, and at the end all memory is given back.
 *
 * A call is one byte, its number, and the bytes it takes for its choices.  A byte of 0 has no choices left. */
#include "fuzz/failing.h"

#include <gamedyn/gamedyn.h>
#include <math.h>
#include <string.h>

enum { MOST_N = 16, GAMES = 5, STEPPERS = 3, OPERATORS = 4, MOST_CALLS = 40, SAVED = 1 << 14 };

/* ---- the bytes, and what is under way ---- */

static struct {
  const uint8_t *bytes;
  size_t left;
  gd_game *games[GAMES];
  gd_stepper *steppers[STEPPERS];
  gd_operator *operators[OPERATORS];
  size_t n_games, n_steppers, n_operators;
  unsigned char saved[SAVED];
  size_t saved_size, read_size;
} at;

static size_t choose(size_t count) {
  if (!at.left) return 0;
  at.left--;
  return *at.bytes++ % count;
}

/* One call a statement: the order in which a function's arguments are evaluated depends on the compiler, and an input
 * must mean the same under all of them. */
static double number(void) { return ((double)choose(256) - 128) / 32; }

static void fill(size_t n, double *x) {
  for (size_t k = 0; k < n; k++) x[k] = number();
}

/* ---- a game that fails on demand ---- */

static gd_status create_game(void) {
  const size_t parts = choose(16);
  const gd_game_ops ops = {.struct_size = sizeof ops,
                           .gradient = gradient,
                           .player_gradient = parts & 1 ? player_gradient : NULL,
                           .jvp = parts & 2 ? jvp : NULL,
                           .vjp = parts & 4 ? vjp : NULL,
                           .project = parts & 8 ? project : NULL};
  const gd_game_spec spec = {
      .struct_size = sizeof spec, .ops = &ops, .n_players = 3, .block_sizes = (const size_t[]){1, 2, 1}, .env = &env};
  const gd_status status = gd_game_create(&at.games[at.n_games], &spec);
  at.n_games += status >= 0;
  return status;
}

static gd_game *a_game(void) { return at.games[choose(at.n_games)]; }

/* ---- evaluations ---- */

static gd_status evaluate(void) {
  gd_game *game = a_game();
  double x[MOST_N], u[3 * MOST_N], out[3 * MOST_N], J[MOST_N * MOST_N];
  const size_t n = gd_game_size(game), player = choose(4);
  fill(n, x), fill(n, u);
  memcpy(u + n, u, n * sizeof *u), memcpy(u + 2 * n, x, n * sizeof *u);
  switch (choose(12)) {
  case 0:
    return gd_game_gradient(game, x, out);
  case 1:
    return gd_game_player_gradient(game, player, x, out);
  case 2:
    return gd_game_jvp(game, x, u, out);
  case 3:
    return gd_game_vjp(game, x, u, out);
  case 4:
    return gd_game_gradient_vjp(game, x, out, u);
  case 5:
    return gd_game_jacobian(game, x, J, n);
  case 6:
    return gd_game_gradient_many(game, choose(4), u, out);
  case 7:
    return gd_game_jvp_many(game, x, choose(4), u, out);
  case 8:
    return gd_game_block_vjp(game, player, choose(3), x, u, out);
  case 9:
    return gd_game_utility_gradient(game, player, x, out);
  case 10:
    return gd_game_project(game, x);
  default:
    return gd_game_check(game, x, choose(4), NULL);
  }
}

static gd_status configure(void) {
  gd_eval_options options;
  gd_eval_options_init(&options);
  options.dense_limit = choose(2) ? 2000 : choose(6);
  options.forbid_differencing = choose(2);
  return gd_game_configure(a_game(), &options);
}

/* Derivations of derivations, no deeper: the cost of an evaluation is multiplied at each level. */
static gd_game *a_base(void) { return at.games[choose(at.n_games < 3 ? at.n_games : 3)]; }

static gd_status derive(void) {
  gd_game *base = a_base(), **made = &at.games[at.n_games];
  const size_t leader = choose(3), follower = choose(3), copies = 1 + choose(3), kind = choose(6), steps = choose(8);
  const double factor = number();
  if (at.n_games == GAMES) return GD_OK;
  gd_status status;
  switch (kind) {
  case 0:
    status = gd_derive_consensus(made, base, factor);
    break;
  case 1:
    status = gd_derive_symplectic(made, base, factor, steps % 2);
    break;
  case 2:
    status = gd_derive_gradient_penalty(made, base, leader, follower, factor);
    break;
  case 3:
    status = gd_derive_unrolled(made, base, leader, follower, steps % 4, factor);
    break;
  case 4:
    status = gd_derive_unrolled_checkpointed(made, base, leader, follower, steps, factor);
    break;
  default:
    if (copies * gd_game_size(base) > MOST_N) return GD_OK;
    status = gd_derive_copies(made, base, copies);
  }
  at.n_games += status >= 0;
  return status;
}

/* ---- operators ---- */

static gd_status make_operator(void) {
  gd_game *game = a_game();
  gd_operator **made = &at.operators[at.n_operators];
  double x[MOST_N];
  gd_status status;
  fill(gd_game_size(game), x);
  if (at.n_operators == OPERATORS) return GD_OK;
  const size_t kind = choose(6), i = choose(3), j = choose(3), k = choose(OPERATORS);
  const double shift = number(), factor = number();
  if (kind == 0)
    status = gd_operator_symmetric(made, game, x);
  else if (kind == 1)
    status = gd_operator_antisymmetric(made, game, x);
  else if (kind == 2)
    status = gd_operator_block(made, game, i, j, x);
  else if (kind == 3 && at.n_operators)
    status = gd_operator_shift(made, shift, at.operators[k % at.n_operators], factor, &env);
  else if (kind == 4 && at.n_steppers)
    status = gd_stepper_map(made, at.steppers[choose(at.n_steppers)], x);
  else
    status = gd_operator_jacobian(made, game, x);
  at.n_operators += status >= 0;
  return status;
}

/* With room for the map of a stepper whose scaling has three moments and whose method keeps vectors. */
enum { ROOM = 8 * MOST_N };

static gd_status use_operator(void) {
  static double u[ROOM], out[ROOM], A[ROOM * ROOM];
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_solve_result result;
  gd_growth growth;
  gd_nonnormality nonnormality;
  gd_spectrum_options_init(&options);
  if (!at.n_operators) return GD_OK;
  gd_operator *op = at.operators[choose(at.n_operators)];
  fill(4, u);
  options.dense_limit = choose(2) ? 2000 : 1;
  options.which = (gd_which)choose(7);
  options.count = choose(4);
  options.vectors = choose(2);
  gd_status status = GD_OK;
  switch (choose(9)) {
  case 0:
    return gd_operator_apply(op, u, out);
  case 1:
    return gd_operator_apply_transpose(op, u, out);
  case 2:
    return gd_operator_assemble(op, A, gd_operator_rows(op));
  case 3:
    return gd_singular_values(op, &options, out, NULL);
  case 4:
    return gd_gmres_solve(op, u, out, NULL, &result);
  case 5:
    return gd_nonnormality_compute(op, NULL, &nonnormality);
  case 6:
    return gd_flow_growth(op, NULL, &growth);
  case 7:
    return gd_conjugate_gradient_solve(op, u, out, NULL, &result);
  default:
    status = gd_spectrum_compute(&spectrum, op, &options);
    FUZZ_CHECK((status >= 0) == (spectrum != NULL));
    gd_spectrum_destroy(spectrum);
    return status;
  }
}

/* ---- steppers ---- */

static gd_status make_stepper(void) {
  gd_stepper **made = &at.steppers[at.n_steppers];
  const gd_method *method = gd_method_at(choose(9));
  gd_game *game = a_game();
  if (at.n_steppers == STEPPERS || !method) return GD_OK;
  const gd_status status = gd_stepper_create(made, game, method);
  at.n_steppers += status >= 0;
  return status;
}

static int write_bytes(void *context, const void *bytes, size_t count) {
  (void)context;
  if (count > SAVED - at.saved_size) return -1;
  memcpy(at.saved + at.saved_size, bytes, count);
  at.saved_size += count;
  return 0;
}

static int read_bytes(void *context, void *bytes, size_t count) {
  (void)context;
  if (count > at.saved_size - at.read_size) return -1;
  memcpy(bytes, at.saved + at.read_size, count);
  at.read_size += count;
  return 0;
}

static gd_status take_steps(gd_stepper *stepper, double *x) {
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = choose(4);
  options.check_every = 1 + choose(3);
  return gd_run(stepper, x, &options, NULL);
}

/* A step that fails leaves x alone. */
static gd_status take_step(gd_stepper *stepper, double *x) {
  double before[MOST_N];
  const size_t bytes = gd_game_size(gd_stepper_game(stepper)) * sizeof *x;
  memcpy(before, x, bytes);
  const gd_status status = gd_stepper_step(stepper, x);
  FUZZ_CHECK(status >= 0 || memcmp(before, x, bytes) == 0);
  return status;
}

static gd_status use_stepper(void) {
  double x[MOST_N], rate;
  gd_linearisation *here = NULL;
  gd_status status;
  if (!at.n_steppers) return GD_OK;
  gd_stepper *stepper = at.steppers[choose(at.n_steppers)];
  fill(gd_game_size(gd_stepper_game(stepper)), x);
  const size_t kind = choose(7), which = choose(4);
  const double value = number();
  switch (kind) {
  case 0:
    return gd_stepper_set_scaling(stepper, gd_scaling_at(which));
  case 1:
    return gd_stepper_set(stepper, which % 2 ? GD_STEP_SIZE : "gamma", value);
  case 2:
    return take_steps(stepper, x);
  case 3:
    at.saved_size = 0;
    return gd_stepper_save(stepper, write_bytes, NULL);
  case 4:
    at.read_size = 0;
    return gd_stepper_load(stepper, read_bytes, NULL);
  case 5:
    status = gd_linearise(&here, gd_stepper_game(stepper), x, NULL);
    if (here) status = gd_rate(stepper, here, value, &rate);
    gd_linearisation_destroy(here);
    return status;
  default:
    return take_step(stepper, x);
  }
}

/* ---- looks at a point ---- */

static gd_status ask(gd_linearisation *here) {
  union {
    gd_classification kind;
    gd_field_constants constants;
    gd_game_constants region;
    gd_consensus_report report;
    gd_nonnormality nonnormality;
  } out;
  const size_t question = choose(5), samples = choose(4);
  const double value = number();
  if (question == 0) return gd_linearisation_nonnormality(here, &out.nonnormality);
  if (question == 1) return gd_field_constants_compute(here, &out.constants);
  if (question == 2) return gd_consensus_report_compute(here, value, &out.report);
  if (question == 3) return gd_game_constants_compute(here, fabs(value), samples, 1, &out.region);
  return gd_classify(here, NULL, &out.kind);
}

/* Several questions of one linearisation, which keeps what it knows. */
static gd_status look(void) {
  gd_game *game = a_game();
  gd_linearisation *here = NULL;
  double x[MOST_N];
  gd_newton_result result;
  const bool at_rest = choose(2);
  fill(gd_game_size(game), x);
  for (size_t k = 0; at_rest && k < MOST_N; k++) x[k] = 0;
  if (choose(4) == 0) return gd_newton_solve(game, x, NULL, &result);
  gd_status status = gd_linearise(&here, game, x, NULL);
  for (size_t k = 1 + choose(4); status >= 0 && k > 0; k--) status = ask(here);
  gd_linearisation_destroy(here);
  return status;
}

/* ---- one call after the other ---- */

#define OLD "an older failure"
typedef gd_status call(void);
static call *const calls[] = {evaluate,     evaluate,     configure,   derive,      make_operator, use_operator,
                              use_operator, make_stepper, use_stepper, use_stepper, look};

static void make_call(void) {
  fault.refused = fault.aborted = false;
  fault.allocations = fault.callbacks = 0;
  call *next = calls[choose(sizeof calls / sizeof *calls)];
  const size_t fails = choose(3), which = 1 + choose(40);
  if (fails == 1) fault.allocations = which;
  if (fails == 2) fault.callbacks = which;
  gd_fail(GD_ERR_IO, OLD);
  const gd_status status = next();
  if (status < 0) FUZZ_CHECK(gd_last_error()[0] && !strstr(gd_last_error(), OLD));
  if (fault.refused) FUZZ_CHECK(status == GD_ERR_MEMORY);
  if (fault.aborted) FUZZ_CHECK(status == GD_ERR_CALLBACK && strstr(gd_last_error(), "-77"));
  if (!fault.refused) FUZZ_CHECK(status != GD_ERR_MEMORY);
  if (!fault.aborted) FUZZ_CHECK(status != GD_ERR_CALLBACK);
}

static void clear(void) {
  while (at.n_operators) gd_operator_destroy(at.operators[--at.n_operators]);
  while (at.n_steppers) gd_stepper_destroy(at.steppers[--at.n_steppers]);
  while (at.n_games) gd_game_destroy(at.games[--at.n_games]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  memset(&at, 0, sizeof at);
  memset(&fault, 0, sizeof fault);
  at.bytes = bytes;
  at.left = count;
  FUZZ_CHECK(create_game() == GD_OK);
  for (int k = 0; k < MOST_CALLS && at.left; k++) make_call();
  fault.allocations = fault.callbacks = 0;
  clear();
  FUZZ_CHECK(fuzz_allocated() == 0);
  return 0;
}
