/* SPDX-License-Identifier: BSD-3-Clause */
/* shift_invert.c -- eigenvalues closest to real and complex targets by solving systems, against LAPACK. */
#include <gamedyn/spectrum.h>

#include "support/failing_memory.h"
#include "support/matrices.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { SIZE = 60, WANTED = 4 };
static double A[SIZE * SIZE];

/* The products of A, counted; number fail_at returns `code`. */
typedef struct product {
  size_t calls, fail_at;
  int code;
} product;

static int multiply(void *context, const double *u, double *out) {
  product *p = context;
  for (size_t i = 0; i < SIZE; i++) out[i] = 0;
  for (size_t j = 0; j < SIZE; j++)
    for (size_t i = 0; i < SIZE; i++) out[i] += A[i + j * SIZE] * u[j];
  return ++p->calls == p->fail_at ? p->code : 0;
}

static gd_spectrum_options asking(double re, double im) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = GD_CLOSEST;
  options.count = WANTED;
  options.target_re = re, options.target_im = im;
  options.shift_invert = true;
  options.vectors = true;
  options.restart = SIZE;
  options.max_products = 100000;
  options.dense_limit = 0;
  return options;
}

static double distance(const gd_spectrum *s, size_t k, double re, double im) {
  return hypot(gd_spectrum_real(s)[k] - re, fabs(gd_spectrum_imaginary(s)[k]) - fabs(im));
}

/* |A z - lambda z| from the vector handed out. */
static double residual_of(const gd_spectrum *s, size_t k) {
  double re[SIZE], im[SIZE], sum = 0;
  const double a = gd_spectrum_real(s)[k], b = gd_spectrum_imaginary(s)[k];
  assert_ok(gd_spectrum_vector(s, k, re, im));
  for (size_t i = 0; i < SIZE; i++) {
    double x = -a * re[i] + b * im[i], y = -a * im[i] - b * re[i];
    for (size_t j = 0; j < SIZE; j++) {
      x += A[i + j * SIZE] * re[j];
      y += A[i + j * SIZE] * im[j];
    }
    sum += x * x + y * y;
  }
  return sqrt(sum);
}

/* The closest by products are as close as the closest of all, one by one, with the residuals they state. */
static void check(double re, double im) {
  product p = {0};
  gd_operator *op = NULL;
  gd_spectrum *some = NULL, *all = NULL;
  gd_spectrum_options options = asking(re, im);
  assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, &p, NULL));
  assert_ok(gd_spectrum_compute(&some, op, &options));
  ck_assert_uint_eq(gd_spectrum_products(some), p.calls);
  options.dense_limit = SIZE;
  assert_ok(gd_spectrum_compute(&all, op, &options));
  ck_assert_uint_ge(gd_spectrum_count(some), WANTED);
  ck_assert_uint_eq(gd_spectrum_converged(some), gd_spectrum_count(some));
  for (size_t k = 0; k < WANTED; k++) {
    const double lambda = hypot(gd_spectrum_real(some)[k], gd_spectrum_imaginary(some)[k]);
    assert_close(gd_spectrum_residual(some)[k], residual_of(some, k), 1e-3, 1e-14);
    ck_assert(gd_spectrum_residual(some)[k] <= 1e-10 * lambda + 1e-12);
    assert_close(distance(some, k, re, im), distance(all, k, re, im), 0, 1e-7);
  }
  gd_spectrum_destroy(all);
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
}

START_TEST(finds_what_is_closest_to_a_real_target) {
  matrix_kind *const kinds[] = {random_matrix, zero_sum_matrix, clustered_matrix};
  const double targets[] = {0, 0.3, -0.7};
  for (size_t k = 0; k < 3; k++) {
    kinds[k](SIZE, A);
    for (size_t t = 0; t < 3; t++) check(targets[t], 0);
  }
}
END_TEST

/* Targets within, between and beyond the eigenvalues, on either side of the real line. */
START_TEST(finds_what_is_closest_to_a_complex_target) {
  matrix_kind *const kinds[] = {random_matrix, zero_sum_matrix, clustered_matrix};
  const double targets[][2] = {{0.1, 0.5}, {0.5, -0.25}, {-0.4, 1.2}, {0, 2.5}};
  for (size_t k = 0; k < 3; k++) {
    kinds[k](SIZE, A);
    for (size_t t = 0; t < 4; t++) check(targets[t][0], targets[t][1]);
  }
}
END_TEST

