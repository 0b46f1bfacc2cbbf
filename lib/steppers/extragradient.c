/* SPDX-License-Identifier: BSD-3-Clause */
/* extragradient.c -- an extrapolation, then a step from the original point.
 *
 *     w  = P(x + r h v(x))
 *     x' = P(x + h v(w))
 *
 * r = 1: Korpelevich 1976.  r > 1, an extrapolation longer than the step: Hsieh et al. 2020, "Explore aggressively,
 * update conservatively".  Two gradients per step, both on one minibatch unless fresh_draw asks for a second; a scaling
 * advances with each of them, as in ExtraAdam (Gidel et al. 2019).  No memory. */
#include "steppers/mode.h"

#include <gamedyn/stepper.h>

typedef struct extragradient_params {
  const double *step_size; /* h [n_players] */
  double look_ahead;       /* r */
  bool fresh_draw;
} extragradient_params;

typedef struct extragradient_state {
  double *midpoint, *direction; /* w, v [n] */
} extragradient_state;

static gd_status init(gd_stepper *stepper) {
  extragradient_state *state = gd_stepper_state(stepper);
  state->midpoint = gd_stepper_scratch(stepper);
  state->direction = gd_stepper_scratch(stepper);
  return state->midpoint && state->direction ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const extragradient_state *state = gd_stepper_state(stepper);
  const extragradient_params *params = gd_stepper_params(stepper);
  GD_TRY(gd_stepper_direction(stepper, x, state->direction));
  GD_TRY(gd_stepper_move(stepper, state->midpoint, x, params->look_ahead, state->direction));
  if (params->fresh_draw) gd_game_next_draw(game);
  GD_TRY(gd_game_gradient(game, state->midpoint, state->direction));
  return gd_stepper_finish(stepper, x, state->direction);
}

/* |1 + z + r z^2| */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const extragradient_params *p = params;
  const gdi_mode z = gdi_mode_of(p->step_size[0] * re, p->step_size[0] * im);
  *modulus = cabs(1 + z + p->look_ahead * z * z);
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(extragradient_params),
    GD_PARAM(extragradient_params, look_ahead, GD_KIND_REAL, 1.0, 0.0, DBL_MAX,
             "r, length of the look over that of the step"),
    GD_PARAM_FLAG(extragradient_params, fresh_draw, 0, "second gradient on a minibatch of its own"),
};

const gd_method gdi_method_extragradient = {
    GD_METHOD_HEAD(extragradient, params_table),
    .summary = "look ahead, then step from where you stood",
    .source = "Korpelevich 1976, The extragradient method for finding saddle points",
    .traits = GD_METHOD_LINEAR | GD_METHOD_MODES_PER_PLAYER | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};
