/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c -- takes steps until a stop rule holds.
 *
 * After each step one pass over x gives |x|, |x' - x|, finiteness and a copy.  Two buffers alternate, so the last
 * finite point is always kept.  Ranks vote on conditions that may differ between them (clocks, requests, observers), so
 * all ranks stop together.  A short step is never reported as convergence; only a small gradient is. */
#include "run/options.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "base/memory.h"
#include "game/counts.h"
#include "game/reduce.h"
#include "game/small_field.h"
#include "kernels/vector.h"

#include <math.h>
#include <string.h>
#include <time.h>

typedef struct run_state {
  gdi_env env;
  gd_run_options options;
  gd_stepper *stepper;
  gd_game *game;
  double *x;        /* [n], the caller's */
  double *points;   /* [2 n], two points */
  double *last;     /* [n], the last finite point, one of the two */
  double *gradient; /* [n] v at x, or the natural residual */
  double *room;     /* [2 n] for a look away from x */
  struct timespec start;
  gd_counts before; /* the game's counts when the run began */
  uint64_t steps;   /* taken by this run */
  uint64_t at_step; /* the stepper's step that led to x */
  /* the next steps of the stepper at which gradient and clock are checked, and at which observers are called; kept so
   * that there is no division in each step */
  uint64_t next_look, next_observation;
  bool is_observed;     /* x was */
  gdi_tracking reached; /* comparison of x with the point before */
  double gradient_norm; /* at x, or the natural residual; NaN unless evaluated */
  bool is_over;
  gd_stop stop;
  gd_status caveat; /* the last positive status of a step */
} run_state;

/* ---- options ---- */

void gd_run_options_init_sized(gd_run_options *options, size_t size) {
  const gd_run_options defaults = {.struct_size = sizeof defaults,
                                   .max_steps = 10000,
                                   .gradient_tolerance = 1e-8,
                                   .divergence_norm = 1e12,
                                   .check_every = 10,
                                   .observe_every = 1};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

static gd_status check_limits(const gd_run_options *options) {
  GDI_REQUIRE(options->gradient_tolerance >= 0, "gradient_tolerance is %g, expected 0 (off) or more",
              options->gradient_tolerance);
  GDI_REQUIRE(options->step_tolerance >= 0, "step_tolerance is %g, expected 0 (off) or more", options->step_tolerance);
  GDI_REQUIRE(options->max_seconds >= 0, "max_seconds is %g, expected 0 (off) or more", options->max_seconds);
  GDI_REQUIRE(options->divergence_norm > 0, "divergence_norm is %g, expected more than 0", options->divergence_norm);
  GDI_REQUIRE(options->check_every > 0, "check_every is 0, expected 1 or more");
  GDI_REQUIRE(options->observe_every > 0, "observe_every is 0, expected 1 or more");
  return GD_OK;
}

gd_status gdi_run_options_read(gd_run_options *own, const gd_run_options *callers) {
  gd_run_options_init(own);
  if (callers) GD_TRY(GDI_SIZED_READ(gd_run_options, own, callers));
  GD_TRY(check_limits(own));
  GDI_REQUIRE(own->observers || own->n_observers == 0, "observers is NULL, expected %zu of them", own->n_observers);
  for (size_t k = 0; k < own->n_observers; k++)
    GDI_REQUIRE(own->observers[k].observe, "observers[%zu].observe is NULL", k);
  return GD_OK;
}

/* ---- costs ---- */

static double seconds_spent(const run_state *run) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - run->start.tv_sec) + 1e-9 * (double)(now.tv_nsec - run->start.tv_nsec);
}

static uint64_t gradients_spent(const run_state *run) {
  const gd_counts counts = gdi_counts_since(run->game, &run->before);
  const size_t n = gd_game_size(run->game);
  const uint64_t whole = n ? counts.player_entries / n : 0, rest = n ? counts.player_entries % n : 0;
  return counts.gradients + whole + (rest > 0);
}

/* ---- observers ---- */

static void stop_with(run_state *run, gd_stop stop) {
  run->is_over = true;
  run->stop = stop;
}

/* The first multiple after `step`. */
static uint64_t next_multiple(uint64_t step, uint64_t every) { return step - step % every + every; }

/* Calls the observers; true if one of them wants to stop. */
static bool show_observers(run_state *run) {
  run->is_observed = true;
  if (run->options.n_observers == 0) return false;
  const gd_progress progress = {.step = run->at_step,
                                .x = run->x,
                                .x_norm = run->reached.x_norm,
                                .move_norm = run->reached.move_norm,
                                .gradient_norm = run->gradient_norm,
                                .seconds = seconds_spent(run),
                                .stepper = run->stepper};
  bool wants_stop = false;
  for (size_t k = 0; k < run->options.n_observers; k++) {
    const gd_observer *observer = &run->options.observers[k];
    if (observer->observe(observer->context, &progress)) wants_stop = true;
  }
  return wants_stop;
}

