/* SPDX-License-Identifier: BSD-3-Clause */
/* run.c -- takes steps until a stop rule holds.
 *
 * One pass over x gives |x|, |x' - x|, finiteness and a copy.  It follows the steps at which something has to be known
 * and is skipped between them, which would otherwise cost as much as a step.  If it then finds that the run has diverged,
 * the steps since the last pass are taken again, with a pass after each: so the run ends at the step at which it
 * diverged, with the last finite point.  Two buffers alternate; one of them has the point of the last pass.  Ranks vote on conditions that may differ between them (clocks, requests, observers), so
 * all ranks stop together.  A short step is never reported as convergence; only a small gradient is. */
#include "run/options.h"
#include "steppers/memory.h"

#include "base/error.h"
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
  double *last;     /* [n], the point of the last pass, one of the two */
  double *gradient; /* [n] v at x, or the natural residual */
  double *room;     /* [2 n] for a look away from x; NULL until there is one */
  struct timespec start;
  gd_counts before; /* the game's counts when the run began */
  uint64_t steps;   /* taken by this run */
  uint64_t at_step; /* the stepper's step that led to x */
  /* the next steps of the stepper at which gradient and clock are checked, and at which observers are called; kept so
   * that there is no division in each step */
  uint64_t next_look, next_observation;
  bool tracks_all;         /* a pass follows every step */
  uint64_t tracks_through; /* and up to this step of the stepper */
  gdi_snapshot snapshot;   /* of the stepper at the last pass */
  bool is_observed;        /* x was */
  gdi_tracking reached;    /* comparison of x with the point before */
  double gradient_norm;    /* at x, or the natural residual; NaN unless evaluated */
  bool is_over;
  gd_stop stop;
  gd_status caveat; /* the last positive status of a step */
} run_state;

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
  if (run->options.n_observers == 0 && !run->tracks_all) run->next_observation = UINT64_MAX;
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
  if (!run->room) run->room = gdi_allocate(&run->env, gd_game_size(run->game), 2 * sizeof *run->room);
  if (!run->room) return GD_ERR_MEMORY;
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
  if (run->at_step == run->next_look)
    run->next_look += run->options.check_every;
  else if (is_look(run))
    run->next_look = next_multiple(run->at_step, run->options.check_every);
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

static gd_status take_step(run_state *run) {
  const gd_status status = gd_stepper_step(run->stepper, run->x);
  if (status > 0) run->caveat = status;
  if (status >= 0) run->steps++;
  return status;
}

static bool is_far(const run_state *run, const gdi_tracking *now) {
  return !now->finite || now->x_norm > run->options.divergence_norm;
}

/* Go back to the last pass.  From there on a pass follows each step, to beyond the present one. */
static gd_status go_back(run_state *run) {
  const uint64_t reached = gd_stepper_steps(run->stepper);
  memcpy(run->x, run->last, gd_game_size(run->game) * sizeof *run->x);
  gdi_snapshot_restore(&run->snapshot, run->stepper);
  run->steps -= reached - run->at_step;
  run->tracks_through = reached + 1;
  return GD_OK;
}

/* A step, and a pass after it. */
static gd_status advance(run_state *run) {
  double *copy = other_point(run);
  gdi_tracking now = {0};
  const bool follows_pass = gd_stepper_steps(run->stepper) == run->at_step;
  const gd_status status = take_step(run);
  cast_votes(run, now.votes);
  now.votes[GDI_VOTE_DIVERGED] = status == GD_ERR_NONFINITE;
  now.votes[GDI_VOTE_FAILED] = status < 0 && status != GD_ERR_NONFINITE;
  GD_TRY(gdi_game_track(run->game, run->x, follows_pass ? run->last : run->x, copy, &now));
  if (!follows_pass && is_far(run, &now)) return go_back(run);
  if (now.votes[GDI_VOTE_FAILED])
    return status < 0 ? status : gdi_fail(GD_ERR_REDUCE, "gd_run: the step failed on another rank");
  if (now.finite && !now.votes[GDI_VOTE_DIVERGED]) return arrive(run, copy, &now);
  memcpy(run->x, run->last, gd_game_size(run->game) * sizeof *run->x);
  stop_with(run, GD_STOP_DIVERGED);
  return GD_OK;
}

