/* SPDX-License-Identifier: BSD-3-Clause */
/* history.c -- a record of distances that thins itself. */
#include "support/history.h"

#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"

enum { DRAWN_ROWS = 600 };

run_history history_create(size_t n, const double *target, double epsilon, bool stop_there) {
  return (run_history){.n = n, .target = target, .epsilon = epsilon, .stop_there = stop_there, .stride = 1};
}

static void append(run_history *history, uint64_t step, double distance) {
  if (history->rows == history->capacity) {
    history->capacity = history->capacity ? 2 * history->capacity : 256;
    history->steps = new_array(history->steps, history->capacity, sizeof *history->steps);
    history->distances = new_array(history->distances, history->capacity, sizeof *history->distances);
  }
  history->steps[history->rows] = step;
  history->distances[history->rows++] = distance;
}

static bool is_kept(const run_history *history, uint64_t step) {
  return step < HISTORY_DENSE || step % history->stride == 0;
}

static void drop_every_second(run_history *history) {
  size_t kept = 0;
  history->stride *= 2;
  for (size_t row = 0; row < history->rows; row++) {
    if (!is_kept(history, history->steps[row])) continue;
    history->steps[kept] = history->steps[row];
    history->distances[kept++] = history->distances[row];
  }
  history->rows = kept;
}

static int observe(void *context, const gd_progress *progress) {
  run_history *history = context;
  const gd_game *game = gd_stepper_game(progress->stepper);
  if (progress->step == 0) gd_game_counts(game, &history->before);
  history->last_step = progress->step;
  history->last_distance = distance(history->n, progress->x, history->target);
  if (history->rows == HISTORY_ROWS) drop_every_second(history);
  if (is_kept(history, progress->step)) append(history, progress->step, history->last_distance);
  if (!history->reached && history->last_distance <= history->epsilon) {
    history->reached = true;
    history->first_there = progress->step;
    gd_game_counts(game, &history->there);
  }
  return history->reached && history->stop_there;
}

gd_observer history_observer(run_history *history) { return (gd_observer){observe, history}; }

void history_finish(run_history *history) {
  if (history->rows && history->steps[history->rows - 1] != history->last_step) {
    append(history, history->last_step, history->last_distance);
  }
}

void history_write(const run_history *history, FILE *file, const char *suffix) {
  for (size_t row = 0; row < history->rows; row++) {
    fprintf(file, "%llu,%.17g%s\n", (unsigned long long)history->steps[row], history->distances[row], suffix);
  }
}

/* The next row worth drawing after this one. */
static size_t next_row(const run_history *history, size_t row, bool logarithmic) {
  const double last = (double)history->last_step;
  const double gap =
      logarithmic ? (double)history->steps[row] * (pow(last, 1.0 / DRAWN_ROWS) - 1.0) : last / DRAWN_ROWS;
  const double wanted = (double)history->steps[row] + gap;
  size_t next = row + 1;
  while (next + 1 < history->rows && (double)history->steps[next] < wanted) next++;
  return next;
}

void history_draw(const run_history *history, FILE *script, bool logarithmic) {
  for (size_t row = 0; row < history->rows; row = next_row(history, row, logarithmic)) {
    fprintf(script, "%llu %.9g\n", (unsigned long long)history->steps[row], history->distances[row]);
  }
}

void history_destroy(run_history *history) {
  free(history->steps);
  free(history->distances);
}
