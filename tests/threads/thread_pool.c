/* SPDX-License-Identifier: BSD-3-Clause */
/* thread_pool.c -- every task runs once, on any number of threads; failures are told and nothing hangs. */
#include <gamedyn/env.h>

#include "support/suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define TASKS 1000
static const size_t thread_counts[] = {1, 2, 7};

static gd_thread_pool *make_pool(size_t threads) {
  gd_thread_pool *pool = NULL;
  assert_ok(gd_thread_pool_create(&pool, threads));
  ck_assert_uint_eq(gd_thread_pool_size(pool), threads);
  return pool;
}

static size_t count_others(const atomic_int *runs, size_t count, int expected) {
  size_t others = 0;
  for (size_t k = 0; k < count; k++) others += atomic_load(&runs[k]) != expected;
  return others;
}

/* Runs are counted and not written from several threads at once without atomics. */
static int count_run(void *argument, size_t k) {
  atomic_fetch_add((atomic_int *)argument + k, 1);
  return 0;
}

START_TEST(runs_every_task_once) {
  gd_thread_pool *pool = make_pool(thread_counts[_i]);
  const gd_executor executor = gd_thread_pool_executor(pool);
  static atomic_int runs[TASKS];
  for (int round = 1; round <= 50; round++) {
    ck_assert_int_eq(executor.run_all(executor.context, TASKS, count_run, runs), 0);
    ck_assert_uint_eq(count_others(runs, TASKS, round), 0);
  }
  ck_assert_int_eq(executor.run_all(executor.context, 0, count_run, runs), 0);
  gd_thread_pool_destroy(pool);
}
END_TEST

/* What tasks wrote is seen by the caller, what the caller wrote by the tasks, without atomics. */
static int add_one(void *argument, size_t k) {
  ((size_t *)argument)[k] += k;
  return 0;
}

START_TEST(makes_writes_visible_both_ways) {
  gd_thread_pool *pool = make_pool(thread_counts[_i]);
  const gd_executor executor = gd_thread_pool_executor(pool);
  static size_t sums[16];
  for (size_t round = 1; round <= 500; round++) {
    executor.run_all(executor.context, 16, add_one, sums);
    for (size_t k = 0; k < 16; k++) ck_assert_uint_eq(sums[k], round * k);
  }
  gd_thread_pool_destroy(pool);
}
END_TEST

static int fail_some(void *argument, size_t k) {
  count_run(argument, k);
  return k % 10 == 7 ? (int)k : 0;
}

/* Tasks 7, 17, ... fail with their index: the lowest is reported, and all have run. */
START_TEST(returns_the_first_failure_after_all_have_run) {
  gd_thread_pool *pool = make_pool(thread_counts[_i]);
  const gd_executor executor = gd_thread_pool_executor(pool);
  static atomic_int runs[TASKS];
  for (int round = 1; round <= 20; round++) {
    ck_assert_int_eq(executor.run_all(executor.context, TASKS, fail_some, runs), 7);
    ck_assert_uint_eq(count_others(runs, TASKS, round), 0);
  }
  ck_assert_int_eq(executor.run_all(executor.context, TASKS, count_run, runs), 0);
  gd_thread_pool_destroy(pool);
}
END_TEST

static int fail_in_reverse(void *argument, size_t k) {
  atomic_int *later = argument;
  const struct timespec while_ = {0, 2000000};
  if (k == 1) return atomic_store(later, 1), 22;
  while (!atomic_load(later)) nanosleep(&while_, NULL);
  nanosleep(&while_, NULL); /* task 1 is noted by now */
  return 11;
}

/* Task 1 fails first, and task 0 only after it: the lowest index is reported, not the first in time. */
START_TEST(returns_the_lowest_of_two_failures) {
  gd_thread_pool *pool = make_pool(2);
  const gd_executor executor = gd_thread_pool_executor(pool);
  for (int round = 0; round < 10; round++) {
    atomic_int later = 0;
    ck_assert_int_eq(executor.run_all(executor.context, 2, fail_in_reverse, &later), 11);
  }
  gd_thread_pool_destroy(pool);
}
END_TEST

typedef struct nest {
  gd_executor executor;
  atomic_int runs[8 * 8];
} nest;

static int run_inner(void *argument, size_t k) {
  nest *n = argument;
  return n->executor.run_all(n->executor.context, 8, count_run, n->runs + 8 * k);
}

