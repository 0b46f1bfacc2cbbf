/* SPDX-License-Identifier: BSD-3-Clause */
/* derived.c -- a game around a base game: who owns what, and how questions reach the base. */
#include "derive/derived.h"

#include "base/error.h"
#include "game/forward_status.h"

#include <stdio.h>
#include <string.h>

typedef struct derived {
  gdi_env env;
  gdi_handles lanes;
  size_t *block_sizes; /* [n_players] of the base */
  void *params;
} derived;

int gdi_derived_handle(void *data, const gd_draw *draw, gdi_handler *how, gdi_request asked) {
  derived *own = data;
  gdi_handle *lane;
  gd_status status = gdi_handles_take(&own->lanes, draw, &lane);
  if (status < 0) return gdi_forward_status(status);
  asked.params = own->params;
  status = how(lane, &asked);
  gdi_handles_return(&own->lanes, lane);
  return gdi_forward_status(status);
}

static gd_status base_project(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_project(lane->base, asked->answer);
}

static gd_status base_solution(const gdi_handle *lane, const gdi_request *asked) {
  return gd_game_solution(lane->base, asked->answer);
}

static int project(void *data, double *x) {
  return gdi_derived_handle(data, NULL, base_project, (gdi_request){.answer = x});
}

static int solution(void *data, double *x) {
  return gdi_derived_handle(data, NULL, base_solution, (gdi_request){.answer = x});
}

static void destroy(void *data) {
  derived *own = data;
  gdi_handles_close(&own->lanes);
  gdi_release(&own->env, own->params);
  gdi_release(&own->env, own->block_sizes);
  gdi_destroy(own, offsetof(derived, env));
}

static gd_status open_data(derived *own, const gd_game *base, const gdi_derivation *how) {
  GD_TRY(gdi_handles_open(&own->lanes, &own->env, base, how->needs));
  const size_t players = gd_game_players(base), factor = how->block_factor ? how->block_factor : 1;
  own->block_sizes = gdi_allocate(&own->env, players, sizeof *own->block_sizes);
  own->params = gdi_allocate(&own->env, how->params_size, 1);
  if (!own->block_sizes || !own->params) return GD_ERR_MEMORY;
  for (size_t k = 0; k < players; k++) own->block_sizes[k] = factor * gd_game_block_size(base, k);
  memcpy(own->params, how->params, how->params_size);
  return GD_OK;
}

/* A base without a solution says so itself when it is asked. */
static gd_game_ops complete_ops(const gd_game *base, const gdi_derivation *how, const char *name) {
  gd_game_ops ops = how->ops;
  ops.struct_size = sizeof ops;
  ops.name = name;
  ops.destroy = destroy;
  if (!ops.solution && !how->without_solution) ops.solution = solution;
  if (!ops.project && gd_game_projects(base)) ops.project = project;
  return ops;
}

bool gdi_derived_is_affine(const gd_game *base) {
  return (gd_game_traits(base) & GD_AFFINE) && gd_game_source(base, GD_JVP) != GD_SOURCE_NONE;
}

/* A solution on the edge of a set has a v that is not 0, and there the correction moves it away. */
static gd_status check_feasible_set(const gd_game *base, const gdi_derivation *how) {
  if (!how->corrects || !gd_game_projects(base)) return GD_OK;
  return gdi_fail(GD_ERR_UNSUPPORTED,
                  "%s: the game \"%s\" has a feasible set; on its edge the derived game has other solutions", how->name,
                  gd_game_name(base));
}

gd_status gdi_derive(gd_game **game, const gd_game *base, const gdi_derivation *how) {
  gd_status status;
  GD_TRY(check_feasible_set(base, how));
  derived *own = gdi_create(gd_game_env(base), sizeof *own, offsetof(derived, env), &status);
  if (!own) return status;
  status = open_data(own, base, how);
  if (status < 0) {
    destroy(own);
    return status;
  }
  char name[128];
  snprintf(name, sizeof name, "%s(%s)", how->name, gd_game_name(base));
  const gd_game_ops ops = complete_ops(base, how, name);
  const gd_game_spec spec = {.struct_size = sizeof spec,
                             .ops = &ops,
                             .data = own,
                             .n_players = gd_game_players(base),
                             .block_sizes = own->block_sizes,
                             .traits = how->traits,
                             .env = gd_game_env(base)};
  return gd_game_create(game, &spec); /* destroys `own` if it fails */
}
