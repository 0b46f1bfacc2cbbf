/* SPDX-License-Identifier: BSD-3-Clause */
/* Timing things side by side: one after the other in turns, so that a busy machine is unfair to
 * all of them alike.  A program prints one line per thing, "name<tab>seconds", its
 * fastest turn, since what else the machine does only adds; table.py makes the table. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

/* One thing to time. */
typedef struct contender {
  const char *name;
  void (*work)(void *context); /* once */
  void *context;
} contender;

/* Each contender in turn, `turns` times over: first runs that do not count, to settle caches, then
 * runs for about 20 ms (at least one), timed together.  Names get `prefix` and a dot. */
void measure(const char *prefix, const contender *contenders, size_t count, size_t turns);

/* For work of seconds: every run counts, no run before. */
void measure_once(const char *prefix, const contender *contenders, size_t count, size_t turns);

/* End the program, saying why, when the library fails. */
void must(gd_status status);

/* Memory for `count` numbers, aligned; uniform on [-1, 1] from the seed. */
double *make_numbers(size_t count, uint64_t seed);

#endif
