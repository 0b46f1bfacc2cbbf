/* SPDX-License-Identifier: BSD-3-Clause */
/* trace.c -- an observer that records one row per observation, in storage that doubles when it is full. */
#include "run/trace.h"
#include "base/error.h"
#include "kernels/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMNS = GDI_TRACE_COLUMNS, ALL_COLUMNS = (1 << COLUMNS) - 1 };

/* Index of a column in the array; COLUMNS if `column` is not exactly one of them. */
static size_t place_of(uint32_t column) {
  size_t place = 0;
  while (place < COLUMNS && column != UINT32_C(1) << place) place++;
  return place;
}

/* ---- create and destroy ---- */

static gd_status copy_reference(gd_trace *trace, const double *reference) {
  const size_t n = gd_game_size(trace->game), bad = gdi_vector_first_nonfinite(n, reference);
  GDI_REQUIRE(bad == n, "gd_trace_create: reference[%zu] is %g, expected a finite number", bad, reference[bad]);
  trace->reference = gdi_allocate(&trace->env, n, sizeof *reference);
  if (!trace->reference) return GD_ERR_MEMORY;
  memcpy(trace->reference, reference, n * sizeof *reference);
  return GD_OK;
}

static gd_status fill(gd_trace *trace, const gd_game *game, uint32_t columns, const double *reference) {
  const size_t n = gd_game_size(game);
  const size_t widths[] = {
      [GDI_ONE_NUMBER] = 1, [GDI_ONE_PER_PLAYER] = gd_game_players(game), [GDI_ONE_PER_VARIABLE] = n};
  GD_TRY(gd_game_dup(&trace->game, game));
  gd_game_set_draw(trace->game, NULL);
  if (columns & GD_TRACE_UTILITIES) GD_TRY(gd_game_prepare(trace->game, 1u << GD_UTILITIES));
  for (size_t k = 0; k < COLUMNS; k++)
    trace->columns[k].width = columns >> k & 1 ? widths[gdi_trace_kinds[k].width] : 0;
  trace->scratch = gdi_allocate(&trace->env, n, sizeof *trace->scratch);
  const bool wants_residual = columns & (GD_TRACE_GRADIENT_NORM | GD_TRACE_PLAYER_NORMS);
  if (wants_residual) trace->residual = gdi_allocate(&trace->env, n, sizeof *trace->residual);
  if (!trace->scratch || (wants_residual && !trace->residual)) return GD_ERR_MEMORY;
  return reference ? copy_reference(trace, reference) : GD_OK;
}

gd_status gd_trace_create(gd_trace **trace, gd_game *game, uint32_t columns, const double *reference) {
  GDI_REQUIRE(trace, "gd_trace_create: trace is NULL");
  GDI_REQUIRE(game, "gd_trace_create: game is NULL");
  GDI_REQUIRE(!(columns & ~(uint32_t)ALL_COLUMNS), "gd_trace_create: columns is 0x%x, expected bits of 0x%x",
              (unsigned)columns, (unsigned)ALL_COLUMNS);
  GDI_REQUIRE(reference || !(columns & GD_TRACE_DISTANCE),
              "gd_trace_create: reference is NULL, expected a point to measure the distance to");
  gd_status status;
  gd_trace *made = gdi_create(gd_game_env(game), sizeof *made, offsetof(gd_trace, env), &status);
  if (!made) return status;
  status = fill(made, game, columns, reference);
  if (status < 0)
    gd_trace_destroy(made);
  else
    *trace = made;
  return status;
}

void gd_trace_destroy(gd_trace *trace) {
  if (!trace) return;
  for (size_t k = 0; k < COLUMNS; k++) gdi_release(&trace->env, trace->columns[k].rows);
  gdi_release(&trace->env, trace->steps);
  gdi_release(&trace->env, trace->residual);
  gdi_release(&trace->env, trace->scratch);
  gdi_release(&trace->env, trace->reference);
  gd_game_destroy(trace->game);
  gdi_destroy(trace, offsetof(gd_trace, env));
}

