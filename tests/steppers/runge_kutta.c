/* SPDX-License-Identifier: BSD-3-Clause */
/* runge_kutta.c -- stages by hand, Taylor polynomials on linear games, order of convergence on a curved one. */
#include "steppers/at_work.h"

#include <complex.h>
#include <math.h>

static at_work put_order_to_work(const test_game *kind, double order, double step_size) {
  const at_work work = put_to_work_with_step(kind, GD_RUNGE_KUTTA, step_size);
  assert_ok(gd_stepper_set(work.stepper, "order", order));
  return work;
}

START_TEST(is_of_order_four_unless_told_otherwise) {
  const test_game kind = rotation_game();
  at_work work = put_to_work(&kind, "rk4");
  double order;
  assert_ok(gd_stepper_get(work.stepper, "order", 0, &order));
  assert_close(order, 4, 0, 0);
  assert_fails(gd_stepper_set(work.stepper, "order", 5), GD_ERR_ARGUMENT, "2 to 4");
  assert_fails(gd_stepper_set(work.stepper, "order", 2.5), GD_ERR_ARGUMENT, "whole number");
  retire(&work);
}
END_TEST

/* On the rotation z = x_0 + i x_1 becomes sum over j <= order of (i h)^j / j! times z. */
START_TEST(multiplies_by_the_taylor_polynomial_on_linear_games) {
  const test_game kind = rotation_game();
  for (int order = 2; order <= 4; order++) {
    at_work work = put_order_to_work(&kind, order, 0.5);
    double complex factor = 1, term = 1;
    for (int j = 1; j <= order; j++) factor += term *= 0.5 * I / j;
    const double complex z = factor * (1 + 2 * I);
    double x[2] = {1, 2};
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, ((double[]){creal(z), cimag(z)}), 1e-15);
    gd_counts counts;
    gd_game_counts(work.game, &counts);
    ck_assert_uint_eq(counts.gradients, (uint64_t)order);
    retire(&work);
  }
}
END_TEST

/* The schemes as Butcher tables: each stage looks at a times the one before it. */
static const struct table {
  int stages;
  double a[4], b[4];
} tables[] = {{2, {0, 1}, {0.5, 0.5}},
              {3, {0, 1. / 3, 2. / 3}, {0.25, 0, 0.75}},
              {4, {0, 0.5, 0.5, 1}, {1. / 6, 1. / 3, 1. / 3, 1. / 6}}};

static void step_by_table(gd_game *game, const struct table *table, const double *h, double *x) {
  double stages[4][4], point[4];
  for (int j = 0; j < table->stages; j++) {
    for (int k = 0; k < 4; k++) point[k] = x[k] + (j ? h[k] * table->a[j] * stages[j - 1][k] : 0);
    assert_ok(gd_game_gradient(game, point, stages[j]));
  }
  for (int k = 0; k < 4; k++)
    for (int j = 0; j < table->stages; j++) x[k] += h[k] * table->b[j] * stages[j][k];
}

START_TEST(each_stage_looks_from_the_one_before) {
  const test_game kind = general_game();
  for (size_t which = 0; which < 3; which++) {
    at_work work = put_order_to_work(&kind, tables[which].stages, 1);
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25, 0.125}));
    double x[4] = {1, 2, -1, 0.5}, expected[4] = {1, 2, -1, 0.5};
    for (int t = 0; t < 3; t++) {
      step_by_table(work.game, &tables[which], (double[]){0.5, 0.25, 0.25, 0.125}, expected);
      assert_ok(gd_stepper_step(work.stepper, x));
      assert_vector(4, x, expected, 1e-14);
    }
    retire(&work);
  }
}
END_TEST

/* Where the flow is after time 1, in so many steps. */
static void flow(double order, int steps, double *x) {
  const test_game kind = general_game();
  at_work work = put_order_to_work(&kind, order, 1. / steps);
  memcpy(x, (double[]){0.5, 0.25, -0.5, 1}, 4 * sizeof *x);
  for (int t = 0; t < steps; t++) assert_ok(gd_stepper_step(work.stepper, x));
  retire(&work);
}

/* The error is C h^order + O(h^(order + 1)), so halving h = 1/128 divides it by 2^order (1 + O(h)). */
START_TEST(converges_to_the_flow_with_its_order) {
  double exact[4];
  flow(4, 4096, exact);
  for (int order = 2; order <= 4; order++) {
    double coarse[4], fine[4], coarse_error = 0, fine_error = 0;
    flow(order, 64, coarse);
    flow(order, 128, fine);
    for (int k = 0; k < 4; k++) {
      coarse_error = hypot(coarse_error, coarse[k] - exact[k]);
      fine_error = hypot(fine_error, fine[k] - exact[k]);
    }
    assert_close(log2(coarse_error / fine_error), order, 0, 0.1);
  }
}
END_TEST

/* Order 2 from (1, 1), h = 1/2: k_1 = (-1, 1), the point (1/2, 3/2) is cut to (1/2, 1), k_2 = (-1, 1/2), the mean
 * (-1, 3/4), and (1/2, 11/8) is cut to (1/2, 1). */
START_TEST(stages_and_step_end_in_the_feasible_set) {
  const test_game kind = boxed_game();
  at_work work = put_order_to_work(&kind, 2, 0.5);
  double x[2] = {1, 1};
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){0.5, 1}));
  memcpy(x, (double[]){1, -1}, sizeof x); /* k_1 = (1, 1), (1, -1/2), k_2 = (1/2, 1), mean (3/4, 1) */
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_same(2, x, ((double[]){1, -0.5}));
  retire(&work);
}
END_TEST

/* v = -x + e with e fixed in a step: x - e is multiplied by the Taylor polynomial of e^-h. */
START_TEST(a_step_is_on_one_minibatch) {
  const test_game kind = noisy_game();
  at_work work = put_order_to_work(&kind, 3, 0.5);
  draw_batches(work.game, 1);
  const double factor = 1 - 0.5 + 0.125 - 0.125 / 6;
  double x[2] = {1, 2}, expected[2] = {1, 2}, e[2];
  for (uint64_t t = 0; t < 4; t++) {
    noisy_field(t, (double[]){0, 0}, e);
    for (int k = 0; k < 2; k++) expected[k] = e[k] + factor * (expected[k] - e[k]);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-14);
  }
  retire(&work);
}
END_TEST

TEST_SUITE("runge_kutta", is_of_order_four_unless_told_otherwise, multiplies_by_the_taylor_polynomial_on_linear_games,
           each_stage_looks_from_the_one_before, converges_to_the_flow_with_its_order,
           stages_and_step_end_in_the_feasible_set, a_step_is_on_one_minibatch)
