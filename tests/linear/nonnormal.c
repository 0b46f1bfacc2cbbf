/* SPDX-License-Identifier: BSD-3-Clause */
/* nonnormal.c -- departure from normality and transient growth against closed forms, brute force and what must hold. */
#include <gamedyn/nonnormal.h>

#include "support/failing_memory.h"
#include "support/linear_game.h"
#include "support/matrices.h"
#include "support/suite.h"

enum { SIDE = 40 };
static double A[SIDE * SIDE];

static gd_operator *dense(size_t n, const double *matrix) {
  gd_operator *op = NULL;
  assert_ok(gd_operator_dense(&op, n, n, matrix, n, NULL));
  return op;
}

static gd_nonnormality measure(size_t n, const double *matrix) {
  gd_operator *op = dense(n, matrix);
  gd_nonnormality found;
  assert_ok(gd_nonnormality_compute(op, NULL, &found));
  gd_operator_destroy(op);
  return found;
}

typedef gd_status grow(gd_operator *op, const gd_growth_options *options, gd_growth *growth);

static gd_growth growth_of(grow *how, size_t n, const double *matrix) {
  gd_operator *op = dense(n, matrix);
  gd_growth found;
  assert_ok(how(op, NULL, &found));
  gd_operator_destroy(op);
  return found;
}

/* The largest singular value of [[a, b], [0, d]]: s1^2 + s2^2 = a^2 + b^2 + d^2 and s1 s2 = |a d|. */
static double triangle_norm(double a, double b, double d) {
  const double sum = a * a + b * b + d * d, product = fabs(a * d);
  return (sqrt(sum + 2 * product) + sqrt(fmax(sum - 2 * product, 0))) / 2;
}

/* ---- measures ---- */

/* [[-1, k], [0, -2]]: departure k, |A|_F^2 = 5 + k^2, symmetric part with eigenvalues (-3 +- sqrt(1 + k^2)) / 2. */
START_TEST(measures_a_triangle) {
  for (double k = 0; k <= 100; k += 12.5) {
    const double T[] = {-1, 0, k, -2};
    const gd_nonnormality found = measure(2, T);
    assert_close(found.departure, k, 1e-14, 0);
    assert_close(found.norm, sqrt(5 + k * k), 1e-15, 0);
    assert_close(found.numerical_abscissa, (-3 + sqrt(1 + k * k)) / 2, 1e-14, 1e-14);
  }
}
END_TEST

/* A pair: [[1, 5], [-2, 1]] is 1 +- i sqrt 10, so that the departure is sqrt(1 + 1 + 25 + 4 - 2 (1 + 10)) = 3. */
START_TEST(measures_a_complex_pair) {
  const double P[] = {1, -2, 5, 1};
  assert_close(measure(2, P).departure, 3, 1e-14, 0);
}
END_TEST

/* Q D Q' and Q S Q', S skew, are normal; any matrix keeps its measures under orthogonal similarity; and
 * departure <= (n^3 - n)^(1/4) / 12^(1/4) |A A' - A'A|_F^(1/2) (Henrici 1962). */
static double commutator_norm(size_t n, const double *M) {
  double sum = 0;
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      double entry = 0;
      for (size_t k = 0; k < n; k++) entry += M[i + k * n] * M[j + k * n] - M[k + i * n] * M[k + j * n];
      sum += entry * entry;
    }
  return sqrt(sum);
}

/* out = Q M Q' */
static void turn(size_t n, const double *Q, const double *M, double *out) {
  double half[36];
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      half[i + j * n] = 0;
      for (size_t k = 0; k < n; k++) half[i + j * n] += Q[i + k * n] * M[k + j * n];
    }
  for (size_t j = 0; j < n; j++)
    for (size_t i = 0; i < n; i++) {
      out[i + j * n] = 0;
      for (size_t k = 0; k < n; k++) out[i + j * n] += half[i + k * n] * Q[j + k * n];
    }
}

