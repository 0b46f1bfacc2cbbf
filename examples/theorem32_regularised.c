/* SPDX-License-Identifier: BSD-3-Clause */
/* theorem32_regularised.c -- what the gradient penalty eta does to the eigenvalues of a WGAN and of a GAN.
 *
 * Nagarajan & Kolter 2017, "Gradient descent GAN optimization is locally stable", Theorem 3.2: the generator also
 * descends eta |grad_D V|^2.  For a WGAN, with s, S the extreme eigenvalues of f1^2 K_DG'K_DG,
 *
 *     real eigenvalues are at most -2 eta s / (4 eta^2 S + 1), others have Re at most -eta s,
 *
 * and each s gives exactly the two -eta s +- sqrt(eta^2 s^2 - s).  For a GAN the paper asks for
 * eta < 1 / (2 max eigenvalue of -J_DD), without need: in the variables (D, G + 2 eta J_DG' D) the Jacobian is
 *
 *     [[-Q, P], [-P', 0]],  Q = -J_DD + 2 eta J_DG J_DG',  P = J_DG,
 *
 * which Lemma G.2 shows to be stable for every eta >= 0, with bounds by Q.  Both are tested on the planar games, or
 * those of K_DD and K_DG from files, and on random ones, over three decades of eta, on the Jacobian of the derived game
 * itself. */
#include <gamedyn/gamedyn.h>
#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/gan_matrices.h"
#include "support/output.h"
#include "support/plot.h"
#include "support/rates_of.h"
#include "support/table.h"

enum { ETAS = 61, KINDS = 2, MOST_GAMES = 10000 };
/* eta is LEAST_ETA times 10 to the power 3 k / (ETAS - 1); no eta^2 s is 1 for the planar games, where eigenvalues
 * meet. */
static const double LEAST_ETA = 1.234e-2;
static const double ROUNDING = 1e-12; /* of an eigenvalue, relative to the largest of its matrix */
/* Of exact against computed eigenvalues, likewise: near a double one rounding grows to its square root. */
static const double DOUBLE_ROUNDING = 1e-6;

/* f'(0) and f''(0). */
typedef struct loss_kind {
  const char *name;
  double f1, f2;
} loss_kind;

static const loss_kind LOSSES[KINDS] = {{"WGAN", 1.0, 0.0}, {"GAN", 0.5, -0.25}};

/* One eigenvalue at one eta. */
typedef struct eta_row {
  size_t kind;
  uint64_t game;
  double eta, re, im, bound;
} eta_row;

typedef struct eta_sweep {
  eta_row *rows;
  size_t count, capacity, violations[KINDS], unstable[KINDS];
  double printed_limit; /* of eta, for the GAN that is drawn */
  double inexact;       /* largest distance of a WGAN's eigenvalue from the exact ones, relative */
} eta_sweep;

static double eta_at(size_t k) { return LEAST_ETA * pow(10.0, 3.0 * (double)k / (ETAS - 1)); }

/* By Lemma G.2 with Q = 2 |f2| K_DD + 2 eta f1^2 K_DG K_DG'. */
static gd_rate_bounds lemma_bounds(const loss_kind *loss, const gan_matrices *it, double eta) {
  const size_t d = it->d;
  double *transposed = new_matrix(d, it->g), *Q = new_matrix(d, d);
  transpose(d, it->g, it->K_DG, transposed);
  multiply(d, it->g, d, it->K_DG, transposed, Q);
  for (size_t k = 0; k < d * d; k++) {
    Q[k] = 2.0 * eta * loss->f1 * loss->f1 * Q[k] - 2.0 * loss->f2 * it->K_DD[k];
  }
  double *eigenvalues = singular_values(d, d, Q);
  gd_rate_bounds bounds;
  must(gd_saddle_rate_bounds(eigenvalues[d - 1], eigenvalues[0], loss->f1 * loss->f1 * it->kdg_min, &bounds));
  free(eigenvalues);
  free(transposed);
  free(Q);
  return bounds;
}

