/* SPDX-License-Identifier: BSD-3-Clause */
/* figure1_bilinear.c -- all methods on the bilinear game of the paper's first figure.
 *
 * Liang & Stokes 2019, "Interaction Matters", Figure 1: theta' C omega with p = q = 5, C uniform on [0, 1),
 * gamma = 1, started at distance 0.5.  Once with the step sizes of Theorems 3 to 6 (the methods that no
 * theorem covers take that of Theorem 3), and once with the fastest constant step size of each method. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/claim.h"
#include "support/curves.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/rates_of.h"
#include "support/table.h"
#include "support/trial.h"

/* Runs of all methods, one panel of the figure. */
typedef struct panel_runs {
  const char *name, *title;
  size_t count;
  double *step_sizes; /* [count] */
  const trial **runs; /* [count] */
} panel_runs;

static panel_runs panel_create(const char *name, const char *title, size_t count) {
  return (panel_runs){name, title, count, new_numbers(count), new_array(NULL, count, sizeof(const trial *))};
}

static void panel_destroy(panel_runs *panel) {
  free(panel->step_sizes);
  free(panel->runs);
}

static gd_analysis_row row_at(const gd_analysis *analysis, size_t k) {
  gd_analysis_row row;
  must(gd_analysis_row_at(analysis, k, &row));
  return row;
}

/* Runs of all methods at the panel's step sizes; the caller destroys and frees them. */
static trial *run_all(const common_options *common, const game_problem *problem, const gd_analysis *analysis,
                      panel_runs *panel) {
  const trial_plan plan = {.start = problem->start,
                           .target = problem->equilibrium,
                           .epsilon = common->epsilon,
                           .steps = common->steps,
                           .stop_there = true};
  trial *runs = new_array(NULL, panel->count, sizeof *runs);
  for (size_t k = 0; k < panel->count; k++) {
    runs[k] = trial_run(gd_analysis_stepper(analysis, k), panel->step_sizes[k], &plan);
    panel->runs[k] = &runs[k];
  }
  return runs;
}

static void destroy_runs(trial *runs, size_t count) {
  for (size_t k = 0; k < count; k++) trial_destroy(&runs[k]);
  free(runs);
}

/* The theorems' steps, or that of Theorem 3; and the fastest. */
static void choose_steps(const gd_analysis *analysis, double other_step, panel_runs *theorems, panel_runs *fastest) {
  for (size_t k = 0; k < theorems->count; k++) {
    const gd_analysis_row row = row_at(analysis, k);
    theorems->step_sizes[k] = row.theorem ? row.theorem_step : other_step;
    fastest->step_sizes[k] = row.step_size;
  }
}

static gd_analysis *analyse(const common_options *common, const game_problem *problem, gd_linearisation *at) {
  gd_analysis_options options;
  gd_analysis *analysis = NULL;
  gd_analysis_options_init(&options);
  options.gamma = common->gamma;
  options.epsilon = common->epsilon;
  options.step_size = common->step;
  options.start = problem->start;
  options.measure = false;
  must_for("--gamma, --step", gd_analysis_create(&analysis, at, &options));
  return analysis;
}

static void print_panels(const gd_analysis *analysis, const panel_runs *theorems, const panel_runs *fastest) {
  text_table *table = table_create("method|theorem's step|promised|steps|fastest step|steps");
  for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
    const gd_analysis_row it = row_at(analysis, k);
    table_cell(table, "%s", row_at(analysis, k).method);
    table_number(table, it.theorem_step);
    table_number(table, it.theorem_steps);
    table_number(table, trial_steps(theorems->runs[k]));
    table_number(table, it.fastest_step);
    table_number(table, trial_steps(fastest->runs[k]));
  }
  table_print(table, stdout);
}

