/* SPDX-License-Identifier: BSD-3-Clause */
/* simultaneous.c -- every player ascends its own utility at once: the explicit Euler step of the flow.
 *
 *     x' = P(x + h v(x))
 *
 * SGA of Liang & Stokes 2019, Eq. 3.  One gradient per step; no memory. */
#include "steppers/mode.h"

#include <gamedyn/stepper.h>

typedef struct simultaneous_params {
  const double *step_size; /* h [n_players] */
} simultaneous_params;

typedef struct simultaneous_state {
  double *direction; /* v [n] */
} simultaneous_state;

static gd_status init(gd_stepper *stepper) {
  simultaneous_state *state = gd_stepper_state(stepper);
  state->direction = gd_stepper_scratch(stepper);
  return state->direction ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const simultaneous_state *state = gd_stepper_state(stepper);
  GD_TRY(gd_game_gradient(game, x, state->direction));
  return gd_stepper_finish(stepper, x, state->direction);
}

/* |1 + z| */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const double h = ((const simultaneous_params *)params)->step_size[0];
  *modulus = cabs(gdi_mode_of(1 + h * re, h * im));
  return GD_OK;
}

static const gd_param params_table[] = {GD_PARAM_STEP_SIZE(simultaneous_params)};

const gd_method gdi_method_simultaneous = {
    GD_METHOD_HEAD(simultaneous, params_table),
    .summary = "all players ascend at once",
    .source = "Liang & Stokes 2019, Interaction Matters, Eq. 3",
    .traits = GD_METHOD_LINEAR | GD_METHOD_MODES_PER_PLAYER | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};
