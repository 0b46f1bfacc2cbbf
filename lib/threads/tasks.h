/* SPDX-License-Identifier: BSD-3-Clause */
/* Tasks: work for the environment's executor.  The executor is the user's, so its behaviour is checked. */
#ifndef GDI_THREADS_TASKS_H
#define GDI_THREADS_TASKS_H

#include "base/memory.h"

typedef gd_status gdi_task(void *argument, size_t k);

/* Run task(argument, k) once for each k < count: on the executor if there is one, else on the calling thread, in order.
 *
 * A task that the executor calls twice runs once.  GD_ERR_CALLBACK if the executor fails or leaves out a task.  If
 * tasks fail, the status and the message are those of the lowest k, whatever thread it ran on.  Without an executor,
 * tasks after a failure are not run.  Allocates nothing. */
gd_status gdi_tasks_run(const gdi_env *env, size_t count, gdi_task *task, void *argument);

#endif
