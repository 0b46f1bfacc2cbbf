/* SPDX-License-Identifier: BSD-3-Clause */
/* Workers: a worker runs one member after the other on one thread.  Also the data shared by the threads of an
 * ensemble. */
#ifndef GDI_ENSEMBLE_WORKER_H
#define GDI_ENSEMBLE_WORKER_H

#include "ensemble/ensemble.h"

#include <pthread.h>

/* A worker; there are as many as there were threads at work at the same time. */
typedef struct gdi_worker {
  gd_game *game;
  gd_stepper *stepper;
  double *x;                /* [n], so that threads do not write to the same cache lines */
  struct gdi_group *group;  /* NULL: members run one by one */
  struct gdi_worker *other; /* the next of all workers */
  struct gdi_worker *idle;  /* the next of the idle ones */
} gdi_worker;

/* The arguments of gd_ensemble_run(), the same for all members. */
typedef struct gdi_ensemble_plan {
  const gd_game *game;
  const gd_method *method;
  gd_ensemble_options options;
  gd_eval_options eval; /* if options.eval is set */
  gd_run_options run;
} gdi_ensemble_plan;

typedef struct gdi_crew {
  gd_ensemble *ensemble;
  const gdi_ensemble_plan *plan;
  pthread_mutex_t lock; /* protects all members below */
  gdi_worker *all, *idle;
  size_t done; /* members */
  bool stopping;
  gd_status failure; /* first failure of the ensemble, not of a member, with its message */
  char words[256];
} gdi_crew;

/* Create the first worker, so that missing callbacks of the game or the method are reported before any run.  Call
 * gdi_crew_close() also after a failure. */
gd_status gdi_crew_open(gdi_crew *crew, gd_ensemble *ensemble, const gdi_ensemble_plan *plan);
void gdi_crew_close(gdi_crew *crew);

/* Tasks for an executor: their number, and one task; `crew` is a gdi_crew *.  Returns a status. */
size_t gdi_crew_tasks(const gdi_crew *crew);
gd_status gdi_crew_run_task(void *crew, size_t task);

/* Set up the worker's stepper, generator, draws and x for a member, and call the caller's `prepare`. */
gd_status gdi_worker_prepare(gdi_worker *worker, const gdi_ensemble_plan *plan, size_t member);

#endif