static gd_status observe(run_state *run) {
  bool votes[GDI_VOTES] = {[GDI_VOTE_OBSERVER] = show_observers(run)};
  run->next_observation = next_multiple(run->at_step, run->options.observe_every);
  GD_TRY(gdi_game_vote(run->game, votes));
  if (votes[GDI_VOTE_OBSERVER]) stop_with(run, GD_STOP_OBSERVER);
  return GD_OK;
}

/* ---- rules ---- */

/* True if the gradient and the clock are checked at this step; they are also checked at the start and the end. */
static bool is_look(const run_state *run) {
  return run->steps == 0 || run->steps == run->options.max_steps || gd_stepper_steps(run->stepper) >= run->next_look;
}

/* Only rank 0's clock and counts decide, so that ranks agree. */
static void cast_votes(run_state *run, bool votes[GDI_VOTES]) {
  const gd_comm *comm = gd_game_env(run->game)->comm;
  const gd_run_options *options = &run->options;
  votes[GDI_VOTE_REQUESTED] = gd_stepper_take_stop_request(run->stepper);
  if (comm && comm->rank > 0) return;
  votes[GDI_VOTE_SECONDS] = options->max_seconds > 0 && is_look(run) && seconds_spent(run) >= options->max_seconds;
  votes[GDI_VOTE_GRADIENTS] = options->max_gradients > 0 && gradients_spent(run) >= options->max_gradients;
}

static void apply_cheap_rules(run_state *run) {
  const gd_run_options *options = &run->options;
  const bool *votes = run->reached.votes;
  if (run->reached.x_norm > options->divergence_norm)
    stop_with(run, GD_STOP_DIVERGED);
  else if (run->steps > 0 && options->step_tolerance > 0 && run->reached.move_norm <= options->step_tolerance)
    stop_with(run, GD_STOP_STALLED);
  else if (votes[GDI_VOTE_REQUESTED])
    stop_with(run, GD_STOP_REQUESTED);
  else if (votes[GDI_VOTE_GRADIENTS])
    stop_with(run, GD_STOP_GRADIENTS_SPENT);
  else if (votes[GDI_VOTE_SECONDS])
    stop_with(run, GD_STOP_SECONDS);
  else if (run->steps >= options->max_steps)
    stop_with(run, GD_STOP_STEPS);
}

/* If the run ends anyway, a gradient that cannot be evaluated is no failure.  All other failures are returned. */
static bool can_do_without(gd_status status) { return status == GD_ERR_DOMAIN || status == GD_ERR_NONFINITE; }

/* |v| is within the tolerance: decide between a stationary point and a small field. */
static gd_status tell_rest_from_small(run_state *run) {
  bool small;
  GD_TRY(gdi_game_is_small_field(run->game, run->x, run->gradient, run->gradient_norm, run->options.gradient_tolerance,
                                 run->room, &small));
  stop_with(run, small ? GD_STOP_SMALL_FIELD : GD_STOP_GRADIENT);
  return GD_OK;
}

/* A gradient that is not finite at a finite point is divergence, as it is within a step. */
static gd_status apply_gradient_rule(run_state *run) {
  const gd_status status = gdi_game_residual(run->game, run->x, run->gradient, &run->gradient_norm);
  if (status == GD_ERR_NONFINITE)
    stop_with(run, GD_STOP_DIVERGED);
  else if (status < 0)
    return run->is_over && can_do_without(status) ? GD_OK : status;
  else if (run->gradient_norm <= run->options.gradient_tolerance)
    return tell_rest_from_small(run);
  return GD_OK;
}

static gd_status apply_rules(run_state *run) {
  apply_cheap_rules(run);
  if (run->options.gradient_tolerance <= 0 || (run->is_over && run->stop == GD_STOP_DIVERGED)) return GD_OK;
  return run->is_over || is_look(run) ? apply_gradient_rule(run) : GD_OK;
}

/* ---- steps ---- */

static double *other_point(const run_state *run) {
  return run->last == run->points ? run->points + gd_game_size(run->game) : run->points;
}

/* Record a new finite point, of which `copy` is a copy, and apply the rules. */
static gd_status arrive(run_state *run, double *copy, const gdi_tracking *reached) {
  run->last = copy;
  run->reached = *reached;
  run->at_step = gd_stepper_steps(run->stepper);
  run->is_observed = false;
  run->gradient_norm = NAN;
  GD_TRY(apply_rules(run));
  if (is_look(run)) run->next_look = next_multiple(run->at_step, run->options.check_every);
  return GD_OK;
}

