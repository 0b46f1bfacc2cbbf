/* SPDX-License-Identifier: BSD-3-Clause */
/* krylov_schur.c -- eigenvalues from products against dense LAPACK, asked in every way. */
#include <gamedyn/spectrum.h>

#include "support/matrices.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>

enum { SIZE = 60, WANTED = 5 };

static gd_spectrum_options asking(gd_which which, size_t count) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.which = which;
  options.count = count;
  options.dense_limit = 0;
  options.confirm = false;
  return options;
}

static gd_operator *dense(size_t n, const double *A) {
  gd_operator *op;
  assert_ok(gd_operator_dense(&op, n, n, A, n, NULL));
  return op;
}

static gd_spectrum *compute(size_t n, const double *A, const gd_spectrum_options *options) {
  gd_operator *op = dense(n, A);
  gd_spectrum *spectrum;
  assert_ok(gd_spectrum_compute(&spectrum, op, options));
  gd_operator_destroy(op);
  return spectrum;
}

static double norm_of(size_t count, const double *values) {
  double sum = 0;
  for (size_t k = 0; k < count; k++) sum += values[k] * values[k];
  return sqrt(sum);
}

/* |A z - lambda z| of vector k, which must have norm 1. */
static double residual_of(const gd_spectrum *spectrum, size_t k, size_t n, const double *A) {
  double u[2 * SIZE], v[2 * SIZE], rest[4 * SIZE];
  const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k];
  assert_ok(gd_spectrum_vector(spectrum, k, u, v));
  assert_close(hypot(norm_of(n, u), norm_of(n, v)), 1, 1e-12, 0);
  for (size_t i = 0; i < n; i++) {
    rest[i] = im * v[i] - re * u[i];
    rest[n + i] = -im * u[i] - re * v[i];
    for (size_t j = 0; j < n; j++) {
      rest[i] += A[i + j * n] * u[j];
      rest[n + i] += A[i + j * n] * v[j];
    }
  }
  return norm_of(2 * n, rest);
}

/* The condition number of the eigenvectors of A, pairs as (Re, Im) times sqrt 2: that of the complex matrix. */
static double condition(size_t n, const gd_spectrum *all) {
  double *Z = calloc(n * n, sizeof *Z), values[2 * SIZE], u[2 * SIZE], v[2 * SIZE];
  for (size_t k = 0; k < n; k++) {
    const double im = gd_spectrum_imaginary(all)[k];
    assert_ok(gd_spectrum_vector(all, k, u, v));
    for (size_t i = 0; i < n; i++) Z[i + k * n] = im > 0 ? sqrt(2) * u[i] : im < 0 ? sqrt(2) * v[i] : u[i];
  }
  gd_operator *op = dense(n, Z);
  assert_ok(gd_singular_values(op, NULL, values, NULL));
  gd_operator_destroy(op);
  free(Z);
  return values[0] / values[n - 1];
}

/* Each wanted eigenvalue of the dense spectrum has one of its own in `some`, as near as the residuals promise:
 * |lambda - nearest| <= condition residual (Bauer & Fike 1960). */
static void check_complete(const gd_spectrum *wanted, const gd_spectrum *some, double bound) {
  bool used[SIZE] = {false};
  for (size_t k = 0; k < WANTED; k++) {
    size_t best = SIZE;
    double nearest = INFINITY;
    for (size_t l = 0; l < gd_spectrum_count(some); l++) {
      const double distance = hypot(gd_spectrum_real(some)[l] - gd_spectrum_real(wanted)[k],
                                    gd_spectrum_imaginary(some)[l] - gd_spectrum_imaginary(wanted)[k]);
      if (used[l] || distance >= nearest) continue;
      nearest = distance;
      best = l;
    }
    ck_assert_msg(nearest <= bound, "eigenvalue %zu is missed by %g, expected at most %g", k, nearest, bound);
    used[best] = true;
  }
}

