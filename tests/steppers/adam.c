/* SPDX-License-Identifier: BSD-3-Clause */
/* adam.c -- Adam in both forms and AMSGrad against their formulas, bias correction by powers. */
#include "steppers/at_work.h"

#include <math.h>
#include <stdio.h>

/* One number's moments, as Kingma & Ba write them. */
typedef struct moments {
  double a, b, epsilon;
  bool keras, amsgrad;
  double mean, square, largest;
  int t;
} moments;

static double scaled(moments *p, double d) {
  p->t++;
  p->mean = p->a * p->mean + (1 - p->a) * d;
  p->square = p->b * p->square + (1 - p->b) * d * d;
  p->largest = fmax(p->largest, p->square);
  const double square = p->amsgrad ? p->largest : p->square;
  const double mean_weight = 1 - pow(p->a, p->t), square_weight = 1 - pow(p->b, p->t);
  if (p->keras) return sqrt(square_weight) / mean_weight * p->mean / (sqrt(square) + p->epsilon);
  return p->mean / mean_weight / (sqrt(square / square_weight) + p->epsilon);
}

static void set_up(gd_stepper *stepper, const moments *p) {
  const char *scaling = p->amsgrad ? "amsgrad" : GD_SCALING_ADAM;
  const char *names[] = {"mean_decay", "square_decay", "epsilon", "epsilon_unscaled"};
  const double values[] = {p->a, p->b, p->epsilon, p->keras};
  assert_ok(gd_stepper_set_scaling(stepper, scaling));
  for (int k = 0; k < 4; k++) {
    char name[64];
    snprintf(name, sizeof name, "%s.%s", scaling, names[k]);
    assert_ok(gd_stepper_set(stepper, name, values[k]));
  }
}

/* With its defaults the first step is d / (|d| + 1e-8), whatever the size of d: without bias correction it would be
 * 0.1 d / (sqrt(0.001) |d| + 1e-8). */
START_TEST(corrects_the_bias_of_the_first_step) {
  const test_game kind = rotation_game();
  at_work work = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.5);
  assert_ok(gd_stepper_set_scaling(work.stepper, GD_SCALING_ADAM));
  double x[2] = {1000, 0.001}; /* v = (-0.001, 1000) */
  assert_ok(gd_stepper_step(work.stepper, x));
  assert_vector(2, x, ((double[]){1000 - 0.5 * 1e-3 / (1e-3 + 1e-8), 1e-3 + 0.5 * 1e3 / (1e3 + 1e-8)}), 1e-12);
  retire(&work);
}
END_TEST

static const moments variants[] = {
    {0.9, 0.999, 0.1, false, false, 0, 0, 0, 0}, {0.9, 0.999, 0.1, true, false, 0, 0, 0, 0},
    {0.5, 0.9, 0.01, false, false, 0, 0, 0, 0},  {0, 0.9, 0.01, true, false, 0, 0, 0, 0},
    {0.9, 0, 0.01, false, false, 0, 0, 0, 0},    {0.9, 0.5, 0.1, false, true, 0, 0, 0, 0},
    {0.5, 0.25, 0.1, true, true, 0, 0, 0, 0},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

START_TEST(follows_its_formula_in_both_forms) {
  const test_game kind = rotation_game();
  for (size_t k = 0; k < VARIANTS; k++) {
    moments m[2] = {variants[k], variants[k]};
    at_work work = put_to_work(&kind, GD_SIMULTANEOUS);
    set_up(work.stepper, m);
    assert_ok(gd_stepper_set_players(work.stepper, GD_STEP_SIZE, (double[]){0.5, 0.25}));
    double x[2] = {1, 2}, expected[2] = {1, 2};
    for (int t = 0; t < 20; t++) {
      const double d0 = scaled(&m[0], -expected[1]), d1 = scaled(&m[1], expected[0]);
      expected[0] += 0.5 * d0;
      expected[1] += 0.25 * d1;
      assert_ok(gd_stepper_step(work.stepper, x));
      assert_vector(2, x, expected, 1e-13);
    }
    retire(&work);
  }
}
END_TEST

/* ExtraAdam: look and step both advance the moments and t, and the step leaves from where the look began. */
START_TEST(advances_twice_in_a_step_of_two_gradients) {
  const test_game kind = rotation_game();
  for (size_t k = 0; k < VARIANTS; k++) {
    moments m[2] = {variants[k], variants[k]};
    at_work work = put_to_work_with_step(&kind, GD_EXTRAGRADIENT, 0.25);
    set_up(work.stepper, m);
    double x[2] = {1, 2}, expected[2] = {1, 2};
    for (int t = 0; t < 10; t++) {
      const double w0 = expected[0] + 0.25 * scaled(&m[0], -expected[1]),
                   w1 = expected[1] + 0.25 * scaled(&m[1], expected[0]);
      expected[0] += 0.25 * scaled(&m[0], -w1);
      expected[1] += 0.25 * scaled(&m[1], w0);
      assert_ok(gd_stepper_step(work.stepper, x));
      assert_vector(2, x, expected, 1e-13);
    }
    ck_assert_int_eq(m[0].t, 20);
    retire(&work);
  }
}
END_TEST

/* Inner steps (3, 1): t counts the moves of each player. */
START_TEST(counts_the_moves_of_each_player) {
  const test_game kind = rotation_game();
  moments m[2] = {variants[0], variants[0]};
  at_work work = put_to_work_with_step(&kind, GD_ALTERNATING, 0.25);
  set_up(work.stepper, m);
  assert_ok(gd_stepper_set_players(work.stepper, "inner_steps", (double[]){3, 1}));
  double x[2] = {1, 2}, expected[2] = {1, 2};
  for (int t = 0; t < 10; t++) {
    for (int k = 0; k < 3; k++) expected[0] += 0.25 * scaled(&m[0], -expected[1]);
    expected[1] += 0.25 * scaled(&m[1], expected[0]);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-13);
  }
  retire(&work);
}
END_TEST

