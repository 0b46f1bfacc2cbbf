/* SPDX-License-Identifier: BSD-3-Clause */
/* aborts.c -- whatever asks a game: when its k-th call aborts, for every k, it ends in that failure and its words, and
 * never in an answer. */
#include "laws/every.h"
#include "laws/through.h"

#include "support/at_point.h"
#include <gamedyn/gamedyn.h>

typedef gd_status attempt(gd_game *game, const double *x);

/* ---- what asks ---- */

static gd_status check(gd_game *game, const double *x) { return gd_game_check(game, x, 3, NULL); }

static gd_status jacobian(gd_game *game, const double *x) {
  double J[EVERY_N * EVERY_N];
  return gd_game_jacobian(game, x, J, gd_game_size(game));
}

static gd_status many(gd_game *game, const double *x) {
  double X[2 * EVERY_N], V[2 * EVERY_N];
  const size_t n = gd_game_size(game);
  for (size_t k = 0; k < 2 * n; k++) X[k] = x[k / 2];
  GD_TRY(gd_game_gradient_many(game, 2, X, V));
  return gd_game_jvp_many(game, x, 2, X, V);
}

static gd_status blocks(gd_game *game, const double *x) {
  double out[EVERY_N];
  GD_TRY(gd_game_player_gradient(game, 1, x, out));
  GD_TRY(gd_game_gradient_vjp(game, x, out, (double[EVERY_N]){0}));
  GD_TRY(gd_game_block_jvp(game, 0, 1, x, x, out));
  return gd_game_block_vjp(game, 0, 1, x, x, out);
}

static gd_status field_constants(gd_game *game, const double *x) {
  gd_field_constants constants;
  return field_constants_at(game, x, NULL, &constants);
}

static gd_status game_constants(gd_game *game, const double *x) {
  gd_game_constants constants;
  return constants_at(game, x, 0.25, 3, 1, &constants);
}

/* A stationary point: of the curved game, or 0. */
static const double *rest_of(const gd_game *game) {
  static const double of_curved[EVERY_N] = {0.5, -0.25, 1, -1, 0.125}, origin[EVERY_N] = {0};
  return gd_game_size(game) == 5 ? of_curved : origin;
}

/* At a stationary point, whose kind is to be found out. */
static gd_status classify(gd_game *game, const double *x) {
  gd_classification kind;
  (void)x;
  return classify_at(game, rest_of(game), NULL, &kind);
}

static gd_status consensus_report(gd_game *game, const double *x) {
  gd_consensus_report report;
  (void)x;
  return consensus_report_at(game, rest_of(game), 0.5, &report);
}

static gd_status transformed_report(gd_game *game, const double *x) {
  double A[EVERY_N * EVERY_N] = {0};
  gd_transformed_report report;
  const size_t n = gd_game_size(game);
  for (size_t k = 0; k < n; k++) A[k + k * n] = 1;
  return transformed_report_at(game, x, A, n, 0.5, &report);
}

static gd_status gan_report(gd_game *game, const double *x) {
  gd_gan_report report;
  (void)x;
  return gan_report_at(game, rest_of(game), 1, 0.5, 0, 0.5, &report);
}

static gd_status alternating(gd_game *game, const double *x) {
  double M[EVERY_N * EVERY_N];
  const double sizes[] = {0.1, 0.1, 0.1, 0.1};
  const gd_alternation turns = {.step_sizes = sizes};
  (void)x;
  return alternating_matrix_at(game, rest_of(game), &turns, M, gd_game_size(game));
}

static gd_status newton(gd_game *game, const double *x) {
  double y[EVERY_N];
  gd_newton_result result;
  memcpy(y, x, gd_game_size(game) * sizeof *y);
  return gd_newton_solve(game, y, NULL, &result);
}

/* ---- operators ---- */

static gd_status with_operator(gd_game *game, const double *x, gd_status (*use)(gd_operator *op)) {
  gd_operator *op = NULL;
  gd_status status = gd_operator_jacobian(&op, game, x);
  if (status >= 0) status = use(op);
  gd_operator_destroy(op);
  return status;
}

static gd_status use_spectrum(gd_operator *op) {
  gd_spectrum *spectrum = NULL;
  size_t nullity;
  gd_status status = gd_spectrum_compute(&spectrum, op, NULL);
  gd_spectrum_destroy(spectrum);
  spectrum = NULL;
  if (status >= 0) status = gd_spectrum_nonzero(&spectrum, op, 1e-9, &nullity);
  gd_spectrum_destroy(spectrum);
  return status;
}

static gd_status use_krylov(gd_operator *op) {
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.dense_limit = 1;
  options.which = GD_LARGEST_MODULUS;
  options.count = 2;
  const gd_status status = gd_spectrum_compute(&spectrum, op, &options);
  gd_spectrum_destroy(spectrum);
  return status;
}

