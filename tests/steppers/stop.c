/* SPDX-License-Identifier: BSD-3-Clause */
/* stop.c -- asking a stepper to stop: from a signal handler, from another thread. */
#include "steppers/at_work.h"

#include <pthread.h>
#include <signal.h>

static gd_stepper *asked;

static void on_signal(int signal) {
  (void)signal;
  gd_stepper_request_stop(asked);
}

START_TEST(a_request_is_taken_once) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  ck_assert(!gd_stepper_take_stop_request(work.stepper));
  gd_stepper_request_stop(work.stepper);
  gd_stepper_request_stop(work.stepper);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x)); /* a single step does not look */
  ck_assert(gd_stepper_take_stop_request(work.stepper));
  ck_assert(!gd_stepper_take_stop_request(work.stepper));
  retire(&work);
}
END_TEST

START_TEST(a_signal_handler_may_ask) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  asked = work.stepper;
  struct sigaction before, action = {.sa_handler = on_signal};
  ck_assert_int_eq(sigaction(SIGUSR1, &action, &before), 0);
  raise(SIGUSR1);
  sigaction(SIGUSR1, &before, NULL);
  ck_assert(gd_stepper_take_stop_request(work.stepper));
  retire(&work);
}
END_TEST

static void *ask(void *stepper) {
  gd_stepper_request_stop(stepper);
  return NULL;
}

START_TEST(another_thread_may_ask) {
  const test_game kind = noisy_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  pthread_t thread;
  double x[2] = {1, 2};
  ck_assert_int_eq(pthread_create(&thread, NULL, ask, work.stepper), 0);
  while (!gd_stepper_take_stop_request(work.stepper)) assert_ok(gd_stepper_step(work.stepper, x));
  ck_assert_int_eq(pthread_join(thread, NULL), 0);
  ck_assert(!gd_stepper_take_stop_request(work.stepper));
  retire(&work);
}
END_TEST

TEST_SUITE("stop", a_request_is_taken_once, a_signal_handler_may_ask, another_thread_may_ask)
