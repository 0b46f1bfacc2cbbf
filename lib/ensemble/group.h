/* SPDX-License-Identifier: BSD-3-Clause */
/* Groups: members that run side by side in lanes, as copies of the game. */
#ifndef GDI_ENSEMBLE_GROUP_H
#define GDI_ENSEMBLE_GROUP_H

#include "ensemble/worker.h"

/* The data of a worker for a group. */
typedef struct gdi_group {
  gd_game *game; /* copies of the worker's */
  gd_stepper *stepper;
  double *X, *V; /* [lanes by n] */
  double *lane;  /* [4 n] a residual of one lane, its point, and room to look away from it */
  bool *over;    /* [lanes] */
} gdi_group;

/* GD_OK if the plan's method, rules and draws allow groups; otherwise an error that says why not. */
gd_status gdi_group_check(const gdi_ensemble_plan *plan);

/* Create a group for a worker that already has its game and stepper. */
gd_status gdi_group_create(gdi_group **group, const gdi_worker *worker, const gdi_crew *crew);
void gdi_group_destroy(gdi_group *group, const gdi_env *env);

/* Run `count` members from `first` on side by side.  *alike becomes false if this is not possible: their parameters
 * differ, or one of them fails, diverges or may diverge.  Their results are then invalid.  GD_ERR_MEMORY. */
gd_status gdi_group_run(gdi_worker *worker, const gdi_crew *crew, size_t first, size_t count, bool *alike);

#endif
