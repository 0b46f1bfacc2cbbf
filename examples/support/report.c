/* SPDX-License-Identifier: BSD-3-Clause */
/* report.c -- for each method of the registry: rates, a measured run, and the theorem that covers it. */
#include "support/report.h"

#include <gamedyn/guarantee.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/output.h"

static const double OPERATIONS = 1e9; /* of a run: those of a gradient for each step */
enum { FEWEST_STEPS = 1000 };
static const double LONGEST_STEP = 1e300; /* where all eigenvalues underflow */

uint64_t report_step_limit(const common_options *common, const game_problem *problem) {
  const double affordable = fmax(OPERATIONS / problem->work, FEWEST_STEPS);
  return affordable < (double)common->steps ? (uint64_t)affordable : common->steps;
}

/* The largest, or least, modulus of an eigenvalue, null directions left out. */
static double extreme_modulus(const gd_spectrum *all, bool largest) {
  const gd_spectrum *spectrum = gd_spectrum_moving(all);
  double extreme = largest ? 0.0 : INFINITY;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double modulus = hypot(gd_spectrum_real(spectrum)[k], gd_spectrum_imaginary(spectrum)[k]);
    extreme = largest ? fmax(extreme, modulus) : fmin(extreme, modulus);
  }
  return extreme;
}

/* Where larger is always faster: |h lambda| >= 1 shrinks every mode of a stable game by 1/sqrt(2) and more; with
 * unstable modes |h lambda| >= 3, where an implicit step halves every mode at least. */
static double finite_step(const gd_spectrum *spectrum) {
  return fmin((gd_spectrum_abscissa(spectrum) > 0 ? 3.0 : 1.0) / extreme_modulus(spectrum, false), LONGEST_STEP);
}

/* The fastest step; where no step converges a small one, to show what happens. */
static double choose_run_step(const common_options *common, const method_report *it, const gd_spectrum *spectrum,
                              double sigma_max) {
  if (common->step > 0) return common->step;
  const double largest = extreme_modulus(spectrum, true);
  if (!it->converges) return fmin(0.25 / (largest > 0 ? largest : sigma_max), LONGEST_STEP);
  return isfinite(it->fastest_step) ? it->fastest_step : finite_step(spectrum);
}

/* Where products found zeros alone there is nothing to rate but the derivative of a whole step. */
static method_rates rates_of(const method_report *it, const game_facts *facts, const game_report *report) {
  const gd_spectrum *consensus = report->own ? NULL : facts->consensus;
  const method_rates rates = rates_create_with(it->linear, report->spectrum, consensus, report->quotient.equilibrium);
  const bool by_spectrum = rates.route == ROUTE_MODES || rates.route == ROUTE_CONSENSUS;
  if (!facts->large || !by_spectrum || extreme_modulus(rates.spectrum, true) > 0) return rates;
  method_rates none = rates;
  rates_destroy(&none);
  return (method_rates){.route = ROUTE_NONE, .stepper = it->linear, .x = rates.x};
}

/* Whether the eigenvalues at hand tell.  That a method does not converge is told by one of them, unless what stands on
 * the right is rounding, as where the kind of the point is not told either. */
static bool is_decided(const method_report *it, const game_facts *facts) {
  if (it->rates.route == ROUTE_MAP || it->rates.route == ROUTE_NONE) return it->rates.route == ROUTE_MAP;
  return !facts->large || (it->converges ? facts->decisive : facts->kind.kind != GD_POINT_UNDECIDED);
}

static void find_rates(method_report *it, const common_options *common, const game_problem *problem,
                       const game_facts *facts, const game_report *report) {
  it->rates = rates_of(it, facts, report);
  it->largest_stable_step = rates_largest_stable_step(&it->rates);
  it->fastest_step = rates_fastest_step(&it->rates, &it->rate);
  it->converges = it->fastest_step > 0 && it->rate < 1.0;
  it->decided = is_decided(it, facts);
  it->run_step = choose_run_step(common, it, report->spectrum, facts->sigma_max);
  it->run_rate = rates_at(&it->rates, it->run_step);
  if (!it->converges) it->run_rate = fmax(it->run_rate, 1.0); /* what falls short of 1 is rounding */
  it->steps_predicted = steps_at_rate(it->run_rate, problem->radius, common->epsilon);
}

static void measure(method_report *it, const game_problem *problem, const game_report *report, double epsilon,
                    uint64_t steps) {
  const quotient *moving = &report->quotient;
  const trial_plan plan = {problem->start, report->limit, epsilon, steps, true, moving->n_still, moving->still};
  it->run = trial_run(it->stepper, it->run_step, &plan);
  it->steps_measured = it->run_rate < 1.0 ? trial_steps(&it->run) : NAN;
  if (isnan(it->steps_measured)) return;
  const gd_counts *before = &it->run.history.before, *there = &it->run.history.there;
  const double players_share = (double)(there->player_entries - before->player_entries) / (double)problem->n;
  it->gradients = (double)(there->gradients - before->gradients) + players_share;
  it->products = (double)(there->jvps - before->jvps + there->vjps - before->vjps);
}

