/* SPDX-License-Identifier: BSD-3-Clause */
/* spectrum.c -- eigenvalues and singular values against matrices whose spectrum is known, with true residuals. */
#include <gamedyn/spectrum.h>

#include "support/failing_memory.h"
#include "support/linear_game.h"
#include "support/suite.h"

#include <math.h>

static gd_operator *dense(size_t rows, size_t columns, const double *A) {
  gd_operator *op;
  assert_ok(gd_operator_dense(&op, rows, columns, A, rows, NULL));
  return op;
}

static gd_spectrum *compute(size_t n, const double *A, const gd_spectrum_options *options) {
  gd_operator *op = dense(n, n, A);
  gd_spectrum *spectrum;
  assert_ok(gd_spectrum_compute(&spectrum, op, options));
  gd_operator_destroy(op);
  return spectrum;
}

static void assert_value(const gd_spectrum *spectrum, size_t k, double re, double im, double tolerance) {
  assert_close(gd_spectrum_real(spectrum)[k], re, 0, tolerance);
  assert_close(gd_spectrum_imaginary(spectrum)[k], im, 0, tolerance);
}

/* Every vector has norm 1, and the stated residual is |A z - lambda z| as computed here. */
static void check_vectors(const gd_spectrum *spectrum, size_t n, const double *A, double tolerance) {
  double u[64], v[64];
  ck_assert_uint_le(n, 64);
  for (size_t k = 0; k < gd_spectrum_count(spectrum); k++) {
    const double re = gd_spectrum_real(spectrum)[k], im = gd_spectrum_imaginary(spectrum)[k];
    double norm = 0, residual = 0;
    assert_ok(gd_spectrum_vector(spectrum, k, u, v));
    for (size_t i = 0; i < n; i++) {
      double real = im * v[i] - re * u[i], imaginary = -im * u[i] - re * v[i];
      for (size_t j = 0; j < n; j++) {
        real += A[i + j * n] * u[j];
        imaginary += A[i + j * n] * v[j];
      }
      norm += u[i] * u[i] + v[i] * v[i];
      residual += real * real + imaginary * imaginary;
    }
    assert_close(norm, 1, 1e-13, 0);
    assert_close(gd_spectrum_residual(spectrum)[k], sqrt(residual), 0, tolerance);
    ck_assert_double_le(gd_spectrum_residual(spectrum)[k], 10 * tolerance);
  }
}

/* C = U diag(1, 2, ..., least) V' [p by q]; J = [[0, -C], [C', 0]] */
static void known_bilinear(size_t p, size_t q, double *C, double *J) {
  double U[400], V[400], sigma[20];
  gd_rng rng = gd_rng_make(p, q);
  for (size_t k = 0; k < 20; k++) sigma[k] = (double)(k + 1);
  random_orthogonal(&rng, p, U);
  random_orthogonal(&rng, q, V);
  compose(p, q, U, sigma, V, C);
  zero_sum_jacobian(p, q, NULL, NULL, C, J);
}

START_TEST(finds_the_pair_of_a_rotation) {
  const double J[] = {0, 2, -2, 0};
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.vectors = true;
  gd_spectrum *s = compute(2, J, &options);
  ck_assert_uint_eq(gd_spectrum_count(s), 2);
  assert_value(s, 0, 0, 2, 1e-15);
  assert_value(s, 1, 0, -2, 1e-15);
  assert_close(gd_spectrum_abscissa(s), 0, 0, 0);
  assert_close(gd_spectrum_radius(s), 2, 1e-15, 0);
  check_vectors(s, 2, J, 1e-14);
  gd_spectrum_destroy(s);
}
END_TEST

