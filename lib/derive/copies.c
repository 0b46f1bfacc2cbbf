/* SPDX-License-Identifier: BSD-3-Clause */
/* copies.c -- k copies of a game, side by side, as one game.
 *
 *     U_i(X) = sum over copies c of u_i(x_c),   X[c + k j] = variable j of x_c,
 *
 * so that V[c + k j] = v_j(x_c), and J falls apart into the copies' own.  The points are the lanes that gradient_many
 * takes, and player i's block is its variables in all copies, again in one piece.  The gradient of all copies is one
 * call; everything else goes copy by copy. */
#include "base/error.h"
#include "derive/derived.h"
#include "game/limits.h"

#include <gamedyn/derive.h>
#include <string.h>

enum { VECTORS = 3 }; /* x, a direction and an answer of one copy */

static size_t copies_of(const gdi_request *asked) { return *(const size_t *)asked->params; }

/* ---- one copy ---- */

static void gather(size_t k, size_t count, const double *lanes, double *one) {
  for (size_t j = 0; j < count; j++) one[j] = lanes[k * j];
}

static void scatter(size_t k, size_t count, const double *one, double *lanes) {
  for (size_t j = 0; j < count; j++) lanes[k * j] = one[j];
}

/* Ask each copy in turn: x and direction, where there are any, are its own, and so is the answer, `count` numbers that
 * are taken along as they stand. */
static gd_status ask_each(const gdi_handle *lane, const gdi_request *asked, gdi_handler *one, size_t count) {
  const size_t n = gd_game_size(lane->base), k = copies_of(asked);
  double *x = lane->scratch, *direction = x + n, *answer = x + 2 * n;
  gdi_request own = {asked->params, asked->player, x, direction, answer};
  for (size_t c = 0; c < k; c++) {
    if (asked->x) gather(k, n, asked->x + c, x);
    if (asked->direction) gather(k, n, asked->direction + c, direction);
    gather(k, count, asked->answer + c, answer);
    GD_TRY(one(lane, &own));
    scatter(k, count, answer, asked->answer + c);
  }
  return GD_OK;
}

static gd_status player_gradient_of_one(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_player_gradient(lane->base, asked->player, asked->x, asked->answer);
}

static gd_status utility_gradient_of_one(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_utility_gradient(lane->base, asked->player, asked->x, asked->answer);
}

static gd_status jvp_of_one(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_jvp(lane->base, asked->x, asked->direction, asked->answer);
}

static gd_status vjp_of_one(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_vjp(lane->base, asked->x, asked->direction, asked->answer);
}

static gd_status project_one(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_project(lane->base, asked->answer);
}

static gd_status solution_of_one(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_solution(lane->base, asked->answer);
}

/* ---- all copies ---- */

static gd_status all_gradients(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_gradient_many(lane->base, copies_of(asked), asked->x, asked->answer);
}

static gd_status all_player_gradients(const gdi_handle *lane, const gdi_request *asked) {
  return ask_each(lane, asked, player_gradient_of_one, gd_game_block_size(lane->base, asked->player));
}

static gd_status all_utility_gradients(const gdi_handle *lane, const gdi_request *asked) {
  return ask_each(lane, asked, utility_gradient_of_one, gd_game_size(lane->base));
}

static gd_status all_jvps(const gdi_handle *lane, const gdi_request *asked) {
  return ask_each(lane, asked, jvp_of_one, gd_game_size(lane->base));
}

static gd_status all_vjps(const gdi_handle *lane, const gdi_request *asked) {
  return ask_each(lane, asked, vjp_of_one, gd_game_size(lane->base));
}

static gd_status project_all(const gdi_handle *lane, const gdi_request *asked) {
  return ask_each(lane, asked, project_one, gd_game_size(lane->base));
}

static gd_status all_solutions(const gdi_handle *lane, const gdi_request *asked) {
  return ask_each(lane, asked, solution_of_one, gd_game_size(lane->base));
}

