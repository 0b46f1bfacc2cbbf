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
 * with the factor of steps just below and just above, for random eigenvalues over six decades, or for those of a game
 * from files. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/problem.h"
#include "support/rates_of.h"

enum { GRID = 161, CURVE = 60, MOST_VALUES = 1000000 };
/* The search takes a mode for stable while its factor is below 1 - 3e-14, and finds the step size to rounding. */
static const double CLOSE = 1e-9;
/* How far around the exact step the factors are looked at. */
static const double MARGIN = 1e-6;
/* Of a game's eigenvalues, relative to the largest: a real part that small has no sign. */
static const double ROUNDING = 1e-12;

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
  gd_linearisation *at = NULL;
  must(gd_spectrum_from_values(&pair, 2, both_re, both_im, NULL));
  must(gd_largest_euler_step(re, im, &row.exact));
  must(gd_linearise_spectrum(&at, pair, NULL));
  must(gd_largest_stable_step(it->stepper, at, &row.search));
  must(gd_rate(it->stepper, at, row.exact * (1.0 - MARGIN), &row.below));
  must(gd_rate(it->stepper, at, row.exact * (1.0 + MARGIN), &row.above));
  gd_linearisation_destroy(at);
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

/* What is looked at: random eigenvalues, or those of a game that are in the left half plane. */
typedef struct row_list {
  step_row *rows;
  size_t count, elsewhere; /* eigenvalues looked at; of the game, not in the left half plane */
  char words[200];
} row_list;

static row_list random_rows(const searcher *it, uint64_t count, uint64_t seed) {
  row_list list = {.rows = new_array(NULL, count, sizeof *list.rows), .count = count};
  gd_rng rng = gd_rng_make(seed, 0);
  for (uint64_t k = 0; k < count; k++) list.rows[k] = draw_row(it, &rng);
  snprintf(list.words, sizeof list.words, "random eigenvalues in the left half plane");
  return list;
}

static row_list game_rows(const searcher *it, const common_options *common) {
  game_problem problem = problem_bilinear(common);
  gd_game *moving = new_reduced_game(problem.game, problem.equilibrium);
  double *origin = new_numbers(gd_game_size(moving));
  gd_spectrum *spectrum = new_spectrum(moving, origin);
  const size_t count = gd_spectrum_count(spectrum);
  row_list list = {.rows = new_array(NULL, count, sizeof *list.rows)};
  const double *re = gd_spectrum_real(spectrum), *im = gd_spectrum_imaginary(spectrum);
  for (size_t k = 0; k < count; k++) {
    if (re[k] < -ROUNDING * gd_spectrum_radius(spectrum)) list.rows[list.count++] = look_at(it, re[k], im[k]);
  }
  list.elsewhere = count - list.count;
  snprintf(list.words, sizeof list.words, "the eigenvalues of the %s", problem.words);
  gd_spectrum_destroy(spectrum);
  free(origin);
  gd_game_destroy(moving);
  problem_destroy(&problem);
  return list;
}

static double difference(const step_row *row) { return fabs(row->search / row->exact - 1.0); }

static bool row_holds(const step_row *row) { return difference(row) <= CLOSE && row->below < 1.0 && row->above > 1.0; }

/* Corollary 5: what the whole spectrum allows. */
static void print_corollary(const row_list *list) {
  double shortest = list->elsewhere ? 0.0 : INFINITY;
  for (size_t k = 0; k < list->count; k++) shortest = fmin(shortest, list->rows[k].exact);
  printf("  elsewhere        %zu eigenvalues not in the left half plane, which no step shrinks\n", list->elsewhere);
  printf("  largest_step     %.8g, of the game, by Corollary 5\n", shortest);
}

/* Returns how many eigenvalues contradict the lemma. */
static size_t print_rows(const row_list *list) {
  size_t failures = 0;
  double worst = 0.0;
  for (size_t k = 0; k < list->count; k++) {
    failures += !row_holds(&list->rows[k]);
    worst = fmax(worst, difference(&list->rows[k]));
  }
  printf("Lemma 4 of Mescheder et al., on %s:\n", list->words);
  printf("  eigenvalues      %zu\n", list->count);
  printf("  difference       %.3g, largest relative one between exact and searched step size\n", worst);
  printf("  failures         %zu, there or where a step %g shorter grows or one as much longer shrinks\n", failures,
         MARGIN);
  return failures;
}

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
  fprintf(script, "$found << EOD\nNaN NaN\n");
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
          "$found with points pointtype 6 pointsize %g linetype 2 linewidth 1 title 'by search'\n",
          count < 100 ? 1.4 : 0.7);
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

static common_options read_options(int argc, char **argv, uint64_t *count) {
  common_options common = options_default();
  *count = 2000;
  const option_row rows[] = {
      {"eigenvalues", "N", "random eigenvalues", OPTION_COUNT, count, 1, MOST_VALUES},
      {"csv", "FILE", "write the eigenvalues: re,im,exact,search", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Lemma 4 of Mescheder, Nowozin & Geiger 2017: the largest simultaneous step that an eigenvalue in the\n"
          "left half plane allows, 2 |Re| / |lambda|^2, against a search.",
      .details = "With files the eigenvalues are those of the game, idle directions left out, in place of random ones.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "matrix matrix-a matrix-b seed plot"};
  options_parse(&common, &usage, argc, argv);
  return common;
}

int main(int argc, char **argv) {
  uint64_t count;
  const common_options common = read_options(argc, argv, &count);
  const bool of_game = problem_has_files(&common);
  searcher search = searcher_create();
  const row_list list = of_game ? game_rows(&search, &common) : random_rows(&search, count, common.seed);
  const size_t failures = print_rows(&list);
  if (of_game) print_corollary(&list);
  printf("The lemma %s.\n", failures ? "FAILS" : list.count ? "holds for all of them" : "was not put to the test");
  if (common.csv) write_csv(common.csv, list.rows, list.count);
  if (common.plot) draw(common.plot, list.rows, list.count);
  free(list.rows);
  searcher_destroy(&search);
  return failures ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