static gd_status begin(run_state *run) {
  gdi_tracking now = {0};
  run->at_step = gd_stepper_steps(run->stepper);
  cast_votes(run, now.votes);
  GD_TRY(gdi_game_track(run->game, run->x, run->x, run->points, &now));
  if (now.finite) return arrive(run, run->points, &now);
  const size_t n = gd_game_size(run->game), k = gdi_vector_first_nonfinite(n, run->x);
  if (k == n) return gdi_fail(GD_ERR_NONFINITE, "gd_run: x is not finite on another rank");
  return gdi_fail(GD_ERR_NONFINITE, "gd_run: x[%zu] is %g, expected a finite start", k, run->x[k]);
}

static gd_status advance(run_state *run) {
  double *copy = other_point(run);
  gdi_tracking now = {0};
  const gd_status status = gd_stepper_step(run->stepper, run->x);
  if (status > 0) run->caveat = status;
  if (status >= 0) run->steps++;
  cast_votes(run, now.votes);
  now.votes[GDI_VOTE_DIVERGED] = status == GD_ERR_NONFINITE;
  now.votes[GDI_VOTE_FAILED] = status < 0 && status != GD_ERR_NONFINITE;
  GD_TRY(gdi_game_track(run->game, run->x, run->last, copy, &now));
  if (now.votes[GDI_VOTE_FAILED])
    return status < 0 ? status : gdi_fail(GD_ERR_REDUCE, "gd_run: the step failed on another rank");
  if (now.finite && !now.votes[GDI_VOTE_DIVERGED]) return arrive(run, copy, &now);
  memcpy(run->x, run->last, gd_game_size(run->game) * sizeof *run->x);
  stop_with(run, GD_STOP_DIVERGED);
  return GD_OK;
}

static gd_status drive(run_state *run) {
  GD_TRY(begin(run));
  while (!run->is_over) {
    if (run->steps == 0 || run->at_step >= run->next_observation) GD_TRY(observe(run));
    if (!run->is_over) GD_TRY(advance(run));
  }
  return GD_OK;
}

/* Observers are always called at the end, and the gradient is always evaluated there. */
static gd_status finish(run_state *run) {
  if (isnan(run->gradient_norm)) {
    const gd_status status = gdi_game_residual(run->game, run->x, run->gradient, &run->gradient_norm);
    if (status < 0 && !can_do_without(status)) return status;
    if (status < 0) run->gradient_norm = NAN;
  }
  if (!run->is_observed) show_observers(run);
  return GD_OK;
}

/* ---- a run ---- */

static gd_status open_run(run_state *run) {
  const size_t n = gd_game_size(run->game);
  GD_TRY(gdi_env_copy(&run->env, gd_game_env(run->game)));
  run->points = gdi_allocate(&run->env, n, 2 * sizeof *run->points);
  run->gradient = gdi_allocate(&run->env, n, 3 * sizeof *run->gradient);
  if (!run->points || !run->gradient) return GD_ERR_MEMORY;
  run->room = run->gradient + n;
  run->last = run->points;
  run->reached.x_norm = NAN;
  run->gradient_norm = NAN;
  gd_game_counts(run->game, &run->before);
  clock_gettime(CLOCK_MONOTONIC, &run->start);
  return GD_OK;
}

static void close_run(run_state *run) {
  gdi_release(&run->env, run->points);
  gdi_release(&run->env, run->gradient);
}

static void report(const run_state *run, gd_run_result *result) {
  *result = (gd_run_result){.stop = run->stop,
                            .steps = run->steps,
                            .gradient_norm = run->gradient_norm,
                            .x_norm = run->reached.x_norm,
                            .seconds = seconds_spent(run),
                            .counts = gdi_counts_since(run->game, &run->before)};
}

/* Log how the run ended. */
static void tell(const run_state *run) {
  const gd_log_level level = run->stop == GD_STOP_DIVERGED ? GD_LOG_WARNING : GD_LOG_INFO;
  gdi_log(&run->env, level, "%s on \"%s\" stopped after %llu steps: %s", gd_stepper_method(run->stepper)->name,
          gd_game_name(run->game), (unsigned long long)run->steps, gd_stop_text(run->stop));
  if (run->caveat == GD_NOT_CONVERGED)
    gdi_log(&run->env, GD_LOG_WARNING, "%s: some steps did not reach the requested accuracy",
            gd_stepper_method(run->stepper)->name);
}

gd_status gd_run(gd_stepper *stepper, double *x, const gd_run_options *options, gd_run_result *result) {
  GDI_REQUIRE(stepper, "gd_run: stepper is NULL");
  GDI_REQUIRE(x, "gd_run: x is NULL");
  run_state run = {.stepper = stepper, .game = gd_stepper_game(stepper), .x = x};
  GD_TRY(gdi_run_options_read(&run.options, options));
  gd_status status = open_run(&run);
  if (status == GD_OK) {
    status = drive(&run);
    if (status == GD_OK) status = finish(&run);
    if (status == GD_OK) tell(&run);
    if (result) report(&run, result);
  }
  close_run(&run);
  return status == GD_OK ? run.caveat : status;
}