START_TEST(runs_nested_work_on_the_thread_that_asks) {
  gd_thread_pool *pool = make_pool(thread_counts[_i]);
  nest n = {.executor = gd_thread_pool_executor(pool)};
  ck_assert_int_eq(n.executor.run_all(n.executor.context, 8, run_inner, &n), 0);
  ck_assert_uint_eq(count_others(n.runs, 64, 1), 0);
  gd_thread_pool_destroy(pool);
}
END_TEST

static void *call_often(void *argument) {
  nest *n = argument;
  for (int round = 0; round < 200; round++) n->executor.run_all(n->executor.context, 64, count_run, n->runs);
  return NULL;
}

START_TEST(serves_a_second_caller_beside_the_first) {
  gd_thread_pool *pool = make_pool(2);
  nest n = {.executor = gd_thread_pool_executor(pool)};
  pthread_t other;
  ck_assert_int_eq(pthread_create(&other, NULL, call_often, &n), 0);
  call_often(&n);
  pthread_join(other, NULL);
  ck_assert_uint_eq(count_others(n.runs, 64, 400), 0);
  gd_thread_pool_destroy(pool);
}
END_TEST

static int take_a_nap(void *argument, size_t k) {
  (void)argument;
  const struct timespec nap = {0, k == 1 ? 5000000 : 0};
  return nanosleep(&nap, NULL);
}

/* A caller that waits long, and threads that wait long, sleep; both wake up. */
START_TEST(wakes_those_who_fell_asleep) {
  gd_thread_pool *pool = make_pool(2);
  const gd_executor executor = gd_thread_pool_executor(pool);
  for (int round = 0; round < 5; round++) {
    ck_assert_int_eq(executor.run_all(executor.context, 2, take_a_nap, NULL), 0);
    ck_assert_int_eq(take_a_nap(NULL, 1), 0);
  }
  gd_thread_pool_destroy(pool);
}
END_TEST

START_TEST(refuses_what_cannot_be_a_pool) {
  gd_thread_pool *pool = NULL;
  assert_fails(gd_thread_pool_create(&pool, 0), GD_ERR_ARGUMENT, "threads is 0");
  assert_fails(gd_thread_pool_create(NULL, 2), GD_ERR_ARGUMENT, "pool is NULL");
  assert_fails(gd_thread_pool_create(&pool, SIZE_MAX / 4), GD_ERR_MEMORY, "out of memory");
  ck_assert_ptr_null(pool);
  gd_thread_pool_destroy(NULL);
  ck_assert_uint_eq(gd_thread_pool_size(NULL), 0);
  ck_assert(gd_thread_pool_executor(NULL).run_all == NULL);
}
END_TEST

/* A stack of 2^46 bytes is more than any address space has left. */
START_TEST(says_so_when_the_system_refuses_a_thread) {
  pthread_attr_t huge;
  pthread_attr_init(&huge);
  ck_assert_int_eq(pthread_attr_setstacksize(&huge, (size_t)1 << 46), 0);
  ck_assert_int_eq(pthread_setattr_default_np(&huge), 0);
  gd_thread_pool *pool = NULL;
  assert_fails(gd_thread_pool_create(&pool, 3), GD_ERR_UNSUPPORTED, "refused thread 2 of 3");
  ck_assert_ptr_null(pool);
  pthread_attr_destroy(&huge);
}
END_TEST

Suite *make_suite(void) {
  Suite *suite = suite_create("thread_pool");
  TCase *tcase = tcase_create("thread_pool");
  tcase_set_timeout(tcase, 300);
  tcase_add_loop_test(tcase, runs_every_task_once, 0, 3);
  tcase_add_loop_test(tcase, makes_writes_visible_both_ways, 0, 3);
  tcase_add_loop_test(tcase, returns_the_first_failure_after_all_have_run, 0, 3);
  tcase_add_test(tcase, returns_the_lowest_of_two_failures);
  tcase_add_loop_test(tcase, runs_nested_work_on_the_thread_that_asks, 0, 3);
  tcase_add_test(tcase, serves_a_second_caller_beside_the_first);
  tcase_add_test(tcase, wakes_those_who_fell_asleep);
  tcase_add_test(tcase, refuses_what_cannot_be_a_pool);
  tcase_add_test(tcase, says_so_when_the_system_refuses_a_thread);
  suite_add_tcase(suite, tcase);
  return suite;
}
