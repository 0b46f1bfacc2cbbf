/* SPDX-License-Identifier: BSD-3-Clause */
/* portrait.c -- one panel per method, z = h lambda over the region where one step shrinks the mode; below
 * them the spectrum before and after consensus, and the distances.  Without methods the spectrum alone.
 *
 * For methods that do not act mode by mode the panel shows the eigenvalues of the derivative of one step
 * instead, and the region is the unit disc. */
#include "support/portrait.h"

#include <math.h>
#include <stdlib.h>

#include "support/curves.h"
#include "support/die.h"
#include "support/plot.h"
#include "support/spectrum_panel.h"

enum { GRID = 101, COLUMNS = 4, PANEL = 340, FOOT = 460, TITLE = 50 };
static const double SPECTRUM_SHARE = 0.36; /* of the foot of the page; the distances have the rest */
static const double FARTHEST = 4.0;        /* regions are looked for up to |z| = 4 */

static bool acts_on_modes(const method_report *it) { return it->rates.modes && it->rates.spectrum; }

/* The modulus at z = h lambda, h the step size of the run. */
static double modulus_at(const method_report *it, double re, double im) {
  if (!acts_on_modes(it)) return hypot(re, im);
  gd_stepper *stepper = it->rates.modes;
  double modulus = NAN;
  must(gd_stepper_set(stepper, GD_STEP_SIZE, it->run_step));
  must(gd_stepper_method(stepper)->mode_modulus(gd_stepper_params(stepper), re / it->run_step, im / it->run_step,
                                                &modulus));
  return modulus;
}

/* How far from 0 the region reaches; 2 if it is empty or does not end. */
static double region_reach(const method_report *it) {
  enum { LOOKS = 41 };
  double reach = 0.0;
  for (int i = 0; i < LOOKS; i++) {
    for (int j = 0; j < LOOKS; j++) {
      const double re = FARTHEST * (2.0 * i / (LOOKS - 1) - 1.0), im = FARTHEST * (2.0 * j / (LOOKS - 1) - 1.0);
      if (modulus_at(it, re, im) < 1.0) reach = fmax(reach, hypot(re, im));
    }
  }
  return reach > 0.0 && reach < 0.95 * FARTHEST ? reach : 2.0;
}

/* The points of a panel: h times the eigenvalues, or the eigenvalues of one step. */
static gd_spectrum *panel_spectrum(const method_report *it) {
  gd_operator *map = NULL;
  gd_spectrum *spectrum = NULL;
  if (acts_on_modes(it) || !it->rates.rated || !isfinite(it->run_rate)) return NULL;
  must(gd_stepper_set(it->rates.stepper, GD_STEP_SIZE, it->run_step));
  must(gd_stepper_map_at_rest(&map, it->rates.stepper, gd_linearisation_point(it->rates.at)));
  must(gd_spectrum_compute(&spectrum, map, NULL));
  gd_operator_destroy(map);
  return spectrum;
}

/* Write the points; returns the largest modulus among them. */
static double write_points(FILE *script, size_t panel, const method_report *it) {
  gd_spectrum *own = panel_spectrum(it);
  const gd_spectrum *spectrum = own ? own : it->rates.spectrum;
  const double scale = own ? 1.0 : it->run_step;
  double largest = 0.0;
  fprintf(script, "$points%zu << EOD\n", panel);
  if (!spectrum) fprintf(script, "NaN NaN\n");
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = scale * gd_spectrum_real(spectrum)[k], im = scale * gd_spectrum_imaginary(spectrum)[k];
    fprintf(script, "%.9g %.9g\n", re, im);
    largest = fmax(largest, hypot(re, im));
  }
  fprintf(script, "EOD\n");
  gd_spectrum_destroy(own);
  return largest;
}

/* The modulus on a grid around `centre`, as lines "re im modulus" in blocks of one im. */
static void write_grid(FILE *script, size_t panel, const method_report *it, double centre, double half) {
  fprintf(script, "$grid%zu << EOD\n", panel);
  for (int j = 0; j < GRID; j++) {
    for (int i = 0; i < GRID; i++) {
      const double re = centre + half * (2.0 * i / (GRID - 1) - 1.0), im = half * (2.0 * j / (GRID - 1) - 1.0);
      fprintf(script, "%.6g %.6g %.6g\n", re, im, fmin(modulus_at(it, re, im), 9.0));
    }
    fprintf(script, "\n");
  }
  fprintf(script, "EOD\n");
}

/* 1, 2 or 5 times a power of ten, so that a panel has two or three tics on each side of 0. */
static double tic_step(double half) {
  const double power = pow(10.0, floor(log10(half)));
  const double leading = half / power;
  return power * (leading < 1.5 ? 0.5 : leading < 3.0 ? 1.0 : leading < 6.0 ? 2.0 : 5.0);
}

