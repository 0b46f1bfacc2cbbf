/* SPDX-License-Identifier: BSD-3-Clause */
/* consensus.c -- all players ascend at once on the consensus field, which also descends |v|^2 / 2.
 *
 *     x' = x + h (v(x) - gamma J(x)'v(x))
 *
 * Mescheder, Nowozin & Geiger 2017, "The Numerics of GANs", Algorithm 2; Liang & Stokes 2019, Theorem 6.  The
 * regulariser is 1/2 |v|^2 over all players, differentiated by all.  One gradient and one transposed product per step,
 * combined before any scaling; no memory.
 *
 * On the edge of a feasible set v is not 0 at a solution, and solutions are not fixed points of this method: it is
 * refused there.
 *
 * J'v is no function of J's eigenvalues unless J is normal, so there is no stability function here: use that of the
 * simultaneous method on the spectrum of gd_derive_consensus(). */
#include "derive/consensus.h"

#include <gamedyn/stepper.h>

typedef struct consensus_params {
  const double *step_size; /* h [n_players] */
  double gamma;
} consensus_params;

typedef struct consensus_state {
  double *direction, *pull; /* v, then the field; J'v; [n] */
} consensus_state;

static gd_status init(gd_stepper *stepper) {
  consensus_state *state = gd_stepper_state(stepper);
  state->direction = gd_stepper_scratch(stepper);
  state->pull = gd_stepper_scratch(stepper);
  return state->direction && state->pull ? GD_OK : GD_ERR_MEMORY;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const consensus_state *state = gd_stepper_state(stepper);
  const double gamma = ((const consensus_params *)gd_stepper_params(stepper))->gamma;
  GD_TRY(gdi_consensus_field(game, gamma, x, state->pull, state->direction));
  return gd_stepper_finish(stepper, x, state->direction);
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(consensus_params),
    GD_PARAM(consensus_params, gamma, GD_KIND_REAL, 1.0, 0.0, DBL_MAX, "gamma, weight of the regulariser"),
};

const gd_method gdi_method_consensus = {
    GD_METHOD_HEAD(consensus, params_table),
    .summary = "all players ascend at once and descend |v|^2 / 2",
    .source = "Mescheder, Nowozin & Geiger 2017, The Numerics of GANs, Algorithm 2",
    .needs = 1u << GD_VJP,
    .traits = GD_METHOD_LINEAR | GD_METHOD_LANEWISE | GD_METHOD_UNCONSTRAINED,
    .init = init,
    .step = step,
};
