/* SPDX-License-Identifier: BSD-3-Clause */
/* move.c -- the two things nearly every method does: take a direction, and move along it. */
#include "base/error.h"
#include "base/vector.h"
#include "steppers/stepper.h"

#include <string.h>

static void scale_player(gd_stepper *stepper, size_t player, double *direction) {
  gdi_scaling_apply(&stepper->scaling, player, gd_game_block_start(stepper->game, player),
                    gd_game_block_size(stepper->game, player), direction);
}

gd_status gd_stepper_scale(gd_stepper *stepper, size_t player, double *direction) {
  GDI_REQUIRE(stepper && direction, "gd_stepper_scale: stepper or direction is NULL");
  GDI_REQUIRE(player == GD_ALL_PLAYERS || player < stepper->n_players,
              "gd_stepper_scale: player %zu, expected below %zu or GD_ALL_PLAYERS", player, stepper->n_players);
  if (!stepper->scaling.method->scale) return GD_OK;
  if (player != GD_ALL_PLAYERS) {
    scale_player(stepper, player, direction);
    return GD_OK;
  }
  for (size_t i = 0; i < stepper->n_players; i++) scale_player(stepper, i, direction);
  return GD_OK;
}

gd_status gd_stepper_direction(gd_stepper *stepper, const double *x, double *direction) {
  GDI_REQUIRE(stepper && x && direction, "gd_stepper_direction: stepper, x or direction is NULL");
  GD_TRY(gd_game_gradient(stepper->game, x, direction));
  return gd_stepper_scale(stepper, GD_ALL_PLAYERS, direction);
}

/* The step sizes of the players, as the method sees them: the row named step_size. */
static const double *step_sizes(const gd_stepper *stepper) {
  const double *sizes = NULL;
  memcpy(&sizes, (const char *)stepper->params.seen + stepper->step_size_offset, sizeof sizes);
  return sizes;
}

static void move_blocks(const gd_stepper *stepper, double *to, const double *from, double factor,
                        const double *direction) {
  const double *sizes = step_sizes(stepper);
  for (size_t i = 0; i < stepper->n_players; i++) {
    const size_t start = gd_game_block_start(stepper->game, i), size = gd_game_block_size(stepper->game, i);
    gdi_vector_move(size, factor * sizes[i], from + start, direction + start, to + start);
  }
}

static void move_blocks_pair(const gd_stepper *stepper, double *x, double a, const double *first, double b,
                             const double *second) {
  const double *sizes = step_sizes(stepper);
  for (size_t i = 0; i < stepper->n_players; i++) {
    const size_t start = gd_game_block_start(stepper->game, i), size = gd_game_block_size(stepper->game, i);
    gdi_vector_optimistic(size, sizes[i], a, first + start, -b, second + start, x + start);
  }
}

/* Games with a feasible set move in scratch of their own, so that a projection that fails costs nothing. */
static gd_status project_into(gd_stepper *stepper, double *to) {
  GD_TRY(gd_game_project(stepper->game, stepper->projected));
  memcpy(to, stepper->projected, stepper->n * sizeof *to);
  return GD_OK;
}

gd_status gd_stepper_move(gd_stepper *stepper, double *to, const double *from, double factor, const double *direction) {
  GDI_REQUIRE(stepper && to && from && direction, "gd_stepper_move: stepper, to, from or direction is NULL");
  move_blocks(stepper, stepper->projected ? stepper->projected : to, from, factor, direction);
  return stepper->projected ? project_into(stepper, to) : GD_OK;
}

gd_status gd_stepper_move_pair(gd_stepper *stepper, double *x, double a, const double *first, double b,
                               const double *second) {
  GDI_REQUIRE(stepper && x && first && second, "gd_stepper_move_pair: stepper, x, first or second is NULL");
  if (stepper->projected) memcpy(stepper->projected, x, stepper->n * sizeof *x);
  move_blocks_pair(stepper, stepper->projected ? stepper->projected : x, a, first, b, second);
  return stepper->projected ? project_into(stepper, x) : GD_OK;
}
