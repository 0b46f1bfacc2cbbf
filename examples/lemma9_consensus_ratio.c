/* SPDX-License-Identifier: BSD-3-Clause */
/* lemma9_consensus_ratio.c -- how far consensus pulls eigenvalues off the imaginary axis: as printed, and corrected.
 *
 * Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", Lemma 9: J negative semidefinite and invertible, the
 * consensus field's Jacobian J - gamma J'J has |Im/Re| over its eigenvalues at most
 *
 *     1 / (c + 2 gamma rho^2)                   as printed, which is false where |J - J'| > 1,
 *     1 / (c + 2 gamma rho^2 / |J - J'|)        corrected,
 *
 * rho the least singular value of J and 1/c the spectral radius of (J + J')^{-1} (J - J').
 *
 * The counterexample to print is J = [[0, 1], [-1, 0]] with gamma = 1: the eigenvalues are -1 +- i, and print allows
 * 1/2.  The random games have J = -a G G'/n + b (K - K'), of 2 to 10 variables, with every third a = 0; a, b and gamma
 * are random over four decades, so that both bounds are met on all scales. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/options.h"
#include "support/plot.h"
#include "support/table.h"

enum { MOST_VARIABLES = 10, MOST_GAMES = 1000000 };
static const double ROUNDING = 1e-9; /* of eigenvalues, relative to the bound */

typedef struct lemma_row {
  size_t n;
  double gamma, rotation, ratio, printed, corrected;
} lemma_row;

typedef struct random_game {
  size_t n;
  double gamma;
  double J[MOST_VARIABLES * MOST_VARIABLES];
} random_game;

/* The game v = J x of n players with one variable each. */
static lemma_row look_at(const random_game *it) {
  size_t blocks[MOST_VARIABLES];
  for (size_t k = 0; k < it->n; k++) blocks[k] = 1;
  const double origin[MOST_VARIABLES] = {0};
  gd_game *game = NULL;
  gd_consensus_report report;
  must(gd_model_affine(&game, it->n, blocks, it->J, it->n, NULL, NULL));
  must_for("--gamma", gd_consensus_report_at(game, origin, it->gamma, &report));
  gd_game_destroy(game);
  return (lemma_row){.n = it->n,
                     .gamma = it->gamma,
                     .rotation = report.rotation_norm,
                     .ratio = report.hypothesis ? report.consensus_ratio : NAN,
                     .printed = 1.0 / (report.c + 2.0 * report.rho * report.rho * it->gamma),
                     .corrected = report.ratio_bound};
}

/* 10 to a power uniform between -2 and 2. */
static double four_decades(gd_rng *rng) {
  double uniform = 0.0;
  gd_rng_fill_uniform(rng, 1, &uniform);
  return pow(10.0, 4.0 * uniform - 2.0);
}

/* Two, four and so on variables where J is skew alone, for a skew matrix of odd size is singular. */
static random_game draw_game(gd_rng *rng, uint64_t index, double gamma) {
  const bool skew = index % 3 == 0;
  random_game it = {.gamma = gamma > 0 ? gamma : four_decades(rng)};
  it.n =
      skew ? 2 + 2 * (size_t)gd_rng_below(rng, MOST_VARIABLES / 2) : 2 + (size_t)gd_rng_below(rng, MOST_VARIABLES - 1);
  const double a = skew ? 0.0 : four_decades(rng), b = four_decades(rng);
  const size_t n = it.n;
  double G[MOST_VARIABLES * MOST_VARIABLES], K[MOST_VARIABLES * MOST_VARIABLES];
  double transposed[MOST_VARIABLES * MOST_VARIABLES], square[MOST_VARIABLES * MOST_VARIABLES];
  gd_rng_fill_normal(rng, n * n, G);
  gd_rng_fill_normal(rng, n * n, K);
  transpose(n, n, G, transposed);
  multiply(n, n, n, G, transposed, square);
  transpose(n, n, K, transposed);
  for (size_t k = 0; k < n * n; k++) it.J[k] = -a * square[k] / (double)n + b * (K[k] - transposed[k]);
  return it;
}

static bool exceeds(double ratio, double bound) { return ratio > bound * (1.0 + ROUNDING); }

/* What became of the two bounds over many games. */
typedef struct tally {
  size_t games, printed_violations, corrected_violations;
  double printed_worst, corrected_worst; /* ratio over bound */
} tally;

static tally count_violations(const lemma_row *rows, size_t count) {
  tally sum = {0};
  for (size_t k = 0; k < count; k++) {
    if (isnan(rows[k].ratio)) continue; /* the hypothesis fails to rounding: nothing is claimed */
    sum.games++;
    sum.printed_violations += exceeds(rows[k].ratio, rows[k].printed);
    sum.corrected_violations += exceeds(rows[k].ratio, rows[k].corrected);
    sum.printed_worst = fmax(sum.printed_worst, rows[k].ratio / rows[k].printed);
    sum.corrected_worst = fmax(sum.corrected_worst, rows[k].ratio / rows[k].corrected);
  }
  return sum;
}

static void print_counterexample(const lemma_row *it) {
  printf("Lemma 9 of Mescheder, Nowozin & Geiger.  J = [[0, 1], [-1, 0]], gamma = 1:\n");
  printf("  ratio            %.8g, the largest |Im/Re| of J - gamma J'J\n", it->ratio);
  printf("  printed          %.8g, 1 / (c + 2 gamma rho^2)\n", it->printed);
  printf("  corrected        %.8g, 1 / (c + 2 gamma rho^2 / |J - J'|)\n\n", it->corrected);
}

