/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Environment: memory, messages, processes, threads and further tables for the library to use.
 * It consists of five small tables: an allocator, a logger, a communicator, an executor, and a catalogue of methods,
 * models and derivations of the caller.  Each one is optional, and is copied when an object is created.  The `context`
 * pointers are borrowed: they must outlive every object made with the environment.  The thread pool at the end of this
 * header is a ready-made executor. */
#ifndef GAMEDYN_ENV_H
#define GAMEDYN_ENV_H

#include <gamedyn/export.h>
#include <gamedyn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Memory.  Both functions must be set.  They must be thread-safe if handles are used on several threads. */
typedef struct gd_allocator {
  size_t struct_size; /**< sizeof(gd_allocator) */
  void *context;
  void *(*allocate)(void *context, size_t bytes); /**< NULL on failure; aligned to 64 bytes */
  void (*release)(void *context, void *memory, size_t bytes);
} gd_allocator;

typedef enum gd_log_level { GD_LOG_WARNING = 1, GD_LOG_INFO = 2, GD_LOG_DEBUG = 3 } gd_log_level;

/** Messages about events that are no errors: one line each, sent from the thread on which the event happens.
 * Warnings: a run diverged; a run took steps in which a solver did not reach its tolerance.
 * Info: how a run ended; which products are computed by finite differences. */
typedef struct gd_logger {
  size_t struct_size; /**< sizeof(gd_logger) */
  void *context;
  gd_log_level level; /**< the most detailed level wanted */
  void (*message)(void *context, gd_log_level level, const char *text);
} gd_logger;

typedef enum gd_reduction { GD_REDUCE_SUM = 0, GD_REDUCE_MAX = 1 } gd_reduction;

/** Processes.  All ranks make the same calls (SPMD).  The library itself never links MPI. */
typedef struct gd_comm {
  size_t struct_size; /**< sizeof(gd_comm) */
  void *context;
  int rank, size;
  /** Reduce values [count] over all ranks, element by element and in place.  Every rank must get the same bits.
   * Returns 0 on success. */
  int (*reduce)(void *context, gd_reduction op, double *values, size_t count);
} gd_comm;

/** Threads.  run_all calls task(argument, k) once for each k < count, in any order and on any thread.  It returns when
 * all tasks have returned: 0 if all returned 0, else a nonzero result of one of them.  Of several failures the library
 * reports the one with the lowest k.
 * A task may call run_all itself: the members of an ensemble do so if their game uses threads.  Such an inner call may
 * run all of its tasks on the calling thread.
 * If the executor fails by itself or leaves out a task, the library's call ends with GD_ERR_CALLBACK.  If it runs a
 * task twice, the work is done once. */
typedef struct gd_executor {
  size_t struct_size; /**< sizeof(gd_executor) */
  void *context;
  int (*run_all)(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument);
} gd_executor;

struct gd_catalog; /* catalog.h */

/** The five tables; any pointer may be NULL. */
typedef struct gd_env {
  size_t struct_size;               /**< sizeof(gd_env) */
  const gd_allocator *allocator;    /**< NULL: the C library's aligned memory */
  const gd_logger *logger;          /**< NULL: silent */
  const gd_comm *comm;              /**< NULL: one process */
  const gd_executor *executor;      /**< NULL: everything on the calling thread */
  const struct gd_catalog *catalog; /**< NULL: only the library's own; see catalog.h */
} gd_env;

/** A pool of threads that wait for work.  One pool serves one caller at a time.
 *
 * fork() does not copy threads.  In a child process, a pool created by the parent runs all work on the calling thread,
 * with the same results, and can be destroyed as usual.  A pool created in the child has threads again.  A child forked
 * inside a task must not return from that task. */
typedef struct gd_thread_pool gd_thread_pool;

/** Start a pool of `threads` threads.  The thread that calls run_all counts as one of them.
 * @param threads 1 or more; with 1 no thread is started and the caller runs everything.
 * @return GD_ERR_ARGUMENT for 0; GD_ERR_MEMORY; GD_ERR_UNSUPPORTED if the system refuses to start a thread. */
GD_API gd_status gd_thread_pool_create(gd_thread_pool **pool, size_t threads);

/** Stop and join the threads; NULL is a no-op.  Destroy the pool after everything that uses its executor. */
GD_API void gd_thread_pool_destroy(gd_thread_pool *pool);

/** The pool as an executor table.  It is valid until the pool is destroyed. */
GD_API gd_executor gd_thread_pool_executor(gd_thread_pool *pool);

/** The number of threads at work, the caller included. */
GD_API size_t gd_thread_pool_size(const gd_thread_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
