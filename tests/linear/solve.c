/* SPDX-License-Identifier: BSD-3-Clause */
/* solve.c -- GMRES and conjugate gradients on systems with known solutions, and every reason they have to stop. */
#include <gamedyn/solve.h>

#include "support/failing_memory.h"
#include "support/matrices.h"
#include "support/suite.h"

#include <float.h>
#include <math.h>

enum { SIZE = 40 };

typedef gd_status solver(gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                         gd_solve_result *result);

static solver *const solvers[] = {gd_gmres_solve, gd_conjugate_gradient_solve};

static gd_solve_options defaults(void) {
  gd_solve_options options;
  gd_solve_options_init(&options);
  return options;
}

static gd_operator *dense(size_t n, const double *A, const gd_env *env) {
  gd_operator *op;
  assert_ok(gd_operator_dense(&op, n, n, A, n, env));
  return op;
}

/* A plus `shift` times the identity. */
static void add_identity(size_t n, double shift, double *A) {
  for (size_t k = 0; k < n; k++) A[k + k * n] += shift;
}

/* x* = (1, -1/2, 1/3, ...) and b = A x*, whose norm is returned. */
static double make_system(size_t n, const double *A, double *exact, double *b) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) exact[k] = (k % 2 ? -1.0 : 1.0) / (double)(k + 1);
  for (size_t i = 0; i < n; i++) {
    b[i] = 0;
    for (size_t j = 0; j < n; j++) b[i] += A[i + j * n] * exact[j];
    sum += b[i] * b[i];
  }
  return sqrt(sum);
}

static double residual_of(size_t n, const double *A, const double *b, const double *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double rest = b[i];
    for (size_t j = 0; j < n; j++) rest -= A[i + j * n] * x[j];
    sum += rest * rest;
  }
  return sqrt(sum);
}

/* How far b - A x may be from its exact value, computed in whatever order: each entry by (n + 1) u (|b| + |A| |x|),
 * u = epsilon / 2, and the norm by a few ulp more. */
static double rounding_of(size_t n, const double *A, const double *b, const double *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double size = fabs(b[i]);
    for (size_t j = 0; j < n; j++) size += fabs(A[i + j * n] * x[j]);
    sum += size * size;
  }
  return (double)(n + 4) * DBL_EPSILON / 2 * sqrt(sum);
}

/* The symmetric part of A is at least `least` times I, so that |x - x*| <= |b - A x| / least. */
static void check_solution(solver *solve, const double *A, double least, const gd_solve_options *options) {
  double exact[SIZE], b[SIZE], x[SIZE] = {0};
  const double size = make_system(SIZE, A, exact, b);
  gd_operator *op = dense(SIZE, A, NULL);
  gd_solve_result result;
  assert_ok(solve(op, b, x, options, &result));
  ck_assert_int_eq(result.stop, GD_SOLVE_CONVERGED);
  const double rest = residual_of(SIZE, A, b, x);
  assert_close(result.residual, rest, 0, 100 * DBL_EPSILON * size);
  ck_assert_double_le(rest, options->tolerance * size + 100 * DBL_EPSILON * size);
  for (size_t k = 0; k < SIZE; k++) assert_close(x[k], exact[k], 0, rest / least + 1e-13);
  /* from there: one residual and nothing else (a product of a start that is not 0) */
  assert_ok(solve(op, b, x, options, &result));
  ck_assert_uint_eq(result.iterations, 0);
  ck_assert_uint_eq(result.products, 1);
  gd_operator_destroy(op);
}

START_TEST(gmres_solves_whatever_the_restart) {
  static double A[SIZE * SIZE];
  gd_solve_options options = defaults();
  for (options.restart = 1; options.restart <= 64; options.restart *= 2) {
    random_matrix(SIZE, A); /* its symmetric part has norm sqrt 2 about */
    add_identity(SIZE, 3, A);
    check_solution(gd_gmres_solve, A, 1, &options);
    zero_sum_matrix(SIZE, A); /* the symmetric part is between -3/2 and -1/2 */
    check_solution(gd_gmres_solve, A, 0.5, &options);
  }
}
END_TEST