static void write_panels(const char *path, const gd_analysis *analysis, const panel_runs *panels, size_t n_panels) {
  FILE *file = open_output("--csv", path);
  fputs("step,distance,method,panel\n", file);
  for (size_t j = 0; j < n_panels; j++) {
    for (size_t k = 0; k < gd_analysis_count(analysis); k++) {
      char suffix[80];
      snprintf(suffix, sizeof suffix, ",%s,%s", row_at(analysis, k).method, panels[j].name);
      history_write(&panels[j].runs[k]->history, file, suffix);
    }
  }
  close_output("--csv", path, file);
}

static void draw_panel(FILE *script, const game_problem *problem, const gd_analysis *analysis,
                       const panel_runs *panel) {
  curve *curves = new_array(NULL, panel->count, sizeof *curves);
  for (size_t k = 0; k < panel->count; k++) {
    const run_history *history = &panel->runs[k]->history;
    curves[k] = (curve){.history = history, .colour = k + 1, .dashed = isnan(row_at(analysis, k).fastest_step)};
    snprintf(curves[k].title, sizeof curves[k].title, "%s, h = %.3g", row_at(analysis, k).method, panel->step_sizes[k]);
  }
  const curve_panel look = {.name = panel->name,
                            .title = panel->title,
                            .key = "outside bottom center horizontal maxcols 2 height 0.7",
                            .epsilon = panel->runs[0]->history.epsilon,
                            .first = problem->radius};
  curves_draw(script, &look, curves, panel->count);
  free(curves);
}

static void draw(const char *path, const game_problem *problem, const gd_analysis *analysis, const panel_runs *panels) {
  gnuplot *picture = plot_open(path, 1300, 720);
  FILE *script = plot_script(picture);
  fprintf(script, "set multiplot layout 1,2 title ");
  char title[200];
  snprintf(title, sizeof title, "%s (dashed: no step size converges)", problem->words);
  plot_quote(script, title);
  fprintf(script, " font ',14' noenhanced\n");
  for (size_t j = 0; j < 2; j++) draw_panel(script, problem, analysis, &panels[j]);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

int main(int argc, char **argv) {
  common_options common = options_default();
  common.steps = 1000000;
  const usage_text usage = {
      .purpose = "Figure 1 of Liang & Stokes 2019: all methods on a bilinear game.",
      .details = "Without --matrix the game is random: C uniform on [0, 1).  C must be square and of full rank.\n"
                 "--csv has the columns step,distance,method,panel, panel being theorem or fastest."};
  options_parse(&common, &usage, argc, argv);

  game_problem problem = problem_bilinear(&common);
  printf("Figure 1, a %s\n", problem.words);
  const gd_game_constants constants = bilinear_constants(&problem);
  gd_guarantee optimistic;
  must(gd_guarantee_optimistic(&optimistic, constants.lambda_min, constants.lambda_max));
  gd_linearisation *at = new_linearisation(problem.game, problem.equilibrium);
  gd_analysis *analysis = analyse(&common, &problem, at);
  const size_t count = gd_analysis_count(analysis);
  panel_runs panels[] = {panel_create("theorem", "Step sizes of the theorems, or that of Theorem 3", count),
                         panel_create("fastest", "Fastest step sizes", count)};
  choose_steps(analysis, optimistic.step_size, &panels[0], &panels[1]);
  trial *theorems = run_all(&common, &problem, analysis, &panels[0]);
  trial *fastest = run_all(&common, &problem, analysis, &panels[1]);

  printf("\nFrom distance %g to %g:\n\n", problem.radius, common.epsilon);
  print_panels(analysis, &panels[0], &panels[1]);
  if (common.csv) write_panels(common.csv, analysis, panels, 2);
  if (common.plot) draw(common.plot, &problem, analysis, panels);

  destroy_runs(theorems, count);
  destroy_runs(fastest, count);
  panel_destroy(&panels[0]);
  panel_destroy(&panels[1]);
  gd_analysis_destroy(analysis);
  gd_linearisation_destroy(at);
  problem_destroy(&problem);
  return EXIT_SUCCESS;
}
