/* SPDX-License-Identifier: BSD-3-Clause */
/* Trial: one measured run of a method, with its history and what it spent. */
#ifndef SUPPORT_TRIAL_H
#define SUPPORT_TRIAL_H

#include <gamedyn/run.h>

#include "support/history.h"

/* A method at work with its gamma, where it has one. */
gd_stepper *new_stepper(gd_game *game, const char *method, double gamma);

/* Where a run starts, what it should come near, and when it ends. */
typedef struct trial_plan {
  const double *start, *target; /* [n] */
  double epsilon;               /* the distance to be reached */
  uint64_t steps;               /* at most */
  bool stop_there;              /* end as soon as epsilon is reached */
} trial_plan;

typedef struct trial {
  run_history history;
  gd_run_result result;
} trial;

/* Run the stepper, from its beginning, with this step size for all players. */
trial trial_run(gd_stepper *stepper, double step_size, const trial_plan *plan);

/* Steps until epsilon was reached; NaN if it was not. */
double trial_steps(const trial *run);

void trial_destroy(trial *run);

/* Write a run's history to --csv as columns step,distance. */
void trial_write_csv(const trial *run, const char *path);

#endif
