/* SPDX-License-Identifier: BSD-3-Clause */
/* alternating.c -- players move one after the other; each move uses the results of the moves before.
 *
 *     for each player i in order, inner_steps_i times:   x_i <- x_i + h_i v_i(x),   x <- P(x)
 *
 * Goodfellow et al. 2014, Algorithm 1 (several discriminator steps for one of the generator); Mescheder et al. 2017.
 * Players move in the order of increasing `turn`, equal turns by player number.  One player gradient per move, each
 * scaled with the player's own moments, on one minibatch; with fresh_draw one minibatch per move.  No memory. */
#include "kernels/vector.h"

#include <gamedyn/stepper.h>
#include <string.h>

typedef struct alternating_params {
  const double *step_size; /* h [n_players] */
  const uint64_t *inner_steps, *turn;
  bool fresh_draw;
} alternating_params;

typedef struct alternating_state {
  double *point, *direction; /* x on the way; v_i in its block; [n] */
} alternating_state;

static gd_status init(gd_stepper *stepper) {
  alternating_state *state = gd_stepper_state(stepper);
  state->point = gd_stepper_scratch(stepper);
  state->direction = gd_stepper_scratch(stepper);
  return state->point && state->direction ? GD_OK : GD_ERR_MEMORY;
}

static gd_status move_player(gd_stepper *stepper, gd_game *game, size_t player) {
  const alternating_state *state = gd_stepper_state(stepper);
  const alternating_params *params = gd_stepper_params(stepper);
  const size_t start = gd_game_block_start(game, player), size = gd_game_block_size(game, player);
  GD_TRY(gd_game_player_gradient(game, player, state->point, state->direction + start));
  GD_TRY(gd_stepper_scale(stepper, player, state->direction));
  gdi_vector_axpy(size, params->step_size[player], state->direction + start, state->point + start);
  return gd_game_project(game, state->point);
}

/* The player that moves after (turn, player), in order of turns; n_players when there is none. */
static size_t next_player(const uint64_t *turn, size_t n_players, size_t last) {
  size_t next = n_players;
  for (size_t i = 0; i < n_players; i++) {
    const bool later = last == n_players || turn[i] > turn[last] || (turn[i] == turn[last] && i > last);
    if (later && (next == n_players || turn[i] < turn[next])) next = i;
  }
  return next;
}

static gd_status step(gd_stepper *stepper, gd_game *game, double *x) {
  const alternating_state *state = gd_stepper_state(stepper);
  const alternating_params *params = gd_stepper_params(stepper);
  const size_t n = gd_game_size(game), n_players = gd_game_players(game);
  bool first = true;
  memcpy(state->point, x, n * sizeof *x);
  for (size_t i = next_player(params->turn, n_players, n_players); i < n_players;
       i = next_player(params->turn, n_players, i))
    for (uint64_t k = 0; k < params->inner_steps[i]; k++) {
      if (params->fresh_draw && !first) gd_game_next_draw(game);
      first = false;
      GD_TRY(move_player(stepper, game, i));
    }
  memcpy(x, state->point, n * sizeof *x);
  return GD_OK;
}

static const gd_param params_table[] = {
    GD_PARAM_STEP_SIZE(alternating_params),
    GD_PARAM(alternating_params, inner_steps, GD_KIND_COUNT_PER_PLAYER, 1, 1, 1e9, "moves of the player in one step"),
    GD_PARAM(alternating_params, turn, GD_KIND_COUNT_PER_PLAYER, 0, 0, 1e9,
             "players go by increasing turn, then number"),
    GD_PARAM_FLAG(alternating_params, fresh_draw, 0, "each move on a minibatch of its own"),
};

const gd_method gdi_method_alternating = {
    GD_METHOD_HEAD(alternating, params_table),
    .summary = "players move in turn, each seeing the moves before its own",
    .source = "Goodfellow et al. 2014, Algorithm 1; Mescheder, Nowozin & Geiger 2017, The Numerics of GANs",
    .needs = 1u << GD_PLAYER_GRADIENT,
    .traits = GD_METHOD_LINEAR | GD_METHOD_LANEWISE,
    .init = init,
    .step = step,
};
