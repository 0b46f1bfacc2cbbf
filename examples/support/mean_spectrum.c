/* SPDX-License-Identifier: BSD-3-Clause */
/* mean_spectrum.c -- the eigenvalues of a mean Jacobian, what share of them is where, and a panel of them. */
#include "support/mean_spectrum.h"

#include <gamedyn/mean_spectrum.h>
#include <math.h>
#include <stdlib.h>

#include "support/die.h"

static const double NARROW = 0.1, STILL = 1e-6, LEFTMOST = -3.5; /* STILL: what is 0 */

mean_spectrum mean_spectrum_of(const gd_game *base, const gd_draw *first, uint64_t draws, const double *x) {
  const size_t n = gd_game_size(base);
  mean_spectrum found = {.n = n, .re = new_numbers(n), .im = new_numbers(n)};
  gd_game *game = NULL;
  gd_eval_options options;
  must(gd_game_dup(&game, base));
  gd_eval_options_init(&options);
  options.dense_limit = n;
  must(gd_game_configure(game, &options));
  must(gd_mean_eigenvalues(game, x, first, draws, found.re, found.im, NULL, NULL));
  gd_game_destroy(game);
  return found;
}

void mean_spectrum_destroy(mean_spectrum *it) {
  free(it->re);
  free(it->im);
}

double mean_spectrum_abscissa(const mean_spectrum *it) {
  double most = -INFINITY;
  for (size_t k = 0; k < it->n; k++) most = fmax(most, it->re[k]);
  return most;
}

double mean_spectrum_share_narrow(const mean_spectrum *it) {
  size_t narrow = 0, all = 0;
  for (size_t k = 0; k < it->n; k++) {
    if (hypot(it->re[k], it->im[k]) <= STILL) continue;
    all++;
    narrow += fabs(it->re[k]) < NARROW * fabs(it->im[k]);
  }
  return all > 0 ? (double)narrow / (double)all : 0;
}

double mean_spectrum_share_left(const mean_spectrum *it) {
  size_t left = 0;
  for (size_t k = 0; k < it->n; k++) left += it->re[k] <= STILL;
  return (double)left / (double)it->n;
}

void mean_spectrum_draw(FILE *script, const mean_spectrum *it, const char *title) {
  static unsigned pictures;
  fprintf(script, "$values%u << EOD\n", pictures);
  for (size_t k = 0; k < it->n; k++) fprintf(script, "%.9g %.9g\n", fmax(it->re[k], LEFTMOST), it->im[k]);
  fprintf(script,
          "EOD\nset title \"%s\" font ',13'\nset xrange [-3.6:0.75]\nset yrange [-1.2:1.2]\nset xlabel 'Re'\n"
          "set grid\nunset key\nset xzeroaxis linetype 1 linecolor rgb '#999999'\n"
          "set yzeroaxis linetype 1 linecolor rgb '#999999'\n"
          "plot $values%u using 1:2 with points pointtype 7 pointsize 0.4 linetype 1\n"
          "unset xzeroaxis\nunset yzeroaxis\n",
          title, pictures++);
}