static gd_status use_singular(gd_operator *op) {
  double values[EVERY_N];
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  GD_TRY(gd_singular_values(op, NULL, values, NULL));
  options.dense_limit = 1;
  options.which = GD_LARGEST_MODULUS;
  options.count = 1;
  return gd_singular_values(op, &options, values, NULL);
}

static gd_status use_growth(gd_operator *op) {
  gd_nonnormality nonnormality;
  gd_growth growth;
  GD_TRY(gd_nonnormality_compute(op, NULL, &nonnormality));
  GD_TRY(gd_flow_growth(op, NULL, &growth));
  return gd_step_growth(op, NULL, &growth);
}

static gd_status use_gmres(gd_operator *op) {
  double b[EVERY_N], x[EVERY_N] = {0};
  gd_solve_result result;
  for (size_t k = 0; k < gd_operator_rows(op); k++) b[k] = 1;
  return gd_gmres_solve(op, b, x, NULL, &result);
}

static gd_status use_gradients(gd_operator *op) {
  double b[EVERY_N], x[EVERY_N] = {0};
  gd_solve_result result;
  for (size_t k = 0; k < gd_operator_rows(op); k++) b[k] = 1;
  return gd_conjugate_gradient_solve(op, b, x, NULL, &result);
}

static gd_status spectrum(gd_game *game, const double *x) { return with_operator(game, x, use_spectrum); }
static gd_status krylov(gd_game *game, const double *x) { return with_operator(game, x, use_krylov); }
static gd_status singular(gd_game *game, const double *x) { return with_operator(game, x, use_singular); }
static gd_status growth(gd_game *game, const double *x) { return with_operator(game, x, use_growth); }
static gd_status gmres(gd_game *game, const double *x) { return with_operator(game, x, use_gmres); }

/* 9 I - J - J', positive definite. */
static gd_status conjugate(gd_game *game, const double *x) {
  gd_operator *part = NULL, *op = NULL;
  gd_status status = gd_operator_symmetric(&part, game, x);
  if (status >= 0) status = gd_operator_shift(&op, -2, part, 9, NULL);
  if (status >= 0) status = use_gradients(op);
  gd_operator_destroy(op);
  gd_operator_destroy(part);
  return status;
}

/* ---- steppers ---- */

static gd_status with_stepper(gd_game *game, const char *method, const double *x,
                              gd_status (*use)(gd_stepper *stepper, double *x)) {
  gd_stepper *stepper = NULL;
  double y[EVERY_N];
  memcpy(y, x, gd_game_size(game) * sizeof *y);
  gd_status status = gd_stepper_create_named(&stepper, game, method);
  if (status >= 0) status = use(stepper, y);
  gd_stepper_destroy(stepper);
  return status;
}

static gd_status use_run(gd_stepper *stepper, double *x) {
  gd_trace *trace = NULL;
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = 4;
  options.check_every = 2;
  GD_TRY(gd_trace_create(&trace, gd_stepper_game(stepper), GD_TRACE_GRADIENT_NORM, NULL));
  const gd_observer observer = gd_trace_observer(trace);
  options.observers = &observer;
  options.n_observers = 1;
  gd_status status = gd_run(stepper, x, &options, NULL);
  if (status >= 0) status = gd_trace_status(trace); /* it stopped the run, which went well */
  gd_trace_destroy(trace);
  return status;
}

static gd_status use_map(gd_stepper *stepper, double *x) {
  double rate;
  return by_map_rate(stepper, x, 0.125, &rate);
}

static gd_status run(gd_game *game, const double *x) { return with_stepper(game, GD_SIMULTANEOUS, x, use_run); }
static gd_status run_implicit(gd_game *game, const double *x) { return with_stepper(game, GD_IMPLICIT, x, use_run); }

/* At the stationary point 0, since a rate is one of a fixed point. */
static gd_status map(gd_game *game, const double *x) {
  (void)x;
  return with_stepper(game, GD_EXTRAGRADIENT, (const double[EVERY_N]){0}, use_map);
}

static gd_status members(gd_game *game, const double *x) {
  gd_ensemble *ensemble = NULL;
  gd_run_options run_options;
  gd_ensemble_options options;
  gd_run_options_init(&run_options);
  run_options.max_steps = 2;
  gd_ensemble_options_init(&options);
  options.members = 2;
  options.run = &run_options;
  options.start = x;
  gd_status status = gd_ensemble_run(&ensemble, game, gd_method_find(GD_SIMULTANEOUS), &options);
  for (size_t k = 0; k < 2 && status >= 0; k++) status = gd_ensemble_result(ensemble, k, NULL);
  gd_ensemble_destroy(ensemble);
  return status;
}

/* ---- games made of games ---- */

