/* SPDX-License-Identifier: BSD-3-Clause */
/* singular_systems.c -- linear solvers on singular matrices: the residual never grows, and the status is true.
 *
 * A = P D Q', P and Q orthogonal, D diagonal with zeros at its end.  Whatever x is, b - A x keeps what b has along the
 * last columns p of P, because p'A = 0.  So the least residual is the norm of P_0'b, P_0 these columns. */
#include <gamedyn/rng.h>
#include <gamedyn/solve.h>

#include "support/linear_game.h"
#include "support/matrices.h"
#include "support/suite.h"

#include <float.h>

enum { LARGEST = 24 };

typedef struct singular {
  size_t n, rank;
  double P[LARGEST * LARGEST], Q[LARGEST * LARGEST], A[LARGEST * LARGEST];
  double b[LARGEST], x[LARGEST];
  double angle; /* a lower bound of |P_0'q|, q a null vector, |q| = 1 */
  gd_operator *op;
} singular;

static double dot(size_t n, const double *x, const double *y) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += x[k] * y[k];
  return sum;
}

/* |det P_0'Q_0|: the least singular value is not smaller, since none is larger than 1. */
static double angle_between(const singular *s) {
  const size_t n = s->n;
  const double *p = s->P + s->rank * n, *q = s->Q + s->rank * n;
  if (s->rank + 1 == n) return fabs(dot(n, p, q));
  return fabs(dot(n, p, q) * dot(n, p + n, q + n) - dot(n, p, q + n) * dot(n, p + n, q));
}

/* Rank n - 1 or n - 2, the other singular values from 1/100 to 1; Q = P makes A symmetric. */
static void make_matrix(singular *s, uint64_t seed, bool symmetric) {
  gd_rng rng = gd_rng_make(seed, 1);
  const size_t n = s->n = 3 + (size_t)uniform(&rng, 0, LARGEST - 2);
  s->rank = n - 1 - seed % 2;
  orthogonal_matrix(n, 2 * seed, s->P);
  orthogonal_matrix(n, 2 * seed + !symmetric, s->Q);
  double D[LARGEST] = {0};
  for (size_t k = 0; k < s->rank; k++) D[k] = log_uniform(&rng, 0.01, 1);
  compose(n, n, s->P, D, s->Q, s->A);
  s->angle = angle_between(s);
  assert_ok(gd_operator_dense(&s->op, n, n, s->A, n, NULL));
}

static void multiply(const singular *s, const double *x, double *out) {
  for (size_t i = 0; i < s->n; i++) out[i] = 0;
  for (size_t j = 0; j < s->n; j++)
    for (size_t i = 0; i < s->n; i++) out[i] += s->A[i + j * s->n] * x[j];
}

static double norm(size_t n, const double *x) { return sqrt(dot(n, x, x)); }

static double residual_of(const singular *s, const double *x) {
  double rest[LARGEST];
  multiply(s, x, rest);
  for (size_t i = 0; i < s->n; i++) rest[i] = s->b[i] - rest[i];
  return norm(s->n, rest);
}

/* What rounding may hide of a residual: sums of up to 24 terms, with an x of up to |A| / d = 100 times |b|, d the
 * smallest singular value, and longer by 1 / angle: a part of b off the range is a part along a null vector of that
 * length.  Not in proportion to |x|: an x that is longer is a fault. */
static double rounding_of(const singular *s) { return 24 * 100 * DBL_EPSILON * norm(s->n, s->b) / s->angle; }

static double least_residual(const singular *s) {
  double least = 0;
  for (size_t k = s->rank; k < s->n; k++) least = hypot(least, dot(s->n, s->P + k * s->n, s->b));
  return least;
}

typedef gd_status solver(gd_operator *op, const double *b, double *x, const gd_solve_options *options,
                         gd_solve_result *result);

/* The residual said is that of x, and not larger than that of the start. */
static gd_status solve(solver *run, singular *s, const gd_solve_options *options, gd_solve_result *result) {
  const double before = residual_of(s, s->x);
  const gd_status status = run(s->op, s->b, s->x, options, result);
  ck_assert(status == GD_OK || status == GD_NOT_CONVERGED);
  const double after = residual_of(s, s->x);
  ck_assert_double_le(after, before + rounding_of(s));
  assert_close(result->residual, after, 0, rounding_of(s));
  return status;
}

/* b = A z is reached to the tolerance from any start: a random A has no Jordan block at 0, and then GMRES finds a
 * solution of every system that has one (Brown & Walker 1997). */
static void check_consistent(solver *run, singular *s, uint64_t seed) {
  gd_rng rng = gd_rng_make(seed, 2);
  double z[LARGEST];
  gd_rng_fill_normal(&rng, s->n, z);
  gd_rng_fill_normal(&rng, s->n, s->x);
  multiply(s, z, s->b);
  gd_solve_result result;
  ck_assert_int_eq(solve(run, s, NULL, &result), GD_OK);
  ck_assert_int_eq(result.stop, GD_SOLVE_CONVERGED);
  ck_assert_double_le(residual_of(s, s->x), 1e-10 * norm(s->n, s->b) + rounding_of(s));
}

/* b with parts outside the range of A. */
static void make_inconsistent(singular *s, uint64_t seed) {
  gd_rng rng = gd_rng_make(seed, 3);
  gd_rng_fill_normal(&rng, s->n, s->b);
  gd_rng_fill_normal(&rng, s->n, s->x);
}

