/* SPDX-License-Identifier: BSD-3-Clause */
/* Workers: a worker runs one member after the other on one thread.  Also the data shared by the threads of an
 * ensemble. */
#ifndef GDI_ENSEMBLE_WORKER_H
#define GDI_ENSEMBLE_WORKER_H

#include "ensemble/ensemble.h"
#include "threads/pool.h"

/* A worker; there are as many as there were threads at work at the same time. */
typedef struct gdi_worker {
  gdi_pooled pooled;
  gd_game *game;
  gd_stepper *stepper;
  double *x;                /* [n], so that threads do not write to the same cache lines */
  struct gdi_group *group;  /* NULL: members run one by one */
  struct gdi_worker *other; /* the next of all workers */
} gdi_worker;

/* The arguments of gd_ensemble_run(), the same for all members. */
typedef struct gdi_ensemble_plan {
  const gd_game *game;
  const gd_method *method;
  gd_ensemble_options options;
  gd_eval_options eval; /* if options.eval is set */
  gd_run_options run;
} gdi_ensemble_plan;

typedef struct gdi_workers {
  gd_ensemble *ensemble;
  const gdi_ensemble_plan *plan;
  gdi_pool pool;        /* of workers */
  pthread_mutex_t lock; /* of all that follows */
  gdi_worker *all;
  size_t done; /* members */
  bool stopping;
  gd_status failure; /* first failure of the ensemble, not of a member, with its message */
  char words[256];
} gdi_workers;

/* Make the first worker, so that what the game or the method lacks is known before any run.  After a failure
 * gdi_workers_close() is due as after success. */
gd_status gdi_workers_open(gdi_workers *workers, gd_ensemble *ensemble, const gdi_ensemble_plan *plan);
void gdi_workers_close(gdi_workers *workers);

/* Tasks for an executor: how many, and one of them; workers is a gdi_workers *.  Returns a status. */
size_t gdi_workers_tasks(const gdi_workers *workers);
gd_status gdi_workers_run_task(void *workers, size_t task);

/* Set up the worker's stepper, generator, draws and x for a member, and call the caller's `prepare`. */
gd_status gdi_worker_prepare(gdi_worker *worker, const gdi_ensemble_plan *plan, size_t member);

#endif
