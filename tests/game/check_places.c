/* SPDX-License-Identifier: BSD-3-Clause */
/* check_places.c -- gd_game_check() on gradients that do not repeat, feasible sets and stated solutions. */
#include "game/wrong_games.h"

#include <gamedyn/models.h>
#include <math.h>

/* Changes from call to call, with period 2; leaves what it found in v, plus v(x). */
static int alternating_calls;

static int alternating_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  const double size = 1 + (alternating_calls++ % 2);
  v[0] = -size * x[1], v[1] = size * x[0];
  return 0;
}

static int adding_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] -= x[1], v[1] += x[0];
  return 0;
}

START_TEST(names_a_gradient_that_changes_between_calls) {
  const double x[2] = {0.7, 0.2};
  test_game kind = rotation_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops), .gradient = alternating_gradient};
  kind.traits = 0;
  for (alternating_calls = 0; alternating_calls < 2;) { /* whatever the number of calls before */
    const int first = alternating_calls;
    expect_words(&kind, x, "the gradient does not repeat: two calls in a row");
    alternating_calls = first + 1;
  }
  kind.ops.gradient = adding_gradient;
  expect_words(&kind, x, "the gradient does not repeat: two calls in a row");
}
END_TEST

/* Onto x_0 + x_1 <= 1: nearest, but one set for both players. */
static int half_space_project(void *data, double *x) {
  (void)data;
  const double excess = fmax(0, x[0] + x[1] - 1) / 2;
  x[0] -= excess, x[1] -= excess;
  return 0;
}

START_TEST(names_a_feasible_set_of_another_shape) {
  const double x[2] = {0.3, 0.2};
  test_game kind = boxed_game();
  kind.ops.project = half_space_project;
  kind.traits &= ~(uint32_t)GD_BOX;
  expect_words(&kind, x, "project mixes players");
  kind.ops.utilities = NULL;
  kind.n_players = 1;
  kind.block_sizes[0] = 2;
  kind.traits = GD_AFFINE;
  ck_assert_str_eq(words_of(&kind, x, NULL), "");
  kind.traits |= GD_BOX;
  expect_words(&kind, x, "GD_BOX does not hold");
}
END_TEST

static int halfway_project(void *data, double *x) {
  (void)data;
  for (int k = 0; k < 2; k++) x[k] = (x[k] + fmin(1, fmax(-1, x[k]))) / 2;
  return 0;
}

static int corner_solution(void *data, double *x) {
  (void)data;
  x[0] = x[1] = 1;
  return 0;
}

START_TEST(names_a_projection_or_solution_that_is_none) {
  const double x[2] = {0.7, 0.2};
  test_game kind = boxed_game();
  kind.ops.project = halfway_project;
  expect_words(&kind, x, "project is not idempotent");
  kind = boxed_game();
  kind.ops.solution = corner_solution;
  expect_words(&kind, x, "solution is not stationary");
  kind.ops.project = NULL;
  expect_words(&kind, x, "solution is not stationary: the gradient there is 1.4"); /* |(-1, 1)| */
}
END_TEST

/* v = (1, 1) on the box: no point has gradient 0, and the corner (1, 1) is stationary all the same. */
static int pushing_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw, (void)x;
  v[0] = v[1] = 1;
  return 0;
}

/* v = (1, 0) everywhere: nothing is stationary, which is no fault of the game. */
START_TEST(accepts_that_there_is_no_solution) {
  const double J[] = {0, 0, 0, 0}, b[] = {1, 0}, x[] = {0.5, 2};
  const size_t sizes[] = {1, 1};
  gd_game *game = NULL;
  gd_game_check_report report;
  assert_ok(gd_model_affine(&game, 2, sizes, J, 2, b, NULL));
  assert_ok(gd_game_check(game, x, 1, &report));
  ck_assert_double_lt(report.solution_gradient, 0); /* not applicable */
  gd_game_destroy(game);
}
END_TEST

START_TEST(accepts_a_solution_on_the_edge_of_the_feasible_set) {
  const double x[2] = {0.7, 0.2};
  test_game kind = boxed_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof(gd_game_ops),
                           .gradient = pushing_gradient,
                           .project = kind.ops.project,
                           .solution = corner_solution};
  kind.traits = GD_AFFINE;
  ck_assert_str_eq(words_of(&kind, x, NULL), "");
}
END_TEST

TEST_SUITE("check_places", names_a_gradient_that_changes_between_calls, names_a_feasible_set_of_another_shape,
           names_a_projection_or_solution_that_is_none, accepts_that_there_is_no_solution,
           accepts_a_solution_on_the_edge_of_the_feasible_set)
