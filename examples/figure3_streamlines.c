/* SPDX-License-Identifier: BSD-3-Clause */
/* figure3_streamlines.c -- a penalty on the discriminator's gradient turns the cycles of a WGAN into spirals.
 *
 * Nagarajan & Kolter 2017, "Gradient descent GAN optimization is locally stable", Figure 3: discriminator w y^2,
 * generator a z, data and z uniform on [-1, 1].  Trajectories of the flow (w', a') = v(w, a) for the GAN and the
 * WGAN, whose generator also descends eta |grad_D V|^2 for eta = 0, 1/4, 1/2 and 1.
 *
 * Two claims are tested.  The eigenvalues at (0, 1) have the real part of Lemma G.2: below 0 but for the WGAN with
 * eta = 0.  And along every trajectory of the WGAN H = w^2 + a^2/2 - ln|a| does not grow; with eta = 0 it stays. */
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

enum { COLUMNS = 4, PANELS = 2 * COLUMNS, ARROWS = 17, MOST_STARTS = 200 };
static const double ETAS[COLUMNS] = {0.0, 0.25, 0.5, 1.0};
static const double WIDEST = 5.0;
static const double LONGEST_STEP = 0.02; /* of the Runge-Kutta method that follows the flow */
static const double ROUNDING = 1e-6;     /* of eigenvalues of a differenced Jacobian, and of H along a trajectory */

typedef struct settings {
  double width;  /* half the width of the window around the equilibrium */
  uint64_t time; /* each trajectory's length */
  uint64_t starts;
  double step;
  const double *start; /* [2], of the only trajectory; NULL: there are many */
  const char *csv, *plot;
} settings;

typedef struct figure_panel {
  gd_gan_loss loss;
  double eta;
  gd_game *game;
  double re, im;                 /* eigenvalue at the equilibrium */
  gd_trace *traces[MOST_STARTS]; /* [starts] */
  double farthest;               /* distance from the equilibrium at the end, over all trajectories */
  double growth, decay;          /* of H, largest over all trajectories; WGAN alone */
} figure_panel;

static bool is_wgan(const figure_panel *panel) { return panel->loss == GD_GAN_WASSERSTEIN; }

static const char *loss_name(const figure_panel *panel) { return is_wgan(panel) ? "WGAN" : "GAN"; }

/* Start k: each farther out than the one before, up to near the edge of the window, and a golden angle on. */
static void start_at(const settings *set, uint64_t k, double *x) {
  if (set->start) {
    memcpy(x, set->start, 2 * sizeof *x);
    return;
  }
  const double angle = acos(-1.0) * (3.0 - sqrt(5.0)) * (double)k;
  const double radius = 0.9 * set->width * ((double)k + 1.0) / (double)set->starts;
  x[0] = planar_equilibrium[0] + radius * cos(angle);
  x[1] = planar_equilibrium[1] + radius * sin(angle);
}

static gd_trace *follow(gd_stepper *flow, const settings *set, double *x) {
  gd_trace *trace = NULL;
  must(gd_trace_create(&trace, gd_stepper_game(flow), GD_TRACE_POINT, NULL));
  const gd_observer observer = gd_trace_observer(trace);
  gd_run_options options;
  gd_run_options_init(&options);
  options.max_steps = (uint64_t)ceil((double)set->time / set->step);
  options.gradient_tolerance = 0.0;
  options.observe_every = 5;
  options.observers = &observer;
  options.n_observers = 1;
  gd_stepper_reset(flow);
  must(gd_run(flow, x, &options, NULL));
  must(gd_trace_status(trace));
  return trace;
}

/* How much H grows above, and falls below, what it was at the start; relative to that if it is large. */
static void watch_energy(figure_panel *panel, const gd_trace *trace) {
  const double *points = gd_trace_column(trace, GD_TRACE_POINT);
  const double start = planar_energy(points);
  for (size_t row = 1; row < gd_trace_rows(trace); row++) {
    const double change = (planar_energy(points + 2 * row) - start) / fmax(1.0, start);
    panel->growth = fmax(panel->growth, change);
    panel->decay = fmax(panel->decay, -change);
  }
}

static void panel_follow(figure_panel *panel, const settings *set) {
  gd_stepper *flow = NULL;
  must(gd_stepper_create_named(&flow, panel->game, GD_RUNGE_KUTTA));
  must(gd_stepper_set(flow, "order", 4));
  must(gd_stepper_set(flow, GD_STEP_SIZE, set->step));
  for (uint64_t k = 0; k < set->starts; k++) {
    double x[2];
    start_at(set, k, x);
    panel->traces[k] = follow(flow, set, x);
    panel->farthest = fmax(panel->farthest, hypot(x[0] - planar_equilibrium[0], x[1] - planar_equilibrium[1]));
    if (is_wgan(panel)) watch_energy(panel, panel->traces[k]);
  }
  gd_stepper_destroy(flow);
}

