/* SPDX-License-Identifier: BSD-3-Clause */
/* analyze.c -- given a game: which dynamics converge on it, with what step size, and how fast.
 *
 * The game is two players' matrices, or the Jacobian of any game at an equilibrium (v = J x is then the
 * game near it), or a ready-made model, or what a shared object makes.  Its equilibrium is classified, its
 * spectrum summed up, and every method of the library rated: by its stability function or the derivative of
 * one step, and by a run. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/portrait.h"
#include "support/problem.h"
#include "support/progress.h"
#include "support/verdicts.h"

/* Variables that the library makes matrices for, unless told otherwise; variables per player, for --size. */
enum { DENSE_LIMIT = 2000, LARGEST_SIZE = 10000 };

typedef struct analyze_options {
  common_options common;
  const char *jacobian, *blocks, *model, *game, *json;
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
      {"game", "FILE", "the game of one's own that a shared object makes", OPTION_TEXT, &it.game, 0, 0},
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
                 "The game comes from --matrix (with --matrix-a, --matrix-b), from --jacobian, from --model, or\n"
                 "from --game: a shared object with the function gd_status create(gd_game **game).",
      .details = help_details(details, sizeof details),
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(&it.common, &usage, argc, argv);
  return it;
}

static game_problem read_problem(const analyze_options *it) {
  const bool matrices = it->common.matrix || it->common.matrix_a || it->common.matrix_b;
  const int sources = matrices + (it->jacobian != NULL) + (it->model != NULL) + (it->game != NULL);
  if (sources != 1) {
    die("%s of --matrix, --jacobian, --model and --game was expected; --help lists the options",
        sources ? "only one" : "one");
  }
  if (it->blocks && !it->jacobian) die("--blocks: only --jacobian takes it");
  if (it->jacobian) return problem_of_jacobian(&it->common, it->jacobian, it->blocks);
  if (it->game) return problem_of_own_game(&it->common, it->game);
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

/* ---- the analysis ---- */

static const double SAMPLES = 200;    /* of a ball, for the theorems' constants, where J changes */
static const double OPERATIONS = 1e9; /* of a run, and of all samples, at most */
enum { FEWEST_STEPS = 1000 };

/* The steps a run may take: --steps, and no more than about 10^9 operations. */
static uint64_t step_limit(const common_options *common, const game_problem *problem) {
  const double affordable = fmax(OPERATIONS / problem->work, FEWEST_STEPS);
  return affordable < (double)common->steps ? (uint64_t)affordable : common->steps;
}

static uint64_t sample_count(const game_problem *problem) {
  const double n = (double)problem->n;
  return (uint64_t)fmin(SAMPLES, floor(OPERATIONS / (20.0 * n * n * n)));
}

static gd_linearisation *linearise(const common_options *common, const game_problem *problem) {
  gd_eval_options evaluation;
  gd_linearisation *at = NULL;
  gd_eval_options_init(&evaluation);
  evaluation.dense_limit = common->dense_limit;
  must(gd_game_configure(problem->game, &evaluation));
  must(gd_linearise(&at, problem->game, problem->equilibrium, NULL));
  return at;
}

static gd_analysis_options analysis_options(const analyze_options *it, const game_problem *problem,
                                            const gd_observer *observer) {
  gd_analysis_options options;
  gd_analysis_options_init(&options);
  options.gamma = it->common.gamma;
  options.radius = it->common.radius;
  options.epsilon = it->common.epsilon;
  options.step_size = it->common.step;
  options.start = it->common.start ? problem->start : NULL;
  options.seed = it->common.seed;
  options.max_steps = step_limit(&it->common, problem);
  options.samples = sample_count(problem);
  options.evidence = it->classify;
  options.origin = problem->point.name;
  options.observer = observer;
  return options;
}

int main(int argc, char **argv) {
  const analyze_options it = read_options(argc, argv);
  game_problem problem = read_problem(&it);
  progress_line line = progress_start("runs", step_limit(&it.common, &problem));
  const gd_observer observer = progress_observer(&line);
  const gd_analysis_options options = analysis_options(&it, &problem, &observer);
  gd_linearisation *at = linearise(&it.common, &problem);
  gd_analysis *analysis = NULL;
  must_for("--gamma, --step, --start", gd_analysis_create(&analysis, at, &options));
  progress_clear(&line);
  printf("%s\n\n", problem.words);
  print_point(&it.common, &problem);
  verdicts_print_point(analysis);
  if (gd_analysis_count(analysis) > 0) {
    verdicts_print_methods(analysis, &options);
  } else {
    printf("\nRates are about stationary points: there is no table.  --find looks for one.\n");
  }
  if (it.classify) verdicts_print_evidence(analysis);
  verdicts_write_json(analysis, it.json);
  verdicts_write_csv(analysis, it.common.csv);
  if (it.common.plot) portrait_draw(it.common.plot, problem.words, analysis, &options);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  problem_destroy(&problem);
  return EXIT_SUCCESS;
}
