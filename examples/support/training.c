/* SPDX-License-Identifier: BSD-3-Clause */
/* training.c -- runs in pieces from one measurement to the next. */
#include "support/training.h"

#include <gamedyn/run.h>
#include <gamedyn/statistics.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/output.h"
#include "support/progress.h"
#include "support/threads.h"
#include "support/training_state.h"

/* What the threads share. */
typedef struct training_work {
  const training_plan *plan;
  double *measured;
  progress_line progress;
  pthread_mutex_t lock;  /* of the progress */
  uint64_t done, before; /* steps of all runs; those that were read */
} training_work;

/* ---- one run ---- */

static void show(training_work *work, uint64_t steps, bool now) {
  pthread_mutex_lock(&work->lock);
  work->done += steps;
  work->before += now ? 0 : steps;
  progress_steps(&work->progress, work->done, work->before);
  pthread_mutex_unlock(&work->lock);
}

static int count_steps(void *context, const gd_progress *progress) {
  if (progress->move_norm > 0) show(context, 1, true);
  return 0;
}

/* To the step of this row; false if the run diverged. */
static bool advance(training_work *work, training_run *it, size_t row) {
  const uint64_t now = gd_stepper_steps(it->stepper), then = training_step(work->plan, row);
  const gd_observer observer = {count_steps, work};
  gd_run_options options;
  gd_run_result result;
  gd_run_options_init(&options);
  options.max_steps = then - now;
  options.gradient_tolerance = 0;
  options.divergence_norm = INFINITY;
  options.observers = &observer, options.n_observers = 1;
  must(gd_run(it->stepper, it->x, &options, &result));
  return result.stop != GD_STOP_DIVERGED;
}

static void keep(const training_plan *plan, size_t run, training_run *it, uint64_t step) {
  if (!training_is_kept(plan, step)) return;
  if (plan->state) training_state_keep(plan, it, step);
  plan->keep(plan->program, run, it, step);
}

/* Measure; false if that is not finite: the run has diverged, whatever its point still is. */
static bool measure(const training_plan *plan, training_run *it, double *row) {
  const size_t columns = training_columns(plan);
  bool finite = true;
  plan->measure(plan->program, it, row);
  for (size_t j = 0; j < columns; j++) finite = finite && isfinite(row[j]);
  for (size_t j = 0; !finite && j < columns; j++) row[j] = NAN;
  return finite;
}

static void run_one(training_work *work, size_t run, training_run *it, double *rows) {
  const training_plan *plan = work->plan;
  const size_t columns = training_columns(plan), count = training_rows(plan);
  size_t k = plan->state ? training_state_load(plan, run, it, rows) : 0;
  if (k > 0) show(work, training_step(plan, k - 1), false);
  for (size_t j = k * columns; j < count * columns; j++) rows[j] = NAN;
  for (; k < count && (k == 0 || advance(work, it, k)); k++) {
    if (!measure(plan, it, rows + k * columns)) break;
    keep(plan, run, it, training_step(plan, k));
    if (plan->state) training_state_save(plan, it, rows, k + 1);
  }
  if (k > 0 && k < count) show(work, plan->steps - training_step(plan, k - 1), false); /* which are left out */
}

static int run_task(void *context, size_t run) {
  training_work *work = context;
  const training_plan *plan = work->plan;
  training_run it = {.name = ""};
  plan->name(plan->program, run, it.name);
  plan->open(plan->program, run, &it);
  run_one(work, run, &it, work->measured + run * training_rows(plan) * training_columns(plan));
  plan->close(plan->program, run, &it);
  return 0;
}

/* ---- all runs ---- */

double *training_execute(const training_plan *plan) {
  worker_threads threads;
  training_work work = {.plan = plan,
                        .measured = new_matrix(size_times(plan->runs, training_rows(plan)), training_columns(plan)),
                        .progress = progress_start(plan->what, plan->steps * plan->runs)};
  pthread_mutex_init(&work.lock, NULL);
  if (plan->state) training_state_prepare(plan);
  threads_start(&threads, plan->threads);
  threads.executor.run_all(threads.executor.context, plan->runs, run_task, &work);
  threads_stop(&threads);
  pthread_mutex_destroy(&work.lock);
  progress_clear(&work.progress);
  return work.measured;
}

/* ---- what came of it ---- */

static double end_of(const training_plan *plan, const double *measured, size_t run, size_t column) {
  return measured[((run + 1) * training_rows(plan) - 1) * training_columns(plan) + column];
}

double training_median(const training_plan *plan, const double *measured, training_ends of) {
  static const double half = 0.5;
  double *values = new_numbers(plan->runs), median = NAN;
  size_t count = 0;
  for (size_t run = of.first; run < plan->runs; run += of.stride) {
    const double value = end_of(plan, measured, run, of.column);
    if (!isnan(value)) values[count++] = value;
  }
  if (count > 0) must(gd_quantiles(count, values, 1, &half, &median));
  free(values);
  return median;
}

size_t training_count(const training_plan *plan, const double *measured, training_ends of, double least) {
  size_t count = 0;
  for (size_t run = of.first; run < plan->runs; run += of.stride)
    count += end_of(plan, measured, run, of.column) >= least;
  return count;
}

void training_write(const training_plan *plan, const double *measured, const char *path) {
  const size_t columns = training_columns(plan), rows = training_rows(plan);
  FILE *file = open_output("--csv", path);
  fprintf(file, "run,step,%s\n", plan->columns);
  for (size_t k = 0; k < plan->runs * rows; k++) {
    char name[TRAINING_NAME];
    plan->name(plan->program, k / rows, name);
    fprintf(file, "%s,%llu", name, (unsigned long long)training_step(plan, k % rows));
    for (size_t j = 0; j < columns; j++) fprintf(file, ",%.17g", measured[k * columns + j]);
    fputc('\n', file);
  }
  close_output("--csv", path, file);
}
