/* SPDX-License-Identifier: BSD-3-Clause */
/* measure.c -- turns, and what every benchmark needs. */
#include "measure.h"

#include <gamedyn/rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_CONTENDERS 8
#define SETTLE_SECONDS 0.01
#define TIMED_SECONDS 0.02

void must(gd_status status) {
  if (status == GD_OK) return;
  fprintf(stderr, "%s: %s\n", gd_status_name(status), gd_last_error());
  exit(EXIT_FAILURE);
}

double *make_numbers(size_t count, uint64_t seed) {
  double *numbers = aligned_alloc(64, (count * sizeof *numbers + 63) / 64 * 64);
  if (!numbers) must(GD_ERR_MEMORY);
  gd_rng rng = gd_rng_make(seed, 0);
  gd_rng_fill_uniform(&rng, count, numbers);
  for (size_t k = 0; k < count; k++) numbers[k] = 2 * numbers[k] - 1;
  return numbers;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double time_runs(const contender *c, size_t runs) {
  const double start = now();
  for (size_t k = 0; k < runs; k++) c->work(c->context);
  return now() - start;
}

/* Seconds for one run, after some that do not count. */
static double time_settled(const contender *c) {
  const double start = now();
  size_t runs = 0;
  while (now() - start < SETTLE_SECONDS) {
    time_runs(c, runs / 2 + 1);
    runs += runs / 2 + 1;
  }
  const double once = (now() - start) / (double)runs;
  runs = once < TIMED_SECONDS ? (size_t)(TIMED_SECONDS / once) : 1;
  return time_runs(c, runs) / (double)runs;
}

static void take_turns(const char *prefix, const contender *contenders, size_t count, size_t turns, int settle) {
  double fastest[MOST_CONTENDERS];
  for (size_t turn = 0; turn < turns; turn++)
    for (size_t k = 0; k < count; k++) {
      const double seconds = settle ? time_settled(&contenders[k]) : time_runs(&contenders[k], 1);
      if (turn == 0 || seconds < fastest[k]) fastest[k] = seconds;
    }
  for (size_t k = 0; k < count; k++) printf("%s.%s\t%.6g\n", prefix, contenders[k].name, fastest[k]);
  fflush(stdout);
}

void measure(const char *prefix, const contender *contenders, size_t count, size_t turns) {
  take_turns(prefix, contenders, count, turns, 1);
}

void measure_once(const char *prefix, const contender *contenders, size_t count, size_t turns) {
  take_turns(prefix, contenders, count, turns, 0);
}
