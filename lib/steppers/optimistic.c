/* SPDX-License-Identifier: BSD-3-Clause */
/* optimistic.c -- step along the gradient corrected by its last change.
 *
 *     x' = P(x + h (v_t + c (v_t - v_{t-1}))),   v_{-1} = v_0
 *
 * c = 1 is optimistic mirror descent: Popov 1980; Daskalakis et al. 2018; Liang & Stokes 2019, Eq. 5.
 * Other c: generalised optimistic gradient, Mokhtari et al. 2020, with steps a = h and b = c h.
 *
 * The first step uses the current gradient as the previous one: w_1 = w_0 in Liang & Stokes.  Under a scaling the
 * memory holds scaled gradients, as in optimistic Adam (Daskalakis et al. 2018).  One gradient per step, which is kept
 * by exchanging pointers, not by copying. */
#include "steppers/mode.h"

#include <gamedyn/stepper.h>

typedef struct optimistic_params {
  const double *step_size; /* h [n_players] */
  double correction;       /* c */
} optimistic_params;

typedef struct optimistic_state {
  double *gradient, *previous; /* v_t, v_{t-1} [n] */
} optimistic_state;

static gd_status init(gd_stepper *stepper) {
  optimistic_state *state = gd_stepper_state(stepper);
  state->gradient = gd_stepper_scratch(stepper);
  state->previous = gd_stepper_memory(stepper, "previous_gradient");
  return state->gradient && state->previous ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  (void)game;
  optimistic_state *state = gd_stepper_state(stepper);
  const optimistic_params *params = gd_stepper_params(stepper);
  GD_TRY(gd_stepper_direction(stepper, x, state->gradient));
  const double *previous = gd_stepper_steps(stepper) ? state->previous : state->gradient;
  GD_TRY(gd_stepper_move_pair(stepper, x, 1 + params->correction, state->gradient, -params->correction, previous));
  gd_stepper_swap(stepper, &state->gradient, &state->previous);
  return GD_OK;
}

/* l^2 - (1 + (1 + c) z) l + c z = 0, with discriminant 1 + 2 (1 - c) z + (1 + c)^2 z^2. */
static gd_status mode_modulus(const void *params, double re, double im, double *modulus) {
  const optimistic_params *p = params;
  const double c = p->correction;
  const gdi_mode z = gdi_mode_of(p->step_size[0] * re, p->step_size[0] * im);
  *modulus = gdi_mode_largest_root(1 + (1 + c) * z, 1 + 2 * (1 - c) * z + (1 + c) * (1 + c) * z * z);
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(optimistic_params),
    GD_PARAM(optimistic_params, correction, GD_KIND_REAL, 1.0, 0.0, DBL_MAX, "c, weight of the gradient's last change"),
};

const gd_method gdi_method_optimistic = {
    GD_METHOD_HEAD(optimistic, params_table),
    .summary = "gradient corrected by its last change",
    .source = "Popov 1980; Daskalakis et al. 2018; Liang & Stokes 2019, Interaction Matters, Eq. 5",
    .traits = GD_METHOD_LINEAR | GD_METHOD_MODES_PER_PLAYER | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
    .mode_modulus = mode_modulus,
};