START_TEST(conjugate_gradients_solve_positive_definite_systems) {
  static double A[SIZE * SIZE];
  symmetric_matrix(SIZE, A); /* between -3/2 and 3/2 */
  add_identity(SIZE, 2, A);
  gd_solve_options options = defaults();
  check_solution(gd_conjugate_gradient_solve, A, 0.5, &options);
  double M[SIZE * SIZE] = {0};
  for (size_t k = 0; k < SIZE; k++) M[k + k * SIZE] = 1 / A[k + k * SIZE];
  options.preconditioner = dense(SIZE, M, NULL);
  check_solution(gd_conjugate_gradient_solve, A, 0.5, &options);
  gd_operator_destroy(options.preconditioner);
}
END_TEST

/* As many iterations as A has different eigenvalues, three here: both methods minimise over polynomials of that degree.
 */
START_TEST(ends_after_as_many_steps_as_there_are_eigenvalues) {
  double A[SIZE * SIZE] = {0}, exact[SIZE], b[SIZE];
  for (size_t k = 0; k < SIZE; k++) A[k + k * SIZE] = 1.0 + (double)(k % 3);
  make_system(SIZE, A, exact, b);
  gd_operator *op = dense(SIZE, A, NULL);
  for (size_t which = 0; which < 2; which++) {
    double x[SIZE] = {0};
    gd_solve_result result;
    assert_ok(solvers[which](op, b, x, NULL, &result));
    ck_assert_uint_eq(result.iterations, 3);
    ck_assert_uint_eq(result.products, 4);
    assert_ok(solvers[which](op, b, x, NULL, NULL));
  }
  gd_operator_destroy(op);
}
END_TEST