/* Converging methods run first; the others, for the picture, as long as the longest of those. */
static void measure_all(const common_options *common, const game_problem *problem, game_report *report) {
  const uint64_t limit = report_step_limit(common, problem);
  uint64_t longest = FEWEST_STEPS;
  for (int converging = 1; converging >= 0; converging--) {
    for (size_t k = 0; k < report->count; k++) {
      method_report *it = &report->methods[k];
      if ((it->run_rate < 1.0) != converging) continue;
      measure(it, problem, report, common->epsilon, converging || longest > limit ? limit : longest);
      if (converging && it->run.history.last_step > longest) longest = it->run.history.last_step;
    }
  }
}

static void find_theorems(const common_options *common, const game_problem *problem, const game_facts *facts,
                          game_report *report) {
  if (!facts->has_constants) return;
  for (size_t k = 0; k < report->count; k++) {
    method_report *it = &report->methods[k];
    gd_guarantee guarantee;
    const char *method = gd_stepper_method(it->stepper)->name;
    if (gd_guarantee_find(&guarantee, method, &facts->constants, common->gamma) < 0) continue;
    if (gd_guarantee_steps(&guarantee, problem->radius, common->epsilon, &it->theorem_steps) < 0) continue;
    it->theorem = guarantee.theorem;
    it->theorem_step = guarantee.step_size;
    it->estimated = guarantee.estimated;
  }
}

static method_report method_report_make(const char *method, gd_game *game, gd_game *linear, double gamma) {
  return (method_report){.stepper = new_stepper(game, method, gamma),
                         .linear = new_stepper(linear, method, gamma),
                         .gradients = NAN,
                         .products = NAN,
                         .theorem_step = NAN,
                         .theorem_steps = NAN};
}

/* Where the runs tend to, and a start at the right distance from there. */
static void place_start(const common_options *common, game_problem *problem, game_report *report) {
  const size_t n = problem->n;
  report->limit = new_numbers(n);
  quotient_limit(&report->quotient, problem->equilibrium, problem->start, report->limit);
  const double away = distance_off(n, problem->start, report->limit, report->quotient.n_still, report->quotient.still);
  if (!(away > 0)) die("--start: %s is an equilibrium already", common->start);
  if (common->start) {
    problem->radius = away;
  } else {
    for (size_t k = 0; k < n; k++) {
      problem->start[k] = report->limit[k] + problem->radius / away * (problem->start[k] - report->limit[k]);
    }
  }
}

/* A random start moved into the range of J, which is orthogonal to all idle directions; where matrices can be had the
 * quotient sees to that. */
static void leave_idle_directions(game_problem *problem) {
  const size_t n = problem->n;
  double *away = new_numbers(n), *moved = new_numbers(n);
  for (size_t k = 0; k < n; k++) away[k] = problem->start[k] - problem->equilibrium[k];
  must(gd_game_jvp(problem->game, problem->equilibrium, away, moved));
  for (size_t k = 0; k < n; k++) problem->start[k] = problem->equilibrium[k] + moved[k];
  free(away);
  free(moved);
}

/* The facts' spectra serve, unless there are idle directions. */
static game_report report_begin(const common_options *common, game_problem *problem, const game_facts *facts) {
  game_report report = {.gamma = common->gamma, .spectrum = facts->spectrum};
  report.quotient = facts->large ? quotient_whole(problem->game, problem->equilibrium)
                                 : quotient_create(problem->game, problem->equilibrium);
  if (report.quotient.basis) {
    report.own = new_spectrum(report.quotient.game, report.quotient.equilibrium);
    report.spectrum = report.own;
  }
  if (facts->large && !common->start) leave_idle_directions(problem);
  place_start(common, problem, &report);
  return report;
}

game_report report_create(const common_options *common, game_problem *problem, const game_facts *facts) {
  game_report report = report_begin(common, problem, facts);
  const gd_method *method = NULL;
  while ((method = gd_method_at(report.count)) != NULL) {
    report.methods = new_array(report.methods, report.count + 1, sizeof *report.methods);
    report.methods[report.count++] =
        method_report_make(method->name, problem->game, report.quotient.game, common->gamma);
    find_rates(&report.methods[report.count - 1], common, problem, facts, &report);
  }
  measure_all(common, problem, &report);
  find_theorems(common, problem, facts, &report);
  return report;
}

void report_destroy(game_report *report) {
  for (size_t k = 0; k < report->count; k++) {
    method_report *it = &report->methods[k];
    rates_destroy(&it->rates);
    trial_destroy(&it->run);
    gd_stepper_destroy(it->stepper);
    gd_stepper_destroy(it->linear);
  }
  free(report->methods);
  free(report->limit);
  gd_spectrum_destroy(report->own);
  quotient_destroy(&report->quotient);
}

void report_write_csv(const game_report *report, const char *path) {
  if (!path) return;
  FILE *file = open_output("--csv", path);
  fputs("step,distance,method\n", file);
  for (size_t k = 0; k < report->count; k++) {
    char suffix[64];
    snprintf(suffix, sizeof suffix, ",%s", gd_stepper_method(report->methods[k].stepper)->name);
    history_write(&report->methods[k].run.history, file, suffix);
  }
  close_output("--csv", path, file);
}
