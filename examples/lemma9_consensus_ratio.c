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
 * are random over four decades, so that both bounds are met on all scales.  A game from files takes the place of the
 * counterexample. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/problem.h"
#include "support/rates_of.h"
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

static lemma_row look_at(gd_game *game, const double *x, double gamma) {
  gd_consensus_report report;
  gd_linearisation *at = new_linearisation(game, x);
  must_for("--gamma", gd_consensus_report_compute(at, gamma, &report));
  gd_linearisation_destroy(at);
  return (lemma_row){.n = gd_game_size(game),
                     .gamma = gamma,
                     .rotation = report.rotation_norm,
                     .ratio = report.hypothesis ? report.consensus_ratio : NAN,
                     .printed = 1.0 / (report.c + 2.0 * report.rho * report.rho * gamma),
                     .corrected = report.ratio_bound};
}

/* The game v = J x of n players with one variable each. */
static lemma_row look_at_random(const random_game *it) {
  size_t blocks[MOST_VARIABLES];
  for (size_t k = 0; k < it->n; k++) blocks[k] = 1;
  const double origin[MOST_VARIABLES] = {0};
  gd_game *game = NULL;
  must(gd_model_affine(&game, it->n, blocks, it->J, it->n, NULL, NULL));
  const lemma_row row = look_at(game, origin, it->gamma);
  gd_game_destroy(game);
  return row;
}

/* The game from files, its idle directions left out. */
static lemma_row look_at_files(const common_options *common, double gamma) {
  game_problem problem = problem_bilinear(common);
  gd_game *moving = new_reduced_game(problem.game, problem.equilibrium);
  double *origin = new_numbers(gd_game_size(moving));
  const lemma_row row = look_at(moving, origin, gamma);
  printf("Lemma 9 of Mescheder, Nowozin & Geiger.  The %s, gamma = %g:\n", problem.words, gamma);
  free(origin);
  gd_game_destroy(moving);
  problem_destroy(&problem);
  return row;
}

static lemma_row look_at_counterexample(void) {
  const random_game it = {.n = 2, .gamma = 1.0, .J = {0.0, -1.0, 1.0, 0.0}};
  printf("Lemma 9 of Mescheder, Nowozin & Geiger.  J = [[0, 1], [-1, 0]], gamma = 1:\n");
  return look_at_random(&it);
}

/* 10 to a power uniform between -2 and 2. */
static double four_decades(gd_rng *rng) {
  double uniform = 0.0;
  gd_rng_fill_uniform(rng, 1, &uniform);
  return pow(10.0, 4.0 * uniform - 2.0);
}

/* Twice --size; else two to ten, and two, four and so on where J is skew, for a skew matrix of odd size is singular. */
static size_t draw_size(gd_rng *rng, bool skew, uint64_t size) {
  if (size > 0) return 2 * (size_t)size;
  return skew ? 2 + 2 * (size_t)gd_rng_below(rng, MOST_VARIABLES / 2)
              : 2 + (size_t)gd_rng_below(rng, MOST_VARIABLES - 1);
}

