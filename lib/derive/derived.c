/* SPDX-License-Identifier: BSD-3-Clause */
/* derived.c -- a game around a base game: its callbacks take a handle on the base and call the derivation's. */
#include "derive/derived.h"
#include "base/error.h"
#include "base/first_sizes.h"
#include "derive/handles.h"
#include "game/forward_status.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct derived {
  gdi_env env;
  gd_derivation how;
  gdi_handles handles;
  size_t *block_sizes; /* [n_players] of the base, of which those of players left out are 0 */
  void *params;
} derived;

/* ---- callbacks ---- */

static int finish(derived *own, gdi_handle *handle, gd_status status) {
  gdi_handles_return(&own->handles, handle);
  return gdi_forward_status(status);
}

/* Take a handle, evaluate the call, whose `at` it is, and give the handle back. */
#define ON_HANDLE(draw, callback, ...)                                                                                 \
  derived *own = data;                                                                                                 \
  gdi_handle *handle;                                                                                                  \
  const gd_status taken = gdi_handles_take(&own->handles, draw, &handle);                                              \
  if (taken < 0) return gdi_forward_status(taken);                                                                     \
  return finish(own, handle, own->how.callback(&handle->at, __VA_ARGS__))

static int gradient(void *data, const gd_draw *draw, const double *x, double *v) { ON_HANDLE(draw, gradient, x, v); }

static int player_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *v_i) {
  ON_HANDLE(draw, player_gradient, player, x, v_i);
}

static int utilities(void *data, const gd_draw *draw, const double *x, double *u) { ON_HANDLE(draw, utilities, x, u); }

static int utility_gradient(void *data, const gd_draw *draw, size_t player, const double *x, double *g) {
  ON_HANDLE(draw, utility_gradient, player, x, g);
}

static int jvp(void *data, const gd_draw *draw, const double *x, const double *u, double *Ju) {
  ON_HANDLE(draw, jvp, x, u, Ju);
}

static int vjp(void *data, const gd_draw *draw, const double *x, const double *w, double *Jtw) {
  ON_HANDLE(draw, vjp, x, w, Jtw);
}

static int project(void *data, double *x) { ON_HANDLE(NULL, project, x); }

static int solution(void *data, double *x) { ON_HANDLE(NULL, solution, x); }

static gd_status base_project(const gd_derived *at, double *x) { return gd_game_project(at->base, x); }

static gd_status base_solution(const gd_derived *at, double *x) { return gd_game_solution(at->base, x); }

static void destroy(void *data) {
  derived *own = data;
  gdi_handles_close(&own->handles);
  gdi_release(&own->env, own->params);
  gdi_release(&own->env, own->block_sizes);
  gdi_destroy(own, offsetof(derived, env));
}

/* ---- the plan ---- */

static uint32_t all_offers(const gd_derivation *how) {
  return 1u << GD_GRADIENT | (how->player_gradient ? 1u << GD_PLAYER_GRADIENT : 0) |
         (how->utilities ? 1u << GD_UTILITIES : 0) | (how->utility_gradient ? 1u << GD_UTILITY_GRADIENT : 0) |
         (how->jvp ? 1u << GD_JVP : 0) | (how->vjp ? 1u << GD_VJP : 0);
}

/* The base's own callbacks serve points of the base's size alone. */
static gd_status settle_sizes(const derived *own, const gd_game *base, gd_derivation_plan *plan) {
  bool same = true;
  for (size_t k = 0; k < gd_game_players(base); k++) same &= own->block_sizes[k] == gd_game_block_size(base, k);
  plan->offers &= all_offers(&own->how);
  if (same) return GD_OK;
  if (own->how.solution == base_solution) plan->has_solution = false;
  if (own->how.project != base_project || !gd_game_projects(base)) return GD_OK;
  return gdi_fail(
      GD_ERR_UNSUPPORTED,
      "%s: the game \"%s\" has a feasible set; a derivation that changes sizes needs a projection of its own",
      own->how.name, gd_game_name(base));
}

/* Let the derivation plan, and make the first handle accordingly. */
static gd_status open_data(derived *own, const gd_game *base, const void *params, gd_derivation_plan *plan) {
  const size_t players = gd_game_players(base), bytes = own->how.params_size;
  own->block_sizes = gdi_allocate(&own->env, players, sizeof *own->block_sizes);
  own->params = gdi_allocate(&own->env, bytes ? bytes : 1, 1);
  if (!own->block_sizes || !own->params) return GD_ERR_MEMORY;
  for (size_t k = 0; k < players; k++) own->block_sizes[k] = gd_game_block_size(base, k);
  if (bytes) memcpy(own->params, params, bytes);
  *plan = (gd_derivation_plan){.offers = all_offers(&own->how),
                               .traits = gd_game_traits(base),
                               .has_solution = true,
                               .block_sizes = own->block_sizes};
  GD_TRY(own->how.plan(plan, base, own->params));
  GD_TRY(settle_sizes(own, base, plan));
  return gdi_handles_open(&own->handles, &own->env, base, plan, own->params);
}

