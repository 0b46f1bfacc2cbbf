/* SPDX-License-Identifier: BSD-3-Clause */
/* learning_plot.c -- distances at the end as boxes with every run a point, and medians along the training. */
#include <math.h>

#include "support/learning.h"
#include "support/plot.h"

/* Points of one box stand side by side. */
static double place_of(const learning *it, size_t run, size_t method) {
  const double seeds = (double)it->set.seeds, own = (double)(run / it->n_methods);
  return (double)method + 1 + 0.3 * ((own + 0.5) / seeds - 0.5);
}

static void write_box(FILE *script, const learning *it, size_t method) {
  double q[LEARNING_LEVELS];
  fprintf(script, "$box%zu << EOD\n", method);
  if (learning_quantiles(it, it->methods[method], it->rows - 1, q))
    fprintf(script, "%zu %.9g %.9g %.9g %.9g %.9g\n", method + 1, q[1], q[0], q[4], q[3], q[LEARNING_MEDIAN]);
  fprintf(script, "EOD\n$runs%zu << EOD\n", method);
  for (size_t run = method; run < learning_runs(it); run += it->n_methods)
    if (!isnan(learning_end(it, run))) fprintf(script, "%.9g %.9g\n", place_of(it, run, method), learning_end(it, run));
  fprintf(script, "EOD\n");
}

static void set_axis(FILE *script, const learning *it) {
  fputs("set ylabel ", script);
  plot_quote(script, it->kind->distance);
  fprintf(script, " offset 2\n%s logscale y\nset format y %s\n", it->kind->logarithmic ? "set" : "unset",
          it->kind->logarithmic ? "'10^{%T}'" : "'%g'");
}

void learning_draw_boxes(FILE *script, const learning *it) {
  for (size_t k = 0; k < it->n_methods; k++) write_box(script, it, k);
  set_axis(script, it);
  fprintf(script,
          "set title 'at the end: quartiles, median, each run' font ',13'\nset xrange [0.4:%zu.6]\nset xlabel "
          "''\nunset key\nset boxwidth 0.55\nset style fill solid 0.25\nset xtics (",
          it->n_methods);
  for (size_t k = 0; k < it->n_methods; k++)
    fprintf(script, "%s'%s' %zu", k ? ", " : "", learning_words(it->methods[k]), k + 1);
  fprintf(script, ") nomirror\nplot ");
  for (size_t k = 0; k < it->n_methods; k++)
    fprintf(script,
            "%s$box%zu using 1:2:3:4:5 with candlesticks linetype %d whiskerbars 0.5, "
            "$box%zu using ($1-0.275):6:(0.55):(0) with vectors nohead linetype %d linewidth 4, "
            "$runs%zu using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb '#333333'",
            k ? ", " : "", k, it->methods[k] + 1, k, it->methods[k] + 1, k);
  fprintf(script, "\nset xtics autofreq\n");
}

void learning_draw_curves(FILE *script, const learning *it) {
  for (size_t k = 0; k < it->n_methods; k++) {
    double q[LEARNING_LEVELS];
    fprintf(script, "$curve%zu << EOD\n", k);
    for (size_t row = 0; row < it->rows; row++)
      if (learning_quantiles(it, it->methods[k], row, q))
        fprintf(script, "%.9g %.9g %.9g %.9g\n", (double)(row + 1 < it->rows ? row * it->set.every : it->set.steps),
                q[1], q[LEARNING_MEDIAN], q[3]);
    fprintf(script, "EOD\n");
  }
  set_axis(script, it);
  fprintf(script,
          "set title 'along the training: median and quartiles' font ',13'\nset xrange [0:%llu]\nset xlabel "
          "'steps'\nset key top right\nset style fill transparent solid 0.15 "
          "noborder\nplot ",
          (unsigned long long)it->set.steps);
  for (size_t k = 0; k < it->n_methods; k++)
    fprintf(script,
            "%s$curve%zu using 1:2:4 with filledcurves linetype %d notitle, "
            "$curve%zu using 1:3 with lines linetype %d linewidth %zu title '%s'",
            k ? ", " : "", k, it->methods[k] + 1, k, it->methods[k] + 1, 2 * (it->n_methods - k),
            learning_words(it->methods[k]));
  fprintf(script, "\n");
}
