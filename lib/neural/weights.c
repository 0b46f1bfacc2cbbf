/* SPDX-License-Identifier: BSD-3-Clause */
/* weights.c -- initial weights of a network.
 *
 * `in` and `out` are the dimensions of an affine map's input and output, g is the gain.  The uniform law on [-a, a] has
 * the variance a^2/3, so a = g sqrt(6/(in + out)) and the variance 2 g^2/(in + out) are the two forms of Glorot &
 * Bengio (2010), and a = g sqrt(6/in) and 2 g^2/in those of He et al. (2015).  Orthogonal weights (Saxe, McClelland &
 * Ganguli 2014) are normal vectors, orthonormalised one after the other by Gram-Schmidt (twice, because of rounding),
 * so all rotations are equally likely. */
#include "neural/neural.h"

#include "dense/algebra.h"
#include "kernels/vector.h"

#include <math.h>

static void fill_uniform(gd_rng *rng, double bound, size_t count, double *weights) {
  gd_rng_fill_uniform(rng, count, weights);
  for (size_t k = 0; k < count; k++) weights[k] = bound * (2 * weights[k] - 1);
}

static void fill_normal(gd_rng *rng, double deviation, size_t count, double *weights) {
  gd_rng_fill_normal(rng, count, weights);
  for (size_t k = 0; k < count; k++) weights[k] *= deviation;
}

/* ---- orthogonal ---- */

/* Vector j of Q [n by j + 1] less its part along the others, to length 1; dots [j] is scratch. */
static void orthonormalise(size_t n, size_t j, double *Q, double *dots) {
  double *own = Q + j * n;
  for (int pass = 0; pass < 2 && j > 0; pass++) {
    gdi_matrix_vector(true, n, j, 1, Q, n, own, dots);
    gdi_matrix_vector_add(n, j, -1, Q, n, dots, own);
  }
  const double norm = gdi_vector_norm(n, own);
  for (size_t i = 0; i < n; i++) own[i] /= norm;
}

static gd_status fill_orthogonal(const gdi_env *env, gd_rng *rng, const size_t shape[2], double gain, double *weights) {
  const size_t rows = shape[0], columns = shape[1];
  const size_t n = rows > columns ? rows : columns, count = rows > columns ? columns : rows;
  double *Q = gdi_allocate(env, n * count + count, sizeof *Q);
  if (!Q) return GD_ERR_MEMORY;
  gd_rng_fill_normal(rng, n * count, Q);
  for (size_t j = 0; j < count; j++) orthonormalise(n, j, Q, Q + n * count);
  for (size_t j = 0; j < columns; j++)
    for (size_t i = 0; i < rows; i++) weights[i + j * rows] = gain * (rows >= columns ? Q[i + j * n] : Q[j + i * n]);
  gdi_release(env, Q);
  return GD_OK;
}

gd_status gdi_weights_fill(const gdi_env *env, const gd_mlp *spec, size_t layer, double *weights) {
  const gd_rng of_player = gd_rng_make(spec->seed, spec->player);
  gd_rng rng = gd_rng_split(&of_player, layer);
  const size_t shape[2] = {spec->widths[layer + 1], spec->widths[layer]}, count = shape[0] * shape[1];
  const double in = (double)shape[1], both = in + (double)shape[0], gain = spec->gain;
  switch (spec->initialisation) {
  case GD_INITIAL_XAVIER_NORMAL:
    fill_normal(&rng, gain * sqrt(2 / both), count, weights);
    return GD_OK;
  case GD_INITIAL_HE_NORMAL:
    fill_normal(&rng, gain * sqrt(2 / in), count, weights);
    return GD_OK;
  case GD_INITIAL_HE_UNIFORM:
    fill_uniform(&rng, gain * sqrt(6 / in), count, weights);
    return GD_OK;
  case GD_INITIAL_ORTHOGONAL:
    return fill_orthogonal(env, &rng, shape, gain, weights);
  default: /* GD_INITIAL_XAVIER_UNIFORM */
    fill_uniform(&rng, gain * sqrt(6 / both), count, weights);
    return GD_OK;
  }
}
