/* SPDX-License-Identifier: BSD-3-Clause */
/* sheared.c -- transient growth of matrices whose entries are far larger than their eigenvalues, against closed forms.
 */
#include <gamedyn/nonnormal.h>

#include "support/suite.h"

#include <float.h>

enum { MOST = 6 };

typedef gd_status grow(gd_operator *op, const gd_growth_options *options, gd_growth *growth);

static gd_status growth_of(grow *how, size_t n, const double *A, gd_growth *found) {
  gd_operator *op = NULL;
  assert_ok(gd_operator_dense(&op, n, n, A, n, NULL));
  const gd_status status = how(op, NULL, found);
  gd_operator_destroy(op);
  return status;
}

/* |E|_2 by the power method on E'E; columns first scaled, as entries go up to 1e40. */
static double norm_of(size_t n, const double *E) {
  double x[MOST], y[MOST], size = 0, value = 0;
  for (size_t k = 0; k < n * n; k++) size = fmax(size, fabs(E[k]));
  for (size_t k = 0; k < n; k++) x[k] = 1;
  for (int pass = 0; pass < 1000; pass++) {
    double length = 0;
    for (size_t i = 0; i < n; i++) {
      y[i] = 0;
      for (size_t j = 0; j < n; j++) y[i] += E[i + j * n] / size * x[j];
    }
    for (size_t j = 0; j < n; j++) {
      x[j] = 0;
      for (size_t i = 0; i < n; i++) x[j] += E[i + j * n] / size * y[i];
      length += x[j] * x[j];
    }
    length = sqrt(length);
    for (size_t j = 0; j < n; j++) x[j] /= length;
    if (fabs(length - value) <= 1e-15 * length) break;
    value = length;
  }
  return size * sqrt(value);
}

/* A family of matrices A(shear) whose exponential has a closed form. */
typedef struct family {
  size_t n;
  void (*matrix)(double shear, double *A);
  void (*exponential)(double shear, double t, double *E);
  double end; /* after this time nothing is as large */
} family;

/* A(i, j) of a packed matrix n by n */
#define AT(n, i, j) [(i) + (j) * (n)]

/* [[-1, s], [0, -2]], and the same with its variables in the other order */
static void triangle(double s, double *A) {
  const double T[4] = {-1, 0, s, -2};
  memcpy(A, T, sizeof T);
}

static void triangle_exponential(double s, double t, double *E) {
  const double T[4] = {exp(-t), 0, s * (exp(-t) - exp(-2 * t)), exp(-2 * t)};
  memcpy(E, T, sizeof T);
}

static void swapped(double s, double *A) {
  const double T[4] = {-2, s, 0, -1};
  memcpy(A, T, sizeof T);
}

static void swapped_exponential(double s, double t, double *E) {
  const double T[4] = {exp(-2 * t), s * (exp(-t) - exp(-2 * t)), 0, exp(-t)};
  memcpy(E, T, sizeof T);
}

/* -I + s N, N a Jordan block of size 5 at 0: e^-t (s t)^k / k! on the k-th diagonal above. */
static void jordan(double s, double *A) {
  memset(A, 0, 25 * sizeof *A);
  for (size_t k = 0; k < 5; k++) A AT(5, k, k) = -1;
  for (size_t k = 0; k < 4; k++) A AT(5, k, k + 1) = s;
}

static void jordan_exponential(double s, double t, double *E) {
  memset(E, 0, 25 * sizeof *E);
  for (size_t j = 0; j < 5; j++)
    for (size_t i = 0; i <= j; i++) E AT(5, i, j) = exp(-t) * pow(s * t, (double)(j - i)) / tgamma((double)(j - i) + 1);
}

/* [[-1, s, s^2], [0, -2, s], [0, 0, -3]] = S B S^-1, S = diag(1, 1/s, 1/s^2) and B with ones above its diagonal, whose
 * exponential has divided differences of e^x at -1, -2, -3 there. */
static void three(double s, double *A) {
  const double T[9] = {-1, 0, 0, s, -2, 0, s * s, s, -3};
  memcpy(A, T, sizeof T);
}

static void three_exponential(double s, double t, double *E) {
  const double a = exp(-t), b = exp(-2 * t), c = exp(-3 * t);
  const double T[9] = {a, 0, 0, s * (a - b), b, 0, s * s * ((a - c) / 2 + (a - 2 * b + c) / 2), s * (b - c), c};
  memcpy(E, T, sizeof T);
}

/* [[K, s I], [0, K]], K = [[-1, 1], [-1, -1]]: e^-t [[R, s t R], [0, R]], R the rotation by t; a pair of pairs. */
static void turning(double s, double *A) {
  memset(A, 0, 16 * sizeof *A);
  for (size_t k = 0; k < 4; k++) A AT(4, k, k) = -1;
  A AT(4, 0, 1) = A AT(4, 2, 3) = 1;
  A AT(4, 1, 0) = A AT(4, 3, 2) = -1;
  A AT(4, 0, 2) = A AT(4, 1, 3) = s;
}

static void turning_exponential(double s, double t, double *E) {
  const double R[4] = {exp(-t) * cos(t), -exp(-t) * sin(t), exp(-t) * sin(t), exp(-t) * cos(t)};
  memset(E, 0, 16 * sizeof *E);
  for (size_t j = 0; j < 2; j++)
    for (size_t i = 0; i < 2; i++) {
      E AT(4, i, j) = E AT(4, i + 2, j + 2) = R[i + 2 * j];
      E AT(4, i, j + 2) = s * t * R[i + 2 * j];
    }
}

static const family families[] = {{2, triangle, triangle_exponential, 4},
                                  {2, swapped, swapped_exponential, 4},
                                  {5, jordan, jordan_exponential, 12},
                                  {3, three, three_exponential, 6},
                                  {4, turning, turning_exponential, 6}};