/* p = q, p < q and p > q: pairs +-ik for k = 1 ... least, and |p - q| zeros; residuals small and true. */
START_TEST(solves_bilinear_games_through_singular_values) {
  const size_t shapes[][2] = {{5, 5}, {3, 7}, {7, 3}, {1, 4}, {4, 1}, {12, 12}};
  for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++) {
    const size_t p = shapes[shape][0], q = shapes[shape][1], least = p < q ? p : q;
    double C[400], J[1600];
    known_bilinear(p, q, C, J);
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    for (int keep = 0; keep <= 1; keep++) {
      options.vectors = keep;
      gd_spectrum *s = compute(p + q, J, &options);
      ck_assert_uint_eq(gd_spectrum_count(s), p + q);
      for (size_t k = 0; k < p + q; k++) {
        const double sigma = k < 2 * least ? (double)(least - k / 2) : 0;
        ck_assert_double_eq(gd_spectrum_real(s)[k], 0); /* exactly on the axis, as dgeev would not say */
        assert_value(s, k, 0, k % 2 ? -sigma : sigma, 1e-13);
        ck_assert_double_le(gd_spectrum_residual(s)[k], 1e-13);
      }
      if (keep) check_vectors(s, p + q, J, 1e-14);
      gd_spectrum_destroy(s);
    }
  }
}
END_TEST

/* Mixing the players' variables hides the structure: the general solver must agree. */
START_TEST(agrees_with_the_general_solver_on_bilinear_games) {
  enum { P = 4, Q = 6, N = P + Q };
  double C[400], J[1600], mixed[N * N];
  known_bilinear(P, Q, C, J);
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++) mixed[3 * i % N + 3 * j % N * N] = J[i + j * N];
  mixed[0] = 1e-300; /* and no block of zeros is left */
  gd_spectrum *s = compute(N, J, NULL), *general = compute(N, mixed, NULL);
  gd_spectrum_options by_imaginary;
  gd_spectrum_options_init(&by_imaginary);
  by_imaginary.which = GD_LARGEST_IMAGINARY;
  by_imaginary.count = N;
  by_imaginary.vectors = true;
  gd_spectrum *ordered = compute(N, mixed, &by_imaginary);
  for (size_t k = 0; k < N; k++) assert_close(gd_spectrum_imaginary(ordered)[k], gd_spectrum_imaginary(s)[k], 0, 1e-13);
  check_vectors(ordered, N, mixed, 2e-14);
  ck_assert_double_le(fabs(gd_spectrum_abscissa(general)), 1e-13);
  gd_spectrum_destroy(s);
  gd_spectrum_destroy(general);
  gd_spectrum_destroy(ordered);
}
END_TEST

/* C = [[1, 1], [1, 1]] has rank one, sigma = 2 and 0; also C = [[0, 3], [0, 0]], where blocks of zeros are larger than
 * the players', and C = diag(1, 0), whose second singular value is 0 to the last bit. */
START_TEST(solves_singular_bilinear_games) {
  const double ones[] = {0, 0, 1, 1, 0, 0, 1, 1, -1, -1, 0, 0, -1, -1, 0, 0};
  const double corner[] = {0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, -3, 0, 0, 0};
  const double idle[] = {0, 0, 1, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0};
  const double *games[] = {ones, corner, idle}, sigma[] = {2, 3, 1};
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.vectors = true;
  for (int k = 0; k < 3; k++) {
    gd_spectrum *s = compute(4, games[k], &options);
    assert_value(s, 0, 0, sigma[k], 1e-14);
    assert_value(s, 1, 0, -sigma[k], 1e-14);
    assert_value(s, 2, 0, 0, 1e-15);
    assert_value(s, 3, 0, 0, 1e-15);
    check_vectors(s, 4, games[k], 1e-14);
    gd_spectrum_destroy(s);
  }
}
END_TEST

/* tridiagonal (-1, 2, -1): 2 - 2 cos(k pi/(n + 1)) */
START_TEST(solves_symmetric_matrices_by_the_symmetric_solver) {
  enum { N = 20 };
  double A[N * N] = {0};
  for (size_t k = 0; k < N; k++) {
    A[k + k * N] = 2;
    if (k) A[k + (k - 1) * N] = A[k - 1 + k * N] = -1;
  }
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.vectors = true;
  gd_spectrum *s = compute(N, A, &options);
  for (size_t k = 0; k < N; k++) assert_value(s, k, 2 - 2 * cos((double)(N - k) * M_PI / (N + 1)), 0, 1e-14);
  check_vectors(s, N, A, 1e-14);
  gd_spectrum_destroy(s);
}
END_TEST

