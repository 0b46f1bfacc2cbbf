/* SPDX-License-Identifier: BSD-3-Clause */
/* thread_pool.c -- threads that wait for work, as an executor.
 *
 * A job is opened by setting its ticket and closed by clearing the ticket.  A thread registers itself as inside before
 * it reads the ticket.  The caller does not return while a thread that saw the ticket is still inside.  Both sides use
 * sequentially consistent operations, so at least one of the two sees the other.  Tasks are claimed one by one from a
 * counter.  Threads without work spin for some microseconds, because the next small job often follows at once, and then
 * sleep.
 *
 * A child process made by fork() has a copy of the pool without its threads; locks in it may be held for ever.  A
 * handler counts forks, so a copy can be recognised: it works on the calling thread alone and takes no lock. */
#include "base/error.h"
#include "base/memory.h"
#include "threads/spin.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SPINS 1000

typedef struct job {
  size_t count;
  int (*task)(void *argument, size_t k);
  void *argument;
} job;

struct gd_thread_pool {
  gdi_env env;
  size_t threads, started; /* the caller of run_all is one of `threads` */
  pthread_t *workers;
  atomic_bool taken; /* somebody is in run_all */
  bool stop;         /* under the mutex */
  unsigned forks;    /* before it was made, in this process and its ancestors */

  job job;
  atomic_uint ticket; /* ticket of the open job; 0: none */
  unsigned last_ticket;
  atomic_size_t next, inside;
  atomic_size_t sleepers;
  atomic_bool caller_sleeps;
  pthread_mutex_t mutex;
  pthread_cond_t opened, left;

  pthread_mutex_t failure_mutex;
  size_t failed_task; /* the lowest index that failed, SIZE_MAX for none: so the result does not depend on timing */
  int failure;
};

/* ---- forks ---- */

static atomic_uint forks;

static void count_fork(void) { atomic_fetch_add(&forks, 1); }

static void watch_forks(void) { pthread_atfork(NULL, NULL, count_fork); }

/* True for a copy made by fork(): this process has none of the pool's threads. */
static bool is_copy(const gd_thread_pool *pool) {
  return pool->forks != atomic_load_explicit(&forks, memory_order_relaxed);
}

/* ---- threads ---- */

static void note_failure(gd_thread_pool *pool, size_t k, int result) {
  pthread_mutex_lock(&pool->failure_mutex);
  if (k < pool->failed_task) {
    pool->failed_task = k;
    pool->failure = result;
  }
  pthread_mutex_unlock(&pool->failure_mutex);
}

static void work(gd_thread_pool *pool) {
  const job *j = &pool->job;
  for (size_t k; (k = atomic_fetch_add(&pool->next, 1)) < j->count;) {
    const int result = j->task(j->argument, k);
    if (result) note_failure(pool, k, result);
  }
}

static bool is_new(gd_thread_pool *pool, unsigned seen) {
  const unsigned ticket = atomic_load(&pool->ticket);
  return ticket && ticket != seen;
}

/* False when the pool is to end. */
static bool wait_for_job(gd_thread_pool *pool, unsigned seen) {
  for (int k = 0; k < SPINS; k++) {
    if (is_new(pool, seen)) return true;
    gdi_spin_pause();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!pool->stop && !is_new(pool, seen)) pthread_cond_wait(&pool->opened, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  const bool go_on = !pool->stop;
  pthread_mutex_unlock(&pool->mutex);
  return go_on;
}

static void leave(gd_thread_pool *pool) {
  if (atomic_fetch_sub(&pool->inside, 1) > 1 || !atomic_load(&pool->caller_sleeps)) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_signal(&pool->left);
  pthread_mutex_unlock(&pool->mutex);
}

static void *run_worker(void *context) {
  gd_thread_pool *pool = context;
  unsigned seen = 0;
  while (wait_for_job(pool, seen)) {
    atomic_fetch_add(&pool->inside, 1);
    const unsigned ticket = atomic_load(&pool->ticket);
    if (ticket && ticket != seen) {
      work(pool);
      seen = ticket;
    }
    leave(pool);
  }
  return NULL;
}

static void open_job(gd_thread_pool *pool, const job *next) {
  pool->job = *next;
  pool->failed_task = SIZE_MAX;
  pool->failure = 0;
  atomic_store(&pool->next, 0);
  pool->last_ticket += pool->last_ticket == UINT32_MAX ? 2 : 1;
  atomic_store(&pool->ticket, pool->last_ticket);
  if (!atomic_load(&pool->sleepers)) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->opened);
  pthread_mutex_unlock(&pool->mutex);
}