/* The largest |exp(t A)|, to (1e-3)^2 of it: near its top it is smooth on the scale of 1. */
static double largest_of(const family *it, double shear) {
  double E[MOST * MOST], largest = 1;
  for (double t = 0; t < it->end; t += 1e-3) {
    it->exponential(shear, t, E);
    largest = fmax(largest, norm_of(it->n, E));
  }
  return largest;
}

/* However strong the shear, the value is that of the time named, and the bracket is as narrow as asked for. */
START_TEST(brackets_the_growth_of_a_sheared_flow) {
  for (size_t k = 0; k < sizeof families / sizeof *families; k++)
    for (double shear = 10; shear < 1e9; shear *= 10) {
      const family *it = families + k;
      double A[MOST * MOST], E[MOST * MOST];
      gd_growth found;
      it->matrix(shear, A);
      assert_ok(growth_of(gd_flow_growth, it->n, A, &found));
      it->exponential(shear, found.at, E);
      assert_close(found.largest, norm_of(it->n, E), 1e-11, 0);
      const double exact = largest_of(it, shear);
      ck_assert_double_le(found.largest, exact * (1 + 1e-5));
      ck_assert_double_le(exact, found.bound * (1 + 1e-12));
      ck_assert_double_le(found.bound, found.largest * 1.01 * (1 + 1e-12));
    }
}
END_TEST

START_TEST(is_not_misled_by_the_strongest_shear_of_all) {
  for (double shear = 1e9; shear < 1e18; shear *= 1000) {
    double A[4], E[4];
    gd_growth found;
    triangle(shear, A);
    assert_ok(growth_of(gd_flow_growth, 2, A, &found));
    triangle_exponential(shear, found.at, E);
    assert_close(found.largest, norm_of(2, E), 1e-11, 0);
    assert_close(found.largest, largest_of(families, shear), 0.01, 0);
  }
}
END_TEST

/* The same triangle, turned by 45 degrees and rounded: its eigenvalues are then known to eps s^2 and no better.  Where
 * that leaves an answer, it is right; where it leaves none, that is said, and the bracket is true.  Never is it said
 * for sure that the flow grows for ever. */
START_TEST(says_where_rounding_decides) {
  size_t decided = 0, undecided = 0;
  for (double shear = 10; shear < 1e18; shear *= 10) {
    const double a = -1.5, b = shear / 2, c = 0.5; /* Q T Q' = [[a + b, b + c], [c - b, a - b]] */
    const double A[4] = {a - b, -b + c, b + c, a + b};
    gd_growth found;
    const gd_status status = growth_of(gd_flow_growth, 2, A, &found);
    const double exact = largest_of(families, shear);
    ck_assert_double_le(found.largest, exact * 1.01);
    ck_assert_double_le(exact, found.bound * 1.01);
    if (status == GD_OK) assert_close(found.largest, exact, 0.01, 0);
    if (status == GD_NOT_CONVERGED) ck_assert(isinf(found.bound));
    decided += status == GD_OK;
    undecided += status == GD_NOT_CONVERGED;
  }
  ck_assert_uint_eq(decided + undecided, 17);
  ck_assert_uint_ge(decided, 6);   /* eps s^2 is 1e-2 at s = 1e7 */
  ck_assert_uint_ge(undecided, 8); /* and more than 1, the eigenvalues themselves, beyond 1e8 */
}
END_TEST

/* Entries of a triangle are eigenvalues, whatever stands above them. */
START_TEST(knows_what_grows_for_ever_beside_a_shear) {
  const double grows[] = {0.01, 0, 1e14, -1}, leaves[] = {1.01, 0, 1e14, 0.5};
  gd_growth found;
  assert_ok(growth_of(gd_flow_growth, 2, grows, &found));
  ck_assert(isinf(found.largest));
  assert_ok(growth_of(gd_step_growth, 2, leaves, &found));
  ck_assert(isinf(found.largest));
}
END_TEST

/* M = [[0.9, s], [0, 0.8]]: M^k = [[0.9^k, 10 s (0.9^k - 0.8^k)], [0, 0.8^k]]; and M turned by 45 degrees. */
START_TEST(counts_sheared_steps) {
  for (double shear = 10; shear < 1e18; shear *= 10) {
    const double M[4] = {0.9, 0, shear, 0.8}, b = shear / 2;
    const double turned[4] = {0.85 - b, 0.05 - b, b + 0.05, 0.85 + b};
    double exact = 1, E[4] = {1, 0, 0, 1};
    size_t at = 0;
    for (size_t k = 1; k < 200; k++) {
      const double p = pow(0.9, (double)k), q = pow(0.8, (double)k);
      E[0] = p, E[2] = 10 * shear * (p - q), E[3] = q;
      if (norm_of(2, E) <= exact) continue;
      exact = norm_of(2, E);
      at = k;
    }
    gd_growth found;
    assert_ok(growth_of(gd_step_growth, 2, M, &found));
    assert_close(found.largest, exact, 1e-12, 0);
    assert_close(found.at, (double)at, 0, 0);
    const gd_status status = growth_of(gd_step_growth, 2, turned, &found);
    if (shear <= 1e5) assert_ok(status);
    if (status == GD_OK) assert_close(found.largest, exact, 0.01, 0); /* eps s^2 is 2e-6 at s = 1e5 */
    if (status == GD_NOT_CONVERGED) ck_assert(found.largest == 1 && isinf(found.bound));
  }
}
END_TEST

TEST_SUITE("sheared", brackets_the_growth_of_a_sheared_flow, is_not_misled_by_the_strongest_shear_of_all,
           says_where_rounding_decides, knows_what_grows_for_ever_beside_a_shear, counts_sheared_steps)
