/* SPDX-License-Identifier: BSD-3-Clause */
/* implicit.c -- y = x + H v(y): exact on affine games, Newton's method on others. */
#include "steppers/at_work.h"

#include <math.h>

/* (I - h J) y = x with J = [0 -1; 1 0]: y = (x_0 - h x_1, x_1 + h x_0) / (1 + h^2) = (0, 5/2) / (5/4). */
START_TEST(is_exact_on_a_linear_game) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_vector(2, x, ((double[]){0, 2}), 1e-15);
  retire(&work);
}
END_TEST

/* y_0 = x_0 - h_0 y_1 and y_1 = x_1 + h_1 y_0: y_0 = (x_0 - h_0 x_1) / (1 + h_0 h_1). */
START_TEST(each_player_has_a_step_size_and_it_may_be_zero) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_IMPLICIT);
  for (int k = 0; k < 3; k++) {
    const double h[3][2] = {{0.5, 0.25}, {0.5, 0}, {0, 0.25}}, h0 = h[k][0], h1 = h[k][1];
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, h[k]));
    double x[2] = {1, 2};
    const double y0 = (1 - h0 * 2) / (1 + h0 * h1);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, ((double[]){y0, 2 + h1 * y0}), 1e-15);
    if (h1 == 0) assert_close(x[1], 2, 0, 0);
  }
  retire(&work);
}
END_TEST

/* v = (-x_0 + 3, -2 x_1 - 1), one variable each: y = (x_0 + 3 h) / (1 + h), (x_1 - h) / (1 + 2 h). */
static int shifted_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = 3 - x[0];
  v[1] = -1 - 2 * x[1];
  return 0;
}

START_TEST(is_exact_on_an_affine_game) {
  test_game kind = rotation_game();
  kind.ops = (gd_game_ops){.struct_size = sizeof kind.ops, .gradient = shifted_gradient};
  kind.traits = GD_AFFINE;
  at_work work = put_to_work(&kind, GD_IMPLICIT);
  for (double h = 1e-3; h < 1e4; h *= 10) {
    assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, h));
    double x[2] = {5, -4};
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, ((double[]){(5 + 3 * h) / (1 + h), (-4 - h) / (1 + 2 * h)}), 1e-14);
  }
  retire(&work);
}
END_TEST

/* The rotation has products alone: J costs two of them. */
START_TEST(factors_again_only_when_the_step_size_changes) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  gd_counts counts;
  double x[2] = {1, 2};
  for (int t = 0; t < 5; t++) assert_ok(gd_stepper_step(work.stepper, x));
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.jvps, 2);
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
  for (int t = 0; t < 5; t++) assert_ok(gd_stepper_step(work.stepper, x));
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.jvps, 4);
  retire(&work);
}
END_TEST

/* v = -x + e: x' = (x + h e) / (1 + h), with a new e each step though the factors are kept. */
START_TEST(sees_every_minibatch_of_an_affine_game) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  draw_batches(work.game, 1);
  double x[2] = {1, 2}, expected[2] = {1, 2}, e[2];
  for (uint64_t t = 0; t < 4; t++) {
    noisy_field(t, (double[]){0, 0}, e);
    for (int k = 0; k < 2; k++) expected[k] = (expected[k] + 0.5 * e[k]) / 1.5;
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-15);
  }
  gd_counts counts;
  gd_game_counts(work.game, &counts);
  ck_assert_uint_eq(counts.jvps, 2);
  retire(&work);
}
END_TEST

/* |y - x - H v(y)| at the end of a step, relative to |H v(x)|. */
static double relative_residual(gd_game *game, const double *h, const double *x, const double *y) {
  double before[8], after[8], residual = 0, length = 0;
  assert_ok(gd_game_gradient(game, x, before));
  assert_ok(gd_game_gradient(game, y, after));
  for (size_t k = 0; k < gd_game_size(game); k++) {
    residual = hypot(residual, y[k] - x[k] - h[k] * after[k]);
    length = hypot(length, h[k] * before[k]);
  }
  return residual / length;
}