/* Returns when no thread can touch the job any more. */
static void close_job(gd_thread_pool *pool) {
  atomic_store(&pool->ticket, 0);
  for (int k = 0; k < SPINS && atomic_load(&pool->inside); k++) gdi_spin_pause();
  if (!atomic_load(&pool->inside)) return;
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->caller_sleeps, true);
  while (atomic_load(&pool->inside)) pthread_cond_wait(&pool->left, &pool->mutex);
  atomic_store(&pool->caller_sleeps, false);
  pthread_mutex_unlock(&pool->mutex);
}

static int run_alone(const job *j) {
  int first = 0;
  for (size_t k = 0; k < j->count; k++) {
    const int result = j->task(j->argument, k);
    if (!first) first = result;
  }
  return first;
}

/* If the pool is taken, by a second caller or because a task calls this function, all tasks run on the calling thread.
 * If a task forks, the child has a job of which other threads have parts; the job fails there. */
static int run_all(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  gd_thread_pool *pool = context;
  const job j = {count, task, argument};
  if (count < 2 || pool->threads == 1 || is_copy(pool) || atomic_exchange(&pool->taken, true)) return run_alone(&j);
  open_job(pool, &j);
  work(pool);
  if (is_copy(pool)) return -1;
  close_job(pool);
  const int failure = pool->failure;
  atomic_store(&pool->taken, false);
  return failure;
}

static gd_status start_workers(gd_thread_pool *pool) {
  while (pool->started + 1 < pool->threads) {
    const int error = pthread_create(&pool->workers[pool->started], NULL, run_worker, pool);
    if (error)
      return gdi_fail(GD_ERR_UNSUPPORTED, "the system refused thread %zu of %zu: %s", pool->started + 2, pool->threads,
                      strerror(error));
    pool->started++;
  }
  return GD_OK;
}

gd_status gd_thread_pool_create(gd_thread_pool **pool, size_t threads) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  GDI_REQUIRE(pool, "pool is NULL, expected the address for the new pool");
  GDI_REQUIRE(threads > 0, "threads is 0, expected 1 or more");
  gd_status status;
  gd_thread_pool *p = gdi_create(NULL, sizeof *p, offsetof(gd_thread_pool, env), &status);
  if (!p) return status;
  pthread_once(&once, watch_forks);
  p->threads = threads;
  p->forks = atomic_load(&forks);
  pthread_mutex_init(&p->mutex, NULL);
  pthread_mutex_init(&p->failure_mutex, NULL);
  pthread_cond_init(&p->opened, NULL);
  pthread_cond_init(&p->left, NULL);
  p->workers = gdi_allocate(&p->env, threads - 1, sizeof *p->workers);
  status = p->workers ? start_workers(p) : GD_ERR_MEMORY;
  if (status < 0)
    gd_thread_pool_destroy(p);
  else
    *pool = p;
  return status;
}

static void end_threads(gd_thread_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  pool->stop = true;
  pthread_cond_broadcast(&pool->opened);
  pthread_mutex_unlock(&pool->mutex);
  for (size_t k = 0; k < pool->started; k++) pthread_join(pool->workers[k], NULL);
  pthread_cond_destroy(&pool->left);
  pthread_cond_destroy(&pool->opened);
  pthread_mutex_destroy(&pool->failure_mutex);
  pthread_mutex_destroy(&pool->mutex);
}

void gd_thread_pool_destroy(gd_thread_pool *pool) {
  if (!pool) return;
  if (!is_copy(pool)) end_threads(pool);
  gdi_release(&pool->env, pool->workers);
  gdi_destroy(pool, offsetof(gd_thread_pool, env));
}

gd_executor gd_thread_pool_executor(gd_thread_pool *pool) {
  return (gd_executor){sizeof(gd_executor), pool, pool ? run_all : NULL};
}

size_t gd_thread_pool_size(const gd_thread_pool *pool) { return pool ? pool->threads : 0; }
