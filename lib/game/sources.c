/* SPDX-License-Identifier: BSD-3-Clause */
/* sources.c -- decides how each quantity is computed, once per configuration. */
#include "base/error.h"
#include "game/game.h"
#include "game/limits.h"
#include "game/many.h"
#include "kernels/vector.h"

#include <limits.h>

static const char *const quantity_names[GDI_QUANTITIES] = {
    [GD_GRADIENT] = "gradient",
    [GD_PLAYER_GRADIENT] = "player_gradient",
    [GD_UTILITIES] = "utilities",
    [GD_UTILITY_GRADIENT] = "utility_gradient",
    [GD_JVP] = "jvp",
    [GD_VJP] = "vjp",
    [GD_JACOBIAN] = "jacobian",
};

static void set(gd_game *game, gd_quantity quantity, gdi_route route, gd_source source) {
  if (source == GD_SOURCE_DIFFERENCED && game->options.forbid_differencing) {
    route = GDI_ROUTE_NONE;
    source = GD_SOURCE_NONE;
  }
  game->plan[quantity].route = route;
  game->plan[quantity].source = source;
}

/* The quantity is obtained from another: exact if that one is. */
static void derive(gd_game *game, gd_quantity quantity, gdi_route route, gd_quantity from) {
  const gd_source source = game->plan[from].source;
  if (source == GD_SOURCE_NONE)
    set(game, quantity, GDI_ROUTE_NONE, GD_SOURCE_NONE);
  else
    set(game, quantity, route, source == GD_SOURCE_DIFFERENCED ? source : GD_SOURCE_DERIVED);
}

/* A matrix J makes sense only where one rank holds all of x, up to the limit, and up to the
 * sizes BLAS can count. */
#define DIFFERENCE_DOUBT 1e-8 /* some times eps^(2/3) */
#define AFFINE_DOUBT 1e-12    /* over a step of 1 */

double gdi_game_doubt(const gd_game *game) {
  const bool differenced = gd_game_source(game, GD_JACOBIAN) == GD_SOURCE_DIFFERENCED ||
                           gd_game_source(game, GD_JVP) == GD_SOURCE_DIFFERENCED;
  if (!differenced) return 0;
  return gd_game_traits(game) & GD_AFFINE ? AFFINE_DOUBT : DIFFERENCE_DOUBT;
}

bool gdi_game_may_be_dense(const gd_game *game) {
  return game->n <= game->options.dense_limit && game->n <= INT_MAX && !(game->shared->traits & GD_PARTITIONED);
}

gd_status gdi_game_check_whole(const gd_game *game, const char *what) {
  if (!(game->shared->traits & GD_PARTITIONED)) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED,
                  "%s: the game \"%s\" is partitioned: its x is spread over processes, expected all of it in one", what,
                  game->shared->name);
}

gd_status gdi_game_check_point(const gd_game *game, const double *x, const char *what) {
  const size_t k = gdi_vector_first_nonfinite(game->n, x);
  return k == game->n ? GD_OK : gdi_fail(GD_ERR_NONFINITE, "%s: x[%zu] is %g, expected a finite point", what, k, x[k]);
}

static bool is_two_player_zero_sum(const gd_game *game) {
  return (game->shared->traits & GD_ZERO_SUM) && game->shared->n_players == 2;
}

