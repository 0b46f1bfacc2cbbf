/* SPDX-License-Identifier: BSD-3-Clause */
/* lemma4_step_size.c -- the longest simultaneous step that an eigenvalue allows: exactly, and found by search.
 *
 * Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", Lemma 4: for an eigenvalue with Re < 0 the factor
 * |1 + h lambda| of a step is below 1 exactly for
 *
 *     h < 2 |Re| / |lambda|^2 = (1 / |Re|) 2 / (1 + q^2),   q = |Im/Re|.
 *
 * So at one speed of convergence, |Re|, rotation alone shortens the step like 1 / q^2.  This program compares that with
 * the largest stable step the library finds from the method's stability function, which knows nothing of the lemma, and
 * with the factor of steps just below and just above, for random eigenvalues over six decades. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/options.h"
#include "support/plot.h"

enum { GRID = 161, CURVE = 60, MOST_VALUES = 1000000 };
/* The search takes a mode for stable while its factor is below 1 - 3e-14, and finds the step size to rounding. */
static const double CLOSE = 1e-9;
/* How far around the exact step the factors are looked at. */
static const double MARGIN = 1e-6;

typedef struct step_row {
  double re, im, exact, search;
  double below, above; /* factor of steps a MARGIN below and above the exact one */
} step_row;

/* A simultaneous stepper; its game does not matter, for eigenvalues are given. */
typedef struct searcher {
  gd_game *game;
  gd_stepper *stepper;
} searcher;

static searcher searcher_create(void) {
  const double C = 1.0;
  searcher it = {0};
  must(gd_model_bilinear(&it.game, 1, 1, &C, 1, NULL));
  must(gd_stepper_create_named(&it.stepper, it.game, GD_SIMULTANEOUS));
  return it;
}

static void searcher_destroy(searcher *it) {
  gd_stepper_destroy(it->stepper);
  gd_game_destroy(it->game);
}

static step_row look_at(const searcher *it, double re, double im) {
  const double both_re[2] = {re, re}, both_im[2] = {im, -im};
  step_row row = {.re = re, .im = im};
  gd_spectrum *pair = NULL;
  must(gd_spectrum_from_values(&pair, 2, both_re, both_im, NULL));
  must(gd_largest_euler_step(re, im, &row.exact));
  must(gd_largest_stable_step(it->stepper, pair, &row.search));
  must(gd_rate(it->stepper, pair, row.exact * (1.0 - MARGIN), &row.below));
  must(gd_rate(it->stepper, pair, row.exact * (1.0 + MARGIN), &row.above));
  gd_spectrum_destroy(pair);
  return row;
}

/* An eigenvalue with |Re| over six decades and q from 1/100 to 100. */
static step_row draw_row(const searcher *it, gd_rng *rng) {
  double uniform[2];
  gd_rng_fill_uniform(rng, 2, uniform);
  const double re = -pow(10.0, 6.0 * uniform[0] - 3.0);
  return look_at(it, re, -re * pow(10.0, 4.0 * uniform[1] - 2.0));
}

static double difference(const step_row *row) { return fabs(row->search / row->exact - 1.0); }

static bool row_holds(const step_row *row) { return difference(row) <= CLOSE && row->below < 1.0 && row->above > 1.0; }

static void write_csv(const char *path, const step_row *rows, size_t count) {
  FILE *file = open_output("--csv", path);
  fputs("re,im,exact,search\n", file);
  for (size_t k = 0; k < count; k++) {
    fprintf(file, "%.17g,%.17g,%.17g,%.17g\n", rows[k].re, rows[k].im, rows[k].exact, rows[k].search);
  }
  close_output("--csv", path, file);
}

/* Lines "re im log10(h)" over the left half plane. */
static void draw_plane(FILE *script) {
  fprintf(script, "$plane << EOD\n");
  for (int j = 0; j < GRID; j++) {
    for (int i = 0; i < GRID; i++) {
      const double re = -2.0 * (i + 0.5) / GRID, im = 2.0 * (2.0 * (j + 0.5) / GRID - 1.0);
      double step_size = 0.0;
      must(gd_largest_euler_step(re, im, &step_size));
      fprintf(script, "%.6g %.6g %.6g\n", re, im, log10(step_size));
    }
    fprintf(script, "\n");
  }
  fprintf(script, "EOD\n");
}

