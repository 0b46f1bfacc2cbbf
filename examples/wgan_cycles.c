/* SPDX-License-Identifier: BSD-3-Clause */
/* wgan_cycles.c -- a WGAN goes round for ever; what each method makes of it along a thousand turns.
 *
 * Nagarajan & Kolter 2017, Figure 3 without penalty: w' = (1 - a^2) / 3, a' = 2 w a / 3, equilibrium (0, 1).  The flow
 * keeps H = w^2 + a^2/2 - ln a, which is 1/2 at the equilibrium and more elsewhere, so that every orbit is a closed
 * curve; a small one takes time 3 pi.  A method of steps h drifts across these curves.  What is known, and tested:
 *
 *   - simultaneous: H never falls, for it is convex and v is tangent to its level curves;
 *   - implicit: H never grows, by the same argument backwards;
 *   - Runge-Kutta of order 4: H changes by no more than its step's error allows, h^5 of H - 1/2 at each turn;
 *   - alternating: H wavers by a multiple of h but does not drift, for each half step is a shear in (w, ln a), and
 *     shears keep areas.
 *
 * Beside the factor by which H - 1/2 changes at each turn stands what the eigenvalues +- 2 i / 3 say of small orbits.
 */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/options.h"
#include "support/output.h"
#include "support/planar.h"
#include "support/plot.h"
#include "support/point.h"
#include "support/rates_of.h"
#include "support/table.h"

enum { MOST_METHODS = 32, MOST_TURNS = 100000, SHOWN_TURNS = 3 };
static const double LEAST_H = 0.5;
/* Beyond these the cycle is lost in rounding, or has left the picture for good. */
static const double SMALLEST = 1e-13, GREATEST = 50.0;
static const double LEAST_RADIUS = 0.01, MOST_RADIUS = 1.0;

typedef struct settings {
  uint64_t turns;
  uint64_t steps; /* of each method, at most */
  double step;
  double start[2];
  const char *csv, *plot;
} settings;

/* Watches a run: H step by step and averaged over each turn, and the points of the first turns. */
typedef struct cycle_watch {
  uint64_t most_turns, turns; /* whole turns so far; the way to the first crossing is none */
  uint64_t steps_in_turn;
  bool crossed;                /* the end of a turn, once */
  double before_w;             /* w one step ago */
  double previous, rise, fall; /* H one step ago; its largest change by one step either way */
  double sum;                  /* of H over this turn */
  double *means;               /* [most_turns], H - 1/2 averaged over each turn */
  double *points;              /* [n_points][2], of the first SHOWN_TURNS */
  size_t n_points, capacity;
} cycle_watch;

typedef struct cycle_run {
  const gd_method *method;
  double small_orbit; /* factor of H - 1/2 per turn, by the eigenvalues */
  cycle_watch watch;
} cycle_run;

static double excess(const double *x) { return planar_energy(x) - LEAST_H; }

static void keep_point(cycle_watch *watch, const double *x) {
  if (watch->n_points == watch->capacity) {
    watch->capacity = watch->capacity ? 2 * watch->capacity : 256;
    watch->points = new_array(watch->points, 2 * watch->capacity, sizeof *watch->points);
  }
  memcpy(watch->points + 2 * watch->n_points++, x, 2 * sizeof *x);
}

static void end_turn(cycle_watch *watch) {
  if (watch->crossed) watch->means[watch->turns++] = watch->sum / (double)watch->steps_in_turn;
  watch->crossed = true;
  watch->sum = 0.0;
  watch->steps_in_turn = 0;
}

/* A turn ends where w rises through 0, which is at a < 1. */
static int observe(void *context, const gd_progress *progress) {
  cycle_watch *watch = context;
  const double *x = progress->x, now = excess(x);
  if (!(x[1] > 0) || !(now < GREATEST)) return 1;
  if (progress->step > 0) {
    watch->rise = fmax(watch->rise, now - watch->previous);
    watch->fall = fmax(watch->fall, watch->previous - now);
    if (watch->before_w < 0 && x[0] >= 0) end_turn(watch);
  }
  watch->before_w = x[0];
  watch->previous = now;
  if (watch->turns == watch->most_turns || now < SMALLEST) return 1;
  watch->sum += now;
  watch->steps_in_turn++;
  if (watch->turns < SHOWN_TURNS) keep_point(watch, x);
  return 0;
}

static void run_cycles(cycle_run *run, gd_stepper *stepper, const settings *set) {
  run->watch = (cycle_watch){.most_turns = set->turns, .means = new_numbers(set->turns)};
  const gd_observer observer = {observe, &run->watch};
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = (uint64_t)fmin(30.0 * (double)(set->turns + 2) / set->step, (double)set->steps);
  options.gradient_tolerance = 0.0;
  options.observers = &observer;
  options.n_observers = 1;
  double x[2] = {set->start[0], set->start[1]};
  must(gd_stepper_set(stepper, GD_STEP_SIZE, set->step));
  must_for("--step", gd_run(stepper, x, &options, NULL));
}

