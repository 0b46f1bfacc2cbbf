/* SPDX-License-Identifier: BSD-3-Clause */
/* looks.c -- between two looks a run takes bare steps; where it ends, and with which point, does not depend on that. */
#include "support/runs.h"

/* A run with a look after each step, and one with looks far apart. */
typedef struct twin {
  gd_game *game;
  gd_stepper *stepper;
  double x[2];
  gd_run_result result;
} twin;

static twin diverge(const char *method, const char *scaling, uint64_t check_every, const gd_observer *observer) {
  const test_game kind = noisy_game(); /* v = -x + noise of the draw, so that the draws matter, too */
  twin t = {.game = create_test_game(&kind, NULL), .x = {1, -2}};
  gd_eval_options draws;
  gd_eval_options_init(&draws);
  draws.batch_size = 1;
  assert_ok(gd_game_configure(t.game, &draws));
  assert_ok(gd_stepper_create_named(&t.stepper, t.game, method));
  assert_ok(gd_stepper_set_scaling(t.stepper, scaling));
  assert_ok(gd_stepper_set(t.stepper, GD_STEP_SIZE, 7));
  gd_run_options options = only_steps(64);
  options.check_every = check_every;
  options.divergence_norm = 1e4;
  options.observers = observer;
  options.n_observers = observer != NULL;
  options.observe_every = 5;
  assert_ok(gd_run(t.stepper, t.x, &options, &t.result));
  return t;
}

static void compare(const twin *one, const twin *other) {
  ck_assert_int_eq(one->result.stop, other->result.stop);
  ck_assert_uint_eq(one->result.steps, other->result.steps);
  ck_assert_uint_eq(gd_stepper_steps(one->stepper), gd_stepper_steps(other->stepper));
  ck_assert_mem_eq(one->x, other->x, sizeof one->x);
  ck_assert_double_eq(one->result.x_norm, other->result.x_norm);
}

static void release(twin *t) {
  gd_stepper_destroy(t->stepper);
  gd_game_destroy(t->game);
}

/* Also the steps that follow agree, so memory, moments, draws and counters do. */
static void expect_twins(const char *method, const char *scaling, size_t *diverged) {
  twin every = diverge(method, scaling, 1, NULL), seldom = diverge(method, scaling, 16, NULL);
  compare(&every, &seldom);
  *diverged += every.result.stop == GD_STOP_DIVERGED;
  for (int k = 0; k < 3; k++) {
    assert_ok(gd_stepper_step(every.stepper, every.x));
    assert_ok(gd_stepper_step(seldom.stepper, seldom.x));
    ck_assert_mem_eq(every.x, seldom.x, sizeof every.x);
  }
  release(&every);
  release(&seldom);
}

/* h = 7: |1 - 7| = 6, so that methods without scaling reach 1e4 in about log 5000 / log 6 = 5 steps. */
START_TEST(a_run_ends_at_the_step_at_which_it_diverges) {
  const gd_method *method;
  const char *scaling;
  size_t diverged = 0;
  for (size_t k = 0; (method = gd_method_at(k)) != NULL; k++)
    for (size_t j = 0; (scaling = gd_scaling_at(j)) != NULL; j++) expect_twins(method->name, scaling, &diverged);
  ck_assert_uint_ge(diverged, 6);
}
END_TEST

static int count_points(void *context, const gd_progress *progress) {
  uint64_t *steps = context;
  for (; *steps; steps++) ck_assert_uint_ne(*steps, progress->step + 1);
  *steps = progress->step + 1;
  ck_assert(progress->step == 0 || progress->move_norm > 0);
  return 0;
}

/* No point twice, and each with the length of the step that led to it, although the last steps are taken again. */
START_TEST(observers_see_each_point_once) {
  uint64_t steps[16] = {0};
  const gd_observer observer = {.observe = count_points, .context = steps};
  twin t = diverge(GD_SIMULTANEOUS, GD_SCALING_NONE, 16, &observer);
  ck_assert_int_eq(t.result.stop, GD_STOP_DIVERGED);
  ck_assert_uint_eq(steps[0], 1);
  ck_assert_uint_eq(steps[1], 6);
  release(&t);
}
END_TEST

/* Without divergence a look costs nothing but the gradient of its rule: with the rule off, steps and one at the end. */
START_TEST(steps_between_looks_are_taken_once) {
  gd_stepper *stepper = halving_steps();
  gd_run_options options = only_steps(37);
  options.check_every = 10;
  gd_run_result result;
  double x[] = {1, 0};
  assert_ok(gd_run(stepper, x, &options, &result));
  ck_assert_uint_eq(result.counts.gradients, 37 + 1);
  ck_assert_double_eq(x[0], 0x1p-37);
  release_steps(stepper);
}
END_TEST

static int request_at_the_third(void *data, const gd_draw *draw, const double *x, double *v) {
  gd_stepper **stepper = data;
  (void)draw;
  v[0] = -x[0], v[1] = -x[1];
  if (*stepper && gd_stepper_steps(*stepper) == 2) gd_stepper_request_stop(*stepper);
  return 0;
}

START_TEST(a_request_is_heard_between_two_looks) {
  gd_stepper *stepper = NULL;
  test_game kind = rotation_game();
  kind.ops.gradient = request_at_the_third;
  kind.data = &stepper;
  gd_stepper *made = steps_of(&kind, GD_SIMULTANEOUS, 0.5);
  stepper = made;
  gd_run_options options = only_steps(100);
  options.check_every = 50;
  gd_run_result result;
  double x[] = {3, 4};
  assert_ok(gd_run(made, x, &options, &result));
  ck_assert_int_eq(result.stop, GD_STOP_REQUESTED);
  ck_assert_uint_eq(result.steps, 3);
  ck_assert_double_eq(result.x_norm, 5.0 / 8);
  stepper = NULL;
  release_steps(made);
}
END_TEST

TEST_SUITE("looks", a_run_ends_at_the_step_at_which_it_diverges, observers_see_each_point_once,
           steps_between_looks_are_taken_once, a_request_is_heard_between_two_looks)
