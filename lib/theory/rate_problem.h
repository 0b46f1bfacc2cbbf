/* SPDX-License-Identifier: BSD-3-Clause */
/* Rates inside lib/theory: a stepper at a linearisation, and its rates as functions of the step size. */
#ifndef GDI_THEORY_RATE_PROBLEM_H
#define GDI_THEORY_RATE_PROBLEM_H

#include "theory/linearisation.h"
#include "theory/step_search.h"

#include <gamedyn/rates.h>

/* A stepper at a point.  At step size h player i has the step size h ratios[i]. */
typedef struct gdi_rate_problem {
  gd_stepper *stepper; /* borrowed; given back as it was */
  gd_linearisation *at;
  gdi_env env;
  gd_rate_route route;
  size_t n_players;
  double *set;    /* [n_players], the step sizes that are set, over the largest of them; 1 if all are 0 */
  double *ratios; /* [n_players], the same with what schedules make of them */
  bool equal;     /* all ratios are one */
} gdi_rate_problem;

/* Chooses the route; nothing is checked at the point.  Call gdi_rate_problem_close() afterwards, also on failure. */
gd_status gdi_rate_problem_open(gdi_rate_problem *problem, gd_stepper *stepper, gd_linearisation *at);
void gdi_rate_problem_close(gdi_rate_problem *problem);

/* The row of the step size, one per player; NULL: the method has none. */
const gd_param *gdi_step_size_row(const gd_method *method);

/* A search on the curves; `answer` belongs to the caller. */
typedef gd_status gdi_rate_search(const gdi_step_curves *curves, void *answer);

/* rate_modes.c: by GD_RATE_BY_MODES and GD_RATE_BY_FIELD. */
gd_status gdi_rate_by_modes(const gdi_rate_problem *problem, gdi_rate_search *search, void *answer);
/* map_rates.c: by GD_RATE_BY_ALTERNATION and GD_RATE_BY_MAP; *rate at one step size, or a search. */
gd_status gdi_rate_of_map(const gdi_rate_problem *problem, double step_size, double *rate);
gd_status gdi_rate_by_map(const gdi_rate_problem *problem, gdi_rate_search *search, void *answer);

/* rate_spectrum.c: the eigenvalues for the stability function: those of diag(ratios) J, or of diag(ratios) (J - gamma
 * J'J).  The caller destroys *owned; it is NULL if *spectrum belongs to the linearisation. */
gd_status gdi_rate_spectrum(const gdi_rate_problem *problem, const gd_spectrum **spectrum, gd_spectrum **owned);

/* The eigenvalues of J - gamma J'J; GD_ERR_HYPOTHESIS if products find no nonzero eigenvalue. */
gd_status gdi_consensus_spectrum(gd_linearisation *at, double gamma, gd_spectrum **spectrum);

#endif
