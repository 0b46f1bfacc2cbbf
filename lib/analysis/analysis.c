/* SPDX-License-Identifier: BSD-3-Clause */
/* analysis.c -- creation and destruction of an analysis, and its accessors. */
#include "analysis/analysis.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "kernels/vector.h"

#include <math.h>
#include <string.h>

void gd_analysis_options_init_sized(gd_analysis_options *options, size_t size) {
  const gd_analysis_options defaults = {.struct_size = sizeof defaults,
                                        .gamma = 1,
                                        .radius = 0.5,
                                        .epsilon = 1e-6,
                                        .max_steps = 1000000,
                                        .map_limit = 120,
                                        .measure = true};
  gdi_sized_write(options, size, &defaults, sizeof defaults);
}

/* ---- life ---- */

void gd_analysis_destroy(gd_analysis *analysis) {
  if (!analysis) return;
  for (size_t k = 0; k < analysis->count; k++) {
    gdi_history_destroy(&analysis->env, &analysis->methods[k].history);
    gd_stepper_destroy(analysis->methods[k].stepper);
  }
  gdi_release(&analysis->env, analysis->methods);
  gdi_release(&analysis->env, analysis->room);
  gdi_release(&analysis->env, analysis->start);
  gdi_release(&analysis->env, analysis->still);
  gd_spectrum_destroy(analysis->consensus);
  gdi_destroy(analysis, offsetof(gd_analysis, env));
}

static gd_status check_positive(const char *name, double value) {
  GDI_REQUIRE(value > 0 && isfinite(value), "gd_analysis_options: %s is %g, expected a finite number above 0", name,
              value);
  return GD_OK;
}

static gd_status read_options(gd_analysis_options *own, const gd_analysis_options *options, size_t n) {
  gd_analysis_options_init(own);
  if (options) GD_TRY(GDI_SIZED_READ(gd_analysis_options, own, options));
  GD_TRY(check_positive("radius", own->radius));
  GD_TRY(check_positive("epsilon", own->epsilon));
  GDI_REQUIRE(own->gamma >= 0 && isfinite(own->gamma),
              "gd_analysis_options: gamma is %g, expected a finite number >= 0", own->gamma);
  GDI_REQUIRE(own->step_size >= 0 && isfinite(own->step_size),
              "gd_analysis_options: step_size is %g, expected a finite number >= 0", own->step_size);
  for (size_t k = 0; own->methods && k < own->n_methods; k++)
    GDI_REQUIRE(own->methods[k], "gd_analysis_options: methods[%zu] is NULL", k);
  const size_t bad = own->start ? gdi_vector_first_nonfinite(n, own->start) : n;
  GDI_REQUIRE(bad == n, "gd_analysis_options: start[%zu] is %g, expected a finite number", bad, own->start[bad]);
  return GD_OK;
}

static bool has_param(const gd_method *method, const char *name) {
  const gd_param *row;
  for (size_t k = 0; (row = gd_method_param(method, k)) != NULL; k++)
    if (strcmp(row->name, name) == 0) return true;
  return false;
}

static gd_status open_method(gd_analysis *analysis, const gd_method *method) {
  const gd_analysis_options *options = &analysis->options;
  gdi_analysis_method *it = &analysis->methods[analysis->count];
  GD_TRY(gd_stepper_create(&it->stepper, analysis->at->game, method));
  analysis->count++;
  if (options->scaling) GD_TRY(gd_stepper_set_scaling(it->stepper, options->scaling));
  return has_param(method, "gamma") ? gd_stepper_set(it->stepper, "gamma", options->gamma) : GD_OK;
}

/* The caller's methods, or the library's and those of the game's catalogue. */
static const gd_method *method_at(const gd_analysis *analysis, size_t k) {
  const gd_analysis_options *options = &analysis->options;
  if (!options->methods) return gd_env_method_at(gd_game_env(analysis->at->game), k);
  return k < options->n_methods ? options->methods[k] : NULL;
}