static random_game draw_game(gd_rng *rng, uint64_t index, const common_options *common) {
  const bool skew = index % 3 == 0;
  random_game it = {.gamma = common->gamma > 0 ? common->gamma : four_decades(rng)};
  it.n = draw_size(rng, skew, common->size);
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

static void print_first(const lemma_row *it) {
  if (isnan(it->ratio)) {
    printf("  J is not negative semidefinite and invertible: nothing is claimed of it.\n\n");
    return;
  }
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

static void write_row(FILE *file, const lemma_row *it) {
  if (isnan(it->ratio)) return;
  fprintf(file, "%zu,%.17g,%.17g,%.17g,%.17g,%.17g\n", it->n, it->gamma, it->rotation, it->ratio, it->printed,
          it->corrected);
}

/* `first` may be NULL. */
static void write_csv(const char *path, const lemma_row *first, const lemma_row *rows, size_t count) {
  FILE *file = open_output("--csv", path);
  fputs("n,gamma,rotation_norm,ratio,printed,corrected\n", file);
  if (first) write_row(file, first);
  for (size_t k = 0; k < count; k++) write_row(file, &rows[k]);
  close_output("--csv", path, file);
}

/* Points above the diagonal violate a bound. */
static void draw_panel(FILE *script, const char *title, int column) {
  fprintf(script,
          "set title '%s' font ',13'\n"
          "plot $games using %d:($2 > $%d ? NaN : $2) with points pointtype 7 pointsize 0.35 linetype 8, "
          "$games using %d:($2 > $%d ? $2 : NaN) with points pointtype 7 pointsize 0.45 linetype 2, "
          "$first using %d:2 with points pointtype 3 pointsize 1.8 linewidth 2.5 linetype 7, "
          "x with lines linetype 7 linewidth 1.5\n",
          title, column, column, column, column, column);
}

static void draw(const char *path, const lemma_row *rows, size_t count, const lemma_row *first, const char *star) {
  enum { MOST_POINTS = 5000 };
  gnuplot *picture = plot_open(path, 1200, 640);
  FILE *script = plot_script(picture);
  fprintf(script, "$games << EOD\n");
  for (size_t k = 0; k < count && k < MOST_POINTS; k++) {
    if (!isnan(rows[k].ratio)) {
      fprintf(script, "%zu %.9g %.9g %.9g\n", k, rows[k].ratio, rows[k].printed, rows[k].corrected);
    }
  }
  fprintf(script, "EOD\n$first << EOD\nNaN NaN NaN NaN\n0 %.9g %.9g %.9g\nEOD\n", first->ratio, first->printed,
          first->corrected);
  fprintf(
      script,
      "set multiplot layout 1,2 title 'Lemma 9: |Im/Re| after consensus against its bound (orange: above the bound; "
      "star: %s)' font ',14'\n",
      star);
  const double low = fmax(1e-12, fmin(1e-4, fmin(first->ratio, first->printed)));
  const double high = isfinite(first->corrected) ? fmax(1e4, first->corrected) : 1e4;
  fprintf(script,
          "set logscale xy\nset format xy '10^{%%T}'\nset size square\nunset key\n"
          "set xrange [%g:%g]\nset yrange [%g:%g]\nset xlabel 'bound'\nset ylabel 'largest |Im/Re|'\n",
          low, high, low, high);
  draw_panel(script, "as printed, 1 / (c + 2 gamma rho^2)", 3);
  draw_panel(script, "corrected, 1 / (c + 2 gamma rho^2 / |J - J''|)", 4);
  fputs("unset multiplot\n", script);
  plot_close(picture);
}

static common_options read_options(int argc, char **argv, uint64_t *games) {
  common_options common = options_default();
  *games = 3000;
  common.gamma = 0.0;
  common.size = 0;
  const option_row rows[] = {
      {"games", "N", "random games", OPTION_COUNT, games, 1, MOST_GAMES},
      {"size", "P", "random games of 2 P variables, P at most 5, in place of 2 to 10", OPTION_COUNT, &common.size, 1,
       MOST_VARIABLES / 2},
      {"gamma", "G", "gamma of all games, 1e-6 to 1e6, in place of random ones", OPTION_POSITIVE, &common.gamma, 0, 0},
      {"csv", "FILE", "write the games, one line each", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Lemma 9 of Mescheder, Nowozin & Geiger 2017: |Im/Re| of eigenvalues after consensus, against the bound\n"
          "as printed and the corrected one.",
      .details = "--csv has the columns n,gamma,rotation_norm,ratio,printed,corrected; a game from files comes first.\n"
                 "That one takes the place of the counterexample, with gamma 1 unless --gamma is given.\n"
                 "A violation of the corrected bound is a failed claim; those of the printed one are counted.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "matrix matrix-a matrix-b seed plot"};
  options_parse(&common, &usage, argc, argv);
  if (common.gamma > 0 && (common.gamma < 1e-6 || common.gamma > 1e6)) {
    die("--gamma: %g is not between 1e-6 and 1e6; beyond, rounding hides the smaller part of an eigenvalue",
        common.gamma);
  }
  return common;
}

static lemma_row *look_at_games(const common_options *common, uint64_t games) {
  lemma_row *found = new_array(NULL, games, sizeof *found);
  gd_rng rng = gd_rng_make(common->seed, 0);
  for (uint64_t k = 0; k < games; k++) {
    const random_game drawn = draw_game(&rng, k, common);
    found[k] = look_at_random(&drawn);
  }
  return found;
}

int main(int argc, char **argv) {
  uint64_t games;
  const common_options common = read_options(argc, argv, &games);
  const bool of_files = problem_has_files(&common);
  const lemma_row first =
      of_files ? look_at_files(&common, common.gamma > 0 ? common.gamma : 1.0) : look_at_counterexample();
  print_first(&first);
  lemma_row *found = look_at_games(&common, games);
  const tally sum = count_violations(found, games);
  print_tally(&sum, games);
  const bool printed_fails = sum.printed_violations > 0 || exceeds(first.ratio, first.printed);
  const bool broken = sum.corrected_violations > 0 || exceeds(first.ratio, first.corrected);
  printf("\nThe corrected bound %s; the printed one %s.\n", broken ? "is BROKEN" : "holds",
         printed_fails ? "is broken" : "holds too, on these games");
  if (common.csv) write_csv(common.csv, of_files ? &first : NULL, found, games);
  if (common.plot) draw(common.plot, found, games, &first, of_files ? "the game from files" : "the counterexample");
  free(found);
  return broken ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
