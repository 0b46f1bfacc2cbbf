/* SPDX-License-Identifier: BSD-3-Clause */
/* runs.c -- the start of runs, and their measurements.
 *
 * The distance of x from the equilibria x* + Z y, Z an orthonormal basis of the null space of J, is
 *
 *     |(I - Z Z')(x - x*)|
 *
 * Converging methods run first, until they are within epsilon.  The others run as long as the longest of those. */
#include "analysis/analysis.h"

#include "base/error.h"
#include "dense/algebra.h"
#include "kernels/vector.h"
#include "theory/linearisation.h"

#include <gamedyn/rng.h>
#include <math.h>
#include <string.h>

enum { DENSE_ROWS = 1024, MOST_ROWS = 4096, FEWEST_STEPS = 1000, START_STREAM = 1 };

#define STANDSTILL 1e-300 /* of a step: the point no longer moves, to the last bit */

double gdi_analysis_distance(const gd_analysis *analysis, const double *x) {
  double *d = analysis->room;
  gdi_vector_move(analysis->n, -1, x, analysis->at->x, d);
  for (size_t j = 0; j < analysis->n_still; j++) {
    const double *z = analysis->still + j * analysis->n;
    gdi_vector_axpy(analysis->n, -gdi_vector_dot(analysis->n, z, d), z, d);
  }
  return gdi_vector_norm(analysis->n, d);
}

/* ---- start ---- */

/* start = x* + a random direction; if null directions are not known, multiplication by J removes them. */
static gd_status draw_start(gd_analysis *analysis) {
  const gd_linearisation *at = analysis->at;
  double *away = analysis->room;
  gd_rng rng = gd_rng_make(analysis->options.seed, START_STREAM);
  gd_rng_fill_normal(&rng, analysis->n, analysis->start);
  if (!at->dense) {
    GD_TRY(gd_operator_apply(at->J, analysis->start, away));
    memcpy(analysis->start, away, analysis->n * sizeof *away);
  }
  gdi_vector_axpy(analysis->n, 1, at->x, analysis->start);
  return GD_OK;
}

gd_status gdi_analysis_place_start(gd_analysis *analysis) {
  const size_t n = analysis->n;
  const double *centre = analysis->at->x;
  analysis->start = gdi_allocate(&analysis->env, n, sizeof *analysis->start);
  analysis->room = gdi_allocate(&analysis->env, n, sizeof *analysis->room);
  if (!analysis->start || !analysis->room) return GD_ERR_MEMORY;
  if (analysis->options.start)
    memcpy(analysis->start, analysis->options.start, n * sizeof *analysis->start);
  else
    GD_TRY(draw_start(analysis));
  const double away = gdi_analysis_distance(analysis, analysis->start);
  if (!(away > 0) && !analysis->options.start)
    return gdi_fail(GD_ERR_HYPOTHESIS,
                    "gd_analysis_create: the Jacobian is zero: every point nearby is an equilibrium");
  if (!(away > 0)) return gdi_fail(GD_ERR_HYPOTHESIS, "gd_analysis_create: the start of runs is an equilibrium");
  if (analysis->options.start) {
    analysis->facts.radius = away;
    return GD_OK;
  }
  /* only the part without null directions is scaled: runs keep their part along them */
  const double length = analysis->options.radius / away;
  for (size_t k = 0; k < n; k++) analysis->start[k] = centre[k] + length * analysis->room[k];
  return GD_OK;
}

/* ---- histories ---- */

void gdi_history_destroy(const gdi_env *env, gdi_history *history) {
  gdi_release(env, history->steps);
  gdi_release(env, history->distances);
}

static gd_status history_create(const gdi_env *env, gdi_history *history) {
  *history = (gdi_history){.stride = 1, .capacity = MOST_ROWS + 1}; /* and the end */
  history->steps = gdi_allocate(env, history->capacity, sizeof *history->steps);
  history->distances = gdi_allocate(env, history->capacity, sizeof *history->distances);
  return history->steps && history->distances ? GD_OK : GD_ERR_MEMORY;
}

static bool is_kept(const gdi_history *history, uint64_t step) {
  return step < DENSE_ROWS || step % history->stride == 0;
}

static void drop_every_second(gdi_history *history) {
  size_t kept = 0;
  history->stride *= 2;
  for (size_t row = 0; row < history->rows; row++) {
    if (!is_kept(history, history->steps[row])) continue;
    history->steps[kept] = history->steps[row];
    history->distances[kept++] = history->distances[row];
  }
  history->rows = kept;
}