/* |x|^2 near the equilibrium changes by rate^2 at each of the 3 pi / h steps of a turn. */
static double small_orbit_factor(gd_stepper *stepper, gd_linearisation *at, double step) {
  method_rates rates = rates_create(stepper, at, NULL);
  const double rate = rates_at(&rates, step);
  rates_destroy(&rates);
  return pow(rate, 2.0 * 3.0 * acos(-1.0) / step);
}

static size_t run_all(gd_game *game, const settings *set, cycle_run *runs) {
  gd_linearisation *at = new_linearisation(game, planar_equilibrium);
  size_t count = 0;
  for (const gd_method *method; count < MOST_METHODS && (method = gd_method_at(count)); count++) {
    gd_stepper *stepper = NULL;
    must(gd_stepper_create(&stepper, game, method));
    runs[count] = (cycle_run){.method = method, .small_orbit = small_orbit_factor(stepper, at, set->step)};
    run_cycles(&runs[count], stepper, set);
    gd_stepper_destroy(stepper);
  }
  gd_linearisation_destroy(at);
  return count;
}

static double last_mean(const cycle_watch *watch) { return watch->turns ? watch->means[watch->turns - 1] : NAN; }

/* Factor of H - 1/2 per turn, averaged over the run; NaN before two turns are done. */
static double measured_factor(const cycle_watch *watch) {
  if (watch->turns < 2) return NAN;
  return pow(last_mean(watch) / watch->means[0], 1.0 / (double)(watch->turns - 1));
}

/* Greatest distance of any turn's mean from the first turn's, relative to that. */
static double wavering(const cycle_watch *watch) {
  double most = 0.0;
  for (uint64_t k = 0; k < watch->turns; k++) most = fmax(most, fabs(watch->means[k] / watch->means[0] - 1.0));
  return most;
}

/* "" where nothing is claimed. */
static const char *verdict(const cycle_run *run, const settings *set) {
  static const double ROUNDING = 1e-9; /* of H after one step, Newton's iteration included */
  const cycle_watch *watch = &run->watch;
  const char *name = run->method->name;
  bool holds = true;
  if (strcmp(name, GD_SIMULTANEOUS) == 0) {
    holds = watch->fall <= ROUNDING;
  } else if (strcmp(name, GD_IMPLICIT) == 0) {
    holds = watch->rise <= ROUNDING;
  } else if (strcmp(name, GD_RUNGE_KUTTA) == 0) {
    holds = watch->turns < 2 || fabs(measured_factor(watch) - 1.0) <= pow(set->step, 5);
  } else if (strcmp(name, GD_ALTERNATING) == 0) {
    holds = wavering(watch) <= set->step;
  } else {
    return "";
  }
  return holds ? "holds" : "BROKEN";
}

static bool print_runs(const cycle_run *runs, size_t count, const settings *set) {
  bool all = true;
  text_table *table = table_create("method|turns|H - 1/2, first|last|per turn|small orbit|");
  for (size_t k = 0; k < count; k++) {
    const cycle_watch *watch = &runs[k].watch;
    table_cell(table, "%s", runs[k].method->name);
    table_number(table, (double)watch->turns);
    table_number(table, watch->turns ? watch->means[0] : NAN);
    table_number(table, last_mean(watch));
    table_rate(table, measured_factor(watch));
    table_rate(table, runs[k].small_orbit);
    table_cell(table, "%s", verdict(&runs[k], set));
    all = all && strcmp(verdict(&runs[k], set), "BROKEN") != 0;
  }
  printf("WGAN cycles from (%g, %g), h = %g, %llu turns at most:\n\n", set->start[0], set->start[1], set->step,
         (unsigned long long)set->turns);
  table_print(table, stdout);
  return all;
}

static void write_csv(const char *path, const cycle_run *runs, size_t count) {
  FILE *file = open_output("--csv", path);
  fputs("method,turn,excess\n", file);
  for (size_t k = 0; k < count; k++) {
    for (uint64_t turn = 0; turn < runs[k].watch.turns; turn++) {
      fprintf(file, "%s,%llu,%.17g\n", runs[k].method->name, (unsigned long long)turn + 1, runs[k].watch.means[turn]);
    }
  }
  close_output("--csv", path, file);
}

static void draw_data(FILE *script, const cycle_run *run, size_t k) {
  const cycle_watch *watch = &run->watch;
  fprintf(script, "$turns%zu << EOD\n", k);
  for (uint64_t turn = 0; turn < watch->turns; turn += 1 + turn / 100) {
    fprintf(script, "%llu %.9g\n", (unsigned long long)turn + 1, watch->means[turn]);
  }
  fprintf(script, "NaN NaN\nEOD\n$orbit%zu << EOD\n", k);
  for (size_t row = 0; row < watch->n_points; row++) {
    fprintf(script, "%.6g %.6g\n", watch->points[2 * row], watch->points[2 * row + 1]);
  }
  fprintf(script, "NaN NaN\nEOD\n");
}

