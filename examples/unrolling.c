/* SPDX-License-Identifier: BSD-3-Clause */
/* unrolling.c -- how often the generator arrives, against the number of steps of the discriminator that it foresees.
 *
 * Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN Dynamics", section 5, try
 * first-order dynamics, five unrolled steps and the optimal discriminator.  Here the number of unrolled steps goes from
 * 0 to 50: a generator drawn uniformly from [-1, 1]^2, intervals with ends uniform on [-W, W] and sorted, target
 * (-1/2, 1/2), 3000 steps of size 0.3; a run succeeds if total variation is below the threshold at its end.  The
 * same draws serve every number of steps, and the generators among them the optimal dynamics.
 *
 * The paper's threshold, 0.1, must be meant for the integral of |target - generator|, twice total variation: a
 * generator collapsed to (0, 0) has total variation 0.058, and is said to fail.  Hence the default of 0.05.
 *
 * Claims tested, by intervals of 95 % confidence (Wilson 1927): first-order dynamics fail more often than not; as many
 * unrolled steps as the paper takes, five, or the most there are, succeed more often than none; and the optimal
 * dynamics more often than any. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/gmm_play.h"
#include "support/options.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/progress.h"
#include "support/table.h"
#include "support/threads.h"

enum { PAPERS = 5 }; /* steps that the paper unrolls */
static const size_t UNROLLED[] = {0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50};
enum { NUMBERS = sizeof UNROLLED / sizeof *UNROLLED };
static const double TARGET[GMM_MEANS] = {-0.5, 0.5};
static const double CONFIDENCE = 0.95;

typedef struct settings {
  uint64_t draws, steps, most, seed, threads;
  double step, threshold, width;
  int collapse;
  const char *csv, *plot;
} settings;

/* One of the dynamics, and how its members ended. */
typedef struct outcome {
  gmm_kind kind;
  size_t unrolled;
  gd_proportion success;
  double closed; /* share of members that ended with both intervals closed */
  double median; /* total variation at the end */
} outcome;

/* What the callbacks of an ensemble see. */
typedef struct members {
  const settings *set;
  gmm_play *play;
  progress_line *progress;
} members;

/* Means first, so that they are the same for the optimal dynamics. */
static gd_status prepare(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  const settings *set = ((members *)context)->set;
  (void)member;
  gd_rng_fill_uniform(rng, GMM_MEANS, x);
  for (size_t j = 0; j < GMM_MEANS; j++) x[j] = 2.0 * x[j] - 1.0;
  const bool has_intervals = gd_game_size(gd_stepper_game(stepper)) > GMM_MEANS;
  if (has_intervals) gmm_draw_intervals(rng, GMM_UNIFORM, set->width, x);
  return gd_stepper_set(stepper, GD_STEP_SIZE, set->step);
}

/* Once both intervals are closed for ever nothing moves any more. */
static int observe(void *context, const gd_progress *progress) {
  (void)context;
  return gmm_both_closed(progress->x);
}

static int show(void *context, size_t done) {
  progress_count(((members *)context)->progress, done);
  return 0;
}

/* At the end; all there is if the run diverged. */
static double distance(void *context, size_t member, const double *x, const gd_run_result *result) {
  (void)member;
  return result->stop == GD_STOP_DIVERGED ? 1.0 : gmm_distance(((members *)context)->play, x);
}

static bool succeeds(void *context, size_t member, const double *x, const gd_run_result *result) {
  return distance(context, member, x, result) < ((members *)context)->set->threshold;
}

static void run_members(outcome *it, members *all) {
  const settings *set = all->set;
  const double half = 0.5;
  gd_run_options run;
  gd_run_options_init(&run);
  run.max_steps = set->steps;
  run.gradient_tolerance = 0.0;
  const gd_observer observer = {observe, NULL};
  run.observers = &observer;
  run.n_observers = it->kind != GMM_OPTIMAL && set->collapse == GD_COLLAPSE_FREEZE;
  gd_ensemble_options options;
  gd_ensemble_options_init(&options);
  options.members = set->draws;
  options.seed = set->seed;
  options.run = &run;
  options.prepare = prepare;
  options.progress = show;
  options.context = all;
  gd_ensemble *ensemble = NULL;
  must_for("--step", gd_ensemble_run(&ensemble, gmm_game(all->play), gd_method_find(GD_SIMULTANEOUS), &options));
  must(gd_ensemble_success(ensemble, succeeds, all, CONFIDENCE, &it->success));
  must(gd_ensemble_quantiles(ensemble, distance, all, 1, &half, &it->median));
  it->closed = (double)gd_ensemble_stopped(ensemble, GD_STOP_OBSERVER) / (double)set->draws;
  gd_ensemble_destroy(ensemble);
}

