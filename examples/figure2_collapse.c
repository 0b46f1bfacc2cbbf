/* SPDX-License-Identifier: BSD-3-Clause */
/* figure2_collapse.c -- how the intervals of a discriminator collapse, and stay so.
 *
 * Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN Dynamics", Figure 2:
 * target
 * (-2, 2), generator (-1, 2.5), intervals [-1, 0.2] and [1, 2.5], step size 0.3.  Each panel shows F, the target's
 * density minus the generator's, over the intervals that the discriminator covers:
 *
 *   (a) the start;
 *   (b) the best discriminator against this generator, which answers 1 where F > 0;
 *   (c) the discriminator after many steps of its own, the generator at rest;
 *   (d) both after many first-order steps;
 *   (e) both after as many steps of which the generator foresees five, unrolled.
 *
 * A sixth panel, not the paper's, shows total variation along the runs, and along the optimal dynamics.  The paper
 * prints [-1, 2.5] for the right interval, which overlaps the left one; --right -1 shows that reading.  An interval
 * whose ends meet takes no part any more, also within the unrolled steps (--collapse freeze), as "it can never
 * uncollapse" asks.
 *
 * Claims tested: in (a) F < 0 on all of the left interval; in (c) it has closed, while the right one ends at zeros of
 * F, so that the discriminator misses what the best one has on the left; in (d) and (e) both have closed, with
 * total variation above where it began; the optimal dynamics bring it below 0.05. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"
#include "support/gmm_play.h"
#include "support/options.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/table.h"

enum { DISCRIMINATOR_ALONE, FIRST_ORDER, UNROLLED, OPTIMAL, RUNS };
static const char *const run_names[RUNS] = {[DISCRIMINATOR_ALONE] = "discriminator",
                                            [FIRST_ORDER] = "first_order",
                                            [UNROLLED] = "unrolled",
                                            [OPTIMAL] = "optimal"};
static const char *const run_words[RUNS] = {[DISCRIMINATOR_ALONE] = "discriminator alone",
                                            [FIRST_ORDER] = "first order",
                                            [UNROLLED] = "unrolled",
                                            [OPTIMAL] = "optimal"};
static const double TARGET[GMM_MEANS] = {-2.0, 2.0};
static const double AT_ZERO = 1e-9;                   /* how close to a zero of F an end is said to be there */
static const double MISSED = 0.05;                    /* of total variation, by the discriminator of (c) */
static const double SUCCESS = 0.05;                   /* total variation that is said to be little */
static const double LEFTMOST = -6.0, RIGHTMOST = 6.5; /* of the pictures */

typedef struct settings {
  double right, step;
  uint64_t steps, unrolled;
  int collapse;
  const char *csv, *plot;
} settings;

typedef struct figure {
  double start[GMM_SIZE], best[GMM_SIZE];
  double best_gain, alone_gain; /* L - 1 of the best discriminator and of that of (c) */
  gmm_path paths[RUNS];
} figure;

static gmm_play *play_of(size_t run, const settings *set) {
  static const gmm_kind kinds[RUNS] = {[DISCRIMINATOR_ALONE] = GMM_FIRST_ORDER,
                                       [FIRST_ORDER] = GMM_FIRST_ORDER,
                                       [UNROLLED] = GMM_UNROLLED,
                                       [OPTIMAL] = GMM_OPTIMAL};
  const gmm_plan plan = {.kind = kinds[run],
                         .target = {TARGET[0], TARGET[1]},
                         .generator_step = run == DISCRIMINATOR_ALONE ? 0.0 : set->step,
                         .discriminator_step = set->step,
                         .unrolled = set->unrolled,
                         .collapse = set->collapse};
  return gmm_create(&plan);
}

static figure figure_create(const settings *set) {
  figure it = {.start = {-1.0, 2.5, -1.0, set->right, 0.2, 2.5}};
  memcpy(it.best, it.start, sizeof it.best);
  for (size_t run = 0; run < RUNS; run++) {
    gmm_play *play = play_of(run, set);
    it.paths[run] = gmm_follow(play, run_words[run], it.start, set->steps);
    if (run == DISCRIMINATOR_ALONE) {
      gmm_answer(play, it.best);
      it.best_gain = gmm_gain(play, it.best);
      it.alone_gain = gmm_gain(play, gmm_path_end(&it.paths[run]));
    }
    gmm_destroy(play);
  }
  return it;
}