static void panel_create(figure_panel *panel, size_t index, const settings *set) {
  *panel = (figure_panel){.loss = index < COLUMNS ? GD_GAN_LOGISTIC : GD_GAN_WASSERSTEIN, .eta = ETAS[index % COLUMNS]};
  panel->game = planar_game(panel->loss, panel->eta);
  gd_spectrum *spectrum = new_spectrum(panel->game, planar_equilibrium);
  panel->re = gd_spectrum_real(spectrum)[0];
  panel->im = gd_spectrum_imaginary(spectrum)[0];
  gd_spectrum_destroy(spectrum);
  panel_follow(panel, set);
}

static void panel_destroy(figure_panel *panel, const settings *set) {
  for (uint64_t k = 0; k < set->starts; k++) gd_trace_destroy(panel->traces[k]);
  gd_game_destroy(panel->game);
}

static bool panel_holds(const figure_panel *panel) {
  if (!(fabs(panel->re - planar_abscissa(panel->loss, panel->eta)) <= ROUNDING)) return false;
  return !is_wgan(panel) || (panel->growth <= ROUNDING && (panel->eta > 0 || panel->decay <= ROUNDING));
}

static void print_panels(const figure_panel *panels, const settings *set) {
  text_table *table = table_create("loss|eta|Re|Im|Re by Lemma G.2|H grows by|H falls by|farthest at the end|");
  for (size_t k = 0; k < PANELS; k++) {
    const figure_panel *panel = &panels[k];
    table_cell(table, "%s", loss_name(panel));
    table_number(table, panel->eta);
    table_cell(table, "%.6f", panel->re);
    table_cell(table, "%.6f", panel->im);
    table_cell(table, "%.6f", planar_abscissa(panel->loss, panel->eta));
    table_number(table, is_wgan(panel) ? panel->growth : NAN);
    table_number(table, is_wgan(panel) ? panel->decay : NAN);
    table_cell(table, "%.3g", panel->farthest);
    table_cell(table, "%s", panel_holds(panel) ? "holds" : "BROKEN");
  }
  printf(
      "Figure 3 of Nagarajan & Kolter: eigenvalues at (0, 1), and %llu trajectories from around it over time %llu.\n\n",
      (unsigned long long)set->starts, (unsigned long long)set->time);
  table_print(table, stdout);
}

static void write_csv(const char *path, const figure_panel *panels, const settings *set) {
  FILE *file = open_output("--csv", path);
  fputs("loss,eta,trajectory,time,w,a\n", file);
  for (size_t j = 0; j < PANELS; j++) {
    for (uint64_t k = 0; k < set->starts; k++) {
      const gd_trace *trace = panels[j].traces[k];
      const double *points = gd_trace_column(trace, GD_TRACE_POINT);
      for (size_t row = 0; row < gd_trace_rows(trace); row++) {
        fprintf(file, "%s,%g,%llu,%.17g,%.17g,%.17g\n", loss_name(&panels[j]), panels[j].eta, (unsigned long long)k,
                set->step * (double)gd_trace_steps(trace)[row], points[2 * row], points[2 * row + 1]);
      }
    }
  }
  close_output("--csv", path, file);
}

/* Lines "w a": the trajectories, an empty line between them. */
static void draw_trajectories(FILE *script, const figure_panel *panel, size_t index, const settings *set) {
  fprintf(script, "$flow%zu << EOD\n", index);
  for (uint64_t k = 0; k < set->starts; k++) {
    const double *points = gd_trace_column(panel->traces[k], GD_TRACE_POINT);
    for (size_t row = 0; row < gd_trace_rows(panel->traces[k]); row++) {
      fprintf(script, "%.6g %.6g\n", points[2 * row], points[2 * row + 1]);
    }
    fprintf(script, "\n");
  }
  fprintf(script, "EOD\n");
}

/* Lines "w a dw da": arrows of one length on a grid, in the direction of v. */
static void draw_field(FILE *script, const figure_panel *panel, size_t index, const settings *set) {
  fprintf(script, "$field%zu << EOD\n", index);
  for (int i = 0; i < ARROWS * ARROWS; i++) {
    const double x[2] = {planar_equilibrium[0] + set->width * (2.0 * (i % ARROWS + 0.5) / ARROWS - 1.0),
                         planar_equilibrium[1] + set->width * (2.0 * ((double)(i / ARROWS) + 0.5) / ARROWS - 1.0)};
    double v[2];
    must(gd_game_gradient(panel->game, x, v));
    const double scale = 1.3 * set->width / ARROWS / hypot(v[0], v[1]);
    if (!isfinite(scale)) continue;
    fprintf(script, "%.6g %.6g %.6g %.6g\n", x[0] - 0.5 * scale * v[0], x[1] - 0.5 * scale * v[1], scale * v[0],
            scale * v[1]);
  }
  fprintf(script, "EOD\n");
}

