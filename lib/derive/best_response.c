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
#include "derive/handles.h"
#include "game/forward_status.h"

#include <gamedyn/derive.h>
#include <stdio.h>
#include <string.h>

typedef struct best_response {
  gdi_env env;
  gdi_handles lanes;
  gd_respond_fn *respond;
  void *context;
  size_t follower, start, length; /* who answers, and its block of the base's x */
  size_t *block_sizes;            /* [players left] */
} best_response;

/* ---- between z, the variables left, and x, the base's ---- */

static void spread(const best_response *own, const gd_game *base, const double *z, double *x) {
  const size_t n = gd_game_size(base), past = own->start + own->length;
  memcpy(x, z, own->start * sizeof *x);
  memset(x + own->start, 0, own->length * sizeof *x);
  memcpy(x + past, z + own->start, (n - past) * sizeof *x);
}

static void gather(const best_response *own, const gd_game *base, const double *x, double *z) {
  const size_t n = gd_game_size(base), past = own->start + own->length;
  memcpy(z, x, own->start * sizeof *z);
  memcpy(z + own->start, x + past, (n - past) * sizeof *z);
}

/* The base's number of a player left. */
static size_t base_player(const best_response *own, size_t player) { return player + (player >= own->follower); }

/* ---- answers on a lane, whose scratch is x ---- */

typedef struct question {
  size_t player;
  const double *z;
  double *answer;
} question;

typedef int answer_on(const best_response *own, const gdi_handle *lane, const question *asked);

/* x = (z, y(z)) */
static int complete(const best_response *own, const gdi_handle *lane, const double *z) {
  spread(own, lane->base, z, lane->scratch);
  const uint64_t before = gdi_failures();
  const int code = own->respond(own->context, lane->scratch, lane->scratch + own->start);
  if (code == 0) return 0;
  return gdi_forward_status(gdi_callback_code(before, code,
                                              code > 0
                                                  ? "best_response: x is outside the domain of respond (it returned %d)"
                                                  : "best_response: respond failed and returned %d",
                                              code));
}

static int field(const best_response *own, const gdi_handle *lane, const question *asked) {
  int code = complete(own, lane, asked->z);
  double *v = asked->answer;
  for (size_t player = 0; code == 0 && player < gd_game_players(lane->base); player++) {
    if (player == own->follower) continue;
    code = gdi_forward_status(gd_game_player_gradient(lane->base, player, lane->scratch, v));
    v += gd_game_block_size(lane->base, player);
  }
  return code;
}

static int own_block(const best_response *own, const gdi_handle *lane, const question *asked) {
  const int code = complete(own, lane, asked->z);
  const size_t player = base_player(own, asked->player);
  return code ? code : gdi_forward_status(gd_game_player_gradient(lane->base, player, lane->scratch, asked->answer));
}

static int leaders_utility(const best_response *own, const gdi_handle *lane, const question *asked) {
  double both[2];
  const int code = complete(own, lane, asked->z);
  if (code) return code;
  const gd_status status = gd_game_utilities(lane->base, lane->scratch, both);
  if (status == GD_OK) asked->answer[0] = both[base_player(own, 0)];
  return gdi_forward_status(status);
}

static int base_project(const best_response *own, const gdi_handle *lane, const question *asked) {
  spread(own, lane->base, asked->answer, lane->scratch);
  const gd_status status = gd_game_project(lane->base, lane->scratch);
  if (status == GD_OK) gather(own, lane->base, lane->scratch, asked->answer);
  return gdi_forward_status(status);
}

static int base_solution(const best_response *own, const gdi_handle *lane, const question *asked) {
  const gd_status status = gd_game_solution(lane->base, lane->scratch);
  if (status == GD_OK) gather(own, lane->base, lane->scratch, asked->answer);
  return gdi_forward_status(status);
}

