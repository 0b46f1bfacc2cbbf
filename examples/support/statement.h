/* SPDX-License-Identifier: BSD-3-Clause */
/* Statement: a lemma, checked on many instances within its hypothesis, on the paper's own model, and outside the
 * hypothesis, where its conclusion must fail somewhere.  The programs with --statement share this. */
#ifndef SUPPORT_STATEMENT_H
#define SUPPORT_STATEMENT_H

#include <gamedyn/rng.h>
#include <stddef.h>

typedef enum statement_case { STATEMENT_RANDOM, STATEMENT_MODEL, STATEMENT_OUTSIDE, STATEMENT_CASES } statement_case;

typedef struct statement {
  const char *name;                   /* "Lemma 1" */
  const char *says;                   /* one sentence */
  const char *quantity;               /* what is measured */
  double limit;                       /* the conclusion holds if the quantity is at most this */
  const char *cases[STATEMENT_CASES]; /* what the instances are */
  /* The quantity of one new instance; INFINITY where it does not exist. */
  double (*measure)(gd_rng *rng, statement_case which);
} statement;

/* A number between low and high. */
double statement_uniform(gd_rng *rng, double low, double high);

/* Read the command line, check, print, write --csv and draw --plot; returns the exit code.
 * names: of the statements in their order, separated by '|', after "all|". */
int statements_run(const char *purpose, const char *names, const statement *list, size_t count, int argc, char **argv);

#endif
