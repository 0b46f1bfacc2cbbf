/* SPDX-License-Identifier: BSD-3-Clause */
/* game.c -- creation and destruction of games and handles, and accessors that need no evaluation. */
#include "game/game.h"

#include "base/error.h"
#include "base/first_sizes.h"
#include "game/limits.h"

#include <string.h>

#define ALL_TRAITS                                                                                                     \
  ((uint32_t)(GD_ZERO_SUM | GD_POTENTIAL | GD_AFFINE | GD_STOCHASTIC | GD_THREAD_SAFE | GD_PARTITIONED | GD_BOX))

/* so that the size in bytes of every buffer a handle needs can be computed */
#define MOST_VARIABLES (SIZE_MAX / 1024)

static void release_shared(gdi_shared *shared) {
  if (!shared) return;
  if (shared->owns_data) shared->ops.destroy(shared->data);
  gdi_release(&shared->env, shared->starts);
  gdi_release(&shared->env, shared->name);
  gdi_destroy(shared, offsetof(gdi_shared, env));
}

static gd_status copy_name(gdi_shared *shared) {
  const char *name = shared->ops.name ? shared->ops.name : "game";
  const size_t bytes = strlen(name) + 1;
  shared->name = gdi_allocate(&shared->env, bytes, 1);
  if (!shared->name) return GD_ERR_MEMORY;
  memcpy(shared->name, name, bytes);
  shared->ops.name = shared->name;
  return GD_OK;
}

static gd_status copy_blocks(gdi_shared *shared, const size_t *sizes) {
  const bool partitioned = (shared->traits & GD_PARTITIONED) != 0;
  shared->starts = gdi_allocate(&shared->env, shared->n_players + 1, sizeof *shared->starts);
  if (!shared->starts) return GD_ERR_MEMORY;
  for (size_t k = 0; k < shared->n_players; k++) {
    GDI_REQUIRE(sizes[k] > 0 || partitioned,
                "block_sizes[%zu] is 0, expected 1 or more (0 is for games with GD_PARTITIONED)", k);
    GDI_REQUIRE(sizes[k] <= MOST_VARIABLES - shared->starts[k],
                "block_sizes[%zu] is %zu, so there are more than %zu variables, the most that are supported", k,
                sizes[k], MOST_VARIABLES);
    shared->starts[k + 1] = shared->starts[k] + sizes[k];
  }
  shared->n = shared->starts[shared->n_players];
  return GD_OK;
}

static gd_status fill_shared(gdi_shared *shared, const gd_game_spec *spec, const gd_game_ops *ops) {
  shared->ops = *ops;
  shared->data = spec->data;
  shared->n_players = spec->n_players;
  shared->traits = spec->traits;
  atomic_init(&shared->references, 0);
  GD_TRY(copy_name(shared));
  return copy_blocks(shared, spec->block_sizes);
}

static gd_status read_spec(const gd_game_spec *callers, gd_game_spec *spec, gd_game_ops *ops) {
  GD_TRY(GDI_SIZED_READ(gd_game_spec, spec, callers));
  GD_TRY(GDI_SIZED_READ(gd_game_ops, ops, spec->ops));
  GDI_REQUIRE(ops->gradient, "ops->gradient is NULL, but every game must have this callback");
  GDI_REQUIRE(spec->n_players > 0, "n_players is 0, expected 1 or more");
  GDI_REQUIRE(spec->block_sizes, "block_sizes is NULL, expected %zu sizes", spec->n_players);
  if (spec->traits & ~ALL_TRAITS)
    return gdi_fail(GD_ERR_UNSUPPORTED, "traits: this library does not know the bits 0x%x",
                    (unsigned)(spec->traits & ~ALL_TRAITS));
  return GD_OK;
}

/* A handle on `shared`; adds its reference only when it succeeds. */
static gd_status create_handle(gd_game **game, gdi_shared *shared) {
  gd_game *handle = gdi_allocate(&shared->env, 1, sizeof *handle);
  if (!handle) return GD_ERR_MEMORY;
  handle->gradient = shared->ops.gradient;
  handle->data = shared->data;
  handle->n = shared->n;
  handle->shared = shared;
  gd_eval_options_init(&handle->options);
  gdi_game_plan(handle);
  atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
  *game = handle;
  return GD_OK;
}

static gd_status create(gd_game **game, const gd_game_spec *callers) {
  GDI_REQUIRE(game, "game is NULL, expected the address for the new game");
  gd_game_spec spec = {0};
  gd_game_ops ops = {0};
  GD_TRY(read_spec(callers, &spec, &ops));
  gd_status status;
  gdi_shared *shared = gdi_create(spec.env, sizeof *shared, offsetof(gdi_shared, env), &status);
  if (status == GD_OK) status = fill_shared(shared, &spec, &ops);
  if (status == GD_OK) status = create_handle(game, shared);
  if (status == GD_OK)
    shared->owns_data = ops.destroy != NULL;
  else
    release_shared(shared);
  return status;
}

/* A failed create destroys the data too, if the structs can be read. */
static void destroy_data(const gd_game_spec *spec) {
  if (!spec || spec->struct_size < offsetof(gd_game_spec, data) + sizeof spec->data || !spec->ops) return;
  const gd_game_ops *ops = spec->ops;
  if (ops->struct_size < offsetof(gd_game_ops, destroy) + sizeof ops->destroy || !ops->destroy) return;
  ops->destroy(spec->data);
}

gd_status gd_game_create(gd_game **game, const gd_game_spec *spec) {
  const gd_status status = create(game, spec);
  if (status < 0) destroy_data(spec);
  return status;
}

gd_status gd_game_dup(gd_game **copy, const gd_game *game) {
  GDI_REQUIRE(copy && game, "%s is NULL", copy ? "game" : "copy");
  gd_game *handle;
  GD_TRY(create_handle(&handle, game->shared));
  handle->options = game->options;
  handle->current = game->current;
  handle->draw = game->draw ? &handle->current : NULL;
  gdi_game_plan(handle);
  *copy = handle;
  return GD_OK;
}

void gd_game_destroy(gd_game *game) {
  if (!game) return;
  gdi_shared *shared = game->shared;
  for (size_t k = 0; k < GDI_SLOTS; k++) gdi_release(&shared->env, game->slots[k]);
  gdi_release(&shared->env, game->many);
  gdi_release(&shared->env, game);
  /* release what this thread wrote, acquire what the others did, before the data goes */
  if (atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) == 1) release_shared(shared);
}

const char *gd_game_name(const gd_game *game) { return game ? game->shared->name : ""; }

size_t gd_game_size(const gd_game *game) { return game ? game->n : 0; }

size_t gd_game_players(const gd_game *game) { return game ? game->shared->n_players : 0; }

size_t gd_game_block_start(const gd_game *game, size_t player) {
  if (!game) return 0;
  return player < game->shared->n_players ? game->shared->starts[player] : game->n;
}

size_t gd_game_block_size(const gd_game *game, size_t player) {
  if (!game || player >= game->shared->n_players) return 0;
  return game->shared->starts[player + 1] - game->shared->starts[player];
}

uint32_t gd_game_traits(const gd_game *game) { return game ? game->shared->traits : 0; }

const gd_env *gd_game_env(const gd_game *game) { return game ? &game->shared->env.env : NULL; }

void gd_game_counts(const gd_game *game, gd_counts *counts) {
  if (game && counts) *counts = game->counts;
}

void gdi_game_count_solve(gd_game *game) { game->counts.solves++; }

void gd_game_reset_counts(gd_game *game) {
  if (game) game->counts = (gd_counts){0};
}
