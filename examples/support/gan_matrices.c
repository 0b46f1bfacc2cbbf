/* SPDX-License-Identifier: BSD-3-Clause */
/* gan_matrices.c -- K_DD = a G G'/d and K_DG = b N, G and N standard normal, a and b over four decades. */
#include "support/gan_matrices.h"

#include <gamedyn/models.h>
#include <math.h>
#include <stdlib.h>

#include "support/dense.h"
#include "support/die.h"

/* 10 to a power uniform between -2 and 2. */
static double four_decades(gd_rng *rng) {
  double uniform = 0.0;
  gd_rng_fill_uniform(rng, 1, &uniform);
  return pow(10.0, 4.0 * uniform - 2.0);
}

/* Eigenvalues of A A' from the singular values of A, the least one too to full precision. */
static void squared_extremes(size_t rows, size_t columns, const double *A, double *least, double *greatest) {
  double *values = singular_values(rows, columns, A);
  *greatest = values[0] * values[0];
  *least = values[columns - 1] * values[columns - 1];
  free(values);
}

gan_matrices gan_matrices_draw(gd_rng *rng, size_t d, size_t g) {
  gan_matrices it = {.d = d ? d : 1 + (size_t)gd_rng_below(rng, GAN_MOST)};
  it.g = g ? g : 1 + (size_t)gd_rng_below(rng, it.d);
  const double a = sqrt(four_decades(rng) / (double)it.d), b = four_decades(rng);
  double G[GAN_SQUARE], transposed[GAN_SQUARE];
  gd_rng_fill_normal(rng, it.d * it.d, G);
  gd_rng_fill_normal(rng, it.d * it.g, it.K_DG);
  for (size_t k = 0; k < it.d * it.d; k++) G[k] *= a;
  for (size_t k = 0; k < it.d * it.g; k++) it.K_DG[k] *= b;
  transpose(it.d, it.d, G, transposed);
  multiply(it.d, it.d, it.d, G, transposed, it.K_DD);
  squared_extremes(it.d, it.d, G, &it.kdd_min, &it.kdd_max);
  squared_extremes(it.d, it.g, it.K_DG, &it.kdg_min, &it.kdg_max);
  return it;
}

/* K_DD = E y^4 = 1/5 and K_DG = 2 E z^2 = 2/3. */
gan_matrices gan_matrices_planar(void) {
  return (gan_matrices){.d = 1,
                        .g = 1,
                        .K_DD = {0.2},
                        .K_DG = {2.0 / 3.0},
                        .kdd_min = 0.2,
                        .kdd_max = 0.2,
                        .kdg_min = 4.0 / 9.0,
                        .kdg_max = 4.0 / 9.0};
}

gd_game *gan_matrices_game(const gan_matrices *it, double f1, double f2) {
  const size_t d = it->d, n = it->d + it->g, blocks[2] = {it->d, it->g};
  double J[4 * GAN_SQUARE] = {0};
  for (size_t j = 0; j < d; j++) {
    for (size_t i = 0; i < d; i++) J[i + j * n] = 2.0 * f2 * it->K_DD[i + j * d];
  }
  for (size_t j = 0; j < it->g; j++) {
    for (size_t i = 0; i < d; i++) {
      J[i + (d + j) * n] = -f1 * it->K_DG[i + j * d];
      J[d + j + i * n] = f1 * it->K_DG[i + j * d];
    }
  }
  gd_game *game = NULL;
  must(gd_model_affine(&game, 2, blocks, J, n, NULL, NULL));
  return game;
}
