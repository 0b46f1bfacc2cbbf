/* SPDX-License-Identifier: BSD-3-Clause */
/* alternating.c -- players in turn: order, inner steps, draws, cost. */
#include "steppers/at_work.h"

#include <math.h>

/* On the rotation x_0 moves by -h x_1 and x_1 by h x_0. */
START_TEST(later_players_see_earlier_moves) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x)); /* x_0 = 1 - 1 = 0, then x_1 = 2 + 0 */
  assert_same(2, x, ((double[]){0, 2}));
  retire(&work);
}
END_TEST

START_TEST(turns_decide_the_order) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  assert_ok(gd_stepper_set_players(work.stepper, "turn", (double[]){7, 3}));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x)); /* x_1 = 2 + 1/2, then x_0 = 1 - 5/4 */
  assert_same(2, x, ((double[]){-0.25, 2.5}));
  retire(&work);
}
END_TEST

START_TEST(a_player_may_move_several_times) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_ALTERNATING);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
  assert_ok(gd_stepper_set_players(work.stepper, "inner_steps", (double[]){2, 3}));
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x)); /* x_0 = 1 - 1 - 1 = -1, then x_1 = 2 - 3/4 */
  assert_same(2, x, ((double[]){-1, 1.25}));
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.gradients, 5); /* the rotation has no player_gradient of its own */
  retire(&work);
}
END_TEST

/* The moves of `player` on the general game, one variable after the other at the same point. */
static void move_general(size_t player, double h, double *x) {
  const double v[4] = {-x[0] + x[1] * x[3], -x[1] + sin(x[0]) + x[2] * x[2], -x[2] + x[3] + 2 * x[1] * x[2],
                       -x[3] + x[0] * x[2]};
  const size_t starts[4] = {0, 1, 3, 4};
  for (size_t k = starts[player]; k < starts[player + 1]; k++) x[k] += h * v[k];
}

/* Turns (1, 0, 1): player 1 first, then 0 and 2, equals by number. */
START_TEST(moves_whole_blocks_on_a_curved_game) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_ALTERNATING);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25, 0.125}));
  assert_ok(gd_stepper_set_players(work.stepper, "turn", (double[]){1, 0, 1}));
  double x[4] = {1, 2, -1, 0.5}, expected[4] = {1, 2, -1, 0.5};
  for (int t = 0; t < 3; t++) {
    assert_ok(gd_stepper_step(work.stepper, x));
    move_general(1, 0.25, expected);
    move_general(0, 0.5, expected);
    move_general(2, 0.125, expected);
    assert_vector(4, x, expected, 1e-14);
  }
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.player_gradients, 9);
  ck_assert_uint_eq(counts.gradients, 0);
  retire(&work);
}
END_TEST

/* x_0 moves by -3 x_1, then x_1 twice by 3 x_0, each move cut to [-1, 1]. */
START_TEST(projects_after_each_move) {
  const test_game kind = boxed_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 3);
  assert_ok(gd_stepper_set_players(work.stepper, "inner_steps", (double[]){1, 2}));
  double x[2] = {1, 0.5};
  assert_ok(gd_stepper_step(work.stepper, x)); /* x_0 = 1 - 1.5 = -0.5; x_1 = 0.5 - 1.5 = -1, then -2.5, cut to -1 */
  assert_same(2, x, ((double[]){-0.5, -1}));
  assert_ok(gd_stepper_step(work.stepper, x)); /* x_0 = 2.5, cut to 1; x_1 = 2, cut to 1; x_1 = 4, cut to 1 */
  assert_same(2, x, ((double[]){1, 1}));
  retire(&work);
}
END_TEST

/* One move of `player` with h = 1/2 on minibatch `index`. */
static void move_noisy(uint64_t index, int player, double *x) {
  double v[2];
  noisy_field(index, x, v);
  x[player] += 0.5 * v[player];
}

START_TEST(a_step_is_on_one_minibatch) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  draw_batches(work.game, 1);
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (uint64_t t = 0; t < 3; t++) {
    move_noisy(t, 0, expected);
    move_noisy(t, 1, expected);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_same(2, x, expected);
  }
  retire(&work);
}
END_TEST

START_TEST(or_each_move_is_on_a_minibatch_of_its_own) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  draw_batches(work.game, 1);
  assert_ok(gd_stepper_set(work.stepper, "fresh_draw", 1));
  assert_ok(gd_stepper_set_players(work.stepper, "inner_steps", (double[]){2, 1}));
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (uint64_t t = 0; t < 3; t++) {
    move_noisy(3 * t, 0, expected);
    move_noisy(3 * t + 1, 0, expected);
    move_noisy(3 * t + 2, 1, expected);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_same(2, x, expected);
  }
  ck_assert_uint_eq(draw_index(work.game), 9);
  retire(&work);
}
END_TEST

START_TEST(has_no_stability_function) { ck_assert(gd_method_find("alt")->mode_modulus == NULL); }
END_TEST

TEST_SUITE("alternating", later_players_see_earlier_moves, turns_decide_the_order, a_player_may_move_several_times,
           moves_whole_blocks_on_a_curved_game, projects_after_each_move, a_step_is_on_one_minibatch,
           or_each_move_is_on_a_minibatch_of_its_own, has_no_stability_function)