static void figure_destroy(figure *it) {
  for (size_t run = 0; run < RUNS; run++) gmm_path_destroy(&it->paths[run]);
}

static double density(const double *means, double x) {
  const gd_mixture mixture = {.struct_size = sizeof mixture, .count = GMM_MEANS, .means = means};
  double p = NAN;
  must(gd_mixture_evaluate(&mixture, x, &p, NULL));
  return p;
}

static double difference(const double *mu, double x) { return density(TARGET, x) - density(mu, x); }

/* ---- claims ---- */

/* F < 0 from end to end of the interval, by its zeros, which are known exactly. */
static bool is_negative_on(const double *x, size_t interval) {
  const gd_mixture target = {.struct_size = sizeof target, .count = GMM_MEANS, .means = TARGET};
  const gd_mixture generator = {.struct_size = sizeof generator, .count = GMM_MEANS, .means = x};
  const double left = x[GMM_LEFT + interval], right = x[GMM_RIGHT + interval];
  double zeros[2 * GMM_MEANS - 1];
  size_t count = 0;
  must(gd_mixture_zeros(&target, &generator, zeros, &count));
  for (size_t k = 0; k < count; k++) {
    if (zeros[k] >= left && zeros[k] <= right) return false;
  }
  return difference(x, left) < 0;
}

static bool alone_holds(const figure *it) {
  const double *x = gmm_path_end(&it->paths[DISCRIMINATOR_ALONE]);
  const bool at_zeros = fabs(x[GMM_LEFT + 1] - it->best[GMM_LEFT + 1]) <= AT_ZERO &&
                        fabs(x[GMM_RIGHT + 1] - it->best[GMM_RIGHT + 1]) <= AT_ZERO;
  return is_negative_on(it->start, 0) && !gmm_is_open(x, 0) && at_zeros && it->alone_gain < it->best_gain - MISSED;
}

static bool run_holds(const figure *it, size_t run) {
  const gmm_path *path = &it->paths[run];
  const double distance = path->distances[path->steps];
  if (run == DISCRIMINATOR_ALONE) return alone_holds(it);
  if (run == OPTIMAL) return distance < SUCCESS;
  return gmm_both_closed(gmm_path_end(path)) && distance > path->distances[0];
}

static bool print_figure(const figure *it, const settings *set) {
  bool all = true;
  text_table *table = table_create("dynamics|left open to step|right open to step|mu1|mu2|total variation|");
  for (size_t run = 0; run < RUNS; run++) {
    const gmm_path *path = &it->paths[run];
    table_cell(table, "%s", run_words[run]);
    for (size_t i = 0; i < GMM_INTERVALS; i++) table_number(table, run == OPTIMAL ? NAN : gmm_path_collapse(path, i));
    for (size_t j = 0; j < GMM_MEANS; j++) table_cell(table, "%.6f", gmm_path_end(path)[j]);
    table_cell(table, "%.6f", path->distances[path->steps]);
    table_cell(table, "%s", run_holds(it, run) ? "holds" : "BROKEN");
    all = all && run_holds(it, run);
  }
  printf("Figure 2 of Li, Madry, Peebles & Schmidt: %llu steps of %g from total variation %.6f.\n\n",
         (unsigned long long)set->steps, set->step, it->best_gain);
  table_print(table, stdout);
  printf("\n  best             %.8g, what the best discriminator makes of the difference at the start\n",
         it->best_gain);
  printf("  alone            %.8g, what the discriminator reaches by steps of its own\n", it->alone_gain);
  return all;
}

static void write_csv(const char *path, const figure *it) {
  FILE *file = open_output("--csv", path);
  fputs("dynamics," GMM_PATH_COLUMNS "\n", file);
  for (size_t run = 0; run < RUNS; run++) gmm_path_write(&it->paths[run], file, run_names[run]);
  close_output("--csv", path, file);
}

/* ---- pictures ---- */

enum { POINTS = 2001, PANELS = 5 };

static double point_at(size_t k) { return LEFTMOST + (RIGHTMOST - LEFTMOST) * (double)k / (POINTS - 1); }

