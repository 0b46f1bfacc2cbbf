/* SPDX-License-Identifier: BSD-3-Clause */
/* adam.c -- running mean divided by the root of the running mean square, both with bias correction.
 *
 *     m' = a m + (1 - a) d,        v' = b v + (1 - b) d^2,        t = 1, 2, ...
 *     d' = (m' / (1 - a^t)) / (sqrt(v' / (1 - b^t)) + e)                       Kingma & Ba 2015, Algorithm 1
 *     d' = sqrt(1 - b^t)/(1 - a^t) m' / (sqrt(v') + e)                         epsilon unscaled: their section 2, Keras
 *
 * d direction, a mean_decay, b square_decay, e epsilon; t counts the scalings of the player's block, so that a method
 * with two gradients a step advances it twice, as ExtraAdam does (Gidel et al. 2019).  amsgrad keeps the largest v'
 * seen and divides by that (Reddi, Kale & Kumar 2018).
 *
 * At an equilibrium d = 0, so m and v tend to 0, and both corrections tend to 1 as t grows.  There, in both forms, d' =
 * m' / e to first order.  amsgrad's largest w never shrinks: every w >= 0 is a fixed point, with d' = m' / (sqrt(w) +
 * e).  The current w is used; it is 0 before the first step. */
#include "kernels/scale.h"
#include "steppers/scaling.h"

#include <math.h>
#include <string.h>

typedef struct adam_params {
  double mean_decay, square_decay, epsilon;
  bool epsilon_unscaled;
} adam_params;

/* d' = factor m' / (sqrt(v') + offset): both forms, with the bias corrections computed outside of the loop. */
static gdi_adam_numbers numbers_at(const adam_params *p, uint64_t count) {
  const double t = (double)count;
  const double mean_weight = -expm1(t * log(p->mean_decay)), root = sqrt(-expm1(t * log(p->square_decay)));
  return (gdi_adam_numbers){.mean_decay = p->mean_decay,
                            .square_decay = p->square_decay,
                            .factor = root / mean_weight,
                            .offset = p->epsilon_unscaled ? p->epsilon : p->epsilon * root};
}

static void adam_scale(const void *params, const gdi_scaling_block *block) {
  const gdi_adam_numbers numbers = numbers_at(params, block->count);
  gdi_kernels.scale->adam(&numbers, block->n, block->direction, block->before, block->after, block->to);
}

static void amsgrad_scale(const void *params, const gdi_scaling_block *block) {
  const gdi_adam_numbers numbers = numbers_at(params, block->count);
  gdi_kernels.scale->amsgrad(&numbers, block->n, block->direction, block->before, block->after, block->to);
}

static void copy_squares(const gdi_scaling_block *block, size_t n_moments) {
  for (size_t k = 1; k < n_moments; k++) memmove(block->after[k], block->before[k], block->n * sizeof(double));
}

/* `largest`: amsgrad's; NULL: 0. */
static void linearised(const adam_params *p, const gdi_scaling_block *block, const double *largest) {
  for (size_t k = 0; k < block->n; k++) {
    const double mean = p->mean_decay * block->before[0][k] + (1 - p->mean_decay) * block->direction[k];
    block->after[0][k] = mean;
    block->to.out[k] = mean / ((largest ? sqrt(largest[k]) : 0) + p->epsilon);
  }
}

static void adam_linearised(const void *params, const gdi_scaling_block *block) {
  linearised(params, block, NULL);
  copy_squares(block, 2);
}

static void amsgrad_linearised(const void *params, const gdi_scaling_block *block) {
  linearised(params, block, block->before[2]);
  copy_squares(block, 3);
}

static const gd_param params_table[] = {
    GD_PARAM(adam_params, mean_decay, GD_KIND_REAL, 0.9, 0.0, 1.0 - DBL_EPSILON,
             "a (beta1), weight of the past in the mean"),
    GD_PARAM(adam_params, square_decay, GD_KIND_REAL, 0.999, 0.0, 1.0 - DBL_EPSILON,
             "b (beta2), weight of the past in the mean square"),
    GD_PARAM(adam_params, epsilon, GD_KIND_REAL, 1e-8, DBL_MIN, DBL_MAX, "e, keeps the divisor away from zero"),
    GD_PARAM_FLAG(adam_params, epsilon_unscaled, 0, "epsilon beside the uncorrected root, as in Keras (1), or not (0)"),
};

#define ADAM_PARAMS                                                                                                    \
  .params = params_table, .n_params = sizeof params_table / sizeof *params_table, .params_size = sizeof(adam_params)

const gdi_scaling_method gdi_scaling_adam = {.name = "adam",
                                             .summary = "running mean over root of running mean square",
                                             ADAM_PARAMS,
                                             .n_moments = 2,
                                             .n_means = 1,
                                             .scale = adam_scale,
                                             .linearised = adam_linearised};

const gdi_scaling_method gdi_scaling_amsgrad = {.name = GD_SCALING_AMSGRAD,
                                                .summary = "adam with the largest mean square seen so far",
                                                ADAM_PARAMS,
                                                .n_moments = 3,
                                                .n_means = 1,
                                                .scale = amsgrad_scale,
                                                .linearised = amsgrad_linearised};