static void draw_lines(FILE *script, const char *data, const cycle_run *runs, size_t count) {
  for (size_t k = 0; k < count; k++) {
    fprintf(script, "%s $%s%zu with lines linetype %zu linewidth %g title '%s' noenhanced", k ? "," : "plot", data, k,
            k % 8 + 1, k < 4 ? 4.0 : 2.0, runs[k].method->name);
  }
  fprintf(script, "\n");
}

static void draw(const settings *set, const cycle_run *runs, size_t count) {
  gnuplot *picture = plot_open(set->plot, 1250, 660);
  FILE *script = plot_script(picture);
  const double half = 1.6 * distance(2, set->start, planar_equilibrium);
  for (size_t k = 0; k < count; k++) draw_data(script, &runs[k], k);
  fprintf(script,
          "set multiplot layout 1,2 title 'WGAN cycles: w^2 + a^2/2 - ln a is kept by the flow, and lost by steps of h "
          "= %g' "
          "font ',14'\n"
          "set logscale xy\nset format y '10^{%%T}'\nset xrange [1:%g]\nset yrange [%g:%g]\nset xlabel 'turn'\n"
          "set ylabel 'H - 1/2, mean of the turn'\nset title 'drift' font ',13'\n"
          "set key outside bottom center horizontal maxcols 3 height 0.7 reverse Left samplen 2.5\n",
          set->step, fmax(2.0, (double)set->turns), 1e-12, 2.0 * GREATEST);
  draw_lines(script, "turns", runs, count);
  fprintf(script,
          "unset logscale\nset format y '%%g'\nset size ratio -1\nset xrange [%g:%g]\nset yrange [%g:%g]\nset xlabel "
          "'w'\nset ylabel 'a'\nset title 'the first %d turns' font ',13'\n",
          -half, half, 1.0 - half, 1.0 + half, SHOWN_TURNS);
  draw_lines(script, "orbit", runs, count);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

static void watch_destroy(cycle_watch *watch) {
  free(watch->means);
  free(watch->points);
}

/* (0, 1 + R), or the point of --start, from an orbit of the same range. */
static void choose_start(const common_options *common, double *start) {
  const double least[2] = {0.0, 1.0 + LEAST_RADIUS}, most[2] = {0.0, 1.0 + MOST_RADIUS};
  if (common->radius < LEAST_RADIUS || common->radius > MOST_RADIUS) {
    die("--radius: %g is not between %g and %g", common->radius, LEAST_RADIUS, MOST_RADIUS);
  }
  start[0] = planar_equilibrium[0];
  start[1] = planar_equilibrium[1] + common->radius;
  if (!common->start) return;
  point_read("--start", common->start, 2, start);
  if (!(start[1] > 0) || excess(start) < excess(least) || excess(start) > excess(most)) {
    die("--start: (%g, %g) is on no orbit between those of (0, %g) and (0, %g)", start[0], start[1], least[1], most[1]);
  }
}

static settings read_options(int argc, char **argv) {
  common_options common = options_default();
  common.step = 0.05;
  common.steps = 1000000000;
  settings set = {.turns = 1000};
  const option_row rows[] = {
      {"turns", "N", "turns of each method", OPTION_COUNT, &set.turns, 1, MOST_TURNS},
      {"step", "H", "step size, from 0.001 to 0.2", OPTION_POSITIVE, &common.step, 0, 0},
      {"steps", "N", "most steps of each method", OPTION_COUNT, &common.steps, 1, UINT64_C(1) << 53},
      {"radius", "R", "start at (0, 1 + R), R from 0.01 to 1", OPTION_POSITIVE, &common.radius, 0, 0},
      {"start", "FILE", "start there, (w, a), a Matrix Market vector", OPTION_TEXT, &common.start, 0, 0},
      {"csv", "FILE", "write the drift: method,turn,excess", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose =
          "The cycles of a WGAN with two variables: how far each method drifts from the orbit of the flow, on which\n"
          "H = w^2 + a^2/2 - ln a is constant.",
      .details = "excess is H - 1/2, averaged over the turn.  Tested: what is known of four methods.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "plot"};
  options_parse(&common, &usage, argc, argv);
  if (common.step < 0.001 || common.step > 0.2) die("--step: %g is not between 0.001 and 0.2", common.step);
  choose_start(&common, set.start);
  set.step = common.step;
  set.steps = common.steps;
  set.csv = common.csv;
  set.plot = common.plot;
  return set;
}

int main(int argc, char **argv) {
  const settings set = read_options(argc, argv);
  gd_game *game = planar_game(GD_GAN_WASSERSTEIN, 0.0);
  cycle_run runs[MOST_METHODS];
  const size_t count = run_all(game, &set, runs);
  const bool all = print_runs(runs, count, &set);
  printf("\n%s\n", all ? "What is known of the methods holds." : "What is known of a method does NOT hold.");
  if (set.csv) write_csv(set.csv, runs, count);
  if (set.plot) draw(&set, runs, count);
  for (size_t k = 0; k < count; k++) watch_destroy(&runs[k].watch);
  gd_game_destroy(game);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