START_TEST(keeps_henricis_bound_and_does_not_see_rotations) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t n = 1 + seed % 6;
    double M[36], Q[36], turned[36];
    gd_rng rng = gd_rng_make(seed, 0);
    gd_rng_fill_normal(&rng, n * n, M);
    random_orthogonal(&rng, n, Q);
    turn(n, Q, M, turned);
    const gd_nonnormality here = measure(n, M), there = measure(n, turned);
    assert_close(there.departure, here.departure, 1e-12, 1e-13);
    assert_close(there.numerical_abscissa, here.numerical_abscissa, 1e-12, 1e-13);
    const double cubes = (double)(n * n * n - n) / 12;
    ck_assert(here.departure <= pow(cubes, 0.25) * sqrt(commutator_norm(n, M)) * (1 + 1e-12) + 1e-13);
  }
}
END_TEST

START_TEST(finds_normal_matrices_normal) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t n = 1 + seed % 6;
    double M[36];
    gd_rng rng = gd_rng_make(seed, 1);
    gd_rng_fill_normal(&rng, n * n, M);
    const double sign = seed % 2 ? 1 : -1;
    for (size_t j = 0; j < n; j++) {
      for (size_t i = 0; i < j; i++) M[i + j * n] = sign * M[j + i * n];
      if (sign < 0) M[j + j * n] = 0;
    }
    assert_close(measure(n, M).departure, 0, 0, 1e-14 * (double)n * 10);
  }
}
END_TEST

/* The numerical abscissa from products alone: of Grcar's matrix, against the dense one. */
START_TEST(measures_large_operators_by_lanczos) {
  gd_spectrum_options options;
  gd_nonnormality densely, found;
  gd_spectrum_options_init(&options);
  grcar_matrix(SIDE, A);
  gd_operator *op = dense(SIDE, A);
  assert_ok(gd_nonnormality_compute(op, &options, &densely));
  options.dense_limit = 10;
  assert_ok(gd_nonnormality_compute(op, &options, &found));
  assert_close(found.numerical_abscissa, densely.numerical_abscissa, 1e-12, 0);
  ck_assert(isnan(found.departure) && isnan(found.norm));
  options.max_products = 3;
  options.subspace = 4;
  ck_assert_int_eq(gd_nonnormality_compute(op, &options, &found), GD_NOT_CONVERGED);
  ck_assert(found.numerical_abscissa <= densely.numerical_abscissa);
  gd_operator_destroy(op);
}
END_TEST

/* ---- growth ---- */

/* The largest |exp(t A)| of [[-1, k], [0, -2]], whose norm is known at every t, by a fine look. */
static double largest_of_triangle(double k) {
  double largest = 1;
  for (double t = 0; t < 10; t += 1e-4)
    largest = fmax(largest, triangle_norm(exp(-t), k * (exp(-t) - exp(-2 * t)), exp(-2 * t)));
  return largest;
}

START_TEST(brackets_the_growth_of_a_flow) {
  for (double k = 0; k <= 60; k += 7.5) {
    const double T[] = {-1, 0, k, -2};
    const gd_growth found = growth_of(gd_flow_growth, 2, T);
    const double exact = largest_of_triangle(k); /* to (1e-4)^2 of it */
    ck_assert(found.largest <= exact * (1 + 1e-7) && exact <= found.bound * (1 + 1e-12));
    ck_assert(found.bound <= found.largest * 1.01 * (1 + 1e-12));
    const double t = found.at;
    assert_close(found.largest, triangle_norm(exp(-t), k * (exp(-t) - exp(-2 * t)), exp(-2 * t)), 1e-12, 0);
  }
}
END_TEST

/* [[-a, k], [0, -a]]: exp(t A) = e^(-a t) [[1, k t], [0, 1]], slow to decay, far to go. */
START_TEST(brackets_a_slow_growth) {
  const double a = 1e-2, T[] = {-a, 0, 1, -a};
  const gd_growth found = growth_of(gd_flow_growth, 2, T);
  double exact = 1;
  for (double t = 0; t < 1e3; t += 0.01) exact = fmax(exact, exp(-a * t) * triangle_norm(1, t, 1));
  ck_assert(found.largest <= exact * (1 + 1e-7) && exact <= found.bound * (1 + 1e-12));
  ck_assert(found.bound <= found.largest * 1.01 * (1 + 1e-12));
  assert_close(found.at, 1 / a, 0.2, 0); /* k t e^(-a t) is largest at 1 / a */
}
END_TEST

