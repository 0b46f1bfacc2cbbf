/* SPDX-License-Identifier: BSD-3-Clause */
/* move.c -- directions, scaling by player, moves along them, and the feasible set. */
#include "steppers/at_work.h"

#include <math.h>

START_TEST(moves_each_block_by_its_step_size) {
  const test_game kind = general_game(); /* blocks 1, 2, 1 */
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  const double from[4] = {1, 2, 3, 4}, direction[4] = {1, -1, 2, -2};
  double to[4] = {0};
  const double sizes[4][3] = {{0.5, 0.25, 2}, {0.5, 0.5, 2}, {2, 0.5, 0.5}, {1, 1, 1}};
  for (int k = 0; k < 4; k++) {
    const double *h = sizes[k];
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, h));
    assert_ok(gd_stepper_move(work.stepper, to, from, 2, direction));
    assert_same(4, to, ((double[]){1 + 2 * h[0], 2 - 2 * h[1], 3 + 4 * h[1], 4 - 4 * h[2]}));
    double x[4] = {1, 2, 3, 4};
    assert_ok(gd_stepper_move_pair(work.stepper, x, 2, direction, -0.5, (double[]){2, 2, 2, 2}));
    assert_same(4, x, ((double[]){1 + h[0], 2 - 3 * h[1], 3 + 3 * h[1], 4 - 5 * h[2]}));
    assert_ok(gd_stepper_move_by(work.stepper, to, from, direction, (double[]){8, 0, -8, 16}));
    assert_same(4, to, ((double[]){9 + h[0], 2 - h[1], -5 + 2 * h[1], 20 - 2 * h[2]}));
  }
  retire(&work);
}
END_TEST

START_TEST(from_and_to_may_be_the_same) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_move(work.stepper, x, x, -1, (double[]){1, 2}));
  assert_same(2, x, ((double[]){0.5, 1}));
  assert_ok(gd_stepper_move_by(work.stepper, x, x, (double[]){1, 2}, (double[]){4, 8}));
  assert_same(2, x, ((double[]){5, 10}));
  assert_fails(gd_stepper_move_by(work.stepper, x, x, (double[]){1, 2}, x), GD_ERR_ARGUMENT, "plain");
  assert_fails(gd_stepper_move_by(work.stepper, NULL, x, x, x), GD_ERR_ARGUMENT, "is NULL");
  assert_same(2, x, ((double[]){5, 10}));
  retire(&work);
}
END_TEST

static int refusing_project(void *data, double *x) {
  x[0] = 1e6;
  return data ? *(int *)data : 1;
}

START_TEST(a_failing_projection_leaves_the_target_alone) {
  int code = 1;
  test_game kind = rotation_game();
  kind.ops.project = refusing_project;
  kind.data = &code;
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  double x[2] = {1, 2};
  const double direction[2] = {1, 1};
  assert_fails(gd_stepper_move(work.stepper, x, x, 1, direction), GD_ERR_DOMAIN, "project");
  assert_fails(gd_stepper_move_pair(work.stepper, x, 1, direction, 1, direction), GD_ERR_DOMAIN, "project");
  assert_fails(gd_stepper_move_by(work.stepper, x, x, direction, direction), GD_ERR_DOMAIN, "project");
  code = -1;
  assert_fails(gd_stepper_step(work.stepper, x), GD_ERR_CALLBACK, "project");
  assert_same(2, x, ((double[]){1, 2}));
  code = 0;
  assert_ok(gd_stepper_move(work.stepper, x, x, 1, direction));
  assert_same(2, x, ((double[]){1e6, 2.5}));
  assert_ok(gd_stepper_move_by(work.stepper, x, x, direction, direction));
  assert_same(2, x, ((double[]){1e6, 4}));
  retire(&work);
}
END_TEST

/* RMSProp with decay 0 makes d / |d|: only the block of the player asked for. */
START_TEST(scales_all_players_or_one) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double d[4] = {4, -2, 8, -16};
  assert_ok(gd_stepper_scale(work.stepper, 1, d)); /* no scaling: nothing happens */
  assert_same(4, d, ((double[]){4, -2, 8, -16}));
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.decay", 0));
  assert_ok(gd_stepper_scale(work.stepper, 1, d));
  assert_vector(4, d, ((double[]){4, -1, 1, -16}), 1e-10);
  assert_ok(gd_stepper_scale(work.stepper, GD_ALL_PLAYERS, d));
  assert_vector(4, d, ((double[]){1, -1, 1, -1}), 1e-10);
  assert_fails(gd_stepper_scale(work.stepper, 3, d), GD_ERR_ARGUMENT, "player 3, expected below 3");
  retire(&work);
}
END_TEST

START_TEST(the_direction_is_the_scaled_gradient) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double d[2];
  assert_ok(gd_stepper_direction(work.stepper, (double[]){1, 2}, d));
  assert_same(2, d, ((double[]){-2, 1}));
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  assert_ok(gd_stepper_direction(work.stepper, (double[]){1, 2}, d));
  assert_vector(2, d, ((double[]){-1, 1}), 1e-7); /* Adam's first direction is a sign, but for epsilon 1e-8 */
  assert_fails(gd_stepper_direction(work.stepper, (double[]){1, NAN}, d), GD_ERR_NONFINITE, "gradient[0]");
  retire(&work);
}
END_TEST

START_TEST(refuses_missing_arguments) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  double x[2] = {0}, y[2] = {0};
  assert_fails(gd_stepper_move(NULL, x, x, 1, y), GD_ERR_ARGUMENT, "gd_stepper_move");
  assert_fails(gd_stepper_move(work.stepper, NULL, x, 1, y), GD_ERR_ARGUMENT, "gd_stepper_move");
  assert_fails(gd_stepper_move(work.stepper, x, x, 1, NULL), GD_ERR_ARGUMENT, "gd_stepper_move");
  assert_fails(gd_stepper_move_pair(work.stepper, x, 1, y, 1, NULL), GD_ERR_ARGUMENT, "gd_stepper_move_pair");
  assert_fails(gd_stepper_direction(work.stepper, NULL, y), GD_ERR_ARGUMENT, "gd_stepper_direction");
  assert_fails(gd_stepper_scale(work.stepper, 0, NULL), GD_ERR_ARGUMENT, "gd_stepper_scale");
  retire(&work);
}
END_TEST

TEST_SUITE("move", moves_each_block_by_its_step_size, from_and_to_may_be_the_same,
           a_failing_projection_leaves_the_target_alone, scales_all_players_or_one,
           the_direction_is_the_scaled_gradient, refuses_missing_arguments)
