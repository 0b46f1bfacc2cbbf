/* SPDX-License-Identifier: BSD-3-Clause */
/* History: an observer that keeps the distance to a point, in bounded memory however long the run.
 * Every step is kept until there are HISTORY_ROWS of them; then every second row is dropped, and from
 * there on every second step is kept, and so forth.  The first HISTORY_DENSE steps and the end are always kept. */
#ifndef SUPPORT_HISTORY_H
#define SUPPORT_HISTORY_H

#include <gamedyn/run.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { HISTORY_ROWS = 200000, HISTORY_DENSE = 1000 };

typedef struct run_history {
  size_t n;
  const double *target; /* [n], borrowed: distances are to this point, */
  double epsilon;       /* the distance to be reached */
  bool stop_there;      /* stop the run when it is */

  bool reached;         /* it was */
  uint64_t first_there; /* the first step at which */
  gd_counts before;     /* what the game had been asked when the run began, */
  gd_counts there;      /* and when epsilon was reached */
  uint64_t last_step;   /* the end of the run */
  double last_distance;

  size_t rows, capacity;
  uint64_t stride; /* steps between rows */
  uint64_t *steps; /* [rows] */
  double *distances;
} run_history;

run_history history_create(size_t n, const double *target, double epsilon, bool stop_there);
gd_observer history_observer(run_history *history);

/* Call after the run: makes sure that its end is in the last row. */
void history_finish(run_history *history);

/* Lines "step,distance" and then `suffix`, 17 significant digits. */
void history_write(const run_history *history, FILE *file, const char *suffix);

/* Lines "step distance" for gnuplot: at most a few hundred, evenly spaced along a linear or a
 * logarithmic axis. */
void history_draw(const run_history *history, FILE *script, bool logarithmic);

void history_destroy(run_history *history);

#endif