void gd_trace_clear(gd_trace *trace) {
  if (!trace) return;
  trace->rows = 0;
  trace->status = GD_OK;
}

/* ---- rows ---- */

/* Copy the rows to a longer block; NULL without memory, and the old block is kept. */
static void *regrow(const gd_trace *trace, void *old, size_t capacity, size_t row_size) {
  void *grown = gdi_allocate(&trace->env, capacity, row_size);
  if (!grown) return NULL;
  if (old) memcpy(grown, old, trace->rows * row_size);
  gdi_release(&trace->env, old);
  return grown;
}

static gd_status make_room(gd_trace *trace) {
  if (trace->rows < trace->capacity) return GD_OK;
  const size_t capacity = trace->capacity ? 2 * trace->capacity : 64;
  uint64_t *steps = regrow(trace, trace->steps, capacity, sizeof *steps);
  if (!steps) return GD_ERR_MEMORY;
  trace->steps = steps;
  for (size_t k = 0; k < COLUMNS; k++) {
    gdi_trace_column *column = &trace->columns[k];
    if (column->width == 0) continue;
    double *rows = regrow(trace, column->rows, capacity, column->width * sizeof *rows);
    if (!rows) return GD_ERR_MEMORY;
    column->rows = rows;
  }
  trace->capacity = capacity;
  return GD_OK;
}

/* A result that is not finite is recorded as NaN; the run detects it by itself. */
static gd_status forgive_nonfinite(gd_status status, size_t count, double *row) {
  if (status != GD_ERR_NONFINITE) return status;
  for (size_t k = 0; k < count; k++) row[k] = NAN;
  return GD_OK;
}

static gd_status add_row(gd_trace *trace, const gd_progress *progress) {
  GD_TRY(make_room(trace));
  trace->steps[trace->rows] = progress->step;
  trace->has_residual = false;
  for (size_t k = 0; k < COLUMNS; k++) {
    const size_t width = trace->columns[k].width;
    if (width == 0) continue;
    double *row = trace->columns[k].rows + trace->rows * width;
    GD_TRY(forgive_nonfinite(gdi_trace_kinds[k].fill(trace, progress, row), width, row));
  }
  trace->rows++;
  return GD_OK;
}

static gd_status check_shape(const gd_trace *trace, const gd_progress *progress) {
  const size_t n = gd_game_size(trace->game), runs = gd_game_size(gd_stepper_game(progress->stepper));
  GDI_REQUIRE(n == runs, "the trace belongs to a game with %zu variables, the run to one with %zu", n, runs);
  return GD_OK;
}

static int observe(void *context, const gd_progress *progress) {
  gd_trace *trace = context;
  trace->status = check_shape(trace, progress);
  if (trace->status == GD_OK) trace->status = add_row(trace, progress);
  if (trace->status < 0) snprintf(trace->words, sizeof trace->words, "%s", gd_last_error());
  return trace->status < 0;
}

gd_observer gd_trace_observer(gd_trace *trace) { return (gd_observer){trace ? observe : NULL, trace}; }

/* ---- what it holds ---- */

size_t gd_trace_rows(const gd_trace *trace) { return trace ? trace->rows : 0; }

const uint64_t *gd_trace_steps(const gd_trace *trace) { return trace ? trace->steps : NULL; }

size_t gd_trace_width(const gd_trace *trace, uint32_t column) {
  const size_t place = place_of(column);
  return trace && place < COLUMNS ? trace->columns[place].width : 0;
}

const double *gd_trace_column(const gd_trace *trace, uint32_t column) {
  return gd_trace_width(trace, column) ? trace->columns[place_of(column)].rows : NULL;
}

gd_status gd_trace_status(const gd_trace *trace) {
  GDI_REQUIRE(trace, "gd_trace_status: trace is NULL");
  return trace->status < 0 ? gdi_fail(trace->status, "%s", trace->words) : trace->status;
}
