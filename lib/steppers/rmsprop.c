/* SPDX-License-Identifier: BSD-3-Clause */
/* rmsprop.c -- divide each entry by the root of its running mean square.
 *
 *     m' = r m + (1 - r) d^2
 *     d' = d / sqrt(m' + e)      epsilon inside the root (TensorFlow 1), or
 *     d' = d / (sqrt(m') + e)    outside
 *
 * d direction, m mean square, r decay, e epsilon.  Tieleman & Hinton 2012, lecture 6.5.  The defaults are those of
 * TensorFlow 1, with which Mescheder et al. 2017 ran: r = 0.9, m starts at 1, e = 1e-10 inside the root.
 *
 * At an equilibrium d = 0, so m' = r m and m tends to 0.  There the derivative of d' is 1 / sqrt(e) or 1 / e in d, and
 * 0 in m. */
#include "kernels/scale.h"
#include "steppers/scaling.h"

#include <math.h>
#include <string.h>

typedef struct rmsprop_params {
  double decay, epsilon, initial_mean_square;
  bool epsilon_inside;
} rmsprop_params;

static void scale(const void *params, const gdi_scaling_block *block) {
  const rmsprop_params *p = params;
  const gdi_rmsprop_numbers numbers = {.decay = p->decay, .epsilon = p->epsilon, .inside = p->epsilon_inside};
  const double *before = block->before[0];
  if (block->count == 1) {
    before = block->after[0];
    for (size_t k = 0; k < block->n; k++) block->after[0][k] = p->initial_mean_square;
  }
  gdi_kernels.scale->rmsprop(&numbers, block->n, block->direction, before, block->after[0], block->to);
}

static void linearised(const void *params, const gdi_scaling_block *block) {
  const rmsprop_params *p = params;
  const double divisor = p->epsilon_inside ? sqrt(p->epsilon) : p->epsilon;
  memmove(block->after[0], block->before[0], block->n * sizeof(double));
  for (size_t k = 0; k < block->n; k++) block->to.out[k] = block->direction[k] / divisor;
}

static const gd_param params_table[] = {
    GD_PARAM(rmsprop_params, decay, GD_KIND_REAL, 0.9, 0.0, 1.0, "r, weight of the past in the mean square"),
    GD_PARAM(rmsprop_params, epsilon, GD_KIND_REAL, 1e-10, DBL_MIN, DBL_MAX, "e, keeps the divisor away from zero"),
    GD_PARAM(rmsprop_params, initial_mean_square, GD_KIND_REAL, 1.0, 0.0, DBL_MAX, "m before the first step"),
    GD_PARAM_FLAG(rmsprop_params, epsilon_inside, 1, "epsilon inside the root (1) or outside (0)"),
};

const gdi_scaling_method gdi_scaling_rmsprop = {
    .name = "rmsprop",
    .summary = "divide by the root of the running mean square",
    .params = params_table,
    .n_params = sizeof params_table / sizeof *params_table,
    .params_size = sizeof(rmsprop_params),
    .n_moments = 1,
    .scale = scale,
    .linearised = linearised,
};