/* Powers one after the other. */
static double largest_power(size_t n, const double *M, size_t most, size_t *at) {
  double power[36] = {0}, next[36], largest = 1, value;
  *at = 0;
  for (size_t k = 0; k < n; k++) power[k + k * n] = 1;
  for (size_t step = 1; step <= most; step++) {
    for (size_t j = 0; j < n; j++)
      for (size_t i = 0; i < n; i++) {
        next[i + j * n] = 0;
        for (size_t k = 0; k < n; k++) next[i + j * n] += M[i + k * n] * power[k + j * n];
      }
    memcpy(power, next, sizeof power);
    gd_operator *op = dense(n, power);
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    options.which = GD_LARGEST_MODULUS, options.count = 1;
    assert_ok(gd_singular_values(op, &options, &value, NULL));
    gd_operator_destroy(op);
    if (value > largest) {
      largest = value;
      *at = step;
    }
  }
  return largest;
}

/* Random upper triangles with a diagonal within (-0.9, 0.9): by 200 steps |M^k| is far below 1. */
START_TEST(finds_the_largest_power) {
  for (uint64_t seed = 0; seed < 200; seed++) {
    const size_t n = 1 + seed % 5;
    double M[36];
    gd_rng rng = gd_rng_make(seed, 2);
    gd_rng_fill_normal(&rng, n * n, M);
    for (size_t j = 0; j < n; j++) {
      M[j + j * n] = uniform(&rng, -0.9, 0.9);
      for (size_t i = j + 1; i < n; i++) M[i + j * n] = 0;
    }
    size_t at;
    const double exact = largest_power(n, M, 200, &at);
    const gd_growth found = growth_of(gd_step_growth, n, M);
    assert_close(found.largest, exact, 1e-12, 0);
    ck_assert(found.bound == found.largest && (found.at == (double)at || exact < 1 + 1e-12));
  }
}
END_TEST

/* |exp(tA)| sets out at the rate of the numerical abscissa: growth if that is positive, and none if it is not. */
START_TEST(grows_exactly_where_the_numerical_abscissa_is_positive) {
  size_t growing = 0;
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const size_t n = 1 + seed % 5;
    double M[36];
    gd_rng rng = gd_rng_make(seed, 3);
    gd_rng_fill_normal(&rng, n * n, M);
    for (size_t j = 0; j < n; j++) {
      M[j + j * n] = -uniform(&rng, 0.1, 1);
      for (size_t i = j + 1; i < n; i++) M[i + j * n] = 0;
    }
    const double omega = measure(n, M).numerical_abscissa;
    const gd_growth found = growth_of(gd_flow_growth, n, M);
    ck_assert(found.largest >= 1 && found.bound >= found.largest);
    ck_assert((found.largest > 1) == (omega > 0 && found.at > 0));
    if (omega <= 0) ck_assert(found.bound == 1 && found.at == 0);
    if (omega > 0.1) ck_assert(found.largest > 1); /* 1 + omega t at first */
    growing += omega > 0.1;
  }
  ck_assert_uint_gt(growing, 200);
}
END_TEST

START_TEST(knows_what_never_comes_back) {
  const double grows[] = {0.1, 0, 0, -1}, leaves[] = {1.1, 0, 0, 0.5}, turns[] = {0, 2, -2, 0};
  ck_assert(isinf(growth_of(gd_flow_growth, 2, grows).largest));
  ck_assert(isinf(growth_of(gd_step_growth, 2, leaves).largest));
  const gd_growth still = growth_of(gd_flow_growth, 2, turns);
  ck_assert(still.largest == 1 && still.bound == 1 && still.at == 0);
  const double half[] = {0, 1, -1, 0};
  assert_close(growth_of(gd_step_growth, 2, half).largest, 1, 1e-15, 0);
}
END_TEST

/* [[0, 1], [0, 0]]: exp(tA) = [[1, t], [0, 1]] grows for ever, though no eigenvalue says so. */
START_TEST(says_when_growth_has_no_end_in_sight) {
  const double N[] = {0, 0, 1, 0}, M[] = {1, 0, 1, 1};
  gd_growth found;
  gd_operator *op = dense(2, N);
  ck_assert_int_eq(gd_flow_growth(op, NULL, &found), GD_NOT_CONVERGED);
  ck_assert(found.largest > 1e6 && isinf(found.bound));
  gd_operator_destroy(op);
  op = dense(2, M);
  ck_assert_int_eq(gd_step_growth(op, NULL, &found), GD_NOT_CONVERGED);
  ck_assert(found.largest > 1e6 && isinf(found.bound));
  gd_operator_destroy(op);
}
END_TEST

