/* SPDX-License-Identifier: BSD-3-Clause */
/* trace_columns.c -- what a trace may keep of each observation.
 *
 * What the run does not know already is evaluated exactly, not on a minibatch, on a handle of the trace's own. */
#include "game/reduce.h"
#include "run/trace.h"
#include "steppers/stepper.h"

#include <string.h>

static gd_status fill_point(gd_trace *trace, const gd_progress *progress, double *row) {
  memcpy(row, progress->x, gd_game_size(trace->game) * sizeof *row);
  return GD_OK;
}

static gd_status fill_utilities(gd_trace *trace, const gd_progress *progress, double *row) {
  return gd_game_utilities(trace->game, progress->x, row);
}

/* Once for a row, whichever columns ask for it. */
static gd_status find_residual(gd_trace *trace, const double *x) {
  if (!trace->has_residual)
    trace->residual_status = gdi_game_residual(trace->game, x, trace->residual, &trace->residual_norm);
  trace->has_residual = true;
  return trace->residual_status;
}

static gd_status fill_gradient_norm(gd_trace *trace, const gd_progress *progress, double *row) {
  GD_TRY(find_residual(trace, progress->x));
  *row = trace->residual_norm;
  return GD_OK;
}

/* Where ranks share a player's block, each has a part of it: all add up the whole vector with the other blocks zero. */
static gd_status fill_player_norms(gd_trace *trace, const gd_progress *progress, double *row) {
  const size_t n = gd_game_size(trace->game), players = gd_game_players(trace->game);
  GD_TRY(find_residual(trace, progress->x));
  for (size_t player = 0; player < players; player++) {
    const size_t start = gd_game_block_start(trace->game, player), size = gd_game_block_size(trace->game, player);
    memset(trace->scratch, 0, n * sizeof *trace->scratch);
    if (size > 0) memcpy(trace->scratch + start, trace->residual + start, size * sizeof *trace->scratch);
    GD_TRY(gd_game_norm(trace->game, trace->scratch, &row[player]));
  }
  return GD_OK;
}

static gd_status fill_distance(gd_trace *trace, const gd_progress *progress, double *row) {
  for (size_t k = 0; k < gd_game_size(trace->game); k++) trace->scratch[k] = progress->x[k] - trace->reference[k];
  return gd_game_norm(trace->game, trace->scratch, row);
}

static gd_status fill_seconds(gd_trace *trace, const gd_progress *progress, double *row) {
  (void)trace;
  *row = progress->seconds;
  return GD_OK;
}

static gd_status fill_gradients(gd_trace *trace, const gd_progress *progress, double *row) {
  const size_t n = gd_game_size(trace->game);
  gd_counts counts;
  gd_game_counts(gd_stepper_game(progress->stepper), &counts);
  const double counted = (double)counts.gradients + (n > 0 ? (double)counts.player_entries / (double)n : 0);
  if (trace->rows == 0) trace->gradients_before = counted;
  *row = counted - trace->gradients_before;
  return GD_OK;
}

static gd_status fill_step_sizes(gd_trace *trace, const gd_progress *progress, double *row) {
  memcpy(row, gdi_stepper_step_sizes(progress->stepper), gd_game_players(trace->game) * sizeof *row);
  return GD_OK;
}

const gdi_trace_kind gdi_trace_kinds[GDI_TRACE_COLUMNS] = {
    {"x", GDI_ONE_PER_VARIABLE, fill_point},
    {"utility", GDI_ONE_PER_PLAYER, fill_utilities},
    {"gradient_norm", GDI_ONE_NUMBER, fill_gradient_norm},
    {"distance", GDI_ONE_NUMBER, fill_distance},
    {"seconds", GDI_ONE_NUMBER, fill_seconds},
    {"gradients", GDI_ONE_NUMBER, fill_gradients},
    {"step_size", GDI_ONE_PER_PLAYER, fill_step_sizes},
    {"player_norm", GDI_ONE_PER_PLAYER, fill_player_norms},
};
