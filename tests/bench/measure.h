/* SPDX-License-Identifier: BSD-3-Clause */
/* Timing things side by side: one after the other in turns, so that a busy machine is unfair to
 * all of them alike.  Processor time does not count what others do meanwhile.  A program prints one line per thing,
 * "name<tab>seconds", its fastest turn, since what else the machine does only adds; table.py makes the table. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <gamedyn/env.h>
#include <gamedyn/status.h>
#include <stddef.h>
#include <stdint.h>

/* One thing to time. */
typedef struct contender {
  const char *name;
  void (*work)(void *context); /* once */
  void *context;
} contender;

/* How a contender is timed. */
typedef enum pace {
  SETTLED, /* runs that do not count, to settle caches, then runs for about 3 ms, in processor time */
  ON_WALL, /* the same by the clock on the wall: for work on several threads */
  ONCE,    /* one run, for work of seconds, in processor time */
  ONCE_ON_WALL
} pace;

/* Each contender in turn, `turns` times over.  Names get `prefix` and a dot. */
void measure(const char *prefix, pace how, size_t turns, const contender *contenders, size_t count);

/* End the program, saying why, when the library fails. */
void must(gd_status status);

/* Bytes that the library has now, and has had at most, through a counting allocator. */
typedef struct meter {
  size_t now, most;
  gd_allocator allocator;
  gd_env env; /* for the library */
} meter;

/* The meter must not move. */
void start_meter(meter *m);

/* Memory for `count` numbers, aligned; uniform on [-1, 1] from the seed. */
double *make_numbers(size_t count, uint64_t seed);

#endif