static gd_status unrolled(gd_game **game, gd_game *base) { return gd_derive_unrolled(game, base, 0, 1, 3, 0.1); }
static gd_status checkpointed(gd_game **game, gd_game *base) {
  return gd_derive_unrolled_checkpointed(game, base, 0, 1, 4, 0.1);
}
static gd_status consensus(gd_game **game, gd_game *base) { return gd_derive_consensus(game, base, 0.5); }
static gd_status copies(gd_game **game, gd_game *base) { return gd_derive_copies(game, base, 2); }
static gd_status penalty(gd_game **game, gd_game *base) { return gd_derive_gradient_penalty(game, base, 0, 1, 0.5); }
static gd_status symplectic(gd_game **game, gd_game *base) { return gd_derive_symplectic(game, base, 0.5, true); }

static gd_status derived(gd_game *game, const double *x) {
  static gd_status (*const derivations[])(gd_game **, gd_game *) = {unrolled, checkpointed, consensus,
                                                                    copies,   penalty,      symplectic};
  double y[2 * EVERY_N] = {0}, out[2 * EVERY_N];
  memcpy(y, x, gd_game_size(game) * sizeof *y);
  gd_status status = GD_OK;
  for (size_t k = 0; k < sizeof derivations / sizeof *derivations && status >= 0; k++) {
    gd_game *made = NULL;
    status = derivations[k](&made, game);
    if (status >= 0) status = gd_game_gradient(made, y, out);
    if (status >= 0) status = gd_game_jvp(made, y, (const double[2 * EVERY_N]){1, 1}, out);
    gd_game_destroy(made);
  }
  return status;
}

/* ---- the law ---- */

static const struct {
  const char *name;
  attempt *attempt;
} attempts[] = {
    {"gd_game_check", check},
    {"gd_game_jacobian", jacobian},
    {"gd_game_gradient_many", many},
    {"gd_game_block_jvp", blocks},
    {"gd_field_constants_compute", field_constants},
    {"gd_game_constants_compute", game_constants},
    {"gd_classify", classify},
    {"gd_consensus_report_compute", consensus_report},
    {"gd_transformed_report_compute", transformed_report},
    {"gd_gan_report_compute", gan_report},
    {"gd_alternating_matrix", alternating},
    {"gd_newton_solve", newton},
    {"gd_spectrum_compute", spectrum},
    {"gd_spectrum_compute by products", krylov},
    {"gd_singular_values", singular},
    {"gd_flow_growth", growth},
    {"gd_gmres_solve", gmres},
    {"gd_conjugate_gradient_solve", conjugate},
    {"gd_run", run},
    {"gd_run, implicit", run_implicit},
    {"gd_rate, by the map", map},
    {"gd_ensemble_run", members},
    {"gd_derive", derived},
};

/* Returns how many calls failed: all of them, or some tens in every run. */
static size_t abort_each_call(gd_game *base, const char *name, attempt *ask, size_t *answers) {
  through t = through_plain(base);
  gd_game *game = through_create(&t);
  const double x[EVERY_N] = {0.5, -0.25, 0.375, 0.125, 0.75};
  *answers += ask(game, x) >= 0;
  const size_t calls = t.calls.calls, some = test_instances(40, calls), stride = calls / some + 1;
  for (size_t k = 1; k <= calls; k += k < some / 2 || calls - k < some / 2 ? 1 : stride) {
    t.calls = (failing_calls){.fail_at = k, .code = -77};
    gd_fail(GD_ERR_CALLBACK, "an older failure");
    const gd_status status = ask(game, x);
    if (t.calls.calls < k) ck_abort_msg("%s on %s: call %zu never came", name, gd_game_name(base), k);
    if (status != GD_ERR_CALLBACK || !strstr(gd_last_error(), "returned -77"))
      ck_abort_msg("%s on %s: call %zu of %zu aborts, the end is %s (%s)", name, gd_game_name(base), k, calls,
                   gd_status_name(status), gd_last_error());
  }
  gd_game_destroy(game);
  return calls;
}

START_TEST(no_aborted_call_ends_in_an_answer) {
  const test_game curved = curved_game(), general = general_game();
  gd_game *bases[] = {create_test_game(&curved, NULL), create_test_game(&general, NULL), NULL};
  assert_ok(gd_model_dirac_gan(&bases[2], 1, GD_GAN_LOGISTIC, NULL));
  for (size_t a = 0; a < sizeof attempts / sizeof *attempts; a++) {
    size_t calls = 0, answers = 0;
    for (size_t k = 0; k < 3; k++) calls += abort_each_call(bases[k], attempts[a].name, attempts[a].attempt, &answers);
    ck_assert_msg(calls >= 5 && answers > 0, "%s: %zu calls, %zu answers", attempts[a].name, calls, answers);
  }
  for (size_t k = 0; k < 3; k++) gd_game_destroy(bases[k]);
}
END_TEST

TEST_SUITE("aborts", no_aborted_call_ends_in_an_answer)
