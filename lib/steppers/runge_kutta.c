/* SPDX-License-Identifier: BSD-3-Clause */
/* runge_kutta.c -- an explicit Runge-Kutta step of order 2, 3 or 4 for the flow dx/dt = v(x).
 *
 *     k_1 = v(x),   k_{j+1} = v(P(x + h a_j k_j)),   x' = P(x + h sum_j b_j k_j)
 *
 * with Heun's schemes of order 2 and 3 and the classical one of order 4 (Kutta 1901); in each of them a stage uses only
 * the stage before it.  ODE-GAN (Qin et al. 2020) trains with orders 2 and 4.  `order` gradients per step, on one
 * minibatch, each scaled: the method integrates the scaled field.  No memory. */
#include "kernels/vector.h"
#include "steppers/mode.h"

#include <gamedyn/stepper.h>
#include <string.h>

enum { LOWEST_ORDER = 2, HIGHEST_ORDER = 4 };

static const struct scheme {
  double a[HIGHEST_ORDER - 1], b[HIGHEST_ORDER];
} schemes[] = {
    {{1.0}, {1.0 / 2, 1.0 / 2}},
    {{1.0 / 3, 2.0 / 3}, {1.0 / 4, 0, 3.0 / 4}},
    {{1.0 / 2, 1.0 / 2, 1.0}, {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}},
};

typedef struct runge_kutta_params {
  const double *step_size; /* h [n_players] */
  uint64_t order;
} runge_kutta_params;

typedef struct runge_kutta_state {
  double *point, *direction, *total; /* point of a stage; k_j; sum of b_j k_j; [n] */
} runge_kutta_state;

static gd_status init(gd_stepper *stepper) {
  runge_kutta_state *state = gd_stepper_state(stepper);
  state->point = gd_stepper_scratch(stepper);
  state->direction = gd_stepper_scratch(stepper);
  state->total = gd_stepper_scratch(stepper);
  return state->point && state->direction && state->total ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const runge_kutta_state *state = gd_stepper_state(stepper);
  const uint64_t order = ((const runge_kutta_params *)gd_stepper_params(stepper))->order;
  const struct scheme *scheme = &schemes[order - LOWEST_ORDER];
  const size_t n = gd_game_size(game);
  memset(state->total, 0, n * sizeof(double));
  for (uint64_t j = 0; j < order; j++) {
    if (j) GD_TRY(gd_stepper_move(stepper, state->point, x, scheme->a[j - 1], state->direction));
    GD_TRY(gd_stepper_direction(stepper, j ? state->point : x, state->direction));
    gdi_vector_axpy(n, scheme->b[j], state->direction, state->total);
  }
  return gd_stepper_move(stepper, x, x, 1, state->total);
}

/* |sum over j <= order of z^j / j!|, by Horner's rule */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const runge_kutta_params *p = params;
  const gdi_mode z = gdi_mode_of(p->step_size[0] * re, p->step_size[0] * im);
  gdi_mode sum = 1;
  for (uint64_t j = p->order; j > 0; j--) sum = 1 + z * sum / (double)j;
  *modulus = cabs(sum);
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(runge_kutta_params),
    GD_PARAM(runge_kutta_params, order, GD_KIND_COUNT, HIGHEST_ORDER, LOWEST_ORDER, HIGHEST_ORDER, "order, 2, 3 or 4"),
};

const gd_method gdi_method_runge_kutta = {
    GD_METHOD_HEAD(runge_kutta, params_table),
    .summary = "explicit Runge-Kutta step of the flow",
    .source = "Heun 1900; Kutta 1901; Qin et al. 2020, Training GANs by solving ODEs",
    .traits = GD_METHOD_LINEAR | GD_METHOD_MODES_PER_PLAYER | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};
