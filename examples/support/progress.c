/* SPDX-License-Identifier: BSD-3-Clause */
/* progress.c -- an observer that draws a few times a second. */
#include "support/progress.h"

#include <stdio.h>
#include <unistd.h>

progress_line progress_start(const char *what, uint64_t steps) {
  return (progress_line){.what = what, .steps = steps, .terminal = isatty(STDERR_FILENO)};
}

static int observe(void *context, const gd_progress *progress) {
  progress_line *line = context;
  if (line->terminal && progress->seconds > line->shown + 0.25) {
    line->shown = progress->seconds;
    fprintf(stderr, "\r%s: step %llu, %.0f %%\033[K", line->what, (unsigned long long)progress->step,
            100.0 * (double)progress->step / (double)line->steps);
  }
  return 0;
}

gd_observer progress_observer(progress_line *line) { return (gd_observer){observe, line}; }

void progress_clear(const progress_line *line) {
  if (line->shown > 0) fputs("\r\033[K", stderr);
}