static gd_rate_bounds bounds_of(const loss_kind *loss, const gan_matrices *it, double eta) {
  gd_rate_bounds bounds;
  if (loss->f2 < 0) return lemma_bounds(loss, it, eta);
  must(gd_wgan_rate_bounds(loss->f1, eta, it->kdg_min, it->kdg_max, &bounds));
  return bounds;
}

/* Distance of an eigenvalue of a WGAN from the nearest of -eta s +- sqrt(eta^2 s^2 - s). */
static double distance_to_exact(const gan_matrices *it, double eta, double re, double im) {
  double *sigma = singular_values(it->d, it->g, it->K_DG);
  double nearest = INFINITY;
  for (size_t k = 0; k < it->g; k++) {
    double exact_re[2], exact_im[2];
    must(gd_wgan_eigenvalues(eta, sigma[k] * sigma[k], exact_re, exact_im));
    for (size_t j = 0; j < 2; j++) nearest = fmin(nearest, hypot(re - exact_re[j], im - exact_im[j]));
  }
  free(sigma);
  return nearest;
}

static void add_row(eta_sweep *sweep, const eta_row *row) {
  if (sweep->count == sweep->capacity) {
    sweep->capacity = sweep->capacity ? 2 * sweep->capacity : 1024;
    sweep->rows = new_array(sweep->rows, sweep->capacity, sizeof *sweep->rows);
  }
  sweep->rows[sweep->count++] = *row;
}

/* All eigenvalues but those of the `idle` directions: of a WGAN's discriminator d - g do not see the generator, and
 * their eigenvalues are 0. */
static gd_spectrum *moving_spectrum(gd_game *game, const double *x, size_t idle) {
  if (idle == 0) return new_spectrum(game, x);
  gd_operator *jacobian = NULL;
  gd_spectrum *spectrum = NULL;
  size_t nullity = 0;
  must(gd_operator_jacobian(&jacobian, game, x));
  must(gd_spectrum_nonzero(&spectrum, jacobian, ROUNDING, &nullity));
  if (nullity != idle) die("a WGAN has %zu idle directions, and %zu were found", idle, nullity);
  gd_operator_destroy(jacobian);
  return spectrum;
}

static void add_eta(eta_sweep *sweep, size_t kind, uint64_t number, const gan_matrices *it, gd_game *base, double eta) {
  gd_game *game = NULL;
  double *origin = new_numbers(it->d + it->g);
  must(gd_derive_gradient_penalty(&game, base, 1, 0, eta));
  gd_spectrum *spectrum = moving_spectrum(game, origin, kind == 0 ? it->d - it->g : 0);
  const gd_rate_bounds bounds = bounds_of(&LOSSES[kind], it, eta);
  const double size = gd_spectrum_radius(spectrum);
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = gd_spectrum_real(spectrum)[k];
    double im = gd_spectrum_imaginary(spectrum)[k];
    if (fabs(im) <= ROUNDING * size) im = 0.0; /* real ones come close to one another, and as pairs by rounding */
    const eta_row row = {kind, number, eta, re, im, im == 0.0 ? bounds.real : bounds.non_real};
    add_row(sweep, &row);
    sweep->violations[kind] += !(re <= row.bound + ROUNDING * size);
    sweep->unstable[kind] += !(re < 0);
    if (kind == 0) sweep->inexact = fmax(sweep->inexact, distance_to_exact(it, eta, re, im) / size);
  }
  gd_spectrum_destroy(spectrum);
  gd_game_destroy(game);
  free(origin);
}

static void add_game(eta_sweep *sweep, size_t kind, uint64_t number, const gan_matrices *it) {
  gd_game *base = gan_matrices_game(it, LOSSES[kind].f1, LOSSES[kind].f2);
  for (size_t k = 0; k < ETAS; k++) add_eta(sweep, kind, number, it, base, eta_at(k));
  gd_game_destroy(base);
}

