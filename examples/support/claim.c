/* SPDX-License-Identifier: BSD-3-Clause */
/* claim.c -- a promise against a measured run, the exact worst case and the fastest constant step. */
#include "support/claim.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "support/curves.h"
#include "support/die.h"
#include "support/iteration.h"
#include "support/plot.h"
#include "support/rates_of.h"
#include "support/table.h"
#include "support/trial.h"

/* One step size and what it does. */
typedef struct verdict {
  const char *label;
  double step_size, rate, promised; /* promised: NaN for none */
  double worst_steps;               /* exact, over all starts; NaN: not to be had */
  double worst_distance;            /* at the promised steps; NaN likewise */
  trial run;
} verdict;

void print_constant(const char *name, double value, const char *meaning) {
  printf("  %-16s %-14.8g %s\n", name, value, meaning);
}

gd_game_constants bilinear_constants(const game_problem *problem) {
  gd_game_constants constants;
  gd_linearisation *at = new_linearisation(problem->game, problem->equilibrium);
  must(gd_game_constants_compute(at, 0.0, 0, 0, &constants));
  gd_linearisation_destroy(at);
  if (!constants.bilinear) die("--matrix-a, --matrix-b: the theorem is about bilinear games, so both must be zero");
  print_constant("lambda_min", constants.lambda_min, "least eigenvalue of C C'");
  print_constant("lambda_max", constants.lambda_max, "greatest eigenvalue of C C'");
  return constants;
}

static void find_worst(verdict *it, const iteration_matrix *iteration, const common_options *common, double radius) {
  const double factor = common->epsilon / radius;
  const uint64_t steps = factor < 1.0 ? iteration_steps(iteration, factor) : 0;
  it->worst_steps = steps > 0 || factor >= 1.0 ? (double)steps : INFINITY;
  if (it->promised < 9e15) it->worst_distance = radius * iteration_worst(iteration, (uint64_t)it->promised);
}

static void judge(verdict *it, gd_stepper *stepper, const game_problem *problem, const common_options *common) {
  const bool promise = !isnan(it->promised);
  const double wanted = promise && it->promised < (double)common->steps ? it->promised : (double)common->steps;
  const trial_plan plan = {problem->start, problem->equilibrium, common->epsilon, (uint64_t)wanted, !promise};
  iteration_matrix iteration;
  it->run = trial_run(stepper, it->step_size, &plan);
  if (iteration_create(&iteration, stepper, problem->equilibrium)) {
    find_worst(it, &iteration, common, problem->radius);
    iteration_destroy(&iteration);
  }
}

static verdict verdict_make(const char *label, double step_size, double rate, double promised) {
  return (verdict){label, step_size, rate, promised, .worst_steps = NAN, .worst_distance = NAN};
}

static void print_verdicts(const verdict *rows, size_t count) {
  text_table *table = table_create("|step size|rate per step|steps promised|worst start|measured");
  for (size_t k = 0; k < count; k++) {
    table_cell(table, "  %s", rows[k].label);
    table_number(table, rows[k].step_size);
    table_rate(table, rows[k].rate);
    table_number(table, rows[k].promised);
    table_number(table, rows[k].worst_steps);
    table_number(table, trial_steps(&rows[k].run));
  }
  printf("\n");
  table_print(table, stdout);
  printf("\n");
}

/* Rounding grows with the steps at most like a few units in the last place for each. */
static bool keeps(const verdict *it, double distance, double epsilon) {
  return distance <= epsilon * (1.0 + 16.0 * DBL_EPSILON * (it->promised + 1.0));
}

static bool run_is_complete(const verdict *it) { return (double)it->run.history.last_step >= it->promised; }

static bool is_broken(const verdict *it, double epsilon) {
  const bool run_keeps = !run_is_complete(it) || keeps(it, it->run.history.last_distance, epsilon);
  const bool worst_keeps = isnan(it->worst_distance) || keeps(it, it->worst_distance, epsilon);
  return it->run.result.stop == GD_STOP_DIVERGED || !run_keeps || !worst_keeps;
}

static void print_run_end(const verdict *it) {
  const unsigned long long steps = it->run.history.last_step;
  if (it->run.result.stop == GD_STOP_DIVERGED) {
    printf("The measured run diverged after %llu steps.\n", steps);
  } else if (run_is_complete(it)) {
    printf("The measured run is then at distance %.4g.\n", it->run.history.last_distance);
  } else {
    printf("The measured run was cut at %llu steps, short of the promise (--steps).\n", steps);
  }
}

/* The exit code, and the sentences that explain it. */
static int conclude(const verdict *it, const common_options *common) {
  const bool broken = is_broken(it, common->epsilon), worst_known = !isnan(it->worst_distance);
  if (worst_known) {
    printf("After the promised %.0f steps the worst start is at distance %.4g; the promise is %g.\n", it->promised,
           it->worst_distance, common->epsilon);
  }
  print_run_end(it);
  if (!broken && !worst_known && !run_is_complete(it)) {
    printf("The promise was not put to the test.\n");
  } else {
    printf("The promise %s.\n", broken ? "is BROKEN" : "holds");
  }
  return broken ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}

static void draw(const common_options *common, const gd_guarantee *guarantee, const verdict *rows, size_t count,
                 double radius) {
  curve curves[2];
  for (size_t k = 0; k < count; k++) {
    curves[k] = (curve){.history = &rows[k].run.history, .colour = k + 1};
    snprintf(curves[k].title, sizeof curves[k].title, "%s, h = %.4g", rows[k].label, rows[k].step_size);
  }
  char title[120];
  snprintf(title, sizeof title, "%s: the promise and the runs", guarantee->theorem);
  const curve_panel panel = {.name = "run",
                             .title = title,
                             .key = "outside bottom center horizontal height 0.7",
                             .epsilon = common->epsilon,
                             .first = radius,
                             .last_step = 2.0 * fmax(rows[0].promised, 5.0),
                             .promised_step = fmax(rows[0].promised, 1.0)};
  gnuplot *picture = plot_open(common->plot, 900, 560);
  curves_draw(plot_script(picture), &panel, curves, count);
  plot_close(picture);
}

int claim_test(const common_options *common, const game_problem *problem, gd_stepper *stepper,
               const gd_guarantee *guarantee) {
  gd_linearisation *at = new_linearisation(problem->game, problem->equilibrium);
  method_rates rates = rates_create(stepper, at, NULL);
  double promised = 0.0, fastest_rate = NAN;
  must(gd_guarantee_steps(guarantee, problem->radius, common->epsilon, &promised));
  const double step_size = common->step > 0 ? common->step : guarantee->step_size;
  const double fastest = rates_fastest_step(&rates, &fastest_rate);
  verdict rows[] = {verdict_make(common->step > 0 ? "given step" : "theorem's step", step_size,
                                 rates_at(&rates, step_size), promised),
                    verdict_make("fastest step", fastest, fastest_rate, NAN)};
  judge(&rows[0], stepper, problem, common);
  const bool both = isfinite(fastest) && fastest > 0;
  if (both) judge(&rows[1], stepper, problem, common);
  print_verdicts(rows, 2);
  const int code = conclude(&rows[0], common);
  trial_write_csv(&rows[0].run, common->csv);
  if (common->plot) draw(common, guarantee, rows, both ? 2 : 1, problem->radius);
  trial_destroy(&rows[0].run);
  trial_destroy(&rows[1].run);
  rates_destroy(&rates);
  gd_linearisation_destroy(at);
  return code;
}
