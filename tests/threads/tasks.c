/* SPDX-License-Identifier: BSD-3-Clause */
/* tasks.c -- each task once on any executor, and the failure of the lowest one in its own words. */
#include "threads/tasks.h"

#include "base/error.h"
#include "support/suite.h"

#include <stdatomic.h>

enum { MANY = 5000 }; /* more than there are bits for */

typedef struct work {
  atomic_int runs[MANY];
  size_t fail_from; /* tasks from here on fail; MANY: none */
} work;

static gd_status count_run(void *argument, size_t k) {
  work *own = argument;
  atomic_fetch_add(&own->runs[k], 1);
  return k < own->fail_from ? GD_OK : gdi_fail(GD_ERR_DOMAIN, "task %zu is outside", k);
}

/* Every task twice, from the last to the first, and some that there are not. */
static int twice_and_too_many(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  (void)context;
  int first = 0;
  for (size_t k = count + 3; k-- > 0;)
    for (int times = 0; times < 2; times++) {
      const int code = task(argument, k);
      if (!first) first = code;
    }
  return first;
}

static void assert_each_once(const work *own, size_t count) {
  for (size_t k = 0; k < MANY; k++)
    if (own->runs[k] != (k < count)) ck_abort_msg("task %zu of %zu ran %d times", k, count, own->runs[k]);
}

static gdi_env environment(const gd_executor *executor) {
  gdi_env env = {.executor = {0}};
  if (executor) env.executor = *executor;
  return env;
}

START_TEST(runs_each_task_once_whatever_the_executor_does) {
  static work own;
  gd_thread_pool *pool = NULL;
  assert_ok(gd_thread_pool_create(&pool, 3));
  const gd_executor executors[] = {{0}, gd_thread_pool_executor(pool), {sizeof(gd_executor), NULL, twice_and_too_many}};
  const size_t counts[] = {0, 1, 7, 64, 2048, 2049, 4097, MANY};
  for (size_t e = 0; e < 3; e++)
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
      const gdi_env env = environment(&executors[e]);
      memset(&own, 0, sizeof own);
      own.fail_from = MANY;
      assert_ok(gdi_tasks_run(&env, counts[k], count_run, &own));
      assert_each_once(&own, counts[k]);
    }
  gd_thread_pool_destroy(pool);
}
END_TEST

/* The last task alone fails, on whatever thread; then all from the fifth on: the words are those of the lowest. */
START_TEST(brings_the_words_of_the_lowest_failure_to_the_caller) {
  static work own;
  gd_thread_pool *pool = NULL;
  assert_ok(gd_thread_pool_create(&pool, 3));
  const gd_executor executors[] = {{0}, gd_thread_pool_executor(pool), {sizeof(gd_executor), NULL, twice_and_too_many}};
  for (size_t e = 0; e < 3; e++) {
    const gdi_env env = environment(&executors[e]);
    memset(&own, 0, sizeof own);
    own.fail_from = 99;
    assert_fails(gdi_tasks_run(&env, 100, count_run, &own), GD_ERR_DOMAIN, "task 99 is outside");
    own.fail_from = 5;
    for (int round = 0; round < 20; round++)
      assert_fails(gdi_tasks_run(&env, 100, count_run, &own), GD_ERR_DOMAIN, "task 5 is outside");
  }
  gd_thread_pool_destroy(pool);
}
END_TEST

static int refuse(void *context, size_t count, int (*task)(void *argument, size_t k), void *argument) {
  (void)count, (void)task, (void)argument;
  return *(int *)context;
}

START_TEST(says_what_the_executor_did) {
  static work own;
  int code = 7;
  own.fail_from = MANY;
  const gd_executor executor = {sizeof executor, &code, refuse};
  const gdi_env env = environment(&executor);
  assert_fails(gdi_tasks_run(&env, 4, count_run, &own), GD_ERR_CALLBACK, "executor->run_all returned 7");
  code = GD_ERR_MEMORY;
  assert_fails(gdi_tasks_run(&env, 4, count_run, &own), GD_ERR_CALLBACK, "executor->run_all returned -3");
  code = 0;
  assert_fails(gdi_tasks_run(&env, 4, count_run, &own), GD_ERR_CALLBACK, "executor->run_all ran 0 of 4 tasks");
  assert_each_once(&own, 0);
}
END_TEST

TEST_SUITE("tasks", runs_each_task_once_whatever_the_executor_does,
           brings_the_words_of_the_lowest_failure_to_the_caller, says_what_the_executor_did)
