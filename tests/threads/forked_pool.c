/* SPDX-License-Identifier: BSD-3-Clause */
/* forked_pool.c -- a pool after fork(): the child works alone and lets go of it; the parent's goes on. */
#include <gamedyn/env.h>

#include "support/suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

/* The address sanitizer's own locks do not survive a fork while other threads are at work: a child may hang in its
 * allocator.  So no child is made there. */
#ifdef __has_feature
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
enum { FORKS = 0 };
#else
enum { FORKS = 40 };
#endif

enum { TASKS = 64, PATIENCE = 60 /* seconds, after which a child that hangs is killed */ };

static int count_run(void *argument, size_t k) {
  atomic_fetch_add((atomic_int *)argument + k, 1);
  return 0;
}

static bool runs_all(gd_thread_pool *pool) {
  const gd_executor executor = gd_thread_pool_executor(pool);
  atomic_int runs[TASKS] = {0};
  if (executor.run_all(executor.context, TASKS, count_run, runs) != 0) return false;
  for (size_t k = 0; k < TASKS; k++)
    if (atomic_load(&runs[k]) != 1) return false;
  return true;
}

/* What the child does with the parent's pool; its exit status. */
static int live_on(gd_thread_pool *pool) {
  gd_thread_pool *own = NULL;
  alarm(PATIENCE);
  for (int round = 0; round < 3; round++)
    if (!runs_all(pool)) return 1;
  if (gd_thread_pool_size(pool) != 3) return 2;
  gd_thread_pool_destroy(pool);
  if (gd_thread_pool_create(&own, 2) != GD_OK || !runs_all(own)) return 3;
  gd_thread_pool_destroy(own);
  return 0;
}

static void assert_child_lives(gd_thread_pool *pool) {
  int status = -1;
  const pid_t child = fork();
  if (child == 0) _exit(live_on(pool));
  ck_assert_int_gt(child, 0);
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child ended with wait status %d", status);
}

START_TEST(a_child_works_alone_and_the_parent_goes_on) {
  gd_thread_pool *pool = NULL;
  assert_ok(gd_thread_pool_create(&pool, 3));
  for (int round = 0; round < 5; round++) {
    assert_child_lives(pool);
    ck_assert(runs_all(pool));
  }
  gd_thread_pool_destroy(pool);
}
END_TEST

typedef struct busy {
  gd_thread_pool *pool;
  atomic_bool stop;
} busy;

static void *keep_busy(void *context) {
  busy *own = context;
  while (!atomic_load(&own->stop))
    if (!runs_all(own->pool)) return own;
  return NULL;
}

/* At any moment of a job that another thread has opened: its locks may be held, its counters anywhere. */
START_TEST(a_child_of_a_busy_process_is_free) {
  busy own = {0};
  pthread_t other;
  void *wrong;
  assert_ok(gd_thread_pool_create(&own.pool, 3));
  ck_assert_int_eq(pthread_create(&other, NULL, keep_busy, &own), 0);
  for (int round = 0; round < FORKS; round++) assert_child_lives(own.pool);
  atomic_store(&own.stop, true);
  pthread_join(other, &wrong);
  ck_assert_ptr_null(wrong);
  gd_thread_pool_destroy(own.pool);
}
END_TEST

TEST_SUITE("forked_pool", a_child_works_alone_and_the_parent_goes_on, a_child_of_a_busy_process_is_free)