/* The number of steps until something has to be known, of the point or, for observers, of the step that leads to it. */
static uint64_t steps_without_pass(const run_state *run) {
  const uint64_t now = gd_stepper_steps(run->stepper), seen_after = run->options.n_observers ? 1 : 0;
  if (run->tracks_all || now < run->tracks_through) return 0;
  uint64_t least = run->next_look - now;
  if (run->next_observation - now < least) least = run->next_observation - now;
  if (run->options.max_steps - run->steps < least) least = run->options.max_steps - run->steps;
  return least > 1 + seen_after ? least - 1 - seen_after : 0;
}

/* A pass between two looks, because the run ends here: the length of the last step is not known. */
static gd_status stop_here(run_state *run, gd_status status, gdi_tracking *now) {
  double *copy = other_point(run);
  GD_TRY(gdi_game_track(run->game, run->x, run->x, copy, now));
  if (is_far(run, now)) return go_back(run);
  now->move_norm = NAN;
  if (status >= 0) return arrive(run, copy, now);
  run->last = copy;
  run->reached = *now;
  run->at_step = gd_stepper_steps(run->stepper);
  run->is_observed = false;
  if (status != GD_ERR_NONFINITE) return status;
  stop_with(run, GD_STOP_DIVERGED);
  return GD_OK;
}

static bool is_stopped(run_state *run, bool votes[GDI_VOTES]) {
  const bool is_asked = atomic_load_explicit(&run->stepper->stop_requested, memory_order_relaxed);
  if (!is_asked && run->options.max_gradients == 0) return false;
  cast_votes(run, votes);
  return votes[GDI_VOTE_REQUESTED] || votes[GDI_VOTE_GRADIENTS];
}

/* Steps without a pass after them. */
static gd_status take_steps(run_state *run, uint64_t count) {
  gdi_tracking now = {0};
  gdi_snapshot_take(&run->snapshot, run->stepper);
  for (uint64_t k = 0; k < count; k++) {
    const gd_status status = gd_stepper_step(run->stepper, run->x);
    if (status > 0) run->caveat = status;
    if (__builtin_expect(status < 0 || is_stopped(run, now.votes), 0)) {
      run->steps += k + (status >= 0);
      return stop_here(run, status, &now);
    }
  }
  run->steps += count;
  return GD_OK;
}

/* Some steps without a pass after them, then one with a pass. */
static gd_status go_on(run_state *run) {
  const uint64_t count = steps_without_pass(run), before = run->at_step;
  if (count == 0) return advance(run);
  GD_TRY(take_steps(run, count));
  return run->is_over || run->at_step != before ? GD_OK : advance(run);
}

static gd_status drive(run_state *run) {
  GD_TRY(begin(run));
  while (!run->is_over) {
    if (!run->is_observed && (run->steps == 0 || run->at_step >= run->next_observation)) GD_TRY(observe(run));
    if (!run->is_over) GD_TRY(go_on(run));
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

/* Looks or observations leave no step out. */
static bool is_asked_often(const gd_run_options *options) {
  if (options->n_observers == 0) return options->check_every == 1;
  return options->check_every <= 2 || options->observe_every <= 2;
}

static gd_status open_run(run_state *run) {
  const size_t n = gd_game_size(run->game);
  GD_TRY(gdi_env_copy(&run->env, gd_game_env(run->game)));
  run->points = gdi_allocate(&run->env, n, 2 * sizeof *run->points);
  run->gradient = gdi_allocate(&run->env, n, sizeof *run->gradient);
  if (!run->points || !run->gradient) return GD_ERR_MEMORY;
  const gd_comm *comm = gd_game_env(run->game)->comm;
  run->tracks_all = run->options.step_tolerance > 0 || (comm && comm->size > 1) || is_asked_often(&run->options);
  if (!run->tracks_all) GD_TRY(gdi_snapshot_open(&run->snapshot, run->stepper));
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
  gdi_release(&run->env, run->room);
  gdi_snapshot_close(&run->snapshot, run->stepper);
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