static outcome outcome_of(gmm_kind kind, size_t unrolled, const settings *set, const gd_env *env) {
  const gmm_plan plan = {.kind = kind,
                         .target = {TARGET[0], TARGET[1]},
                         .generator_step = set->step,
                         .discriminator_step = set->step,
                         .unrolled = unrolled,
                         .collapse = set->collapse,
                         .env = env};
  outcome it = {.kind = kind, .unrolled = unrolled};
  char what[40];
  snprintf(what, sizeof what, kind == GMM_OPTIMAL ? "optimal" : "%zu unrolled", unrolled);
  progress_line progress = progress_start(what, set->draws);
  gmm_play *play = gmm_create(&plan);
  run_members(&it, &(members){set, play, &progress});
  gmm_destroy(play);
  progress_clear(&progress);
  return it;
}

/* The dynamics in order, the optimal ones last; returns how many. */
static size_t run_all(const settings *set, outcome *outcomes) {
  worker_threads threads;
  size_t count = 0;
  threads_start(&threads, set->threads);
  for (size_t k = 0; k < NUMBERS && UNROLLED[k] <= set->most; k++) {
    outcomes[count++] = outcome_of(UNROLLED[k] ? GMM_UNROLLED : GMM_FIRST_ORDER, UNROLLED[k], set, &threads.env);
  }
  outcomes[count++] = outcome_of(GMM_OPTIMAL, 0, set, &threads.env);
  threads_stop(&threads);
  return count;
}

/* ---- claims ---- */

static const char *words_of(bool holds, bool broken) { return holds ? "holds" : broken ? "BROKEN" : "not decided"; }

/* "" where nothing is claimed: of numbers between none, the paper's and the most.  A claim is broken where the
 * intervals contradict it, and not decided where they overlap. */
static const char *verdict(const outcome *outcomes, size_t count, size_t k) {
  const gd_proportion *own = &outcomes[k].success, *none = &outcomes[0].success;
  if (k == 0) return words_of(own->upper < 0.5, own->lower >= 0.5);
  if (k + 1 == count) {
    bool holds = true, broken = false;
    for (size_t j = 0; j < k; j++) {
      holds = holds && own->lower > outcomes[j].success.upper;
      broken = broken || own->upper <= outcomes[j].success.lower;
    }
    return words_of(holds, broken);
  }
  if (outcomes[k].unrolled != PAPERS && k + 2 != count) return "";
  return words_of(own->lower > none->upper, own->upper <= none->lower);
}

static const char BROKEN[] = "A claim is BROKEN.";

/* What is to be said of all claims together. */
static const char *print_outcomes(const outcome *outcomes, size_t count, const settings *set) {
  bool broken = false, undecided = false;
  text_table *table = table_create("steps unrolled|successes|rate|from|to|both closed|median total variation|");
  for (size_t k = 0; k < count; k++) {
    const outcome *it = &outcomes[k];
    if (it->kind == GMM_OPTIMAL) {
      table_cell(table, "optimal");
    } else {
      table_cell(table, "%zu", it->unrolled);
    }
    table_number(table, (double)it->success.successes);
    table_cell(table, "%.3f", it->success.rate);
    table_cell(table, "%.3f", it->success.lower);
    table_cell(table, "%.3f", it->success.upper);
    if (it->kind == GMM_OPTIMAL || set->collapse != GD_COLLAPSE_FREEZE) {
      table_number(table, NAN);
    } else {
      table_cell(table, "%.3f", it->closed);
    }
    table_cell(table, "%.4f", it->median);
    table_cell(table, "%s", verdict(outcomes, count, k));
    broken = broken || strcmp(verdict(outcomes, count, k), "BROKEN") == 0;
    undecided = undecided || strcmp(verdict(outcomes, count, k), "not decided") == 0;
  }
  printf("Li, Madry, Peebles & Schmidt: total variation below %g after %llu steps of %g, %llu draws each.\n\n",
         set->threshold, (unsigned long long)set->steps, set->step, (unsigned long long)set->draws);
  table_print(table, stdout);
  return broken ? BROKEN : undecided ? "A claim is not decided by so few draws." : "Every claim holds.";
}

