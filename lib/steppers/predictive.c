/* SPDX-License-Identifier: BSD-3-Clause */
/* predictive.c -- a prediction by a step of fixed length gamma, then a step along the gradient there.
 *
 *     w  = P(x + gamma v(x))
 *     x' = P(x + h v(w))
 *
 * The modified predictive method of Liang & Stokes 2019, section 3 and Theorem 4: the simultaneous form of Yadav et al.
 * 2018.  gamma is a length of its own and does not change with h; with gamma = h the method is extragradient.  Two
 * gradients per step on one minibatch, both scaled; no memory. */
#include "kernels/vector.h"
#include "steppers/mode.h"

#include <gamedyn/stepper.h>

typedef struct predictive_params {
  const double *step_size; /* h [n_players] */
  double gamma;
} predictive_params;

typedef struct predictive_state {
  double *midpoint, *direction; /* w, v [n] */
} predictive_state;

static gd_status init(gd_stepper *stepper) {
  predictive_state *state = gd_stepper_state(stepper);
  state->midpoint = gd_stepper_scratch(stepper);
  state->direction = gd_stepper_scratch(stepper);
  return state->midpoint && state->direction ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const predictive_state *state = gd_stepper_state(stepper);
  const predictive_params *params = gd_stepper_params(stepper);
  GD_TRY(gd_stepper_direction(stepper, x, state->direction));
  gdi_vector_move(gd_game_size(game), params->gamma, x, state->direction, state->midpoint);
  GD_TRY(gd_game_project(game, state->midpoint));
  GD_TRY(gd_game_gradient(game, state->midpoint, state->direction));
  return gd_stepper_finish(stepper, x, state->direction);
}

/* |1 + z + gamma lambda z| */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const predictive_params *p = params;
  const gdi_mode lambda = gdi_mode_of(re, im), z = p->step_size[0] * lambda;
  *modulus = cabs(1 + z + p->gamma * lambda * z);
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(predictive_params),
    GD_PARAM(predictive_params, gamma, GD_KIND_REAL, 1.0, 0.0, DBL_MAX, "gamma, length of the prediction"),
};

const gd_method gdi_method_predictive = {
    GD_METHOD_HEAD(predictive, params_table),
    .summary = "predict by a fixed length, move by what is seen there",
    .source = "Yadav et al. 2018; Liang & Stokes 2019, Interaction Matters, Theorem 4",
    .traits = GD_METHOD_LINEAR | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};
