/* SPDX-License-Identifier: BSD-3-Clause */
/* analyze.c -- given a game: which dynamics converge on it, with what step size, and how fast.
 *
 * The game is two players' matrices, or the Jacobian of any game at an equilibrium (v = J x is then the
 * game near it), or a ready-made model.  Its equilibrium is classified, its spectrum summed up, and every
 * method of the library rated: by its stability function or the derivative of one step, and by a run. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/evidence.h"
#include "support/facts.h"
#include "support/portrait.h"
#include "support/report.h"
#include "support/report_json.h"
#include "support/table.h"

/* Variables that the library makes matrices for, unless told otherwise; variables per player, for --size. */
enum { DENSE_LIMIT = 2000, LARGEST_SIZE = 10000 };

typedef struct analyze_options {
  common_options common;
  const char *jacobian, *blocks, *model, *json;
  bool classify;
} analyze_options;

/* The last lines of --help, with the models of the registry. */
static const char *help_details(char *text, size_t size) {
  size_t used = (size_t)snprintf(
      text, size,
      "The rate is the factor per step of the slowest mode; steps lead from --radius to --epsilon.\n"
      "Idle directions, along which nothing moves, are left out: distances are to the projection of\n"
      "the start on the equilibria.  --csv has a third column, method.  Singular values are those of\n"
      "C, and of J for --jacobian and for more than two players.\n"
      "Newton's method starts at --at, else at --start, else around the known solution.  A point that is\n"
      "not stationary has a spectrum, but no rates.\n\nModels:\n");
  const gd_model *model = NULL;
  for (size_t k = 0; (model = gd_model_at(k)) != NULL && used < size; k++) {
    used += (size_t)snprintf(text + used, size - used, "  %-20s  %s\n", model->name, model->summary);
  }
  if (used < size) text[used - 1] = '\0';
  return text;
}

static analyze_options read_options(int argc, char **argv) {
  analyze_options it = {.common = options_default()};
  it.common.steps = 1000000;
  it.common.largest_size = LARGEST_SIZE;
  it.common.dense_limit = DENSE_LIMIT;
  const option_row rows[] = {
      {"jacobian", "FILE", "Jacobian of any game at an equilibrium [n by n]", OPTION_TEXT, &it.jacobian, 0, 0},
      {"blocks", "P,Q,...", "variables of each player, for --jacobian", OPTION_TEXT, &it.blocks, 0, 0},
      {"model", "NAME", "a random game of this kind, from --size and --seed", OPTION_TEXT, &it.model, 0, 0},
      {"at", "FILE", "look at this point [n], not at the known solution", OPTION_TEXT, &it.common.at, 0, 0},
      {"find", "", "look at the point that Newton's method finds", OPTION_FLAG, &it.common.find, 0, 0},
      {"classify", "", "say what kind of point it is, with the evidence", OPTION_FLAG, &it.classify, 0, 0},
      {"dense-limit", "N", "variables up to which matrices are made; beyond, products alone", OPTION_COUNT,
       &it.common.dense_limit, 1, DENSE_LIMIT},
      {"json", "FILE", "write all numbers as JSON, 17 significant digits", OPTION_OUTPUT, &it.json, 0, 0},
  };
  char details[2048];
  const usage_text usage = {
      .purpose = "Which gradient dynamics converge on a game, with what step size, how fast?\n"
                 "The game comes from --matrix (with --matrix-a, --matrix-b), from --jacobian, or from --model.",
      .details = help_details(details, sizeof details),
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(&it.common, &usage, argc, argv);
  return it;
}

static game_problem read_problem(const analyze_options *it) {
  const bool matrices = it->common.matrix || it->common.matrix_a || it->common.matrix_b;
  const int sources = matrices + (it->jacobian != NULL) + (it->model != NULL);
  if (sources != 1) {
    die("%s of --matrix, --jacobian and --model was expected; --help lists the options", sources ? "only one" : "one");
  }
  if (it->blocks && !it->jacobian) die("--blocks: only --jacobian takes it");
  if (it->jacobian) return problem_of_jacobian(&it->common, it->jacobian, it->blocks);
  return it->model ? problem_of_model(&it->common, it->model) : problem_bilinear(&it->common);
}

static void print_point(const common_options *common, const game_problem *problem) {
  const gd_newton_result *newton = &problem->point.newton;
  if (common->find) {
    printf("  point               found by Newton's method: %llu steps, %llu gradients, %llu products\n",
           (unsigned long long)newton->iterations, (unsigned long long)newton->gradients,
           (unsigned long long)newton->products);
  } else {
    printf("  point               %s\n", common->at ? file_name(common->at) : "the known solution");
  }
}

static void print_number(const char *name, double value) {
  if (isnan(value)) {
    printf("  %-18s  not found\n", name);
  } else {
    printf("  %-18s  %.8g\n", name, value);
  }
}

static bool finds_nonzeros(const gd_spectrum *spectrum) {
  bool found = false;
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++)
    found = found || gd_spectrum_real(spectrum)[k] != 0 || gd_spectrum_imaginary(spectrum)[k] != 0;
  return found;
}

