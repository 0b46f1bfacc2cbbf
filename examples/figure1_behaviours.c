/* SPDX-License-Identifier: BSD-3-Clause */
/* figure1_behaviours.c -- what becomes of the same generator against four discriminators.
 *
 * Li, Madry, Peebles & Schmidt 2018, "On the Limitations of First-Order Approximation in GAN Dynamics", Figure 1:
 * target
 * (-1/2, 1/2), step size 0.1.  The paper gives no starts.  Those below were found by a search: all from the generator
 * (-1.5, 1), which is well off the target on both sides; the ends of the intervals drawn uniformly from [-3, 3], sorted
 * and rounded to tenths; 3000 first-order steps.  Of 135,562 discriminators
 *
 *   (a) 12 keep the generator within 0.01 of the target over the last 500 steps.  Chosen: the closest, which goes on to
 *       the target itself, six digits of it in 30,000 steps;
 *   (b) 2,299 make mu1 swing to and fro by more than 0.5 at least six times before the means are together within
 *       0.001.  Chosen: one with eight swings, which ends at the best of all collapsed generators, near (0, 0);
 *   (d) 22,355 close both intervals while total variation is above 0.1, so that no gradient is left.  Chosen: one that
 *       comes near a mean of the target, but with both means;
 *
 * while (c) needs none: its discriminator is always the best one.
 *
 * Claims tested: just these, with margins, and for (c) that the best discriminator jumps about from step to step once
 * the generator is close, since total variation has an edge at the target, while the generator stays. */
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

enum { CONVERGES, COLLAPSES, OPTIMAL, VANISHES, PANELS };
static const double TARGET[GMM_MEANS] = {-0.5, 0.5};
static const double STEP_SIZE = 0.1;
static const double CLOSE = 0.02;    /* total variation of a generator that is said to be at the target */
static const double FAR = 0.1;       /* of one that is not; collapsed to (0, 0) it is 0.058 */
static const double TOGETHER = 1e-3; /* distance of means that have collapsed */
static const double SWING = 0.5, JUMP = 1.0;
enum { FEWEST_SWINGS = 6, FEWEST_JUMPS = 20 };

typedef struct behaviour {
  const char *name, *words;
  gmm_kind kind;
  double intervals[2 * GMM_INTERVALS]; /* l1, l2, r1, r2 */
} behaviour;

static const behaviour behaviours[PANELS] = {
    [CONVERGES] = {"converges", "(a) first order, converges", GMM_FIRST_ORDER, {-1.8, 0.8, -0.6, 2.4}},
    [COLLAPSES] = {"collapses", "(b) first order, oscillates and collapses", GMM_FIRST_ORDER, {-0.2, 0.8, 0.1, 2.7}},
    [OPTIMAL] = {"optimal", "(c) optimal discriminator (150 steps)", GMM_OPTIMAL, {0}},
    [VANISHES] = {"vanishes", "(d) first order, the gradient vanishes", GMM_FIRST_ORDER, {-0.8, 2.3, -0.3, 2.7}},
};

static gmm_path follow(const behaviour *it, uint64_t steps) {
  const gmm_plan plan = {.kind = it->kind,
                         .target = {TARGET[0], TARGET[1]},
                         .generator_step = STEP_SIZE,
                         .discriminator_step = STEP_SIZE,
                         .collapse = GD_COLLAPSE_FREEZE};
  double start[GMM_SIZE] = {-1.5, 1.0};
  memcpy(start + GMM_LEFT, it->intervals, sizeof it->intervals);
  gmm_play *play = gmm_create(&plan);
  const gmm_path path = gmm_follow(play, it->name, start, steps);
  gmm_destroy(play);
  return path;
}

/* ---- claims ---- */

static double separation(const double *x) { return fabs(x[0] - x[1]); }

/* How often mu1 turns round and then goes by more than SWING the other way. */
static size_t count_swings(const gmm_path *path) {
  double farthest = path->x[0], direction = 0.0;
  size_t swings = 0;
  for (uint64_t step = 1; step <= path->steps; step++) {
    const double now = gmm_path_at(path, step)[0], back = farthest - now;
    if (direction == 0.0) direction = now > farthest ? 1.0 : -1.0;
    if (back * direction <= 0) farthest = now;
    if (back * direction <= SWING) continue;
    direction = -direction;
    farthest = now;
    swings++;
  }
  return swings;
}

