/* SPDX-License-Identifier: BSD-3-Clause */
/* best_response.c -- the game that is left when the follower f always answers with y(z), z everybody else's variables.
 *
 *     field_i(z) = v_i(z, y(z)),   i other than f.
 *
 * With two players, zero-sum, u_l(z, y(z)) = min over y of u_l(z, y), whose gradient is the partial one, since du_l/dy
 * = 0 where y is free and y stays where it is not (the envelope theorem, Danskin 1966); its second derivatives are
 * symmetric.  With the best discriminator of the GMM-GAN, simultaneous steps are the optimal dynamics of Li, Madry,
 * Peebles & Schmidt 2018, Eqs. 7 and 8. */
#include "base/error.h"
#include "derive/derived.h"

#include <gamedyn/derive.h>
#include <string.h>

typedef struct best_response {
  gd_respond_fn *respond;
  void *context;
  size_t follower;
} best_response;

static const best_response *params_of(const gd_derived *at) { return at->params; }

/* ---- between z, the variables left, and x, the base's ---- */

/* The follower's block of x: its first index, and the first one behind it. */
static size_t start_of(const gd_derived *at) { return gd_game_block_start(at->base, params_of(at)->follower); }
static size_t end_of(const gd_derived *at) {
  return start_of(at) + gd_game_block_size(at->base, params_of(at)->follower);
}

/* z into scratch, zeros for the follower */
static void spread(const gd_derived *at, const double *z) {
  const size_t n = gd_game_size(at->base), start = start_of(at), end = end_of(at);
  memcpy(at->scratch, z, start * sizeof *z);
  memset(at->scratch + start, 0, (end - start) * sizeof *z);
  memcpy(at->scratch + end, z + start, (n - end) * sizeof *z);
}

/* scratch without the follower's block into z */
static void gather(const gd_derived *at, double *z) {
  const size_t n = gd_game_size(at->base), start = start_of(at), end = end_of(at);
  memcpy(z, at->scratch, start * sizeof *z);
  memcpy(z + start, at->scratch + end, (n - end) * sizeof *z);
}

/* The base's number of a player left. */
static size_t base_player(const gd_derived *at, size_t player) { return player + (player >= params_of(at)->follower); }

/* ---- the game, x = (z, y(z)) in scratch ---- */

static gd_status complete(const gd_derived *at, const double *z) {
  spread(at, z);
  const uint64_t before = gdi_failures();
  const int code = params_of(at)->respond(params_of(at)->context, at->scratch, at->scratch + start_of(at));
  if (code == 0) return GD_OK;
  return gdi_callback_code(before, code,
                           code > 0 ? "best_response: x is outside the domain of respond (it returned %d)"
                                    : "best_response: respond failed and returned %d",
                           code);
}

static gd_status gradient(const gd_derived *at, const double *z, double *v) {
  GD_TRY(complete(at, z));
  for (size_t player = 0; player < gd_game_players(at->base); player++) {
    if (player == params_of(at)->follower) continue;
    GD_TRY(gd_game_player_gradient(at->base, player, at->scratch, v));
    v += gd_game_block_size(at->base, player);
  }
  return GD_OK;
}

static gd_status player_gradient(const gd_derived *at, size_t player, const double *z, double *v_i) {
  GD_TRY(complete(at, z));
  return gd_game_player_gradient(at->base, base_player(at, player), at->scratch, v_i);
}

/* Of a game of two: the leader's. */
static gd_status utilities(const gd_derived *at, const double *z, double *u) {
  double both[2];
  GD_TRY(complete(at, z));
  GD_TRY(gd_game_utilities(at->base, at->scratch, both));
  *u = both[base_player(at, 0)];
  return GD_OK;
}

static gd_status project(const gd_derived *at, double *z) {
  spread(at, z);
  GD_TRY(gd_game_project(at->base, at->scratch));
  gather(at, z);
  return GD_OK;
}

static gd_status solution(const gd_derived *at, double *z) {
  GD_TRY(gd_game_solution(at->base, at->scratch));
  gather(at, z);
  return GD_OK;
}

static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  const size_t follower = ((const best_response *)params)->follower, players = gd_game_players(base);
  GDI_REQUIRE(follower < players, "follower is %zu, but the game has %zu players", follower, players);
  GDI_REQUIRE(players > 1, "the game has one player, expected the follower and at least one other player");
  const bool opposed = gdi_derived_is_opposed(base);
  const uint32_t kept = GD_STOCHASTIC | GD_THREAD_SAFE | GD_PARTITIONED | GD_BOX;
  plan->needs = 1u << GD_PLAYER_GRADIENT;
  plan->traits = (plan->traits & kept) | (opposed ? GD_POTENTIAL : 0);
  plan->scratch = gd_game_size(base);
  plan->block_sizes[follower] = 0;
  if (!opposed || gd_game_source(base, GD_UTILITIES) == GD_SOURCE_NONE) gdi_derived_withdraw(plan, GD_UTILITIES);
  return GD_OK;
}

const gd_derivation gdi_derivation_best_response = {.struct_size = sizeof(gd_derivation),
                                                    .name = "best_response",
                                                    .text = "one player always answers with its best response",
                                                    .params_size = sizeof(best_response),
                                                    .plan = plan,
                                                    .gradient = gradient,
                                                    .player_gradient = player_gradient,
                                                    .utilities = utilities,
                                                    .project = project,
                                                    .solution = solution};

gd_status gd_derive_best_response(gd_game **game, gd_game *base, size_t follower, gd_respond_fn *respond,
                                  void *context) {
  GDI_REQUIRE(game && base && respond, "best_response: %s is NULL", !game ? "game" : base ? "respond" : "base");
  return gd_derive(game, base, &gdi_derivation_best_response, &(best_response){respond, context, follower});
}
