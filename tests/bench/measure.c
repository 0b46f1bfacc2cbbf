/* SPDX-License-Identifier: BSD-3-Clause */
/* measure.c -- turns, and what every benchmark needs. */
#include "measure.h"

#include <gamedyn/rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_CONTENDERS 8
#define SETTLE_SECONDS 0.006
#define TIMED_SECONDS 0.003 /* shorter than a time slice: some turns have the processor for themselves */

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

static double now(pace how) {
  struct timespec t;
  clock_gettime(how == ON_WALL || how == ONCE_ON_WALL ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double time_runs(const contender *c, pace how, size_t runs) {
  const double start = now(how);
  for (size_t k = 0; k < runs; k++) c->work(c->context);
  return now(how) - start;
}

/* Seconds for one run, after some that do not count. */
static double time_settled(const contender *c, pace how) {
  double settling = 0;
  size_t runs = 0;
  while (settling < SETTLE_SECONDS) {
    settling += time_runs(c, how, runs / 2 + 1);
    runs += runs / 2 + 1;
  }
  const double once = settling / (double)runs;
  runs = once < TIMED_SECONDS ? (size_t)(TIMED_SECONDS / once) : 1;
  return time_runs(c, how, runs) / (double)runs;
}

void measure(const char *prefix, pace how, size_t turns, const contender *contenders, size_t count) {
  double fastest[MOST_CONTENDERS] = {0};
  for (size_t turn = 0; turn < turns; turn++)
    for (size_t k = 0; k < count; k++) {
      const double seconds = how >= ONCE ? time_runs(&contenders[k], how, 1) : time_settled(&contenders[k], how);
      if (turn == 0 || seconds < fastest[k]) fastest[k] = seconds;
    }
  for (size_t k = 0; k < count; k++) printf("%s.%s\t%.6g\n", prefix, contenders[k].name, fastest[k]);
  fflush(stdout);
}

static void *allocate(void *context, size_t bytes) {
  meter *m = context;
  m->now += bytes;
  if (m->now > m->most) m->most = m->now;
  return aligned_alloc(64, (bytes + 63) / 64 * 64);
}

static void release(void *context, void *memory, size_t bytes) {
  meter *m = context;
  m->now -= bytes;
  free(memory);
}

void start_meter(meter *m) {
  *m = (meter){.allocator = {sizeof m->allocator, m, allocate, release},
               .env = {.struct_size = sizeof m->env, .allocator = &m->allocator}};
}