/* diag(1, ..., 60): closest to 30.2 + 0 i are 30, 31, 29, 32; harmonic extraction finds the same. */
START_TEST(agrees_with_harmonic_extraction) {
  product p = {0};
  gd_operator *op = NULL;
  for (size_t k = 0; k < SIZE * SIZE; k++) A[k] = k % (SIZE + 1) == 0 ? (double)(k / SIZE) + 1 : 0;
  assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, &p, NULL));
  const double expected[WANTED] = {30, 31, 29, 32};
  for (int inverted = 0; inverted < 2; inverted++) {
    gd_spectrum *some = NULL;
    gd_spectrum_options options = asking(30.2, 0);
    options.shift_invert = inverted;
    options.symmetric = inverted;
    assert_ok(gd_spectrum_compute(&some, op, &options));
    for (size_t k = 0; k < WANTED; k++) assert_close(gd_spectrum_real(some)[k], expected[k], 1e-10, 0);
    gd_spectrum_destroy(some);
  }
  gd_operator_destroy(op);
}
END_TEST

START_TEST(says_what_it_has_when_products_are_spent) {
  product p = {0};
  gd_operator *op = NULL;
  gd_spectrum *some = NULL;
  gd_spectrum_options options = asking(0.1, 0.5);
  random_matrix(SIZE, A);
  options.max_products = 300;
  assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, &p, NULL));
  ck_assert_int_eq(gd_spectrum_compute(&some, op, &options), GD_NOT_CONVERGED);
  ck_assert_uint_lt(gd_spectrum_converged(some), WANTED);
  for (size_t k = 0; k < gd_spectrum_count(some); k++)
    assert_close(gd_spectrum_residual(some)[k], residual_of(some, k), 1e-3, 1e-13);
  ck_assert_uint_le(p.calls, 300 + 2 * (2 * WANTED + 3) + 2); /* those for Ritz values come on top */
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(passes_on_whichever_product_fails) {
  random_matrix(SIZE, A);
  for (size_t fail_at = 1; fail_at < 400; fail_at++) {
    product p = {0, fail_at, fail_at % 2 ? -1 : 1};
    failing_memory memory;
    failing_memory_init(&memory, 0);
    gd_operator *op = NULL;
    gd_spectrum *some = NULL;
    const gd_spectrum_options options = asking(0.1, 0.5);
    assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, &p, &memory.env));
    const size_t live = memory.live;
    ck_assert_int_eq(gd_spectrum_compute(&some, op, &options), fail_at % 2 ? GD_ERR_CALLBACK : GD_ERR_DOMAIN);
    ck_assert_ptr_null(some);
    ck_assert_uint_eq(memory.live, live);
    gd_operator_destroy(op);
  }
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  product p = {0};
  gd_operator *op = NULL;
  gd_spectrum *some = NULL;
  const gd_spectrum_options options = asking(0.1, 0.5);
  (void)argument;
  GD_TRY(gd_operator_create(&op, SIZE, multiply, NULL, &p, env));
  const gd_status status = gd_spectrum_compute(&some, op, &options);
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
  return status;
}

START_TEST(survives_every_refused_allocation) {
  random_matrix(SIZE, A);
  ck_assert_uint_ge(refuse_each_allocation(attempt, NULL), 20);
}
END_TEST

START_TEST(refuses_senseless_wishes) {
  product p = {0};
  gd_operator *op = NULL;
  gd_spectrum *none = NULL;
  gd_spectrum_options options = asking(0, NAN);
  assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, &p, NULL));
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "the target is 0 + nan i");
  options = asking(0, 1);
  options.restart = 0;
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "restart is 0");
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("shift_invert", finds_what_is_closest_to_a_real_target, finds_what_is_closest_to_a_complex_target,
           agrees_with_harmonic_extraction, says_what_it_has_when_products_are_spent, passes_on_whichever_product_fails,
           survives_every_refused_allocation, refuses_senseless_wishes)
