/* SPDX-License-Identifier: BSD-3-Clause */
/* Options of the command line: a table of rows, read by getopt_long, from which --help is made too.  Every program has
 * --help, -h and --version. */
#ifndef SUPPORT_OPTIONS_H
#define SUPPORT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum option_kind {
  OPTION_TEXT,        /* const char *: a file to read, or a name */
  OPTION_OUTPUT,      /* const char *: a file to write */
  OPTION_PICTURE,     /* const char *: a file a plot can be drawn to */
  OPTION_COUNT,       /* uint64_t between least and most */
  OPTION_POSITIVE,    /* double, finite, > 0 */
  OPTION_NONNEGATIVE, /* double, finite, >= 0 */
  OPTION_REAL,        /* double, finite */
  OPTION_CHOICE,      /* int: the place, from 0, among the words of `argument`, such as "freeze|clip|signed" */
  OPTION_FLAG         /* bool: set by the option alone; its `argument` is "" */
} option_kind;

typedef struct option_row {
  const char *name, *argument, *meaning; /* "radius", "R", one line of help */
  option_kind kind;
  void *target;         /* holds the default; receives the value */
  uint64_t least, most; /* of OPTION_COUNT */
} option_row;

/* What every program understands. */
typedef struct common_options {
  const char *matrix, *matrix_a, *matrix_b, *start; /* files; NULL: not given */
  uint64_t size, seed;                              /* of a random game */
  double radius, epsilon;                           /* from this distance to that one */
  double gamma;                                     /* of the predictive and consensus methods */
  double step;                                      /* step size that overrides the program's own; 0: not given */
  uint64_t steps;                                   /* most steps of a measured run */
  const char *csv, *plot;                           /* files; NULL: not given */
  uint64_t largest_size;                            /* that --size may have */
  uint64_t dense_limit;                             /* variables up to which matrices are made; analyze alone asks */
  const char *at;                                   /* analyze alone: file of the point; NULL: the known solution, */
  bool find;                                        /* or what Newton's method finds */
} common_options;

/* The defaults of the paper's Figure 1: p = q = 5, radius 0.5, gamma 1. */
common_options options_default(void);

/* What a program says about itself. */
typedef struct usage_text {
  const char *purpose;    /* first line of --help */
  const char *details;    /* last lines of --help; may be NULL */
  const option_row *rows; /* options of its own, before the common ones, which give way to them; may be NULL */
  size_t n_rows;
  const char *common;      /* the common options it takes, such as "matrix seed csv"; NULL: all of them */
  const option_row *words; /* what must follow without dashes, by name and in this order; may be NULL */
  size_t n_words;
} usage_text;

/* Read the command line.  Words may stand anywhere among the options, and may be negative numbers.  --help, -h and
 * --version print and exit 0; whatever is wrong ends the program with one line, a common option that the program does not take included.
 * common may be NULL: a program that reads no game has its own rows alone. */
void options_parse(common_options *common, const usage_text *usage, int argc, char **argv);

#endif
