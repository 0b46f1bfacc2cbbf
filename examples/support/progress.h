/* SPDX-License-Identifier: BSD-3-Clause */
/* A line on stderr that says how far a long run is, or many runs are; shown on a terminal only, never in
 * a pipe or with TERM=dumb. */
#ifndef SUPPORT_PROGRESS_H
#define SUPPORT_PROGRESS_H

#include <gamedyn/run.h>
#include <stdbool.h>

typedef struct progress_line {
  const char *what; /* such as the method's name */
  uint64_t steps;   /* of the whole run, or runs in all */
  double began;     /* seconds on the clock */
  double shown;     /* seconds into the run when it was last drawn */
  int drawn;        /* columns of it that are on the screen */
  bool terminal;
} progress_line;

progress_line progress_start(const char *what, uint64_t steps);
gd_observer progress_observer(progress_line *line);

/* Of many runs: so many are done. */
void progress_count(progress_line *line, uint64_t done);
/* Of long runs: so many steps of all are done, of which so many were before the line began; shows the time left. */
void progress_steps(progress_line *line, uint64_t done, uint64_t before);

void progress_clear(progress_line *line);

#endif
