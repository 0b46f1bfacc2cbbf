/* SPDX-License-Identifier: BSD-3-Clause */
/* move.c -- the two operations of nearly every method: evaluate a direction, and move along it. */
#include "base/error.h"
#include "kernels/vector.h"
#include "steppers/stepper.h"

#include <string.h>

static void scale_player(gd_stepper *stepper, size_t player, double *direction) {
  const size_t start = stepper->starts[player];
  gdi_scaling_apply(&stepper->scaling, player, start, stepper->starts[player + 1] - start, direction);
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

/* The step sizes of the players in the method's params struct: the member of the row named step_size. */
const double *gdi_stepper_step_sizes(const gd_stepper *stepper) {
  const double *sizes = NULL;
  memcpy(&sizes, (const char *)stepper->params.seen + stepper->step_size_offset, sizeof sizes);
  return sizes;
}

/* Consecutive players from `first` on with the same step size are moved together: returns the first player after
 * them. */
static size_t end_of_stretch(const gd_stepper *stepper, const double *sizes, size_t first) {
  size_t end = first + 1;
  while (end < stepper->n_players && sizes[end] == sizes[first]) end++;
  return end;
}

static void move_blocks(const gd_stepper *stepper, double *to, const double *from, double factor,
                        const double *direction) {
  const double *sizes = gdi_stepper_step_sizes(stepper);
  for (size_t i = 0, end; i < stepper->n_players; i = end) {
    end = end_of_stretch(stepper, sizes, i);
    const size_t start = stepper->starts[i], count = stepper->starts[end] - start;
    gdi_vector_move(count, factor * sizes[i], from + start, direction + start, to + start);
  }
}

static void move_blocks_pair(const gd_stepper *stepper, double *x, double a, const double *first, double b,
                             const double *second) {
  const double *sizes = gdi_stepper_step_sizes(stepper);
  for (size_t i = 0, end; i < stepper->n_players; i = end) {
    end = end_of_stretch(stepper, sizes, i);
    const size_t start = stepper->starts[i], count = stepper->starts[end] - start;
    gdi_vector_extrapolate(count, sizes[i], a, first + start, -b, second + start, x + start);
  }
}

/* On games with a feasible set the new point is computed in scratch, so a failing projection changes nothing. */
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

gd_status gd_stepper_finish(gd_stepper *stepper, double *x, double *direction) {
  GDI_REQUIRE(stepper && x && direction, "gd_stepper_finish: stepper, x or direction is NULL");
  const bool scales = stepper->scaling.method->scale && !stepper->scaling.at_rest;
  if (!scales || stepper->projected) {
    GD_TRY(gd_stepper_scale(stepper, GD_ALL_PLAYERS, direction));
    return gd_stepper_move(stepper, x, x, 1, direction);
  }
  const double *h = gdi_stepper_step_sizes(stepper);
  for (size_t i = 0; i < stepper->n_players; i++) {
    const size_t start = stepper->starts[i];
    gdi_scaling_move(&stepper->scaling, i, start, stepper->starts[i + 1] - start, direction, h[i], x);
  }
  return GD_OK;
}

gd_status gd_stepper_move_by(gd_stepper *stepper, double *to, const double *from, const double *direction_times_h,
                             const double *plain) {
  GDI_REQUIRE(stepper && to && from && direction_times_h && plain,
              "gd_stepper_move_by: stepper, to, from, direction_times_h or plain is NULL");
  GDI_REQUIRE(to != plain, "gd_stepper_move_by: plain is the same vector as to, expected another one");
  double *moved = stepper->projected ? stepper->projected : to;
  move_blocks(stepper, moved, from, 1, direction_times_h);
  gdi_vector_axpy(stepper->n, 1, plain, moved);
  return stepper->projected ? project_into(stepper, to) : GD_OK;
}

gd_status gd_stepper_move_pair(gd_stepper *stepper, double *x, double a, const double *first, double b,
                               const double *second) {
  GDI_REQUIRE(stepper && x && first && second, "gd_stepper_move_pair: stepper, x, first or second is NULL");
  if (stepper->projected) memcpy(stepper->projected, x, stepper->n * sizeof *x);
  move_blocks_pair(stepper, stepper->projected ? stepper->projected : x, a, first, b, second);
  return stepper->projected ? project_into(stepper, x) : GD_OK;
}