/* blocks 1 +- 2i, 5, [[-3, 1], [0, -3]] (one eigenvalue, twice, one vector) */
static const double mixture[25] = {1, 2, 0, 0, 0, -2, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, -3, 0, 0, 0, 0, 1, -3};

START_TEST(orders_eigenvalues_as_asked_and_never_parts_a_pair) {
  const struct {
    gd_which which;
    size_t count, expected;
    double re[5], im[5];
  } cases[] = {
      {GD_SPECTRUM_ALL, 1, 5, {5, 1, 1, -3, -3}, {0, 2, -2, 0, 0}},
      {GD_LARGEST_MODULUS, 3, 3, {5, -3, -3}, {0, 0, 0}},
      {GD_LARGEST_REAL, 2, 3, {5, 1, 1}, {0, 2, -2}},
      {GD_SMALLEST_REAL, 3, 4, {-3, -3, 1, 1}, {0, 0, 2, -2}},
      {GD_LARGEST_IMAGINARY, 1, 2, {1, 1}, {2, -2}},
      {GD_LARGEST_IMAGINARY, 99, 5, {1, 1, 5, -3, -3}, {2, -2, 0, 0, 0}},
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    options.which = cases[c].which;
    options.count = cases[c].count;
    options.vectors = true;
    gd_spectrum *s = compute(5, mixture, &options);
    ck_assert_uint_eq(gd_spectrum_count(s), cases[c].expected);
    for (size_t k = 0; k < cases[c].expected; k++) assert_value(s, k, cases[c].re[k], cases[c].im[k], 1e-14);
    assert_close(gd_spectrum_abscissa(s), 5, 1e-15, 0);
    assert_close(gd_spectrum_radius(s), 5, 1e-15, 0);
    check_vectors(s, 5, mixture, 1e-14);
    gd_spectrum_destroy(s);
  }
}
END_TEST

/* Of +-2i and 1/2 the pair is closest to -2i, at distance 0; 1/2 is at sqrt(4.25). */
START_TEST(a_pair_is_close_to_targets_on_both_sides_of_the_axis) {
  const double A[] = {0, 2, 0, -2, 0, 0, 0, 0, 0.5};
  gd_operator *op = NULL;
  assert_ok(gd_operator_dense(&op, 3, 3, A, 3, NULL));
  for (double target = -2; target <= 2; target += 4) {
    gd_spectrum_options options;
    gd_spectrum *spectrum = NULL;
    gd_spectrum_options_init(&options);
    options.which = GD_CLOSEST;
    options.count = 1;
    options.target_im = target;
    assert_ok(gd_spectrum_compute(&spectrum, op, &options));
    ck_assert_uint_eq(gd_spectrum_count(spectrum), 2);
    assert_close(gd_spectrum_imaginary(spectrum)[0], 2, 1e-14, 0);
    gd_spectrum_destroy(spectrum);
  }
  gd_operator_destroy(op);
}
END_TEST

START_TEST(solves_the_smallest_and_the_emptiest_matrices) {
  const double one[] = {-4}, zero[9] = {0};
  gd_spectrum *s = compute(1, one, NULL);
  ck_assert_uint_eq(gd_spectrum_count(s), 1);
  assert_value(s, 0, -4, 0, 0);
  assert_close(gd_spectrum_abscissa(s), -4, 0, 0);
  gd_spectrum_destroy(s);
  s = compute(3, zero, NULL);
  for (size_t k = 0; k < 3; k++) assert_value(s, k, 0, 0, 0);
  assert_close(gd_spectrum_radius(s), 0, 0, 0);
  gd_spectrum_destroy(s);
}
END_TEST

