/* SPDX-License-Identifier: BSD-3-Clause */
/* trial.c -- gd_run with a history and a progress line looking on. */
#include "support/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/output.h"
#include "support/progress.h"

static const double STANDSTILL = 1e-300; /* of a step: the point no longer moves, to the last bit */

static bool has_parameter(const gd_method *method, const char *name) {
  const gd_param *row = NULL;
  for (size_t k = 0; (row = gd_method_param(method, k)) != NULL; k++) {
    if (strcmp(row->name, name) == 0) return true;
  }
  return false;
}

gd_stepper *new_stepper(gd_game *game, const char *method, double gamma) {
  gd_stepper *stepper = NULL;
  must(gd_stepper_create_named(&stepper, game, method));
  if (has_parameter(gd_stepper_method(stepper), "gamma")) must_for("--gamma", gd_stepper_set(stepper, "gamma", gamma));
  return stepper;
}

static gd_run_result run_observed(gd_stepper *stepper, double *x, uint64_t steps, run_history *history) {
  progress_line line = progress_start(gd_stepper_method(stepper)->name, steps);
  const gd_observer observers[] = {history_observer(history), progress_observer(&line)};
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = steps;
  options.gradient_tolerance = 0.0;
  options.step_tolerance = STANDSTILL;
  options.observers = observers;
  options.n_observers = sizeof observers / sizeof *observers;
  options.divergence_norm *= fmax(1.0, norm(history->n, x));
  gd_run_result result;
  const gd_status status = gd_run(stepper, x, &options, &result);
  progress_clear(&line);
  if (status == GD_ERR_NONFINITE || status == GD_ERR_LAPACK) {
    result.stop = GD_STOP_DIVERGED; /* within a step, where the run cannot look, or for want of one */
  } else {
    must(status);
  }
  return result;
}

trial trial_run(gd_stepper *stepper, double step_size, const trial_plan *plan) {
  const size_t n = gd_game_size(gd_stepper_game(stepper));
  trial run = {.history = history_create(n, plan->target, plan->epsilon, plan->stop_there)};
  double *x = new_numbers(n);
  memcpy(x, plan->start, n * sizeof *x);
  must_for("--step", gd_stepper_set(stepper, GD_STEP_SIZE, step_size));
  gd_stepper_reset(stepper);
  run.result = run_observed(stepper, x, plan->steps, &run.history);
  history_finish(&run.history);
  free(x);
  return run;
}

double trial_steps(const trial *run) { return run->history.reached ? (double)run->history.first_there : NAN; }

void trial_destroy(trial *run) { history_destroy(&run->history); }

void trial_write_csv(const trial *run, const char *path) {
  if (!path) return;
  FILE *file = open_output("--csv", path);
  fputs("step,distance\n", file);
  history_write(&run->history, file, "");
  close_output("--csv", path, file);
}
