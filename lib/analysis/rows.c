/* SPDX-License-Identifier: BSD-3-Clause */
/* rows.c -- for each method: its rates, its verdict, the step size of its run, and its theorem. */
#include "analysis/analysis.h"

#include "base/error.h"
#include "theory/linearisation.h"

#include <math.h>
#include <string.h>

enum { GROWTH_LIMIT = 400 };

#define LONGEST_STEP 1e300 /* where all eigenvalues underflow */

/* ---- rates ---- */

static bool is_affordable(const gd_analysis *analysis, gd_rate_route route) {
  const size_t limit = analysis->options.map_limit;
  if (route == GD_RATE_BY_ALTERNATION) return analysis->n / 2 <= limit;
  return route != GD_RATE_BY_MAP || analysis->n <= limit;
}

/* Failures that say that no step can be taken, or that there is nothing to search. */
static bool is_told(gd_status status) {
  return status == GD_ERR_HYPOTHESIS || status == GD_ERR_NONFINITE || status == GD_ERR_DOMAIN;
}

static bool by_spectrum(const gd_analysis_row *row) {
  return row->route == GD_RATE_BY_MODES || row->route == GD_RATE_BY_FIELD;
}

/* True if the eigenvalues found decide.  A single one shows that a method does not converge, unless it is rounding, as
 * when the kind of the point is undecided, too. */
static bool is_decided(const gd_analysis *analysis, const gd_analysis_row *row, bool converges) {
  const gd_analysis_facts *facts = &analysis->facts;
  if (!by_spectrum(row) || facts->complete) return true;
  return converges ? facts->decisive : facts->kind.kind != GD_POINT_UNDECIDED;
}

static gd_verdict verdict_of(const gd_analysis *analysis, const gd_analysis_row *row) {
  const bool converges = row->fastest_step > 0 && row->rate<1, small = row->largest_stable_step> 0;
  if (!is_decided(analysis, row, converges)) return GD_VERDICT_NOT_TOLD;
  if (converges) return small ? GD_VERDICT_CONVERGES : GD_VERDICT_LARGE_STEPS;
  return small ? GD_VERDICT_NEUTRAL : GD_VERDICT_DOES_NOT;
}

static gd_status find_rates(const gd_analysis *analysis, gdi_analysis_method *it) {
  gd_analysis_row *row = &it->row;
  GD_TRY(gd_rate_route_find(it->stepper, analysis->at, &row->route));
  if (!is_affordable(analysis, row->route) || (by_spectrum(row) && !analysis->spectrum)) return GD_OK;
  gd_status status = gd_largest_stable_step(it->stepper, analysis->at, &row->largest_stable_step);
  if (status >= 0) status = gd_fastest_step(it->stepper, analysis->at, &row->fastest_step, &row->rate);
  if (status < 0) return is_told(status) ? GD_OK : status;
  row->verdict = verdict_of(analysis, row);
  if (!(row->fastest_step > 0 && row->rate < 1)) row->fastest_step = NAN;
  return GD_OK;
}

/* ---- the step of the run ---- */

/* The largest, or least, modulus of an eigenvalue, null directions left out. */
static double extreme_modulus(const gd_spectrum *all, bool largest) {
  const gd_spectrum *spectrum = gd_spectrum_moving(all);
  double extreme = largest ? 0 : INFINITY;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double modulus = hypot(gd_spectrum_real(spectrum)[k], gd_spectrum_imaginary(spectrum)[k]);
    extreme = largest ? fmax(extreme, modulus) : fmin(extreme, modulus);
  }
  return extreme;
}

/* A finite step size for methods that are the faster the larger it is.  |h lambda| >= 1 shrinks every mode of a stable
 * game by 1/sqrt(2) or more; with unstable modes |h lambda| >= 3, at which an implicit step at least halves every
 * mode. */
static double finite_step(const gd_spectrum *spectrum) {
  return fmin((gd_spectrum_abscissa(spectrum) > 0 ? 3 : 1) / extreme_modulus(spectrum, false), LONGEST_STEP);
}