/* Random games have d = g, so that their WGAN has no idle directions. */
static eta_sweep sweep_all(const common_options *common, uint64_t games, uint64_t shown) {
  eta_sweep sweep = {0};
  gd_rng rng = gd_rng_make(common->seed, 0);
  for (uint64_t number = 0; number <= games; number++) {
    const size_t drawn = 1 + (size_t)gd_rng_below(&rng, GAN_MOST), size = common->size ? common->size : drawn;
    gan_matrices it = number ? gan_matrices_draw(&rng, size, size) : gan_matrices_first(common);
    for (size_t kind = 0; kind < KINDS; kind++) add_game(&sweep, kind, number, &it);
    if (number == shown) sweep.printed_limit = 1.0 / (-4.0 * LOSSES[KINDS - 1].f2 * it.kdd_max);
    gan_matrices_destroy(&it);
  }
  return sweep;
}

static bool print_sweep(const eta_sweep *sweep, const char *first, uint64_t games) {
  printf("Theorem 3.2 of Nagarajan & Kolter, on %s and %llu random ones, %d values of eta from %.3g to "
         "%.3g:\n\n",
         first, (unsigned long long)games, ETAS, eta_at(0), eta_at(ETAS - 1));
  bool all = sweep->inexact <= DOUBLE_ROUNDING;
  text_table *table = table_create("loss|eigenvalues|not stable|above their bound");
  for (size_t kind = 0; kind < KINDS; kind++) {
    size_t number = 0;
    for (size_t k = 0; k < sweep->count; k++) number += sweep->rows[k].kind == kind;
    table_cell(table, "%s", LOSSES[kind].name);
    table_number(table, (double)number);
    table_number(table, (double)sweep->unstable[kind]);
    table_number(table, (double)sweep->violations[kind]);
    all = all && sweep->violations[kind] == 0 && sweep->unstable[kind] == 0;
  }
  table_print(table, stdout);
  printf("\n  inexact          %.3g, farthest of a WGAN's eigenvalues from the exact ones, relative\n", sweep->inexact);
  return all;
}

static void write_csv(const char *path, const eta_sweep *sweep) {
  FILE *file = open_output("--csv", path);
  fputs("loss,game,eta,re,im,bound\n", file);
  for (size_t k = 0; k < sweep->count; k++) {
    const eta_row *row = &sweep->rows[k];
    fprintf(file, "%s,%llu,%.17g,%.17g,%.17g,%.17g\n", LOSSES[row->kind].name, (unsigned long long)row->game, row->eta,
            row->re, row->im, row->bound);
  }
  close_output("--csv", path, file);
}

/* Lines "eta -Re" and "eta -bound" of one game's real eigenvalues or of its others. */
static void draw_data(FILE *script, const eta_sweep *sweep, size_t kind, bool real, uint64_t game) {
  fprintf(script, "$%s%zu << EOD\nNaN NaN NaN\n", real ? "real" : "others", kind);
  for (size_t k = 0; k < sweep->count; k++) {
    const eta_row *row = &sweep->rows[k];
    if (row->kind != kind || row->game != game || (row->im == 0.0) != real) continue;
    fprintf(script, "%.9g %.9g %.9g\n", row->eta, -row->re, -row->bound);
  }
  fprintf(script, "EOD\n");
}

static void draw_panel(FILE *script, const eta_sweep *sweep, size_t kind, uint64_t game) {
  draw_data(script, sweep, kind, true, game);
  draw_data(script, sweep, kind, false, game);
  fprintf(script, "set title '%s' font ',13'\n", LOSSES[kind].name);
  if (LOSSES[kind].f2 < 0) {
    fprintf(script,
            "set arrow from first %.9g, graph 0 to first %.9g, graph 1 nohead dashtype 3 linewidth 1.5 linetype 7\n"
            "plot NaN with lines linetype 7 dashtype 3 linewidth 1.5 title 'the paper''s limit on eta', ",
            sweep->printed_limit, sweep->printed_limit);
  } else {
    fprintf(script, "plot ");
  }
  fprintf(script,
          "$others%zu using 1:2 with points pointtype 7 pointsize 0.6 linetype 2 title 'not real', "
          "$others%zu using 1:3 with lines linetype 2 dashtype 2 title 'their bound', "
          "$real%zu using 1:2 with points pointtype 7 pointsize 0.6 linetype 1 title 'real', "
          "$real%zu using 1:3 with lines linetype 1 dashtype 2 title 'their bound'\n",
          kind, kind, kind, kind);
}