static void print_tally(const tally *sum, size_t drawn) {
  printf("%zu random games, %zu of them within the hypothesis to rounding:\n\n", drawn, sum->games);
  text_table *table = table_create("bound|violations|largest ratio / bound");
  table_cell(table, "printed");
  table_number(table, (double)sum->printed_violations);
  table_number(table, sum->printed_worst);
  table_cell(table, "corrected");
  table_number(table, (double)sum->corrected_violations);
  table_number(table, sum->corrected_worst);
  table_print(table, stdout);
}

static void write_csv(const char *path, const lemma_row *rows, size_t count) {
  FILE *file = open_output("--csv", path);
  fputs("n,gamma,rotation_norm,ratio,printed,corrected\n", file);
  for (size_t k = 0; k < count; k++) {
    if (isnan(rows[k].ratio)) continue;
    fprintf(file, "%zu,%.17g,%.17g,%.17g,%.17g,%.17g\n", rows[k].n, rows[k].gamma, rows[k].rotation, rows[k].ratio,
            rows[k].printed, rows[k].corrected);
  }
  close_output("--csv", path, file);
}

/* Points above the diagonal violate a bound. */
static void draw_panel(FILE *script, const char *title, int column) {
  fprintf(script,
          "set title '%s' font ',13'\n"
          "plot $games using %d:($2 > $%d ? NaN : $2) with points pointtype 7 pointsize 0.35 linetype 8, "
          "$games using %d:($2 > $%d ? $2 : NaN) with points pointtype 7 pointsize 0.45 linetype 2, "
          "$example using %d:2 with points pointtype 3 pointsize 1.8 linewidth 2.5 linetype 7, "
          "x with lines linetype 7 linewidth 1.5\n",
          title, column, column, column, column, column);
}

static void draw(const char *path, const lemma_row *rows, size_t count, const lemma_row *example) {
  enum { MOST_POINTS = 5000 };
  gnuplot *picture = plot_open(path, 1200, 640);
  FILE *script = plot_script(picture);
  fprintf(script, "$games << EOD\n");
  for (size_t k = 0; k < count && k < MOST_POINTS; k++) {
    if (!isnan(rows[k].ratio)) {
      fprintf(script, "%zu %.9g %.9g %.9g\n", k, rows[k].ratio, rows[k].printed, rows[k].corrected);
    }
  }
  fprintf(script, "EOD\n$example << EOD\n0 %.9g %.9g %.9g\nEOD\n", example->ratio, example->printed,
          example->corrected);
  fputs("set multiplot layout 1,2 title 'Lemma 9: |Im/Re| after consensus against its bound (orange: above the bound; "
        "star: the counterexample)' font ',14'\n"
        "set logscale xy\nset format xy '10^{%T}'\nset size square\nunset key\n"
        "set xrange [1e-4:1e4]\nset yrange [1e-4:1e4]\nset xlabel 'bound'\nset ylabel 'largest |Im/Re|'\n",
        script);
  draw_panel(script, "as printed, 1 / (c + 2 gamma rho^2)", 3);
  draw_panel(script, "corrected, 1 / (c + 2 gamma rho^2 / |J - J''|)", 4);
  fputs("unset multiplot\n", script);
  plot_close(picture);
}

int main(int argc, char **argv) {
  uint64_t games = 3000, seed = 1;
  double gamma = 0.0;
  const char *csv = NULL, *plot = NULL;
  const option_row rows[] = {
      {"games", "N", "random games", OPTION_COUNT, &games, 1, MOST_GAMES},
      {"seed", "N", "seed of everything random", OPTION_COUNT, &seed, 0, UINT64_MAX},
      {"gamma", "G", "gamma of all random games, 1e-6 to 1e6", OPTION_POSITIVE, &gamma, 0, 0},
      {"csv", "FILE", "write the games, one line each", OPTION_OUTPUT, &csv, 0, 0},
      {"plot", "FILE", "draw to a .svg, .png or .pdf file (needs gnuplot)", OPTION_PICTURE, &plot, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Lemma 9 of Mescheder, Nowozin & Geiger 2017: |Im/Re| of eigenvalues after consensus, against the bound\n"
          "as printed and the corrected one.",
      .details = "--csv has the columns n,gamma,rotation_norm,ratio,printed,corrected.\n"
                 "A violation of the corrected bound is a failed claim; those of the printed one are counted.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows};
  options_parse(NULL, &usage, argc, argv);
  if (gamma > 0 && (gamma < 1e-6 || gamma > 1e6)) {
    die("--gamma: %g is not between 1e-6 and 1e6; beyond, rounding hides the smaller part of an eigenvalue", gamma);
  }

  const random_game counterexample = {.n = 2, .gamma = 1.0, .J = {0.0, -1.0, 1.0, 0.0}};
  const lemma_row example = look_at(&counterexample);
  lemma_row *found = new_memory(NULL, games * sizeof *found);
  gd_rng rng = gd_rng_make(seed, 0);
  for (uint64_t k = 0; k < games; k++) {
    const random_game drawn = draw_game(&rng, k, gamma);
    found[k] = look_at(&drawn);
  }
  const tally sum = count_violations(found, games);
  print_counterexample(&example);
  print_tally(&sum, games);
  const bool broken = sum.corrected_violations > 0 || exceeds(example.ratio, example.corrected);
  printf("\nThe corrected bound %s; the printed one is broken by the counterexample%s.\n",
         broken ? "is BROKEN" : "holds", sum.printed_violations ? " and by random games" : "");
  if (csv) write_csv(csv, found, games);
  if (plot) draw(plot, found, games, &example);
  free(found);
  return broken ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