/* The fastest step size; if no step size converges, a small one as an illustration. */
static double choose_step(const gd_analysis *analysis, const gd_analysis_row *row) {
  if (analysis->options.step_size > 0) return analysis->options.step_size;
  const double largest = analysis->spectrum ? extreme_modulus(analysis->spectrum, true) : analysis->facts.singular_max;
  if (isnan(row->fastest_step)) return fmin(0.25 / largest, LONGEST_STEP);
  return isfinite(row->fastest_step) ? row->fastest_step : finite_step(analysis->spectrum);
}

static double steps_at_rate(double rate, double radius, double epsilon) {
  if (!(rate < 1)) return NAN;
  if (epsilon >= radius) return 0;
  return rate > 0 ? ceil(log(epsilon / radius) / log(rate)) : 1;
}

static gd_status find_step_rate(const gd_analysis *analysis, gdi_analysis_method *it) {
  gd_analysis_row *row = &it->row;
  if (row->verdict == GD_VERDICT_UNKNOWN) return GD_OK;
  const gd_status status = gd_rate(it->stepper, analysis->at, row->step_size, &row->step_rate);
  if (status < 0 && !is_told(status)) return status;
  if (status < 0) row->step_rate = INFINITY; /* a step so long that it leaves the numbers */
  if (isnan(row->fastest_step)) row->step_rate = fmax(row->step_rate, 1); /* a rate below 1 is rounding here */
  row->steps_predicted = steps_at_rate(row->step_rate, analysis->facts.radius, analysis->options.epsilon);
  return GD_OK;
}

/* ---- theorem, growth ---- */

static void find_theorem(const gd_analysis *analysis, gd_analysis_row *row) {
  const gd_analysis_options *options = &analysis->options;
  gd_guarantee guarantee;
  double steps;
  const bool scaled = options->scaling && strcmp(options->scaling, GD_SCALING_NONE) != 0;
  if (!analysis->facts.has_constants || scaled) return;
  if (gd_guarantee_compute(&guarantee, row->method, &analysis->facts.constants, options->gamma) < 0) return;
  if (gd_guarantee_steps(&guarantee, analysis->facts.radius, options->epsilon, &steps) < 0) return;
  row->theorem = guarantee.theorem;
  row->theorem_step = guarantee.step_size;
  row->theorem_steps = steps;
  row->estimated = guarantee.estimated;
}

static gd_status find_growth(const gd_analysis *analysis, gdi_analysis_method *it) {
  gd_analysis_row *row = &it->row;
  gd_operator *map = NULL;
  gd_growth growth;
  const bool affordable = analysis->at->dense && analysis->n <= GROWTH_LIMIT && analysis->n_still == 0;
  if (!analysis->options.evidence || !affordable || !isfinite(row->step_rate)) return GD_OK;
  GD_TRY(gd_stepper_set(it->stepper, GD_STEP_SIZE, row->step_size));
  gd_status status = gd_stepper_map_at_rest(&map, it->stepper, analysis->at->x);
  if (status >= 0) status = gd_step_growth(map, NULL, &growth);
  if (status == GD_OK) row->growth = growth.largest, row->growth_at = growth.at;
  gd_operator_destroy(map);
  return status < 0 && !is_told(status) ? status : GD_OK;
}

gd_status gdi_analysis_rate_methods(gd_analysis *analysis) {
  for (size_t k = 0; k < analysis->count; k++) {
    gdi_analysis_method *it = &analysis->methods[k];
    it->row = (gd_analysis_row){.method = gd_stepper_method(it->stepper)->name,
                                .largest_stable_step = NAN,
                                .fastest_step = NAN,
                                .rate = NAN,
                                .step_rate = NAN,
                                .steps_predicted = NAN,
                                .steps_measured = NAN,
                                .gradients = NAN,
                                .products = NAN,
                                .solves = NAN,
                                .theorem_step = NAN,
                                .theorem_steps = NAN,
                                .end_distance = NAN,
                                .growth = NAN,
                                .growth_at = NAN};
    GD_TRY(find_rates(analysis, it));
    it->row.step_size = choose_step(analysis, &it->row);
    GD_TRY(find_step_rate(analysis, it));
    find_theorem(analysis, &it->row);
  }
  return GD_OK;
}

gd_status gdi_analysis_grow_methods(gd_analysis *analysis) {
  for (size_t k = 0; k < analysis->count; k++) GD_TRY(find_growth(analysis, &analysis->methods[k]));
  return GD_OK;
}
