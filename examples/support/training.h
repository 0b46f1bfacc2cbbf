/* SPDX-License-Identifier: BSD-3-Clause */
/* Training: many long runs, each measured at regular steps, on several threads, that can be interrupted and taken up
 * again.
 *
 * With a folder for their state, each run leaves two files there: NAME.checkpoint, the stepper and its point, and
 * NAME.csv, what was measured so far; both are written at every measurement.  The same command goes on from there, bit
 * for bit, and has nothing left to do but print and draw if all runs have ended. */
#ifndef SUPPORT_TRAINING_H
#define SUPPORT_TRAINING_H

#include <gamedyn/stepper.h>

enum { TRAINING_NAME = 48 };

/* One run while it is at work. */
typedef struct training_run {
  char name[TRAINING_NAME]; /* as the plan gives it */
  gd_stepper *stepper;      /* at its beginning */
  double *x;                /* where it starts; from then on, where it is */
  void *own;                /* the program's */
} training_run;

/* What is to be run.  Callbacks get the program and the number of the run; those of different runs are called on
 * different threads at the same time. */
typedef struct training_plan {
  const char *what;     /* for the progress line */
  const char *settings; /* in words without a line's end: all that decides the numbers; a folder with the state of
                           others is refused */
  size_t runs;
  uint64_t steps, every; /* of each run; measured at the start, every so many steps, and at the end */
  const char *columns;   /* what is measured: names between commas */
  const char *state;     /* --state: a folder, made if it is not there; NULL: nothing is kept */
  uint64_t threads;      /* 0: as many as there are processors */
  void *program;
  void (*name)(void *program, size_t run, char name[TRAINING_NAME]); /* of its files: letters, digits and dashes */
  void (*open)(void *program, size_t run, training_run *it);
  void (*measure)(void *program, training_run *it, double *row); /* row [columns] at it->x */
  /* Called at these steps [n_kept], multiples of `every`, with it->x there, also when the run is taken up again later
   * on; the state keeps NAME.STEP.checkpoint for that. */
  const uint64_t *kept;
  size_t n_kept;
  void (*keep)(void *program, size_t run, training_run *it, uint64_t step);
  /* The run has ended, at it->x, unless it diverged. */
  void (*close)(void *program, size_t run, training_run *it);
} training_plan;

size_t training_columns(const training_plan *plan);
/* Measurements of a run. */
size_t training_rows(const training_plan *plan);
/* The step of row 0, 1, ... */
uint64_t training_step(const training_plan *plan, size_t row);

/* Run all, and return what was measured [runs][rows][columns], which the caller frees; NaN from where a run diverged.
 */
double *training_execute(const training_plan *plan);

/* Of one column, at the end of runs first, first + stride, ...: the median over those that had not diverged, NaN if all
 * had; and how many are `least` or more. */
typedef struct training_ends {
  size_t first, stride, column;
} training_ends;
double training_median(const training_plan *plan, const double *measured, training_ends of);
size_t training_count(const training_plan *plan, const double *measured, training_ends of, double least);

/* Write it as lines run,step,columns with 17 significant digits. */
void training_write(const training_plan *plan, const double *measured, const char *path);

#endif