/* By products and densely, for each question. */
static void check_kind(matrix_kind *kind, bool symmetric) {
  static double A[SIZE * SIZE];
  kind(SIZE, A);
  gd_spectrum_options every;
  gd_spectrum_options_init(&every);
  every.vectors = true;
  gd_spectrum *all = compute(SIZE, A, &every);
  const double kappa = symmetric ? 1 : condition(SIZE, all), size = norm_of(SIZE * SIZE, A);
  for (int which = GD_LARGEST_MODULUS; which <= GD_CLOSEST; which++) {
    if (symmetric && which == GD_LARGEST_IMAGINARY) continue;
    gd_spectrum_options options = asking((gd_which)which, WANTED);
    options.subspace = 29; /* less than half: restarts */
    /* harmonic values of a random matrix do not converge in so few: all vectors then */
    if (which == GD_CLOSEST && kind == random_matrix) options.subspace = 40;
    options.vectors = true;
    options.symmetric = symmetric;
    options.target_re = 0.3;
    gd_spectrum *some = compute(SIZE, A, &options);
    options.dense_limit = SIZE;
    gd_spectrum *wanted = compute(SIZE, A, &options);
    ck_assert_uint_eq(gd_spectrum_converged(some), gd_spectrum_count(some));
    double worst = 0;
    for (size_t k = 0; k < gd_spectrum_count(some); k++) {
      const double stated = gd_spectrum_residual(some)[k];
      assert_close(stated, residual_of(some, k, SIZE, A), 0, 10 * DBL_EPSILON * size);
      worst = fmax(worst, stated);
    }
    check_complete(wanted, some, kappa * (worst + 100 * DBL_EPSILON * size));
    gd_spectrum_destroy(wanted);
    gd_spectrum_destroy(some);
  }
  gd_spectrum_destroy(all);
}

START_TEST(agrees_with_lapack_on_random_matrices) { check_kind(random_matrix, false); }
END_TEST

START_TEST(agrees_with_lapack_on_clustered_eigenvalues) { check_kind(clustered_matrix, false); }
END_TEST

START_TEST(agrees_with_lapack_on_grcars_matrix) { check_kind(grcar_matrix, false); }
END_TEST

START_TEST(agrees_with_lapack_on_kahans_matrix) { check_kind(kahan_matrix, false); }
END_TEST

START_TEST(agrees_with_lapack_on_zero_sum_games) { check_kind(zero_sum_matrix, false); }
END_TEST

START_TEST(agrees_with_lapack_on_symmetric_matrices) { check_kind(symmetric_matrix, true); }
END_TEST

/* Next to a Jordan block of size 2 a residual r moves an eigenvalue by d with d^2 <= r (1 + d): the resolvent of the
 * block is at most (1 + d)/d^2, and Q is orthogonal. */
START_TEST(finds_both_members_of_a_jordan_block) {
  static double A[SIZE * SIZE];
  jordan_matrix(SIZE, A);
  const gd_spectrum_options options = asking(GD_LARGEST_REAL, 3);
  gd_spectrum *some = compute(SIZE, A, &options);
  for (size_t k = 0; k < 2; k++) {
    const double d = hypot(gd_spectrum_real(some)[k] - 3, gd_spectrum_imaginary(some)[k]);
    ck_assert_double_le(d * d, (gd_spectrum_residual(some)[k] + 100 * DBL_EPSILON * norm_of(SIZE * SIZE, A)) * (1 + d));
  }
  const double next = 1 - 1.0 / (SIZE - 2); /* the largest of the diagonal */
  assert_close(gd_spectrum_real(some)[2], next, 0, 1e-9);
  gd_spectrum_destroy(some);
}
END_TEST

/* Every vector is an eigenvector of I: the subspace breaks down at once and goes on from random vectors. */
START_TEST(survives_invariant_subspaces) {
  static double A[SIZE * SIZE];
  memset(A, 0, sizeof A);
  for (size_t k = 0; k < SIZE; k++) A[k + k * SIZE] = 1;
  gd_spectrum_options options = asking(GD_LARGEST_MODULUS, 4);
  gd_spectrum *some = compute(SIZE, A, &options);
  ck_assert_uint_eq(gd_spectrum_count(some), 4);
  for (size_t k = 0; k < 4; k++) assert_close(gd_spectrum_real(some)[k], 1, 1e-14, 0);
  gd_spectrum_destroy(some);
  memset(A, 0, sizeof A); /* and of 0 */
  some = compute(SIZE, A, &options);
  for (size_t k = 0; k < 4; k++) assert_close(hypot(gd_spectrum_real(some)[k], gd_spectrum_residual(some)[k]), 0, 0, 0);
  gd_spectrum_destroy(some);
}
END_TEST

/* With as many vectors as the space has, everything is found at once; more are not asked for than there are. */
START_TEST(solves_the_smallest_operators_completely) {
  const double A[] = {0, 2, 0, -2, 0, 0, 0, 0, 5}; /* +-2i and 5 */
  gd_spectrum_options options = asking(GD_LARGEST_MODULUS, 9);
  options.vectors = true;
  gd_spectrum *all = compute(3, A, &options);
  ck_assert_uint_eq(gd_spectrum_count(all), 3);
  ck_assert_uint_eq(gd_spectrum_converged(all), 3);
  assert_close(gd_spectrum_real(all)[0], 5, 1e-14, 0);
  assert_close(gd_spectrum_imaginary(all)[1], 2, 1e-14, 0);
  assert_close(gd_spectrum_imaginary(all)[2], -2, 1e-14, 0);
  for (size_t k = 0; k < 3; k++) ck_assert_double_le(residual_of(all, k, 3, A), 1e-14);
  assert_close(gd_spectrum_radius(all), 5, 1e-14, 0);
  ck_assert(isnan(gd_spectrum_abscissa(all)));
  gd_spectrum_destroy(all);
  const double two[] = {2};
  all = compute(1, two, &options);
  ck_assert_uint_eq(gd_spectrum_count(all), 1);
  assert_close(gd_spectrum_real(all)[0], 2, 0, 0);
  gd_spectrum_destroy(all);
}
END_TEST

