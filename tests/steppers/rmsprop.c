/* SPDX-License-Identifier: BSD-3-Clause */
/* rmsprop.c -- d / sqrt(mean square), both places of epsilon, the mean square's start. */
#include "steppers/at_work.h"

#include <math.h>

typedef struct rms {
  double decay, epsilon, initial;
  bool inside;
} rms;

/* The formula on one number: m is the mean square, brought up to date. */
static double scaled(const rms *p, double *m, double d) {
  *m = p->decay * *m + (1 - p->decay) * d * d;
  return d / (p->inside ? sqrt(*m + p->epsilon) : sqrt(*m) + p->epsilon);
}

static void set_up(gd_stepper *stepper, const rms *p) {
  assert_ok(gd_stepper_set_scaling(stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_set(stepper, "rmsprop.decay", p->decay));
  assert_ok(gd_stepper_set(stepper, "rmsprop.epsilon", p->epsilon));
  assert_ok(gd_stepper_set(stepper, "rmsprop.initial_mean_square", p->initial));
  assert_ok(gd_stepper_set(stepper, "rmsprop.epsilon_inside", p->inside));
}

/* The defaults: decay 0.9, epsilon 1e-10 inside the root, the mean square starting at 1. */
START_TEST(starts_as_tensorflow_1_does) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  double x[2] = {1, 2}; /* v = (-2, 1) */
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_vector(2, x, ((double[]){1 - 1 / sqrt(0.9 + 0.4 + 1e-10), 2 + 0.5 / sqrt(0.9 + 0.1 + 1e-10)}), 1e-15);
  retire(&work);
}
END_TEST

/* Ten steps of every variant with a large epsilon, so that its place shows. */
START_TEST(follows_its_formula_in_both_forms) {
  const rms variants[] = {
      {0.9, 0.1, 1, true}, {0.9, 0.1, 1, false}, {0.5, 0.01, 0, true}, {0.5, 0.01, 0, false}, {0, 1e-3, 2, false},
  };
  const test_game kind = rotation_game();
  for (size_t k = 0; k < sizeof variants / sizeof *variants; k++) {
    const rms *p = &variants[k];
    at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
    set_up(work.stepper, p);
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
    double x[2] = {1, 2}, expected[2] = {1, 2}, m[2] = {p->initial, p->initial};
    for (int t = 0; t < 10; t++) {
      const double d0 = scaled(p, &m[0], -expected[1]), d1 = scaled(p, &m[1], expected[0]);
      expected[0] += 0.5 * d0;
      expected[1] += 0.25 * d1;
      assert_ok(gd_stepper_step(work.stepper, x));
      assert_vector(2, x, expected, 1e-14);
    }
    retire(&work);
  }
}
END_TEST

/* Extragradient: the look advances the mean square, then the step. */
START_TEST(advances_with_each_gradient_of_a_step) {
  const rms p = {0.9, 1e-10, 1, true};
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  set_up(work.stepper, &p);
  double x[2] = {1, 2}, expected[2] = {1, 2}, m[2] = {1, 1};
  for (int t = 0; t < 5; t++) {
    const double w0 = expected[0] + 0.5 * scaled(&p, &m[0], -expected[1]),
                 w1 = expected[1] + 0.5 * scaled(&p, &m[1], expected[0]);
    expected[0] += 0.5 * scaled(&p, &m[0], -w1);
    expected[1] += 0.5 * scaled(&p, &m[1], w0);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

/* Alternating with inner steps (3, 1): each player's mean square goes by its own moves. */
START_TEST(advances_with_each_move_of_a_player) {
  const rms p = {0.9, 1e-10, 1, true};
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  set_up(work.stepper, &p);
  assert_ok(gd_stepper_set_players(work.stepper, "inner_steps", (double[]){3, 1}));
  double x[2] = {1, 2}, expected[2] = {1, 2}, m[2] = {1, 1};
  for (int t = 0; t < 5; t++) {
    for (int k = 0; k < 3; k++) expected[0] += 0.5 * scaled(&p, &m[0], -expected[1]);
    expected[1] += 0.5 * scaled(&p, &m[1], expected[0]);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

START_TEST(its_parameters_follow_a_dot) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.decay", 0.5));
  assert_fails(gd_stepper_set(work.stepper, "rmsprop_decay", 0.5), GD_ERR_NAME, "rmsprop_decay");
  retire(&work);
}
END_TEST

TEST_SUITE("rmsprop", starts_as_tensorflow_1_does, follows_its_formula_in_both_forms,
           advances_with_each_gradient_of_a_step, advances_with_each_move_of_a_player, its_parameters_follow_a_dot)
