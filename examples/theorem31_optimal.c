/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem31_optimal.c -- against the best discriminator the generator arrives, from every admissible start.
 *
 * Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN Dynamics", Theorem 3.1: if
 * the two means of the target and those of the start are within [-C, C] and, each pair, at least delta apart, then
 * the optimal dynamics mu' = mu - h grad f(mu), f being total variation, reach f <= delta in a number of steps that is
 * polynomial in 1 / delta and exp(C^2), for a step size h like that.  The polynomials are not given.  Here h is a
 * multiple of delta, and steps are counted.  For each delta and C, targets and starts are random, uniform over what is
 * admissible, and extreme: both means at one end of [-C, C], at the other, or one at each.
 *
 * Tested: every start arrives, and stays where f <= delta for 500 steps more, the generator hovering about the edge
 * that f has at the target; and, as Lemma 4.2 has it, grad f vanishes at no start off Rect(0), that is unless a mean is
 * one of the target's.
 *
 * Why exp(C^2 / 2) steps: where both means have the same distance 2 u to go, the best discriminator ends half way, each
 * mean moves by h phi(u) / 2 at a step, phi the normal density, and it takes time
 *
 *     h steps = integral from 0 to C of 2 du / (phi(u) / 2) = 4 sqrt(2 pi) integral from 0 to C of exp(u^2 / 2) du
 *
 * from one end of [-C, C] to the other: the line in the picture. */
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

static const double DELTAS[] = {0.2, 0.1, 0.05, 0.02};
enum { N_DELTAS = sizeof DELTAS / sizeof *DELTAS, MOST_BOUNDS = 9, EXTREMES = 3, LATER = 500 };
static const double APART = 1.001; /* times delta: how far the means of an extreme pair are apart */

typedef struct settings {
  uint64_t targets, starts, steps, seed, threads;
  double bound, factor;
  const char *csv, *plot;
} settings;

/* All targets and starts for one delta and C. */
typedef struct square {
  double delta, C;
  size_t n_runs, late, left; /* runs; those that did not arrive, and those that did not stay */
  double *times;             /* [n_runs], steps to arrive times h; infinite if it did not; in the order of the runs */
  double median, nine_tenths, most;
  double flattest; /* the least |grad f| at a start off Rect(0) */
} square;

/* What the callbacks of an ensemble see: starts, or points arrived at, of one target. */
typedef struct members {
  const square *of;
  const settings *set;
  gmm_play *play;
  const double *arrived; /* [members][GMM_MEANS], to go on from; NULL: begin */
  progress_line *progress;
  uint64_t done; /* runs before these */
} members;

static double step_size(const square *it, const settings *set) { return set->factor * it->delta; }

/* Both means left, both right, or one at each end. */
static void extreme_pair(const square *it, size_t which, double *mu) {
  const double inner = it->C - APART * it->delta;
  mu[0] = which == 1 ? inner : -it->C;
  mu[1] = which == 0 ? -inner : it->C;
}

static bool is_admissible(const square *it, const double *mu) {
  return gd_gmm_gan_in_box(GMM_MEANS, mu, it->C) && gd_gmm_gan_in_sep(GMM_MEANS, mu, it->delta);
}

/* The extreme pairs first, then random ones. */
static void pair_number(const square *it, size_t number, gd_rng *rng, double *mu) {
  if (number < EXTREMES) {
    extreme_pair(it, number, mu);
    return;
  }
  do {
    gd_rng_fill_uniform(rng, GMM_MEANS, mu);
    for (size_t j = 0; j < GMM_MEANS; j++) mu[j] = it->C * (2.0 * mu[j] - 1.0);
  } while (!is_admissible(it, mu));
}

/* ---- runs ---- */

static gd_status prepare(void *context, size_t member, gd_rng *rng, gd_stepper *stepper, double *x) {
  const members *all = context;
  if (all->arrived) {
    memcpy(x, all->arrived + member * GMM_MEANS, GMM_MEANS * sizeof *x);
  } else {
    pair_number(all->of, member, rng, x);
  }
  return gd_stepper_set(stepper, GD_STEP_SIZE, step_size(all->of, all->set));
}