/* With few products the bracket is wide, and still one. */
START_TEST(brackets_with_what_products_there_are) {
  const double T[] = {-1, 0, 50, -2}, exact = largest_of_triangle(50);
  gd_growth_options options;
  gd_growth found;
  gd_growth_options_init(&options);
  options.max_products = 3;
  gd_operator *op = dense(2, T);
  ck_assert_int_eq(gd_flow_growth(op, &options, &found), GD_NOT_CONVERGED);
  ck_assert(found.largest <= exact * (1 + 1e-7) && exact <= found.bound);
  gd_operator_destroy(op);
}
END_TEST

/* ---- errors ---- */

static gd_status attempt(const gd_env *env, void *argument) {
  const double T[] = {-1, 0, 5, -2};
  gd_operator *op = NULL;
  gd_nonnormality measures;
  gd_growth growth;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  (void)argument;
  GD_TRY(gd_operator_dense(&op, 2, 2, T, 2, env));
  gd_status status = gd_nonnormality_compute(op, NULL, &measures);
  options.dense_limit = 1;
  if (status == GD_OK) status = gd_nonnormality_compute(op, &options, &measures);
  if (status == GD_OK) status = gd_flow_growth(op, NULL, &growth);
  gd_operator_destroy(op);
  return status;
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 20); }
END_TEST

START_TEST(says_which_argument_is_wrong) {
  const double T[] = {-1, 0, 5, -2, 1, 1}, bad[] = {NAN};
  gd_nonnormality measures = {.departure = 7};
  gd_growth growth = {.largest = 7};
  gd_growth_options options;
  gd_growth_options_init(&options);
  gd_operator *op = dense(2, T), *wide = NULL, *nan = dense(1, bad);
  assert_ok(gd_operator_dense(&wide, 2, 3, T, 2, NULL));
  assert_fails(gd_nonnormality_compute(NULL, NULL, &measures), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_nonnormality_compute(wide, NULL, &measures), GD_ERR_ARGUMENT, "2 by 3, expected a square one");
  assert_fails(gd_nonnormality_compute(nan, NULL, &measures), GD_ERR_NONFINITE, "entry (0, 0)");
  assert_fails(gd_flow_growth(op, NULL, NULL), GD_ERR_ARGUMENT, "gd_flow_growth: growth is NULL");
  assert_fails(gd_step_growth(wide, NULL, &growth), GD_ERR_ARGUMENT, "gd_step_growth: the operator is 2 by 3");
  assert_fails(gd_step_growth(nan, NULL, &growth), GD_ERR_NONFINITE, "entry (0, 0)");
  options.accuracy = 0;
  assert_fails(gd_flow_growth(op, &options, &growth), GD_ERR_ARGUMENT, "accuracy is 0");
  options.accuracy = 0.01, options.max_products = 0;
  assert_fails(gd_flow_growth(op, &options, &growth), GD_ERR_ARGUMENT, "max_products is 0");
  options.max_products = 1, options.dense_limit = 1;
  assert_fails(gd_flow_growth(op, &options, &growth), GD_ERR_UNSUPPORTED, "n = 2 is larger than dense_limit = 1");
  options.struct_size = 0;
  assert_fails(gd_flow_growth(op, &options, &growth), GD_ERR_STRUCT, "gd_growth_options");
  ck_assert(measures.departure == 7 && growth.largest == 7);
  gd_operator_destroy(nan);
  gd_operator_destroy(wide);
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("nonnormal", measures_a_triangle, measures_a_complex_pair, keeps_henricis_bound_and_does_not_see_rotations,
           finds_normal_matrices_normal, measures_large_operators_by_lanczos, brackets_the_growth_of_a_flow,
           brackets_a_slow_growth, finds_the_largest_power, grows_exactly_where_the_numerical_abscissa_is_positive,
           knows_what_never_comes_back, says_when_growth_has_no_end_in_sight, brackets_with_what_products_there_are,
           survives_every_refused_allocation, says_which_argument_is_wrong)
