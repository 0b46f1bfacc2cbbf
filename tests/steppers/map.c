/* SPDX-License-Identifier: BSD-3-Clause */
/* map.c -- the derivative of one step, against derivatives worked out by hand. */
#include "steppers/at_work.h"
#include "steppers/bytes.h"
#include "support/rotated_game.h"

#include <gamedyn/operator.h>
#include <gamedyn/spectrum.h>
#include <math.h>

/* M [side by side] at x. */
static void assemble_map(gd_stepper *stepper, const double *x, size_t side, double *M) {
  gd_operator *op = NULL;
  assert_ok(gd_stepper_map(&op, stepper, x));
  ck_assert_uint_eq(gd_operator_columns(op), side);
  ck_assert_uint_eq(gd_operator_rows(op), side);
  assert_ok(gd_operator_assemble(op, M, side));
  gd_operator_destroy(op);
}

/* [1, -h; h, 1 - h^2]: x_0' = x_0 - h x_1, x_1' = x_1 + h x_0'.  Powers of two and their squares: exact. */
START_TEST(is_exact_for_linear_methods_on_affine_games) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  double M[4];
  assemble_map(work.stepper, (double[]){0, 0}, 2, M);
  assert_same(4, M, ((double[]){1, 0.5, -0.5, 0.75}));
  assemble_map(work.stepper, (double[]){1000, -3}, 2, M); /* wherever it is taken, but for the rounding of x */
  assert_vector(4, M, ((double[]){1, 0.5, -0.5, 0.75}), 1e-13);
  retire(&work);
}
END_TEST

/* I + H J(x), central differences of relative length 6e-6: an error near 1e-10. */
START_TEST(is_the_derivative_on_curved_games) {
  const test_game kind = general_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  const double h[4] = {0.5, 0.25, 0.25, 0.125}, x[4] = {1, 2, -1, 0.5};
  assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25, 0.125}));
  double M[16], J[16];
  assemble_map(work.stepper, x, 4, M);
  assert_ok(gd_game_jacobian(work.game, x, J, 4));
  for (int j = 0; j < 4; j++)
    for (int i = 0; i < 4; i++) assert_close(M[i + 4 * j], (i == j) + h[i] * J[i + 4 * j], 1e-9, 1e-9);
  retire(&work);
}
END_TEST

/* Newton solves y = x + h v(y), so dy/dx = (I - h J(y))^-1: checked as (I - h J(y)) M = I. */
START_TEST(sees_through_newtons_method) {
  const test_game kind = curved_game();
  const double h = 0.5, x[5] = {1, 0, 0.5, -1, 2};
  at_work work = put_to_work_with_step(&kind, GD_IMPLICIT, h);
  double M[25], J[25], y[5];
  assemble_map(work.stepper, x, 5, M);
  memcpy(y, x, sizeof x);
  assert_ok(gd_stepper_step(work.stepper, y));
  assert_ok(gd_game_jacobian(work.game, y, J, 5));
  for (int i = 0; i < 5; i++)
    for (int j = 0; j < 5; j++) {
      double sum = M[i + 5 * j];
      for (int k = 0; k < 5; k++) sum -= h * J[i + 5 * k] * M[k + 5 * j];
      assert_close(sum, i == j, 0, 1e-8);
    }
  retire(&work);
}
END_TEST

/* z = (x, previous gradient): M = [I + 2 h J, -h I; J, 0], at the first step too. */
START_TEST(memory_is_part_of_the_state) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  const double expected[16] = {1, 1, 0, 1, -1, 1, -1, 0, -0.5, 0, 0, 0, 0, -0.5, 0, 0};
  double M[16], x[2] = {1, 2};
  assemble_map(work.stepper, x, 4, M);
  assert_vector(16, M, expected, 1e-15);
  for (int t = 0; t < 3; t++) assert_ok(gd_stepper_step(work.stepper, x));
  assemble_map(work.stepper, x, 4, M);
  assert_vector(16, M, expected, 1e-15);
  retire(&work);
}
END_TEST

/* z = (x, m): m' = r m + (1 - r) d^2 and x' = x + h d / sqrt(m' + e), d = v(x), so that with q = m' + e
 *   dm'/dm = r, dm'/dx = 2 (1 - r) d J, dx'/dm = -h r d q^-1.5 / 2, dx'/dx = I + h (q^-0.5 - (1 - r) d^2 q^-1.5) J. */
