/* SPDX-License-Identifier: BSD-3-Clause */
/* memory.c -- copies what a stepper keeps, and puts it back. */
#include "steppers/memory.h"

#include <string.h>

/* An operation on a part of the copy and the memory it corresponds to. */
typedef void visit_fn(double *copy, double *memory, size_t count);

static void copy_out(double *copy, double *memory, size_t count) { memcpy(copy, memory, count * sizeof *copy); }

static void copy_in(double *copy, double *memory, size_t count) { memcpy(memory, copy, count * sizeof *copy); }

size_t gdi_stepper_memory_vectors(const gd_stepper *stepper, size_t moments) {
  size_t vectors = moments;
  for (size_t k = 0; k < stepper->n_vectors; k++) vectors += stepper->vectors[k].name != NULL;
  return vectors;
}

static void visit_memory(const gd_stepper *stepper, size_t moments, double *copy, visit_fn *visit) {
  const size_t n = stepper->n;
  for (size_t k = 0; k < stepper->n_vectors; k++)
    if (stepper->vectors[k].name) {
      visit(copy, stepper->vectors[k].data, n);
      copy += n;
    }
  for (size_t k = 0; k < moments; k++, copy += n)
    for (size_t i = 0; i < stepper->n_players; i++) {
      const size_t start = stepper->starts[i];
      visit(copy + start, gdi_scaling_kept(&stepper->scaling, k, i) + start, stepper->starts[i + 1] - start);
    }
}

void gdi_stepper_memory_read(const gd_stepper *stepper, size_t moments, double *copy) {
  visit_memory(stepper, moments, copy, copy_out);
}

void gdi_stepper_memory_write(gd_stepper *stepper, size_t moments, const double *copy) {
  visit_memory(stepper, moments, (double *)copy, copy_in); /* reads the copy */
}

/* ---- snapshots ---- */

static size_t moments_of(const gd_stepper *stepper) { return stepper->scaling.method->n_moments; }

gd_status gdi_snapshot_open(gdi_snapshot *snapshot, const gd_stepper *stepper) {
  const size_t vectors = gdi_stepper_memory_vectors(stepper, moments_of(stepper));
  *snapshot = (gdi_snapshot){.memory = gdi_allocate(&stepper->env, stepper->n, vectors * sizeof(double)),
                             .players = gdi_allocate(&stepper->env, stepper->n_players, sizeof(gdi_scaling_player))};
  return snapshot->memory && snapshot->players ? GD_OK : GD_ERR_MEMORY;
}

void gdi_snapshot_close(gdi_snapshot *snapshot, const gd_stepper *stepper) {
  gdi_release(&stepper->env, snapshot->memory);
  gdi_release(&stepper->env, snapshot->players);
}

void gdi_snapshot_take(gdi_snapshot *snapshot, const gd_stepper *stepper) {
  gdi_stepper_memory_read(stepper, moments_of(stepper), snapshot->memory);
  memcpy(snapshot->players, stepper->scaling.players, stepper->n_players * sizeof *snapshot->players);
  snapshot->steps = stepper->steps;
  snapshot->drawn = gd_game_get_draw(stepper->game, &snapshot->draw);
}

/* The moments go to the generation that was kept. */
void gdi_snapshot_restore(const gdi_snapshot *snapshot, gd_stepper *stepper) {
  memcpy(stepper->scaling.players, snapshot->players, stepper->n_players * sizeof *snapshot->players);
  gdi_stepper_memory_write(stepper, moments_of(stepper), snapshot->memory);
  stepper->steps = snapshot->steps;
  if (snapshot->drawn) gd_game_set_draw(stepper->game, &snapshot->draw);
}
