/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Environment: where the library runs.  Five small tables, each optional, copied when an
 * object is created: who gives memory, who hears messages, who adds up over processes, who
 * runs tasks on threads, and which methods, models and derivations there are beside the
 * library's.  Contexts are borrowed and must outlive every object made with the environment.
 * The thread pool at the end is a ready-made executor. */
#ifndef GAMEDYN_ENV_H
#define GAMEDYN_ENV_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Memory.  Both functions must be set, and must be thread-safe if handles live on several threads. */
typedef struct gd_allocator {
  size_t struct_size; /**< sizeof(gd_allocator) */
  void *context;
  void *(*allocate)(void *context, size_t bytes); /**< NULL on failure; aligned to 64 bytes */
  void (*release)(void *context, void *memory, size_t bytes);
} gd_allocator;

typedef enum gd_log_level { GD_LOG_WARNING = 1, GD_LOG_INFO = 2, GD_LOG_DEBUG = 3 } gd_log_level;

/** Messages: things worth knowing that are no errors, one line each, on the thread they concern.  Warnings: a run
 * diverged, or took steps that a solver could not make accurate.  Info: how a run ended, what is differenced. */
typedef struct gd_logger {
  size_t struct_size; /**< sizeof(gd_logger) */
  void *context;
  gd_log_level level; /**< the most detailed level wanted */
  void (*message)(void *context, gd_log_level level, const char *text);
} gd_logger;

typedef enum gd_reduction { GD_REDUCE_SUM = 0, GD_REDUCE_MAX = 1 } gd_reduction;

/** Processes.  SPMD: every rank makes the same calls.  The library itself never links MPI. */
typedef struct gd_comm {
  size_t struct_size; /**< sizeof(gd_comm) */
  void *context;
  int rank, size;
  /** In place, elementwise over ranks, the same bits on every rank; 0 on success. */
  int (*reduce)(void *context, gd_reduction op, double *values, size_t count);
} gd_comm;

/** Threads.  run_all calls task(argument, k) once for each k < count, in any order, on any
 * thread, returns when all have returned, and returns the first nonzero result (or 0).  A task may call run_all itself:
 * members of an ensemble do if their game uses threads.  It may then run everything where it was called.
 * An executor that fails by itself, or leaves a task out, ends the call in GD_ERR_CALLBACK; a task that it runs twice
 * does its work once. */
typedef struct gd_executor {
  size_t struct_size; /**< sizeof(gd_executor) */
  void *context;
  int (*run_all)(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument);
} gd_executor;

struct gd_catalog; /* catalog.h */

/** Any pointer may be NULL. */
typedef struct gd_env {
  size_t struct_size;               /**< sizeof(gd_env) */
  const gd_allocator *allocator;    /**< NULL: the C library's aligned memory */
  const gd_logger *logger;          /**< NULL: silent */
  const gd_comm *comm;              /**< NULL: one process */
  const gd_executor *executor;      /**< NULL: everything on the calling thread */
  const struct gd_catalog *catalog; /**< NULL: only what the library has; see catalog.h */
} gd_env;

/** A pool of threads that wait for work; one pool serves one caller at a time.
 *
 * fork() copies no threads.  In the child a pool of the parent's does all its work on the thread that asks, and can be
 * destroyed as usual; results are the same.  A pool that the child makes has threads again.  A child forked by a task
 * must not return from the task. */
typedef struct gd_thread_pool gd_thread_pool;

/** Start a pool in which `threads` threads work, the caller of run_all included.
 * @param threads 1 or more; 1 starts none and runs everything on the caller.
 * @return GD_ERR_ARGUMENT for 0, GD_ERR_MEMORY, GD_ERR_UNSUPPORTED if the system refuses a thread. */
GD_API gd_status gd_thread_pool_create(gd_thread_pool **pool, size_t threads);

/** Stop and join the threads; NULL is a no-op.  Destroy after everything that uses its executor. */
GD_API void gd_thread_pool_destroy(gd_thread_pool *pool);

/** The pool as an executor table; valid while the pool lives. */
GD_API gd_executor gd_thread_pool_executor(gd_thread_pool *pool);

/** Threads at work, the caller included. */
GD_API size_t gd_thread_pool_size(const gd_thread_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