START_TEST(solves_its_equation_on_curved_games) {
  const test_game kinds[2] = {curved_game(), general_game()};
  const double h[2][5] = {{0.5, 0.5, 0.25, 0.25, 0.25}, {0.5, 0.25, 0.25, 0.125}};
  const double players[2][3] = {{0.5, 0.25}, {0.5, 0.25, 0.125}};
  for (int which = 0; which < 2; which++) {
    at_work work = put_to_work(&kinds[which], GD_IMPLICIT);
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, players[which]));
    double x[5] = {0.5, 0.25, -0.25, 0.5, 2}, before[5];
    for (int t = 0; t < 5; t++) {
      memcpy(before, x, sizeof x);
      assert_ok(gd_stepper_step(work.stepper, x));
      /* the tolerance, and the rounding of x + d: some units of 2^-52 |x| against |H v| >= 0.01 */
      ck_assert(relative_residual(work.game, h[which], before, x) < 1e-12 + 1e-13);
    }
    retire(&work);
  }
}
END_TEST

/* A tolerance of 0 asks for what rounding allows, and gets it. */
START_TEST(stops_where_rounding_begins) {
  const test_game kind = curved_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  const double h[5] = {0.5, 0.5, 0.5, 0.5, 0.5};
  assert_ok(gd_stepper_set(work.stepper, "tolerance", 0));
  double x[5] = {1, 0.5, -1, 0.5, 2}, before[5];
  for (int t = 0; t < 8; t++) {
    memcpy(before, x, sizeof x);
    assert_ok(gd_stepper_step(work.stepper, x));
    ck_assert(relative_residual(work.game, h, before, x) < 1e-13);
  }
  retire(&work);
}
END_TEST

/* The same on a game whose Jacobian is differenced: Newton's method still ends at the same point. */
START_TEST(solves_its_equation_with_a_differenced_jacobian) {
  test_game kind = curved_game();
  at_work exact = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  kind.ops.jvp = kind.ops.vjp = NULL;
  kind.ops.jvp_many = NULL;
  kind.ops.jacobian = NULL;
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  double x[5] = {1, 0.5, -1, 0.5, 2}, y[5] = {1, 0.5, -1, 0.5, 2};
  assert_ok(gd_stepper_step(exact.stepper, x));
  assert_ok(gd_stepper_step(work.stepper, y));
  assert_vector(5, y, x, 1e-11);
  retire(&exact);
  retire(&work);
}
END_TEST

START_TEST(stays_at_an_equilibrium_of_a_curved_game) {
  const test_game kind = general_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  double x[4] = {0};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(4, x, ((double[]){0, 0, 0, 0}));
  retire(&work);
}
END_TEST

/* Newton's method stops short: the step is taken and says so. */
START_TEST(says_when_newton_has_not_converged) {
  const test_game kind = general_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  assert_ok(gd_stepper_set(work.stepper, "max_iterations", 1));
  const double h[4] = {0.5, 0.5, 0.5, 0.5}, start[4] = {1, 2, -1, 0.5};
  double x[4] = {1, 2, -1, 0.5};
  ck_assert_int_eq(gd_stepper_step(work.stepper, x), GD_NOT_CONVERGED);
  ck_assert_uint_eq(gd_stepper_steps(work.stepper), 1);
  /* better than the explicit step, no solution yet */
  double explicit_step[4];
  assert_ok(gd_game_gradient(work.game, start, explicit_step));
  for (int k = 0; k < 4; k++) explicit_step[k] = start[k] + 0.5 * explicit_step[k];
  const double residual = relative_residual(work.game, h, start, x);
  ck_assert(residual > 1e-12);
  ck_assert(residual < relative_residual(work.game, h, start, explicit_step));
  retire(&work);
}
END_TEST

