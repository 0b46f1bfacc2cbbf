/* SPDX-License-Identifier: BSD-3-Clause */
/* exponential.c -- the matrix exponential against closed forms, from tiny to large arguments. */
#include "dense/exponential.h"

#include "support/failing_memory.h"
#include "support/suite.h"

#include <gamedyn/rng.h>

static gdi_env *environment(void) {
  static gdi_env env;
  assert_ok(gdi_env_copy(&env, NULL));
  return &env;
}

/* exp(t [[0, -w], [w, 0]]) is the rotation by t w; squaring s times adds some 2^s roundings. */
START_TEST(turns_a_rotation) {
  const double A[] = {0, 3, -3, 0}, times[] = {0, 1e-9, 0.1, 1, -2, 40};
  for (size_t k = 0; k < 6; k++) {
    double E[4];
    const double angle = 3 * times[k], allowed = 1e-15 * (1 + fabs(angle));
    assert_ok(gdi_matrix_exponential(environment(), 2, times[k], A, E));
    assert_close(E[0], cos(angle), 0, allowed);
    assert_close(E[1], sin(angle), 0, allowed);
    assert_close(E[2], -sin(angle), 0, allowed);
    assert_close(E[3], cos(angle), 0, allowed);
  }
}
END_TEST

/* exp(t [[a, b], [0, d]]) = [[e^(a t), b (e^(a t) - e^(d t)) / (a - d)], [0, e^(d t)]] */
START_TEST(knows_a_triangle) {
  const double A[] = {-1, 0, 50, -2};
  for (double t = 0; t <= 8; t += 0.5) {
    double E[4];
    assert_ok(gdi_matrix_exponential(environment(), 2, t, A, E));
    assert_close(E[0], exp(-t), 1e-13, 0);
    assert_close(E[1], 0, 0, 0);
    assert_close(E[2], 50 * (exp(-t) - exp(-2 * t)), 1e-13, 1e-14);
    assert_close(E[3], exp(-2 * t), 1e-12, 0);
  }
}
END_TEST

/* N^3 = 0: I + t N + t^2 N^2 / 2, exactly. */
START_TEST(ends_with_a_nilpotent_matrix) {
  const double N[] = {0, 0, 0, 1, 0, 0, 0, 1, 0};
  double E[9];
  assert_ok(gdi_matrix_exponential(environment(), 3, 6, N, E));
  const double expected[] = {1, 0, 0, 6, 1, 0, 18, 6, 1};
  for (size_t k = 0; k < 9; k++) assert_close(E[k], expected[k], 1e-15, 0);
}
END_TEST

/* [[0, 1], [1, 0]] squared is I: exp(tA) = I cosh t + A sinh t.  Its corners have one sign, so that nothing turns. */
START_TEST(stretches_where_both_corners_have_one_sign) {
  const double A[] = {0, 1, 1, 0}, expected[] = {cosh(2), sinh(2), sinh(2), cosh(2)};
  double E[4];
  assert_ok(gdi_matrix_exponential(environment(), 2, 2, A, E));
  for (size_t k = 0; k < 4; k++) assert_close(E[k], expected[k], 1e-14, 0);
}
END_TEST

/* exp(A) exp(-A) = I for random matrices; det exp(A) = exp(trace A), here of 2 by 2 ones. */
START_TEST(undoes_itself_and_has_the_right_determinant) {
  for (uint64_t seed = 0; seed < 1000; seed++) {
    double A[4], E[4], F[4];
    gd_rng rng = gd_rng_make(seed, 0);
    gd_rng_fill_normal(&rng, 4, A);
    assert_ok(gdi_matrix_exponential(environment(), 2, 1, A, E));
    assert_ok(gdi_matrix_exponential(environment(), 2, -1, A, F));
    const double size =
        (fabs(E[0]) + fabs(E[1]) + fabs(E[2]) + fabs(E[3])) * (fabs(F[0]) + fabs(F[1]) + fabs(F[2]) + fabs(F[3]));
    assert_close(E[0] * F[0] + E[2] * F[1], 1, 0, 2e-15 * size);
    assert_close(E[1] * F[0] + E[3] * F[1], 0, 0, 2e-15 * size);
    assert_close(E[0] * E[3] - E[1] * E[2], exp(A[0] + A[3]), 0,
                 2e-15 * (fabs(E[0] * E[3]) + fabs(E[1] * E[2])) + 1e-14 * exp(A[0] + A[3]));
  }
}
END_TEST

static gd_status attempt(const gd_env *env, void *argument) {
  const double A[] = {1, 2, 3, 4};
  double E[4];
  gdi_env own;
  (void)argument;
  assert_ok(gdi_env_copy(&own, env));
  return gdi_matrix_exponential(&own, 2, 1, A, E);
}

START_TEST(survives_every_refused_allocation) { ck_assert_uint_eq(refuse_each_allocation(attempt, NULL), 2); }
END_TEST

TEST_SUITE("exponential", turns_a_rotation, knows_a_triangle, ends_with_a_nilpotent_matrix,
           stretches_where_both_corners_have_one_sign, undoes_itself_and_has_the_right_determinant,
           survives_every_refused_allocation)