static void draw(const char *path, const eta_sweep *sweep, const char *first, uint64_t game) {
  gnuplot *picture = plot_open(path, 1200, 640);
  FILE *script = plot_script(picture);
  fprintf(script,
          "set multiplot layout 1,2 title 'Theorem 3.2: all eigenvalues of %s, over the penalty eta' font ',14'\n"
          "set logscale xy\nset format xy '10^{%%T}'\nset xlabel 'eta'\nset ylabel '-Re'\nset xrange [%g:%g]\n"
          "set key outside bottom center horizontal maxcols 2 height 0.7 reverse Left samplen 2.5\nset bmargin 7\n",
          game ? "a random game" : first, eta_at(0), eta_at(ETAS - 1));
  for (size_t kind = 0; kind < KINDS; kind++) draw_panel(script, sweep, kind, game);
  fprintf(script, "unset multiplot\n");
  plot_close(picture);
}

static common_options read_options(int argc, char **argv, uint64_t *games, uint64_t *shown) {
  common_options common = options_default();
  *games = 50;
  *shown = 0;
  common.size = 0;
  const option_row rows[] = {
      {"matrix", "FILE", "K_DG [d by g], d >= g, of a GAN, in place of the planar one", OPTION_TEXT, &common.matrix, 0,
       0},
      {"matrix-a", "FILE", "its K_DD [d by d]", OPTION_TEXT, &common.matrix_a, 0, 0},
      {"games", "N", "random games", OPTION_COUNT, games, 1, MOST_GAMES},
      {"size", "P", "variables per player of a random game, in place of 1 to 6", OPTION_COUNT, &common.size, 1,
       GAN_MOST},
      {"show", "K", "draw game K; 0 is the planar one, or that of the files", OPTION_COUNT, shown, 0, MOST_GAMES},
      {"csv", "FILE", "write the eigenvalues: loss,game,eta,re,im,bound", OPTION_OUTPUT, &common.csv, 0, 0}};
  const usage_text usage = {
      .purpose =
          "Theorem 3.2 of Nagarajan & Kolter 2017: the eigenvalues of a WGAN and of a GAN with a gradient penalty,\n"
          "over its weight eta.",
      .details =
          "Game 0 is the planar one of the paper's Figure 3, or that of the files; the others have random K_DD and\n"
          "K_DG.",
      .rows = rows,
      .n_rows = sizeof rows / sizeof *rows,
      .common = "seed plot"};
  options_parse(&common, &usage, argc, argv);
  if (*shown > *games) {
    die("--show: there is no game %llu, for --games is %llu", (unsigned long long)*shown, (unsigned long long)*games);
  }
  return common;
}

int main(int argc, char **argv) {
  uint64_t games, shown;
  char text[120];
  const common_options common = read_options(argc, argv, &games, &shown);
  const char *first = gan_matrices_words(&common, text, sizeof text);
  eta_sweep sweep = sweep_all(&common, games, shown);
  const bool all = print_sweep(&sweep, first, games);
  printf("\n%s\n", all ? "Every eigenvalue is as the theorem has it." : "The theorem FAILS.");
  if (common.csv) write_csv(common.csv, &sweep);
  if (common.plot) draw(common.plot, &sweep, first, shown);
  free(sweep.rows);
  return all ? EXIT_SUCCESS : EXIT_CLAIM_FAILED;
}