/* Optimistic Adam remembers the scaled gradient and does not scale it again. */
START_TEST(the_optimistic_method_remembers_scaled_gradients) {
  const test_game kind = rotation_game();
  moments m[2] = {variants[0], variants[0]};
  at_work work = put_to_work_with_step(&kind, GD_OPTIMISTIC, 0.25);
  set_up(work.stepper, m);
  double x[2] = {1, 2}, expected[2] = {1, 2}, previous[2] = {0};
  for (int t = 0; t < 10; t++) {
    const double d[2] = {scaled(&m[0], -expected[1]), scaled(&m[1], expected[0])};
    for (int k = 0; k < 2; k++) expected[k] += 0.25 * (2 * d[k] - (t ? previous[k] : d[k]));
    memcpy(previous, d, sizeof d);
    assert_ok(gd_stepper_step(work.stepper, x));
    assert_vector(2, x, expected, 1e-13);
  }
  retire(&work);
}
END_TEST

/* One step of a method on the rotation with h = 1/4, directions scaled where the method scales them. */
typedef void scaled_step(moments m[2], double x[2]);

static void predictive_step(moments m[2], double x[2]) {
  const double w0 = x[0] + scaled(&m[0], -x[1]), w1 = x[1] + scaled(&m[1], x[0]);
  x[0] += 0.25 * scaled(&m[0], -w1);
  x[1] += 0.25 * scaled(&m[1], w0);
}

/* J'v = x on the rotation: v - gamma x, then scaled. */
static void consensus_step(moments m[2], double x[2]) {
  const double d0 = scaled(&m[0], -x[1] - x[0]), d1 = scaled(&m[1], x[0] - x[1]);
  x[0] += 0.25 * d0;
  x[1] += 0.25 * d1;
}

/* u = v(x + h u) = (v(x) - h x) / (1 + h^2), scaled as a whole. */
static void implicit_step(moments m[2], double x[2]) {
  const double h = 0.25, d = 1 + h * h, d0 = scaled(&m[0], (-x[1] - h * x[0]) / d),
               d1 = scaled(&m[1], (x[0] - h * x[1]) / d);
  x[0] += h * d0;
  x[1] += h * d1;
}

/* Order 2: both stages scaled, then their mean followed. */
static void runge_kutta_step(moments m[2], double x[2]) {
  const double a0 = scaled(&m[0], -x[1]), a1 = scaled(&m[1], x[0]);
  const double w0 = x[0] + 0.25 * a0, w1 = x[1] + 0.25 * a1;
  const double b0 = scaled(&m[0], -w1), b1 = scaled(&m[1], w0);
  x[0] += 0.25 * (a0 + b0) / 2;
  x[1] += 0.25 * (a1 + b1) / 2;
}

START_TEST(every_other_method_scales_as_it_says) {
  const struct {
    const char *method, *param;
    double value;
    scaled_step *step;
  } cases[] = {{GD_PREDICTIVE, "gamma", 1, predictive_step},
               {GD_CONSENSUS, "gamma", 1, consensus_step},
               {GD_IMPLICIT, "tolerance", 1e-12, implicit_step},
               {GD_RUNGE_KUTTA, "order", 2, runge_kutta_step}};
  const test_game kind = rotation_game();
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    moments m[2] = {variants[0], variants[0]};
    at_work work = put_to_work_with_step(&kind, cases[k].method, 0.25);
    set_up(work.stepper, m);
    assert_ok(gd_stepper_set(work.stepper, cases[k].param, cases[k].value));
    double x[2] = {1, 2}, expected[2] = {1, 2};
    for (int t = 0; t < 10; t++) {
      cases[k].step(m, expected);
      assert_ok(gd_stepper_step(work.stepper, x));
      assert_vector(2, x, expected, 1e-13);
    }
    retire(&work);
  }
}
END_TEST

/* From x = 1 to 0: the gradient falls, AMSGrad's divisor does not. */
START_TEST(amsgrad_divides_by_the_largest_mean_square) {
  const test_game kind = noisy_game(); /* evaluated exactly: v = -x */
  at_work plain = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.1);
  at_work largest = put_to_work_with_step(&kind, GD_SIMULTANEOUS, 0.1);
  const moments p = {0, 0.5, 1e-8, false, false, 0, 0, 0, 0};
  moments q = p;
  q.amsgrad = true;
  set_up(plain.stepper, &p);
  set_up(largest.stepper, &q);
  double x[2] = {1, 1}, y[2] = {1, 1};
  for (int t = 0; t < 5; t++) {
    assert_ok(gd_stepper_step(plain.stepper, x));
    assert_ok(gd_stepper_step(largest.stepper, y));
  }
  ck_assert(0 < x[0] && x[0] < y[0] && y[0] < 1);
  retire(&plain);
  retire(&largest);
}
END_TEST

TEST_SUITE("adam", corrects_the_bias_of_the_first_step, follows_its_formula_in_both_forms,
           advances_twice_in_a_step_of_two_gradients, counts_the_moves_of_each_player,
           the_optimistic_method_remembers_scaled_gradients, every_other_method_scales_as_it_says,
           amsgrad_divides_by_the_largest_mean_square)
