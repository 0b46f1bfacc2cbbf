/* SPDX-License-Identifier: BSD-3-Clause */
/* golub_kahan.c -- singular values from products against dense LAPACK, for every shape and rank. */
#include <gamedyn/spectrum.h>

#include "support/failing_memory.h"
#include "support/matrices.h"
#include "support/suite.h"

#include <float.h>
#include <gamedyn/rng.h>
#include <math.h>

enum { MOST = 70, COUNT = 4 };

static gd_spectrum_options asking(gd_which which) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = which;
  options.count = COUNT;
  options.dense_limit = 0;
  return options;
}

static gd_operator *dense(size_t rows, size_t columns, const double *A) {
  gd_operator *op;
  assert_ok(gd_operator_dense(&op, rows, columns, A, rows, NULL));
  return op;
}

/* A sum of `rank` random matrices of rank 1. */
static void random_of_rank(size_t rows, size_t columns, size_t rank, double *A) {
  double u[MOST], v[MOST];
  gd_rng rng = gd_rng_make(17, rows * MOST + columns);
  memset(A, 0, rows * columns * sizeof *A);
  for (size_t k = 0; k < rank; k++) {
    gd_rng_fill_normal(&rng, rows, u);
    gd_rng_fill_normal(&rng, columns, v);
    for (size_t j = 0; j < columns; j++)
      for (size_t i = 0; i < rows; i++) A[i + j * rows] += u[i] * v[j];
  }
}

/* The values of LAPACK, in the same order, each as near as its residual says: the pair is an eigenvector of the
 * symmetric
 * [[0, A'], [A, 0]], whose eigenvalues are within the residual. */
static void check_shape(size_t rows, size_t columns, size_t rank) {
  static double A[MOST * MOST];
  random_of_rank(rows, columns, rank, A);
  gd_operator *op = dense(rows, columns, A);
  for (int smallest = 0; smallest < 2; smallest++) {
    gd_spectrum_options options = asking(smallest ? GD_SMALLEST_REAL : GD_LARGEST_MODULUS);
    double values[COUNT], residuals[COUNT], expected[COUNT], largest[1];
    assert_ok(gd_singular_values(op, &options, values, residuals));
    options.dense_limit = MOST;
    assert_ok(gd_singular_values(op, &options, expected, NULL));
    options.which = GD_LARGEST_REAL;
    options.count = 1;
    assert_ok(gd_singular_values(op, &options, largest, NULL));
    for (size_t k = 0; k < COUNT; k++) {
      ck_assert_double_le(residuals[k], 1e-10 * values[k] + 100 * DBL_EPSILON * largest[0]);
      assert_close(values[k], expected[k], 0, residuals[k] + 100 * DBL_EPSILON * largest[0]);
    }
  }
  gd_operator_destroy(op);
}

START_TEST(agrees_with_lapack_on_every_shape) {
  check_shape(60, 60, 60);
  check_shape(70, 40, 40);
  check_shape(40, 70, 40);
  check_shape(MOST, COUNT, COUNT);
  check_shape(COUNT, MOST, COUNT);
}
END_TEST

START_TEST(finds_the_smallest_that_are_not_zero) {
  check_shape(60, 60, 30);
  check_shape(70, 40, 25);
  check_shape(40, 70, 25);
}
END_TEST

/* Fewer values than asked for: zeros in the place of the others, by products and densely. */
START_TEST(fills_up_with_zeros) {
  static double A[MOST * MOST];
  random_of_rank(50, 30, 2, A);
  gd_operator *op = dense(50, 30, A);
  for (int smallest = 0; smallest < 2; smallest++) {
    gd_spectrum_options options = asking(smallest ? GD_SMALLEST_REAL : GD_LARGEST_MODULUS);
    double values[COUNT], residuals[COUNT];
    for (options.dense_limit = 0; options.dense_limit < 100; options.dense_limit += 50) {
      assert_ok(gd_singular_values(op, &options, values, residuals));
      ck_assert(smallest ? values[0] < values[1] : values[0] > values[1]);
      ck_assert_double_gt(fmin(values[0], values[1]), 1); /* of two random vectors in 50 and 30 dimensions */
      for (size_t k = 2; k < COUNT; k++) assert_close(values[k], 0, 0, 1e-13);
    }
  }
  gd_operator_destroy(op);
  memset(A, 0, sizeof A);
  op = dense(50, 30, A);
  double values[] = {7, 7, 7, 7};
  const gd_spectrum_options options = asking(GD_LARGEST_MODULUS);
  assert_ok(gd_singular_values(op, &options, values, NULL));
  for (size_t k = 0; k < COUNT; k++) assert_close(values[k], 0, 0, 0);
  gd_operator_destroy(op);
}
END_TEST

/* All singular values of an orthogonal matrix are 1: each pair of vectors is invariant, and the next starts afresh. */
START_TEST(survives_invariant_subspaces) {
  static double Q[MOST * MOST];
  orthogonal_matrix(MOST, 3, Q);
  gd_operator *op = dense(MOST, MOST, Q);
  for (int smallest = 0; smallest < 2; smallest++) {
    const gd_spectrum_options options = asking(smallest ? GD_SMALLEST_REAL : GD_LARGEST_MODULUS);
    double values[COUNT];
    assert_ok(gd_singular_values(op, &options, values, NULL));
    for (size_t k = 0; k < COUNT; k++) assert_close(values[k], 1, 1e-13, 0);
  }
  gd_operator_destroy(op);
}
END_TEST

