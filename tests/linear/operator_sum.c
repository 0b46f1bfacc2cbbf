/* SPDX-License-Identifier: BSD-3-Clause */
/* operator_sum.c -- sums and shifts of operators, entry by entry. */
#include <gamedyn/operator.h>

#include "support/failing_memory.h"
#include "support/games.h"
#include "support/suite.h"

#include <math.h>

static gd_operator *dense(size_t rows, size_t columns, const double *A) {
  gd_operator *op;
  assert_ok(gd_operator_dense(&op, rows, columns, A, rows, NULL));
  return op;
}

START_TEST(adds_operators_of_any_shape) {
  const double A[] = {1, 2, 3, 4, 5, 6}, B[] = {1, 0, 0, 1, 1, 1}; /* [[1, 3, 5], [2, 4, 6]], [[1, 0, 1], [0, 1, 1]] */
  gd_operator *a = dense(2, 3, A), *b = dense(2, 3, B), *sum;
  assert_ok(gd_operator_sum(&sum, 2, a, -3, b, NULL)); /* [[-1, 6, 7], [4, 5, 9]] */
  const double expected[] = {-1, 4, 6, 5, 7, 9}, w[] = {1, 10};
  double matrix[6], out[3];
  ck_assert_uint_eq(gd_operator_rows(sum), 2);
  ck_assert_uint_eq(gd_operator_columns(sum), 3);
  assert_ok(gd_operator_assemble(sum, matrix, 2));
  for (size_t k = 0; k < 6; k++) assert_close(matrix[k], expected[k], 0, 0);
  assert_ok(gd_operator_apply_transpose(sum, w, out));
  for (size_t k = 0; k < 3; k++) assert_close(out[k], expected[2 * k] + 10 * expected[2 * k + 1], 0, 0);
  gd_operator_destroy(sum);
  assert_ok(gd_operator_sum(&sum, 1, a, 1, a, NULL));
  assert_ok(gd_operator_assemble(sum, matrix, 2));
  for (size_t k = 0; k < 6; k++) assert_close(matrix[k], 2 * A[k], 0, 0);
  gd_operator_destroy(sum);
  gd_operator_destroy(a);
  gd_operator_destroy(b);
}
END_TEST

/* I + h J of the rotation: one simultaneous step. */
START_TEST(shifts_a_jacobian) {
  const test_game kind = rotation_game();
  gd_game *game = create_test_game(&kind, NULL);
  const double x[] = {0.5, 2}, expected[] = {1, 0.1, -0.1, 1}, transposed[] = {1, -0.1, 0.1, 1};
  gd_operator *jacobian, *step;
  double column[2];
  assert_ok(gd_operator_jacobian(&jacobian, game, x));
  assert_ok(gd_operator_shift(&step, 0.1, jacobian, 1, NULL));
  for (size_t k = 0; k < 2; k++) {
    const double unit[] = {k == 0, k == 1};
    assert_ok(gd_operator_apply(step, unit, column));
    for (size_t i = 0; i < 2; i++) assert_close(column[i], expected[i + 2 * k], 1e-15, 0);
    assert_ok(gd_operator_apply_transpose(step, unit, column));
    for (size_t i = 0; i < 2; i++) assert_close(column[i], transposed[i + 2 * k], 1e-15, 0);
  }
  gd_operator_destroy(step);
  gd_operator_destroy(jacobian);
  gd_game_destroy(game);
}
END_TEST

static int out_of_domain(void *context, const double *u, double *out) {
  (void)context, (void)u, (void)out;
  return 4;
}

START_TEST(lets_the_parts_failures_through) {
  const double A[] = {1, 0, 0, 1}, u[] = {1, 1};
  double out[2];
  gd_operator *good = dense(2, 2, A), *bad, *op;
  assert_ok(gd_operator_create(&bad, 2, out_of_domain, NULL, NULL, NULL));
  for (int order = 0; order < 3; order++) {
    if (order == 2)
      assert_ok(gd_operator_shift(&op, 1, bad, 1, NULL));
    else
      assert_ok(gd_operator_sum(&op, 1, order ? good : bad, 1, order ? bad : good, NULL));
    assert_fails(gd_operator_apply(op, u, out), GD_ERR_DOMAIN, "it returned 4");
    assert_fails(gd_operator_apply_transpose(op, u, out), GD_ERR_UNSUPPORTED, "without a transposed product");
    gd_operator_destroy(op);
  }
  gd_operator_destroy(good);
  gd_operator_destroy(bad);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_operator *op;
  GD_TRY(gd_operator_sum(&op, 1, argument, 1, argument, env));
  gd_operator_destroy(op);
  GD_TRY(gd_operator_shift(&op, 1, argument, 1, env));
  gd_operator_destroy(op);
  return GD_OK;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  const double A[] = {1, 0, 0, 1};
  gd_operator *op = dense(2, 2, A);
  ck_assert_uint_eq(refuse_each_allocation(attempt, op), 5);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(refuses_what_does_not_fit) {
  const double A[] = {1, 0, 0, 1, 1, 1};
  gd_operator *square = dense(2, 2, A), *wide = dense(2, 3, A), *op = NULL;
  assert_fails(gd_operator_sum(NULL, 1, square, 1, square, NULL), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_operator_sum(&op, 1, NULL, 1, square, NULL), GD_ERR_ARGUMENT, "A is NULL");
  assert_fails(gd_operator_sum(&op, 1, square, 1, NULL, NULL), GD_ERR_ARGUMENT, "B is NULL");
  assert_fails(gd_operator_sum(&op, 1, square, 1, wide, NULL), GD_ERR_ARGUMENT, "A is 2 by 2 and B 2 by 3");
  assert_fails(gd_operator_sum(&op, NAN, square, 1, square, NULL), GD_ERR_ARGUMENT, "a = nan");
  assert_fails(gd_operator_shift(NULL, 1, square, 1, NULL), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_operator_shift(&op, 1, NULL, 1, NULL), GD_ERR_ARGUMENT, "A is NULL");
  assert_fails(gd_operator_shift(&op, 1, wide, 1, NULL), GD_ERR_ARGUMENT, "2 by 3, expected a square one");
  assert_fails(gd_operator_shift(&op, 1, square, INFINITY, NULL), GD_ERR_ARGUMENT, "shift = inf");
  ck_assert_ptr_null(op);
  gd_operator_destroy(square);
  gd_operator_destroy(wide);
}
END_TEST

TEST_SUITE("operator_sum", adds_operators_of_any_shape, shifts_a_jacobian, lets_the_parts_failures_through,
           leaks_nothing_when_memory_runs_out, refuses_what_does_not_fit)