/* What can, and what cannot, be said without all eigenvalues. */
static void print_ends(const game_problem *problem, const game_facts *facts) {
  const char *more = facts->converged ? "" : "; more did not converge";
  if (finds_nonzeros(facts->spectrum)) {
    printf("  eigenvalues         %zu of %zu, from products alone%s\n", gd_spectrum_count(facts->spectrum), problem->n,
           more);
  } else {
    printf("  eigenvalues         from products alone only 0 was found, up to rounding%s\n", more);
  }
  if (facts->turning && facts->converged) {
    printf(
        "                      the extreme singular values decide all rates but those of zeros, which are left out\n");
  } else if (finds_nonzeros(facts->spectrum)) {
    printf(
        "                      rates are those of these: the true ones are as large or larger, and steps stable for\n"
        "                      all eigenvalues are as short or shorter\n");
  }
  if (!facts->decisive)
    printf("                      they do not tell that a method converges, which is \"?\" below\n");
}

static void print_facts(const analyze_options *options, const game_problem *problem, const game_facts *facts) {
  char words[FACTS_WORDS];
  printf("%s\n\n", problem->words);
  print_point(&options->common, problem);
  printf("  gradient norm       %.8g\n", facts->kind.gradient_norm);
  must(gd_classification_text(&facts->kind, words, sizeof words));
  printf("  %-18s  %s\n", facts->kind.stationary ? "equilibrium" : "verdict", words);
  print_number("spectral abscissa", facts->kind.spectral_abscissa);
  print_number("largest |Im/Re|", facts->kind.largest_imag_real_ratio);
  printf("  singular values     %.8g to %.8g (of %s%s)\n", facts->sigma_min, facts->sigma_max, facts->sigma_of,
         facts->large ? ", zeros left out" : "");
  if (facts->large) print_ends(problem, facts);
}

/* What holds for all rows of the table. */
static void print_heading(const common_options *common, const game_problem *problem, const game_report *report) {
  if (report->quotient.n_still > 0)
    printf("  null directions     %zu of %zu: nothing moves along them; rates and distances are those off them\n",
           report->quotient.n_still, problem->n);
  printf("\nFrom distance %g to %g; gamma = %g where a method has one:\n\n", problem->radius, common->epsilon,
         common->gamma);
}

static void print_methods(const game_report *report) {
  text_table *table = table_create("method|converges|stable below|fastest step|rate|predicted|measured|gradients|"
                                   "products|theorem|its step|promised");
  for (size_t k = 0; k < report->count; k++) {
    const method_report *it = &report->methods[k];
    const char *space = it->theorem ? strrchr(it->theorem, ' ') : NULL;
    table_cell(table, "%s", gd_stepper_method(it->stepper)->name);
    table_cell(table, "%s", !it->decided ? "?" : it->converges ? "yes" : "no");
    table_number(table, it->largest_stable_step);
    table_number(table, it->converges ? it->fastest_step : NAN);
    table_rate(table, it->rate);
    table_number(table, it->steps_predicted);
    table_number(table, it->steps_measured);
    table_number(table, it->gradients);
    table_number(table, it->products);
    table_cell(table, "%s%s", space ? space + 1 : "-", it->estimated ? " (estimate)" : "");
    table_number(table, it->theorem_step);
    table_number(table, it->theorem_steps);
  }
  table_print(table, stdout);
}