static bool is_there(const members *all, const double *mu) { return gmm_distance(all->play, mu) <= all->of->delta; }

static int stop_there(void *context, const gd_progress *progress) { return is_there(context, progress->x); }

static int stop_elsewhere(void *context, const gd_progress *progress) { return !is_there(context, progress->x); }

static int show(void *context, size_t done) {
  const members *all = context;
  progress_count(all->progress, all->done + done);
  return 0;
}

static gd_ensemble *run_members(members *all, uint64_t steps, int (*stop)(void *, const gd_progress *)) {
  const gd_observer observer = {stop, all};
  gd_run_options run;
  gd_run_options_init(&run);
  run.max_steps = steps;
  run.gradient_tolerance = 0.0;
  run.observers = &observer;
  run.n_observers = 1;
  gd_ensemble_options options;
  gd_ensemble_options_init(&options);
  options.members = EXTREMES + all->set->starts;
  options.seed = all->set->seed;
  options.run = &run;
  options.prepare = prepare;
  options.progress = show;
  options.context = all;
  gd_ensemble *ensemble = NULL;
  must_for("--factor", gd_ensemble_run(&ensemble, gmm_game(all->play), gd_method_find(GD_SIMULTANEOUS), &options));
  return ensemble;
}

/* From all starts to one target, and then on. */
static void run_target(square *it, members *all) {
  const size_t count = EXTREMES + all->set->starts;
  size_t late = 0;
  double *points = new_matrix(count, GMM_MEANS);
  gd_ensemble *there = run_members(all, all->set->steps, stop_there);
  for (size_t k = 0; k < count; k++) {
    gd_run_result result;
    const bool arrived = gd_ensemble_result(there, k, &result) >= 0 && result.stop == GD_STOP_OBSERVER;
    it->times[it->n_runs++] = arrived ? step_size(it, all->set) * (double)result.steps : INFINITY;
    late += !arrived;
    memcpy(points + k * GMM_MEANS, gd_ensemble_point(there, k), GMM_MEANS * sizeof *points);
  }
  members later = *all;
  later.arrived = points;
  later.done += count;
  gd_ensemble *on = run_members(&later, LATER, stop_elsewhere);
  it->late += late;
  it->left += count - late - gd_ensemble_stopped(on, GD_STOP_STEPS);
  gd_ensemble_destroy(on);
  gd_ensemble_destroy(there);
  free(points);
}

/* Member k of every ensemble starts where its generator, stream k of the seed, has it. */
static double flattest_start(const square *it, const settings *set, const gmm_play *play, const double *target) {
  double least = INFINITY;
  for (size_t k = 0; k < EXTREMES + set->starts; k++) {
    double mu[GMM_MEANS];
    gd_rng rng = gd_rng_make(set->seed, k);
    pair_number(it, k, &rng, mu);
    if (!gd_gmm_gan_in_rect(GMM_MEANS, mu, target, 0.0)) least = fmin(least, gmm_steepness(play, mu));
  }
  return least;
}

static void summarise(square *it) {
  static const double levels[] = {0.5, 0.9, 1.0};
  double quantiles[3], *sorted = new_numbers(it->n_runs);
  memcpy(sorted, it->times, it->n_runs * sizeof *sorted);
  must(gd_quantiles(it->n_runs, sorted, 3, levels, quantiles));
  it->median = quantiles[0];
  it->nine_tenths = quantiles[1];
  it->most = quantiles[2];
  free(sorted);
}

