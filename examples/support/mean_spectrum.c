/* SPDX-License-Identifier: BSD-3-Clause */
/* mean_spectrum.c -- Jacobians, their mean, its eigenvalues by LAPACK. */
#include "support/mean_spectrum.h"

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/die.h"

static const double NARROW = 0.1, STILL = 1e-6, LEFTMOST = -3.5; /* STILL: what is 0 */

static double *mean_jacobian(gd_game *game, const gd_draw *first, uint64_t draws, const double *x) {
  const size_t n = gd_game_size(game);
  double *J = new_matrix(n, n), *mean = new_matrix(n, n);
  gd_draw draw = *first;
  for (uint64_t k = 0; k < draws; k++, draw.index++) {
    gd_game_set_draw(game, &draw);
    must(gd_game_jacobian(game, x, J, n));
    for (size_t j = 0; j < n * n; j++) mean[j] += J[j] / (double)draws;
  }
  free(J);
  return mean;
}

/* The eigenvalues of A, in its place. */
static mean_spectrum find_all(size_t n, double *A) {
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.dense_limit = n, options.residuals = false;
  must(gd_operator_dense(&op, n, n, A, n, NULL));
  must(gd_spectrum_compute(&spectrum, op, &options));
  const mean_spectrum found = {n, A, A + n};
  memcpy(found.re, gd_spectrum_real(spectrum), n * sizeof *A);
  memcpy(found.im, gd_spectrum_imaginary(spectrum), n * sizeof *A);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  return found;
}

mean_spectrum mean_spectrum_of(const gd_game *base, const gd_draw *first, uint64_t draws, const double *x) {
  gd_game *game = NULL;
  gd_eval_options options;
  must(gd_game_dup(&game, base));
  gd_eval_options_init(&options);
  options.dense_limit = gd_game_size(game);
  must(gd_game_configure(game, &options));
  double *mean = mean_jacobian(game, first, draws, x);
  const size_t n = gd_game_size(game);
  gd_game_destroy(game);
  return find_all(n, mean);
}

void mean_spectrum_destroy(mean_spectrum *it) { free(it->re); }

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