START_TEST(never_parts_a_pair) {
  static double A[SIZE * SIZE];
  memset(A, 0, sizeof A); /* rotations by 1, 2, ..., SIZE/2 */
  for (size_t k = 0; k < SIZE; k += 2) {
    A[k + 1 + k * SIZE] = (double)(k / 2 + 1);
    A[k + (k + 1) * SIZE] = -(double)(k / 2 + 1);
  }
  const gd_spectrum_options options = asking(GD_LARGEST_IMAGINARY, 3);
  gd_spectrum *some = compute(SIZE, A, &options);
  ck_assert_uint_eq(gd_spectrum_count(some), 4);
  const double expected[] = {SIZE / 2, -SIZE / 2, SIZE / 2 - 1, 1 - SIZE / 2};
  for (size_t k = 0; k < 4; k++) assert_close(gd_spectrum_imaginary(some)[k], expected[k], 1e-9, 0);
  ck_assert(isnan(gd_spectrum_abscissa(some)) && isnan(gd_spectrum_radius(some)));
  gd_spectrum_destroy(some);
}
END_TEST

/* Too few products: the answer is there, says so, and its residuals are true all the same. */
START_TEST(tells_asked_from_converged) {
  static double A[SIZE * SIZE];
  random_matrix(SIZE, A);
  gd_spectrum_options options = asking(GD_LARGEST_REAL, 6);
  options.vectors = true;
  gd_operator *op = dense(SIZE, A);
  for (options.max_products = 1; options.max_products < 40; options.max_products += 6) {
    gd_spectrum *some = NULL;
    ck_assert_int_eq(gd_spectrum_compute(&some, op, &options), GD_NOT_CONVERGED);
    ck_assert_uint_lt(gd_spectrum_converged(some), 6);
    ck_assert_uint_eq(gd_spectrum_products(some), options.max_products + gd_spectrum_count(some));
    for (size_t k = 0; k < gd_spectrum_count(some); k++)
      assert_close(gd_spectrum_residual(some)[k], residual_of(some, k, SIZE, A), 1e-12, 1e-13);
    gd_spectrum_destroy(some);
  }
  options.max_products = 10000;
  options.residuals = options.vectors = false;
  gd_spectrum *some;
  assert_ok(gd_spectrum_compute(&some, op, &options));
  ck_assert(isnan(gd_spectrum_residual(some)[0]));
  double z[SIZE];
  assert_fails(gd_spectrum_vector(some, 0, z, z), GD_ERR_UNSUPPORTED, "options.vectors");
  gd_spectrum_destroy(some);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(refuses_senseless_wishes) {
  static double A[SIZE * SIZE];
  gd_operator *op = dense(SIZE, A);
  gd_spectrum *none = NULL;
  gd_spectrum_options options = asking(GD_SPECTRUM_ALL, 6);
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_UNSUPPORTED, "dense_limit = 0");
  options = asking(GD_LARGEST_REAL, 6);
  options.subspace = 8;
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "subspace is 8, expected 0 or at least");
  options.subspace = 0;
  options.max_products = 0;
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "max_products is 0");
  options.max_products = 1;
  options.tolerance = -1;
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "tolerance is -1");
  options.tolerance = 1e-10;
  options.target_re = INFINITY;
  assert_fails(gd_spectrum_compute(&none, op, &options), GD_ERR_ARGUMENT, "the target is inf + 0 i");
  ck_assert_ptr_null(none);
  ck_assert_uint_eq(gd_spectrum_converged(NULL) + gd_spectrum_products(NULL), 0);
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("krylov_schur", agrees_with_lapack_on_random_matrices, agrees_with_lapack_on_clustered_eigenvalues,
           agrees_with_lapack_on_grcars_matrix, agrees_with_lapack_on_kahans_matrix,
           agrees_with_lapack_on_zero_sum_games, agrees_with_lapack_on_symmetric_matrices,
           finds_both_members_of_a_jordan_block, survives_invariant_subspaces, solves_the_smallest_operators_completely,
           never_parts_a_pair, tells_asked_from_converged, refuses_senseless_wishes)
