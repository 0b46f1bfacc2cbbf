/* SPDX-License-Identifier: BSD-3-Clause */
/* Learning: the methods that Liang & Stokes 2019 compare, on a GAN whose generator's distance from its target can be
 * measured; every method from the same starts on the same draws, one of each for each seed. */
#ifndef SUPPORT_LEARNING_H
#define SUPPORT_LEARNING_H

#include <gamedyn/stepper.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "support/options.h"
#include "support/training.h"

typedef enum learning_method {
  LEARNING_SGA, /* simultaneous gradients */
  LEARNING_OMD, /* optimistic */
  LEARNING_PM,  /* predictive, with a prediction as long as a step: extragradient */
  LEARNING_CO,  /* consensus: the game has the penalty gamma |grad U|^2 / 2 */
  LEARNING_IU,  /* implicit */
  LEARNING_METHODS
} learning_method;

typedef struct learning_settings {
  uint64_t seeds, steps, every, batch, seed, threads;
  double step, gamma, penalty;
  const char *methods; /* abbreviations between commas */
  const char *state, *csv, *plot;
  bool quick;
} learning_settings;

typedef struct learning learning;

/* What differs from GAN to GAN. */
typedef struct learning_kind {
  const char *program;  /* its name, for the state's settings */
  const char *columns;  /* what is measured: names between commas, the distance first */
  const char *distance; /* what it is, for headings */
  double failed;        /* a run that ends at this distance or beyond has not converged */
  bool logarithmic;     /* whether distances are drawn so */
  /* As training.h has them; `open` makes game, stepper (by learning_stepper()) and start. */
  void (*open)(const learning *it, learning_method method, uint64_t seed, training_run *run);
  void (*measure)(const learning *it, training_run *run, double *row);
  void (*close)(const learning *it, size_t run, training_run *own);
} learning_kind;

struct learning {
  const learning_kind *kind;
  learning_settings set;
  void *program; /* the program's */
  learning_method methods[LEARNING_METHODS];
  size_t n_methods;
  size_t rows, columns; /* of what was measured */
  double *measured;     /* [runs][rows][columns] */
};

/* The settings of Liang & Stokes, for as many steps. */
learning_settings learning_paper(uint64_t steps);

/* Read the command line: defaults come in the settings, --quick replaces `seeds` and `steps` that were not given. */
void learning_read(learning *it, const usage_text *usage, const learning_settings *quick, int argc, char **argv);

/* The stepper of a method on a game, which draws as the seed says. */
gd_stepper *learning_stepper(const learning *it, gd_game *game, learning_method method, uint64_t seed);

/* Run everything, or what is left of it. */
void learning_run(learning *it);
void learning_destroy(learning *it);

size_t learning_runs(const learning *it);
learning_method learning_method_of(const learning *it, size_t run);
bool learning_has(const learning *it, learning_method method);
const char *learning_name(learning_method method);  /* "sga" */
const char *learning_words(learning_method method); /* "simultaneous" */

/* The distance in a row, or at the end; NaN if the run had diverged. */
double learning_distance(const learning *it, size_t run, size_t row);
double learning_end(const learning *it, size_t run);
bool learning_converged(const learning *it, size_t run);

/* Over a method's seeds that did not diverge, in one row: least, quartiles and greatest distance; false if there is
 * none. */
enum { LEARNING_LEVELS = 5, LEARNING_MEDIAN = 2 };
bool learning_quantiles(const learning *it, learning_method method, size_t row, double *levels);

void learning_print(const learning *it);

/* Panels of a multiplot, placed by the caller: distances at the end as boxes, and medians along the training. */
void learning_draw_boxes(FILE *script, const learning *it);
void learning_draw_curves(FILE *script, const learning *it);

#endif