/* How often an end of the discriminator moves by more than JUMP, or from or to infinity, in one of the last steps. */
static size_t count_jumps(const gmm_path *path, uint64_t from) {
  size_t jumps = 0;
  for (uint64_t step = from; step < path->steps; step++) {
    bool jumped = false;
    for (size_t e = GMM_LEFT; e < GMM_SIZE; e++) {
      const double before = gmm_path_at(path, step)[e], after = gmm_path_at(path, step + 1)[e];
      jumped = jumped || (before != after && !(fabs(after - before) <= JUMP));
    }
    jumps += jumped;
  }
  return jumps;
}

static double farthest_distance(const gmm_path *path, uint64_t from) {
  double farthest = 0.0;
  for (uint64_t step = from; step <= path->steps; step++) farthest = fmax(farthest, path->distances[step]);
  return farthest;
}

static bool holds(size_t panel, const gmm_path *path) {
  const double *end = gmm_path_end(path);
  const uint64_t late = path->steps - path->steps / 4;
  switch (panel) {
  case CONVERGES:
    return farthest_distance(path, late) < CLOSE;
  case COLLAPSES:
    return count_swings(path) >= FEWEST_SWINGS && separation(end) < TOGETHER;
  case OPTIMAL:
    return farthest_distance(path, late) < CLOSE && count_jumps(path, late) >= FEWEST_JUMPS;
  default:
    return gmm_both_closed(end) && path->distances[path->steps] > FAR;
  }
}

static bool print_panels(const gmm_path *paths) {
  bool all = true;
  text_table *table = table_create("behaviour|mu1|mu2|total variation|swings|left open to|right open to|");
  for (size_t panel = 0; panel < PANELS; panel++) {
    const gmm_path *path = &paths[panel];
    table_cell(table, "%s", behaviours[panel].name);
    for (size_t j = 0; j < GMM_MEANS; j++) table_cell(table, "%.6f", gmm_path_end(path)[j]);
    table_cell(table, "%.6f", path->distances[path->steps]);
    table_number(table, (double)count_swings(path));
    for (size_t i = 0; i < GMM_INTERVALS; i++) table_number(table, panel == OPTIMAL ? NAN : gmm_path_collapse(path, i));
    table_cell(table, "%s", holds(panel, path) ? "holds" : "BROKEN");
    all = all && holds(panel, path);
  }
  printf("Figure 1 of Li, Madry, Peebles & Schmidt: %llu steps of %g from (-1.5, 1) to the target (-0.5, 0.5).\n\n",
         (unsigned long long)paths->steps, STEP_SIZE);
  table_print(table, stdout);
  return all;
}

static void write_csv(const char *path, const gmm_path *paths) {
  FILE *file = open_output("--csv", path);
  fputs("behaviour," GMM_PATH_COLUMNS "\n", file);
  for (size_t panel = 0; panel < PANELS; panel++) gmm_path_write(&paths[panel], file, behaviours[panel].name);
  close_output("--csv", path, file);
}

/* ---- pictures ---- */

enum { SHOWN = 150 };              /* steps of the optimal dynamics, which arrive soon */
static const double BEYOND = 99.0; /* where infinity is drawn: out of the picture */

static double drawn(double value, bool open) { return open ? fmax(-BEYOND, fmin(BEYOND, value)) : NAN; }

/* Lines "step mu1 mu2 l1 r1 l2 r2", without what has closed; then the places where intervals have closed. */
static void draw_data(FILE *script, size_t panel, const gmm_path *path) {
  const uint64_t stride = panel == OPTIMAL ? 1 : 1 + path->steps / 4000;
  const uint64_t last = panel == OPTIMAL ? SHOWN : path->steps;
  fprintf(script, "$path%zu << EOD\n", panel);
  for (uint64_t step = 0; step <= last; step += stride) {
    const double *x = gmm_path_at(path, step);
    fprintf(script, "%llu %.6g %.6g", (unsigned long long)step, x[0], x[1]);
    for (size_t i = 0; i < GMM_INTERVALS; i++) {
      fprintf(script, " %.6g %.6g", drawn(x[GMM_LEFT + i], gmm_is_open(x, i)),
              drawn(x[GMM_RIGHT + i], gmm_is_open(x, i)));
    }
    fprintf(script, "\n");
  }
  fprintf(script, "EOD\n$closed%zu << EOD\nNaN NaN\n", panel);
  for (size_t i = 0; i < GMM_INTERVALS && panel != OPTIMAL; i++) {
    const double collapse = gmm_path_collapse(path, i);
    if (!isnan(collapse)) fprintf(script, "%.0f %.6g\n", collapse, gmm_path_end(path)[GMM_LEFT + i]);
  }
  fprintf(script, "EOD\n");
}