/* diag(1, 1e-3, 1e-6, ..., 1e-15 and the like) cannot be inverted: the smallest come from Ritz values then. */
START_TEST(finds_small_values_far_below_the_largest) {
  double A[30 * 30] = {0};
  for (size_t k = 0; k < 30; k++) A[k + 30 * k] = k < 15 ? pow(10, -(double)k) : 1e-14 * (double)(k + 1);
  gd_operator *op = dense(30, 30, A);
  gd_spectrum_options options = asking(GD_SMALLEST_REAL);
  options.subspace = 12;
  options.max_products = 400;
  double values[COUNT], residuals[COUNT];
  ck_assert_int_ge(gd_singular_values(op, &options, values, residuals), GD_OK);
  for (size_t k = 0; k < COUNT; k++) { /* some value is within the residual of each */
    double nearest = INFINITY;
    for (size_t l = 0; l < 30; l++) nearest = fmin(nearest, fabs(values[k] - A[31 * l]));
    ck_assert_double_le(nearest, residuals[k] + 1e-15);
  }
  gd_operator_destroy(op);
}
END_TEST

START_TEST(says_when_the_products_did_not_suffice) {
  static double A[MOST * MOST];
  random_of_rank(60, 60, 60, A);
  gd_operator *op = dense(60, 60, A);
  gd_spectrum_options options = asking(GD_SMALLEST_REAL);
  double values[COUNT], residuals[COUNT];
  for (options.max_products = 1; options.max_products < 60; options.max_products += 10) {
    ck_assert_int_eq(gd_singular_values(op, &options, values, residuals), GD_NOT_CONVERGED);
    for (size_t k = 0; k < COUNT; k++) ck_assert_double_ge(residuals[k], 0);
  }
  gd_operator_destroy(op);
}
END_TEST

/* ---- failures ---- */

typedef struct product {
  size_t calls, fail_at;
  int code;
} product;

/* diag(1, ..., MOST), which is its own transpose, until the call that fails. */
static int multiply(void *context, const double *u, double *out) {
  product *p = context;
  for (size_t k = 0; k < MOST; k++) out[k] = (double)(k + 1) * u[k];
  if (++p->calls != p->fail_at) return 0;
  if (p->code == 0) out[3] = NAN;
  return p->code;
}

START_TEST(passes_on_whichever_product_fails) {
  failing_memory memory;
  failing_memory_init(&memory, 0);
  for (int code = -1; code <= 1; code++) {
    product p = {0, 1, code};
    gd_operator *op;
    assert_ok(gd_operator_create(&op, MOST, multiply, multiply, &p, &memory.env));
    const size_t live = memory.live;
    const gd_spectrum_options options = asking(GD_LARGEST_MODULUS);
    for (;; p.fail_at++) {
      double values[] = {7, 7, 7, 7};
      p.calls = 0;
      const gd_status status = gd_singular_values(op, &options, values, NULL);
      ck_assert_uint_eq(memory.live, live);
      if (p.calls < p.fail_at) break;
      ck_assert_int_eq(status, code < 0 ? GD_ERR_CALLBACK : code > 0 ? GD_ERR_DOMAIN : GD_ERR_NONFINITE);
      for (size_t k = 0; k < COUNT; k++) assert_close(values[k], 7, 0, 0);
    }
    ck_assert_uint_gt(p.fail_at, 40);
    gd_operator_destroy(op);
  }
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  gd_operator *op;
  double values[COUNT];
  const gd_spectrum_options *options = argument;
  product p = {0, 0, 0};
  GD_TRY(gd_operator_create(&op, MOST, multiply, multiply, &p, env));
  const gd_status status = gd_singular_values(op, options, values, NULL);
  gd_operator_destroy(op);
  return status;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  gd_spectrum_options options = asking(GD_LARGEST_MODULUS);
  ck_assert_uint_gt(refuse_each_allocation(attempt, &options), 10);
  options.dense_limit = MOST;
  ck_assert_uint_gt(refuse_each_allocation(attempt, &options), 4);
}
END_TEST

START_TEST(refuses_senseless_wishes) {
  product p = {0, 0, 0};
  gd_operator *op;
  double values[COUNT];
  assert_ok(gd_operator_create(&op, MOST, multiply, NULL, &p, NULL));
  gd_spectrum_options options = asking(GD_SPECTRUM_ALL);
  assert_fails(gd_singular_values(op, &options, values, NULL), GD_ERR_UNSUPPORTED, "dense_limit = 0");
  options.which = GD_LARGEST_REAL;
  assert_fails(gd_singular_values(op, &options, values, NULL), GD_ERR_UNSUPPORTED, "without a transposed product");
  options.count = 0;
  assert_fails(gd_singular_values(op, &options, values, NULL), GD_ERR_ARGUMENT, "count is 0");
  options.which = GD_LARGEST_IMAGINARY;
  assert_fails(gd_singular_values(op, &options, values, NULL), GD_ERR_ARGUMENT, "which is 4");
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("golub_kahan", agrees_with_lapack_on_every_shape, finds_the_smallest_that_are_not_zero, fills_up_with_zeros,
           survives_invariant_subspaces, finds_small_values_far_below_the_largest,
           says_when_the_products_did_not_suffice, passes_on_whichever_product_fails,
           leaks_nothing_when_memory_runs_out, refuses_senseless_wishes)