START_TEST(says_nothing_of_residuals_and_vectors_not_asked_for) {
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.residuals = false;
  double u[5], v[5];
  gd_spectrum *s = compute(5, mixture, &options);
  assert_value(s, 1, 1, 2, 1e-14);
  for (size_t k = 0; k < 5; k++) ck_assert(isnan(gd_spectrum_residual(s)[k]));
  assert_fails(gd_spectrum_vector(s, 0, u, v), GD_ERR_UNSUPPORTED, "without options.vectors");
  gd_spectrum_destroy(s);
  options.vectors = true;
  s = compute(5, mixture, &options);
  assert_ok(gd_spectrum_vector(s, 0, u, v));
  assert_close(fabs(u[2]), 1, 1e-15, 0);
  assert_fails(gd_spectrum_vector(s, 5, u, v), GD_ERR_ARGUMENT, "k is 5");
  assert_fails(gd_spectrum_vector(s, 0, NULL, v), GD_ERR_ARGUMENT, "re is NULL");
  gd_spectrum_destroy(s);
}
END_TEST

/* The residual tells when symmetry was vouched for in vain: only the lower triangle, all zeros, was read. */
START_TEST(shows_by_its_residuals_that_a_matrix_was_not_symmetric) {
  const double A[] = {0, 0, 1, 0};
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  options.symmetric = true;
  gd_spectrum *s = compute(2, A, &options);
  const double *residual = gd_spectrum_residual(s);
  assert_close(fmax(residual[0], residual[1]), 1, 1e-14, 0);
  gd_spectrum_destroy(s);
}
END_TEST

START_TEST(refuses_what_it_cannot_solve) {
  gd_spectrum *s = NULL;
  gd_spectrum_options options;
  gd_spectrum_options_init(&options);
  double A[6] = {1, 2, 3, NAN, 5, 6}, values[2];
  gd_operator *square = dense(2, 2, A), *rectangle = dense(2, 3, A);
  assert_fails(gd_spectrum_compute(&s, square, NULL), GD_ERR_NONFINITE, "entry (1, 1) of the operator is nan");
  assert_fails(gd_spectrum_compute(&s, rectangle, NULL), GD_ERR_ARGUMENT, "2 by 3, expected a square one");
  assert_fails(gd_spectrum_compute(NULL, square, NULL), GD_ERR_ARGUMENT, "spectrum is NULL");
  assert_fails(gd_spectrum_compute(&s, NULL, NULL), GD_ERR_ARGUMENT, "op is NULL");
  assert_fails(gd_singular_values(rectangle, NULL, values, NULL), GD_ERR_NONFINITE, "entry (1, 1)");
  assert_fails(gd_singular_values(rectangle, NULL, NULL, NULL), GD_ERR_ARGUMENT, "values is NULL");
  options.dense_limit = 1;
  assert_fails(gd_spectrum_compute(&s, square, &options), GD_ERR_UNSUPPORTED, "dense_limit = 1");
  assert_fails(gd_singular_values(rectangle, &options, values, NULL), GD_ERR_UNSUPPORTED, "dense_limit = 1");
  gd_spectrum_options_init(&options);
  options.which = (gd_which)6;
  assert_fails(gd_spectrum_compute(&s, square, &options), GD_ERR_ARGUMENT, "which is 6");
  options.which = GD_LARGEST_REAL;
  options.count = 0;
  assert_fails(gd_spectrum_compute(&s, square, &options), GD_ERR_ARGUMENT, "count is 0");
  options.struct_size = 0;
  assert_fails(gd_spectrum_compute(&s, square, &options), GD_ERR_STRUCT, "gd_spectrum_options");
  assert_fails(gd_singular_values(square, &options, values, NULL), GD_ERR_STRUCT, "gd_spectrum_options");
  ck_assert_ptr_null(s);
  gd_operator_destroy(square);
  gd_operator_destroy(rectangle);
}
END_TEST