START_TEST(the_scalings_moments_are_part_of_the_state) {
  const test_game kind = rotation_game();
  const double h = 0.5, r = 0.75, e = 0.25, J[2][2] = {{0, -1}, {1, 0}};
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, h);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.decay", r));
  assert_ok(gd_stepper_set(work.stepper, "rmsprop.epsilon", e));
  double x[2] = {1, 2}, M[16], expected[16];
  double m[2] = {r + (1 - r) * 4, r + (1 - r) * 1}; /* after one step, from m = 1 and d = (-2, 1) */
  assert_ok(gd_stepper_step(work.stepper, x));
  assemble_map(work.stepper, x, 4, M);
  for (int i = 0; i < 2; i++) {
    const double d = i ? x[0] : -x[1], q = r * m[i] + (1 - r) * d * d + e;
    for (int j = 0; j < 2; j++) {
      expected[i + 4 * j] = (i == j) + h * (1 / sqrt(q) - (1 - r) * d * d * pow(q, -1.5)) * J[i][j];
      expected[2 + i + 4 * j] = 2 * (1 - r) * d * J[i][j];
      expected[i + 4 * (2 + j)] = i == j ? -h * r * d * pow(q, -1.5) / 2 : 0;
      expected[2 + i + 4 * (2 + j)] = i == j ? r : 0;
    }
  }
  assert_vector(16, M, expected, 1e-9);
  retire(&work);
}
END_TEST

START_TEST(leaves_the_stepper_as_it_was) {
  static bytes before;
  const test_game kind = noisy_game();
  at_work work = put_to_work(&kind, GD_OPTIMISTIC);
  draw_batches(work.game, 1);
  assert_ok(gd_stepper_set_scaling(work.stepper, "amsgrad"));
  double x[2] = {1, 2}, M[100];
  assert_ok(gd_stepper_step(work.stepper, x));
  bytes_save(&before, work.stepper);
  const double at[2] = {x[0], x[1]};
  assemble_map(work.stepper, x, 10, M); /* x, previous gradient, mean, square, largest */
  assert_saved_as(&before, work.stepper);
  assert_same(2, x, at);
  retire(&work);
}
END_TEST

START_TEST(is_taken_on_a_held_draw) {
  const test_game kind = noisy_game();
  at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.5);
  draw_batches(work.game, 1);
  assert_ok(gd_stepper_set(work.stepper, "fresh_draw", 1));
  double M[4];
  assemble_map(work.stepper, (double[]){1, 2}, 2, M); /* 1 - h + h^2 */
  assert_vector(4, M, ((double[]){0.75, 0, 0, 0.75}), 1e-14);
  ck_assert_uint_eq(draw_index(work.game), 0);
  retire(&work);
}
END_TEST

START_TEST(products_scale_with_their_direction) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.5);
  gd_operator *op = NULL;
  assert_ok(gd_stepper_map(&op, work.stepper, (double[]){1, 2}));
  double out[2] = {7, 7};
  assert_ok(gd_operator_apply(op, (double[]){0, 0}, out));
  assert_same(2, out, ((double[]){0, 0}));
  for (double size = 1e-200; size < 1e201; size *= 1e100) {
    assert_ok(gd_operator_apply(op, (double[]){size, 0}, out));
    assert_close(out[0], size, 1e-14, 0);
    assert_close(out[1], size / 2, 1e-14, 0);
  }
  gd_operator_destroy(op);
  retire(&work);
}
END_TEST

START_TEST(a_failing_game_fails_the_product_and_nothing_else) {
  static bytes before;
  failing_calls calls = {0};
  const test_game kind = failing_game(&calls);
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.5);
  double x[2] = {1, 2}, out[4];
  assert_ok(gd_stepper_step(work.stepper, x));
  bytes_save(&before, work.stepper);
  gd_operator *op = NULL;
  assert_ok(gd_stepper_map(&op, work.stepper, x));
  const struct {
    int code;
    gd_status status;
  } cases[] = {{-1, GD_ERR_CALLBACK}, {1, GD_ERR_DOMAIN}};
  for (int which = 0; which < 2; which++)
    for (size_t k = 1; k <= 2; k++) {
      calls = (failing_calls){.fail_at = k, .code = cases[which].code};
      assert_fails(gd_operator_apply(op, (double[]){1, 0, 0, 0}, out), cases[which].status, "");
      assert_saved_as(&before, work.stepper);
    }
  gd_operator_destroy(op);
  retire(&work);
}
END_TEST