static void draw_panel(FILE *script, const figure_panel *panel, size_t index, const settings *set) {
  draw_trajectories(script, panel, index, set);
  draw_field(script, panel, index, set);
  fprintf(script, "set title '%s, eta = %g: %.3f \u00b1 %.3f i'\n", loss_name(panel), panel->eta, panel->re, panel->im);
  fprintf(script,
          "plot $field%zu with vectors head filled size graph 0.012,20 linecolor rgb '#b0b0b0' linewidth 1, "
          "$flow%zu with lines linetype %d linewidth 1.2, "
          "'-' with points pointtype 7 pointsize 1 linetype 7\n%g %g\n%g %g\ne\n",
          index, index, is_wgan(panel) ? 2 : 1, planar_equilibrium[0], planar_equilibrium[1], planar_equilibrium[0],
          -planar_equilibrium[1]);
}

static void draw(const figure_panel *panels, const settings *set) {
  gnuplot *picture = plot_open(set->plot, 1480, 800);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set encoding utf8\n"
          "set multiplot layout 2,%d title 'Nagarajan and Kolter, Figure 3: discriminator w y^2, generator a z; "
          "black dots: equilibria; above each panel the eigenvalues there' font ',14'\n"
          "set size ratio -1\nunset key\nset xlabel 'w'\nset ylabel 'a' rotate by 0\n"
          "set xrange [%g:%g]\nset yrange [%g:%g]\n",
          COLUMNS, planar_equilibrium[0] - set->width, planar_equilibrium[0] + set->width,
          planar_equilibrium[1] - set->width, planar_equilibrium[1] + set->width);
  for (size_t k = 0; k < PANELS; k++) draw_panel(script, &panels[k], k, set);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

/* Fills in the settings; start [2] is room for the point of --start. */
static void read_options(int argc, char **argv, settings *set, double *start) {
  common_options common = options_default();
  common.step = LONGEST_STEP;
  *set = (settings){.width = 1.0, .time = 40, .starts = 12};
  const option_row rows[] = {
      {"width", "W", "the window around (0, 1), up to 5: w from -W to W", OPTION_POSITIVE, &set->width, 0, 0},
      {"starts", "N", "trajectories in a panel", OPTION_COUNT, &set->starts, 1, MOST_STARTS},
      {"start", "FILE", "start (w, a) of the only trajectory, a Matrix Market vector", OPTION_TEXT, &common.start, 0,
       0},
      {"time", "T", "length of each trajectory", OPTION_COUNT, &set->time, 1, 1000},
      {"step", "H", "step size that follows the flow, from 0.001", OPTION_POSITIVE, &common.step, 0, 0},
      {"csv", "FILE", "write the trajectories: loss,eta,trajectory,time,w,a", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Figure 3 of Nagarajan & Kolter 2017: the flow of a GAN and a WGAN with two variables, with and without\n"
          "a penalty on the discriminator's gradient.",
      .details = "Tested: the eigenvalues at the equilibrium, and that w^2 + a^2/2 - ln|a| never grows in the WGAN.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "plot"};
  options_parse(&common, &usage, argc, argv);
  if (set->width > WIDEST) die("--width: %g is more than %g, too far out for this step size", set->width, WIDEST);
  if (common.step < 0.001 || common.step > LONGEST_STEP) {
    die("--step: %g is not between 0.001 and %g", common.step, LONGEST_STEP);
  }
  set->step = common.step;
  set->csv = common.csv;
  set->plot = common.plot;
  if (!common.start) return;
  point_read("--start", common.start, 2, start);
  const double away = distance(2, start, planar_equilibrium);
  if (!(away <= WIDEST)) die("--start: %s is farther than %g from (0, 1)", common.start, WIDEST);
  set->start = start;
  set->starts = 1;
}

int main(int argc, char **argv) {
  settings set;
  double start[2];
  read_options(argc, argv, &set, start);
  figure_panel panels[PANELS];
  bool all = true;
  for (size_t k = 0; k < PANELS; k++) {
    panel_create(&panels[k], k, &set);
    all = all && panel_holds(&panels[k]);
  }
  print_panels(panels, &set);
  printf("\n%s\n", all ? "Every panel is as the theory has it." : "A panel is NOT as the theory has it.");
  if (set.csv) write_csv(set.csv, panels, &set);
  if (set.plot) draw(panels, &set);
  for (size_t k = 0; k < PANELS; k++) panel_destroy(&panels[k], &set);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
