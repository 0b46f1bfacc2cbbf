/* SPDX-License-Identifier: BSD-3-Clause */
/* copies.c -- k copies of a game, side by side, as one game.
 *
 *     U_i(X) = sum over copies c of u_i(x_c),   X[c + k j] = variable j of x_c,
 *
 * so that V[c + k j] = v_j(x_c), and J falls apart into the copies' own.  The points are those of one call of
 * gradient_many, and player i's block is its variables in all copies, again in one piece.  The gradient of all copies is one
 * call; everything else goes copy by copy. */
#include "base/error.h"
#include "derive/derived.h"
#include "game/limits.h"

#include <gamedyn/derive.h>
#include <string.h>

enum { VECTORS = 3 }; /* x, a direction and an answer of one copy */

static size_t copies_of(const gd_derived *at) { return *(const size_t *)at->params; }

/* ---- one copy ---- */

static void gather(size_t k, size_t count, const double *all, double *one) {
  for (size_t j = 0; j < count; j++) one[j] = all[k * j];
}

static void scatter(size_t k, size_t count, const double *one, double *all) {
  for (size_t j = 0; j < count; j++) all[k * j] = one[j];
}

/* What is asked of every copy; x and direction may be NULL. */
typedef struct request {
  size_t player;
  const double *x, *direction;
  double *answer; /* `count` numbers of each copy, which are handed to it as they stand */
  size_t count;
} request;

typedef gd_status ask(gd_game *base, const request *asked);

/* Ask each copy in turn. */
static gd_status ask_each(const gd_derived *at, ask *one, const request *all) {
  const size_t n = gd_game_size(at->base), k = copies_of(at);
  double *x = at->scratch, *direction = x + n, *answer = x + 2 * n;
  const request own = {all->player, x, direction, answer, all->count};
  for (size_t c = 0; c < k; c++) {
    if (all->x) gather(k, n, all->x + c, x);
    if (all->direction) gather(k, n, all->direction + c, direction);
    gather(k, all->count, all->answer + c, answer);
    GD_TRY(one(at->base, &own));
    scatter(k, all->count, answer, all->answer + c);
  }
  return GD_OK;
}

static gd_status ask_player_gradient(gd_game *base, const request *asked) {
  return gd_game_player_gradient(base, asked->player, asked->x, asked->answer);
}

static gd_status ask_utility_gradient(gd_game *base, const request *asked) {
  return gd_game_utility_gradient(base, asked->player, asked->x, asked->answer);
}

static gd_status ask_jvp(gd_game *base, const request *asked) {
  return gd_game_jvp(base, asked->x, asked->direction, asked->answer);
}

static gd_status ask_vjp(gd_game *base, const request *asked) {
  return gd_game_vjp(base, asked->x, asked->direction, asked->answer);
}

static gd_status ask_project(gd_game *base, const request *asked) { return gd_game_project(base, asked->answer); }

static gd_status ask_solution(gd_game *base, const request *asked) { return gd_game_solution(base, asked->answer); }

/* ---- all copies ---- */

static gd_status gradient(const gd_derived *at, const double *X, double *V) {
  return gd_game_gradient_many(at->base, copies_of(at), X, V);
}

static gd_status player_gradient(const gd_derived *at, size_t player, const double *X, double *V) {
  const size_t count = gd_game_block_size(at->base, player);
  return ask_each(at, ask_player_gradient, &(request){player, X, NULL, V, count});
}

static gd_status utility_gradient(const gd_derived *at, size_t player, const double *X, double *G) {
  return ask_each(at, ask_utility_gradient, &(request){player, X, NULL, G, gd_game_size(at->base)});
}

static gd_status jvp(const gd_derived *at, const double *X, const double *U, double *JU) {
  return ask_each(at, ask_jvp, &(request){0, X, U, JU, gd_game_size(at->base)});
}

static gd_status vjp(const gd_derived *at, const double *X, const double *W, double *JtW) {
  return ask_each(at, ask_vjp, &(request){0, X, W, JtW, gd_game_size(at->base)});
}

static gd_status project(const gd_derived *at, double *X) {
  return ask_each(at, ask_project, &(request){0, NULL, NULL, X, gd_game_size(at->base)});
}

static gd_status solution(const gd_derived *at, double *X) {
  return ask_each(at, ask_solution, &(request){0, NULL, NULL, X, gd_game_size(at->base)});
}

/* A player has a variable, so that the utilities of one copy have room in a vector. */
static gd_status utilities(const gd_derived *at, const double *X, double *u) {
  const size_t n = gd_game_size(at->base), k = copies_of(at), players = gd_game_players(at->base);
  double *x = at->scratch, *own = x + n;
  memset(u, 0, players * sizeof *u);
  for (size_t c = 0; c < k; c++) {
    gather(k, n, X + c, x);
    GD_TRY(gd_game_utilities(at->base, x, own));
    for (size_t i = 0; i < players; i++) u[i] += own[i];
  }
  return GD_OK;
}

/* ---- the game ---- */

/* What the base differences is left to be differenced once, of all copies.  A player's gradient that is cut out of the
 * whole is better cut out of all, and there are utilities only where the base has some. */
static uint32_t offers_on(const gd_game *base) {
  uint32_t offers = 1u << GD_GRADIENT;
  for (int quantity = GD_PLAYER_GRADIENT; quantity <= GD_VJP; quantity++) {
    const gd_source source = gd_game_source(base, (gd_quantity)quantity);
    const bool by_copies = quantity != GD_PLAYER_GRADIENT && quantity != GD_UTILITIES;
    if (source == GD_SOURCE_NATIVE || (source == GD_SOURCE_DERIVED && by_copies)) offers |= 1u << quantity;
  }
  return offers;
}

static uint32_t needs_on(const gd_game *base) {
  uint32_t needs = 0;
  for (int quantity = GD_PLAYER_GRADIENT; quantity <= GD_VJP; quantity++)
    if (gdi_derived_is_exact(base, (gd_quantity)quantity)) needs |= 1u << quantity;
  return needs;
}

static gd_status plan(gd_derivation_plan *plan, const gd_game *base, const void *params) {
  const size_t copies = *(const size_t *)params, most = SIZE_MAX / 1024 / gd_game_size(base);
  GD_TRY(gdi_game_check_whole(base, "copies"));
  GDI_REQUIRE(copies >= 1 && copies <= most, "copies is %zu, expected 1 to %zu", copies, most);
  plan->needs = needs_on(base);
  plan->offers = offers_on(base);
  plan->scratch = VECTORS * gd_game_size(base);
  plan->points = copies;
  for (size_t i = 0; i < gd_game_players(base); i++) plan->block_sizes[i] *= copies;
  return GD_OK;
}

static const size_t example = 2;
const gd_derivation gdi_derivation_copies = {.struct_size = sizeof(gd_derivation),
                                             .name = "copies",
                                             .text = "copies of a game side by side, each at a point of its own",
                                             .params_size = sizeof example,
                                             .example = &example,
                                             .plan = plan,
                                             .gradient = gradient,
                                             .player_gradient = player_gradient,
                                             .utilities = utilities,
                                             .utility_gradient = utility_gradient,
                                             .jvp = jvp,
                                             .vjp = vjp,
                                             .project = project,
                                             .solution = solution};

gd_status gd_derive_copies(gd_game **game, gd_game *base, size_t copies) {
  return gd_derive(game, base, &gdi_derivation_copies, &copies);
}
