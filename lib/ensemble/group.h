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

/* For the worker, whose game and stepper there are already. */
gd_status gdi_group_create(gdi_group **group, const gdi_worker *worker, const gdi_workers *workers);
void gdi_group_destroy(gdi_group *group, const gdi_env *env);

/* Run `count` members from `first` on side by side, if they can be: *alike says whether.  If not, because their
 * parameters differ, one of them fails, diverges, or might, their results are worth nothing.  GD_ERR_MEMORY. */
gd_status gdi_group_run(gdi_worker *worker, const gdi_workers *workers, size_t first, size_t count, bool *alike);

#endif
