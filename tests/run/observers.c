/* SPDX-License-Identifier: BSD-3-Clause */
/* observers.c -- observers see the start, the end and what they asked for between; requests stop a run gracefully. */
#include "support/runs.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

typedef struct witness {
  uint64_t steps[64];
  gd_progress last;
  double x[2];
  size_t count;
  uint64_t stop_at; /* this step; 0: never */
  bool requests;    /* ask the stepper to stop instead */
} witness;

static int watch(void *context, const gd_progress *progress) {
  witness *seen = context;
  seen->steps[seen->count++] = progress->step;
  seen->last = *progress;
  memcpy(seen->x, progress->x, sizeof seen->x);
  if (!seen->stop_at || progress->step != seen->stop_at) return 0;
  if (!seen->requests) return 1;
  gd_stepper_request_stop((gd_stepper *)progress->stepper);
  return 0;
}

static void assert_saw(const witness *seen, size_t count, const uint64_t *steps) {
  ck_assert_uint_eq(seen->count, count);
  for (size_t k = 0; k < count; k++) ck_assert_uint_eq(seen->steps[k], steps[k]);
}

START_TEST(shows_the_start_the_end_and_every_fourth_step) {
  gd_stepper *stepper = halving_steps();
  witness seen = {.count = 0};
  const gd_observer observer = {watch, &seen};
  gd_run_options options = only_steps(10);
  options.observers = &observer;
  options.n_observers = 1;
  options.observe_every = 4;
  double x[] = {0, 1024};
  assert_ok(gd_run(stepper, x, &options, NULL));
  assert_saw(&seen, 4, (uint64_t[]){0, 4, 8, 10});
  ck_assert_double_eq(seen.x[1], 1);
  ck_assert_double_eq(seen.last.x_norm, 1);
  ck_assert_double_eq(seen.last.move_norm, 1);
  ck_assert_double_eq(seen.last.gradient_norm, 1);
  ck_assert_ptr_eq(seen.last.stepper, stepper);
  ck_assert_double_ge(seen.last.seconds, 0);
  seen.count = 0;
  assert_ok(gd_run(stepper, x, &options, NULL)); /* same steps as without the interruption */
  assert_saw(&seen, 4, (uint64_t[]){10, 12, 16, 20});
  release_steps(stepper);
}
END_TEST

START_TEST(shows_norms_of_the_step_just_taken) {
  gd_stepper *stepper = halving_steps();
  witness seen = {.count = 0};
  const gd_observer observer = {watch, &seen};
  gd_run_options options = only_steps(0);
  options.observers = &observer;
  options.n_observers = 1;
  double x[] = {6, 8};
  gd_run_result result;
  assert_ok(gd_run(stepper, x, &options, &result));
  assert_saw(&seen, 1, (uint64_t[]){0});
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  ck_assert_uint_eq(result.steps, 0);
  ck_assert_double_eq(seen.last.x_norm, 10);
  ck_assert_double_eq(seen.last.move_norm, 0);
  options.max_steps = 3;
  assert_ok(gd_run(stepper, x, &options, NULL));
  ck_assert_double_eq(seen.last.x_norm, 10.0 / 8);
  ck_assert_double_eq(seen.last.move_norm, 10.0 / 8);
  release_steps(stepper);
}
END_TEST

START_TEST(lets_every_observer_speak_before_it_stops) {
  gd_stepper *stepper = halving_steps();
  witness first = {.stop_at = 3}, second = {.count = 0};
  const gd_observer observers[] = {{watch, &first}, {watch, &second}};
  gd_run_options options = only_steps(10);
  options.observers = observers;
  options.n_observers = 2;
  gd_run_result result;
  double x[] = {1, 1};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_OBSERVER);
  ck_assert_uint_eq(result.steps, 3);
  assert_saw(&first, 4, (uint64_t[]){0, 1, 2, 3});
  assert_saw(&second, 4, (uint64_t[]){0, 1, 2, 3});
  ck_assert(isnan(first.last.gradient_norm)); /* nobody had asked for it yet */
  ck_assert_double_eq(result.gradient_norm, sqrt(2) / 8);
  release_steps(stepper);
}
END_TEST

START_TEST(does_not_show_a_point_twice_after_an_overflow) {
  gd_stepper *stepper = rotating_steps(1e200);
  witness seen = {.count = 0};
  const gd_observer observer = {watch, &seen};
  gd_run_options options = only_steps(100);
  options.divergence_norm = INFINITY;
  options.observers = &observer;
  options.n_observers = 1;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, NULL));
  assert_saw(&seen, 2, (uint64_t[]){0, 1});
  options.observe_every = 100;
  seen.count = 0;
  gd_stepper_reset(stepper);
  x[1] = 0;
  assert_ok(gd_run(stepper, x, &options, NULL));
  assert_saw(&seen, 2, (uint64_t[]){0, 1}); /* the end is the last finite point */
  ck_assert_double_eq(seen.x[1], 1e200);
  release_steps(stepper);
}
END_TEST

START_TEST(stops_after_the_step_in_progress_when_asked) {
  gd_stepper *stepper = halving_steps();
  witness seen = {.stop_at = 3, .requests = true};
  const gd_observer observer = {watch, &seen};
  gd_run_options options = only_steps(10);
  options.observers = &observer;
  options.n_observers = 1;
  gd_run_result result;
  double x[] = {1, 1};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_REQUESTED);
  ck_assert_uint_eq(result.steps, 4);
  seen.stop_at = 0;
  assert_ok(gd_run(stepper, x, &options, &result)); /* the request is forgotten */
  ck_assert_int_eq(result.stop, GD_STOP_STEPS);
  release_steps(stepper);
}
END_TEST

static gd_stepper *interrupted;

static void on_signal(int number) {
  (void)number;
  gd_stepper_request_stop(interrupted);
}

START_TEST(can_be_stopped_by_a_signal_before_it_begins) {
  interrupted = halving_steps();
  signal(SIGUSR1, on_signal);
  ck_assert_int_eq(raise(SIGUSR1), 0);
  gd_run_result result;
  double x[] = {1, 1};
  assert_ok(gd_run(interrupted, x, NULL, &result));
  ck_assert_int_eq(result.stop, GD_STOP_REQUESTED);
  ck_assert_uint_eq(result.steps, 0);
  ck_assert_double_eq(x[0], 1);
  release_steps(interrupted);
}
END_TEST

static void *request_soon(void *stepper) {
  nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  gd_stepper_request_stop(stepper);
  return NULL;
}

START_TEST(can_be_stopped_by_another_thread) {
  gd_stepper *stepper = rotating_steps(0);
  const gd_run_options options = only_steps(UINT64_MAX);
  pthread_t thread;
  ck_assert_int_eq(pthread_create(&thread, NULL, request_soon, stepper), 0);
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_REQUESTED);
  pthread_join(thread, NULL);
  release_steps(stepper);
}
END_TEST

TEST_SUITE("observers", shows_the_start_the_end_and_every_fourth_step, shows_norms_of_the_step_just_taken,
           lets_every_observer_speak_before_it_stops, does_not_show_a_point_twice_after_an_overflow,
           stops_after_the_step_in_progress_when_asked, can_be_stopped_by_a_signal_before_it_begins,
           can_be_stopped_by_another_thread)