/* v = x^2 + 1, one player. */
static int runaway_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = x[0] * x[0] + 1;
  return 0;
}

/* y = x + y^2 + 1 has no real solution for x > -3/4: Newton's method gives up near the least residual, at y = 1/2. */
START_TEST(says_when_there_is_no_solution) {
  const test_game kind = {
      .ops = {.struct_size = sizeof kind.ops, .gradient = runaway_gradient}, .n_players = 1, .block_sizes = {1}};
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 1);
  double x[1] = {0.1};
  ck_assert_int_eq(gd_stepper_step(work.stepper, x), GD_NOT_CONVERGED);
  ck_assert(isfinite(x[0]));
  retire(&work);
}
END_TEST

/* v = x: I - h J is zero for h = 1. */
static int growing_gradient(void *data, const gd_draw *draw, const double *x, double *v) {
  (void)data, (void)draw;
  v[0] = x[0];
  return 0;
}

START_TEST(refuses_a_singular_equation) {
  const test_game kind = {.ops = {.struct_size = sizeof kind.ops, .gradient = growing_gradient},
                          .n_players = 1,
                          .block_sizes = {1},
                          .traits = GD_AFFINE};
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 1);
  double x[1] = {3};
  assert_fails(gd_stepper_step(work.stepper, x), GD_ERR_LAPACK, "singular");
  assert_close(x[0], 3, 0, 0);
  assert_ok(gd_stepper_set(work.stepper, GD_STEP_SIZE, 3)); /* y = 3 + 3 y: beyond the pole, y = -3/2 */
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_close(x[0], -1.5, 1e-15, 0);
  retire(&work);
}
END_TEST

/* From (3/5, 3) with h = 1/10 the explicit step leaves the domain x_0 >= 1/2, and so does Newton's first guess.  The
 * implicit one does not: y_1 = (x_1 + h y_0) / (1 + h), y_0 = x_0 + h / y_0 - h y_1. */
START_TEST(guesses_again_when_the_explicit_step_leaves_the_domain) {
  const test_game kind = half_plane_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.1);
  double x[2] = {0.6, 3};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_close(x[1], (3 + 0.1 * x[0]) / 1.1, 1e-13, 0);
  assert_close(x[0], 0.6 + 0.1 / x[0] - 0.1 * x[1], 1e-13, 0);
  retire(&work);
}
END_TEST

START_TEST(refuses_feasible_sets_in_words) {
  const test_game kind = boxed_game();
  gd_game *game = create_test_game(&kind, NULL);
  gd_stepper *stepper = NULL;
  assert_fails(gd_stepper_create_named(&stepper, game, GD_IMPLICIT), GD_ERR_UNSUPPORTED,
               "method \"implicit\": the game \"boxed\" has a feasible set");
  ck_assert_ptr_null(stepper);
  gd_game_destroy(game);
}
END_TEST

START_TEST(passes_no_nan_on) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, 0.5);
  double x[2] = {1, 2};
  assert_ok(gd_stepper_step(work.stepper, x));
  x[1] = NAN;
  const double x0 = x[0];
  assert_fails(gd_stepper_step(work.stepper, x), GD_ERR_NONFINITE, "");
  assert_close(x[0], x0, 0, 0);
  retire(&work);
}
END_TEST

TEST_SUITE("implicit", is_exact_on_a_linear_game, each_player_has_a_step_size_and_it_may_be_zero,
           is_exact_on_an_affine_game, factors_again_only_when_the_step_size_changes,
           sees_every_minibatch_of_an_affine_game, solves_its_equation_on_curved_games, stops_where_rounding_begins,
           solves_its_equation_with_a_differenced_jacobian, stays_at_an_equilibrium_of_a_curved_game,
           says_when_newton_has_not_converged, says_when_there_is_no_solution, refuses_a_singular_equation,
           guesses_again_when_the_explicit_step_leaves_the_domain, refuses_feasible_sets_in_words, passes_no_nan_on)