static int fail_late(void *context, const double *u, double *out) {
  (void)u;
  out[0] = out[1] = 0;
  return ++*(int *)context == 2 ? -1 : 0;
}

START_TEST(passes_on_that_a_product_failed) {
  int calls = 0;
  gd_operator *op;
  gd_spectrum *s = NULL;
  double values[2] = {7, 7};
  assert_ok(gd_operator_create(&op, 2, fail_late, NULL, &calls, NULL));
  assert_fails(gd_spectrum_compute(&s, op, NULL), GD_ERR_CALLBACK, "it returned -1");
  calls = 0;
  assert_fails(gd_singular_values(op, NULL, values, NULL), GD_ERR_CALLBACK, "it returned -1");
  ck_assert_ptr_null(s);
  assert_close(values[0], 7, 0, 0);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(finds_singular_values_of_any_shape) {
  const size_t shapes[][2] = {{6, 6}, {3, 8}, {8, 3}, {1, 1}};
  for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; shape++) {
    const size_t p = shapes[shape][0], q = shapes[shape][1], least = p < q ? p : q;
    double C[400], J[1600], values[20], again[20], residuals[20];
    known_bilinear(p, q, C, J);
    gd_operator *op = dense(p, q, C);
    assert_ok(gd_singular_values(op, NULL, values, residuals));
    assert_ok(gd_singular_values(op, NULL, again, NULL));
    for (size_t k = 0; k < least; k++) {
      assert_close(values[k], (double)(least - k), 1e-14, 0);
      assert_close(again[k], (double)(least - k), 1e-14, 0);
      ck_assert_double_le(residuals[k], 1e-13);
    }
    gd_operator_destroy(op);
  }
}
END_TEST

/* Whatever allocation fails, for each structure and each set of wishes: the status says so and nothing is lost. */
START_TEST(leaks_nothing_when_memory_runs_out) {
  const double rotation[] = {0, 2, -2, 0}, symmetric[] = {2, 1, 1, 2}, general[] = {1, 2, 3, 4};
  const double *matrices[] = {rotation, symmetric, general};
  for (int wish = 0; wish < 12; wish++) {
    gd_spectrum_options options;
    gd_spectrum_options_init(&options);
    options.vectors = wish & 1;
    options.residuals = wish & 2;
    size_t fail_at = 1;
    for (bool done = false; !done; fail_at++) {
      failing_memory memory;
      failing_memory_init(&memory, 0);
      gd_operator *op;
      gd_spectrum *s = NULL;
      assert_ok(gd_operator_dense(&op, 2, 2, matrices[wish / 4], 2, &memory.env));
      memory.calls = 0;
      memory.fail_at = fail_at;
      double values[2], residuals[2];
      gd_status status = gd_spectrum_compute(&s, op, &options);
      if (status == GD_OK) status = gd_singular_values(op, NULL, values, residuals);
      done = memory.calls < fail_at;
      ck_assert_int_eq(status, done ? GD_OK : GD_ERR_MEMORY);
      gd_spectrum_destroy(s);
      gd_operator_destroy(op);
      ck_assert_uint_eq(memory.live, 0);
    }
    ck_assert_uint_gt(fail_at, 10);
  }
}
END_TEST

TEST_SUITE("spectrum", finds_the_pair_of_a_rotation, solves_bilinear_games_through_singular_values,
           agrees_with_the_general_solver_on_bilinear_games, solves_singular_bilinear_games,
           solves_symmetric_matrices_by_the_symmetric_solver, orders_eigenvalues_as_asked_and_never_parts_a_pair,
           a_pair_is_close_to_targets_on_both_sides_of_the_axis, solves_the_smallest_and_the_emptiest_matrices,
           says_nothing_of_residuals_and_vectors_not_asked_for, shows_by_its_residuals_that_a_matrix_was_not_symmetric,
           refuses_what_it_cannot_solve, passes_on_that_a_product_failed, finds_singular_values_of_any_shape,
           leaks_nothing_when_memory_runs_out)