/* With the inverse itself as preconditioner one step is enough. */
START_TEST(follows_its_preconditioner) {
  double A[SIZE * SIZE] = {0}, M[SIZE * SIZE] = {0}, exact[SIZE], b[SIZE];
  for (size_t k = 0; k < SIZE; k++) {
    A[k + k * SIZE] = 1 + (double)(k * k);
    M[k + k * SIZE] = 1 / A[k + k * SIZE];
  }
  make_system(SIZE, A, exact, b);
  gd_operator *op = dense(SIZE, A, NULL);
  gd_solve_options options = defaults();
  options.preconditioner = dense(SIZE, M, NULL);
  for (size_t which = 0; which < 2; which++) {
    double x[SIZE] = {0};
    gd_solve_result result;
    assert_ok(solvers[which](op, b, x, &options, &result));
    ck_assert_uint_eq(result.iterations, 1);
    for (size_t k = 0; k < SIZE; k++) assert_close(x[k], exact[k], 1e-9, 0);
  }
  gd_operator_destroy(options.preconditioner);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(a_right_hand_side_of_zero_has_the_solution_zero) {
  const double A[] = {2, 1, 1, 2}, b[] = {0, 0};
  gd_operator *op = dense(2, A, NULL);
  for (size_t which = 0; which < 2; which++) {
    double x[] = {3, 4};
    gd_solve_result result;
    assert_ok(solvers[which](op, b, x, NULL, &result));
    assert_close(hypot(x[0], x[1]), 0, 0, 0);
    ck_assert_uint_eq(result.iterations + result.products, 0);
  }
  gd_operator_destroy(op);
}
END_TEST

/* A turns by a right angle: <b, A b> = 0, so the best multiple of b is 0 and GMRES(1) stands still; GMRES(2) is exact.
 */
START_TEST(says_that_it_stalled) {
  const double turn[] = {0, 1, -1, 0}, flat[] = {1, 0, 0, 0}, b[] = {1, 1};
  gd_solve_options options = defaults();
  gd_solve_result result;
  double x[] = {0, 0};
  gd_operator *op = dense(2, turn, NULL);
  options.restart = 1;
  ck_assert_int_eq(gd_gmres_solve(op, b, x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
  assert_close(result.residual, sqrt(2), 1e-15, 0);
  options.restart = 2;
  assert_ok(gd_gmres_solve(op, b, x, &options, &result));
  assert_close(x[0], 1, 0, 1e-14); /* -x1 = 1, x0 = 1 */
  assert_close(x[1], -1, 0, 1e-14);
  gd_operator_destroy(op);
  /* diag(1, 0) x = (1, 1): nothing is nearer than (1, anything), which leaves 1 */
  op = dense(2, flat, NULL);
  x[0] = x[1] = 0;
  ck_assert_int_eq(gd_gmres_solve(op, b, x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
  assert_close(result.residual, 1, 1e-14, 0);
  assert_close(x[0], 1, 1e-14, 0);
  gd_operator_destroy(op);
}
END_TEST

/* Rounding alone keeps the residual from 0: tolerance 0 ends as stalled, with the solution at hand. */
START_TEST(goes_down_to_rounding_and_no_further) {
  static double A[SIZE * SIZE];
  symmetric_matrix(SIZE, A);
  add_identity(SIZE, 2, A);
  double exact[SIZE], b[SIZE];
  const double size = make_system(SIZE, A, exact, b);
  gd_operator *op = dense(SIZE, A, NULL);
  gd_solve_options options = defaults();
  options.tolerance = 0;
  for (size_t which = 0; which < 2; which++) {
    double x[SIZE] = {0};
    gd_solve_result result;
    ck_assert_int_eq(solvers[which](op, b, x, &options, &result), GD_NOT_CONVERGED);
    ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
    ck_assert_double_le(result.residual, 100 * DBL_EPSILON * size);
  }
  gd_operator_destroy(op);
}
END_TEST

START_TEST(says_that_a_matrix_is_not_positive_definite) {
  const double A[] = {1, 0, 0, -1}, b[] = {1, 2};
  double x[] = {0, 0};
  gd_operator *op = dense(2, A, NULL);
  gd_solve_result result;
  ck_assert_int_eq(gd_conjugate_gradient_solve(op, b, x, NULL, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_SOLVE_INDEFINITE); /* <b, A b> = 1 - 4 */
  assert_close(result.residual, sqrt(5), 1e-15, 0);
  gd_operator_destroy(op);
}
END_TEST

START_TEST(spends_no_more_products_than_it_may) {
  static double A[SIZE * SIZE];
  symmetric_matrix(SIZE, A);
  add_identity(SIZE, 1.6, A);
  double exact[SIZE], b[SIZE];
  make_system(SIZE, A, exact, b);
  gd_operator *op = dense(SIZE, A, NULL);
  gd_solve_options options = defaults();
  options.restart = 5;
  for (size_t which = 0; which < 2; which++) {
    double last = INFINITY;
    for (options.max_products = 1; options.max_products < 20; options.max_products += 3) {
      double x[SIZE] = {0};
      gd_solve_result result;
      ck_assert_int_eq(solvers[which](op, b, x, &options, &result), GD_NOT_CONVERGED);
      ck_assert_int_eq(result.stop, GD_SOLVE_PRODUCTS_SPENT);
      ck_assert_uint_le(result.products, options.max_products);
      assert_close(result.residual, residual_of(SIZE, A, b, x), 0, 2 * rounding_of(SIZE, A, b, x));
      if (which == 0) ck_assert_double_le(result.residual, last);
      last = result.residual;
    }
  }
  gd_operator_destroy(op);
}
END_TEST

/* ---- failures ---- */

typedef struct product {
  size_t calls, fail_at;
  int code;
} product;

/* diag(1, 2, ..., SIZE), until the call that fails. */
static int multiply(void *context, const double *u, double *out) {
  product *p = context;
  for (size_t k = 0; k < SIZE; k++) out[k] = (double)(k + 1) * u[k];
  if (++p->calls != p->fail_at) return 0;
  if (p->code == 0) out[7] = INFINITY;
  return p->code;
}

START_TEST(passes_on_whichever_product_fails) {
  double b[SIZE];
  for (size_t k = 0; k < SIZE; k++) b[k] = 1;
  failing_memory memory;
  failing_memory_init(&memory, 0);
  for (size_t run = 0; run < 4; run++)
    for (int code = -1; code <= 1; code++) {
      product p = {0, 1, code}, other = {0, 0, 0};
      gd_operator *op, *second;
      assert_ok(gd_operator_create(&op, SIZE, multiply, NULL, run < 2 ? &p : &other, &memory.env));
      assert_ok(gd_operator_create(&second, SIZE, multiply, NULL, run < 2 ? &other : &p, &memory.env));
      const size_t live = memory.live;
      gd_solve_options options = defaults();
      options.restart = 8;
      options.max_products = 60; /* some restarts: every way a product is made */
      options.preconditioner = second;
      for (;; p.fail_at++) {
        double x[SIZE];
        for (size_t k = 0; k < SIZE; k++) x[k] = 7;
        p.calls = 0;
        const gd_status status = solvers[run % 2](op, b, x, &options, NULL);
        ck_assert_uint_eq(memory.live, live);
        if (p.calls < p.fail_at) break;
        ck_assert_int_eq(status, code < 0 ? GD_ERR_CALLBACK : code > 0 ? GD_ERR_DOMAIN : GD_ERR_NONFINITE);
        size_t touched = 0;
        for (size_t k = 0; k < SIZE; k++) touched += x[k] != 7;
        ck_assert_uint_eq(touched, 0);
      }
      ck_assert_uint_gt(p.fail_at, 10);
      gd_operator_destroy(op);
      gd_operator_destroy(second);
    }
  ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double A[] = {2, 1, 1, 3}, b[] = {1, 1};
  double x[] = {0, 0};
  gd_operator *op;
  GD_TRY(gd_operator_dense(&op, 2, 2, A, 2, env));
  gd_solve_options options = defaults();
  options.preconditioner = op;
  const gd_status status = (*(solver *const *)argument)(op, b, x, &options, NULL);
  gd_operator_destroy(op);
  return status;
}

START_TEST(leaks_nothing_when_memory_runs_out) {
  for (size_t which = 0; which < 2; which++) {
    solver *solve = solvers[which];
    ck_assert_uint_gt(refuse_each_allocation(attempt, &solve), 3);
  }
}
END_TEST

START_TEST(refuses_senseless_wishes) {
  const double A[] = {1, 0, 0, 1, 1, 1}, infinite[] = {1, INFINITY}, b[] = {1, 1};
  double x[] = {0, 0}, bad[] = {NAN, 0};
  gd_operator *op = dense(2, A, NULL), *wide;
  assert_ok(gd_operator_dense(&wide, 2, 3, A, 2, NULL));
  for (size_t which = 0; which < 2; which++) {
    solver *solve = solvers[which];
    gd_solve_options options = defaults();
    assert_fails(solve(NULL, b, x, NULL, NULL), GD_ERR_ARGUMENT, "op is NULL");
    assert_fails(solve(op, NULL, x, NULL, NULL), GD_ERR_ARGUMENT, "b is NULL");
    assert_fails(solve(op, b, NULL, NULL, NULL), GD_ERR_ARGUMENT, "x is NULL");
    assert_fails(solve(wide, b, x, NULL, NULL), GD_ERR_ARGUMENT, "2 by 3, expected a square one");
    assert_fails(solve(op, infinite, x, NULL, NULL), GD_ERR_NONFINITE, "entry 1 of b is inf");
    assert_fails(solve(op, b, bad, NULL, NULL), GD_ERR_NONFINITE, "entry 0 of x is nan");
    options.tolerance = 1;
    assert_fails(solve(op, b, x, &options, NULL), GD_ERR_ARGUMENT, "tolerance is 1");
    options = defaults();
    options.max_products = 0;
    assert_fails(solve(op, b, x, &options, NULL), GD_ERR_ARGUMENT, "max_products is 0");
    options = defaults();
    options.restart = 0;
    assert_fails(solve(op, b, x, &options, NULL), GD_ERR_ARGUMENT, "restart is 0");
    options = defaults();
    options.preconditioner = wide;
    assert_fails(solve(op, b, x, &options, NULL), GD_ERR_ARGUMENT, "the preconditioner is 2 by 3, expected 2 by 2");
    options.struct_size = 0;
    assert_fails(solve(op, b, x, &options, NULL), GD_ERR_STRUCT, "gd_solve_options");
  }
  gd_operator_destroy(op);
  gd_operator_destroy(wide);
}
END_TEST

TEST_SUITE("solve", gmres_solves_whatever_the_restart, conjugate_gradients_solve_positive_definite_systems,
           ends_after_as_many_steps_as_there_are_eigenvalues, follows_its_preconditioner,
           a_right_hand_side_of_zero_has_the_solution_zero, says_that_it_stalled, goes_down_to_rounding_and_no_further,
           says_that_a_matrix_is_not_positive_definite, spends_no_more_products_than_it_may,
           passes_on_whichever_product_fails, leaks_nothing_when_memory_runs_out, refuses_senseless_wishes)
