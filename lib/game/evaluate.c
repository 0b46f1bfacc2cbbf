/* SPDX-License-Identifier: BSD-3-Clause */
/* evaluate.c -- gradients, utilities, the feasible set: calls the callbacks, counts, and refuses results that are not
 * finite. */
#include "base/error.h"
#include "base/overlap.h"
#include "game/game.h"
#include "kernels/vector.h"

#include <math.h>
#include <string.h>

/* The player whose block holds index `k` of x. */
static size_t player_of(const gdi_shared *shared, size_t k) {
  size_t player = 0;
  while (player + 1 < shared->n_players && shared->starts[player + 1] <= k) player++;
  return player;
}

static __attribute__((cold)) gd_status blame(const gd_game *game, const char *what, gdi_answered by, size_t first,
                                             size_t count, const double *answer) {
  if (by.code)
    return gdi_callback_code(by.before, by.code,
                             by.code > 0 ? "%s: x is outside the game's domain (its callback returned %d)"
                                         : "%s: the game's callback failed and returned %d",
                             what, by.code);
  const size_t k = gdi_vector_first_nonfinite(count, answer);
  const size_t player = player_of(game->shared, first + k);
  return gdi_fail(GD_ERR_NONFINITE, "%s[%zu] (player %zu, variable %zu) is %g", what, k, player,
                  first + k - game->shared->starts[player], answer[k]);
}

/* Short results are checked here: at n = 5 the call of a kernel would cost more than the check.  An exponent of all
 * ones is infinity or NaN; adding one to it carries into the sign. */
static inline bool is_finite(size_t n, const double *a) {
  if (n > 16) return gdi_vector_is_finite(n, a);
  uint64_t carries = 0;
  for (size_t k = 0; k < n; k++) {
    uint64_t bits;
    memcpy(&bits, a + k, sizeof bits);
    carries |= (bits & 0x7ff0000000000000u) + 0x0010000000000000u;
  }
  return carries >> 63 == 0;
}

gd_status gdi_game_answer(const gd_game *game, const char *what, gdi_answered by, size_t first, size_t count,
                          const double *answer) {
  if (__builtin_expect(by.code == 0 && is_finite(count, answer), 1)) return GD_OK;
  return blame(game, what, by, first, count, answer);
}

gd_status gd_game_gradient(gd_game *game, const double *x, double *v) {
  GDI_REQUIRE(game && x && v && !gdi_overlap(game->n, x, game->n, v), "gradient: %s",
              !game ? "game is NULL"
              : !x  ? "x is NULL"
              : !v  ? "v is NULL"
                    : "v overlaps x");
  game->counts.gradients++;
  gdi_answered by = gdi_asked_now();
  by.code = game->gradient(game->data, game->draw, x, v);
  return gdi_game_answer(game, "gradient", by, 0, game->n, v);
}

static gd_status block_of_gradient(gd_game *game, size_t player, const double *x, double *v_i) {
  double *v;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_PLAYER, &v));
  GD_TRY(gd_game_gradient(game, x, v));
  memcpy(v_i, v + game->shared->starts[player], gd_game_block_size(game, player) * sizeof *v_i);
  return GD_OK;
}

gd_status gd_game_player_gradient(gd_game *game, size_t player, const double *x, double *v_i) {
  GDI_REQUIRE(game && x && v_i, "player_gradient: %s is NULL", !game ? "game" : !x ? "x" : "v_i");
  const gdi_shared *shared = game->shared;
  GDI_REQUIRE(player < shared->n_players, "player is %zu, but the game has %zu players", player, shared->n_players);
  GDI_REQUIRE(!gdi_overlap(gd_game_block_size(game, player), v_i, game->n, x), "player_gradient: v_i overlaps x");
  if (game->plan[GD_PLAYER_GRADIENT].route == GDI_ROUTE_GRADIENT) return block_of_gradient(game, player, x, v_i);
  game->counts.player_gradients++;
  game->counts.player_entries += gd_game_block_size(game, player);
  gdi_answered by = gdi_asked_now();
  by.code = shared->ops.player_gradient(game->data, game->draw, player, x, v_i);
  return gdi_game_answer(game, "player_gradient", by, shared->starts[player], gd_game_block_size(game, player), v_i);
}

gd_status gd_game_utilities(gd_game *game, const double *x, double *utilities) {
  GDI_REQUIRE(game && x && utilities, "utilities: %s is NULL", !game ? "game" : !x ? "x" : "utilities");
  GDI_REQUIRE(!gdi_overlap(game->shared->n_players, utilities, game->n, x), "utilities: utilities overlaps x");
  GD_TRY(gdi_game_need(game, GD_UTILITIES));
  game->counts.utilities++;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.utilities(game->data, game->draw, x, utilities);
  if (by.code) return blame(game, "utilities", by, 0, 0, NULL);
  for (size_t k = 0; k < game->shared->n_players; k++)
    if (!isfinite(utilities[k])) return gdi_fail(GD_ERR_NONFINITE, "utilities[%zu] is %g", k, utilities[k]);
  return GD_OK;
}

