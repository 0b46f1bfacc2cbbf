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

/* One method's panel. */
typedef struct panel {
  gd_analysis_row row;
  gd_stepper *stepper;
  gd_stepper *modes;           /* whose stability function acts on `spectrum`; NULL: the map of one step is drawn */
  const gd_spectrum *spectrum; /* null directions left out */
  const double *x;             /* the point */
} panel;

static bool acts_on_modes(const panel *it) { return it->modes && it->spectrum; }

/* Consensus steps are simultaneous ones on the consensus field. */
static panel panel_of(const gd_analysis *analysis, size_t k) {
  panel it = {.stepper = gd_analysis_stepper(analysis, k)};
  must(gd_analysis_row_at(analysis, k, &it.row));
  it.x = gd_analysis_point(analysis);
  if (it.row.route == GD_RATE_BY_MODES) {
    it.modes = it.stepper;
    it.spectrum = gd_spectrum_moving(gd_analysis_spectrum(analysis));
  } else if (it.row.route == GD_RATE_BY_FIELD) {
    must(gd_stepper_create_named(&it.modes, gd_stepper_game(it.stepper), GD_SIMULTANEOUS));
    it.spectrum = gd_spectrum_moving(gd_analysis_consensus_spectrum(analysis));
  }
  return it;
}

static void panel_close(panel *it) {
  if (it->modes != it->stepper) gd_stepper_destroy(it->modes);
}

/* The modulus at z = h lambda, h the step size of the run. */
static double modulus_at(const panel *it, double re, double im) {
  const double h = it->row.step_size;
  double modulus = NAN;
  if (!acts_on_modes(it)) return hypot(re, im);
  must(gd_stepper_set(it->modes, GD_STEP_SIZE, h));
  must(gd_stepper_method(it->modes)->mode_modulus(gd_stepper_params(it->modes), re / h, im / h, &modulus));
  return modulus;
}

