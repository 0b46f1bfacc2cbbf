/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem31_gan_rates.c -- how far left the eigenvalues of a GAN lie, against what is promised.
 *
 * Nagarajan & Kolter 2017, "Gradient descent GAN optimization is locally stable", Theorem 3.1: at the equilibrium of a
 * GAN, J = [[2 f2 K_DD, -f1 K_DG], [f1 K_DG', 0]] with f1 = f'(0) and f2 = f''(0) < 0.  With k, K the extreme
 * eigenvalues of K_DD and s the least of K_DG'K_DG,
 *
 *     real eigenvalues are at most 2 f2 f1^2 k s / (4 f2^2 k K + f1^2 s), others have Re at most f2 k.
 *
 * Tested on all eigenvalues of the planar GAN, where the second is an equality, and of random K_DD and K_DG of up to
 * six variables for each player, with scales over four decades, or on a GAN from files in place of the planar one; f is
 * the logistic one, f1 = 1/2, f2 = -1/4. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"
#include "support/gan_matrices.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/rates_of.h"
#include "support/table.h"

enum { MOST_GAMES = 1000000 };
static const double F1 = 0.5, F2 = -0.25;
static const double ROUNDING = 1e-12; /* of an eigenvalue, relative to the largest of its matrix */

typedef struct rate_row {
  uint64_t game;
  double re, im, bound;
  double slack; /* what rounding may add to re */
} rate_row;

/* Rows of all eigenvalues, those of game 0, the planar GAN or the one from files, first. */
typedef struct rate_list {
  rate_row *rows;
  size_t count, capacity;
  size_t first; /* how many are of game 0 */
} rate_list;

static bool is_real(const rate_row *row) { return row->im == 0.0; }

static bool is_broken(const rate_row *row) { return !(row->re <= row->bound + row->slack); }

static void add_row(rate_list *list, const rate_row *row) {
  if (list->count == list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 1024;
    list->rows = new_array(list->rows, list->capacity, sizeof *list->rows);
  }
  list->rows[list->count++] = *row;
}

static void add_game(rate_list *list, uint64_t number, const gan_matrices *matrices) {
  gd_rate_bounds bounds;
  must(gd_gan_rate_bounds(F1, F2, matrices->kdd_min, matrices->kdd_max, matrices->kdg_min, &bounds));
  gd_game *game = gan_matrices_game(matrices, F1, F2);
  double *origin = new_numbers(gd_game_size(game));
  gd_spectrum *spectrum = new_spectrum(game, origin);
  const double slack = ROUNDING * gd_spectrum_radius(spectrum);
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k];
    const rate_row row = {number, re, im, im == 0.0 ? bounds.real : bounds.non_real, slack};
    add_row(list, &row);
  }
  gd_spectrum_destroy(spectrum);
  gd_game_destroy(game);
  free(origin);
}

static rate_list find_rates(const common_options *common, uint64_t games) {
  rate_list list = {0};
  gan_matrices first = gan_matrices_first(common);
  add_game(&list, 0, &first);
  list.first = list.count;
  gan_matrices_destroy(&first);
  gd_rng rng = gd_rng_make(common->seed, 0);
  for (uint64_t number = 1; number <= games; number++) {
    gan_matrices drawn = gan_matrices_draw(&rng, common->size, 0);
    add_game(&list, number, &drawn);
    gan_matrices_destroy(&drawn);
  }
  return list;
}

/* One line for the real eigenvalues or for the others; returns how many are broken. */
static size_t print_kind(text_table *table, const rate_list *list, bool real) {
  size_t count = 0, broken = 0;
  double closest = INFINITY;
  for (size_t k = 0; k < list->count; k++) {
    const rate_row *row = &list->rows[k];
    if (is_real(row) != real) continue;
    count++;
    broken += is_broken(row);
    closest = fmin(closest, row->re / row->bound);
  }
  table_cell(table, real ? "real" : "others");
  table_number(table, (double)count);
  table_number(table, (double)broken);
  table_number(table, count ? closest : NAN);
  return broken;
}

static void write_csv(const char *path, const rate_list *list) {
  FILE *file = open_output("--csv", path);
  fputs("game,re,im,bound\n", file);
  for (size_t k = 0; k < list->count; k++) {
    const rate_row *row = &list->rows[k];
    fprintf(file, "%llu,%.17g,%.17g,%.17g\n", (unsigned long long)row->game, row->re, row->im, row->bound);
  }
  close_output("--csv", path, file);
}