static square square_run(double delta, double C, const settings *set, const gd_env *env) {
  const size_t targets = EXTREMES + set->targets, starts = EXTREMES + set->starts;
  square it = {.delta = delta, .C = C, .times = new_matrix(targets, starts), .flattest = INFINITY};
  gd_rng rng = gd_rng_make(set->seed, UINT64_MAX); /* members have the streams from 0 on */
  char what[60];
  snprintf(what, sizeof what, "delta = %g, C = %g", delta, C);
  progress_line progress = progress_start(what, 2 * targets * starts);
  for (size_t k = 0; k < targets; k++) {
    gmm_plan plan = {.kind = GMM_OPTIMAL, .env = env};
    pair_number(&it, k, &rng, plan.target);
    gmm_play *play = gmm_create(&plan);
    run_target(&it, &(members){&it, set, play, NULL, &progress, 2 * k * starts});
    it.flattest = fmin(it.flattest, flattest_start(&it, set, play, plan.target));
    gmm_destroy(play);
  }
  progress_clear(&progress);
  summarise(&it);
  return it;
}

/* Time from one end of [-C, C] to the other, by Simpson's rule. */
static double crossing_time(double C) {
  enum { PARTS = 200 };
  double sum = 0.0;
  for (int k = 0; k <= PARTS; k++) {
    const double u = C * k / PARTS;
    sum += (k == 0 || k == PARTS ? 1.0 : k % 2 ? 4.0 : 2.0) * exp(0.5 * u * u);
  }
  return 4.0 * sqrt(2.0 * acos(-1.0)) * sum * C / (3.0 * PARTS);
}

/* ---- results ---- */

static bool holds(const square *it) { return it->late == 0 && it->left == 0 && it->flattest > 0; }

static bool print_squares(const square *squares, size_t count, const settings *set) {
  bool all = true;
  text_table *table = table_create("delta|C|runs|median steps|90 % of runs|all|all, times h|crossing|flattest|");
  for (size_t k = 0; k < count; k++) {
    const square *it = &squares[k];
    const double h = step_size(it, set);
    table_cell(table, "%g", it->delta);
    table_number(table, it->C);
    table_number(table, (double)it->n_runs);
    table_number(table, round(it->median / h));
    table_number(table, round(it->nine_tenths / h));
    table_number(table, round(it->most / h));
    table_cell(table, "%.1f", it->most);
    table_cell(table, "%.1f", crossing_time(it->C));
    table_cell(table, "%.3g", it->flattest);
    table_cell(table, "%s", holds(it) ? "holds" : "BROKEN");
    all = all && holds(it);
  }
  printf("Theorem 3.1 of Li, Madry, Peebles & Schmidt: steps h = %g delta to total variation delta.\n\n", set->factor);
  table_print(table, stdout);
  printf("\n");
  for (size_t k = 0; k < count; k++) {
    if (squares[k].late == 0 && squares[k].left == 0) continue;
    printf("delta = %g, C = %g: %zu runs did not arrive within %llu steps, %zu did not stay.\n", squares[k].delta,
           squares[k].C, squares[k].late, (unsigned long long)set->steps, squares[k].left);
  }
  return all;
}

static void write_csv(const char *path, const square *squares, size_t count, const settings *set) {
  FILE *file = open_output("--csv", path);
  fputs("delta,C,step_size,run,steps\n", file);
  for (size_t k = 0; k < count; k++) {
    const double h = step_size(&squares[k], set);
    for (size_t run = 0; run < squares[k].n_runs; run++) {
      fprintf(file, "%.17g,%.17g,%.17g,%zu,%.0f\n", squares[k].delta, squares[k].C, h, run,
              round(squares[k].times[run] / h));
    }
  }
  close_output("--csv", path, file);
}

/* Lines "C median most", in steps, of one delta. */
static void draw_data(FILE *script, size_t number, const square *squares, size_t count, const settings *set) {
  fprintf(script, "$steps%zu << EOD\n", number);
  for (size_t k = 0; k < count; k++) {
    const double h = step_size(&squares[k], set);
    if (squares[k].delta != DELTAS[number]) continue;
    fprintf(script, "%g %.6g %.6g\n", squares[k].C, squares[k].median / h, squares[k].most / h);
  }
  fprintf(script, "EOD\n$crossing%zu << EOD\n", number);
  for (int k = 0; k <= 100; k++) {
    const double C = 1.0 + (set->bound - 1.0) * k / 100.0;
    fprintf(script, "%g %.6g\n", C, crossing_time(C) / (set->factor * DELTAS[number]));
  }
  fprintf(script, "EOD\n");
}