static int answer(void *data, const gd_draw *draw, answer_on *how, question asked) {
  best_response *own = data;
  gdi_handle *lane;
  const gd_status status = gdi_handles_take(&own->lanes, draw, &lane);
  if (status < 0) return gdi_forward_status(status);
  const int code = how(own, lane, &asked);
  gdi_handles_return(&own->lanes, lane);
  return code;
}

/* ---- the game ---- */

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return answer(data, draw, field, (question){.z = x, .answer = v});
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  return answer(data, draw, own_block, (question){.player = player, .z = x, .answer = v_i});
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  return answer(data, draw, leaders_utility, (question){.z = x, .answer = u});
}

static int project(void *data, double *x) { return answer(data, NULL, base_project, (question){.answer = x}); }

static int solution(void *data, double *x) { return answer(data, NULL, base_solution, (question){.answer = x}); }

static void destroy(void *data) {
  best_response *own = data;
  gdi_handles_close(&own->lanes);
  gdi_release(&own->env, own->block_sizes);
  gdi_destroy(own, offsetof(best_response, env));
}

static bool is_opposed(const gd_game *base) {
  return (gd_game_traits(base) & GD_ZERO_SUM) && gd_game_players(base) == 2;
}

static gd_status open_data(best_response *own, const gd_game *base, size_t follower) {
  const size_t players = gd_game_players(base);
  GD_TRY(gdi_handles_open(&own->lanes, &own->env, base,
                          (gdi_handle_needs){.quantities = 1u << GD_PLAYER_GRADIENT, .vectors = 1}));
  own->block_sizes = gdi_allocate(&own->env, players - 1, sizeof *own->block_sizes);
  if (!own->block_sizes) return GD_ERR_MEMORY;
  own->follower = follower;
  own->start = gd_game_block_start(base, follower);
  own->length = gd_game_block_size(base, follower);
  for (size_t k = 0; k + 1 < players; k++) own->block_sizes[k] = gd_game_block_size(base, base_player(own, k));
  return GD_OK;
}

/* A base without a solution says so itself when it is asked. */
static gd_game_ops choose_ops(const gd_game *base, const char *name) {
  gd_game_ops ops = {.struct_size = sizeof ops,
                     .name = name,
                     .destroy = destroy,
                     .gradient = gradient,
                     .player_gradient = player_gradient,
                     .solution = solution};
  if (is_opposed(base) && gd_game_source(base, GD_UTILITIES) != GD_SOURCE_NONE) ops.utilities = utilities;
  if (gd_game_projects(base)) ops.project = project;
  return ops;
}

static gd_status create(gd_game **game, const gd_game *base, best_response *own) {
  char name[128];
  snprintf(name, sizeof name, "best_response(%s)", gd_game_name(base));
  const gd_game_ops ops = choose_ops(base, name);
  const uint32_t kept = GD_STOCHASTIC | GD_THREAD_SAFE | GD_PARTITIONED | GD_BOX;
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = gd_game_players(base) - 1,
                             .block_sizes = own->block_sizes,
                             .traits = (gd_game_traits(base) & kept) | (is_opposed(base) ? GD_POTENTIAL : 0),
                             .env = gd_game_env(base)};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}

gd_status gd_derive_best_response(gd_game **game, gd_game *base, size_t follower, gd_respond_fn *respond,
                                  void *context) {
  GDI_REQUIRE(game && base && respond, "best_response: %s is NULL", !game ? "game" : base ? "respond" : "base");
  const size_t players = gd_game_players(base);
  GDI_REQUIRE(follower < players, "follower is %zu, but the game has %zu players", follower, players);
  GDI_REQUIRE(players > 1, "the game has one player, expected the follower and at least one other player");
  gd_status status;
  best_response *own = gdi_create(gd_game_env(base), sizeof *own, offsetof(best_response, env), &status);
  if (!own) return status;
  own->respond = respond;
  own->context = context;
  status = open_data(own, base, follower);
  if (status < 0) {
    destroy(own);
    return status;
  }
  return create(game, base, own);
}