static void plan_utilities(gd_game *game, const gd_game_ops *ops) {
  if (ops->utilities) set(game, GD_UTILITIES, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  if (ops->utility_gradient)
    set(game, GD_UTILITY_GRADIENT, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  else if (is_two_player_zero_sum(game) || game->shared->n_players == 1)
    set(game, GD_UTILITY_GRADIENT, GDI_ROUTE_GRADIENT, GD_SOURCE_DERIVED);
  else if (ops->utilities && !(game->shared->traits & GD_PARTITIONED))
    set(game, GD_UTILITY_GRADIENT, GDI_ROUTE_DIFFERENCES, GD_SOURCE_DIFFERENCED);
}

static void plan_products(gd_game *game, const gd_game_ops *ops) {
  if (ops->jvp)
    set(game, GD_JVP, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  else if (ops->jvp_many)
    set(game, GD_JVP, GDI_ROUTE_MANY, GD_SOURCE_DERIVED);
  else if (ops->jacobian && gdi_game_may_be_dense(game))
    set(game, GD_JVP, GDI_ROUTE_MATRIX, GD_SOURCE_DERIVED);
  else
    set(game, GD_JVP, GDI_ROUTE_DIFFERENCES, GD_SOURCE_DIFFERENCED);

  if (ops->jacobian && !(game->shared->traits & GD_PARTITIONED))
    set(game, GD_JACOBIAN, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  else if (!gdi_game_may_be_dense(game))
    set(game, GD_JACOBIAN, GDI_ROUTE_NONE, GD_SOURCE_NONE);
  else
    derive(game, GD_JACOBIAN, GDI_ROUTE_COLUMNS, GD_JVP);
}

static void plan_transposed(gd_game *game, const gd_game_ops *ops) {
  if (ops->vjp)
    set(game, GD_VJP, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  else if (game->shared->traits & GD_POTENTIAL)
    derive(game, GD_VJP, GDI_ROUTE_SYMMETRIC, GD_JVP);
  else if (is_two_player_zero_sum(game))
    derive(game, GD_VJP, GDI_ROUTE_MIRROR, GD_JVP);
  else if (gdi_game_may_be_dense(game))
    derive(game, GD_VJP, GDI_ROUTE_MATRIX, GD_JACOBIAN);
}

void gdi_game_plan(gd_game *game) {
  const gd_game_ops *ops = &game->shared->ops;
  for (int k = 0; k < GDI_QUANTITIES; k++) set(game, (gd_quantity)k, GDI_ROUTE_NONE, GD_SOURCE_NONE);
  set(game, GD_GRADIENT, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  if (ops->player_gradient)
    set(game, GD_PLAYER_GRADIENT, GDI_ROUTE_NATIVE, GD_SOURCE_NATIVE);
  else
    set(game, GD_PLAYER_GRADIENT, GDI_ROUTE_GRADIENT, GD_SOURCE_DERIVED);
  plan_utilities(game, ops);
  plan_products(game, ops);
  plan_transposed(game, ops);
}

gd_source gd_game_source(const gd_game *game, gd_quantity quantity) {
  if (!game || (unsigned)quantity >= GDI_QUANTITIES) return GD_SOURCE_NONE;
  return game->plan[quantity].source;
}

/* Why it cannot be had, as far as the caller can change it. */
static const char *reason(const gd_game *game, gd_quantity quantity) {
  const bool products = quantity == GD_JVP || quantity == GD_VJP || quantity == GD_JACOBIAN;
  if (products && game->shared->traits & GD_PARTITIONED)
    return "the game is partitioned, so its matrix cannot be built";
  if (products && quantity != GD_JVP && game->n > game->options.dense_limit)
    return "the game is larger than dense_limit, so its matrix cannot be built";
  if (game->options.forbid_differencing && (products || game->shared->ops.utilities))
    return "finite differences are forbidden";
  return "its other callbacks do not determine it";
}

gd_status gdi_game_need(const gd_game *game, gd_quantity quantity) {
  if (__builtin_expect(game->plan[quantity].route != GDI_ROUTE_NONE, 1)) return GD_OK;
  if (quantity == GD_JACOBIAN) GD_TRY(gdi_game_check_whole(game, quantity_names[quantity]));
  return gdi_fail(GD_ERR_UNSUPPORTED, "%s: the game \"%s\" (n = %zu, dense_limit = %zu) has no such callback and %s",
                  quantity_names[quantity], game->shared->name, game->n, game->options.dense_limit,
                  reason(game, quantity));
}

static size_t slot_length(const gd_game *game, gdi_slot slot) {
  const size_t n = game->n;
  switch (slot) {
  case GDI_SLOT_DIFFERENCES:
    return 3 * n;
  case GDI_SLOT_UTILITIES:
    return 2 * n + game->shared->n_players;
  case GDI_SLOT_COLUMNS:
    return 2 * GDI_COLUMN_CHUNK * n;
  case GDI_SLOT_MATRIX:
    return n * n;
  case GDI_SLOT_BLOCK:
    return 2 * n;
  default:
    return n;
  }
}

gd_status gdi_game_slot(gd_game *game, gdi_slot slot, double **buffer) {
  if (!game->slots[slot]) {
    game->slots[slot] = gdi_allocate(&game->shared->env, slot_length(game, slot), sizeof(double));
    if (!game->slots[slot]) return GD_ERR_MEMORY;
  }
  *buffer = game->slots[slot];
  return GD_OK;
}

static gd_status prepare_slot(gd_game *game, gdi_slot slot) {
  double *buffer;
  return gdi_game_slot(game, slot, &buffer);
}

/* Let the game get ready for a callback of its own. */
static gd_status prepare_native(gd_game *game, gd_quantity quantity) {
  if (!game->shared->ops.prepare) return GD_OK;
  const uint64_t before = gdi_failures();
  const int code = game->shared->ops.prepare(game->shared->data, 1u << quantity);
  if (code == 0) return GD_OK;
  return gdi_callback_code(before, code, "game \"%s\": prepare for %s returned %d", game->shared->name,
                           quantity_names[quantity], code);
}

static gd_status prepare_one(gd_game *game, gd_quantity quantity) {
  GD_TRY(gdi_game_need(game, quantity));
  if (game->plan[quantity].route == GDI_ROUTE_DIFFERENCES)
    gdi_log(&game->shared->env, GD_LOG_INFO, "game \"%s\": %s is computed by central differences", game->shared->name,
            quantity_names[quantity]);
  switch (game->plan[quantity].route) {
  case GDI_ROUTE_GRADIENT:
    return quantity == GD_PLAYER_GRADIENT ? prepare_slot(game, GDI_SLOT_PLAYER) : GD_OK;
  case GDI_ROUTE_SYMMETRIC:
    return prepare_one(game, GD_JVP);
  case GDI_ROUTE_MIRROR:
    GD_TRY(prepare_slot(game, GDI_SLOT_MIRROR));
    return prepare_one(game, GD_JVP);
  case GDI_ROUTE_COLUMNS:
    GD_TRY(prepare_slot(game, GDI_SLOT_COLUMNS));
    return game->shared->ops.jvp_many ? prepare_native(game, GD_JVP) : prepare_one(game, GD_JVP);
  case GDI_ROUTE_NATIVE:
  case GDI_ROUTE_MANY:
    return prepare_native(game, quantity);
  case GDI_ROUTE_MATRIX:
    GD_TRY(prepare_slot(game, GDI_SLOT_MATRIX));
    return prepare_one(game, GD_JACOBIAN);
  case GDI_ROUTE_DIFFERENCES:
    return prepare_slot(game, quantity == GD_UTILITY_GRADIENT ? GDI_SLOT_UTILITIES : GDI_SLOT_DIFFERENCES);
  default:
    return GD_OK;
  }
}

gd_status gd_game_prepare(gd_game *game, uint32_t needs) {
  GDI_REQUIRE(game, "game is NULL");
  GDI_REQUIRE(needs < 1u << GDI_QUANTITIES, "needs is 0x%x, expected bits of gd_quantity, below 0x%x", (unsigned)needs,
              1u << GDI_QUANTITIES);
  for (int k = 0; k < GDI_QUANTITIES; k++)
    if (needs & 1u << k) GD_TRY(prepare_one(game, (gd_quantity)k));
  return GD_OK;
}

gd_status gdi_game_many(gd_game *game, size_t k, double **answers) {
  if (k > game->many_count) {
    double *more = gdi_allocate(&game->shared->env, k, game->n * sizeof *more);
    if (!more) return GD_ERR_MEMORY;
    gdi_release(&game->shared->env, game->many);
    game->many = more;
    game->many_count = k;
  }
  *answers = game->many;
  return GD_OK;
}

gd_status gdi_game_prepare_many(gd_game *game, size_t k) {
  double *answers;
  if (game->shared->ops.gradient_many) return GD_OK;
  GD_TRY(prepare_slot(game, GDI_SLOT_LANE));
  return gdi_game_many(game, k, &answers);
}