static void append(gdi_history *history, uint64_t step, double distance) {
  history->steps[history->rows] = step;
  history->distances[history->rows++] = distance;
}

static void keep(gdi_history *history, uint64_t step, double distance) {
  if (history->rows == MOST_ROWS) drop_every_second(history);
  if (is_kept(history, step)) append(history, step, distance);
}

/* ---- one run ---- */

typedef struct watch {
  gd_analysis *analysis;
  gdi_history *history;
  gd_counts before, there;
  uint64_t last_step, first_there;
  double last_distance;
  bool reached;
} watch;

static int observe(void *context, const gd_progress *progress) {
  watch *w = context;
  const gd_game *game = w->analysis->at->game;
  if (progress->step == 0) gd_game_counts(game, &w->before);
  w->last_step = progress->step;
  w->last_distance = gdi_analysis_distance(w->analysis, progress->x);
  keep(w->history, w->last_step, w->last_distance);
  if (w->reached || w->last_distance > w->analysis->options.epsilon) return w->reached;
  w->reached = true;
  w->first_there = progress->step;
  gd_game_counts(game, &w->there);
  return 1;
}

static void take_counts(const watch *w, gd_analysis_row *row) {
  const gd_counts *before = &w->before, *there = &w->there;
  const double players = (double)(there->player_entries - before->player_entries) / (double)w->analysis->n;
  row->steps_measured = (double)w->first_there;
  row->gradients = (double)(there->gradients - before->gradients) + players;
  row->products = (double)(there->jvps - before->jvps + there->vjps - before->vjps);
  row->solves = (double)(there->solves - before->solves);
}

/* A run has diverged if a step overflows or cannot be taken. */
static gd_status run_observed(gdi_analysis_method *it, watch *w, double *x, uint64_t steps, gd_run_result *result) {
  const gd_observer *more = w->analysis->options.observer;
  const gd_observer observers[] = {{observe, w}, more ? *more : (gd_observer){0}};
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = steps;
  options.gradient_tolerance = 0;
  options.step_tolerance = STANDSTILL;
  options.observers = observers;
  options.n_observers = more ? 2 : 1;
  options.divergence_norm *= fmax(1, gdi_vector_norm(w->analysis->n, x));
  const gd_status status = gd_run(it->stepper, x, &options, result);
  if (status != GD_ERR_NONFINITE && status != GD_ERR_LAPACK && status != GD_ERR_DOMAIN) return status;
  result->stop = GD_STOP_DIVERGED;
  return GD_OK;
}

static gd_status measure(gd_analysis *analysis, gdi_analysis_method *it, uint64_t steps, double *x) {
  watch w = {.analysis = analysis, .history = &it->history, .last_distance = NAN};
  gd_run_result result;
  GD_TRY(history_create(&analysis->env, &it->history));
  GD_TRY(gd_stepper_set(it->stepper, GD_STEP_SIZE, it->row.step_size));
  gd_stepper_reset(it->stepper);
  memcpy(x, analysis->start, analysis->n * sizeof *x);
  const gd_status status = run_observed(it, &w, x, steps, &result);
  if (status < 0) return status;
  const gdi_history *history = &it->history;
  const bool kept = history->rows > 0 && history->steps[history->rows - 1] == w.last_step;
  if (!kept) append(&it->history, w.last_step, w.last_distance);
  it->row.stop = result.stop;
  it->row.end_distance = w.last_distance;
  if (w.reached && (it->row.step_rate < 1 || it->row.verdict == GD_VERDICT_UNKNOWN)) take_counts(&w, &it->row);
  return GD_OK;
}

static gd_status run_all(gd_analysis *analysis, double *x) {
  const uint64_t limit = analysis->options.max_steps;
  uint64_t longest = FEWEST_STEPS;
  for (int converging = 1; converging >= 0; converging--)
    for (size_t k = 0; k < analysis->count; k++) {
      gdi_analysis_method *it = &analysis->methods[k];
      if ((it->row.step_rate < 1) != converging) continue;
      GD_TRY(measure(analysis, it, converging || longest > limit ? limit : longest, x));
      const uint64_t last = it->history.steps[it->history.rows - 1];
      if (converging && last > longest) longest = last;
    }
  return GD_OK;
}

gd_status gdi_analysis_run_methods(gd_analysis *analysis) {
  double *x = gdi_allocate(&analysis->env, analysis->n, sizeof *x);
  const gd_status status = x ? run_all(analysis, x) : GD_ERR_MEMORY;
  gdi_release(&analysis->env, x);
  return status;
}