static void set_panel(FILE *script, const method_report *it, double centre, double half) {
  const char *verdict = !it->rates.rated ? "not rated" : it->run_rate < 1.0 ? "converges" : "does not converge";
  fprintf(script, "set title \"%s%s\\n%s, h = %.4g\" noenhanced\n", gd_stepper_method(it->stepper)->name,
          acts_on_modes(it) ? "" : ", eigenvalues of one step", verdict, it->run_step);
  fprintf(script, "set xrange [%g:%g]\nset yrange [%g:%g]\nset xtics %g\nset ytics %g\n", centre - half, centre + half,
          -half, half, tic_step(half), tic_step(half));
}

static void draw_panel(FILE *script, size_t panel, const method_report *it) {
  const double largest = write_points(script, panel, it);
  const double half =
      acts_on_modes(it) ? 1.1 * fmax(region_reach(it), fmin(largest, FARTHEST)) : fmax(1.3, 1.1 * fmin(largest, 2.0));
  const double centre = acts_on_modes(it) ? -0.35 * half : 0.0;
  write_grid(script, panel, it, centre, half);
  set_panel(script, it, centre, half);
  fprintf(script,
          "set table $edge%zu\nset contour base\nset cntrparam levels discrete 1\nunset surface\n"
          "splot $grid%zu with lines\nunset table\nunset contour\nset surface\n",
          panel, panel);
  fprintf(script,
          "plot $grid%zu using 1:2:($3 < 1 ? 0 : 1) with image, $edge%zu with lines linetype 1 linewidth 1.5, "
          "$points%zu with points pointtype 7 pointsize 0.7 linetype 2\n",
          panel, panel, panel);
}

static void draw_distances(FILE *script, const game_problem *problem, const game_report *report) {
  curve *curves = new_array(NULL, report->count, sizeof *curves);
  for (size_t k = 0; k < report->count; k++) {
    const method_report *it = &report->methods[k];
    curves[k] = (curve){.history = &it->run.history, .colour = k + 1, .dashed = !(it->run_rate < 1.0)};
    snprintf(curves[k].title, sizeof curves[k].title, "%s, h = %.4g", gd_stepper_method(it->stepper)->name,
             it->run_step);
  }
  const curve_panel panel = {.name = "run",
                             .title = "Distance to the equilibrium",
                             .key = "outside right center vertical",
                             .epsilon = report->methods[0].run.history.epsilon,
                             .first = problem->radius};
  curves_draw(script, &panel, curves, report->count);
  free(curves);
}

/* The spectrum and the distances side by side at the foot of the page. */
static void draw_foot(FILE *script, const game_problem *problem, const game_facts *facts, const game_report *report,
                      double height) {
  fprintf(script, "unset arrow\nset origin 0,0\nset size noratio %g,%g\n", SPECTRUM_SHARE, FOOT / height);
  spectrum_panel_draw(script, facts, report->gamma);
  fprintf(script, "set origin %g,0\nset size noratio %g,%g\n", SPECTRUM_SHARE, 1.0 - SPECTRUM_SHARE, FOOT / height);
  draw_distances(script, problem, report);
}

static void set_page(FILE *script, const game_problem *problem) {
  char title[400];
  snprintf(title, sizeof title, "%s.  Dots: h times the eigenvalues.  Blue: where a step shrinks a mode.",
           problem->words);
  fputs("set multiplot title ", script);
  plot_quote(script, title);
  fputs(" font ',12' noenhanced\n"
        "set palette defined (0 '#d3e6f3', 1 '#ffffff')\nset cbrange [0:1]\nunset colorbox\nunset key\n"
        "set size ratio -1\n"
        "set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead front linewidth 0.8 linecolor rgb '#999999'\n"
        "set arrow 2 from graph 0, first 0 to graph 1, first 0 nohead front linewidth 0.8 linecolor rgb '#999999'\n",
        script);
}

static void draw_spectrum_alone(const char *path, const game_problem *problem, const game_facts *facts, double gamma) {
  gnuplot *picture = plot_open(path, 760, 560);
  FILE *script = plot_script(picture);
  fputs("set multiplot title ", script);
  plot_quote(script, problem->words);
  fputs(" font ',12' noenhanced\nset origin 0,0\nset size 1,0.93\n", script);
  spectrum_panel_draw(script, facts, gamma);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

static void draw_all(const char *path, const game_problem *problem, const game_facts *facts,
                     const game_report *report) {
  const size_t rows = (report->count + COLUMNS - 1) / COLUMNS;
  const double width = COLUMNS * PANEL, height = TITLE + (double)rows * PANEL + FOOT;
  gnuplot *picture = plot_open(path, (int)width, (int)height);
  FILE *script = plot_script(picture);
  set_page(script, problem);
  for (size_t k = 0; k < report->count; k++) {
    fprintf(script, "set origin %g,%g\nset size %g,%g\n", (double)(k % COLUMNS) / COLUMNS,
            (FOOT + (double)(rows - 1 - k / COLUMNS) * PANEL) / height, 1.0 / COLUMNS, PANEL / height);
    draw_panel(script, k, &report->methods[k]);
  }
  draw_foot(script, problem, facts, report, height);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

void portrait_draw(const char *path, const game_problem *problem, const game_facts *facts, const game_report *report) {
  if (report->count > 0) {
    draw_all(path, problem, facts, report);
  } else {
    draw_spectrum_alone(path, problem, facts, report->gamma);
  }
}