static void draw_kind(FILE *script, const rate_list *list, bool real) {
  enum { MOST_POINTS = 5000 };
  const char *name = real ? "real" : "others";
  fprintf(script, "$%s << EOD\nNaN NaN\n", name);
  for (size_t k = 0; k < list->count && k < MOST_POINTS; k++) {
    const rate_row *row = &list->rows[k];
    if (is_real(row) == real) fprintf(script, "%.9g %.9g\n", -row->bound, -row->re);
  }
  fprintf(script, "EOD\n");
}

/* The stars: what of game 0 is not real. */
static void draw_first(FILE *script, const rate_list *list) {
  fprintf(script, "$first << EOD\nNaN NaN\n");
  for (size_t k = 0; k < list->first; k++) {
    const rate_row *row = &list->rows[k];
    if (!is_real(row)) fprintf(script, "%.9g %.9g\n", -row->bound, -row->re);
  }
  fprintf(script, "EOD\n");
}

static void draw(const char *path, const rate_list *list, const char *first) {
  gnuplot *picture = plot_open(path, 1200, 640);
  FILE *script = plot_script(picture);
  draw_kind(script, list, true);
  draw_kind(script, list, false);
  draw_first(script, list);
  double low = 1e-8, high = 1e2;
  for (size_t k = 0; k < list->first; k++) {
    low = fmin(low, -list->rows[k].bound);
    high = fmax(high, -list->rows[k].re);
  }
  fprintf(script,
          "set multiplot layout 1,2 title 'Theorem 3.1: no eigenvalue is slower than its bound, the black line' font "
          "',14'\nset logscale xy\nset format xy '10^{%%T}'\nset size square\nset key bottom right Left reverse\n"
          "set xrange [%g:%g]\nset yrange [%g:%g]\nset xlabel '-bound'\nset ylabel '-Re'\n"
          "set title 'real eigenvalues' font ',13'\n"
          "plot $real with points pointtype 7 pointsize 0.35 linetype 1 title 'random games', "
          "x with lines linetype 7 linewidth 1.5 notitle\n"
          "set title 'others' font ',13'\n"
          "plot $others with points pointtype 7 pointsize 0.35 linetype 2 title 'random games', "
          "x with lines linetype 7 linewidth 1.5 notitle, "
          "$first with points pointtype 3 pointsize 1.8 linewidth 2.5 linetype 7 title ",
          low, high, low, 10.0 * high);
  plot_quote(script, first);
  fprintf(script, " noenhanced\nunset multiplot\n");
  plot_close(picture);
}

static common_options read_options(int argc, char **argv, uint64_t *games) {
  common_options common = options_default();
  *games = 2000;
  common.size = 0;
  const option_row rows[] = {
      {"matrix", "FILE", "K_DG [d by g] of a GAN, in place of the planar one", OPTION_TEXT, &common.matrix, 0, 0},
      {"matrix-a", "FILE", "its K_DD [d by d]", OPTION_TEXT, &common.matrix_a, 0, 0},
      {"games", "N", "random games", OPTION_COUNT, games, 1, MOST_GAMES},
      {"size", "P", "variables of a random discriminator, in place of 1 to 6", OPTION_COUNT, &common.size, 1, GAN_MOST},
      {"csv", "FILE", "write the eigenvalues: game,re,im,bound", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose = "Theorem 3.1 of Nagarajan & Kolter 2017: how far left all eigenvalues of a GAN's Jacobian lie.",
      .details =
          "Game 0 of --csv is the planar GAN of the paper's Figure 3, or that of the files; the others have random\n"
          "K_DD and K_DG.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "seed plot"};
  options_parse(&common, &usage, argc, argv);
  return common;
}

int main(int argc, char **argv) {
  uint64_t games;
  char text[120];
  const common_options common = read_options(argc, argv, &games);
  const char *first = gan_matrices_words(&common, text, sizeof text);
  rate_list list = find_rates(&common, games);
  printf("Theorem 3.1 of Nagarajan & Kolter, on %s:\n", first);
  printf("  re               %.8g, largest real part of its eigenvalues\n", list.rows[0].re);
  printf("  bound            %.8g, %s\n\nThat and %llu random games:\n\n", list.rows[0].bound,
         is_real(&list.rows[0]) ? "for real ones" : "f2 k", (unsigned long long)games);
  text_table *table = table_create("eigenvalues|number|violations|least Re / bound");
  const size_t broken = print_kind(table, &list, true) + print_kind(table, &list, false);
  table_print(table, stdout);
  printf("\nThe bounds %s.\n", broken ? "are BROKEN" : "hold for all eigenvalues");
  if (common.csv) write_csv(common.csv, &list);
  if (common.plot) draw(common.plot, &list, first);
  free(list.rows);
  return broken ? EXIT_CLAIM_FAILED : EXIT_SUCCESS;
}