static void write_csv(const char *path, const outcome *outcomes, size_t count) {
  FILE *file = open_output("--csv", path);
  fputs("dynamics,unrolled,successes,trials,rate,lower,upper\n", file);
  for (size_t k = 0; k < count; k++) {
    const outcome *it = &outcomes[k];
    fprintf(file, "%s,%zu,%llu,%llu,%.17g,%.17g,%.17g\n", it->kind == GMM_OPTIMAL ? "optimal" : "unrolled",
            it->unrolled, (unsigned long long)it->success.successes, (unsigned long long)it->success.trials,
            it->success.rate, it->success.lower, it->success.upper);
  }
  close_output("--csv", path, file);
}

static void draw(const settings *set, const outcome *outcomes, size_t count) {
  gnuplot *picture = plot_open(set->plot, 900, 560);
  FILE *script = plot_script(picture);
  const outcome *optimal = &outcomes[count - 1];
  fprintf(script, "$rates << EOD\n");
  for (size_t k = 0; k + 1 < count; k++) {
    const outcome *it = &outcomes[k];
    fprintf(script, "%zu %.6g %.6g %.6g\n", it->unrolled, it->success.rate, it->success.lower, it->success.upper);
  }
  fprintf(script, "EOD\n$optimal << EOD\n-1 %.6g %.6g %.6g\n%zu %.6g %.6g %.6g\nEOD\n", optimal->success.rate,
          optimal->success.lower, optimal->success.upper, outcomes[count - 2].unrolled + 1, optimal->success.rate,
          optimal->success.lower, optimal->success.upper);
  fprintf(
      script,
      "set title 'How often the generator arrives, against the steps it foresees' font ',14'\n"
      "set xlabel 'steps of the discriminator unrolled'\nset ylabel 'share of runs that succeed, with 95 %% "
      "confidence'\n"
      "set xrange [-1:%zu]\nset yrange [0:1.05]\n"
      "set key outside bottom center horizontal height 0.7 reverse Left samplen 2.5 spacing 1.2\n"
      "plot $optimal using 1:3:4 with filledcurves fillcolor rgb '#cdeadf' notitle, "
      "$optimal using 1:2 with lines linetype 3 title 'optimal discriminator', "
      "$rates using 1:3:4 with filledcurves fillcolor rgb '#fae3c0' notitle, "
      "$rates using 1:2 with linespoints linetype 6 pointtype 7 pointsize 0.8 title 'unrolled', "
      "$rates using 1:2:3:4 every ::0::0 with yerrorbars linetype 2 pointtype 7 pointsize 1.2 title 'first order'\n",
      outcomes[count - 2].unrolled + 1);
  plot_close(picture);
}

int main(int argc, char **argv) {
  settings set = {.draws = 100,
                  .steps = 3000,
                  .most = 50,
                  .seed = 1,
                  .step = 0.3,
                  .threshold = 0.05,
                  .width = 2.0,
                  .collapse = GD_COLLAPSE_FREEZE};
  const option_row rows[] = {
      {"draws", "N", "starts, the same for every number of steps", OPTION_COUNT, &set.draws, 50, 100000},
      {"most", "K", "most steps unrolled", OPTION_COUNT, &set.most, 5, 50},
      {"steps", "N", "steps of each run", OPTION_COUNT, &set.steps, 1, 1000000},
      {"step", "H", "step size of both players", OPTION_POSITIVE, &set.step, 0, 0},
      {"threshold", "D", "total variation below which a run succeeds", OPTION_POSITIVE, &set.threshold, 0, 0},
      {"width", "W", "ends of intervals are drawn from [-W, W]", OPTION_POSITIVE, &set.width, 0, 0},
      {"collapse", "freeze|clip|signed", "what becomes of an interval whose ends meet", OPTION_CHOICE, &set.collapse, 0,
       0},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &set.seed, 0, UINT64_MAX},
      {"threads", "N", "threads; 0: as many as there are processors", OPTION_COUNT, &set.threads, 0, 1024},
      {"csv", "FILE", "write dynamics,unrolled,successes,trials,rate,lower,upper", OPTION_OUTPUT, &set.csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set.plot, 0, 0}};
  const usage_text usage = {.purpose = "How often the generator of the GMM-GAN (Li, Madry, Peebles & Schmidt 2018) "
                                       "arrives at its target, against the\n"
                                       "number of steps of the discriminator that it foresees.",
                            .details =
                                "from and to bound the probability of success with 95 % confidence (Wilson 1927).",
                            .rows = rows,
                            .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);

  outcome outcomes[NUMBERS + 1];
  const size_t count = run_all(&set, outcomes);
  const char *words = print_outcomes(outcomes, count, &set);
  printf("\n%s\n", words);
  if (set.csv) write_csv(set.csv, outcomes, count);
  if (set.plot) draw(&set, outcomes, count);
  return words == BROKEN ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