/* A player has a variable, so that the utilities of one copy have room in a vector. */
static gd_status sum_utilities(const gdi_handle *lane, const gdi_request *asked) {
  const size_t n = gd_game_size(lane->base), k = copies_of(asked), players = gd_game_players(lane->base);
  double *x = lane->scratch, *utilities = x + n;
  memset(asked->answer, 0, players * sizeof *asked->answer);
  for (size_t c = 0; c < k; c++) {
    gather(k, n, asked->x + c, x);
    GD_TRY(gd_game_utilities(lane->base, x, utilities));
    for (size_t i = 0; i < players; i++) asked->answer[i] += utilities[i];
  }
  return GD_OK;
}

/* ---- callbacks ---- */

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  return gdi_derived_handle(data, draw, all_gradients, (gdi_request){.x = x, .answer = v});
}

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  return gdi_derived_handle(data, draw, all_player_gradients, (gdi_request){.player = player, .x = x, .answer = v_i});
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) {
  return gdi_derived_handle(data, draw, sum_utilities, (gdi_request){.x = x, .answer = u});
}

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  return gdi_derived_handle(data, draw, all_utility_gradients, (gdi_request){.player = player, .x = x, .answer = g});
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  return gdi_derived_handle(data, draw, all_jvps, (gdi_request){.x = x, .direction = u, .answer = Ju});
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  return gdi_derived_handle(data, draw, all_vjps, (gdi_request){.x = x, .direction = w, .answer = Jtw});
}

static int project(void *data, double *x) {
  return gdi_derived_handle(data, NULL, project_all, (gdi_request){.answer = x});
}

static int solution(void *data, double *x) {
  return gdi_derived_handle(data, NULL, all_solutions, (gdi_request){.answer = x});
}

/* ---- the game ---- */

static bool has(const gd_game *base, gd_quantity quantity, gd_source least) {
  const gd_source source = gd_game_source(base, quantity);
  return source == GD_SOURCE_NATIVE || (source == GD_SOURCE_DERIVED && least == GD_SOURCE_DERIVED);
}

/* What the base differences is left to be differenced once, of all copies; a player's gradient that is cut out of the
 * whole is better cut out of all. */
static gd_game_ops choose_ops(const gd_game *base) {
  return (gd_game_ops){
      .gradient = gradient,
      .player_gradient = has(base, GD_PLAYER_GRADIENT, GD_SOURCE_NATIVE) ? player_gradient : NULL,
      .utilities = has(base, GD_UTILITIES, GD_SOURCE_NATIVE) ? utilities : NULL,
      .utility_gradient = has(base, GD_UTILITY_GRADIENT, GD_SOURCE_DERIVED) ? utility_gradient : NULL,
      .jvp = has(base, GD_JVP, GD_SOURCE_DERIVED) ? jvp : NULL,
      .vjp = has(base, GD_VJP, GD_SOURCE_DERIVED) ? vjp : NULL,
      .project = gd_game_projects(base) ? project : NULL,
      .solution = solution,
  };
}

static uint32_t choose_needs(const gd_game *base) {
  uint32_t needs = 0;
  for (int quantity = GD_PLAYER_GRADIENT; quantity <= GD_VJP; quantity++)
    if (has(base, (gd_quantity)quantity, GD_SOURCE_DERIVED)) needs |= 1u << quantity;
  return needs;
}

gd_status gd_derive_copies(gd_game **game, gd_game *base, size_t copies) {
  GDI_REQUIRE(game && base, "copies: %s is NULL", game ? "base" : "game");
  GD_TRY(gdi_game_check_whole(base, "copies"));
  const size_t most = SIZE_MAX / 1024 / gd_game_size(base);
  GDI_REQUIRE(copies >= 1 && copies <= most, "copies is %zu, expected 1 to %zu", copies, most);
  const gdi_derivation how = {.name = "copies",
                              .params = &copies,
                              .params_size = sizeof copies,
                              .ops = choose_ops(base),
                              .needs = {choose_needs(base), VECTORS, copies},
                              .traits = gd_game_traits(base),
                              .block_factor = copies};
  return gdi_derive(game, base, &how);
}
