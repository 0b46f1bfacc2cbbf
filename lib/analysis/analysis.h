/* SPDX-License-Identifier: BSD-3-Clause */
/* Analysis: shared by the files of lib/analysis. */
#ifndef GDI_ANALYSIS_ANALYSIS_H
#define GDI_ANALYSIS_ANALYSIS_H

#include "base/memory.h"
#include "theory/linearisation.h"

#include <gamedyn/analysis.h>

/* Distances of one run, thinned out as it grows. */
typedef struct gdi_history {
  size_t rows, capacity;
  uint64_t stride; /* steps beyond the first are kept if it divides them */
  uint64_t *steps;
  double *distances;
} gdi_history;

/* One method at work. */
typedef struct gdi_analysis_method {
  gd_stepper *stepper;
  gd_analysis_row row;
  gdi_history history;
} gdi_analysis_method;

struct gd_analysis {
  gdi_env env;
  gd_linearisation *at; /* borrowed */
  gd_analysis_options options;
  gd_analysis_facts facts;
  const gd_spectrum *spectrum; /* the linearisation's */
  gd_spectrum *consensus;
  size_t n, n_still;
  double *still; /* [n by n_still], an orthonormal basis of the null space of J */
  double *start; /* [n] */
  double *room;  /* [n] */
  size_t count;
  gdi_analysis_method *methods; /* [count] */
};

/* facts.c */
gd_status gdi_analysis_find_facts(gd_analysis *analysis);
/* rows.c: a row's rates, what may be said of it, and its theorem */
gd_status gdi_analysis_rate_methods(gd_analysis *analysis);
/* and how much its steps grow, after the runs, whose counts it would change */
gd_status gdi_analysis_grow_methods(gd_analysis *analysis);
/* runs.c: the start, the runs, the distance of x [n] from the equilibria */
gd_status gdi_analysis_place_start(gd_analysis *analysis);
gd_status gdi_analysis_run_methods(gd_analysis *analysis);
double gdi_analysis_distance(const gd_analysis *analysis, const double *x);
void gdi_history_destroy(const gdi_env *env, gdi_history *history);

#endif
