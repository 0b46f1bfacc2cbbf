/* SPDX-License-Identifier: BSD-3-Clause */
/* Tasks: work for the environment's executor, which is the user's and is not trusted. */
#ifndef GDI_THREADS_TASKS_H
#define GDI_THREADS_TASKS_H

#include "base/memory.h"

typedef gd_status gdi_task(void *argument, size_t k);

/* Run task(argument, k) once for each k < count, on the executor if there is one, else here and in order.
 *
 * A task that the executor asks for twice runs once.  GD_ERR_CALLBACK if the executor fails or leaves a task out.
 * If tasks fail, the status and the words are those of the lowest k, on whatever thread it ran; here, tasks after a
 * failure are left out.  Allocates nothing. */
gd_status gdi_tasks_run(const gdi_env *env, size_t count, gdi_task *task, void *argument);

#endif