static size_t leave_players_out(size_t players, size_t *block_sizes) {
  size_t left = 0;
  for (size_t k = 0; k < players; k++)
    if (block_sizes[k] > 0) block_sizes[left++] = block_sizes[k];
  return left;
}

/* A base without a solution says so itself when it is asked. */
static gd_game_ops choose_ops(const gd_game *base, const gd_derivation_plan *plan, const char *name) {
  const uint32_t has = plan->offers;
  return (gd_game_ops){.struct_size = sizeof(gd_game_ops),
                       .name = name,
                       .destroy = destroy,
                       .gradient = gradient,
                       .player_gradient = has & 1u << GD_PLAYER_GRADIENT ? player_gradient : NULL,
                       .utilities = has & 1u << GD_UTILITIES ? utilities : NULL,
                       .utility_gradient = has & 1u << GD_UTILITY_GRADIENT ? utility_gradient : NULL,
                       .jvp = has & 1u << GD_JVP ? jvp : NULL,
                       .vjp = has & 1u << GD_VJP ? vjp : NULL,
                       .project = gd_game_projects(base) ? project : NULL,
                       .solution = plan->has_solution ? solution : NULL};
}

static gd_status create_game(gd_game **game, const gd_game *base, derived *own, const gd_derivation_plan *plan) {
  char name[128];
  snprintf(name, sizeof name, "%s(%s)", own->how.name, gd_game_name(base));
  const gd_game_ops ops = choose_ops(base, plan, name);
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = leave_players_out(gd_game_players(base), own->block_sizes),
                             .block_sizes = own->block_sizes,
                             .traits = plan->traits,
                             .env = gd_game_env(base)};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}

static gd_status check_table(const gd_derivation *how, gd_game **game, const gd_game *base) {
  GDI_REQUIRE(how->name && *how->name, "gd_derive: name of the derivation is NULL or empty");
  GDI_REQUIRE(how->plan && how->gradient, "gd_derive: the derivation \"%s\" has no %s", how->name,
              how->plan ? "gradient" : "plan");
  GDI_REQUIRE(game && base, "%s: %s is NULL", how->name, game ? "base" : "game");
  if (!how->corrects || !gd_game_projects(base)) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED,
                  "%s: the game \"%s\" has a feasible set; on its edge the derived game has other solutions", how->name,
                  gd_game_name(base));
}

gd_status gd_derive(gd_game **game, gd_game *base, const gd_derivation *derivation, const void *params) {
  gd_derivation how = {0};
  gd_derivation_plan plan;
  gd_status status;
  GDI_REQUIRE(derivation, "gd_derive: derivation is NULL");
  GD_TRY(GDI_SIZED_READ(gd_derivation, &how, derivation));
  GD_TRY(check_table(&how, game, base));
  if (!params) params = how.example;
  GDI_REQUIRE(params || !how.params_size, "%s: params is NULL, expected its %zu bytes", how.name, how.params_size);
  if (!how.project) how.project = base_project;
  if (!how.solution) how.solution = base_solution;
  derived *own = gdi_create(gd_game_env(base), sizeof *own, offsetof(derived, env), &status);
  if (!own) return status;
  own->how = how;
  status = open_data(own, base, params, &plan);
  if (status == GD_OK) return create_game(game, base, own, &plan);
  destroy(own);
  return status;
}

/* ---- for the library's own ---- */

gd_status gdi_derived_check_players(const gd_game *base, size_t leader, size_t follower) {
  const size_t players = gd_game_players(base);
  GDI_REQUIRE(leader < players, "leader is %zu, but the game has %zu players", leader, players);
  GDI_REQUIRE(follower < players, "follower is %zu, but the game has %zu players", follower, players);
  GDI_REQUIRE(leader != follower, "leader and follower are both %zu, expected two players", leader);
  return GD_OK;
}

gd_status gdi_derived_check_weight(const char *name, double value) {
  GDI_REQUIRE(isfinite(value) && value >= 0, "%s is %g, expected a finite number, 0 or more", name, value);
  return GD_OK;
}

bool gdi_derived_is_opposed(const gd_game *base) {
  return (gd_game_traits(base) & GD_ZERO_SUM) && gd_game_players(base) == 2;
}

bool gdi_derived_is_exact(const gd_game *base, gd_quantity quantity) {
  const gd_source source = gd_game_source(base, quantity);
  return source == GD_SOURCE_NATIVE || source == GD_SOURCE_DERIVED;
}

void gdi_derived_offer_products(gd_derivation_plan *plan, const gd_game *base) {
  if ((gd_game_traits(base) & GD_AFFINE) && gd_game_source(base, GD_JVP) != GD_SOURCE_NONE) {
    plan->needs |= 1u << GD_JVP | 1u << GD_VJP;
    return;
  }
  gdi_derived_withdraw(plan, GD_JVP);
  gdi_derived_withdraw(plan, GD_VJP);
}
