/* SPDX-License-Identifier: BSD-3-Clause */
/* curves.c -- the gnuplot commands for one panel of distance curves. */
#include "support/curves.h"

#include <math.h>

#include "support/plot.h"

static double longest(const curve *curves, size_t count) {
  double last = 1.0;
  for (size_t k = 0; k < count; k++) last = fmax(last, (double)curves[k].history->last_step);
  return last;
}

static void write_data(FILE *script, const curve_panel *panel, const curve *curves, size_t count) {
  for (size_t k = 0; k < count; k++) {
    fprintf(script, "$%s%zu << EOD\n", panel->name, k);
    history_draw(curves[k].history, script, false);
    fprintf(script, "EOD\n");
  }
}

static void set_axes(FILE *script, const curve_panel *panel, double last_step) {
  fprintf(script,
          "set xtics autofreq\nset ytics autofreq\nset logscale y\nset format y '10^{%%T}'\nset xlabel 'step'\nset "
          "ylabel 'distance to the equilibrium'\n"
          "set xrange [0:%.9g]\nset yrange [%.9g:%.9g]\nset key %s reverse Left samplen 2.5 spacing 1.2\n",
          last_step, 0.3 * panel->epsilon, 6.0 * panel->first, panel->key);
  fputs("set title ", script);
  plot_quote(script, panel->title);
  fputs(" font ',13' noenhanced\n", script);
  if (panel->marked_step > 0) {
    fprintf(script,
            "set arrow from first %.9g, graph 0 to first %.9g, graph 1 nohead dashtype 3 linewidth 2 "
            "linecolor rgb '#555555'\n",
            panel->marked_step, panel->marked_step);
  }
}

void curves_draw(FILE *script, const curve_panel *panel, const curve *curves, size_t count) {
  const double last_step = panel->last_step > 0 ? panel->last_step : 1.1 * longest(curves, count);
  write_data(script, panel, curves, count);
  set_axes(script, panel, last_step);
  fprintf(script, "plot %.9g title 'epsilon = %g' linecolor rgb '#555555' linewidth 1.5 dashtype 2", panel->epsilon,
          panel->epsilon);
  if (panel->marked_step > 0) {
    fprintf(script, ", NaN title 'promised: %.0f steps' linecolor rgb '#555555' linewidth 2 dashtype 3",
            panel->marked_step);
  }
  for (size_t k = 0; k < count; k++) {
    fprintf(script, ", $%s%zu with lines linetype %zu linewidth %g dashtype %d title ", panel->name, k,
            curves[k].colour, 2.2, curves[k].dashed ? 2 : 1);
    plot_quote(script, curves[k].title);
    fputs(" noenhanced", script);
  }
  fprintf(script, "\n");
}
