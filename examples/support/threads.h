/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads: an environment whose games are run on several threads at once, by ensembles. */
#ifndef SUPPORT_THREADS_H
#define SUPPORT_THREADS_H

#include <gamedyn/env.h>
#include <stdint.h>

typedef struct worker_threads {
  gd_thread_pool *pool;
  gd_executor executor;
  gd_env env; /* points into this struct, which stays where it is */
} worker_threads;

/* count 0: as many as there are processors. */
void threads_start(worker_threads *threads, uint64_t count);
void threads_stop(worker_threads *threads);

#endif
