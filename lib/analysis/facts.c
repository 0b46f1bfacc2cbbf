/* SPDX-License-Identifier: BSD-3-Clause */
/* facts.c -- results for all methods: the kind of the point, singular values, spectra, null directions, constants. */
#include "analysis/analysis.h"

#include "base/error.h"
#include "linear/null_space.h"
#include "theory/linearisation.h"
#include "theory/rate_problem.h"

#include <math.h>
#include <string.h>

enum { GROWTH_LIMIT = 400 };

/* ---- singular values ---- */

/* The singular values of C for two players, else of J. */
static gd_status open_singular(const gd_analysis *analysis, gd_operator **op) {
  const gd_linearisation *at = analysis->at;
  return *analysis->facts.singular_of == 'J' ? gd_operator_jacobian(op, at->game, at->x)
                                             : gd_operator_block(op, at->game, 0, 1, at->x);
}

static gd_status find_all_singular(gd_analysis *analysis, gd_operator *op) {
  const size_t rows = gd_operator_rows(op), columns = gd_operator_columns(op), count = rows < columns ? rows : columns;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.dense_limit = analysis->n;
  double *values = gdi_allocate(&analysis->env, count, sizeof *values);
  const gd_status status = values ? gd_singular_values(op, &options, values, NULL) : GD_ERR_MEMORY;
  if (status >= 0) analysis->facts.singular_max = values[0], analysis->facts.singular_min = values[count - 1];
  gdi_release(&analysis->env, values);
  return status;
}

static gd_status find_singular_end(gd_analysis *analysis, gd_operator *op, gd_which which, double *value) {
  gd_spectrum_options options = analysis->at->solver;
  options.which = which, options.count = 1, options.vectors = false;
  return gd_singular_values(op, &options, value, NULL);
}

static gd_status find_singular_values(gd_analysis *analysis) {
  gd_operator *op = NULL;
  analysis->facts.singular_of = gd_game_players(analysis->at->game) == 2 ? "C" : "J";
  GD_TRY(open_singular(analysis, &op));
  gd_status status = GD_OK;
  if (analysis->at->dense) {
    status = find_all_singular(analysis, op);
  } else {
    status = find_singular_end(analysis, op, GD_LARGEST_MODULUS, &analysis->facts.singular_max);
    if (status >= 0) status = find_singular_end(analysis, op, GD_SMALLEST_REAL, &analysis->facts.singular_min);
  }
  gd_operator_destroy(op);
  return status < 0 ? status : GD_OK;
}

/* ---- spectra ---- */

/* If products find no nonzero eigenvalue, there is no spectrum. */
static gd_status find_spectra(gd_analysis *analysis) {
  gd_linearisation *at = analysis->at;
  const gd_status status = gd_linearisation_spectrum(at, &analysis->spectrum);
  if (status < 0 && status != GD_ERR_HYPOTHESIS) return status;
  analysis->facts.complete = gd_spectrum_complete(analysis->spectrum);
  const gd_classification *kind = &analysis->facts.kind;
  const bool hurwitz = kind->hurwitz && !(kind->undecided & GD_UNDECIDED_PRODUCTS);
  analysis->facts.turning = at->turning;
  analysis->facts.decisive = analysis->facts.complete || (at->turning ? status == GD_OK : hurwitz);
  analysis->facts.converged = status == GD_OK;
  const gd_status found = gdi_consensus_spectrum(at, analysis->options.gamma, &analysis->consensus);
  return found < 0 && found != GD_ERR_HYPOTHESIS && found != GD_ERR_UNSUPPORTED ? found : GD_OK;
}

/* ---- null directions ---- */

static gd_status find_null_directions(gd_analysis *analysis) {
  gd_linearisation *at = analysis->at;
  const gdi_svd *svd;
  size_t count;
  analysis->facts.null_directions = GD_UNKNOWN_COUNT;
  if (!at->dense) return GD_OK;
  GD_TRY(gd_linearisation_null_directions(at, &count));
  analysis->facts.null_directions = analysis->n_still = count;
  if (count == 0) return GD_OK;
  GD_TRY(gdi_linearisation_svd(at, &svd));
  analysis->still = gdi_allocate(&analysis->env, gdi_times(analysis->n, count), sizeof *analysis->still);
  if (!analysis->still) return GD_ERR_MEMORY;
  for (size_t j = 0; j < count; j++)
    for (size_t i = 0; i < analysis->n; i++)
      analysis->still[i + j * analysis->n] = svd->right_transposed[analysis->n - count + j + i * analysis->n];
  return GD_OK;
}

/* ---- theorems' constants, evidence ---- */

/* Games outside of the theorems' hypotheses have no constants. */
static gd_status find_constants(gd_analysis *analysis) {
  const gd_analysis_options *options = &analysis->options;
  const double radius = options->samples > 0 ? options->radius : 0;
  const gd_status status = gd_game_constants_compute(analysis->at, radius, (size_t)options->samples, options->seed,
                                                     &analysis->facts.constants);
  analysis->facts.has_constants = status >= 0;
  const bool told = status == GD_ERR_HYPOTHESIS || status == GD_ERR_UNSUPPORTED || status == GD_ERR_DOMAIN;
  return status >= 0 || told ? GD_OK : status;
}

static gd_status find_evidence(gd_analysis *analysis) {
  gd_growth growth;
  const gd_status status = gd_linearisation_nonnormality(analysis->at, &analysis->facts.nonnormality);
  if (status < 0 && status != GD_ERR_UNSUPPORTED) return status;
  if (!analysis->at->dense || analysis->n > GROWTH_LIMIT) return GD_OK;
  const gd_status grown = gd_flow_growth(analysis->at->J, NULL, &growth);
  if (grown == GD_OK) analysis->facts.flow = growth;
  return grown < 0 ? grown : GD_OK;
}

gd_status gdi_analysis_find_facts(gd_analysis *analysis) {
  gd_analysis_facts *facts = &analysis->facts;
  facts->nonnormality = (gd_nonnormality){NAN, NAN, NAN, {0}};
  facts->flow = (gd_growth){NAN, NAN, NAN, {0}};
  facts->radius = analysis->options.radius;
  GD_TRY(gd_classify(analysis->at, NULL, &facts->kind));
  GD_TRY(find_constants(analysis));
  GD_TRY(find_singular_values(analysis));
  GD_TRY(find_spectra(analysis));
  GD_TRY(find_null_directions(analysis));
  return analysis->options.evidence ? find_evidence(analysis) : GD_OK;
}