/* With one player v is the gradient of its utility; with two of a zero-sum game
 * du_1/dx = (v_1, -v_2) and du_2/dx = -du_1/dx = (-v_1, v_2), because v_i = du_i/dx_i. */
static gd_status utility_from_gradient(gd_game *game, size_t player, const double *x, double *g) {
  GD_TRY(gd_game_gradient(game, x, g));
  const gdi_shared *shared = game->shared;
  if (shared->n_players == 1) return GD_OK;
  for (size_t k = shared->starts[1 - player]; k < shared->starts[2 - player]; k++) g[k] = -g[k];
  return GD_OK;
}

gd_status gd_game_utility_gradient(gd_game *game, size_t player, const double *x, double *g) {
  GDI_REQUIRE(game && x && g && !gdi_overlap(game->n, x, game->n, g), "utility_gradient: %s",
              !game ? "game is NULL"
              : !x  ? "x is NULL"
              : !g  ? "g is NULL"
                    : "g overlaps x");
  const gdi_shared *shared = game->shared;
  GDI_REQUIRE(player < shared->n_players, "player is %zu, but the game has %zu players", player, shared->n_players);
  GD_TRY(gdi_game_need(game, GD_UTILITY_GRADIENT));
  switch (game->plan[GD_UTILITY_GRADIENT].route) {
  case GDI_ROUTE_GRADIENT:
    return utility_from_gradient(game, player, x, g);
  case GDI_ROUTE_DIFFERENCES:
    return gdi_game_difference_utility(game, player, x, g);
  default:
    break;
  }
  game->counts.utility_gradients++;
  gdi_answered by = gdi_asked_now();
  by.code = shared->ops.utility_gradient(game->data, game->draw, player, x, g);
  return gdi_game_answer(game, "utility_gradient", by, 0, game->n, g);
}

/* Evaluate the points one at a time, and write all results to the lanes after none has failed. */
static gd_status gradient_lanes(gd_game *game, size_t k, const double *X, double *V) {
  double *x, *v;
  const size_t n = game->n;
  GD_TRY(gdi_game_slot(game, GDI_SLOT_LANE, &x));
  GD_TRY(gdi_game_many(game, k, &v));
  for (size_t lane = 0; lane < k; lane++) {
    for (size_t i = 0; i < n; i++) x[i] = X[lane + k * i];
    GD_TRY(gd_game_gradient(game, x, v + lane * n));
  }
  for (size_t i = 0; i < n; i++)
    for (size_t lane = 0; lane < k; lane++) V[lane + k * i] = v[i + lane * n];
  return GD_OK;
}

static gd_status check_many(const gd_game *game, size_t k, const double *X, const double *V) {
  GDI_REQUIRE(game && X && V, "gradient_many: %s is NULL", !game ? "game" : X ? "V" : "X");
  GDI_REQUIRE(game->n == 0 || k <= SIZE_MAX / 16 / game->n, "gradient_many: k is %zu, expected at most %zu", k,
              SIZE_MAX / 16 / game->n);
  GDI_REQUIRE(!gdi_overlap(game->n * k, X, game->n * k, V), "gradient_many: V overlaps X");
  return GD_OK;
}

gd_status gd_game_gradient_many(gd_game *game, size_t k, const double *X, double *V) {
  GD_TRY(check_many(game, k, X, V));
  if (k == 0) return GD_OK;
  const gd_game_ops *ops = &game->shared->ops;
  if (!ops->gradient_many) return gradient_lanes(game, k, X, V);
  game->counts.gradients += k;
  gdi_answered by = gdi_asked_now();
  by.code = ops->gradient_many(game->data, game->draw, k, X, V);
  if (by.code) return blame(game, "gradient_many", by, 0, 0, NULL);
  const size_t at = gdi_vector_first_nonfinite(game->n * k, V);
  if (at == game->n * k) return GD_OK;
  return gdi_fail(GD_ERR_NONFINITE, "gradient_many: variable %zu of lane %zu is %g", at / k, at % k, V[at]);
}

bool gd_game_projects(const gd_game *game) { return game && game->shared->ops.project; }

gd_status gd_game_project(gd_game *game, double *x) {
  GDI_REQUIRE(game && x, "project: %s is NULL", game ? "x" : "game");
  if (!game->shared->ops.project || game->set_aside) return GD_OK;
  game->counts.projections++;
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.project(game->data, x);
  return gdi_game_answer(game, "project", by, 0, game->n, x);
}

gd_status gd_game_solution(gd_game *game, double *x) {
  GDI_REQUIRE(game && x, "solution: %s is NULL", game ? "x" : "game");
  if (!game->shared->ops.solution)
    return gdi_fail(GD_ERR_UNSUPPORTED, "solution: the game \"%s\" has no solution callback", game->shared->name);
  gdi_answered by = gdi_asked_now();
  by.code = game->shared->ops.solution(game->data, x);
  return gdi_game_answer(game, "solution", by, 0, game->n, x);
}