static void draw(const settings *set, const square *squares, size_t count) {
  gnuplot *picture = plot_open(set->plot, 1000, 640);
  FILE *script = plot_script(picture);
  for (size_t k = 0; k < N_DELTAS; k++) draw_data(script, k, squares, count, set);
  fprintf(script,
          "set title 'Theorem 3.1: steps to total variation delta, by the optimal dynamics' font ',14'\n"
          "set xlabel 'C, bound on all means'\nset ylabel 'steps'\nset logscale y\nset format y '10^{%%T}'\n"
          "set xrange [0.9:%g]\nset yrange [10:*]\nset xtics 0.5\n"
          "set key outside bottom center horizontal maxcols %d height 0.7 reverse Left samplen 2.5 spacing 1.2\nplot ",
          set->bound + 0.1, N_DELTAS);
  for (size_t k = 0; k < N_DELTAS; k++) {
    fprintf(script,
            "$steps%zu using 1:3 with points linetype %zu pointtype 7 pointsize 1.2 title 'slowest, delta = %g', "
            "$steps%zu using 1:2 with linespoints linetype %zu pointtype 6 pointsize 0.9 linewidth 1.2 title 'median', "
            "$crossing%zu with lines linetype %zu dashtype 2 linewidth 1.2 title 'from end to end'%s",
            k, k + 1, DELTAS[k], k, k + 1, k, k + 1, k + 1 < N_DELTAS ? ", " : "\n");
  }
  plot_close(picture);
}

int main(int argc, char **argv) {
  settings set = {.targets = 5, .starts = 12, .steps = 10000000, .seed = 1, .bound = 3.0, .factor = 1.0};
  const option_row rows[] = {
      {"bound", "C", "largest C, by halves from 1, up to 5", OPTION_POSITIVE, &set.bound, 0, 0},
      {"factor", "F", "step size, as a multiple of delta, up to 1", OPTION_POSITIVE, &set.factor, 0, 0},
      {"targets", "N", "random targets for each delta and C", OPTION_COUNT, &set.targets, 0, 10000},
      {"starts", "N", "random starts for each target", OPTION_COUNT, &set.starts, 0, 10000},
      {"steps", "N", "most steps of a run", OPTION_COUNT, &set.steps, 1, UINT64_C(1) << 53},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &set.seed, 0, UINT64_MAX},
      {"threads", "N", "threads; 0: as many as there are processors", OPTION_COUNT, &set.threads, 0, 1024},
      {"csv", "FILE", "write the steps of each run: delta,C,step_size,run,steps", OPTION_OUTPUT, &set.csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set.plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Theorem 3.1 of Li, Madry, Peebles & Schmidt 2018: against the best discriminator the generator of the\n"
          "GMM-GAN comes within total variation delta of its target, from every admissible start.",
      .details =
          "crossing: h times the steps of two equal means from one end of [-C, C] to the other, in closed form.\n"
          "Every larger C multiplies the time: 3.5 takes half a minute, 5 an hour.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  if (set.bound < 1.0 || set.bound > 5.0) die("--bound: %g is not between 1 and 5", set.bound);
  if (set.factor > 1.0) die("--factor: %g is more than 1", set.factor);

  square squares[N_DELTAS * MOST_BOUNDS];
  worker_threads threads;
  size_t count = 0;
  threads_start(&threads, set.threads);
  for (size_t k = 0; k < N_DELTAS; k++) {
    for (double C = 1.0; C <= set.bound; C += 0.5) squares[count++] = square_run(DELTAS[k], C, &set, &threads.env);
  }
  threads_stop(&threads);
  const bool all = print_squares(squares, count, &set);
  printf("%s\n", all ? "Every start arrives, and stays." : "The theorem FAILS.");
  if (set.csv) write_csv(set.csv, squares, count, &set);
  if (set.plot) draw(&set, squares, count);
  for (size_t k = 0; k < count; k++) free(squares[k].times);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