/* Where the largest step is h, a circle of radius 1/h around -1/h, labelled on its left or top. */
static void draw_circles(FILE *script) {
  static const double STEPS[] = {0.25, 0.5, 1.0, 2.0, 4.0};
  static const char *const PLACES[] = {"-0.94,1.88", "-1.55,1.75", "-1.25,1.05", "-0.82,0.57", "-0.42,0.28"};
  const size_t count = sizeof STEPS / sizeof *STEPS;
  for (size_t k = 0; k < count; k++) {
    fprintf(script, "set label %zu 'h = %g' at %s left front font ',10'\n", k + 1, STEPS[k], PLACES[k]);
  }
  fprintf(script, "plot $plane using 1:2:3 with image");
  for (size_t k = 0; k < count; k++) {
    fprintf(script, ", (cos(t) - 1) / %g, sin(t) / %g with lines linetype 7 linewidth 1.2", STEPS[k], STEPS[k]);
  }
  fprintf(script, "\nunset label\n");
}

static void draw_curve(FILE *script, const step_row *rows, size_t count) {
  enum { MOST_POINTS = 400 };
  fprintf(script, "$found << EOD\n");
  for (size_t k = 0; k < count && k < MOST_POINTS; k++) {
    fprintf(script, "%.9g %.9g\n", rows[k].im / -rows[k].re, rows[k].search * -rows[k].re);
  }
  fprintf(script, "EOD\n$exact << EOD\n");
  for (int k = 0; k <= CURVE; k++) {
    const double q = pow(10.0, 4.0 * k / CURVE - 2.0);
    fprintf(script, "%.9g %.9g\n", q, 2.0 / (1.0 + q * q));
  }
  fprintf(script,
          "EOD\nunset parametric\nset size noratio\nset xrange [0.01:100]\nset yrange [1e-4:5]\nset logscale xy\n"
          "set format xy '10^{%%T}'\nset xtics autofreq\nset ytics autofreq\nset xlabel 'q = |Im/Re|'\n"
          "set ylabel 'largest step size times |Re|'\n"
          "set title 'rotation shortens it: exact and found' font ',13'\nset key bottom left Left reverse\n"
          "plot $exact with lines linetype 1 title '2 / (1 + q^2)', "
          "$found with points pointtype 6 pointsize 0.7 linetype 2 linewidth 1 title 'by search'\n");
}

static void draw(const char *path, const step_row *rows, size_t count) {
  gnuplot *picture = plot_open(path, 1200, 620);
  FILE *script = plot_script(picture);
  draw_plane(script);
  fputs("set multiplot layout 1,2 title 'Lemma 4: the largest step of simultaneous gradients' font ',14'\n"
        "set parametric\nset trange [-pi:pi]\nset samples 400\nset size ratio -1\nset xrange [-2:0]\n"
        "set yrange [-2:2]\nset xlabel 'Re'\nset ylabel 'Im'\nunset key\nset xtics 1\nset ytics 1\n"
        "set palette defined (0 '#56809c', 1 '#a9cce3', 2 '#ffffff')\nset cbrange [-1.5:1]\n"
        "set cblabel 'log_{10} of the largest step size'\n"
        "set title 'over the left half plane' font ',13'\n",
        script);
  draw_circles(script);
  draw_curve(script, rows, count);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

int main(int argc, char **argv) {
  uint64_t count = 2000, seed = 1;
  const char *csv = NULL, *plot = NULL;
  const option_row options[] = {
      {"eigenvalues", "N", "random eigenvalues", OPTION_COUNT, &count, 1, MOST_VALUES},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &seed, 0, UINT64_MAX},
      {"csv", "FILE", "write the eigenvalues: re,im,exact,search", OPTION_OUTPUT, &csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Lemma 4 of Mescheder, Nowozin & Geiger 2017: the largest simultaneous step that an eigenvalue in the\n"
          "left half plane allows, 2 |Re| / |lambda|^2, against a search.",
      .rows = options,
      .n_rows = sizeof options / sizeof *options};
  options_parse(NULL, &usage, argc, argv);

  searcher search = searcher_create();
  step_row *rows = new_memory(NULL, count * sizeof *rows);
  gd_rng rng = gd_rng_make(seed, 0);
  size_t failures = 0;
  double worst = 0.0;
  for (uint64_t k = 0; k < count; k++) {
    rows[k] = draw_row(&search, &rng);
    failures += !row_holds(&rows[k]);
    worst = fmax(worst, difference(&rows[k]));
  }
  printf("Lemma 4 of Mescheder et al., on random eigenvalues in the left half plane:\n");
  printf("  eigenvalues      %zu\n", (size_t)count);
  printf("  difference       %.3g, largest relative one between exact and searched step size\n", worst);
  printf("  failures         %zu, there or where a step %g shorter grows or one as much longer shrinks\n", failures,
         MARGIN);
  printf("The lemma %s.\n", failures ? "FAILS" : "holds for all of them");
  if (csv) write_csv(csv, rows, count);
  if (plot) draw(plot, rows, count);
  free(rows);
  searcher_destroy(&search);
  return failures ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
