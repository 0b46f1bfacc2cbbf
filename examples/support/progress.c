/* SPDX-License-Identifier: BSD-3-Clause */
/* progress.c -- a line that is drawn anew a few times a second. */
#include "support/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double clock_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

progress_line progress_start(const char *what, uint64_t steps) {
  return (progress_line){.what = what, .steps = steps, .began = clock_seconds(), .terminal = isatty(STDERR_FILENO)};
}

static void show(progress_line *line, double seconds, const char *unit, uint64_t done) {
  if (!line->terminal || seconds <= line->shown + 0.25) return;
  line->shown = seconds;
  fprintf(stderr, "\r%s: %s %llu, %.0f %%\033[K", line->what, unit, (unsigned long long)done,
          100.0 * (double)done / (double)line->steps);
}

static int observe(void *context, const gd_progress *progress) {
  show(context, progress->seconds, "step", progress->step);
  return 0;
}

gd_observer progress_observer(progress_line *line) { return (gd_observer){observe, line}; }

void progress_count(progress_line *line, uint64_t done) { show(line, clock_seconds() - line->began, "run", done); }

/* Hours, minutes and seconds, those that matter. */
static void print_time(double seconds) {
  const unsigned long whole = (unsigned long)seconds;
  if (whole >= 3600)
    fprintf(stderr, ", %lu h %02lu min left", whole / 3600, whole / 60 % 60);
  else if (whole >= 60)
    fprintf(stderr, ", %lu min %02lu s left", whole / 60, whole % 60);
  else
    fprintf(stderr, ", %lu s left", whole);
}

void progress_steps(progress_line *line, uint64_t done, uint64_t before) {
  const double seconds = clock_seconds() - line->began, drawn = line->shown;
  show(line, seconds, "step", done);
  if (line->shown > drawn && seconds > 2 && done > before)
    print_time(seconds * (double)(line->steps - done) / (double)(done - before));
}

void progress_clear(const progress_line *line) {
  if (line->shown > 0) fputs("\r\033[K", stderr);
}
