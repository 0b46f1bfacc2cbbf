/* SPDX-License-Identifier: BSD-3-Clause */
/* What a stepper keeps from one step to the next: its memory vectors, the moments of its scaling, and counters. */
#ifndef GDI_STEPPERS_MEMORY_H
#define GDI_STEPPERS_MEMORY_H

#include "steppers/stepper.h"

/* The number of memory vectors [n], of which `moments` are moments of the scaling. */
size_t gdi_stepper_memory_vectors(const gd_stepper *stepper, size_t moments);
/* Copy the memory vectors, then the first `moments` moments, to copy [vectors by n]; and back. */
void gdi_stepper_memory_read(const gd_stepper *stepper, size_t moments, double *copy);
void gdi_stepper_memory_write(gd_stepper *stepper, size_t moments, const double *copy);

/* A point in the life of a stepper, to which it can return. */
typedef struct gdi_snapshot {
  double *memory;              /* as above, with all moments */
  gdi_scaling_player *players; /* [n_players] */
  uint64_t steps;
  gd_draw draw;
  bool drawn; /* the game evaluates on this draw */
} gdi_snapshot;

gd_status gdi_snapshot_open(gdi_snapshot *snapshot, const gd_stepper *stepper);
void gdi_snapshot_close(gdi_snapshot *snapshot, const gd_stepper *stepper);
void gdi_snapshot_take(gdi_snapshot *snapshot, const gd_stepper *stepper);
void gdi_snapshot_restore(const gdi_snapshot *snapshot, gd_stepper *stepper);

#endif
