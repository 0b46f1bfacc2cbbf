/* SPDX-License-Identifier: BSD-3-Clause */
/* curves.c -- the gnuplot commands for one panel of distance curves. */
#include "support/curves.h"

#include <math.h>

#include "support/plot.h"

enum { FEW = 4 }; /* curves that need no widths to be told apart */

static double longest(const curve *curves, size_t count) {
  double last = 1.0;
  for (size_t k = 0; k < count; k++) last = fmax(last, (double)curves[k].history->last_step);
  return last;
}

/* Steps are drawn along a line, where a constant rate is a line too, unless some runs are much shorter than others. */
static bool needs_logarithms(const curve *curves, size_t count, double last_step) {
  enum { MUCH = 20 };
  bool short_run = false;
  for (size_t k = 0; k < count; k++) short_run = short_run || MUCH * (double)curves[k].history->last_step < last_step;
  return short_run;
}

static void write_data(FILE *script, const curve_panel *panel, const curve *curves, size_t count, bool logarithmic) {
  for (size_t k = 0; k < count; k++) {
    fprintf(script, "$%s%zu << EOD\n", panel->name, k);
    history_draw(curves[k].history, script, logarithmic);
    fprintf(script, "EOD\n");
  }
}

static void set_axes(FILE *script, const curve_panel *panel, double last_step, bool logarithmic) {
  fprintf(script,
          "set samples 500\nset xtics autofreq\nset ytics autofreq\nset logscale %s\nset format %s '10^{%%T}'\nset "
          "xlabel 'step'\nset "
          "ylabel 'distance to the equilibrium'\n"
          "set xrange [%d:%.9g]\nset yrange [%.9g:%.9g]\nset key %s reverse Left samplen 2.5 spacing 1.2\n",
          logarithmic ? "xy" : "y", logarithmic ? "xy" : "y", logarithmic, last_step, 0.3 * panel->epsilon,
          6.0 * panel->first, panel->key);
  fputs("set title ", script);
  plot_quote(script, panel->title);
  fputs(" font ',13' noenhanced\n", script);
}

/* A constant rate: a line where steps are drawn along one. */
static void draw_promise(FILE *script, const curve_panel *panel) {
  fprintf(script,
          ", (x <= %.9g ? %.9g * (%.9g / %.9g) ** (x / %.9g) : NaN) with lines linecolor rgb '#555555' linewidth 2 "
          "dashtype 3 title 'promised: %.0f steps'",
          panel->promised_step, panel->first, panel->epsilon, panel->first, panel->promised_step, panel->promised_step);
}

static double width_of(const curve *it, size_t count) {
  if (count <= FEW) return 2.5;
  return it->dashed || it->colour > FEW ? 1.8 : 4.5;
}

void curves_draw(FILE *script, const curve_panel *panel, const curve *curves, size_t count) {
  const double last_step = panel->last_step > 0 ? panel->last_step : 1.1 * longest(curves, count);
  const bool logarithmic = needs_logarithms(curves, count, last_step);
  write_data(script, panel, curves, count, logarithmic);
  set_axes(script, panel, last_step, logarithmic);
  fprintf(script, "plot %.9g title 'epsilon = %g' linecolor rgb '#555555' linewidth 1.5 dashtype 2", panel->epsilon,
          panel->epsilon);
  if (panel->promised_step > 0) draw_promise(script, panel);
  for (size_t k = 0; k < count; k++) {
    fprintf(script, ", $%s%zu with lines linetype %zu linewidth %g dashtype %d title ", panel->name, k,
            curves[k].colour, width_of(curves + k, count), curves[k].dashed ? 2 : 1);
    plot_quote(script, curves[k].title);
    fputs(" noenhanced", script);
  }
  if (count > FEW) fputs(", NaN with dots linecolor rgb '#ffffff' title 'wide: underneath'", script);
  fprintf(script, "\n");
}