/* Without restarts GMRES comes to the least residual, because the space of its first `rank` vectors holds no null
 * vector. On the way its triangle has a condition number near |A| |r| / (d sqrt(|r|^2 - least^2)), d the smallest
 * singular value (Brown & Walker 1997).  The iteration stands still once rounding, eps |b| |A| / d, hides what is left
 * to gain: with |A| / d <= 100 and sums of 24 terms at 2400 eps |b|. */
START_TEST(gmres_never_makes_a_residual_grow) {
  const size_t count = test_instances(200, 1000);
  for (uint64_t seed = 0; seed < count; seed++) {
    static singular s;
    gd_solve_options options;
    gd_solve_result result;
    gd_solve_options_init(&options);
    make_matrix(&s, seed, false);
    check_consistent(gd_gmres_solve, &s, seed);
    make_inconsistent(&s, seed);
    ck_assert_int_eq(solve(gd_gmres_solve, &s, NULL, &result), GD_NOT_CONVERGED);
    ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
    const double least = least_residual(&s);
    assert_close(result.residual, least, 0, rounding_of(&s));
    for (options.restart = 1; options.restart < s.n; options.restart += 3) {
      make_inconsistent(&s, seed);
      ck_assert_int_eq(solve(gd_gmres_solve, &s, &options, &result), GD_NOT_CONVERGED);
      ck_assert_double_ge(result.residual, least - rounding_of(&s));
    }
    gd_operator_destroy(s.op);
  }
}
END_TEST

/* A semidefinite: what is inconsistent ends as indefinite, or as stalled. */
START_TEST(conjugate_gradients_do_not_run_away) {
  const size_t count = test_instances(200, 1000);
  for (uint64_t seed = 0; seed < count; seed++) {
    static singular s;
    gd_solve_result result;
    make_matrix(&s, seed, true);
    check_consistent(gd_conjugate_gradient_solve, &s, seed);
    make_inconsistent(&s, seed);
    ck_assert_int_eq(solve(gd_conjugate_gradient_solve, &s, NULL, &result), GD_NOT_CONVERGED);
    ck_assert(result.stop == GD_SOLVE_INDEFINITE || result.stop == GD_SOLVE_STALLED);
    gd_operator_destroy(s.op);
  }
}
END_TEST

/* A = (1, 1, 1)(1, 1, 1)': the range is along (1, 1, 1), so (1, 2, 3) keeps (-1, 0, 1), and x has the sum 2. */
START_TEST(comes_as_near_as_a_matrix_of_ones_lets_it) {
  const double A[] = {1, 1, 1, 1, 1, 1, 1, 1, 1}, b[] = {1, 2, 3};
  double x[] = {0, 0, 0};
  gd_operator *op;
  gd_solve_result result;
  assert_ok(gd_operator_dense(&op, 3, 3, A, 3, NULL));
  ck_assert_int_eq(gd_gmres_solve(op, b, x, NULL, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
  assert_close(result.residual, sqrt(2), 1e-15, 0);
  assert_close(x[0] + x[1] + x[2], 2, 1e-14, 0);
  gd_operator_destroy(op);
}
END_TEST

/* A shifts entries down to the next place, A^3 = 0.  b = (0, 0, 1) is in its range, but A b = 0: products tell nothing,
 * and x stays.  From b = (0, 1, 0) they give (0, 0, 1), which is no nearer. */
START_TEST(says_that_products_tell_nothing) {
  const double A[] = {0, 1, 0, 0, 0, 1, 0, 0, 0};
  gd_operator *op;
  gd_solve_result result;
  assert_ok(gd_operator_dense(&op, 3, 3, A, 3, NULL));
  for (size_t place = 1; place < 3; place++) {
    double b[] = {0, 0, 0}, x[] = {0, 0, 0};
    b[place] = 1;
    ck_assert_int_eq(gd_gmres_solve(op, b, x, NULL, &result), GD_NOT_CONVERGED);
    ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
    assert_close(result.residual, 1, 0, 0);
    assert_close(norm(3, x), 0, 0, 0);
  }
  gd_operator_destroy(op);
}
END_TEST

/* The preconditioner is singular too, diag(1, 1, 0): A M = diag(1, 2, 0), and b keeps its last entry. */
START_TEST(follows_a_singular_preconditioner_to_its_end) {
  const double A[] = {1, 0, 0, 0, 2, 0, 0, 0, 3}, M[] = {1, 0, 0, 0, 1, 0, 0, 0, 0}, b[] = {1, 2, 3};
  double x[] = {0, 0, 0};
  gd_operator *op;
  gd_solve_result result;
  gd_solve_options options;
  gd_solve_options_init(&options);
  assert_ok(gd_operator_dense(&op, 3, 3, A, 3, NULL));
  assert_ok(gd_operator_dense(&options.preconditioner, 3, 3, M, 3, NULL));
  ck_assert_int_eq(gd_gmres_solve(op, b, x, &options, &result), GD_NOT_CONVERGED);
  ck_assert_int_eq(result.stop, GD_SOLVE_STALLED);
  assert_close(result.residual, 3, 1e-15, 0);
  assert_close(x[0], 1, 0, 1e-14);
  assert_close(x[1], 1, 0, 1e-14);
  assert_close(x[2], 0, 0, 0);
  gd_operator_destroy(options.preconditioner);
  gd_operator_destroy(op);
}
END_TEST

TEST_SUITE("singular_systems", gmres_never_makes_a_residual_grow, conjugate_gradients_do_not_run_away,
           comes_as_near_as_a_matrix_of_ones_lets_it, says_that_products_tell_nothing,
           follows_a_singular_preconditioner_to_its_end)
