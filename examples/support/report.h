/* SPDX-License-Identifier: BSD-3-Clause */
/* Report: what every method of the registry does on a game near its equilibrium. */
#ifndef SUPPORT_REPORT_H
#define SUPPORT_REPORT_H

#include <gamedyn/spectrum.h>

#include "support/facts.h"
#include "support/options.h"
#include "support/problem.h"
#include "support/quotient.h"
#include "support/rates_of.h"
#include "support/trial.h"

/* One method.  NaN: no such number. */
typedef struct method_report {
  gd_stepper *stepper; /* on the game itself: its runs */
  gd_stepper *linear;  /* on the quotient: its rates */
  method_rates rates;
  bool converges;                         /* some step size has a rate below 1, */
  bool decided;                           /* and so it is with the eigenvalues that are not known; or it has not */
  double largest_stable_step;             /* every step size below it is stable; 0: none is */
  double fastest_step, rate;              /* the step size of smallest rate; INFINITY if it falls for ever */
  double run_step, run_rate;              /* what the measured run uses */
  double steps_predicted, steps_measured; /* from radius to epsilon at run_step */
  double gradients, products;             /* spent by the measured run */
  const char *theorem;                    /* NULL: none applies */
  double theorem_step, theorem_steps;
  bool estimated; /* the theorem's constants are, from samples of a ball */
  trial run;
} method_report;

/* The whole table, with what its rows share. */
typedef struct game_report {
  quotient quotient;           /* of a large game the game itself */
  gd_spectrum *own;            /* of the quotient's Jacobian; NULL if it is the game itself */
  const gd_spectrum *spectrum; /* that, or what the facts have, borrowed */
  double *limit;               /* [n], where the runs tend to */
  double gamma;                /* of consensus and of the methods that have one */
  size_t count;
  method_report *methods; /* [count] */
} game_report;

/* Analyze every method; the facts are borrowed.  Moves problem->start so that it is problem->radius away from its
 * limit, unless it came from a file; then the radius becomes its distance. */
game_report report_create(const common_options *common, game_problem *problem, const game_facts *facts);
void report_destroy(game_report *report);

/* Write all runs to --csv as columns step,distance,method. */
void report_write_csv(const game_report *report, const char *path);

/* Most steps a run may take on a game: --steps, and no more than about 10^9 operations. */
uint64_t report_step_limit(const common_options *common, const game_problem *problem);

#endif
