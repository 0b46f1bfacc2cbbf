/* SPDX-License-Identifier: BSD-3-Clause */
/* progress.c -- a line that is drawn anew a few times a second: over the last one, and with blanks over what was longer,
 * so that a carriage return is all that is asked of a terminal. */
#include "support/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "support/screen.h"

enum { LINE_SIZE = 160 };

static double clock_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

progress_line progress_start(const char *what, uint64_t steps) {
  return (progress_line){.what = what, .steps = steps, .began = clock_seconds(), .terminal = screen_redraws(stderr)};
}

/* What does not fit is left out: a broken line could not be drawn over. */
static void draw(progress_line *line, const char *text) {
  const int room = screen_columns(stderr) - 1, length = (int)strlen(text), kept = length < room ? length : room;
  const int over = line->drawn > kept ? line->drawn - kept : 0;
  fprintf(stderr, "\r%.*s%*s", kept, text, over, "");
  line->drawn = kept;
}

static bool is_due(const progress_line *line, double seconds) { return line->terminal && seconds > line->shown + 0.25; }

static void show(progress_line *line, double seconds, const char *unit, uint64_t done, const char *more) {
  char text[LINE_SIZE];
  if (!is_due(line, seconds)) return;
  line->shown = seconds;
  snprintf(text, sizeof text, "%s: %s %llu, %.0f %%%s", line->what, unit, (unsigned long long)done,
           100.0 * (double)done / (double)line->steps, more);
  draw(line, text);
}

static int observe(void *context, const gd_progress *progress) {
  show(context, progress->seconds, "step", progress->step, "");
  return 0;
}

gd_observer progress_observer(progress_line *line) { return (gd_observer){observe, line}; }

void progress_count(progress_line *line, uint64_t done) { show(line, clock_seconds() - line->began, "run", done, ""); }

/* Hours, minutes and seconds, those that matter. */
static void write_time(double seconds, char *text, size_t size) {
  const unsigned long whole = (unsigned long)seconds;
  if (whole >= 3600)
    snprintf(text, size, ", %lu h %02lu min left", whole / 3600, whole / 60 % 60);
  else if (whole >= 60)
    snprintf(text, size, ", %lu min %02lu s left", whole / 60, whole % 60);
  else
    snprintf(text, size, ", %lu s left", whole);
}

void progress_steps(progress_line *line, uint64_t done, uint64_t before) {
  const double seconds = clock_seconds() - line->began;
  char left[LINE_SIZE] = "";
  if (seconds > 2 && done > before)
    write_time(seconds * (double)(line->steps - done) / (double)(done - before), left, sizeof left);
  show(line, seconds, "step", done, left);
}

void progress_clear(progress_line *line) {
  if (line->drawn == 0) return;
  draw(line, "");
  fputc('\r', stderr);
}