static gd_status open_methods(gd_analysis *analysis) {
  const gd_method *method;
  size_t count = 0;
  while (method_at(analysis, count)) count++;
  analysis->methods = gdi_allocate(&analysis->env, count, sizeof *analysis->methods);
  if (!analysis->methods) return GD_ERR_MEMORY;
  for (size_t k = 0; (method = method_at(analysis, k)) != NULL; k++) GD_TRY(open_method(analysis, method));
  return GD_OK;
}

static gd_status fill(gd_analysis *analysis) {
  GD_TRY(gdi_analysis_find_facts(analysis));
  if (!analysis->facts.kind.stationary) return GD_OK;
  GD_TRY(open_methods(analysis));
  GD_TRY(gdi_analysis_place_start(analysis));
  GD_TRY(gdi_analysis_rate_methods(analysis));
  if (analysis->options.measure) GD_TRY(gdi_analysis_run_methods(analysis));
  return gdi_analysis_grow_methods(analysis);
}

gd_status gd_analysis_create(gd_analysis **analysis, gd_linearisation *linearisation,
                             const gd_analysis_options *options) {
  GDI_REQUIRE(analysis, "gd_analysis_create: analysis is NULL");
  GD_TRY(gdi_linearisation_check_interior(linearisation, "gd_analysis_create"));
  gd_analysis_options own;
  GD_TRY(read_options(&own, options, linearisation->n));
  gd_status status;
  gd_analysis *made = gdi_create(&linearisation->env.env, sizeof *made, offsetof(gd_analysis, env), &status);
  if (!made) return status;
  made->at = linearisation;
  made->options = own;
  made->n = linearisation->n;
  status = fill(made);
  if (status < 0)
    gd_analysis_destroy(made);
  else
    *analysis = made;
  return status;
}

/* ---- read ---- */

size_t gd_analysis_count(const gd_analysis *analysis) { return analysis ? analysis->count : 0; }

gd_status gd_analysis_row_at(const gd_analysis *analysis, size_t k, gd_analysis_row *row) {
  GDI_REQUIRE(analysis && row, "gd_analysis_row_at: %s is NULL", analysis ? "row" : "analysis");
  GDI_REQUIRE(k < analysis->count, "gd_analysis_row_at: k is %zu, expected less than %zu", k, analysis->count);
  *row = analysis->methods[k].row;
  return GD_OK;
}

static double spent(const gd_analysis_row *row) { return row->gradients + row->products; }

gd_status gd_analysis_best(const gd_analysis *analysis, size_t *k) {
  GDI_REQUIRE(analysis && k, "gd_analysis_best: %s is NULL", analysis ? "k" : "analysis");
  size_t best = analysis->count;
  for (size_t j = 0; j < analysis->count; j++) {
    const gd_analysis_row *row = &analysis->methods[j].row;
    if (isnan(row->steps_measured) || row->solves > 0) continue;
    if (best == analysis->count || spent(row) < spent(&analysis->methods[best].row)) best = j;
  }
  if (best == analysis->count) return gdi_fail(GD_ERR_HYPOTHESIS, "gd_analysis_best: no run arrived");
  *k = best;
  return GD_OK;
}

size_t gd_analysis_history(const gd_analysis *analysis, size_t k, const uint64_t **steps, const double **distances) {
  if (!analysis || k >= analysis->count) return 0;
  const gdi_history *history = &analysis->methods[k].history;
  if (steps) *steps = history->steps;
  if (distances) *distances = history->distances;
  return history->rows;
}

gd_stepper *gd_analysis_stepper(const gd_analysis *analysis, size_t k) {
  return analysis && k < analysis->count ? analysis->methods[k].stepper : NULL;
}

const gd_analysis_facts *gd_analysis_facts_of(const gd_analysis *analysis) {
  return analysis ? &analysis->facts : NULL;
}

const double *gd_analysis_point(const gd_analysis *analysis) { return analysis ? analysis->at->x : NULL; }

const gd_spectrum *gd_analysis_spectrum(const gd_analysis *analysis) { return analysis ? analysis->spectrum : NULL; }

const gd_spectrum *gd_analysis_consensus_spectrum(const gd_analysis *analysis) {
  return analysis ? analysis->consensus : NULL;
}