static bool acts_by_map(const gd_stepper *stepper) {
  const gd_method *method = gd_stepper_method(stepper);
  return !method->mode_modulus && strcmp(method->name, GD_CONSENSUS) != 0;
}

/* What the table cannot say. */
static void print_notes(const analyze_options *options, const game_report *report, double radius, uint64_t limit) {
  for (size_t k = 0; k < report->count; k++) {
    const method_report *it = &report->methods[k];
    const char *name = gd_stepper_method(it->stepper)->name;
    if (it->rates.route == ROUTE_NONE && acts_by_map(it->stepper)) {
      printf("\n%s: not rated; it needs the derivative of one step, which is looked at up to %d variables only.", name,
             RATES_MAP_LIMIT);
    } else if (it->converges && isinf(it->fastest_step) && !(options->common.step > 0)) {
      printf("\n%s: the larger the step the faster; steps are counted at h = %g.", name, it->run_step);
    } else if (it->rates.route == ROUTE_NONE) {
      printf("\n%s: not rated; all eigenvalues that were found are 0.", name);
    } else if (!it->converges && it->largest_stable_step > 0) {
      printf("\n%s: stable, but its rate cannot be told from 1.", name);
    } else if (it->converges && it->largest_stable_step == 0) {
      printf("\n%s: unstable at small steps, stable at large ones only.", name);
    } else if (it->run_rate < 1.0 && it->run.result.stop == GD_STOP_STALLED) {
      printf("\n%s: the measured run came to rest elsewhere, at distance %.4g.", name, it->run.history.last_distance);
    } else if (it->run_rate < 1.0 && isnan(it->steps_measured)) {
      printf("\n%s: the measured run was cut at %llu steps.", name, (unsigned long long)limit);
    }
  }
  for (size_t k = 0; k < report->count; k++) {
    if (!report->methods[k].estimated) continue;
    printf("\n%s: the theorem's constants are estimates, the worst of points sampled within distance %g.",
           gd_stepper_method(report->methods[k].stepper)->name, radius);
  }
  if (options->common.step > 0) printf("\nSteps are counted at the step size given, h = %g.", options->common.step);
  printf("\n");
}

static game_report find_methods(const analyze_options *options, game_problem *problem, const game_facts *facts) {
  game_report report = report_create(&options->common, problem, facts);
  print_heading(&options->common, problem, &report);
  print_methods(&report);
  print_notes(options, &report, problem->radius, report_step_limit(&options->common, problem));
  return report;
}

static void write_files(const analyze_options *options, const game_problem *problem, const game_facts *facts,
                        const game_report *report, const point_evidence *evidence) {
  if (options->json) report_write_json(options->json, problem, facts, report, options->classify ? evidence : NULL);
  report_write_csv(report, options->common.csv);
  if (options->common.plot) portrait_draw(options->common.plot, problem, facts, report);
}

int main(int argc, char **argv) {
  const analyze_options options = read_options(argc, argv);
  game_problem problem = read_problem(&options);
  game_facts facts = facts_find(&problem, &options.common, options.jacobian != NULL);
  game_report report = {.gamma = options.common.gamma};
  point_evidence evidence = {0};
  print_facts(&options, &problem, &facts);
  if (facts.kind.stationary) {
    report = find_methods(&options, &problem, &facts);
  } else {
    printf("\nRates are about stationary points: there is no table.  --find looks for one.\n");
  }
  if (options.classify) {
    evidence = evidence_find(&problem, &facts, &report);
    evidence_print(&evidence, &facts, &report);
  }
  write_files(&options, &problem, &facts, &report, &evidence);
  evidence_destroy(&evidence);
  report_destroy(&report);
  facts_destroy(&facts);
  problem_destroy(&problem);
  return EXIT_SUCCESS;
}