/* How far from 0 the region reaches; 2 if it is empty or does not end. */
static double region_reach(const panel *it) {
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
static gd_spectrum *map_spectrum(const panel *it) {
  gd_operator *map = NULL;
  gd_spectrum *spectrum = NULL;
  if (acts_on_modes(it) || it->row.verdict == GD_VERDICT_UNKNOWN || !isfinite(it->row.step_rate)) return NULL;
  must(gd_stepper_set(it->stepper, GD_STEP_SIZE, it->row.step_size));
  must(gd_stepper_map_at_rest(&map, it->stepper, it->x));
  must(gd_spectrum_compute(&spectrum, map, NULL));
  gd_operator_destroy(map);
  return spectrum;
}

/* Write the points; returns the largest modulus among them. */
static double write_points(FILE *script, size_t number, const panel *it) {
  gd_spectrum *own = map_spectrum(it);
  const gd_spectrum *spectrum = own ? own : it->spectrum;
  const double scale = own ? 1.0 : it->row.step_size;
  double largest = 0.0;
  fprintf(script, "$points%zu << EOD\n", number);
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
static void write_grid(FILE *script, size_t number, const panel *it, double centre, double half) {
  fprintf(script, "$grid%zu << EOD\n", number);
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

static void set_panel(FILE *script, const panel *it, double centre, double half) {
  const char *verdict = isnan(it->row.step_rate)  ? "not rated"
                        : it->row.step_rate < 1.0 ? "converges"
                                                  : "does not converge";
  fprintf(script, "set title \"%s%s\\n%s, h = %.4g\" noenhanced\n", it->row.method,
          acts_on_modes(it) ? "" : ", eigenvalues of one step", verdict, it->row.step_size);
  fprintf(script, "set xrange [%g:%g]\nset yrange [%g:%g]\nset xtics %g\nset ytics %g\n", centre - half, centre + half,
          -half, half, tic_step(half), tic_step(half));
}

static void draw_panel(FILE *script, size_t number, const panel *it) {
  const double largest = write_points(script, number, it);
  const double half =
      acts_on_modes(it) ? 1.1 * fmax(region_reach(it), fmin(largest, FARTHEST)) : fmax(1.3, 1.1 * fmin(largest, 2.0));
  const double centre = acts_on_modes(it) ? -0.35 * half : 0.0;
  write_grid(script, number, it, centre, half);
  set_panel(script, it, centre, half);
  fprintf(script,
          "set table $edge%zu\nset contour base\nset cntrparam levels discrete 1\nunset surface\n"
          "splot $grid%zu with lines\nunset table\nunset contour\nset surface\n",
          number, number);
  fprintf(script,
          "plot $grid%zu using 1:2:($3 < 1 ? 0 : 1) with image, $edge%zu with lines linetype 1 linewidth 1.5, "
          "$points%zu with points pointtype 7 pointsize 0.7 linetype 2\n",
          number, number, number);
}

/* A run's distances as a curve. */
static curve curve_of(const gd_analysis *analysis, size_t k, run_history *history) {
  gd_analysis_row row;
  const uint64_t *steps = NULL;
  const double *distances = NULL;
  must(gd_analysis_row_at(analysis, k, &row));
  *history = (run_history){.rows = gd_analysis_history(analysis, k, &steps, &distances)};
  history->steps = (uint64_t *)steps;
  history->distances = (double *)distances;
  history->last_step = history->rows > 0 ? steps[history->rows - 1] : 0;
  curve it = {.history = history, .colour = k + 1, .dashed = !(row.step_rate < 1.0)};
  snprintf(it.title, sizeof it.title, "%s, h = %.4g", row.method, row.step_size);
  return it;
}

static void draw_distances(FILE *script, const gd_analysis *analysis, double epsilon) {
  const size_t count = gd_analysis_count(analysis);
  curve *curves = new_array(NULL, count, sizeof *curves);
  run_history *histories = new_array(NULL, count, sizeof *histories);
  for (size_t k = 0; k < count; k++) curves[k] = curve_of(analysis, k, &histories[k]);
  const curve_panel distances = {.name = "run",
                                 .title = "Distance to the equilibrium",
                                 .key = "outside right center vertical",
                                 .epsilon = epsilon,
                                 .first = gd_analysis_facts_of(analysis)->radius};
  curves_draw(script, &distances, curves, count);
  free(histories);
  free(curves);
}

static void draw_spectra(FILE *script, const gd_analysis *analysis, double gamma) {
  spectrum_panel_draw(script, gd_analysis_spectrum(analysis), gd_analysis_consensus_spectrum(analysis), gamma);
}

static void set_page(FILE *script, const char *words) {
  char title[400];
  snprintf(title, sizeof title, "%s.  Dots: h times the eigenvalues.  Blue: where a step shrinks a mode.", words);
  fputs("set multiplot title ", script);
  plot_quote(script, title);
  fputs(" font ',12' noenhanced\n"
        "set palette defined (0 '#d3e6f3', 1 '#ffffff')\nset cbrange [0:1]\nunset colorbox\nunset key\n"
        "set size ratio -1\n"
        "set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead front linewidth 0.8 linecolor rgb '#999999'\n"
        "set arrow 2 from graph 0, first 0 to graph 1, first 0 nohead front linewidth 0.8 linecolor rgb '#999999'\n",
        script);
}

static void draw_spectrum_alone(const char *path, const char *words, const gd_analysis *analysis, double gamma) {
  gnuplot *picture = plot_open(path, 760, 560);
  FILE *script = plot_script(picture);
  fputs("set multiplot title ", script);
  plot_quote(script, words);
  fputs(" font ',12' noenhanced\nset origin 0,0\nset size 1,0.93\n", script);
  draw_spectra(script, analysis, gamma);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

/* The spectrum and the distances side by side at the foot of the page. */
static void draw_foot(FILE *script, const gd_analysis *analysis, const gd_analysis_options *options, double height) {
  fprintf(script, "unset arrow\nset origin 0,0\nset size noratio %g,%g\n", SPECTRUM_SHARE, FOOT / height);
  draw_spectra(script, analysis, options->gamma);
  fprintf(script, "set origin %g,0\nset size noratio %g,%g\n", SPECTRUM_SHARE, 1.0 - SPECTRUM_SHARE, FOOT / height);
  draw_distances(script, analysis, options->epsilon);
}

static void draw_all(const char *path, const char *words, const gd_analysis *analysis,
                     const gd_analysis_options *options) {
  const size_t count = gd_analysis_count(analysis), rows = (count + COLUMNS - 1) / COLUMNS;
  const double width = COLUMNS * PANEL, height = TITLE + (double)rows * PANEL + FOOT;
  gnuplot *picture = plot_open(path, (int)width, (int)height);
  FILE *script = plot_script(picture);
  set_page(script, words);
  for (size_t k = 0; k < count; k++) {
    panel it = panel_of(analysis, k);
    fprintf(script, "set origin %g,%g\nset size %g,%g\n", (double)(k % COLUMNS) / COLUMNS,
            (FOOT + (double)(rows - 1 - k / COLUMNS) * PANEL) / height, 1.0 / COLUMNS, PANEL / height);
    draw_panel(script, k, &it);
    panel_close(&it);
  }
  draw_foot(script, analysis, options, height);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

void portrait_draw(const char *path, const char *words, const gd_analysis *analysis,
                   const gd_analysis_options *options) {
  if (gd_analysis_count(analysis) > 0) {
    draw_all(path, words, analysis, options);
  } else {
    draw_spectrum_alone(path, words, analysis, options->gamma);
  }
}
