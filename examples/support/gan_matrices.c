/* SPDX-License-Identifier: BSD-3-Clause */
/* gan_matrices.c -- K_DD = a G G'/d and K_DG = b N, G and N standard normal, a and b over four decades; or from files.
 */
#include "support/gan_matrices.h"

#include <gamedyn/models.h>
#include <gamedyn/spectrum.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/dense.h"
#include "support/die.h"
#include "support/matrix_file.h"

static const double ROUNDING = 1e-13; /* of an eigenvalue or singular value, relative to the largest */

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

static gan_matrices gan_matrices_create(size_t d, size_t g) {
  return (gan_matrices){.d = d, .g = g, .K_DD = new_matrix(d, d), .K_DG = new_matrix(d, g)};
}

gan_matrices gan_matrices_draw(gd_rng *rng, size_t d, size_t g) {
  const size_t rows = d ? d : 1 + (size_t)gd_rng_below(rng, GAN_MOST);
  gan_matrices it = gan_matrices_create(rows, g ? g : 1 + (size_t)gd_rng_below(rng, rows));
  const double a = sqrt(four_decades(rng) / (double)it.d), b = four_decades(rng);
  double *G = new_matrix(it.d, it.d), *transposed = new_matrix(it.d, it.d);
  gd_rng_fill_normal(rng, it.d * it.d, G);
  gd_rng_fill_normal(rng, it.d * it.g, it.K_DG);
  for (size_t k = 0; k < it.d * it.d; k++) G[k] *= a;
  for (size_t k = 0; k < it.d * it.g; k++) it.K_DG[k] *= b;
  transpose(it.d, it.d, G, transposed);
  multiply(it.d, it.d, it.d, G, transposed, it.K_DD);
  squared_extremes(it.d, it.d, G, &it.kdd_min, &it.kdd_max);
  squared_extremes(it.d, it.g, it.K_DG, &it.kdg_min, &it.kdg_max);
  free(G);
  free(transposed);
  return it;
}

/* K_DD = E y^4 = 1/5 and K_DG = 2 E z^2 = 2/3. */
static gan_matrices planar(void) {
  gan_matrices it = gan_matrices_create(1, 1);
  it.K_DD[0] = it.kdd_min = it.kdd_max = 0.2;
  it.K_DG[0] = 2.0 / 3.0;
  it.kdg_min = it.kdg_max = 4.0 / 9.0;
  return it;
}

static gd_matrix *read_file(const char *option, const char *path) {
  if (!path) die("%s was expected too: a GAN has a K_DG, --matrix, and a K_DD, --matrix-a", option);
  return matrix_file_read(option, path);
}

/* The extreme eigenvalues of K_DD, which is to be symmetric and positive definite. */
static void look_at_kdd(gan_matrices *it, const char *path) {
  const size_t d = it->d;
  for (size_t j = 0; j < d; j++) {
    for (size_t i = 0; i < j; i++) {
      if (it->K_DD[i + j * d] != it->K_DD[j + i * d]) die("--matrix-a: %s is not symmetric, as K_DD must be", path);
    }
  }
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.symmetric = true;
  must(gd_operator_dense(&op, d, d, it->K_DD, d, NULL));
  must_for("--matrix-a", gd_spectrum_compute(&spectrum, op, &options));
  it->kdd_max = gd_spectrum_real(spectrum)[0];
  it->kdd_min = gd_spectrum_real(spectrum)[d - 1];
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  if (!(it->kdd_min > ROUNDING * it->kdd_max)) die("--matrix-a: %s is not positive definite, as K_DD must be", path);
}

static gan_matrices from_files(const common_options *common) {
  gd_matrix *K_DG = read_file("--matrix", common->matrix), *K_DD = read_file("--matrix-a", common->matrix_a);
  const size_t d = gd_matrix_rows(K_DG), g = gd_matrix_columns(K_DG);
  if (g > d) {
    die("--matrix: %s is %zu by %zu; K_DG is to have at least as many rows as columns", common->matrix, d, g);
  }
  if (gd_matrix_rows(K_DD) != d || gd_matrix_columns(K_DD) != d) {
    die("--matrix-a: %s is %zu by %zu; %zu by %zu was expected", common->matrix_a, gd_matrix_rows(K_DD),
        gd_matrix_columns(K_DD), d, d);
  }
  gan_matrices it = gan_matrices_create(d, g);
  memcpy(it.K_DG, gd_matrix_values(K_DG), d * g * sizeof *it.K_DG);
  memcpy(it.K_DD, gd_matrix_values(K_DD), d * d * sizeof *it.K_DD);
  gd_matrix_destroy(K_DG);
  gd_matrix_destroy(K_DD);
  look_at_kdd(&it, common->matrix_a);
  squared_extremes(d, g, it.K_DG, &it.kdg_min, &it.kdg_max);
  if (!(it.kdg_min > ROUNDING * ROUNDING * it.kdg_max)) {
    die("--matrix: %s is not of full column rank, as K_DG must be", common->matrix);
  }
  return it;
}

gan_matrices gan_matrices_first(const common_options *common) {
  return common->matrix || common->matrix_a ? from_files(common) : planar();
}

void gan_matrices_destroy(gan_matrices *it) {
  free(it->K_DD);
  free(it->K_DG);
}

const char *gan_matrices_words(const common_options *common, char *text, size_t size) {
  if (!common->matrix) return "the planar GAN";
  snprintf(text, size, "the GAN of %s", file_name(common->matrix));
  return text;
}

gd_game *gan_matrices_game(const gan_matrices *it, double f1, double f2) {
  const size_t d = it->d, n = it->d + it->g, blocks[2] = {it->d, it->g};
  double *J = new_matrix(n, n);
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
  free(J);
  return game;
}