/* What the panels show, in the paper's order. */
static void panel_points(const figure *it, const double **x) {
  x[0] = it->start;
  x[1] = it->best;
  x[2] = gmm_path_end(&it->paths[DISCRIMINATOR_ALONE]);
  x[3] = gmm_path_end(&it->paths[FIRST_ORDER]);
  x[4] = gmm_path_end(&it->paths[UNROLLED]);
}

/* The least multiple of 0.05 that all panels fit into. */
static double common_height(const double *const *x) {
  double highest = 0.0;
  for (size_t panel = 0; panel < PANELS; panel++) {
    for (size_t k = 0; k < POINTS; k++) highest = fmax(highest, fabs(difference(x[panel], point_at(k))));
  }
  return 0.05 * ceil(highest / 0.05);
}

static bool is_covered(const double *x, double at) {
  bool covered = false;
  for (size_t i = 0; i < GMM_INTERVALS; i++) covered = covered || (at >= x[GMM_LEFT + i] && at <= x[GMM_RIGHT + i]);
  return covered;
}

/* Lines "x F G", G being F where it is covered; then the places where intervals have closed, and the means. */
static void draw_panel_data(FILE *script, size_t panel, const double *x, double height) {
  fprintf(script, "$f%zu << EOD\n", panel);
  for (size_t k = 0; k < POINTS; k++) {
    const double at = point_at(k), F = difference(x, at);
    fprintf(script, "%.6g %.6g %.6g\n", at, F, is_covered(x, at) ? F : NAN);
  }
  fprintf(script, "EOD\n$closed%zu << EOD\nNaN NaN\n", panel);
  for (size_t i = 0; i < GMM_INTERVALS; i++) {
    const double at = 0.5 * (x[GMM_LEFT + i] + x[GMM_RIGHT + i]);
    if (!gmm_is_open(x, i)) fprintf(script, "%.6g %.6g\n", at, difference(x, at));
  }
  fprintf(script, "EOD\n$means%zu << EOD\n", panel);
  for (size_t j = 0; j < GMM_MEANS; j++) fprintf(script, "%.6g %.6g %.6g\n", TARGET[j], x[j], -height);
  fprintf(script, "EOD\n");
}

static void draw_panel(FILE *script, size_t panel, const double *x, double height, const char *title) {
  draw_panel_data(script, panel, x, height);
  plot_place_panel(script, 3, 2, panel);
  fprintf(script,
          "set title '%s' font ',12'\n"
          "plot $f%zu using 1:($3 > 0 ? $3 : NaN) with filledcurves y1=0 fillcolor rgb '#9cc8e3', "
          "$f%zu using 1:($3 < 0 ? $3 : NaN) with filledcurves y1=0 fillcolor rgb '#f2b58f', "
          "$f%zu using 1:2 with lines linetype 7 linewidth 1.5, "
          "$closed%zu with points pointtype 7 pointsize 1.4 linetype 1, "
          "$means%zu using 1:3 with points pointtype 9 pointsize 1.5 linetype 7, "
          "$means%zu using 2:3 with points pointtype 9 pointsize 1.5 linetype 2\n",
          title, panel, panel, panel, panel, panel, panel);
}

static void draw_key(FILE *script) {
  plot_place_key(script);
  fputs("plot NaN with lines linetype 7 linewidth 1.5 title 'F', "
        "NaN with boxes fillstyle solid fillcolor rgb '#9cc8e3' title 'covered, F > 0', "
        "NaN with boxes fillstyle solid fillcolor rgb '#f2b58f' title 'covered, F < 0', "
        "NaN with points pointtype 7 pointsize 1.4 linetype 1 title 'interval closed', "
        "NaN with points pointtype 9 pointsize 1.5 linetype 7 title 'mean of the target', "
        "NaN with points pointtype 9 pointsize 1.5 linetype 2 title 'of the generator'\n",
        script);
}