/* A bilinear game of 6000 variables with singular values up to 2: |1 + i h sigma| is at most sqrt(1 + 4 h^2), found
 * from products alone. */
START_TEST(has_extreme_eigenvalues_without_a_matrix) {
  rotated_game data = {.side = 3000};
  gd_game *game = NULL;
  gd_stepper *stepper = NULL;
  gd_operator *op = NULL;
  gd_spectrum *spectrum = NULL;
  gd_spectrum_options options;
  double *x = calloc(2 * data.side, sizeof *x);
  gd_spectrum_options_init(&options);
  options.which = GD_LARGEST_IMAGINARY, options.count = 2;
  assert_ok(create_rotated_game(&game, &data));
  assert_ok(gd_stepper_create_named(&stepper, game, GD_SIMULTANEOUS));
  assert_ok(gd_stepper_set(stepper, GD_STEP_SIZE, 0.25));
  assert_ok(gd_stepper_map(&op, stepper, x));
  assert_ok(gd_spectrum_compute(&spectrum, op, &options));
  assert_close(gd_spectrum_real(spectrum)[0], 1, 1e-9, 0);
  assert_close(gd_spectrum_imaginary(spectrum)[0], 0.5, 1e-9, 0);
  gd_spectrum_destroy(spectrum);
  gd_operator_destroy(op);
  gd_stepper_destroy(stepper);
  gd_game_destroy(game);
  free(x);
}
END_TEST

/* z has the moments of the scaling at the time: 2, 4 or 6 numbers; memory of another size must not be touched. */
START_TEST(refuses_products_under_another_scaling) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  static bytes saved;
  const double x[] = {1, 0}, u[4] = {1, 2, 0, 0}; /* no difference in mean squares, which are 0 */
  double out[4] = {9, 9, 9, 9};
  gd_operator *op = NULL;
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  bytes_save(&saved, work.stepper);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_stepper_map(&op, work.stepper, x));
  assert_ok(gd_operator_apply(op, u, out));
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_NONE));
  out[0] = 9;
  assert_fails(gd_operator_apply(op, u, out), GD_ERR_ARGUMENT,
               "the stepper's scaling is \"none\" now and was \"rmsprop\" when the map was made");
  assert_ok(bytes_load(&saved, work.stepper)); /* whose scaling is adam */
  assert_fails(gd_operator_apply(op, u, out), GD_ERR_ARGUMENT, "the stepper's scaling is \"adam\" now");
  ck_assert(out[0] == 9);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_RMSPROP));
  assert_ok(gd_operator_apply(op, u, out));
  gd_operator_destroy(op);
  retire(&work);
}
END_TEST

START_TEST(refuses_missing_arguments) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
  gd_operator *op = NULL;
  const double x[2] = {0};
  assert_fails(gd_stepper_map(NULL, work.stepper, x), GD_ERR_ARGUMENT, "gd_stepper_map");
  assert_fails(gd_stepper_map(&op, NULL, x), GD_ERR_ARGUMENT, "gd_stepper_map");
  assert_fails(gd_stepper_map(&op, work.stepper, NULL), GD_ERR_ARGUMENT, "gd_stepper_map");
  ck_assert_ptr_null(op);
  retire(&work);
}
END_TEST

TEST_SUITE("map", is_exact_for_linear_methods_on_affine_games, is_the_derivative_on_curved_games,
           sees_through_newtons_method, memory_is_part_of_the_state, the_scalings_moments_are_part_of_the_state,
           leaves_the_stepper_as_it_was, is_taken_on_a_held_draw, products_scale_with_their_direction,
           a_failing_game_fails_the_product_and_nothing_else, has_extreme_eigenvalues_without_a_matrix,
           refuses_products_under_another_scaling, refuses_missing_arguments)