/* Intervals and their ends; step by step where they jump. */
static void draw_intervals(FILE *script, size_t panel) {
  static const char *const fills[GMM_INTERVALS] = {"#cfe3f1", "#e3f3fb"};
  for (int i = 0; i < GMM_INTERVALS; i++) {
    const int left = 4 + 2 * i, right = left + 1;
    if (panel == OPTIMAL) {
      fprintf(
          script,
          "$path%zu using 1:2:($1-0.5):($1+0.5):%d:%d with boxxyerror fillstyle solid noborder fillcolor rgb '%s', ",
          panel, left, right, fills[i]);
    } else {
      fprintf(script, "$path%zu using 1:%d:%d with filledcurves fillcolor rgb '%s', ", panel, left, right, fills[i]);
    }
  }
  for (int end = 0; end < 2 * GMM_INTERVALS && panel != OPTIMAL; end++) {
    fprintf(script, "$path%zu using 1:%d with lines dashtype 3 linewidth 1.5 linetype %d, ", panel, 4 + end,
            end < 2 ? 1 : 5);
  }
}

static void draw_panel(FILE *script, size_t panel, const gmm_path *path) {
  draw_data(script, panel, path);
  plot_place_panel(script, 2, 2, panel);
  fprintf(script, "set title '%s: total variation %.2g' font ',12'\nset xrange [0:%llu]\nplot ",
          behaviours[panel].words, path->distances[path->steps],
          panel == OPTIMAL ? (unsigned long long)SHOWN : (unsigned long long)path->steps);
  draw_intervals(script, panel);
  fprintf(script,
          "%g with lines linetype 7 linewidth 1 dashtype 2, %g with lines linetype 7 linewidth 1 dashtype 2, "
          "$path%zu using 1:2 with lines linetype 2, $path%zu using 1:3 with lines linetype 6, "
          "$closed%zu with points pointtype 7 pointsize 1.2 linetype 1\n",
          TARGET[0], TARGET[1], panel, panel, panel);
}

static void draw_key(FILE *script) {
  plot_place_key(script);
  fputs("plot NaN with lines linetype 2 title 'mu1', NaN with lines linetype 6 title 'mu2', "
        "NaN with lines linetype 7 linewidth 1 dashtype 2 title 'the target''s means', "
        "NaN with boxes fillstyle solid fillcolor rgb '#cfe3f1' title 'left interval', "
        "NaN with boxes fillstyle solid fillcolor rgb '#e3f3fb' title 'right interval', "
        "NaN with points pointtype 7 pointsize 1.2 linetype 1 title 'interval closes'\n",
        script);
}

static void draw(const char *path, const gmm_path *paths) {
  gnuplot *picture = plot_open(path, 1400, 860);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set multiplot title 'Li, Madry, Peebles and Schmidt, Figure 1: one generator, four discriminators' font "
          "',14'\nunset key\nset xlabel 'step' offset 0,0.5\nset yrange [-3.5:3.5]\n");
  for (size_t panel = 0; panel < PANELS; panel++) draw_panel(script, panel, &paths[panel]);
  draw_key(script);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

int main(int argc, char **argv) {
  uint64_t steps = 2000;
  const char *csv = NULL, *plot = NULL;
  const option_row rows[] = {
      {"steps", "N", "steps of each run", OPTION_COUNT, &steps, 2000, 100000},
      {"csv", "FILE", "write the runs: behaviour," GMM_PATH_COLUMNS, OPTION_OUTPUT, &csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &plot, 0, 0}};
  const usage_text usage = {.purpose = "Figure 1 of Li, Madry, Peebles & Schmidt 2018: the generator of the GMM-GAN "
                                       "converges, collapses, converges\n"
                                       "and stops, as its discriminator would have it.",
                            .details =
                                "The starts are fixed; how they were found stands at the top of the program's source.",
                            .rows = rows,
                            .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);

  gmm_path paths[PANELS];
  for (size_t panel = 0; panel < PANELS; panel++) paths[panel] = follow(&behaviours[panel], steps);
  const bool all = print_panels(paths);
  printf("\n%s\n", all ? "Every panel is as the paper has it." : "A panel is NOT as the paper has it.");
  if (csv) write_csv(csv, paths);
  if (plot) draw(plot, paths);
  for (size_t panel = 0; panel < PANELS; panel++) gmm_path_destroy(&paths[panel]);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