/* Lines "step least" and "step greatest" over as many steps as a pixel is wide. */
static void draw_distance_data(FILE *script, const gmm_path *path, size_t run) {
  fprintf(script, "$distance%zu << EOD\n", run);
  for (uint64_t step = 0, next; step <= path->steps; step = next) {
    double least = INFINITY, greatest = 0.0;
    next = step + 1 + step / 200;
    for (uint64_t k = step; k < next && k <= path->steps; k++) {
      least = fmin(least, path->distances[k]);
      greatest = fmax(greatest, path->distances[k]);
    }
    const unsigned long long number = step + 1;
    fprintf(script, "%llu %.6g\n%llu %.6g\n", number, least, number, greatest);
  }
  fprintf(script, "EOD\n");
}

static void draw_distances(FILE *script, const figure *it, const settings *set) {
  for (size_t run = FIRST_ORDER; run < RUNS; run++) draw_distance_data(script, &it->paths[run], run);
  plot_place_panel(script, 3, 2, PANELS);
  fprintf(script,
          "set title '(f) total variation along the runs' font ',12'\nset logscale x\nset xrange [1:%llu]\n"
          "set yrange [0:*]\nset ytics autofreq\nset xlabel 'step'\nset key right center reverse Left "
          "samplen 2\n"
          "plot $distance1 with lines linetype 2 title 'first order', "
          "$distance2 with lines linetype 6 title 'unrolled', $distance3 with lines linetype 3 title 'optimal'\n",
          (unsigned long long)set->steps + 1);
}

static void draw(const figure *it, const settings *set) {
  static const char *const titles[] = {"(a) the start", "(b) the best discriminator",
                                       "(c) the discriminator moved alone", "(d) both moved, first order"};
  const double *x[PANELS];
  panel_points(it, x);
  const double height = common_height((const double *const *)x);
  gnuplot *picture = plot_open(set->plot, 1400, 800);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set multiplot title 'Li, Madry, Peebles and Schmidt, Figure 2: F, the target minus the generator, where the "
          "discriminator covers it' font ',14'\nunset key\n"
          "set xlabel 'x' offset 0,0.5\nset xrange [%g:%g]\nset yrange [%g:%g]\nset ytics 0.1\n"
          "set xzeroaxis linetype 1 linecolor rgb '#999999'\n",
          LEFTMOST, RIGHTMOST, -height, height);
  for (size_t panel = 0; panel < PANELS; panel++) {
    char title[80];
    snprintf(title, sizeof title, "(e) both moved, %llu steps unrolled", (unsigned long long)set->unrolled);
    draw_panel(script, panel, x[panel], height, panel < PANELS - 1 ? titles[panel] : title);
  }
  draw_distances(script, it, set);
  draw_key(script);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

int main(int argc, char **argv) {
  settings set = {.right = 1.0, .step = 0.3, .steps = 3000, .unrolled = 5, .collapse = GD_COLLAPSE_FREEZE};
  const option_row rows[] = {
      {"right", "L", "where the right interval begins; in print at -1", OPTION_REAL, &set.right, 0, 0},
      {"step", "H", "step size of both players", OPTION_POSITIVE, &set.step, 0, 0},
      {"steps", "N", "steps of each run", OPTION_COUNT, &set.steps, 1, 100000},
      {"unrolled", "K", "steps that the generator foresees in (e)", OPTION_COUNT, &set.unrolled, 0, 1000},
      {"collapse", "freeze|clip|signed", "what becomes of an interval whose ends meet", OPTION_CHOICE, &set.collapse, 0,
       0},
      {"csv", "FILE", "write the runs: dynamics," GMM_PATH_COLUMNS, OPTION_OUTPUT, &set.csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &set.plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Figure 2 of Li, Madry, Peebles & Schmidt 2018: first-order dynamics, unrolled or not, close both intervals\n"
          "of the GMM-GAN's discriminator, and the generator stops where it is.",
      .details =
          "freeze: closed for ever, as in the paper; clip: ends stop where they meet, and may part again;\n"
          "signed: with its ends crossed an interval counts negatively.  The claims are the paper's, for freeze.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  if (!(set.right < 2.5)) die("--right: %g is not to the left of 2.5, where the right interval ends", set.right);

  figure it = figure_create(&set);
  const bool all = print_figure(&it, &set);
  printf("\n%s\n", all ? "Every panel is as the paper has it." : "A panel is NOT as the paper has it.");
  if (set.csv) write_csv(set.csv, &it);
  if (set.plot) draw(&it, &set);
  figure_destroy(&it);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
